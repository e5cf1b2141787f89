"""TextRank: the sentences that are most like all the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import ClassVar

from tercet.backends import Reply, Request
from tercet.backends.extractive import extract, refuse_other_than_summarizing, require_positive
from tercet.errors import ConfigError
from tercet.provenance import identity
from tercet.text.tokens import ngrams, tokens

_TOLERANCE = 1e-10


@dataclass(frozen=True, kw_only=True)
class TextRank:
    """Rank sentences by PageRank over their similarity, and take the best in the text's order.

    Similarity is the number of shared tokens (Chinese: character pairs) over the sum of the
    logarithms of the lengths. PageRank is rustworkx's.

    Args:
        sentences: How many, at least 1.
        damping: PageRank's damping factor, in (0, 1).

    References:
        Mihalcea and Tarau, TextRank: Bringing Order into Texts, EMNLP 2004,
        https://aclanthology.org/W04-3252
    """

    sentences: int = 3
    damping: float = 0.85
    reads: ClassVar[frozenset[str]] = frozenset({"text"})
    bound: ClassVar[str | None] = None
    cacheable: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_positive("sentences", self.sentences)
        if not 0 < self.damping < 1:
            raise ConfigError(f"damping is {self.damping}.", "It must lie between 0 and 1.")

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Serve summaries within one language only."""
        return refuse_other_than_summarizing("textrank", role, source, target)

    def identity(self) -> str:
        """Options, code and libraries decide."""
        return identity(self, "sentencex", "rustworkx")

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answer with the best-ranked sentences; equal ranks fall to the earlier one."""
        yield from extract(requests, self._pick)

    def _pick(self, parts: list[str], request: Request) -> list[int]:
        import rustworkx

        size = 2 if request.source_language == "zh" else 1
        bags = [set(ngrams(tokens(part, request.source_language), size)) for part in parts]
        graph = rustworkx.PyDiGraph()
        graph.add_nodes_from(range(len(parts)))
        for i, left in enumerate(bags):
            for j, right in enumerate(bags[:i]):
                weight = _similarity(len(left & right), len(left), len(right))
                if weight > 0:
                    graph.add_edge(i, j, weight)
                    graph.add_edge(j, i, weight)
        # Each iteration shrinks the change by the damping factor: so many are always enough.
        most = ceil(log(_TOLERANCE / 2) / log(self.damping)) + 1
        ranks = rustworkx.pagerank(graph, alpha=self.damping, weight_fn=float, tol=_TOLERANCE, max_iter=most)
        # Rounded, so that sentences of equal rank do not swap places by the last bit of a float.
        order = sorted(range(len(parts)), key=lambda i: (-round(ranks[i], 9), i))
        return order[: self.sentences]


def _similarity(shared: int, left: int, right: int) -> float:
    scale = log(left) + log(right) if left and right else 0.0
    return shared / scale if scale > 0 else 0.0
