"""What every rendering of a ruling says: its rows, the worst articles, how it was tested."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from tercet.comparing.records import Difference, FalseFact, Mover
from tercet.gating.records import Check, Ruling, Verdict
from tercet.records import Quote
from tercet.report.comparison_figures import NONE, figures
from tercet.report.comparison_text import correction, move, named, percent, permutations
from tercet.text.counting import counted

MARKS = {
    Verdict.PASSED: "✓",
    Verdict.REGRESSED: "✗",
    Verdict.UNDERPOWERED: "?",
    Verdict.INCOMPLETE: "!",
    Verdict.REPORTED: NONE,
}
_ORDER = (Verdict.INCOMPLETE, Verdict.REGRESSED, Verdict.UNDERPOWERED, Verdict.PASSED, Verdict.REPORTED)
_FEW = 2  # undecided scores that are told one by one
_LONGEST = 300  # characters of a quote, and of a fact in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A check of a score as a line of a table: texts, an en dash for what is not known.

    Args:
        check: The check.
        score: With an arrow to where it is better.
        language: Of the target.
        baseline: Its value.
        candidate: Its value.
        delta: Signed.
        interval: Of the delta.
        p: That decides.
        articles: The n of the test.
        needed: How many articles would settle it, where it is undecided; else empty.
        allowed: The margin; or the floor, named.
        verdict: With its mark.
    """

    check: Check
    score: str
    language: str
    baseline: str
    candidate: str
    delta: str
    interval: str
    p: str
    articles: str
    needed: str
    allowed: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A case that a reader should look at.

    Args:
        case_id: The case.
        moved: Which score moved, from where to where; empty where none of those that are known did.
        facts: Its new false facts.
    """

    case_id: str
    moved: str
    facts: tuple[FalseFact, ...]


def ordered(ruling: Ruling) -> list[Check]:
    """Sort checks: those that make the gate fail, then what is undecided, then the others."""
    return sorted(ruling.checks, key=lambda check: (not check.fails, _ORDER.index(check.verdict)))


def rows(checks: Sequence[Check], ruling: Ruling) -> list[Row]:
    """Make a line of each check that has a score."""
    return [_row(check, found, ruling) for check in checks if (found := check.difference) is not None]


def remarks(checks: Sequence[Check]) -> list[tuple[str, str]]:
    """Give the sentences that stand under the table, each with its mark.

    All that fails has one, and all that no table shows; of what is undecided and does not fail there is one each
    where these are few, and else one for all, since the table says what each would need.
    """
    undecided = [check for check in checks if _undecided(check)]
    many = len(undecided) > _FEW
    found = []
    for check in checks:
        if _undecided(check):
            if not many:
                found.append((MARKS[check.verdict], told(check)))
            elif check is undecided[0]:
                found.append((MARKS[check.verdict], _settled(undecided)))
        elif check.fails or check.difference is None or check.verdict in {Verdict.REGRESSED, Verdict.INCOMPLETE}:
            found.append((MARKS[check.verdict], told(check)))
    return found


def _undecided(check: Check) -> bool:
    return check.verdict is Verdict.UNDERPOWERED and not check.fails and check.difference is not None


def _settled(undecided: Sequence[Check]) -> str:
    """Say in one sentence what many undecided scores would need."""
    needed = [(check.needed, check.name) for check in undecided if check.needed is not None]
    far = f": from {min(needed)[0]:,} ({min(needed)[1]}) to {max(needed)[0]:,} ({max(needed)[1]})" if needed else ""
    return (
        f"{len(undecided)} scores are underpowered: so few articles do not tell a loss beyond the margin from none."
        f" The table says how many articles each would need{far}."
    )


def outcome(check: Check) -> str:
    """Write a verdict with its mark; ``fails`` where it makes the gate fail though it is no regression."""
    strict = ", fails" if check.fails and check.verdict is Verdict.UNDERPOWERED else ""
    return f"{MARKS[check.verdict]} {check.verdict.value}{strict}"


def worst_articles(ruling: Ruling, most: int = 3) -> list[Article]:
    """Choose the cases to look at first: by turns one with the worst new false facts and one that fell most."""
    versus = ruling.comparison.versus[0]
    facts: dict[str, list[FalseFact]] = {}
    for check in ruling.checks:
        for fact in check.facts:
            facts.setdefault(fact.case_id, []).append(fact)
    movers = {mover.case_id: mover for mover in versus.worse}
    turns = zip_longest(facts, movers)
    cases = list(dict.fromkeys(case for turn in turns for case in turn if case is not None))
    return [_article(case, facts.get(case, ()), movers.get(case), ruling) for case in cases[:most]]


def _article(case: str, facts: Sequence[FalseFact], mover: Mover | None, ruling: Ruling) -> Article:
    moved = "" if mover is None else f"{mover.score} {move(ruling.comparison.versus[0], mover)}"
    return Article(case_id=case, moved=moved, facts=tuple(facts))


def fact_title(fact: FalseFact) -> str:
    """Say what is wrong with a fact, in one line."""
    return f"{named(fact)}: {_cut(fact.message)}"


def places(fact: FalseFact) -> list[tuple[str, Quote]]:
    """Give where a fact stands, and what the source says, no longer than a line or two."""
    found = (("output", fact.place), ("source", fact.other))
    return [(name, _short(place)) for name, place in found if place is not None]


def _short(place: Quote) -> Quote:
    """Cut a quote to what a comment can hold; its place keeps its beginning."""
    start, end = place.start - place.offset, min(place.end - place.offset, place.start - place.offset + _LONGEST)
    first = max(0, start - _LONGEST // 2)
    text = place.text[first : end + _LONGEST // 2]
    return replace(place, text=text, offset=place.offset + first, end=place.offset + end)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def told(check: Check) -> str:
    """Write the sentence of a check, cut where a text in it is endless."""
    return check.message if len(check.message) <= 3 * _LONGEST else f"{check.message[: 3 * _LONGEST]}…"


def method_line(ruling: Ruling) -> str:
    """Say in one line how it was tested, and what was compared."""
    comparison, method = ruling.comparison, ruling.comparison.method
    versus = comparison.versus[0]
    counts = [found.articles for found in versus.differences] or [0]
    articles = (
        counted(max(counts), "article") if min(counts) == max(counts) else f"{min(counts)} to {max(counts)} articles"
    )
    sides = " against ".join(
        f"{side.label} ({side.config or 'config unknown'})" for side in (versus.candidate, comparison.baseline)
    )
    drawn = " (Poisson)" if method.resampling == "poisson" else ""
    return (
        f"Policy {ruling.policy}; {articles}, {counted(versus.candidate.cases, 'case')}; {permutations(method)},"
        f" two-sided; {correction(method, 1)}; alpha {method.alpha:g}, intervals {percent(method.level)}{drawn},"
        f" power {percent(method.power)}, seed {method.seed}; {sides}"
    )


def _row(check: Check, found: Difference, ruling: Ruling) -> Row:
    shown = figures(found, ruling.comparison.method)
    allowed = NONE if check.margin is None else f"{check.margin:g}"
    if check.floor is not None:
        allowed = f"{'at most' if found.higher_is_better is False else 'at least'} {check.floor:g}"
    return Row(
        check=check,
        score=shown.score,
        language=found.language,
        baseline=shown.baseline,
        candidate=shown.candidate,
        delta=shown.delta,
        interval=shown.interval,
        p=shown.p,
        articles=shown.articles,
        needed="" if check.needed is None else f"{check.needed:,}",
        allowed=allowed,
        verdict=outcome(check),
    )
