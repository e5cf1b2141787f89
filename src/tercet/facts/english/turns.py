"""Which English quantities rose and which fell, as far as their clause says so."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from tercet.facts.english.words import BESIDE, CHANGES_OF, RESULTS
from tercet.facts.records import Kind, Quantity

# A word that says which way something went: where it begins and ends, and the word.
Turn = tuple[int, int, str]

# Every way begins with one character of its own, so that all others are passed over at once.
_CLAUSE_END = re.compile(
    r", |; |: |\. |!|\?|\(|\)|\n|—|“|”|\""
    r"| (?:and|but|while|whereas|although|though|after|as|compared|than|when|which|who|where|if)(?![a-z])"
)
_OR = ", or "  # gained 18 cents, or 6 percent
_REACH = 120  # characters; a clause is seldom longer
_MOST = 6  # quantities to each side; a clause seldom has more
_DENIALS = ("no", "n't", "n’t", "never", "without", "neither", "failed", "despite")
_NEGATED = re.compile(r"(?:\bnot|n't|n’t|\bno|\bnever|\bwithout|\bneither|\bnor|\bfailed to|\bdespite)(?: [a-z]+)?\s$")
_NEAR = 24  # characters
_BY = frozenset(
    {" ", " by ", " about ", " some ", " nearly ", " almost ", " by about ", " by more than ", " around ", " roughly "}
)
_UNTURNED = (Kind.DURATION, Kind.ORDINAL)  # years rise in no clause
_CONFLICT = 2
_new = tuple.__new__  # half the time of the named one


def turned(low: str, quantities: list[Quantity], turns: Sequence[Turn]) -> None:
    """Set the directions of quantities in place.

    A verb of change counts for every quantity of its clause, profit and loss where there is no such verb, and
    ``up`` or ``lower`` only for what stands beside it. Where a clause says both, or denies it, there is none.

    Args:
        low: The text in lower case.
        quantities: In the order of the text.
        turns: Words of direction, in the order of the text.
    """
    votes: dict[int, list[int]] = defaultdict(list)
    weak: dict[int, list[int]] = defaultdict(list)
    starts = [quantity.start for quantity in quantities]
    for turn in turns:
        at = bisect_left(starts, turn[0])
        word = turn[2]
        if word in BESIDE:
            _beside(low, quantities, turn, at, votes)
            continue
        places = _clause(low, quantities, turn, at)
        if places:
            sign = CHANGES_OF.get(word) or RESULTS[word]
            if _is_denied(low, turn[0]):
                sign = _CONFLICT
            into = votes if word in CHANGES_OF else weak
            for place in places:
                into[place].append(sign)
    for place, signs in weak.items():
        votes.setdefault(place, signs)
    for place, signs in votes.items():
        quantity = quantities[place]
        if quantity.direction or quantity.kind in _UNTURNED or len(set(signs)) > 1 or signs[0] == _CONFLICT:
            continue
        quantities[place] = _new(Quantity, (*quantity[:8], signs[0], quantity.checkable))


def _is_denied(low: str, start: int) -> bool:
    """Tell whether a word of negation stands at most one word before a place."""
    near = low[max(0, start - _NEAR) : start]
    return any(map(near.__contains__, _DENIALS)) and _NEGATED.search(near) is not None


def _clause(low: str, quantities: Sequence[Quantity], turn: Turn, at: int) -> list[int]:
    """Give the places of the quantities in a turn's clause."""
    found: list[int] = []
    before, edge, _ = turn
    for place in range(at, min(at + _MOST, len(quantities))):
        start, end = quantities[place][:2]
        if start - turn[1] >= _REACH:
            break
        again = bool(found) and low[quantities[place - 1][1] : start] == _OR
        if not again and _CLAUSE_END.search(low, edge, start + 1):
            break
        found.append(place)
        edge = max(edge, end - 1)
    for place in range(at - 1, max(0, at - _MOST) - 1, -1):
        start, end = quantities[place][:2]
        if turn[0] - end >= _REACH or _CLAUSE_END.search(low, end, before):
            break
        found.append(place)
        before = min(before, start)
    return found


def _beside(low: str, quantities: Sequence[Quantity], turn: Turn, at: int, votes: dict[int, list[int]]) -> None:
    start, end, word = turn
    sign = BESIDE[word]
    if word in {"up", "down"} and at < len(quantities) and low[end : quantities[at].start] in _BY:
        votes[at].append(sign)
    elif at and low[quantities[at - 1].end : start] == " ":
        votes[at - 1].append(sign)
