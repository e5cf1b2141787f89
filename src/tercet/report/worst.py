"""The worst facts of a sweep: what a reader should look at first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from tercet.records import Quote
from tercet.report.faults import marked, pieces
from tercet.store import Run, read_evidence
from tercet.text.excerpts import quote

_KINDS = ("contradicted", "malformed", "not_found")
# What a reader is harmed by most comes first: wrong by orders of magnitude, or turned round.
_ERRORS = ("magnitude", "direction", "malformed", "multiple", "currency", "points", "unit", "number", "approximator")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstFact:
    """A fact of an output that is not supported, with what speaks against it."""

    system: str
    case_id: str
    kind: str
    label: str
    message: str
    place: Quote
    other: Quote | None


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
    named = [(run, name) for run, name in zip(runs, names, strict=True) if run.info["bound"] != "upper"]
    found = [fact for run, name in named for fact in _facts(run, name, metric)]
    found.sort(key=_rank)
    kept: dict[str, WorstFact] = {}
    for fact in found:
        kept.setdefault(fact.case_id.rpartition(":")[0], fact)
    return list(kept.values())[:count]


def _facts(run: Run, name: str, metric: str) -> Iterator[WorstFact]:
    texts = {output.case_id: output.text for output in run.outputs if output.text is not None}
    for item in read_evidence(run.folder):
        if item["metric"] == metric and item["start"] is not None and item["kind"] in _KINDS:
            yield WorstFact(
                system=name,
                case_id=item["id"],
                kind=item["kind"],
                label=item.get("label", ""),
                message=item["message"],
                place=quote(texts[item["id"]], item["start"], item["end"]),
                other=_quote(item.get("quote")),
            )


def _quote(value: Mapping[str, Any] | None) -> Quote | None:
    return None if value is None else Quote(**value)


def _rank(fact: WorstFact) -> tuple[int, int, str, str, int]:
    error = _ERRORS.index(fact.label) if fact.label in _ERRORS else len(_ERRORS)
    return _KINDS.index(fact.kind), error, fact.case_id, fact.system, fact.place.start


def render_worst(facts: Sequence[WorstFact], console: Console) -> None:
    """Print facts with their places marked."""
    if not facts:
        return
    console.print("Worst facts:", style="bold")
    for fact in facts:
        label = f"{fact.kind.replace('_', ' ')}, {fact.label}" if fact.label not in ("", fact.kind) else fact.kind
        console.print(Text.assemble(f"  {fact.case_id}  ", (label, "red"), f"  [{fact.system}]"))
        console.print(Text.assemble("    output  ", marked(fact.place)), soft_wrap=True)
        if fact.other is not None:
            console.print(Text.assemble("    source  ", marked(fact.other)), soft_wrap=True)


def worst_as_markdown(facts: Sequence[WorstFact]) -> str:
    """Write facts as a list, their places bold."""
    if not facts:
        return ""
    lines = ["Worst facts:\n"]
    for fact in facts:
        lines.append(f"- `{fact.case_id}` {fact.message} [{fact.system}]")
        for name, place in (("output", fact.place), ("source", fact.other)):
            if place is not None:
                before, middle, after = pieces(place)
                lines.append(f"  - {name}: {before}**{middle}**{after}")
    return "\n".join(lines) + "\n"
