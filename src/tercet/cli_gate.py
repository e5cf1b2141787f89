"""The command that passes or fails a candidate against a baseline."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tercet import completing
from tercet.errors import IncompleteError, NotComparableError, RunError, TercetError

if TYPE_CHECKING:
    from tercet.gating.records import Ruling

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...", shell_complete=completing.overrides)
@click.option("--baseline", default="baselines/default", show_default=True, metavar="FOLDER", help="A run, or blessed.")
@click.option("--candidate", metavar="RUN", help="A run that is there; else it is made of KEY=VALUE.")
@click.option("--on", type=click.Choice(["all", "common"]), default="all", help="common: leave out what differs.")
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
@click.option("--junit", type=_FILE, metavar="FILE", help="Write JUnit XML.")
@click.option("--markdown", type=_FILE, metavar="FILE", help="Write a comment for a pull request.")
@click.option("--json", "json_", type=_FILE, metavar="FILE", help="Write everything as JSON.")
@click.option("--name", default="", metavar="NAME", help="Tells several gates of one pull request apart.")
@click.option("--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table")
def gate(  # noqa: PLR0913, PLR0917 (a command's options)
    overrides: tuple[str, ...],
    baseline: str,
    candidate: str | None,
    on: str,
    config_dir: str | None,
    junit: Path | None,
    markdown: Path | None,
    json_: Path | None,
    name: str,
    form: str,
) -> None:
    """Fail where a candidate is worse than the baseline, by more than chance and by more than its margin.

    \b
    tercet gate prompt=terse
    tercet gate --candidate results/lead-glossary-1a2b3c4d gate=strict
    tercet gate experiment=ci gate.scores.rouge1.margin=0.01 --junit gate.xml --markdown gate.md

    \b
    Exit codes: 0 pass, 1 a regression, 2 usage or config, 3 not comparable,
    4 incomplete or nothing compared. Policies are in conf/gate/: tercet list.

    The files are written whatever comes of it. On GitHub Actions, annotations and the job's summary are too.
    """
    from tercet.progress import Narrator
    from tercet.regression import gate as rule
    from tercet.report.console import Screen

    reports = _Reports(name=name, files=_files(junit=junit, markdown=markdown, json=json_))
    reports.begin()
    try:
        ruling = rule(
            overrides,
            baseline=baseline,
            candidate=candidate,
            own=config_dir,
            on=on,
            watcher=Narrator(Screen(stderr=True)),
        )
    except TercetError as error:
        reports.fail(error)
        if isinstance(error, NotComparableError):
            error.add_note("Where the change was meant, make the run of now the baseline: tercet bless RUN.")
        raise
    reports.finish(ruling)
    _print(ruling, form, name)
    sys.exit(ruling.exit_code)


def _files(**paths: Path | None) -> dict[str, Path]:
    return {form: path for form, path in paths.items() if path is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reports:
    """What others read of a gate: files, and on GitHub annotations and the job's summary.

    Args:
        name: Of the gate.
        files: By form, where each goes.
        began: When it began.
    """

    name: str
    files: dict[str, Path]
    began: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        """Write that there is no verdict yet: an older "pass" must not outlive a gate that is killed."""
        self._write_error(IncompleteError("The gate did not finish.", "See the log of the job."), begun=True)

    def fail(self, error: TercetError) -> None:
        """Write why there is no ruling."""
        from tercet.report.ruling_annotations import error_as_annotations
        from tercet.report.ruling_markdown import error_as_markdown

        self._write_error(error)
        _tell_github(error_as_annotations(error), error_as_markdown(error, self.name))

    def finish(self, ruling: "Ruling") -> None:
        """Write a ruling."""
        from tercet.report.ruling_annotations import as_annotations
        from tercet.report.ruling_json import as_json
        from tercet.report.ruling_junit import as_junit
        from tercet.report.ruling_markdown import as_markdown

        self._write(
            {
                "junit": lambda: as_junit(ruling, self.name, seconds=time.monotonic() - self.began),
                "markdown": lambda: as_markdown(ruling, self.name),
                "json": lambda: as_json(ruling, self.name),
            }
        )
        _tell_github(as_annotations(ruling), as_markdown(ruling, self.name))

    def _write_error(self, error: TercetError, *, begun: bool = False) -> None:
        from tercet.report.ruling_json import error_as_json
        from tercet.report.ruling_junit import error_as_junit
        from tercet.report.ruling_markdown import error_as_markdown

        self._write(
            {
                "junit": lambda: error_as_junit(error, self.name, seconds=time.monotonic() - self.began),
                "markdown": lambda: error_as_markdown(error, self.name),
                "json": lambda: error_as_json(error, self.name),
            },
            begun=begun,
        )

    def _write(self, texts: dict[str, Callable[[], str]], *, begun: bool = False) -> None:
        from tercet.store import is_stream, writing_file

        for form, path in self.files.items():
            if begun and is_stream(path):
                continue  # what is in a pipe cannot be replaced
            with writing_file(path, f"--{form}") as file:
                file.write(texts[form]().encode("utf-8"))


def _tell_github(annotations: str, markdown: str) -> None:
    """Annotate the job and add to its summary, where this is GitHub Actions.

    Commands go to standard error, which GitHub reads too, so that a table or JSON on standard output stays whole.
    """
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return
    click.echo(annotations, nl=False, err=True)
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(f"{markdown}\n")
        except OSError as error:
            raise RunError(f"{path}: cannot be written: {error.strerror}.", "Unset GITHUB_STEP_SUMMARY.") from error


def _print(ruling: "Ruling", form: str, name: str) -> None:
    from tercet.report.console import Screen
    from tercet.report.ruling import render
    from tercet.report.ruling_json import as_json
    from tercet.report.ruling_markdown import as_markdown

    if form == "table":
        render(ruling, Screen(width=None if sys.stdout.isatty() else 120))
    else:
        click.echo(as_json(ruling, name) if form == "json" else as_markdown(ruling, name), nl=False)
