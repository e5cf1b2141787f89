"""How scores go together: each system for itself, over the segments that have both."""

import random
from collections.abc import Sequence
from math import isfinite, nan
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from scipy import stats

from tercet.comparing.tables import Contents
from tercet.viewing.correlations import correlations

Values = Sequence[Sequence[float]]


def contents(language: str, ids: Sequence[str], **metrics: Values) -> Contents:
    """What of a run is looked at: each metric with two headline scores, and one that is none; NaN is no score."""
    tables: dict[tuple[str, str], Any] = {}
    for name, rows in metrics.items():
        values = np.array([[*row, float(i)] for i, row in enumerate(rows)]).reshape(len(ids), -1)
        names = [f"{name}{i}" for i in range(values.shape[1])]
        scores = [SimpleNamespace(name=score, headline=score != names[-1]) for score in names]
        tables[name, language] = SimpleNamespace(
            cases=tuple(ids),
            metric=SimpleNamespace(scores=scores),
            present=np.isfinite(values),
            by_segment=SimpleNamespace(values=np.nan_to_num(values, nan=99.0)),  # a value that is not there counts not
        )
    cases = {case: SimpleNamespace(language=language) for case in sorted(ids)}
    return cast("Contents", SimpleNamespace(cases=cases, tables=tables))


def random_run(seed: int, count: int, ids: Sequence[str] | None = None) -> tuple[Contents, dict[str, dict[str, float]]]:
    """Draw a run, and give its scores by name and case for the plain loop."""
    draw = random.Random(seed)
    ids = ids or [f"item-{i}" for i in draw.sample(range(count), count)]

    def value() -> float:
        return nan if draw.random() < 0.2 else draw.choice([draw.random(), float(draw.randint(0, 3))])

    rows = {name: [[value(), value()] for _ in ids] for name in ("a", "b")}
    scores = {f"{name}{k}": {case: row[k] for case, row in zip(ids, found, strict=True)}
              for name, found in rows.items() for k in range(2)}  # fmt: skip
    return contents("en", ids, **rows), scores


def by_loop(runs: Sequence[dict[str, dict[str, float]]], one: str, other: str) -> tuple[float | None, int]:
    """The same, as one would say it."""
    found, total = [], 0
    for scores in runs:
        both = [(scores[one][case], scores[other][case]) for case in sorted(scores[one])]
        both = [pair for pair in both if all(map(isfinite, pair))]
        if len(both) < 3 or any(len(set(side)) == 1 for side in zip(*both, strict=True)):
            continue
        found.append(float(stats.spearmanr(*zip(*both, strict=True)).statistic))
        total += len(both)
    return (sum(found) / len(found) if found else None), total


@pytest.mark.parametrize("seed", range(6))
def test_correlations_are_those_of_a_plain_loop(seed: int) -> None:
    made = [random_run(100 * seed + i, 5 + 7 * i) for i in range(3)]
    found = correlations([run for run, _ in made], "en")
    assert found["scores"] == ["a0", "a1", "b0", "b1"]
    for i, one in enumerate(found["scores"]):
        for j, other in enumerate(found["scores"]):
            value, count = by_loop([scores for _, scores in made], one, other)
            assert found["values"][i][j] == (None if value is None else pytest.approx(value, abs=5.1e-5))
            assert found["counts"][i][j] == count
            assert found["values"][i][j] == found["values"][j][i]


def test_the_order_of_cases_in_a_run_is_no_part_of_it() -> None:
    run, _ = random_run(1, 12)
    ids = list(run.tables["a", "en"].cases)
    turned = [ids[::-1], sorted(ids)]
    for order in turned:
        tables = {}
        for key, table in run.tables.items():
            rows = [ids.index(case) for case in order]
            tables[key] = SimpleNamespace(
                cases=tuple(order),
                metric=table.metric,
                present=table.present[rows],
                by_segment=SimpleNamespace(values=table.by_segment.values[rows]),
            )
        other = cast("Contents", SimpleNamespace(cases=run.cases, tables=tables))
        assert correlations([run, other], "en")["values"] == correlations([run, run], "en")["values"]


def test_systems_are_not_mixed() -> None:
    """Each system by itself turns one score round against the other; together the better system would hide it."""
    low = contents("en", ["1", "2", "3", "4"], a=[[i] for i in (1, 2, 3, 4)], b=[[i] for i in (4, 3, 2, 1)])
    high = contents("en", ["1", "2", "3", "4"], a=[[i] for i in (11, 12, 13, 14)], b=[[i] for i in (14, 13, 12, 11)])
    found = correlations([low, high], "en")
    assert found == {"scores": ["a0", "b0"], "values": [[1.0, -1.0], [-1.0, 1.0]], "counts": [[8, 8], [8, 8]]}


def test_a_score_that_only_one_run_has_is_of_that_run() -> None:
    one = contents("en", ["1", "2", "3"], a=[[1], [2], [3]])
    two = contents("en", ["1", "2", "3"], a=[[1], [3], [2]], b=[[1], [3], [2]])
    found = correlations([one, two], "en")
    assert found["scores"] == ["a0", "b0"]
    assert found["values"][0][1] == 1
    assert found["counts"] == [[6, 3], [3, 3]]


def test_what_is_not_defined_is_none() -> None:
    same = contents("en", ["1", "2", "3"], a=[[1], [1], [1]], b=[[1], [2], [3]])
    assert correlations([same], "en") == {"scores": ["a0", "b0"], "values": [[None, None], [None, 1.0]],
                                          "counts": [[0, 0], [0, 3]]}  # fmt: skip
    assert correlations([same], "zh") == {"scores": [], "values": [], "counts": []}
