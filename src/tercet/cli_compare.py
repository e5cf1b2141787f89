"""The command that compares runs, or files of outputs."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tercet import completing
from tercet.cli_outputs import mention_strange_outputs, output_specs
from tercet.errors import ConfigError

if TYPE_CHECKING:
    from tercet.comparing.records import Comparison
    from tercet.runs import Run

_FORMATS = ("table", "markdown", "json", "latex")
_ENDINGS = {".md": "markdown", ".json": "json", ".tex": "latex"}
_ONE = ("A comparison needs two runs.", "Name a baseline and a candidate.")
_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
# Options that are settings by their own name.
_OPTIONS = (
    click.option("--on", type=click.Choice(["all", "common"]), default="all", show_default=True,
                 help="common: leave out what the runs do not share, instead of refusing."),
    click.option("--score", "scores", multiple=True, metavar="NAME", help="Compare this score; may be repeated."),
    click.option("--primary", metavar="SCORE", help="The score that decides: tested apart; sorts the movers."),
    click.option("--correction", type=click.Choice(["max_t", "holm", "bh", "none"]), default="max_t",
                 show_default=True, help="Of p for the number of tests."),
    click.option("--alpha", type=_SHARE, default=0.05, show_default=True, help="Level of the tests."),
    click.option("--power", type=_SHARE, default=0.8, show_default=True, help="Of the smallest detectable delta."),
    click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of all draws."),
    click.option("--replicates", type=click.IntRange(min=1), default=10_000, show_default=True,
                 help="Random permutations; fewer articles are permuted exactly."),
    click.option("--movers", type=click.IntRange(min=0), default=5, show_default=True,
                 help="Cases to show of those that moved most."),
    click.option("--slices", "sliced", is_flag=True, help="Also by tag, by length and by source language."),
)  # fmt: skip


def _settings(command: Any) -> Any:
    """Give a command the options of a comparison."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument(
    "words", nargs=-1, required=True, metavar="BASELINE CANDIDATE... [KEY=VALUE]...", shell_complete=completing.words
)
@click.option("--format", "form", type=click.Choice(_FORMATS), help="By the ending of FILE, else table.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it there.")
@click.option("--config-dir", metavar="DIR", help="Your own configs, for outputs; conf/ is taken where it is there.")
@_settings
def compare(
    words: tuple[str, ...], form: str | None, output: Path | None, config_dir: str | None, **given: Any
) -> None:
    """Compare runs with the first of them: deltas, intervals, p-values, and what moved.

    \b
    tercet compare results/lead-glossary-1a2b3c4d results/textrank-glossary-5e6f7a8b
    tercet compare results/*/ --format markdown -o comparison.md
    tercet compare a.txt b.txt corpus=parallel corpus.source=src.txt \\
        'corpus.references=[ref.txt]' 'metric=[bleu,chrf]'

    Runs are folders. Files are scored first, as by tercet score. Exit code 0 whatever differs, 3 where the
    runs were not made in the same way, 4 where there is nothing to compare.
    """
    from tercet.comparing.compare import Settings
    from tercet.comparing.compare import compare as compared

    settings = Settings(**given)
    runs, labels = _runs(words, config_dir)
    found = compared(runs, settings, labels)
    form = form or _ENDINGS.get("" if output is None else output.suffix.lower(), "table")
    if output is not None:
        from tercet.store import write_files

        write_files(output.parent, {output.name: _written(found, form)})
        click.echo(f"Written to {output}", err=True)
    elif form == "table":
        from tercet.report.comparison import render
        from tercet.report.console import Screen

        render(found, Screen(width=None if sys.stdout.isatty() else 120))
    else:
        click.echo(_written(found, form), nl=False)


def _runs(words: Sequence[str], config_dir: str | None) -> "tuple[list[Run], list[str] | None]":
    """Read the runs that are named, or make them of files; with a name for each, None for the runs' own.

    Raises:
        ConfigError: Folders and files are mixed, or there are fewer than two.
    """
    folders = [word for word in words if "=" not in word or Path(word).exists()]
    files = [word for word in folders if Path(word).is_file()]
    if folders and not files and len(folders) == len(words):
        from tercet.composing import config_folders, make_importable

        make_importable(config_folders(config_dir))
        return _loaded(folders)
    if len(folders) < 2:
        raise ConfigError(*_ONE)
    if len(files) < len(folders):
        strange = next(word for word in folders if word not in files)
        if not Path(strange).exists():
            raise ConfigError(f"There is no file '{strange}'.", "Name files of outputs, or run folders alone.")
        raise ConfigError(
            f"'{strange}' is a folder, and is compared with run folders alone.",
            "Score the files with tercet score, and compare the folders that it writes; KEY=VALUE is for files.",
        )
    if twice := next((file for file in files if files.count(file) > 1), None):
        raise ConfigError(f"'{twice}' is named twice.", "Name each file once.")
    return _scored(words, config_dir)


def _loaded(folders: Sequence[str]) -> "tuple[list[Run], list[str] | None]":
    from tercet.runs import load_run
    from tercet.sweeps import run_folders

    found, labels = run_folders(folders)
    if len(found) < 2:
        twice = len({Path(folder).resolve() for folder in folders}) < len(folders)
        raise ConfigError("A comparison needs two runs, and one is named twice." if twice else _ONE[0], _ONE[1])
    return [load_run(folder) for folder in found], labels


def _scored(words: Sequence[str], config_dir: str | None) -> "tuple[list[Run], list[str]]":
    """Score files of outputs, as tercet score does; a score that is there is taken."""
    from tercet.progress import Narrator
    from tercet.report.console import Screen
    from tercet.sweep import plan_sweep, run_sweep

    watcher = Narrator(Screen(stderr=True))
    planned = plan_sweep(output_specs(words, config_dir, "tercet compare"), watcher)
    mention_strange_outputs(planned)
    return run_sweep(planned, watcher), [item.spec.label for item in planned]


def _written(found: "Comparison", form: str) -> str:
    from tercet.report.comparison import as_text
    from tercet.report.comparison_json import as_json
    from tercet.report.comparison_latex import as_latex
    from tercet.report.comparison_markdown import as_markdown

    return {"table": as_text, "markdown": as_markdown, "json": as_json, "latex": as_latex}[form](found)
