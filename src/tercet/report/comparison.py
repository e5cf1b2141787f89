"""A comparison on a terminal."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tercet.comparing.records import Comparison, Difference, FalseFact, Method, Mover, Slice, Versus
from tercet.report.comparison_figures import CORRECTIONS, Figures, Outcome, figures, language_name
from tercet.report.comparison_text import (
    by_language,
    changes,
    hidden,
    languages,
    move,
    named,
    notices,
    percent,
    reads_facts,
    verdict,
)
from tercet.report.console import Screen
from tercet.report.escaping import in_line
from tercet.report.faults import marked

_STYLES = {Outcome.BETTER: "bold green", Outcome.WORSE: "bold red", Outcome.DIFFERENT: "bold yellow"}
_SHORT = {**CORRECTIONS, "bh": "B-H", "none": "as it is"}
_FACTS = 3  # of one case, and of those that no case shows
_INDENT = 4


def render(comparison: Comparison, console: Console) -> None:
    """Print the verdicts, then each candidate's tables, movers, facts and slices, then the notes."""
    several = len(comparison.versus) > 1
    for versus in comparison.versus:
        console.print(_line(verdict(comparison, versus), "bold"))
    console.print()
    if several:
        _print_summary(comparison, console)
    for versus in comparison.versus:
        if several:
            console.rule(_line(f"{versus.candidate.label} against {comparison.baseline.label}", "bold"), align="left")
        _print_versus(comparison, versus, console)
    for title, notes in notices(comparison):
        console.print(f"{title}:", style="bold")
        for note in notes:
            console.print(Padding(_line(note), (0, 0, 0, 2)))


def as_text(comparison: Comparison, width: int = 120) -> str:
    """Write what a terminal of a width would show, without colours."""
    console = Screen(width=width, file=(file := io.StringIO()), color_system=None, force_terminal=False)
    render(comparison, console)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _line(text: str, style: str = "") -> Text:
    return Text(in_line(text), style=style)


def _print_versus(comparison: Comparison, versus: Versus, console: Console) -> None:
    for code in languages(versus.differences):
        found = [difference for difference in versus.differences if difference.language == code]
        console.print(_fitting(found, comparison.method, console.width))
        console.print()
    _print_movers(versus, console)
    _print_facts(versus, console)
    if versus.slices:
        console.print(_slices(versus.slices, comparison.method))
        console.print()


def _fitting(found: Sequence[Difference], method: Method, width: int) -> Table:
    """Lay a table out in one line a score, or in two where that is too wide."""
    wide, narrow = _table(found, method, _wide), _table(found, method, _narrow)
    return wide if Console(width=1000).measure(wide).maximum <= width else narrow


def _table(found: Sequence[Difference], method: Method, lay_out: Callable[[Figures, Method], dict[str, str]]) -> Table:
    rows = [figures(difference, method) for difference in found]
    table = _empty(language_name(found[0].language), gap=1 if lay_out is _wide else 0)
    for i, name in enumerate(lay_out(rows[0], method)):
        table.add_column(name, justify="right" if i else "left", no_wrap=i > 0, overflow="fold")
    for row in rows:
        cells = lay_out(row, method)
        table.add_row(*(_cell(text, name, row.outcome) for name, text in cells.items()))
    return table


def _empty(title: str, gap: int = 1) -> Table:
    return Table(
        padding=(0, gap),
        title=_line(title),
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        show_edge=False,
    )


def _wide(row: Figures, method: Method) -> dict[str, str]:
    """One line a score."""
    return {
        "score": row.score,
        "baseline": row.baseline,
        "candidate": row.candidate,
        "delta  ": _delta(row),
        f"{percent(method.level)} interval": row.interval,
        f"p\n{_SHORT[method.correction]}": row.p,
        "wins/ties\n/losses": row.counts,
        "n": row.cases,
        "articles": row.articles,
        "detect-\nable": row.detectable,
    }


def _narrow(row: Figures, method: Method) -> dict[str, str]:
    """Two lines a score."""
    head, _, tail = row.score.rpartition("_")
    return {
        "score": f"{head}_\n{tail}" if head else row.score,
        "baseline\ncandidate": f"{row.baseline}\n{row.candidate}",
        f"delta  \n{percent(method.level)} interval": f"{_delta(row)}\n{row.interval}",
        f"p\n{_SHORT[method.correction]}": row.p,
        "wins/ties\n/losses": row.counts,
        "n\narticles": f"{row.cases}\n{row.articles}",
        "detect-\nable": row.detectable,
    }


def _delta(row: Figures) -> str:
    """The delta with room for a mark, so that figures stand below each other."""
    return f"{row.delta} {row.outcome.value if row.outcome.shown else ' '}"


def _cell(text: str, name: str, found: Outcome) -> Text:
    first, newline, rest = text.partition("\n")
    style = _STYLES.get(found, "") if name.startswith("delta") else ""
    # Lines of a narrow table are two; what a name holds beside is made harmless by the console.
    return Text.assemble((first, style), newline, (rest, "dim" if name.startswith("delta") else ""))


def _print_summary(comparison: Comparison, console: Console) -> None:
    """Print a line a score, a column a candidate: delta and mark."""
    table = _empty("Deltas to the baseline")
    table.add_column("score", overflow="fold")
    table.add_column(_line(comparison.baseline.label), justify="right", overflow="fold")
    for versus in comparison.versus:
        table.add_column(_line(versus.candidate.label), justify="right", overflow="fold")
    by_key = [{difference.key: difference for difference in versus.differences} for versus in comparison.versus]
    firsts = {key: difference for found in reversed(by_key) for key, difference in found.items()}
    for key in (difference.key for difference in by_language(list(firsts.values()))):
        rows = [figures(found[key], comparison.method) if key in found else None for found in by_key]
        first = next(row for row in rows if row is not None)
        # Each candidate has its own pairs: a baseline that is not the same for all has no one value.
        values = {row.baseline for row in rows if row is not None}
        cells = [_summary_cell(row) for row in rows]
        table.add_row(f"{key[1]} {first.score}", first.baseline if len(values) == 1 else "varies", *cells)
    console.print(table)
    console.print()


def _summary_cell(row: Figures | None) -> Text:
    return Text("–  ") if row is None else Text(_delta(row), style=_STYLES.get(row.outcome, ""))


def _print_movers(versus: Versus, console: Console) -> None:
    if not (versus.worse or versus.better):
        return
    score = (*versus.worse, *versus.better)[0].score
    console.print(_line(f"Moved most, by {score}:", "bold"))
    for word, found in (("worse", versus.worse), ("better", versus.better)):
        for mover in found:
            style = "red" if word == "worse" else "green"
            text = Text.assemble("  ", (f"{word:6}", style), f"  {in_line(mover.case_id)}  {move(versus, mover)}")
            console.print(text, soft_wrap=True)
            _print_mover(mover, console)
    console.print()


def _print_mover(mover: Mover, console: Console) -> None:
    for title, side, facts in (("new", "candidate", mover.new), ("repaired", "baseline", mover.repaired)):
        for fact in facts[:_FACTS]:
            _print_fact(fact, f"{title}: {named(fact)}", side, console)
        if len(facts) > _FACTS:
            console.print(_line(f"{' ' * _INDENT}{title}: {len(facts) - _FACTS} more"))


def _print_fact(fact: FalseFact, title: str, side: str, console: Console) -> None:
    """Print where a fact stands, and what the source says; only its message where there is no text."""
    console.print(Text.assemble(" " * _INDENT, _line(title, "red" if side == "candidate" else "green")), soft_wrap=True)
    shown = [(name, place) for name, place in ((side, fact.place), ("source", fact.other)) if place is not None]
    for name, place in shown:
        harmless = marked(replace(place, text=in_line(place.text)))
        console.print(Text.assemble(f"{' ' * (_INDENT + 2)}{name:9}  ", harmless), soft_wrap=True)
    if fact.place is None or fact.other is None:
        console.print(_line(f"{' ' * (_INDENT + 2)}{fact.message}", "dim"), soft_wrap=True)


def _print_facts(versus: Versus, console: Console) -> None:
    if not reads_facts(versus):
        return
    console.print(Text.assemble(("False facts: ", "bold"), in_line(changes(versus))))
    others = hidden(versus)
    for fact in others[:_FACTS]:
        _print_fact(fact, f"{fact.case_id}  new: {named(fact)}", "candidate", console)
    if len(others) > _FACTS:
        console.print(_line(f"{' ' * _INDENT}new: {len(others) - _FACTS} more"))
    console.print()


def _slices(found: Sequence[Slice], method: Method) -> Table:
    """Lay out parts of the cases: a line a part and score, with no test."""
    table = _empty("Slices (not tested)")
    for name in ("slice", "score"):
        table.add_column(name, overflow="fold")
    for name in ("delta", f"{percent(method.level)} interval", "n", "articles"):
        table.add_column(name, justify="right", no_wrap=True)
    for part in found:
        for i, difference in enumerate(by_language(part.differences)):
            row = figures(difference, method)
            name = in_line(f"{part.by}: {part.value}") if i == 0 else ""
            score = f"{difference.language} {row.score}"
            cells = (name, in_line(score), row.delta, row.interval, row.cases, row.articles)
            table.add_row(*map(Text, cells))
    return table
