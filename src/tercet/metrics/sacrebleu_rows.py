"""What the metrics of sacrebleu share: its own statistics of segments."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tercet.kernels.choice import imported
from tercet.metrics.contract import Array
from tercet.records import Segment

_IMPORT_SECONDS = 0.15


def segment_statistics(metric: Any, segment: Segment) -> list[float]:
    """Take sacrebleu's statistics of a candidate against its references.

    Args:
        metric: A ``sacrebleu.metrics`` object.
        segment: With a candidate and at least one reference.

    Returns:
        The row that sacrebleu itself sums over a corpus.
    """
    references = [[reference] for reference in segment.references]
    (row,) = metric._extract_corpus_statistics([segment.candidate or ""], references)
    return [float(value) for value in row]


def library_rows(metric: Any, segments: Sequence[Segment]) -> Array:
    """Take sacrebleu's statistics of segments, one by one; (n, k)."""
    return np.array([segment_statistics(metric, segment) for segment in segments], dtype=np.float64)


def library_seconds(segments: Sequence[Segment], per_character: float) -> float:
    """Guess how long sacrebleu would take, its import included."""
    characters = sum(
        len(segment.candidate or "") + sum(len(reference) for reference in segment.references) for segment in segments
    )
    return characters * per_character + import_seconds()


def import_seconds() -> float:
    """Guess how long sacrebleu's import takes, if it is still to come."""
    return imported("sacrebleu.metrics", _IMPORT_SECONDS)
