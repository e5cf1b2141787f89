"""Movers: the cases whose score differs most between two runs."""

from collections.abc import Sequence

from tercet.comparing.matching import Match
from tercet.comparing.records import Difference, Mover


def telling(differences: Sequence[Difference]) -> str:
    """Choose the score that movers are sorted by: of those that got worse the one that is least by chance."""
    worse = [d for d in differences if d.p is not None and d.better is not None and d.better < 0]
    if worse:
        return min(worse, key=lambda d: d.p or 0.0).score
    return next((d.score for d in differences if d.higher_is_better is not None), differences[0].score)


def movers(matched: Match, score: str, count: int) -> tuple[list[Mover], list[Mover]]:
    """Find the cases that moved most in one score.

    Args:
        matched: What of two runs is compared.
        score: The score's name; its cases are of all languages.
        count: How many in either direction at most.

    Returns:
        Those that got worse, the most first, and those that got better; with no direction, lower counts as worse.
    """
    found: list[tuple[float, Mover]] = []
    for key in matched.tables:
        before, after = matched.baseline.tables[key], matched.candidate.tables[key]
        specs = {spec.name: (i, spec) for i, spec in enumerate(before.metric.scores)}
        if score not in specs:
            continue
        column, spec = specs[score]
        mine = {case: i for i, case in enumerate(before.cases)}
        theirs = {case: i for i, case in enumerate(after.cases)}
        for case in matched.cases:
            i, j = mine.get(case), theirs.get(case)
            if i is None or j is None or not (before.present[i, column] and after.present[j, column]):
                continue
            old, new = float(before.by_segment.values[i, column]), float(after.by_segment.values[j, column])
            mover = Mover(
                case_id=case,
                article=matched.baseline.cases[case].article,
                language=before.language,
                score=score,
                baseline=old,
                candidate=new,
                delta=new - old,
            )
            found.append((old - new if spec.higher_is_better is False else new - old, mover))
    found.sort(key=lambda item: (item[0], item[1].case_id))
    worse = [mover for gain, mover in found[:count] if gain < 0]
    better = [mover for gain, mover in found[::-1][:count] if gain > 0]
    return worse, better
