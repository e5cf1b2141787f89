"""Comparing runs: pair their cases, test every score by articles, correct for the number of tests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tercet.cache import digest
from tercet.comparing.differing import Pairing, pairings
from tercet.comparing.facts import changed, false_facts, worst_first
from tercet.comparing.matching import Match, match
from tercet.comparing.moving import movers, telling
from tercet.comparing.records import Comparison, Difference, FalseFact, Method, Side, Versus
from tercet.comparing.settings import Settings
from tercet.comparing.slicing import slices
from tercet.comparing.streaming.compare import compare_streamed
from tercet.comparing.tables import Contents, contents
from tercet.comparing.testing import method_of, tested
from tercet.comparing.told import check_told
from tercet.errors import ConfigError, IncompleteError, nearest
from tercet.metrics.contract import LOST
from tercet.runs import Run, labels_of

LARGE = 50_000  # cases; more of them are not held in memory
Facts = Mapping[str, Sequence[FalseFact]]

__all__ = ["Settings", "compare", "compare_pairs", "has_scores", "side_of"]


def compare(runs: Sequence[Run], settings: Settings, labels: Sequence[str] | None = None) -> Comparison:
    """Compare runs with the first of them.

    Each score is taken over the cases that both runs have scored, so that no run gets better by what it lost.
    With several candidates, every one is compared with the baseline, and p is multiplied by their number.
    Where a run has more than ``LARGE`` cases, all are read in step, and must have the same cases: see
    ``tercet.comparing.streaming.compare``.

    Args:
        runs: The baseline, and one or more candidates.
        settings: How.
        labels: A name for each; None takes the systems' own, with their folder where two are alike.

    Raises:
        NotComparableError: They differ in cases, texts, metrics or signatures.
        IncompleteError: There is nothing to compare.
        ConfigError: Fewer than two runs, or a score that none has.
        RunError: A run is damaged.
    """
    if len(runs) < 2:
        raise ConfigError("A comparison needs two runs.", "Name a baseline and a candidate.")
    names = labels_of(runs) if labels is None else list(labels)
    for run in runs:
        check_told(run)
    if any(run.info["cases"] > LARGE for run in runs):
        return compare_streamed(runs, settings, names, LARGE)
    read = [contents(run) for run in runs]
    _check_names(read, settings)
    sides = [side_of(found, name) for found, name in zip(read, names, strict=True)]
    matches = [match(read[0], found, common=settings.on == "common") for found in read[1:]]
    for matched, side in zip(matches, sides[1:], strict=True):
        if not has_scores(matched, settings):
            raise IncompleteError(
                f"Nothing can be compared: {side.label} has none of the scores that are asked for in common.",
                "Compare runs with the same metrics, or name scores: --score NAME.",
            )
    versus, method = compare_pairs(matches, sides[1:], settings)
    return Comparison(baseline=sides[0], versus=tuple(versus), method=method)


def has_scores(matched: Match, settings: Settings) -> bool:
    """Whether two runs have a score in common that is compared."""
    return any(
        settings.wants(spec.name, headline=spec.headline)
        for key in matched.tables
        for spec in matched.baseline.tables[key].metric.scores
    )


def compare_pairs(
    matches: Sequence[Match], candidates: Sequence[Side], settings: Settings
) -> tuple[list[Versus], Method]:
    """Compare any pairs of runs, all on the same draws; p is multiplied by the number of pairs.

    Args:
        matches: From ``match``, one a pair, each with scores to compare.
        candidates: The candidate of each.
        settings: How.
    """
    results = tested([_pairings(matched, settings) for matched in matches], settings)
    facts: dict[Path, Facts] = {}  # of each run once, in however many pairs it is
    for found in (found for matched in matches for found in (matched.baseline, matched.candidate)):
        if found.run.folder not in facts:
            facts[found.run.folder] = false_facts(found.run, kinds=settings.fact_kinds)
    versus = [
        _versus(matched, result.differences, settings, side, facts)
        for matched, result, side in zip(matches, results, candidates, strict=True)
    ]
    left_out = [reason for matched in matches for reason in matched.left_out]
    return versus, method_of(results, settings, left_out)


def side_of(found: Contents, label: str) -> Side:
    """Describe a run; an empty text is no output, and is known where outputs are kept."""
    lost = {output.case_id for output in found.run.outputs if not (output.text or "").strip()}
    lost |= {
        table.cases[i]
        for table in found.tables.values()
        for i, reason in enumerate(table.rows.unscored)
        if reason is not None and reason.startswith(LOST)
    }
    return Side(
        label=label,
        folder=str(found.run.folder),
        cases=len(found.cases),
        failures=max(len(lost), int(found.run.info["failures"])),
        config=digest(found.run.info["config"])[:16],
    )


def _check_names(read: Sequence[Contents], settings: Settings) -> None:
    known = [spec.name for found in read for table in found.tables.values() for spec in table.metric.scores]
    for name in (*settings.scores, *((settings.primary,) if settings.primary else ())):
        if name not in known:
            raise ConfigError(f"No run has the score '{name}'.", nearest(name, set(known)))


def _pairings(matched: Match, settings: Settings) -> list[Pairing]:
    """Pair what is asked for, score by score."""
    return [
        pairing
        for key in matched.tables
        for pairing in pairings(matched.baseline.tables[key], matched.candidate.tables[key], matched.cases)
        if settings.wants(pairing.difference.score, headline=pairing.difference.headline)
    ]


def _versus(
    matched: Match, differences: Sequence[Difference], settings: Settings, side: Side, facts: Mapping[Path, Facts]
) -> Versus:
    before, after = (facts[found.run.folder] for found in (matched.baseline, matched.candidate))
    looked = [case for case in matched.cases if ("facts", matched.baseline.cases[case].language) in matched.tables]
    new, repaired = changed(before, after, looked), changed(after, before, looked)
    primary = settings.primary or telling(differences)
    moved = movers(matched, primary, settings.movers)
    worse, better = (
        tuple(replace(m, new=tuple(new.get(m.case_id, ())), repaired=tuple(repaired.get(m.case_id, ()))) for m in found)
        for found in moved
    )
    return Versus(
        candidate=side,
        differences=tuple(differences),
        worse=worse,
        better=better,
        new=worst_first(fact for facts in new.values() for fact in facts),
        repaired=worst_first(fact for facts in repaired.values() for fact in facts),
        slices=slices(matched, settings) if settings.sliced else (),
    )
