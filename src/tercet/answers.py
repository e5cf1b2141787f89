"""Answers: a summary read out of what a model wrote, and written as a model should.

An answer that has not the shape that was asked for is kept as it stands, and says why: nothing is dropped,
and nothing is raised, whatever a model writes.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tercet.errors import CorpusError
from tercet.records import KeyPoint, Summary
from tercet.summaries import blocks, summary
from tercet.text.objects import objects
from tercet.text.surrogates import readable

SHAPES = ("text", "json", "markdown")

SCHEMA: dict[str, Any] = {
    "title": "summary",
    "type": "object",
    "additionalProperties": False,
    "required": ["abstract", "key_points", "closing"],
    "properties": {
        "abstract": {"type": "string"},
        "key_points": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["label", "text"],
                "properties": {"label": {"type": "string"}, "text": {"type": "string"}},
            },
        },
        "closing": {"type": "string"},
    },
}

_LONGEST = 50_000  # characters; of more no shape is read, as reading Markdown made to be slow takes seconds
_STARTS = 50  # braces that may begin the object
_THOUGHT = re.compile(r"<(think|thinking)>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</(think|thinking)>", re.IGNORECASE)
_INFO = re.compile(r"[\w+-]*", re.ASCII)  # what may stand behind an opening code fence: a language
_FENCES = ("```", "~~~")
_HEADINGS = {"zh": ("**文章摘要：**", "**要点：**", "**{}：** {}")}
_OTHER_HEADINGS = ("**Article Summary:**", "**Key Points:**", "**{}:** {}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What was read out of an answer.

    Args:
        text: What is scored.
        summary: The summary that it is the text of; None where no shape was asked for, or none was found.
        flaw: Why the answer has not the shape that was asked for, and ``text`` is the answer as it stands.
    """

    text: str
    summary: Summary | None = None
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a shape was not found, as a clause."""

    words: str


def read_answer(answer: str, shape: str, language: str) -> Parsed:
    r"""Read an answer: without the model's thoughts, a code fence around it all, and white space.

    Where the one shape that a summary can have is not found, the other one is tried: models answer so.

    Args:
        answer: As the model wrote it.
        shape: One of ``SHAPES``.
        language: That the summary is taken to be in; whether it is so is another question.

    >>> read_answer('<think>Hm.</think>\n```json\n{"abstract": "A", "key_points": []}\n```', "json", "en").text
    'A'
    >>> read_answer("A.", "json", "en").flaw
    'it holds no JSON object'
    """
    text, fault = _said(readable(answer).strip())
    if fault is not None or shape == "text":
        return Parsed(text=text, flaw=fault)
    if len(text) > _LONGEST:
        return Parsed(text=text, flaw=f"it has over {_LONGEST} characters")
    faults = []
    for read in (_from_json, _from_markdown) if shape == "json" else (_from_markdown, _from_json):
        found = read(text, language)
        if isinstance(found, Summary):
            return Parsed(text=found.text, summary=found)
        faults.append(found.words)
    return Parsed(text=text, flaw=faults[0])


def write_answer(answer: Summary, shape: str) -> str:
    """Write a summary as ``read_answer`` reads it: what a model is shown as an example.

    Args:
        answer: The summary; its headline is left out.
        shape: One of ``SHAPES``.
    """
    if shape == "json":
        points = [{"label": point.label, "text": point.text} for point in answer.key_points]
        record = {"abstract": answer.abstract, "key_points": points, "closing": answer.closing or ""}
        return json.dumps(record, ensure_ascii=False)
    if shape == "markdown" and answer.key_points:
        heading, list_heading, form = _HEADINGS.get(answer.language, _OTHER_HEADINGS)
        lines = [form.format(point.label, point.text) if point.label else point.text for point in answer.key_points]
        parts = [f"{heading}\n{answer.abstract}", "\n".join([list_heading, *(f"- {line}" for line in lines)])]
        return "\n\n".join([*parts, *([answer.closing] if answer.closing else [])])
    return answer.text


def _said(text: str) -> tuple[str, str | None]:
    """Take off what a model thought aloud first, and a code fence; tell a thought that does not end."""
    end = _THOUGHT_ENDS.search(text)
    if end is not None:
        # Some servers give the opening mark to the model, so that only the closing one is in its answer.
        begin = _THOUGHT.search(text)
        if begin is None or begin.start() == 0:
            text = text[end.end() :].strip()
    elif _THOUGHT.match(text):
        return text, "it is a thought that does not end"
    return _unfenced(text), None


def _unfenced(text: str) -> str:
    """Take off a code fence around a whole text."""
    first, _, rest = text.partition("\n")
    inside, _, last = rest.rpartition("\n")
    mark = last.strip()
    if mark not in _FENCES or not first.startswith(mark) or not _INFO.fullmatch(first[len(mark) :].strip()):
        return text
    if any(line.lstrip().startswith(mark) for line in inside.split("\n")):
        return text  # it is not one that stands around it all
    return inside.strip()


def _from_json(text: str, language: str) -> Summary | _Fault:
    fault = None
    for found in objects(text, json.JSONDecoder(object_pairs_hook=_unique, strict=False), _STARTS):
        if not isinstance(found, dict):
            fault = fault or _worded(found)
            continue
        inner = next(iter(found.values())) if len(found) == 1 else None  # {"summary": {"abstract": ...}}
        record = inner if isinstance(inner, dict) else found
        if "abstract" in record:
            return _checked(record, language)
        fault = fault or _Fault("its JSON object has no abstract")
    return fault or _Fault("it holds no JSON object" if text else "it is empty")


def _from_markdown(text: str, language: str) -> Summary | _Fault:
    try:
        found = summary([block for block in blocks(text) if block.kind != "rule"])
    except CorpusError as error:
        return _Fault(f"{error.problem[0].lower()}{error.problem[1:]}".rstrip(".") if text else "it is empty")
    return replace(found, language=language)


def _worded(error: ValueError | RecursionError) -> _Fault:
    """Say what is wrong with an object."""
    if isinstance(error, json.JSONDecodeError):
        return _Fault(f"its JSON object is not whole: {error.msg[0].lower()}{error.msg[1:]} at {error.pos}")
    return _Fault(f"its JSON object cannot be read: {str(error)[:100]}")


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands in it twice")
    return found


def _checked(found: dict[str, Any], language: str) -> Summary | _Fault:
    abstract, listed, closing = found["abstract"], found.get("key_points"), found.get("closing")
    if not isinstance(abstract, str):
        return _Fault("abstract is no text")
    if not abstract.strip():
        return _Fault("abstract is empty")
    if not isinstance(listed, list):
        return _Fault("key_points is no list")
    if not isinstance(closing, str | None):
        return _Fault("closing is no text")
    points = []
    for i, item in enumerate(listed):
        point = _key_point(item, language)
        if isinstance(point, str):
            return _Fault(f"key_points[{i}] {point}")
        points.append(point)
    return Summary(
        language=language,
        abstract=_one_line(abstract, language),
        key_points=tuple(points),
        closing=_one_line(closing or "", language) or None,
    )


def _key_point(item: Any, language: str) -> KeyPoint | str:
    """Read one key point, or say what is wrong with it."""
    if not isinstance(item, dict):
        return "is no object"
    label, text = item.get("label"), item.get("text")
    if not isinstance(label, str | None):
        return "has a label that is no text"
    if not isinstance(text, str) or not text.strip():
        return "has no text"
    # The text of a summary puts its own colon behind a label.
    return KeyPoint(label=_one_line(label or "", language).strip("*:： "), text=_one_line(text, language))


def _one_line(text: str, language: str) -> str:
    """Join the lines of a field, which is one line of a summary's text; Chinese lines meet without a space."""
    lines = (line.strip() for line in readable(text).splitlines())
    return ("" if language == "zh" else " ").join(line for line in lines if line)
