"""The worst facts of a sweep: what a reader should look at first."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from tercet.comparing.facts import EVERY_KIND, each_false_fact, rank
from tercet.comparing.records import FalseFact
from tercet.report.comparison_text import named
from tercet.report.escaping import in_markdown
from tercet.report.faults import bold, marked
from tercet.runs import Run

_Place = tuple[int, int, str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstFact:
    """A fact of a system's output that is not supported."""

    system: str
    fact: FalseFact


def worst_facts(
    runs: Sequence[Run], labels: Sequence[str] | None = None, count: int = 3, metric: str = "facts"
) -> list[WorstFact]:
    """Pick the worst facts of the runs, no two of one article and none twice; upper bounds are left aside.

    Args:
        runs: Finished runs.
        labels: A name for each run; None takes the systems' own.
        count: How many at most.
        metric: The metric whose evidence is read.
    """
    names = [run.system for run in runs] if labels is None else labels
    kept = _Worst(count)
    for run, name in zip(runs, names, strict=True):
        if run.info["bound"] != "upper":
            for fact in each_false_fact(run, metric, EVERY_KIND):
                if fact.place is not None:
                    kept.add(WorstFact(system=name, fact=fact))
    return kept.sorted()


class _Worst:
    """The worst facts that were seen, one an article, and no more than asked for: all of a large run are too many.

    What had to go stands behind all that are kept, and these only ever become worse: its article comes back only
    with a fact that stands before theirs.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._places: dict[str, tuple[_Place, WorstFact]] = {}
        self._last: _Place | None = None  # of those kept, once there are as many as asked for

    def add(self, worst: WorstFact) -> None:
        """Keep a fact where it is among the worst."""
        place = _place(worst)
        if self._count < 1 or (self._last is not None and place >= self._last):
            return
        article = worst.fact.case_id.rpartition(":")[0]
        there = self._places.get(article)
        if there is None or place < there[0]:
            self._places[article] = place, worst
            self._shorten()

    def _shorten(self) -> None:
        if len(self._places) > self._count:
            del self._places[max(self._places, key=lambda article: self._places[article][0])]
        if len(self._places) == self._count:
            self._last = max(place for place, _ in self._places.values())

    def sorted(self) -> list[WorstFact]:
        """Give what is kept, the worst first."""
        return [worst for _, worst in sorted(self._places.values(), key=lambda item: item[0])]


def _place(worst: WorstFact) -> _Place:
    """Order facts as ``rank`` does; the same case is told of the systems by name."""
    kind, error, case, start = rank(worst.fact)
    return kind, error, case, worst.system, start


def render_worst(facts: Sequence[WorstFact], console: Console) -> None:
    """Print facts with their places marked."""
    if not facts:
        return
    console.print("Worst facts:", style="bold")
    for worst in facts:
        fact = worst.fact
        console.print(Text.assemble(f"  {fact.case_id}  ", (named(fact), "red"), f"  [{worst.system}]"))
        for name, place in (("output", fact.place), ("source", fact.other)):
            if place is not None:
                console.print(Text.assemble(f"    {name}  ", marked(place)), soft_wrap=True)


def worst_as_markdown(facts: Sequence[WorstFact]) -> str:
    """Write facts as a list, their places bold."""
    if not facts:
        return ""
    lines = ["Worst facts:\n"]
    for worst in facts:
        fact = worst.fact
        lines.append(f"- {in_markdown(fact.case_id)} {in_markdown(fact.message)} \\[{in_markdown(worst.system)}\\]")
        for name, place in (("output", fact.place), ("source", fact.other)):
            if place is not None:
                lines.append(f"  - {name}: {bold(place)}")
    return "\n".join(lines) + "\n"
