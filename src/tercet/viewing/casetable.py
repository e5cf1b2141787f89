"""The table of cases: column by column, what one filters and sorts by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.cases import CaseInfo
from tercet.comparing.facts import KINDS
from tercet.comparing.tables import Contents
from tercet.metrics.contract import LOST
from tercet.runs import keeps_outputs, read_evidence
from tercet.viewing.packing import finite, rounded

_TOLD_APART = 9  # decimals; what differs by less is the same to people


def every_case(read: Sequence[Contents], articles: Sequence[str]) -> list[CaseInfo]:
    """List the cases of all runs, each once, sorted by article in the given order, language and repeat."""
    place = {article: i for i, article in enumerate(articles)}
    cases: dict[str, CaseInfo] = {}
    for found in read:
        for case in found.cases.values():
            cases.setdefault(case.id, case)
    return sorted(cases.values(), key=lambda case: (place[case.article], case.language, case.repeat))


def case_table(
    read: Sequence[Contents], cases: Sequence[CaseInfo], faults: Mapping[str, int], block_size: int
) -> dict[str, Any]:
    """Put the table together.

    Args:
        read: The runs.
        cases: From ``every_case``.
        faults: By article, mistakes in its references.
        block_size: How many articles a block of details has.
    """
    first: dict[str, CaseInfo] = {}
    for case in cases:
        first.setdefault(case.article, case)
    number = {article: i for i, article in enumerate(first)}
    counted = [_facts(found, cases) for found in read]
    return {
        "articles": [
            {
                "id": article,
                "title": case.title or article,
                "language": case.source_language,
                "date": case.date,
                "tags": list(case.tags),
            }
            for article, case in first.items()
        ],
        "blockSize": block_size,
        "article": [number[case.article] for case in cases],
        "language": [case.language for case in cases],
        "repeat": [case.repeat for case in cases],
        "values": _values(read, cases),
        "facts": [wrong for wrong, _ in counted],
        "unfound": [unfound for _, unfound in counted],
        "failed": [_failed(found, cases) for found in read],
        "audit": [faults.get(article, 0) for article in first],
    }


def _values(read: Sequence[Contents], cases: Sequence[CaseInfo]) -> dict[str, list[list[float | None]]]:
    """Give the headline scores by name, system and case."""
    places = {case.id: i for i, case in enumerate(cases)}
    values: dict[str, NDArray[np.float64]] = {}
    decimals: dict[str, int] = {}
    for system, found in enumerate(read):
        for table in found.tables.values():
            where = [places[case] for case in table.cases]
            shown = np.where(table.present, table.by_segment.values, np.nan)
            for column, spec in enumerate(table.metric.scores):
                if spec.headline:
                    decimals.setdefault(spec.name, spec.decimals)
                    whole = values.setdefault(spec.name, np.full((len(read), len(cases)), np.nan))
                    whole[system, where] = shown[:, column]
    return {name: _shortened(whole, decimals[name]) for name, whole in values.items()}


def _shortened(values: NDArray[np.float64], decimals: int) -> list[list[float | None]]:
    """Shorten (systems, cases) numbers; a case in which that would make two systems equal keeps all digits."""
    short = [[rounded(value, decimals) for value in row] for row in values.tolist()]
    for case in range(values.shape[1]):
        alike = {row[case] for row in short}
        if len(alike) < len({rounded(value, _TOLD_APART) for value in values[:, case].tolist()}):
            for row, value in zip(short, values[:, case].tolist(), strict=True):
                row[case] = finite(value)
    return short


def _facts(found: Contents, cases: Sequence[CaseInfo]) -> tuple[list[int | None], list[int | None]]:
    """Count by case the facts that are wrong, and those that the source does not mention; None if not measured."""
    measured: set[str] = set()
    for (name, _), table in found.tables.items():
        if name == "facts":
            measured |= {case for i, case in enumerate(table.cases) if table.rows.unscored[i] is None}
    wrong: Counter[str] = Counter()
    unfound: Counter[str] = Counter()
    for item in read_evidence(found.run.folder) if measured else ():
        if item["metric"] == "facts":
            wrong[item["id"]] += item["kind"] in KINDS
            unfound[item["id"]] += item["kind"] == "not_found"
    counts = [[counter[case.id] if case.id in measured else None for case in cases] for counter in (wrong, unfound)]
    return counts[0], counts[1]


def _failed(found: Contents, cases: Sequence[CaseInfo]) -> list[int]:
    lost = {output.case_id for output in found.run.outputs if output.failure is not None}
    if not keeps_outputs(found.run.info):
        for table in found.tables.values():
            lost |= {table.cases[i] for i, reason in enumerate(table.rows.unscored) if (reason or "").startswith(LOST)}
    return [i for i, case in enumerate(cases) if case.id in lost]
