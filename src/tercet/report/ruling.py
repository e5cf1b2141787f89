"""A ruling on a terminal: the verdict, every check, and the articles to look at first."""

from dataclasses import replace

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tercet.gating.records import Ruling, Verdict
from tercet.report.escaping import in_line
from tercet.report.faults import marked
from tercet.report.ruling_text import (
    MARKS,
    Article,
    Row,
    fact_title,
    method_line,
    ordered,
    places,
    remarks,
    rows,
    worst_articles,
)

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.REGRESSED: "bold red",
    Verdict.UNDERPOWERED: "yellow",
    Verdict.INCOMPLETE: "bold magenta",
    Verdict.REPORTED: "dim",
}
_COLOURS = {MARKS[verdict]: style for verdict, style in _STYLES.items()}
_FACTS = 5  # of one article


def render(ruling: Ruling, console: Console) -> None:
    """Print a ruling; what fails comes first, the verdict first of all."""
    console.print(Text(in_line(ruling.verdict), style="bold red" if ruling.exit_code else "bold green"))
    checks = ordered(ruling)
    table = rows(checks, ruling)
    if table:
        console.print()
        console.print(_table(table, narrow=console.width < 110))
    console.print()
    for mark, sentence in remarks(checks):
        line = Text.assemble((mark, _COLOURS[mark]), f"  {in_line(sentence)}")
        console.print(Padding(line, (0, 0, 0, 2)))
    articles = worst_articles(ruling)
    if articles:
        console.print()
        console.print("Worst articles:", style="bold")
        for article in articles:
            _print_article(article, console)
    console.print()
    console.print(Text(in_line(method_line(ruling)), style="dim"))


def _table(found: list[Row], *, narrow: bool) -> Table:
    """Lay the scores out; where it is narrow, two figures share a cell."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1))
    cells = [_narrow(row) if narrow else _wide(row) for row in found]
    for name in cells[0]:
        right = name not in {"score", ""} and not name.startswith("verdict")
        table.add_column(name, justify="right" if right else "left", no_wrap=right, overflow="fold")
    for row, line in zip(found, cells, strict=True):
        style = _STYLES[row.check.verdict]
        table.add_row(*(Text(text, style=style if name.startswith("verdict") else "") for name, text in line.items()))
    return table


def _wide(row: Row) -> dict[str, str]:
    return {
        "score": in_line(row.score),
        "": in_line(row.language),
        "baseline": row.baseline,
        "candidate": row.candidate,
        "delta": row.delta,
        "interval": row.interval,
        "p": row.p,
        "articles\n/needed": _counts(row),
        "allowed": row.allowed,
        "verdict": row.verdict,
    }


def _counts(row: Row) -> str:
    return f"{row.articles}/{row.needed}" if row.needed else row.articles


def _narrow(row: Row) -> dict[str, str]:
    return {
        "score": f"{in_line(row.score)}\n{in_line(row.language)}",
        "baseline\ncandidate": f"{row.baseline}\n{row.candidate}",
        "delta\ninterval": f"{row.delta}\n{row.interval}",
        "p, articles\n/needed": f"{row.p}\n{_counts(row)}",
        "verdict\nallowed": f"{row.verdict}\n{row.allowed}",
    }


def _print_article(article: Article, console: Console) -> None:
    console.print(Text(f"  {in_line(article.case_id)}  {in_line(article.moved)}".rstrip()), soft_wrap=True)
    for fact in article.facts[:_FACTS]:
        console.print(Text(f"    new, {in_line(fact_title(fact))}", style="red"), soft_wrap=True)
        for name, place in places(fact):
            harmless = marked(replace(place, text=in_line(place.text)))
            console.print(Text.assemble(f"      {name}  ", harmless), soft_wrap=True)
    if len(article.facts) > _FACTS:
        console.print(f"    and {len(article.facts) - _FACTS} more")
