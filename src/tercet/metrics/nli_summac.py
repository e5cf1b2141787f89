"""SummaC: a summary's sentences against the chunks of its source, and what is made of their verdicts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tercet.encoders.aligning import nearest
from tercet.encoders.classifier import Verdict
from tercet.encoders.entailment import Entailment
from tercet.encoders.pairs import Texts
from tercet.metrics.contract import Array
from tercet.records import Evidence, Quote, Segment
from tercet.text.chunks import Piece, chunks, pieces

AGGREGATIONS: dict[str, Callable[[Array], Any]] = {"mean": np.mean, "min": np.min, "max": np.max}
_SHOWN = 300  # characters of the source in evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked of a model for one segment.

    Args:
        source: The source's text.
        chunks: Of the source.
        claims: The candidate's sentences that have a letter or a digit.
        picked: For each claim, the indices of the chunks that it is held against; as many for each.
    """

    source: str
    chunks: Sequence[Piece]
    claims: Sequence[Piece]
    picked: Sequence[tuple[int, ...]]

    @property
    def pairs(self) -> list[Texts]:
        """Chunk and claim, claim by claim."""
        return [
            (self.chunks[index].text, claim.text)
            for claim, picked in zip(self.claims, self.picked, strict=True)
            for index in picked
        ]


def task_of(segment: Segment, granularity: str, top_k: int | None) -> Task:
    """Cut a segment's texts, and pick the chunks that each sentence is held against.

    Args:
        segment: With a candidate and a source.
        granularity: Of the source.
        top_k: How many of the nearest chunks are picked; None for all.
    """
    source, theirs = segment.source or "", segment.source_language or segment.language
    parts = chunks(source, theirs, granularity)
    claims = [
        piece
        for piece in pieces(segment.candidate or "", segment.language)
        if any(character.isalnum() for character in piece.text)
    ]
    picked = [tuple(range(len(parts)))] * len(claims)
    if top_k is not None:
        texts = [claim.text for claim in claims]
        near = nearest(texts, segment.language, [part.text for part in parts], theirs, top_k)
        picked = [tuple(sorted(item.indices)) for item in near]
    return Task(source=source, chunks=parts, claims=claims, picked=picked)


def score(found: Sequence[Sequence[Verdict]], *, entailment: bool, contradiction: bool, aggregation: str) -> float:
    """Put a summary's verdicts together: the best chunk for each sentence, then all sentences.

    Args:
        found: For each sentence its verdicts, one a chunk.
        entailment: Whether support counts.
        contradiction: Whether contradiction is taken off.
        aggregation: Over sentences.

    Returns:
        From 0 to 1, or from -1 where both count; higher is better. NaN where a verdict is.

    References:
        ``SummaCZS.image2score`` of https://github.com/tingofurro/summac.
    """
    image = np.array([[verdict[:2] for verdict in row] for row in found])  # (sentences, chunks, 2)
    support, against = image.max(axis=1).T
    scores = support if entailment else np.ones_like(support)
    return float(AGGREGATIONS[aggregation](scores - against if contradiction else scores))


def evidence(task: Task, found: Sequence[Sequence[Verdict]], *, bound: float, model: Entailment) -> Iterator[Evidence]:
    """Show each sentence that no chunk entails, with the chunk that comes nearest, and what was cut.

    Args:
        task: What was asked.
        found: For each sentence its verdicts, one a chunk.
        bound: Sentences whose best entailment is below it are shown.
        model: Whose verdicts they are.
    """
    for claim, picked, row in zip(task.claims, task.picked, found, strict=True):
        best = int(np.argmax([verdict.support for verdict in row]))
        if not row[best].support < bound:
            continue
        against = max(verdict.against for verdict in row)
        message = f"Of {_counted(len(row), 'chunk')} of the source the best entails it with {row[best].support:.2f}"
        if model.head.against is not None:
            message += f", and the worst contradicts it with {against:.2f}"
        yield Evidence(
            kind="not_entailed",
            message=f"{message}.",
            start=claim.start,
            end=claim.end,
            quote=_quote(task.source, task.chunks[picked[best]]),
        )
    pairs = [pair for picked, row in zip(task.picked, found, strict=True) for pair in zip(picked, row, strict=True)]
    cut = [index for index, verdict in pairs if verdict.truncated]
    if cut:
        yield Evidence(
            kind="truncated",
            message=f"{len(cut)} of {_counted(len(pairs), 'pair')} of chunk and sentence had more than the"
            f" {model.parts['max']} tokens that the model reads; the rest was not judged.",
            quote=_quote(task.source, task.chunks[cut[0]]),
        )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _quote(source: str, piece: Piece) -> Quote:
    end = min(piece.end, piece.start + _SHOWN)
    return Quote(text=source[piece.start : end], offset=piece.start, start=piece.start, end=end)
