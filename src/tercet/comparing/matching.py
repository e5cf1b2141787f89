"""Whether two runs can be compared: the same cases, the same texts in them, the same signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tercet.cases import CaseInfo
from tercet.comparing.tables import Contents
from tercet.errors import IncompleteError, NotComparableError
from tercet.signatures import differences

Key = tuple[str, str]  # metric and language

_SHOWN = 3
_ONLY = "Compare runs over the same articles, or what both have: --on common."


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What of two runs is compared.

    Args:
        baseline: A run.
        candidate: Another.
        cases: Ids of the cases, sorted, so that the order of either run is no part of a result.
        tables: Metric and language of the tables that are alike on both sides, in the baseline's order.
        left_out: What is not compared, and why.
    """

    baseline: Contents
    candidate: Contents
    cases: tuple[str, ...]
    tables: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]


def match(baseline: Contents, candidate: Contents, *, common: bool) -> Match:
    """Find what of two runs can be compared.

    Args:
        baseline: A run.
        candidate: Another.
        common: Whether what only one of them has, or has otherwise, is left out; else it is an error.

    Raises:
        NotComparableError: They differ in cases, texts, metrics or signatures; the error names in what.
        IncompleteError: Nothing is left to compare.
    """
    mine, theirs = (signatures(found) for found in (baseline, candidate))
    problems = [*_cases(baseline, candidate), *unlike(mine, theirs)]
    if problems and not common:
        raise NotComparableError(f"The runs cannot be compared: {'; '.join(problems)}.", _ONLY)
    cases = sorted(
        case.id
        for case in baseline.cases.values()
        if case.id in candidate.cases and _alike(candidate.cases[case.id], case)
    )
    tables = [key for key, signature in mine.items() if theirs.get(key) == signature]
    if not cases or not tables:
        raise nothing(problems)
    return Match(
        baseline=baseline, candidate=candidate, cases=tuple(cases), tables=tuple(tables), left_out=tuple(problems)
    )


def _alike(one: CaseInfo, other: CaseInfo) -> bool:
    return (one.content, one.cluster) == (other.content, other.cluster)


def _cases(baseline: Contents, candidate: Contents) -> list[str]:
    mine, theirs = baseline.cases, candidate.cases
    changed = [id_ for id_, case in mine.items() if id_ in theirs and not _alike(theirs[id_], case)]
    found = {
        "only in the baseline": [id_ for id_ in mine if id_ not in theirs],
        "only in the candidate": [id_ for id_ in theirs if id_ not in mine],
        "of another text, reference or date": changed,
    }
    return [f"{_counted(len(ids))} {what} ({_listed(ids)})" for what, ids in found.items() if ids]


def signatures(found: Contents) -> dict[Key, str]:
    """Give the signature of each table."""
    return {key: table.signature for key, table in found.tables.items()}


def unlike(mine: Mapping[Key, str], theirs: Mapping[Key, str]) -> list[str]:
    """Say which tables only one side has, and in what signatures differ.

    Args:
        mine: The baseline's signatures, by metric and language.
        theirs: The candidate's.
    """
    found = []
    for key in dict.fromkeys([*mine, *theirs]):
        name = " ".join(key)
        if key not in mine or key not in theirs:
            found.append(f"{name} only in the {'baseline' if key in mine else 'candidate'}")
        elif parts := differences(mine[key], theirs[key]):
            found.append(f"{name}: {', '.join(parts)}")
    return found


def nothing(problems: Sequence[str]) -> IncompleteError:
    """Say that nothing is left to compare, and why."""
    what = "; ".join(problems) or "the baseline has no cases and no scores"
    return IncompleteError(f"Nothing can be compared: {what}.", "Compare runs over the same articles and metrics.")


def _counted(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def _listed(ids: Sequence[str]) -> str:
    shown = ", ".join(sorted(ids)[:_SHOWN])
    return f"{shown}, ..." if len(ids) > _SHOWN else shown
