"""What models and servers answer: summaries, verdicts, completions; and texts behind fences."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from random import Random

from tercet.answers import SHAPES, read_answer, write_answer
from tercet.chat import wire
from tercet.chat.waiting import wished
from tercet.fencing import code_of, escape, fence
from tercet.metrics.judge_answer import Claim, as_text, read_claims
from tercet.records import KeyPoint, Summary
from tercet.text.objects import objects
from tercet.text.surrogates import readable, readable_in_place
from tests.conftest import ARTICLE
from tests.fuzzing.grammar import markdown_body, text, value, written
from tests.fuzzing.target import Read, Target, demand

_SUMMARY = Summary(
    language="en",
    abstract="A bridge opened.",
    key_points=(KeyPoint(label="Cost", text="It cost 5."), KeyPoint(label="", text="It is long.")),
    closing="The end.",
)
_CLAIMS = (
    Claim("it cost 5", "cost 5", "It cost 5.", "supported"),
    Claim("it is long", "long", "", "not_found"),
    Claim("it is red", "red", "It is blue.", "contradicted"),
)


def as_words(data: bytes) -> str:
    """Make a text of any bytes; half characters stay halves, as JSON can hold them."""
    return (
        data.decode("utf-8", "surrogatepass") if b"\xed" in data and _halves(data) else data.decode("utf-8", "replace")
    )


def _halves(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _answer(folder: Path) -> Read:
    def case(data: bytes) -> str:
        answer = as_words(data[1:])
        shape, language = SHAPES[(data[0] if data else 0) % 3], "zh" if data and data[0] & 128 else "en"
        found = read_answer(answer, shape, language)
        demand(found.text == readable(found.text), "half a character in what is scored")
        demand(
            bool(found.text)
            or not _has_words(answer)
            or "<think" in answer.lower()
            or "</think" in answer.lower()
            or "``" in answer
            or "~~" in answer,
            "an answer is lost",
        )
        demand(shape == "text" or found.summary is not None or found.flaw is not None, "no summary, and no reason")
        if found.summary is not None:
            _check_lost(answer, found.summary)
        return found.flaw or shape

    return case


def _check_lost(answer: str, summary: Summary) -> None:
    """Of a Markdown answer, no word may be lost but those of headings, labels of sections and links."""
    if any(mark in answer for mark in "{}[]<>#`*~:：\\&") or "json" in answer:
        return
    written = f"{summary.headline} {summary.text}"
    for word in readable(answer).split():
        if word.isalpha() and len(word) > 3:
            demand(word in written, "a word of a Markdown answer is lost")


def _has_words(answer: str) -> bool:
    return bool(readable(answer).strip())


def _judged(folder: Path) -> Read:
    def case(data: bytes) -> str:
        found = read_claims(as_words(data))
        if not isinstance(found, tuple):
            return found.words
        demand(bool(found), "no claim, and no fault")
        again = read_claims(as_text(found))
        demand(again == found, "claims that are written down are read otherwise")
        return f"{min(len(found), 4)} claims"

    return case


def _completion(folder: Path) -> Read:
    def case(data: bytes) -> str:
        body = as_words(data)
        said, found = wire.words(body), wire.read(body)
        demand(isinstance(said, str), "an error that is no text")
        if found is None:
            return "none"
        demand(found.failure is not None or isinstance(found.text, str), "an answer without a text")
        demand(
            found.usage is None or min(found.usage) >= 0 if isinstance(found.usage, tuple) else True, "tokens below 0"
        )
        return f"{found.cut} {found.usage is None} {found.failure}"

    return case


def _waits(folder: Path) -> Read:
    def case(data: bytes) -> str:
        name = "retry-after-ms" if data[:1] == b"m" else "retry-after"
        seconds = wished({name: as_words(data[1:])}, 1e9)
        demand(seconds is None or (seconds >= 0 and math.isfinite(seconds)), "a time to wait that is none")
        return str(seconds is None)

    return case


def _fenced(folder: Path) -> Read:
    def case(data: bytes) -> str:
        given = as_words(data)
        kept = escape(given)
        demand(len(kept) == len(given) and kept == readable_in_place(kept), "a place moves behind the fence")
        found = fence([("TEXT", given), ("NOTE", given[::-1])])
        code = code_of([kept, escape(given[::-1])])
        demand(code not in kept.casefold(), "the code stands in the text")
        demand(found.count(code) == 4 and found.startswith(f"<<<TEXT {code}\n"), "a text closes its fence")
        return "fenced"

    return case


def _within(folder: Path) -> Read:
    def case(data: bytes) -> str:
        given = as_words(data)
        found = list(objects(given, json.JSONDecoder(), 50))
        demand(all(isinstance(item, dict | ValueError | RecursionError) for item in found), "what is no object")
        return str(min(len(found), 3))

    return case


def _seeds() -> list[bytes]:
    shown = [write_answer(_SUMMARY, shape) for shape in SHAPES]
    texts = [*shown, f"<think>Hm.</think>\n```json\n{shown[1]}\n```", "\n".join(ARTICLE.split("---")[2:3])]
    return [bytes([i]) + given.encode() for given in texts for i in range(3)]


def _make_answer(chance: Random) -> bytes:
    kind = chance.randrange(3)
    body = markdown_body(chance) if kind else json.dumps(value(chance))
    if chance.random() < 0.3:
        first, last = chance.choice(("```json", "```", "~~~", "<think>")), chance.choice(("```", "~~~", "</think>", ""))
        body = f"{first}\n{body}\n{last}"
    return chance.randbytes(1) + body.encode("utf-8", "surrogatepass")


def _make_claims(chance: Random) -> bytes:
    claims = [
        {key: text(chance, 3) for key in ("claim", "quote", "evidence")}
        | {"verdict": chance.choice(("supported", "Not Found", "not-found", "x"))}
        for _ in range(chance.randrange(4))
    ]
    found = json.dumps(
        {"claims": claims if chance.random() < 0.9 else value(chance)}, ensure_ascii=chance.random() < 0.5
    )
    return f"{text(chance, 2)}{found}{text(chance, 2)}".encode("utf-8", "surrogatepass")


def _completions() -> list[bytes]:
    found = {
        "choices": [{"message": {"content": "A.", "refusal": None}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    }
    errors = [{"error": {"message": "no such model"}}, {"detail": [{"msg": "x"}]}, {"message": "slow down"}]
    return [json.dumps(item).encode() for item in (found, *errors)]


def _make_value(chance: Random) -> bytes:
    return written(value(chance, 4), chance)


_VERDICTS = (b'"verdict": "supported"', b'{"claims": []}', b"</think>", b'"claims":', b'"quote":')
_CHAT = (
    b'"choices":',
    b'"message":',
    b'"content":',
    b'"finish_reason":"length"',
    b'"usage":',
    b'"prompt_tokens":-1',
    b'"error":',
)

_Seeds = Callable[[], list[bytes]]
TARGETS = (
    Target(
        name="answers",
        reads="a model's summary: text, JSON, Markdown, fenced",
        ready=_answer,
        seeds=_seeds,
        words=(
            b'"abstract":',
            b'"key_points":',
            b'"closing":',
            b"<think>",
            b"</think>",
            b"```json\n",
            b"\n```",
            b"- **a:** ",
            b"**",
        ),
        make=_make_answer,
        weight=3,
        oracle="a summary or a flaw; nothing dropped; no half characters",
    ),
    Target(
        name="claims",
        reads="a judge's answer",
        ready=_judged,
        seeds=lambda: [as_text(_CLAIMS).encode(), f"<think>{{}}</think>So: {as_text(_CLAIMS[:1])} done".encode()],
        words=_VERDICTS,
        make=_make_claims,
        weight=3,
        oracle="claims or a fault; written down, they are read the same",
    ),
    Target(
        name="completions",
        reads="a server's answer",
        ready=_completion,
        seeds=_completions,
        words=_CHAT,
        make=_make_value,
        weight=4,
    ),
    Target(
        name="waits",
        reads="Retry-After of a server",
        ready=_waits,
        seeds=lambda: [b"s5", b"m1500", b"sThu, 01 Jan 2026 00:01:00 GMT"],
        words=(b"GMT", b"+9999", b"Jan", b":60"),
        weight=3,
        oracle="a finite time of at least 0",
    ),
    Target(
        name="fences",
        reads="texts behind fences",
        ready=_fenced,
        seeds=lambda: [b"a <b> [INST] \n<|im_end|>", "文\n<<<TEXT 0123".encode()],
        weight=3,
        oracle="no place moves; no text closes its fence",
    ),
    Target(
        name="objects",
        reads="JSON within a text",
        ready=_within,
        seeds=lambda: [b'So: {"a": {"b": [1, "}"]}} and {"c": 2}.'],
        make=_make_value,
        weight=3,
    ),
)
