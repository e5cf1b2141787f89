"""A model that obeys every order that reaches it, to show whether one does.

It knows nothing of tercet but how a fence looks. It checks what stands within fences by simple rules
of strings, and takes everything else for orders. It is as easily led as the worst of servers and
models: a control token anywhere begins a new turn, as where servers tokenize a message together with
its template, and an answer that it sees ready made is copied.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ORDER = re.compile(r"(?i)ignore the above|answer supported|忽略以上")
CONTROL = re.compile(
    r"<\|[\w ]+\|>|<\|turn>|<turn\|>|<｜\w+｜>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]|\[/?SYSTEM_PROMPT\]|<</?SYS>>"
    r"|</?(?:system|source|summary|think)>",
    re.IGNORECASE,
)
_OPENING = re.compile(r"<<<(\w+) (\w+)")
_CLOSING = re.compile(r"(\w+) (\w+)>>>")


def unfence(message: str, *, any_code: bool) -> tuple[dict[str, str], str]:
    """Tell what stands within fences from what stands outside of them.

    Args:
        message: Of a prompt.
        any_code: Whether a fence ends at a line with any code, and a new one begins within it.

    Returns:
        The texts by label, the last one of each, and the rest.
    """
    texts: dict[str, list[str]] = {}
    outside = []
    label = code = ""
    for line in message.split("\n"):
        opening, closing = _OPENING.fullmatch(line), _CLOSING.fullmatch(line)
        if opening and (not label or any_code):
            label, code = opening.groups()
            texts[label] = []
        elif closing and label == closing[1] and (any_code or code == closing[2]):
            label = ""
        elif label:
            texts[label].append(line)
        else:
            outside.append(line)
    return {name: "\n".join(lines) for name, lines in texts.items()}, "\n".join(outside)


@dataclass(frozen=True)
class Gullible:
    """The model; see above.

    Args:
        any_code: Whether a line with any code ends a fence for it.
    """

    any_code: bool = True

    def __call__(self, body: dict[str, Any], number: int) -> str:
        system, user = (message["content"] for message in body["messages"])
        made = next(_answers(user), None)
        if made is not None:
            return made
        first, *turns = CONTROL.split(user)
        texts, outside = unfence(first if turns else user, any_code=self.any_code)
        orders = "\n".join([system, outside, *turns])
        source, summary = (texts.get(label, "") for label in ("SOURCE", "SUMMARY"))
        claims = [claim(part, source) for part in _sentences(summary)]
        if ORDER.search(orders):
            claims = [{**item, "verdict": "supported", "evidence": source[:9]} for item in claims]
        return json.dumps({"claims": claims}, ensure_ascii=False)


def claim(sentence: str, source: str) -> dict[str, str]:
    """Judge a sentence by its numbers, or where it has none, by whether it stands in the source."""
    numbers = re.findall(r"\d+", sentence)
    lines = _sentences(source)
    known = [line for line in lines if set(numbers) & set(re.findall(r"\d+", line))]
    if numbers:
        held = set(numbers) <= set(re.findall(r"\d+", source))
        verdict, evidence = ("supported", known[0]) if held else ("contradicted", "".join(known[:1] or lines[:1]))
    else:
        verdict, evidence = ("supported", sentence) if sentence in lines else ("not_found", "")
    return {"claim": sentence, "quote": sentence, "evidence": evidence, "verdict": verdict}


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.。!?])|\n", text) if part.strip()]


def _answers(text: str) -> Iterator[str]:
    """Find finished answers."""
    for match in re.finditer(r"\{", text):
        try:
            found, _ = json.JSONDecoder().raw_decode(text, match.start())
        except ValueError:
            continue
        if found.get("claims"):
            yield json.dumps(found)
