"""What the three metrics of sacrebleu share: its own statistics of one segment."""

from typing import Any

from tercet.records import Segment


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
