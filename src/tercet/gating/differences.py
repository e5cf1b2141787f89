"""Differences: whether a score that decides fell, by more than chance and by more than its margin."""

from collections.abc import Iterator, Set
from dataclasses import replace

from tercet.comparing.records import Difference, Method
from tercet.gating.completeness import Judged, is_same, smallest_p
from tercet.gating.records import Check, Verdict
from tercet.gating.rules import Terms
from tercet.gating.wording import chance, change, figure
from tercet.stats.margins import Standing, standing
from tercet.stats.power import needed
from tercet.text.counting import counted

# With fewer articles an interval is hardly more than the articles themselves, and no permutation is significant.
FEWEST = 6


def check_differences(judged: Judged, incomplete: Set[tuple[str, str]]) -> Iterator[Check]:
    """Judge every score that decides and is complete, and show the others.

    Args:
        judged: What is judged.
        incomplete: Scores and languages that cannot decide, of which completeness has told.
    """
    deciding = {found.key for found in judged.deciding}
    for found in judged.versus.differences:
        if found.key in incomplete:
            continue
        yield _decided(found, judged) if found.key in deciding else _shown(found, judged.comparison.method)


def _shown(found: Difference, method: Method) -> Check:
    name = " ".join(found.key)
    if found.delta is None:
        message = f"{name} was not compared: {found.reason or 'no reason is known'}."
    else:
        sure = f", {chance(found, method)}" if found.adjusted is not None else ""
        message = f"{change(found)}{sure}: shown only."
    return Check(name=name, kind="difference", verdict=Verdict.REPORTED, message=message, difference=found)


def _decided(found: Difference, judged: Judged) -> Check:
    """Judge a difference of which every figure is known."""
    terms, method = judged.policy.terms(*found.key), judged.comparison.method
    check = Check(
        name=" ".join(found.key),
        kind="difference",
        verdict=Verdict.PASSED,
        message="",
        difference=found,
        margin=terms.margin,
    )
    if is_same(found):
        message = f"{check.name} is the same on all {counted(found.articles, 'article')}."
        return replace(check, message=message)
    stands = standing(found.better or 0.0, _turned(found), found.adjusted, margin=terms.margin, alpha=terms.alpha)
    said = f"{change(found)}, {chance(found, method)}"
    if stands is Standing.REGRESSED:
        beyond = "" if terms.margin is None else f", and not within the margin of {terms.margin:g}"
        return replace(check, verdict=Verdict.REGRESSED, message=f"{said}: worse{beyond}.", fails=True)
    doubt, enough = _doubt(found, judged, stands)
    if doubt is not None:
        fails = judged.policy.underpowered == "fail"
        message = f"{said}: underpowered: {doubt}."
        return replace(check, verdict=Verdict.UNDERPOWERED, message=message, needed=enough, fails=fails)
    seen = "" if stands is Standing.NO_WORSE else f"; {_shows(found)}"
    return replace(check, message=f"{said}: {_fine(found, terms)}{seen}.")


def _doubt(found: Difference, judged: Judged, stands: Standing) -> tuple[str | None, int | None]:
    """Say why nothing can be concluded of a score, and how many articles it would take; None where it can."""
    terms = judged.policy.terms(*found.key)
    if stands is Standing.UNDERPOWERED:
        enough = _settling(found, terms, judged.comparison.method.power)
        return f"{_shows(found)}; {_asked(terms, enough)}", enough
    if stands is Standing.NO_WORSE and found.articles < FEWEST:
        few = f"an interval over {counted(found.articles, 'article')} says little"
        return f"{few}; at least {FEWEST} are needed", FEWEST
    return (_blind(found, judged) if stands is not Standing.NO_WORSE else None), None


def _fine(found: Difference, terms: Terms) -> str:
    """Say what was shown of a score that passes."""
    if (found.better or 0.0) > 0 and found.adjusted is not None and found.adjusted <= terms.alpha:
        return "better"
    return "no regression seen" if terms.margin is None else f"no worse than the margin of {terms.margin:g}"


def _turned(found: Difference) -> tuple[float, float] | None:
    """Give the interval where up is better."""
    if found.interval is None or found.higher_is_better:
        return found.interval
    low, high = found.interval
    return -high, -low


def _shows(found: Difference) -> str:
    """Say what so many articles would have shown."""
    articles = counted(found.articles, "article")
    if found.detectable is None:
        return f"{articles} show no difference, however large"
    return f"{articles} show {figure(found.detectable, found.decimals)} or more"


def _asked(terms: Terms, enough: int | None) -> str:
    settle = "for a verdict" if terms.margin is None else f"to settle a margin of {terms.margin:g}"
    if enough is None:
        return f"{settle} it takes more articles, or a wider margin"
    return f"{settle} about {enough:,} are needed"


def _settling(found: Difference, terms: Terms, power: float) -> int | None:
    """Give how many articles would tell whether a score is within its margin.

    A low end above -margin is a t test against a loss of the margin. If there is no true difference, its power is
    that of seeing a difference as large as the margin. Where that many articles are there and the draw was
    unlucky, the difference that was found is taken for the true one; None where that asks for no more either.
    """
    better, margin = found.better or 0.0, terms.margin
    if margin is None or found.error is None:
        return None
    left = margin + min(better, 0.0)
    for distance in (margin, left if left > 0 else better):
        articles = needed(distance, found.error, found.articles, alpha=terms.alpha, power=power)
        if articles is not None and articles > found.articles:
            return articles
    return None


def _blind(found: Difference, judged: Judged) -> str | None:
    """Say why no regression could have been seen in a score, where that is so.

    Articles that are alike on both sides count for nothing where the candidate is worse on the others.
    """
    worse = (found.better or 0.0) < 0
    differing = found.differing if worse else found.articles
    smallest = smallest_p(differing, judged)
    if smallest <= judged.policy.terms(*found.key).alpha:
        return None
    what = f"differ in {found.score}" if worse else "were compared"
    return (
        f"{counted(differing, 'article')} {what}, and p cannot be below {smallest:.2g} with so few, whatever they show"
    )
