"""What the judge answers: claims with their verdicts, read from what a model wrote."""

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from tercet.metrics.judge_prompt import VERDICTS
from tercet.text.objects import objects
from tercet.text.surrogates import readable

_LONGEST = 400_000  # characters; of more no claims are read
_STARTS = 1000  # braces that may begin the object
_THOUGHT = ("</think>", "</thinking>")
_KEYS = ("claim", "quote", "evidence", "verdict")


class Claim(NamedTuple):
    """One fact that the candidate states, and what the judge says of it.

    Args:
        claim: In the judge's words.
        quote: The words of the candidate that state it.
        evidence: The words of the source that decide it; empty where there are none.
        verdict: ``supported``, ``contradicted`` or ``not_found``.
    """

    claim: str
    quote: str
    evidence: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer cannot be used, in words of tercet's own: a model may be told, and no text speaks through it."""

    words: str


def read_claims(text: str) -> tuple[Claim, ...] | Fault:
    """Read the claims out of an answer, whatever stands around the JSON.

    What a model thought aloud before it (``<think>``) is passed over. An answer with two different
    lists is a fault: one of them may be copied from the texts.

    >>> read_claims('Sure: {"claims": [{"claim": "a", "quote": "a", "evidence": "b", "verdict": "Supported"}]}')
    (Claim(claim='a', quote='a', evidence='b', verdict='supported'),)
    >>> read_claims('{"claims": []}')
    Fault(words='claims is empty')
    """
    if not text.strip():
        return Fault("it is empty")
    if len(text) > _LONGEST:
        return Fault(f"it has over {_LONGEST} characters")
    lists: list[Any] = []
    thought = max(text.rfind(mark) for mark in _THOUGHT)
    for found in objects(text[max(thought, 0) :], json.JSONDecoder(), _STARTS):
        if isinstance(found, dict) and "claims" in found and found["claims"] not in lists:
            lists.append(found["claims"])
    if not lists:
        return Fault("it holds no whole JSON object with the key claims")
    if len(lists) > 1:
        return Fault("it holds several JSON objects with the key claims")
    return _checked(lists[0])


def as_text(claims: tuple[Claim, ...]) -> str:
    """Write claims down as an answer that ``read_claims`` reads."""
    return json.dumps({"claims": [claim._asdict() for claim in claims]}, ensure_ascii=False)


def _checked(listed: Any) -> tuple[Claim, ...] | Fault:
    if not isinstance(listed, list):
        return Fault("claims is no list")
    if not listed:
        return Fault("claims is empty")
    found: dict[str, Claim] = {}
    for i, item in enumerate(listed):
        claim = _claim(item)
        if isinstance(claim, str):
            return Fault(f"claims[{i}] {claim}")
        known = found.setdefault(claim.claim, claim)
        if known.verdict != claim.verdict:
            return Fault(f"claims[{i}] repeats an earlier claim with another verdict")
    return tuple(found.values())


def _claim(item: Any) -> Claim | str:
    """Read one claim, or say what is wrong with it."""
    if not isinstance(item, dict):
        return "is no object"
    for key in _KEYS:
        if not isinstance(item.get(key), str):
            return f"has no text at the key {key}"
    claim, quote, evidence, verdict = (readable(item[key]).strip() for key in _KEYS)
    verdict = re.sub(r"[\s-]+", "_", verdict.casefold())
    if not claim:
        return "has an empty claim"
    if verdict not in VERDICTS:
        return f"has a verdict that is none of {', '.join(VERDICTS)}"
    if verdict == "supported" and not evidence:
        return "is supported and quotes no evidence"
    return Claim(claim, quote, evidence, verdict)
