"""Signatures: everything that fixes a score, in one line that can be read back and compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import unquote

from tercet.errors import MetricError, NotComparableError


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature, read.

    Args:
        metric: The metric's name.
        parts: Everything else by key, in order; ``lang`` is the language.
    """

    metric: str
    parts: Mapping[str, str]


def parse(text: str) -> Signature:
    """Read a signature.

    Raises:
        MetricError: It is none.

    >>> parse("rouge|lang:en|stem:no|lsum:lines,else:sentencex-1").parts["lsum"]
    'lines,else:sentencex-1'
    """
    metric, *rest = text.strip().split("|")
    pairs = [part.partition(":") for part in rest]
    once = len({key for key, _, _ in pairs}) == len(pairs)
    if not metric or not pairs or not once or not all(key and colon for key, colon, _ in pairs):
        raise MetricError(
            f"'{text}' is no signature.",
            "Expected metric|key:value|..., each key once, as it stands beside every score.",
        )
    return Signature(metric, MappingProxyType({key: unquote(value) for key, _, value in pairs}))


def differences(one: str, other: str) -> list[str]:
    """Name what two signatures differ in; nothing where their scores can be compared.

    >>> differences("bleu|lang:zh|tok:zh", "bleu|lang:zh|tok:13a")
    ['tok: zh against 13a']
    """
    if one == other:
        return []
    try:
        left, right = parse(one), parse(other)
    except MetricError:  # a user's metric may sign as it likes
        return [f"signature: '{one}' against '{other}'"]
    found = [] if left.metric == right.metric else [f"metric: {left.metric} against {right.metric}"]
    for key in dict.fromkeys([*left.parts, *right.parts]):
        mine, theirs = left.parts.get(key, "nothing"), right.parts.get(key, "nothing")
        if mine != theirs:
            found.append(f"{key}: {mine} against {theirs}")
    return found


def check_comparable(one: str, other: str) -> None:
    """Refuse to compare scores that were not made in the same way.

    Args:
        one: A signature.
        other: Another.

    Raises:
        NotComparableError: They differ; the error names in what.
    """
    found = differences(one, other)
    if found:
        raise NotComparableError(
            f"The scores cannot be compared: {'; '.join(found)}.", "Score both with the same options and versions."
        )
