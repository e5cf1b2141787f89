"""The worst facts of a sweep: what a reader should look at first."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from tercet.comparing.facts import EVERY_KIND, false_facts, rank
from tercet.comparing.records import FalseFact
from tercet.report.comparison_text import named
from tercet.report.escaping import in_markdown
from tercet.report.faults import bold, marked
from tercet.runs import Run


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
    found = [
        WorstFact(system=name, fact=fact)
        for run, name in zip(runs, names, strict=True)
        if run.info["bound"] != "upper"
        for facts in false_facts(run, metric, EVERY_KIND).values()
        for fact in facts
        if fact.place is not None
    ]
    kept: dict[str, WorstFact] = {}
    for worst in sorted(found, key=lambda worst: (*rank(worst.fact)[:3], worst.system, rank(worst.fact)[3])):
        kept.setdefault(worst.fact.case_id.rpartition(":")[0], worst)
    return list(kept.values())[:count]


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
