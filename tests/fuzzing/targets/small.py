"""Signatures, and what is made from them."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

from tercet.api import metric_from
from tercet.metrics.bleu import Bleu
from tercet.metrics.chrf import Chrf
from tercet.metrics.contract import sign
from tercet.metrics.rouge import Rouge
from tercet.metrics.ter import Ter
from tercet.signatures import differences, parse
from tests.fuzzing.grammar import text
from tests.fuzzing.target import Read, Target, demand
from tests.fuzzing.targets.answers import as_words

_METRICS = (Rouge(), Bleu(), Chrf(), Ter())


def _parsed(folder: Path) -> Read:
    def case(data: bytes) -> str:
        given = as_words(data)
        found = parse(given)
        demand(differences(given, given) == [], "a signature differs from itself")
        demand(len(found.parts) == given.count("|"), "a key stands twice in a signature, and one of its values is lost")
        again = sign(found.metric, **found.parts) if _plain(found.parts) else given
        demand(dict(parse(again).parts) == dict(found.parts), "a signature is not read back as it was written")
        return f"{min(len(found.parts), 9)} parts"

    return case


def _plain(parts: Mapping[str, str]) -> bool:
    """Half of an escape is read as it stands, and would be written as another; white space at an end does not count."""
    return all(key.isidentifier() and "%" not in value and value == value.strip() for key, value in parts.items())


def _made(folder: Path) -> Read:
    def case(data: bytes) -> str:
        metric, language = metric_from(as_words(data))
        demand(bool(metric.signature(language)), "a metric that does not sign")
        return type(metric).__name__

    return case


def _seeds() -> list[bytes]:
    return [metric.signature(code).encode() for metric in _METRICS for code in ("en", "zh")]


def _make(chance: Random) -> bytes:
    parts = {f"k{i}": text(chance, 2) for i in range(chance.randrange(5))}
    return sign(text(chance, 1), **parts).encode("utf-8", "surrogatepass")


_WORDS = (b"|", b":", b"lang:zh", b"|lang:en", b"%7C", b"%", b"%25", b"rouge", b"nrefs:var", b"none", b"yes")

TARGETS = (
    Target(
        name="signatures",
        reads="signatures",
        ready=_parsed,
        seeds=_seeds,
        words=_WORDS,
        make=_make,
        weight=4,
        oracle="equal to itself; read back as it was written",
    ),
    Target(
        name="metric_from", reads="metrics made from signatures", ready=_made, seeds=_seeds, words=_WORDS, weight=0.5
    ),
)
