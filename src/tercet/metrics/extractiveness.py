"""Extractiveness: how much of a summary is copied out of its source. It is no evidence of truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Self

from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, Unscored, measure_each, ratio, sign
from tercet.records import Evidence, Segment
from tercet.text.languages import language as lookup
from tercet.text.tokens import ngrams, tokens

_ORDERS = (1, 2, 3, 4)
# Fragments are remembered by the tokens from their first on, so that a text in a loop is looked up once.
_KEY = 32
# One character stands for each token that both have; the others of the candidate and of the source are alike.
_NOVEL, _UNUSED, _FIRST = "\x00", "\x01", 2
_MOST = 1_000_000  # Unicode has 1,114,112 characters


@dataclass(frozen=True, kw_only=True)
class Extractiveness:
    """Extractive fragments and novel n-grams of a candidate against its source, both in one language.

    This is no evidence of truth: a copied sentence with one figure changed is almost wholly extractive, and
    a true paraphrase is novel. It tells how a system writes, not whether it is right.

    Fragments are the longest runs of tokens that candidate and source share, taken greedily from the
    candidate's first token on. Tokens are words in English, and in Chinese characters, with Latin words and
    numbers whole.

    - ``coverage``: share of the candidate's tokens that stand in a fragment, from 0 to 1.
    - ``density``: mean length of the fragment that a token of the candidate stands in (0 where it is in
      none), from 0 to the candidate's length.
    - ``novelty1`` to ``novelty4``: share of the candidate's distinct n-grams that the source has not, from 0
      to 1; those that a text repeats count once.

    A corpus pools its tokens and n-grams. The paper's third number, compression, is the reciprocal of
    ``shape``'s. A candidate in another language than its source shares no tokens with it for that reason
    alone, and is unscored.

    References:
        Grusky et al., Newsroom, 2018, https://aclanthology.org/N18-1065, its Figure 3 and ``Fragments`` of
        lil-lab/newsroom. Their scan goes on behind each match, so that a longer run within is passed over
        ("a a b" against "a a a b" is "a a" and "b"); so does ours. Novelty: See et al., 2017,
        https://aclanthology.org/P17-1099, and Narayan et al., 2018, https://aclanthology.org/D18-1206, over
        distinct n-grams as the code of PreSumm and SummEval counts them.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.SOURCE})
    columns: ClassVar[tuple[str, ...]] = (
        "fragment_tokens",
        "fragment_squares",
        "tokens",
        *(f"{part}{n}" for n in _ORDERS for part in ("novel", "distinct")),
    )
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="coverage", low=0, high=1, higher_is_better=None),
        ScoreSpec(name="density", low=0, high=inf, higher_is_better=None, decimals=1),
        *(ScoreSpec(name=f"novelty{n}", low=0, high=1, higher_is_better=None, headline=n == 2) for n in _ORDERS),
    )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Count tokens in fragments, squares of their lengths, and novel n-grams."""
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        """Divide by the tokens, and novel n-grams by distinct ones."""
        above = sums[..., [0, 1, *range(3, len(self.columns), 2)]]
        return ratio(above, sums[..., [2, 2, *range(4, len(self.columns), 2)]])

    def signature(self, language: str) -> str:
        """Name the unit of tokens."""
        return sign("extractiveness", lang=language, unit=lookup(language).unit, novel="distinct", version=1)

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:  # noqa: ARG003 (there are no options)
        """Make the metric that signs with these parts."""
        return cls()

    def _one(self, segment: Segment) -> Measured | Unscored:
        if segment.source_language != segment.language:
            return Unscored("the source is in another language")
        mine, theirs = (tokens(text or "", segment.language) for text in (segment.candidate, segment.source))
        if not theirs:
            return Unscored("the source has no token")
        if len(mine) > _MOST and len(set(mine)) > _MOST:
            return Unscored(f"the candidate has over {_MOST:,} different tokens")
        lengths = fragments(mine, theirs)
        row: list[float] = [sum(lengths), sum(n * n for n in lengths), len(mine)]
        gaps = {} if mine else dict.fromkeys(("coverage", "density"), "the candidate has no token")
        for n in _ORDERS:
            own, other = ngrams(mine, n), ngrams(theirs, n)
            row += [sum(gram not in other for gram in own), len(own)]
            if not own:
                gaps[f"novelty{n}"] = f"the candidate is shorter than {n} tokens"
        empty = not (segment.candidate or "").strip()
        evidence = (Evidence(kind="empty", message="The output is empty."),) if empty else ()
        return Measured(row=row, gaps=gaps, evidence=evidence)


def fragments(candidate: Sequence[str], source: Sequence[str]) -> list[int]:
    """Find the extractive fragments of a candidate.

    Args:
        candidate: Tokens.
        source: Tokens.

    Returns:
        The fragments' lengths in tokens, in the candidate's order.

    >>> fragments("the old bridge will open in May".split(), "it will open in June ; the bridge".split())
    [1, 1, 3]
    """
    mine, theirs = _as_characters(candidate, source)
    known: dict[str, int] = {}
    found = []
    i = 0
    while i < len(mine):
        key = mine[i : i + _KEY]
        length = known.get(key)
        if length is None:
            length, farthest = _fragment(mine, theirs, i)
            if farthest < _KEY:  # what follows the key has then no say
                known[key] = length
        if length:
            found.append(length)
        i += max(length, 1)
    return found


def _as_characters(candidate: Sequence[str], source: Sequence[str]) -> tuple[str, str]:
    """Write one character for each token, so that runs of tokens are found by ``str.find``."""
    own = set(candidate)
    codes: dict[str, str] = {}
    for token in source:
        if token in own and token not in codes:
            codes[token] = chr(_FIRST + len(codes))
    return "".join(codes.get(token, _NOVEL) for token in candidate), "".join(codes.get(t, _UNUSED) for t in source)


def _fragment(mine: str, theirs: str, i: int) -> tuple[int, int]:
    """Find the fragment that begins at i.

    Returns:
        Its length, and the length of the longest shared run there. The second is longer only where the
        paper's scan, which goes on behind each match, passes that run over: a match must have held the
        run's first token again.
    """
    longest, at = 0, theirs.find(mine[i])
    while at >= 0:
        longest = _extended(mine, theirs, (i, at), longest)
        at = theirs.find(mine[i : i + longest + 1], at + 1) if i + longest < len(mine) else -1
    again = mine.find(mine[i], i + 1, i + longest)
    if again < 0:
        return longest, longest
    # Only a match that reaches its first token's next place can pass anything over; the others need no look.
    reaching = mine[i : again + 1]
    length, at = 0, theirs.find(reaching)
    while at >= 0 and length < longest:
        run = _extended(mine, theirs, (i, at), len(reaching))
        length = max(length, run)
        at = theirs.find(reaching, at + run)
    return length, longest


def _extended(mine: str, theirs: str, places: tuple[int, int], n: int) -> int:
    """Extend a match of n tokens as far as it goes."""
    i, j = places
    end = min(len(mine) - i, len(theirs) - j)
    while n < end and mine[i + n] == theirs[j + n]:
        n += 1
    return n
