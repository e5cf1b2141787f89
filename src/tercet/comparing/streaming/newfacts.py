"""False facts of two large runs: which are new, how many, and the worst of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.facts import each_false_fact, worst_first
from tercet.comparing.records import FactTally, FalseFact
from tercet.comparing.streaming.caselist import CaseList
from tercet.errors import RunError
from tercet.runs import Run, read_evidence
from tercet.stats.hashing import Words, key_of

KEPT = 1000  # of the false facts of a run, the worst
_METRIC = "facts"
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFacts:
    """The false facts of one run that another has not.

    Args:
        worst: Some of them, the worst first.
        tally: How many there are.
        by_case: Those of the cases that were asked for.
    """

    worst: tuple[FalseFact, ...]
    tally: FactTally
    by_case: Mapping[str, tuple[FalseFact, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKeys:
    """The n false facts of a run, in the order of its evidence, as hashes.

    Args:
        cases: (n,) of the cases.
        facts: (n,) of case, kind, error and value: what makes two facts the same.
    """

    cases: Words
    facts: Words


def fact_keys(run: Run, kinds: Collection[str]) -> FactKeys:
    """Hash the false facts of a run.

    Raises:
        RunError: The evidence is damaged.
    """
    cases: list[int] = []
    facts: list[int] = []
    for item in read_evidence(run.folder):
        if item["metric"] != _METRIC:
            continue
        try:
            if item["kind"] in kinds:
                cases.append(key_of(item["id"]))
                facts.append(key_of(_identity(item)))
        except (AttributeError, KeyError, TypeError) as error:
            raise RunError(
                f"{run.folder}/evidence.jsonl: an item of {item['id']} is damaged: {error!r}.",
                "Repeat the command that made it.",
            ) from error
    return FactKeys(cases=np.array(cases, dtype=np.uint64), facts=np.array(facts, dtype=np.uint64))


def _identity(item: Mapping[str, Any]) -> str:
    parts = (item["id"], item["kind"], item.get("label", ""), item.get("value", "") or item["message"])
    return "\0".join(parts)


def unlike(before: FactKeys, after: FactKeys) -> Flags:
    """Say which facts of ``after`` are not in ``before``; one that stands there twice counts twice.

    Returns:
        (n,): of equal ones the first are those that ``before`` has too.
    """
    order = np.argsort(after.facts, kind="stable")
    keys = after.facts[order]
    starts = np.searchsorted(keys, keys, side="left")
    known = np.sort(before.facts)
    counts = np.searchsorted(known, keys, side="right") - np.searchsorted(known, keys, side="left")
    found = np.zeros(len(keys), dtype=bool)
    found[order] = np.arange(len(keys)) - starts >= counts
    return found


def new_facts(  # noqa: PLR0913, PLR0917 (both sides, and what of them is looked at)
    before: FactKeys,
    after: FactKeys,
    run: Run,
    cases: CaseList,
    languages: Collection[str],
    kinds: Collection[str],
    watched: Collection[str],
) -> NewFacts:
    """Find the false facts of a run that another has not.

    Args:
        before: The other's.
        after: The run's.
        run: The run.
        cases: The runs'.
        languages: In which facts are compared.
        kinds: Kinds of evidence that are false facts.
        watched: Cases whose facts are all kept.

    Raises:
        RunError: The evidence or an output is damaged.
    """
    new = unlike(before, after) & cases.in_languages(after.cases, languages)
    if not new.any():
        return NewFacts(worst=(), tally=FactTally(kinds={}, cases=0), by_case={})
    counts: dict[str, int] = {}
    worst: list[FalseFact] = []
    by_case: dict[str, list[FalseFact]] = {}
    for is_new, fact in zip(new.tolist(), each_false_fact(run, _METRIC, kinds), strict=True):
        if is_new:
            counts[fact.kind] = counts.get(fact.kind, 0) + 1
            worst.append(fact)
            if fact.case_id in watched:
                by_case.setdefault(fact.case_id, []).append(fact)
            if len(worst) == 2 * KEPT:
                worst = list(worst_first(worst)[:KEPT])
    return NewFacts(
        worst=worst_first(worst)[:KEPT],
        tally=FactTally(kinds=counts, cases=len(np.unique(after.cases[new]))),
        by_case={case: tuple(facts) for case, facts in by_case.items()},
    )
