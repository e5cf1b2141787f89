"""The oracle: what picking sentences could reach at best."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tercet.backends import Reply, Request
from tercet.backends.extractive import extract, refuse_other_than_summarizing, require_positive
from tercet.provenance import identity
from tercet.text.tokens import ngrams, tokens


@dataclass(frozen=True, kw_only=True)
class Oracle:
    """Add, one by one, the sentence that most raises ROUGE-1 plus ROUGE-2 against the reference.

    It looks at the reference, so that it is an upper bound and no system: leaderboards set it apart
    and a gate never counts it.

    Args:
        sentences: How many at most, at least 1.

    References:
        Nallapati, Zhai and Zhou, SummaRuNNer, AAAI 2017, https://arxiv.org/abs/1611.04230
    """

    sentences: int = 3
    reads: ClassVar[frozenset[str]] = frozenset({"text", "references"})
    bound: ClassVar[str | None] = "upper"
    cacheable: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_positive("sentences", self.sentences)

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Serve summaries within one language only."""
        return refuse_other_than_summarizing("oracle", role, source, target)

    def identity(self) -> str:
        """Options, code and libraries decide."""
        return identity(self, "sentencex")

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answer with the greedy choice; a request without a reference fails."""
        for index, request in enumerate(requests):
            if request.references:
                yield index, next(extract([request], self._pick))[1]
            else:
                code = request.source_language
                yield index, Reply(failure=f"the oracle needs a reference in '{code}', and the article has none")

    def _pick(self, parts: list[str], request: Request) -> list[int]:
        code = request.source_language
        wanted = [_bags(tokens(text, code)) for text in request.references]
        cut = [tokens(part, code) for part in parts]
        chosen: list[int] = []
        best = 0.0
        while len(chosen) < min(self.sentences, len(parts)):
            gains = {
                i: max(_overlap(_bags(_joined(cut, [*chosen, i])), bags) for bags in wanted)
                for i in range(len(parts))
                if i not in chosen
            }
            leader = max(gains, key=lambda i: (gains[i], -i))
            if gains[leader] <= best:
                break
            best = gains[leader]
            chosen.append(leader)
        return chosen


Bags = tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]


def _joined(cut: list[list[str]], chosen: list[int]) -> list[str]:
    return [token for i in sorted(chosen) for token in cut[i]]


def _bags(items: list[str]) -> Bags:
    return ngrams(items, 1), ngrams(items, 2)


def _overlap(left: Bags, right: Bags) -> float:
    """ROUGE-1 F plus ROUGE-2 F, from 0 to 2."""
    total = 0.0
    for mine, theirs in zip(left, right, strict=True):
        size = mine.total() + theirs.total()
        total += 2 * (mine & theirs).total() / size if size else 0.0
    return total
