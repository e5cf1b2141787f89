"""Whether `keypoints` tells covered points from missed ones: the evidence behind its two bounds.

Each key point of the sample corpus's references is checked against texts that have it (the source; the
reference in the other language) and against texts that have it not (a reference that it was taken out of).
Bounds are chosen on half of the articles and judged on the others, in 200 splits, whose spread is the
interval; the bounds that are the defaults are judged on all. Run: ``python -m benchmarks.keypoints``.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from benchmarks.clock import print_table
from tercet.corpora.sample import Sample
from tercet.facts import Finding, check
from tercet.metrics.keypoints import Keypoints, nearness
from tercet.records import Article

_SPLITS = 200
SHARES = [i / 20 for i in range(4, 20)]
COSINES = [i / 100 for i in range(30, 60)]


class Trial(NamedTuple):
    """A point against a text.

    Args:
        article: The point's.
        across: Whether the text is in another language than the point.
        covered: Whether the text has the point.
        share: Of the point's checkable facts, those that the text states.
        cosine: How near the text's sentences are to the point's.
    """

    article: str
    across: bool
    covered: bool
    share: float
    cosine: float


def trials(articles: Sequence[Article]) -> Iterator[Trial]:
    """Check every point against every text."""
    for article in articles:
        for language, (reference,) in article.references.items():
            for place, point in enumerate(reference.key_points):
                for other, text, covered in _texts(article, language, place):
                    verdicts = check(point.text, language, text, other).verdicts
                    found = [v.finding is Finding.SUPPORTED for v in verdicts if v.finding is not Finding.MALFORMED]
                    if found:
                        yield Trial(
                            article=article.id,
                            across=language != other,
                            covered=covered,
                            share=sum(found) / len(found),
                            cosine=nearness(point.text, language, text, other),
                        )


def _texts(article: Article, language: str, place: int) -> Iterator[tuple[str, str, bool]]:
    """Give texts with their language, and whether they have the point in a place."""
    yield article.language, article.source or "", True
    for code, (reference,) in article.references.items():
        if code != language:
            yield code, reference.text, True
        kept = tuple(point for i, point in enumerate(reference.key_points) if i != place)
        yield code, replace(reference, key_points=kept).text, False


def accuracy(found: Sequence[Trial], value: Callable[[Trial], float], bound: float) -> tuple[float, float]:
    """Balanced accuracy of a bound, within a language and across."""
    both = []
    for across in (False, True):
        hits = [
            [value(t) >= bound for t in found if t.across is across and t.covered is kind] for kind in (True, False)
        ]
        both.append(float((np.mean(hits[0]) + 1 - np.mean(hits[1])) / 2))
    return both[0], both[1]


def held_out(
    found: Sequence[Trial], value: Callable[[Trial], float], bounds: Sequence[float]
) -> tuple[list[float], list[tuple[float, float]]]:
    """Choose a bound on half of the articles, and judge it on the others, many times.

    Returns:
        The bounds that were chosen, and their balanced accuracies on what they were not chosen on.
    """
    draw = random.Random(0)
    names = sorted({trial.article for trial in found})
    chosen, judged = [], []
    for _ in range(_SPLITS):
        half = set(draw.sample(names, len(names) // 2))
        mine = [trial for trial in found if trial.article in half]
        best = max(bounds, key=lambda bound: sum(accuracy(mine, value, bound)))
        chosen.append(best)
        judged.append(accuracy([trial for trial in found if trial.article not in half], value, best))
    return chosen, judged


def main() -> None:
    """Print the table."""
    found = list(trials(Sample().load().articles))
    rows = []
    defaults = Keypoints()
    ways: list[tuple[str, Callable[[Trial], float], list[float], float]] = [
        ("share of facts", lambda trial: trial.share, SHARES, defaults.share),
        ("cosine of sentences", lambda trial: trial.cosine, COSINES, defaults.threshold or 0.0),
    ]
    for name, value, bounds, default in ways:
        chosen, judged = held_out(found, value, bounds)
        low, middle, high = np.percentile(chosen, [2.5, 50, 97.5])
        cells = []
        for place in (0, 1):
            each = [pair[place] for pair in judged]
            worst, best = np.percentile(each, [2.5, 97.5])
            cells.append(f"{np.mean(each):.3f} [{worst:.3f}, {best:.3f}]")
        cells += [f"{share:.3f}" for share in accuracy(found, value, default)]
        rows.append((name, f"{middle:.2f} [{low:.2f}, {high:.2f}]", *cells))
    print(f"{len(found)} points against texts, {sum(trial.covered for trial in found)} of which have the point\n")
    head = ("bound chosen", "held out, one language", "held out, across", "default, one language", "default, across")
    print_table(("covered by", *head), rows)


if __name__ == "__main__":
    main()
