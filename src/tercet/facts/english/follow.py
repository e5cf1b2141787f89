"""What follows an English number in a text: magnitudes, then a unit or a word that makes it something else."""

from tercet.facts.english.page import Page
from tercet.facts.english.settling import Ahead, settle
from tercet.facts.english.tails import NEXT, Role, Tail, tails
from tercet.facts.records import Hedge, Kind

# Where it ends; the magnitude; a unit, or a word that makes the number something else; a hedge behind the number;
# what joins the next word, and that word.
Follow = tuple[int, float, Tail | None, Hedge, str, str]

_NO_HEDGE, _OVER, _MONEY = Hedge.NONE, Hedge.OVER, Kind.MONEY
_UNIT, _MAGNITUDE, _EXTRA = Role.UNIT, Role.MAGNITUDE, Role.EXTRA
_MOST = 4  # 20-odd hundred thousand dollars


def ahead_of(low: str, end: int) -> tuple[str, str]:
    """Give what joins the next word to what ends here, and the word; nothing where there is none."""
    found = NEXT.match(low, end)
    return (found[1], found[2] or "") if found else ("", "")


def follow(page: Page, end: int, next_word: tuple[str, str], value: float, *, money: bool) -> Follow:
    """Read magnitudes and a unit after a number.

    Args:
        page: The text.
        end: Where the number ends.
        next_word: What is between it and the next word (nothing, a space or a hyphen), and the word.
        value: The number.
        money: Whether a currency stands before it.
    """
    known, low = tails(), page.low
    joint, word = next_word
    magnitude, hedge = 1.0, _NO_HEDGE
    for _ in range(_MOST):
        tail = known.get(word)
        if tail is None:
            if word or low[end] != "+":
                break
            end, hedge = end + 1, _OVER  # 6+ years
            joint, word = ahead_of(low, end)
            continue
        stop = end + len(joint) + len(word)
        if tail.longer:
            stop, tail = longest(low, stop, tail)
        role = tail.role
        if role is not _MAGNITUDE and role is not _UNIT:
            settled = settle(Ahead(page, tail, stop, joint, word, value * magnitude, money))
            if settled is None:
                break
            stop, tail = settled
            role = tail.role
        if role is _MAGNITUDE:
            magnitude *= tail.value
        elif role is _EXTRA:
            hedge = _OVER
        elif (money and (tail.unit is None or tail.unit.kind is not _MONEY)) or _goes_on(low, stop, joint):
            break
        else:
            return stop, magnitude, tail, hedge, "", ""
        end = stop
        joint, word = ahead_of(low, end)
    return end, magnitude, None, hedge, joint, word


def longest(low: str, stop: int, tail: Tail) -> tuple[int, Tail]:
    """Find the longest name that begins with a word and goes on as the text does."""
    for rest, longer in tail.longer:
        if low.startswith(rest, stop):
            end = stop + len(rest)
            if not (rest[-1].isalnum() and low[end].isalnum()):
                return end, longer
    return stop, tail


def _goes_on(low: str, stop: int, joint: str) -> bool:
    """Tell whether a unit is the beginning of another word: two year-end cuts."""
    return joint == " " and low[stop] == "-" and low[stop + 1].isalpha() and not low.startswith(("-long", "-old"), stop)
