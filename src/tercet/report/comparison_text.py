"""The sentences of a comparison: its verdict, its false facts, and what a reader must know of its numbers."""

from collections.abc import Callable, Iterator, Sequence

from tercet.comparing.records import Comparison, Difference, FactTally, FalseFact, Method, Mover, Versus
from tercet.report.comparison_figures import (
    CORRECTIONS,
    NONE,
    Outcome,
    figures,
    outcome,
    places,
    signed,
    value,
)
from tercet.text.counting import counted

_NAMED = 4  # scores that a verdict names on either side
_WORDS = {Outcome.BETTER: "better", Outcome.WORSE: "worse", Outcome.DIFFERENT: "different"}


def verdict(comparison: Comparison, versus: Versus) -> str:
    """Say in one sentence what became better and worse."""
    method, found = comparison.method, versus.differences
    head = f"{versus.candidate.label} against {comparison.baseline.label} over {_articles(found)}: "
    if any(difference.pairs for difference in found) and not any(difference.differing for difference in found):
        return f"{head}every score is the same, article by article."
    outcomes = [outcome(difference, method) for difference in found]
    parts = []
    for kind, word in _WORDS.items():
        named = [difference for difference, got in zip(found, outcomes, strict=True) if got is kind]
        if named:
            parts.append(f"{word} in {_listed([_moved(difference) for difference in named])}")
    tested = len(found) - outcomes.count(Outcome.UNTESTED)
    return f"{head}{_and_the_rest(', '.join(parts), outcomes.count(Outcome.UNSHOWN), tested)}."


def _and_the_rest(shown: str, unshown: int, tested: int) -> str:
    """Go on with the scores in which nothing is shown; ``shown`` is empty where none is."""
    if not tested:
        return "no score could be tested"
    scores = counted(tested, "score")
    if not shown:
        return f"no difference shown in {'any of ' if tested > 1 else ''}{scores}"
    if not unshown:
        return shown
    return f"{shown}; no difference shown in {unshown} of {scores}"


def _moved(difference: Difference) -> str:
    return f"{difference.score} {difference.language} ({signed(difference.delta, places(difference))})"


def _listed(names: Sequence[str]) -> str:
    """Join names; those past the first few are only counted."""
    shown = [*names[:_NAMED], *([f"{len(names) - _NAMED} more"] if len(names) > _NAMED else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _articles(found: Sequence[Difference]) -> str:
    counts = {difference.articles for difference in found if difference.articles} or {0}
    return counted(max(counts), "article") if len(counts) == 1 else f"{min(counts):,} to {max(counts):,} articles"


def languages(found: Sequence[Difference]) -> list[str]:
    """The languages of differences, in their order."""
    return list(dict.fromkeys(difference.language for difference in found))


def by_language(found: Sequence[Difference]) -> list[Difference]:
    """Put the differences of one language together."""
    order = languages(found)
    return sorted(found, key=lambda difference: order.index(difference.language))


def move(versus: Versus, mover: Mover) -> str:
    """Print both scores of a case, and how far they lie apart."""
    decimals = next((d.decimals for d in versus.differences if d.score == mover.score), 3)
    before, after = value(mover.baseline, decimals), value(mover.candidate, decimals)
    more = decimals + (not round(mover.delta, decimals))
    return f"{before} → {after} ({signed(mover.delta, more)})"


def named(fact: FalseFact) -> str:
    """Name what is wrong with a fact."""
    kind = fact.kind.replace("_", " ")
    return f"{kind}, {fact.label}" if fact.label not in {"", fact.kind} else kind


def changes(versus: Versus) -> str:
    """Say how many false facts are new, and how many repaired."""
    return f"{_counted(versus.all_new, 'new')}, {_counted(versus.all_repaired, 'repaired')}."


def _counted(facts: FactTally, word: str) -> str:
    kinds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in facts.kinds.items())
    return f"{facts.facts} {word}" + (f" ({kinds})" if facts.facts else "")


def reads_facts(versus: Versus) -> bool:
    """Whether facts were looked at: without, no word may be lost on how many are new."""
    return bool(versus.new or versus.repaired) or any(d.metric == "facts" for d in versus.differences)


def hidden(versus: Versus) -> list[FalseFact]:
    """The new false facts of cases that are not among those that moved most."""
    cases = {mover.case_id for mover in (*versus.worse, *versus.better)}
    return [fact for fact in versus.new if fact.case_id not in cases]


def notices(comparison: Comparison) -> list[tuple[str, list[str]]]:
    """What there is to say under the tables, by title; what has nothing to say is left out."""
    found = (
        ("Failed outputs", _failures(comparison)),
        ("Left out", list(comparison.method.left_out)),
        ("Not compared", _merged(comparison, _unpaired)),
        ("Not known", _merged(comparison, _unknown)),
        ("How it was compared", method_notes(comparison)),
    )
    return [(title, notes) for title, notes in found if notes]


def _failures(comparison: Comparison) -> list[str]:
    sides = [comparison.baseline, *(versus.candidate for versus in comparison.versus)]
    return [f"{side.label}: {side.failures} of {counted(side.cases, 'case')}" for side in sides if side.failures]


def _merged(comparison: Comparison, word: Callable[[Difference, Method], Iterator[str]]) -> list[str]:
    """Say what is missing, once for all scores of a language and all candidates of which it holds."""
    by_text: dict[tuple[str, str, str], list[str]] = {}
    for versus in comparison.versus:
        for difference in versus.differences:
            for text in word(difference, comparison.method):
                key = versus.candidate.label, difference.language, text
                by_text.setdefault(key, []).append(difference.score)
    merged: dict[str, list[str]] = {}
    for (label, code, text), scores in by_text.items():
        merged.setdefault(f"{code} {', '.join(scores)}: {text}", []).append(label)
    everyone = len(comparison.versus)
    return [line + ("" if len(labels) == everyone else f" [{'; '.join(labels)}]") for line, labels in merged.items()]


def _unpaired(difference: Difference, _: Method) -> Iterator[str]:
    if difference.unpaired:
        why = ", ".join(f"{reason} ({count})" for reason, count in difference.unpaired.items())
        left = difference.total - difference.pairs
        yield f"{left} of {counted(difference.total, 'case')} left aside: {why}"


def _unknown(difference: Difference, method: Method) -> Iterator[str]:
    """Say what is a dash in the table, and why."""
    shown = figures(difference, method)
    cells = {"no delta": shown.delta, "no interval": shown.interval, "no test": shown.p}
    missing = [name for name, cell in cells.items() if cell == NONE]
    if missing:
        yield f"{', '.join(missing)}: {difference.reason or 'no reason is recorded'}"
    if shown.detectable == NONE and not missing:
        why = "no article varies" if difference.error == 0 else "the articles are too few"
        yield f"no smallest detectable difference: {why}"


def method_notes(comparison: Comparison) -> list[str]:
    """Say how the numbers of a comparison were made."""
    method = comparison.method
    better, worse = Outcome.BETTER.value, Outcome.WORSE.value
    notes = f"""
{better} better, {worse} worse: p is at most {method.alpha:g}. ↑: more is better; ↓: less is. No difference shown is not
 the same as no difference.
p: {permutations(method)}, two-sided; {correction(method, len(comparison.versus))}.
Interval: {percent(method.level)} of the delta over {resampled(method)}, for each score by itself:
 it is not corrected for the number of scores.
Detectable: the smallest true difference that so many articles, as varied as these, show with a power of
 {percent(method.power)} at {method.alpha:g}, before any correction.
n: cases that both have scored, of all; only these are in the values, the wins (for the candidate), ties and losses.
 Cases of one article are drawn together.
"""
    return notes.strip().replace("\n ", " ").splitlines()


def permutations(method: Method) -> str:
    """Say what p was counted over."""
    if method.exact:
        return "all permutations of the articles between the two runs (exact)"
    return f"{method.replicates:,} random permutations of the articles between the two runs (seed {method.seed})"


def resampled(method: Method) -> str:
    """Say how articles were drawn anew for the intervals."""
    how = ", each by itself as often as a Poisson number says" if method.resampling == "poisson" else ""
    return f"resampled articles{how} (seed {method.seed})"


def correction(method: Method, candidates: int) -> str:
    """Say what p was corrected for."""
    if method.tests < 2:
        return "one test, nothing to correct" if method.tests else "nothing could be tested"
    if method.correction == "none":
        return f"not corrected, though there are {method.tests} tests"
    bound = "the share of false discoveries" if method.correction == "bh" else "the chance of any false finding"
    times = f" within each candidate and times the {candidates} candidates" if candidates > 1 else ""
    return f"corrected for {method.tests} tests by {CORRECTIONS[method.correction]}{times}, which bounds {bound}"


def percent(share: float) -> str:
    """Print a share as a percentage.

    >>> percent(0.95), percent(0.999)
    ('95 %', '99.9 %')
    """
    return f"{100 * share:.6g} %"
