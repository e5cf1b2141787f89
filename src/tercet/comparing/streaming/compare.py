"""Comparing large runs: the comparison that ``tercet.comparing.compare`` makes, in a bounded memory."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tercet.cache import digest
from tercet.comparing.differing import Counts, difference, scores_of
from tercet.comparing.matching import Key, nothing, unlike
from tercet.comparing.moving import telling
from tercet.comparing.records import Comparison, Difference, Mover, Side, Versus
from tercet.comparing.settings import Settings
from tercet.comparing.streaming.caselist import CaseList, case_list, cases_at
from tercet.comparing.streaming.drawing import drawn
from tercet.comparing.streaming.extremes import Extremes, Moved
from tercet.comparing.streaming.newfacts import NewFacts, fact_keys, new_facts
from tercet.comparing.streaming.pouring import Poured, poured
from tercet.comparing.streaming.reading import Reading
from tercet.comparing.streaming.sharing import Shared, shared
from tercet.comparing.testing import Tested, Tried, concluded, method_of
from tercet.errors import ConfigError, IncompleteError, NotComparableError, nearest
from tercet.runs import Run

_FACTS = "facts"
_NO_SLICES = "slices: runs of so many cases are compared as a whole"
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A candidate and the baseline, poured together.

    Args:
        reading: The candidate.
        problems: What of the two is not compared.
        tables: What is.
        shared: By table, the scores that have the same cases.
        extremes: By score, the cases that moved most.
        with_facts: Languages in which facts are compared.
    """

    reading: Reading
    problems: list[str]
    tables: list[Poured]
    shared: list[list[Shared]]
    extremes: dict[str, Extremes]
    with_facts: set[str]


def compare_streamed(runs: Sequence[Run], settings: Settings, labels: Sequence[str], large: int) -> Comparison:
    """Compare runs with the first of them, over the same cases in the same order.

    Values, deltas, p-values and their corrections are those of ``compare`` to the last bit; intervals are from
    Poisson replicates, which agree with its own up to the chance of the draws. Rows wait in temporary files, about as
    large as the uncompressed statistics of both runs.

    Args:
        runs: The baseline, and one or more candidates.
        settings: How.
        labels: A name for each.
        large: From how many cases on runs are compared so; for errors.

    Raises:
        NotComparableError: They differ in cases, metrics or signatures.
        IncompleteError: There is nothing to compare.
        ConfigError: No run has a score that is asked for.
        RunError: A run is damaged, or the disk is full.
    """
    readings = [Reading(run) for run in runs]
    _check_names(readings, settings)
    _check_cases(readings, labels, large)
    cases = case_list(runs[0])
    differing = np.zeros(len(cases.names), dtype=bool)
    with ExitStack() as stack:
        found = [
            _candidate((readings[0], reading), label, cases, settings, differing, stack)
            for reading, label in zip(readings[1:], labels[1:], strict=True)
        ]
        sides = [
            _side(reading, label, len(cases), reading.finish(cases))
            for reading, label in zip(readings, labels, strict=True)
        ]
        few = _few(cases, differing, settings)
        results = [_tested(one, cases, settings, few, len(found)) for one in found]
    versus = [
        _versus(one, result.differences, (readings[0], side), cases, settings)
        for one, result, side in zip(found, results, sides[1:], strict=True)
    ]
    left_out = [problem for one in found for problem in one.problems]
    method = method_of(results, settings, [*left_out, *([_NO_SLICES] if settings.sliced else [])], "poisson")
    return Comparison(baseline=sides[0], versus=tuple(versus), method=method)


def _check_names(readings: Sequence[Reading], settings: Settings) -> None:
    known = {
        spec.name for reading in readings for name, _ in reading.signatures for spec in reading.metric(name).scores
    }
    for name in (*settings.scores, *((settings.primary,) if settings.primary else ())):
        if name not in known:
            raise ConfigError(f"No run has the score '{name}'.", nearest(name, known))


def _check_cases(readings: Sequence[Reading], labels: Sequence[str], large: int) -> None:
    """Refuse runs whose cases are not the same, in the same order: ``check_whole`` has seen that the hashes hold."""
    hashes = [reading.run.info["files"]["cases.jsonl"] for reading in readings]
    for label, found in zip(labels, hashes, strict=True):
        if found != hashes[0]:
            raise NotComparableError(
                f"The runs cannot be compared: {label} has other cases than {labels[0]}, or another order of them, and"
                f" runs of more than {large:,} cases are compared on equal cases only.",
                "Make both with the same corpus; or, to compare what they have in common, make runs of fewer cases:"
                f" limit={large}.",
            )


def _candidate(  # noqa: PLR0913, PLR0917 (both sides, and where what is found goes)
    sides: tuple[Reading, Reading],
    label: str,
    cases: CaseList,
    settings: Settings,
    differing: Flags,
    stack: ExitStack,
) -> _Candidate:
    mine, theirs = (side.signatures for side in sides)
    problems = unlike(mine, theirs)
    if problems and settings.on != "common":
        raise NotComparableError(
            f"The runs cannot be compared: {'; '.join(problems)}.",
            "Compare runs over the same articles, or what both have: --on common.",
        )
    keys: list[Key] = [key for key, signature in mine.items() if theirs.get(key) == signature]
    if not keys or not len(cases):
        raise nothing(problems)
    tables, extremes = poured(sides, keys, cases, settings, stack)
    if not tables:
        raise IncompleteError(
            f"Nothing can be compared: {label} has none of the scores that are asked for in common.",
            "Compare runs with the same metrics, or name scores: --score NAME.",
        )
    return _Candidate(
        reading=sides[1],
        problems=problems,
        tables=tables,
        shared=[shared(table, differing) for table in tables],
        extremes=extremes,
        with_facts={code for name, code in keys if name == _FACTS},
    )


def _side(reading: Reading, label: str, cases: int, lost: int) -> Side:
    run = reading.run
    return Side(
        label=label,
        folder=str(run.folder),
        cases=cases,
        failures=max(lost, int(run.info["failures"])),
        config=digest(run.info["config"])[:16],
    )


def _few(cases: CaseList, differing: Flags, settings: Settings) -> list[str] | None:
    """Name the clusters that differ, where they are so few that all permutations are taken."""
    places = np.flatnonzero(differing)
    if len(places) >= settings.replicates.bit_length():
        return None
    return cases.names_of(places.astype(np.int32))


def _tested(found: _Candidate, cases: CaseList, settings: Settings, few: list[str] | None, candidates: int) -> Tested:
    """Draw language by language, and conclude score by score, in the order of the tables."""
    tried: dict[tuple[int, int], Tried] = {}
    for code in dict.fromkeys(table.language for table in found.tables):
        here = [i for i, table in enumerate(found.tables) if table.language == code]
        together = [(i, one) for i in here for one in found.shared[i]]
        for (i, one), draws in zip(together, drawn([one for _, one in together], cases, settings, few), strict=True):
            for j, described in _differences(one):
                tried[i, j] = Tried(difference=described, drawn=draws, column=one.table.columns[j])
    return concluded([tried[key] for key in sorted(tried)], settings, exact=few is not None, candidates=candidates)


def _differences(one: Shared) -> list[tuple[int, Difference]]:
    """Describe the differences in scores that have the same cases, each with its place among the table's."""
    table = one.table
    scores = scores_of(one.a, one.b, table.metric.reduce)
    found = []
    for j in one.scores:
        wins, ties, losses = table.outcomes[j].tolist()
        counts = Counts(
            wins=wins,
            ties=ties,
            losses=losses,
            pairs=int(table.pairs[j]),
            total=table.total,
            articles=one.clusters,
            differing=one.differing,
            unpaired=dict(sorted(table.unpaired[j].items())),
        )
        found.append((j, difference(table, table.specs[j], scores[:, table.columns[j]], counts)))
    return found


def _versus(
    found: _Candidate,
    differences: Sequence[Difference],
    sides: tuple[Reading, Side],
    cases: CaseList,
    settings: Settings,
) -> Versus:
    baseline, side = sides
    extremes = found.extremes.get(settings.primary or telling(differences))
    moved = (extremes.worse, extremes.better) if extremes is not None else ([], [])
    watched = {one.case_id for some in moved for one in some}
    new, repaired = _facts(found, baseline.run, cases, settings, watched)
    worse, better = (_movers(some, baseline.run, new, repaired) for some in moved)
    return Versus(
        candidate=side,
        differences=tuple(differences),
        worse=worse,
        better=better,
        new=new.worst,
        repaired=repaired.worst,
        new_tally=new.tally,
        repaired_tally=repaired.tally,
    )


def _movers(moved: Sequence[Moved], baseline: Run, new: NewFacts, repaired: NewFacts) -> tuple[Mover, ...]:
    """Describe the cases that moved most, with what became false or right in them."""
    infos = cases_at(baseline.folder, {one.place for one in moved}) if moved else {}
    return tuple(
        replace(
            one.mover(infos[one.place].article),
            new=new.by_case.get(one.case_id, ()),
            repaired=repaired.by_case.get(one.case_id, ()),
        )
        for one in moved
    )


def _facts(
    found: _Candidate, baseline: Run, cases: CaseList, settings: Settings, watched: set[str]
) -> tuple[NewFacts, NewFacts]:
    """Find the false facts that are new, and those that are repaired."""
    kinds, candidate = settings.fact_kinds, found.reading.run
    mine, theirs = (fact_keys(run, kinds) for run in (baseline, candidate))
    new = new_facts(mine, theirs, candidate, cases, found.with_facts, kinds, watched)
    repaired = new_facts(theirs, mine, baseline, cases, found.with_facts, kinds, watched)
    return new, repaired
