"""Timing: medians of repeated runs, and a Markdown table of ratios."""

import statistics
import time
from collections.abc import Callable, Sequence


def median_seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Run something several times.

    Returns:
        The median of the wall times in seconds.
    """
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table; numbers with three digits that count."""
    print(f"| {' | '.join(head)} |")
    print(f"|---|{'---:|' * (len(head) - 1)}")
    for row in rows:
        cells = [f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row]
        print(f"| {' | '.join(cells)} |")
    print()
