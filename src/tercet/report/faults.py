"""What an audit found, on a terminal, as Markdown, or as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from tercet.records import Quote
from tercet.report.escaping import in_json, in_markdown
from tercet.text.excerpts import pieces_of

if TYPE_CHECKING:
    from tercet.audit import Fault


def render(faults: "Sequence[Fault]", console: Console) -> None:
    """Print the faults article by article, the places marked."""
    for article, found in groupby(faults, key=lambda fault: fault.article):
        console.print(Text(article, style="bold"))
        for fault in found:
            what = "" if fault.finding == fault.error else f": {fault.finding}"
            console.print(Text.assemble("  ", (fault.error, "bold red"), f"  {fault.leg}{what}"))
            shown = [(fault.text, fault.place, fault.value)]
            if fault.other is not None:
                shown.append((fault.against, fault.other, fault.other_value))
            width = max(len(name) for name, *_ in shown)
            for name, place, value in shown:
                console.print(_line(name.ljust(width), place, value), soft_wrap=True)
            if fault.other is None:
                console.print(Text(f"    {fault.message}", style="dim"), soft_wrap=True)
        console.print()


def _line(name: str, place: Quote, value: str) -> Text:
    line = Text.assemble("    ", (name, "dim"), "  ", marked(place))
    return line.append(f"   = {value}", style="cyan") if value else line


def marked(place: Quote) -> Text:
    """Set a quote with its place in guillemets, and coloured where there is colour."""
    before, middle, after = pieces_of(place)
    return Text.assemble(before, ("«" + middle + "»", "bold yellow"), after)


def told(faults: "Sequence[Fault]", articles: int) -> str:
    """Say in one line what was found."""
    if not faults:
        return f"No fault found in {articles} article{'s' * (articles != 1)}."
    bad = len({fault.article for fault in faults})
    return f"{len(faults)} fault{'s' * (len(faults) != 1)} in {bad} of {articles} article{'s' * (articles != 1)}."


def as_markdown(faults: "Sequence[Fault]", articles: int) -> str:
    """Write a table, a row a fault."""
    lines = ["| article | texts | what | stands there | against it |", "|---|---|---|---|---|"]
    for fault in faults:
        other = "" if fault.other is None else bold(fault.other)
        lines.append(f"| {in_markdown(fault.article)} | {fault.leg} | {fault.error} | {bold(fault.place)} | {other} |")
    return "\n".join([*(lines if faults else []), "", told(faults, articles), ""]).lstrip("\n")


def bold(place: Quote) -> str:
    """Set a quote in Markdown, its place in guillemets and bold; beside a Chinese letter asterisks do not do it."""
    before, middle, after = map(in_markdown, pieces_of(place))
    return f"{before}<b>«{middle}»</b>{after}"


def as_json(faults: "Sequence[Fault]", articles: int) -> str:
    """Write everything that is known of each fault."""
    value = {"articles": articles, "faults": [{**asdict(fault), "leg": fault.leg} for fault in faults]}
    return in_json(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
