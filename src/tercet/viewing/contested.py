"""Pairs of systems: which are compared, what the tests say, who leads, and who shares a place."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tercet.comparing.compare import compare_pairs, has_scores, side_of
from tercet.comparing.matching import Match, match
from tercet.comparing.records import Difference, FalseFact, Method, Versus
from tercet.comparing.settings import Settings
from tercet.comparing.tables import Contents
from tercet.errors import IncompleteError
from tercet.report.board import Column, Leaderboard
from tercet.report.comparison_figures import corrected, outcome
from tercet.viewing.packing import finite
from tercet.viewing.quoting import listed

EVERY_PAIR = 8  # of more systems only the leader is compared with each other one
_LISTED = 50  # of new and repaired facts; their number is told
_UPPER = "upper"
_COUNTS = ("wins", "ties", "losses", "pairs", "total", "articles", "differing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What the tests between systems came to.

    Args:
        pairs: As the page has them.
        method: How they were made; None where nothing was tested.
        outcomes: By pair, score and language: what it comes to for the candidate.
    """

    pairs: list[dict[str, Any]]
    method: dict[str, Any] | None
    outcomes: Mapping[tuple[int, int, str, str], str]

    def beats(self, one: int, other: int, score: str, language: str) -> bool | None:
        """Whether one system is shown to be better than another; None where the two were not tested."""
        forward = self.outcomes.get((other, one, score, language))
        if forward is not None:
            return None if forward == "untested" else forward == "better"
        backward = self.outcomes.get((one, other, score, language))
        return None if backward in {None, "untested"} else backward == "worse"


def chosen_pairs(bounds: Sequence[str | None], leader: int | None) -> list[tuple[int, int]]:
    """Choose which systems are compared, the earlier one first.

    Upper bounds are no rivals, and every further test costs all others some of their power: they are left out where
    there are two others.

    Args:
        bounds: Of each system.
        leader: The first on the leaderboard.
    """
    rivals = [i for i, bound in enumerate(bounds) if bound != _UPPER]
    if len(rivals) < 2:
        rivals = list(range(len(bounds)))
    if len(rivals) <= EVERY_PAIR:
        return [(a, b) for i, a in enumerate(rivals) for b in rivals[i + 1 :]]
    first = rivals[0] if leader is None else leader
    return [(min(first, i), max(first, i)) for i in rivals if i != first]


def contest(
    read: Sequence[Contents], labels: Sequence[str], pairs: Sequence[tuple[int, int]], settings: Settings
) -> Contest:
    """Compare pairs of runs, all on the same draws and corrected together.

    Args:
        read: The runs.
        labels: Their names.
        pairs: From ``chosen_pairs``.
        settings: How; what two runs do not have in common is left out.
    """
    matched: dict[tuple[int, int], Match] = {}
    reasons: dict[tuple[int, int], str] = {}
    for a, b in pairs:
        try:
            found = match(read[a], read[b], common=True)
        except IncompleteError as error:
            reasons[a, b] = error.problem
            continue
        if has_scores(found, settings):
            matched[a, b] = found
        else:
            reasons[a, b] = "They have no score in common that is tested."
    if not matched:
        return Contest(pairs=[_nothing(pair, reasons[pair]) for pair in pairs], method=None, outcomes={})
    sides = [side_of(read[b], labels[b]) for _, b in matched]
    versus, method = compare_pairs(list(matched.values()), sides, settings)
    by_pair = dict(zip(matched, versus, strict=True))
    told = [
        _nothing(pair, reasons[pair])
        if pair in reasons
        else _pair(pair, by_pair[pair], method, matched[pair], read[pair[1]])
        for pair in pairs
    ]
    outcomes = {
        (a, b, difference.score, difference.language): outcome(difference, method).name.lower()
        for (a, b), item in by_pair.items()
        for difference in item.differences
    }
    return Contest(pairs=told, method=_method(method, versus), outcomes=outcomes)


def _nothing(pair: tuple[int, int], reason: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"leftOut": [], "differences": [], "new": [], "repaired": []}
    return {"baseline": pair[0], "candidate": pair[1], "reason": reason, "newFacts": 0, "repairedFacts": 0, **empty}


def _pair(pair: tuple[int, int], versus: Versus, method: Method, matched: Match, read: Contents) -> dict[str, Any]:
    return {
        "baseline": pair[0],
        "candidate": pair[1],
        "reason": None,
        "leftOut": list(matched.left_out),
        "differences": [_difference(difference, method) for difference in versus.differences],
        "newFacts": len(versus.new),
        "repairedFacts": len(versus.repaired),
        "new": [_listed(fact, read) for fact in versus.new[:_LISTED]],
        "repaired": [_listed(fact, read) for fact in versus.repaired[:_LISTED]],
    }


def _listed(fact: FalseFact, read: Contents) -> dict[str, object]:
    info = read.cases[fact.case_id]
    return listed(fact, info.article, info.language)


def _difference(found: Difference, method: Method) -> dict[str, Any]:
    ends = found.interval
    return {
        "score": found.score,
        "language": found.language,
        **{name: finite(getattr(found, name)) for name in ("baseline", "candidate", "delta")},
        "interval": None if ends is None else [finite(end) for end in ends],
        "p": found.p,
        "adjusted": corrected(found, method),
        **{name: getattr(found, name) for name in _COUNTS},
        "detectable": finite(found.detectable),
        "outcome": outcome(found, method).name.lower(),
        "reason": found.reason,
        "unpaired": dict(found.unpaired),
    }


def _method(method: Method, versus: Sequence[Versus]) -> dict[str, Any]:
    names = ("seed", "replicates", "resamples", "exact", "level", "alpha", "power", "correction", "on")
    told = asdict(method)
    tests = max(sum(found.p is not None for found in item.differences) for item in versus)
    return {**{name: told[name] for name in names}, "tests": tests, "pairs": len(versus)}


def ranks(contested: Contest, systems: Sequence[int], score: str, language: str) -> dict[int, tuple[int, int]]:
    """Give each system the places that it may take: behind all that are shown to be better, before all worse.

    The same as the rank ranges of the WMT conferences.

    Args:
        contested: The tests.
        systems: Those that are ranked.
        score: By which.
        language: The target language.

    Returns:
        By system; nothing where any two of them were not tested.
    """
    better = {(a, b): contested.beats(a, b, score, language) for a in systems for b in systems if a != b}
    if len(systems) < 2 or None in better.values():
        return {}
    return {
        s: (1 + sum(better[t, s] is True for t in systems if t != s),
            len(systems) - sum(better[s, t] is True for t in systems if t != s))
        for s in systems
    }  # fmt: skip


def leaders(board: Leaderboard, bounds: Sequence[str | None], contested: Contest) -> list[dict[str, Any]]:
    """Say who is first in each language by the primary score, and whether that is more than noise."""
    columns = [column for column in board.columns if column.score == board.primary]
    places = {(pair["baseline"], pair["candidate"]): i for i, pair in enumerate(contested.pairs)}
    return [_leader(column, board, bounds, contested, places) for column in columns]


def _leader(
    column: Column,
    board: Leaderboard,
    bounds: Sequence[str | None],
    contested: Contest,
    places: Mapping[tuple[int, int], int],
) -> dict[str, Any]:
    key = (column.score, column.language)
    values = {
        i: cell.value
        for i, row in enumerate(board.rows)
        if bounds[i] != _UPPER and (cell := row.cells.get(key)) is not None and cell.value is not None
    }
    sign = 1 if column.higher_is_better is False else -1
    order = sorted(values, key=lambda i: (sign * values[i], i))
    told = {"language": column.language, "score": column.score, "leader": None, "runnerUp": None, "pair": None}
    if len(order) < 2:
        alone = {"outcome": "alone" if order else "untested", "reason": None if order else "nothing is scored"}
        return {**told, "leader": order[0] if order else None, "tied": order, **alone}
    first, second = order[:2]
    place = places.get((first, second), places.get((second, first)))
    beats = contested.beats(first, second, *key)
    tied = [first, *(i for i in order[1:] if contested.beats(first, i, *key) is False)]
    return {
        **told,
        "leader": first,
        "runnerUp": second,
        "pair": place,
        "outcome": "untested" if beats is None else "better" if beats else "unshown",
        "reason": None if beats is not None else _untested(contested, place, key),
        "tied": tied,
    }


def _untested(contested: Contest, place: int | None, key: tuple[str, str]) -> str:
    """Say why two systems were not tested by a score."""
    if place is None:
        return "the two are not compared with each other"
    pair = contested.pairs[place]
    own = next((found["reason"] for found in pair["differences"] if (found["score"], found["language"]) == key), None)
    return pair["reason"] or own or "; ".join(pair["leftOut"]) or "nothing that can be tested is in both"
