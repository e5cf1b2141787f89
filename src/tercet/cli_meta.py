"""The command that compares metrics with human judgements."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tercet import completing

if TYPE_CHECKING:
    from tercet.meta.records import Agreement

_FORMATS = ("table", "markdown", "csv", "json", "latex")
_ENDINGS = {".md": "markdown", ".csv": "csv", ".json": "json", ".tex": "latex"}
# Options that are settings by their own name.
_OPTIONS = (
    click.option("--score", "scores", multiple=True, metavar="NAME", help="Only this score; may be repeated."),
    click.option("--human", "humans", multiple=True, metavar="NAME", help="Only this judgement; may be repeated."),
    click.option("--measure", "measures", multiple=True, metavar="KEY",
                 help="Only this one, such as item.kendall; may be repeated."),
    click.option("--baseline", metavar="SCORE",
                 help="The score that the others are compared with; without, the best of each column."),
    click.option("--replicates", type=click.IntRange(min=1), default=1000, show_default=True,
                 help="Resamples for intervals, permutations for tests."),
    click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of all draws."),
    click.option("--systems", type=click.Choice(["resampled", "fixed"]), default="resampled", show_default=True,
                 help="fixed: intervals are about other texts alone, and not about other systems."),
    click.option("--all", "every", is_flag=True, help="Print every measure; CSV and JSON hold all of them anyway."),
)  # fmt: skip


def _settings(command: Any) -> Any:
    """Give a command the options of an agreement."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...", shell_complete=completing.overrides)
@click.option("--format", "form", type=click.Choice(_FORMATS), help="By the ending of FILE, else table.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it there.")
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
@_settings
def meta(
    overrides: tuple[str, ...], form: str | None, output: Path | None, config_dir: str | None, **given: Any
) -> None:
    """Tell how far metrics agree with human judgements of texts that are there.

    \b
    tercet meta judgement=ted_mqm judgement.path=ted.jsonl 'metric=[bleu,chrf]'
    tercet meta judgement=qags judgement.path=qags.jsonl 'metric=[facts,my_metric]' --config-dir my_conf
    tercet meta judgement.path=mine.jsonl judgement.columns.candidate=output judgement.human.quality=stars \\
        judgement.columns.references=gold 'metric=[rouge]'

    Judgements are JSON lines with a map of columns, pairs of a good and a spoilt text, or text files with a table of
    ratings: conf/judgement/, `tercet list`. Figures have intervals and are compared with the best. Exit code 4:
    nothing is judged, or nothing scored.
    """
    from tercet.meta.agreeing import agree
    from tercet.meta.settings import Settings, load
    from tercet.progress import Narrator
    from tercet.report.console import Screen

    settings = Settings(
        scores=given["scores"],
        humans=given["humans"],
        measures=given["measures"],
        baseline=given["baseline"],
        replicates=given["replicates"],
        seed=given["seed"],
        fixed_systems=given["systems"] == "fixed",
    )
    asked = load(overrides, config_dir)
    with Narrator(Screen(stderr=True)).run("meta") as told:
        found = agree(asked, settings, told.step)
    form = form or _ENDINGS.get("" if output is None else output.suffix.lower(), "table")
    _show(found, form, output, every=given["every"] or bool(given["measures"]))


def _show(found: "Agreement", form: str, output: Path | None, *, every: bool) -> None:
    """Print it, or write it to a file."""
    from tercet.report.agreement import render
    from tercet.report.console import Screen

    if output is None and form == "table":
        render(found, Screen(width=None if sys.stdout.isatty() else 120), every=every)
        return
    text = _written(found, form, every=every)
    if output is None:
        click.echo(text, nl=False)
        return
    from tercet.store import write_files

    write_files(output.parent, {output.name: text})
    click.echo(f"Written to {output}", err=True)


def _written(found: "Agreement", form: str, *, every: bool) -> str:
    from tercet.report.agreement import as_text
    from tercet.report.agreement_data import as_csv, as_json
    from tercet.report.agreement_latex import as_latex
    from tercet.report.agreement_markdown import as_markdown

    if form in {"csv", "json"}:
        return {"csv": as_csv, "json": as_json}[form](found)
    return {"table": as_text, "markdown": as_markdown, "latex": as_latex}[form](found, every=every)
