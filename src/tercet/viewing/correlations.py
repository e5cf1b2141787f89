"""How scores go together over segments, so that one can see which say the same."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.tables import Contents
from tercet.stats.association import spearman

Array = NDArray[np.float64]


def correlations(read: Sequence[Contents], language: str) -> dict[str, Any]:
    """Correlate the headline scores of a language.

    Spearman's correlation over the segments of each system, averaged over the systems: over all systems' segments
    together it would mostly say which system wrote them.

    Args:
        read: The runs.
        language: The target language.

    Returns:
        ``scores``: names; ``values``: (m, m), None where no system has it; ``counts``: (m, m) segments behind each.
    """
    names = list(dict.fromkeys(name for found in read for name, _ in _scores(found, language)))
    columns = [dict(_scores(found, language)) for found in read]
    half = {(one, other): _mean(columns, one, other) for i, one in enumerate(names) for other in names[i:]}
    made = [[half.get((one, other)) or half[other, one] for other in names] for one in names]
    return {
        "scores": names,
        "values": [[value for value, _ in row] for row in made],
        "counts": [[count for _, count in row] for row in made],
    }


def _scores(found: Contents, language: str) -> list[tuple[str, Array]]:
    """Give the (n,) values of each headline score, by case in their order; NaN where a case lacks it."""
    cases = [case for case, info in found.cases.items() if info.language == language]
    result = []
    for (_, code), table in found.tables.items():
        if code != language:
            continue
        place = {case: i for i, case in enumerate(table.cases)}
        rows = [place[case] for case in cases]
        values = np.where(table.present, table.by_segment.values, np.nan)[rows]
        result += [(spec.name, values[:, i]) for i, spec in enumerate(table.metric.scores) if spec.headline]
    return result


def _mean(columns: Sequence[dict[str, Array]], one: str, other: str) -> tuple[float | None, int]:
    found, total = [], 0
    for scores in columns:
        if one not in scores or other not in scores:
            continue
        both = np.isfinite(scores[one]) & np.isfinite(scores[other])
        value = spearman(scores[one][both], scores[other][both])
        if value is not None:
            found.append(value)
            total += int(both.sum())
    return (round(sum(found) / len(found), 4) if found else None), total
