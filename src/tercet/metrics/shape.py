"""Shape: what the look of a text tells before its words are read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Self

from tercet.errors import ConfigError
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, measure_each, ratio, sign
from tercet.records import Evidence, Segment
from tercet.text.languages import language as lookup
from tercet.text.languages import script_shares
from tercet.text.tokens import ngrams, tokens

Grams = Counter[tuple[str, ...]]
_SCORES = ("length", "length_ratio", "compression", "copied", "repetition", "wrong_language", "empty")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Length, compression, copying and repetition; empty and wrong-language outputs, flagged.

    Lengths count tokens: words in English, characters in Chinese.

    - ``length``: tokens of a candidate, on average.
    - ``length_ratio``: candidate tokens for each reference token; near 1 is the reference's length.
    - ``compression``: candidate tokens for each source token, where both are in one language.
    - ``copied``: share of the candidate's n-grams that stand in the source, from 0 to 1.
    - ``repetition``: share of the candidate's n-grams that it has said before, from 0 to 1.
    - ``wrong_language``: share of candidates most of which is not in the target language's script.
    - ``empty``: share of candidates with nothing in them.

    Copying is no evidence of truth. A candidate too short for an n-gram has no share of them.

    Args:
        order: n of the n-grams, at least 1.
    """

    order: int = 3
    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = tuple(f"{name}_{part}" for name in _SCORES for part in ("sum", "base"))
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="length", low=0, high=inf, higher_is_better=None, headline=False, decimals=1),
        ScoreSpec(name="length_ratio", low=0, high=inf, higher_is_better=None, decimals=2),
        ScoreSpec(name="compression", low=0, high=inf, higher_is_better=None, headline=False),
        ScoreSpec(name="copied", low=0, high=1, higher_is_better=None, headline=False),
        ScoreSpec(name="repetition", low=0, high=1, higher_is_better=False, headline=False),
        ScoreSpec(
            name="wrong_language",
            low=0,
            high=1,
            higher_is_better=False,
            headline=False,
            warning="are not in the target language",
        ),
        ScoreSpec(name="empty", low=0, high=1, higher_is_better=False, headline=False, warning="are empty"),
    )

    def __post_init__(self) -> None:
        if self.order < 1:
            raise ConfigError(f"order is {self.order}.", "It must be at least 1.")

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take a numerator and a denominator for each score."""
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        """Divide the sums of the numerators by those of the denominators."""
        return ratio(sums[..., 0::2], sums[..., 1::2])

    def signature(self, language: str) -> str:
        """Name the unit of length and the order of the n-grams."""
        return sign("shape", lang=language, unit=lookup(language).unit, order=self.order, version=1)

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts."""
        return cls(order=int(parts["order"]))

    def _one(self, segment: Segment) -> Measured:
        text = segment.candidate or ""
        items = tokens(text, segment.language)
        source = tokens(segment.source or "", segment.language) if (segment.source or "").strip() else None
        mine = ngrams(items, self.order)
        pairs: dict[str, tuple[float, float] | str] = {
            "length": (len(items), 1),
            "length_ratio": _length_ratio(segment, items),
            "compression": _compression(segment, items, source),
            "copied": self._copied(mine, source),
            "repetition": self._repetition(mine),
            "wrong_language": _wrong_language(segment, text),
            "empty": (float(not text.strip()), 1),
        }
        row: list[float] = []
        gaps: dict[str, str] = {}
        for name in _SCORES:
            pair = pairs[name]
            if isinstance(pair, str):
                gaps[name] = pair
                pair = (0.0, 0.0)
            row.extend(pair)
        return Measured(row=row, gaps=gaps, evidence=_evidence(segment, text, pairs))

    def _copied(self, mine: Grams, source: list[str] | None) -> tuple[float, float] | str:
        if source is None:
            return Need.SOURCE.value
        if not mine:
            return f"the candidate is shorter than {self.order} tokens"
        theirs = ngrams(source, self.order)
        return sum(n for gram, n in mine.items() if gram in theirs), mine.total()

    def _repetition(self, mine: Grams) -> tuple[float, float] | str:
        if not mine:
            return f"the candidate is shorter than {self.order} tokens"
        return mine.total() - len(mine), mine.total()


def _length_ratio(segment: Segment, items: list[str]) -> tuple[float, float] | str:
    if not segment.references:
        return Need.REFERENCES.value
    lengths = [len(tokens(reference, segment.language)) for reference in segment.references]
    mean = sum(lengths) / len(lengths)
    return (len(items), mean) if mean else "the references have no token"


def _compression(segment: Segment, items: list[str], source: list[str] | None) -> tuple[float, float] | str:
    if source is None:
        return Need.SOURCE.value
    if segment.source_language != segment.language:
        return "the source is in another language"
    return (len(items), len(source)) if source else "the source has no token"


def _wrong_language(segment: Segment, text: str) -> tuple[float, float] | str:
    shares = script_shares(text)
    if not shares:
        return "the candidate has no letter"
    return float(shares[segment.language] < 0.5), 1


def _evidence(segment: Segment, text: str, pairs: Mapping[str, tuple[float, float] | str]) -> tuple[Evidence, ...]:
    if not text.strip():
        return (Evidence(kind="empty", message="The output is empty."),)
    pair = pairs["wrong_language"]
    if isinstance(pair, tuple) and pair[0]:
        name = lookup(segment.language).name
        share = script_shares(text)[segment.language]
        return (
            Evidence(
                kind="wrong_language",
                message=f"Only {share:.0%} of the text is in the script of {name}.",
                start=0,
                end=len(text),
            ),
        )
    return ()
