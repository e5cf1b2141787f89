"""The command line."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import tercet
from tercet import completing
from tercet.cli_baseline import bless, verify
from tercet.cli_cache import cache
from tercet.cli_compare import compare
from tercet.cli_completion import completion
from tercet.cli_config import show_config
from tercet.cli_doctor import doctor
from tercet.cli_gate import gate
from tercet.cli_init import init
from tercet.cli_merge import merge
from tercet.cli_meta import meta
from tercet.cli_outputs import mention_strange_outputs, output_specs
from tercet.cli_report import report
from tercet.credentials import masked
from tercet.errors import ConfigError, IncompleteError, TercetError
from tercet.text.printable import printable

if TYPE_CHECKING:
    from tercet.audit import Fault
    from tercet.config import RunSpec
    from tercet.report.console import Screen
    from tercet.report.leaderboard import Leaderboard
    from tercet.report.worst import WorstFact
    from tercet.runs import Run


class _Group(click.Group):
    """Turns the project's errors into two lines and an exit code; anything else is a fault of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TercetError as error:
            click.secho(_shown(f"error: {error.problem}"), fg="red", err=True)
            for line in (error.remedy, *getattr(error, "__notes__", ())):
                if line:
                    click.echo(_shown(f"  {line}"), err=True)
            ctx.exit(error.exit_code)
        except click.NoSuchOption as error:
            raise _without_dashes(error) from None
        except KeyboardInterrupt:
            click.secho("Interrupted. The same command goes on from here.", fg="red", err=True)
            ctx.exit(130)


def _shown(text: str) -> str:
    """Make a text fit for a terminal, whose keeper may paste it into an issue."""
    return printable(masked(text))


def _without_dashes(error: click.NoSuchOption) -> click.NoSuchOption:
    """Tell who writes ``--summarizer lead`` how a config's key is written."""
    usage = error.ctx.command.collect_usage_pieces(error.ctx) if error.ctx is not None else []
    if error.possibilities or not any("KEY=VALUE" in piece for piece in usage):
        return error
    name = error.option_name.lstrip("-")
    hint = f"No such option '{error.option_name}'. A config's key is written without dashes: {name}=VALUE."
    return click.NoSuchOption(error.option_name, hint, ctx=error.ctx)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(tercet.__version__, prog_name="tercet")
def main() -> None:
    """Evaluate summaries and translations: source, candidate, reference.

    \b
    Exit codes: 0 fine, 1 an audit, a gate or a verification found something, 2 usage or config, 3 not comparable,
    4 incomplete or nothing scored, 70 a fault of ours, 130 interrupted.
    """


main.add_command(cache)
main.add_command(compare)
main.add_command(completion)
main.add_command(doctor)
main.add_command(gate)
main.add_command(init)
main.add_command(merge)
main.add_command(meta)
main.add_command(report)
main.add_command(bless)
main.add_command(verify)


@main.command()
@click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...", shell_complete=completing.overrides)
@click.option("-m", "--multirun", is_flag=True, help="Run every combination of KEY=A,B,C.")
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
@click.option("--config-name", default="run", metavar="NAME", help="The root config.", show_default=True)
@click.option("--cfg", is_flag=True, help="Print the composed configs and stop.")
@click.option("--dry-run", is_flag=True, help="Print what calls, tokens and cost it would take, and stop.")
def run(  # noqa: PLR0913, PLR0917 (a command's options)
    overrides: tuple[str, ...], multirun: bool, config_dir: str | None, config_name: str, cfg: bool, dry_run: bool
) -> None:
    """Run systems over a corpus and score them.

    \b
    tercet run summarizer=textrank limit=5
    tercet run -m summarizer=lead,textrank translator=glossary,copy
    tercet run corpus=markdown corpus.path=articles route=translate
    tercet run --config-dir my_conf 'metric=[rouge,my_metric]'

    What is not named comes from conf/run.yaml; `tercet list` shows the options.
    """
    from tercet.config import load

    specs = load(overrides, multirun=multirun, own=config_dir, config_name=config_name)
    if cfg:
        _print_configs(specs)
        return
    if dry_run:
        _print_outlook(specs)
        return
    _sweep(specs, keep=len(specs) > 1)


@main.command()
@click.argument("words", nargs=-1, required=True, metavar="OUTPUTS... [KEY=VALUE]...", shell_complete=completing.words)
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
def score(words: tuple[str, ...], config_dir: str | None) -> None:
    """Score outputs that something else made: JSON lines by case id, or plain text by line.

    \b
    tercet score outputs.jsonl corpus=markdown corpus.path=articles
    tercet score hyp.txt corpus=parallel corpus.source=src.txt 'corpus.references=[ref.txt]' \\
        corpus.source_language=zh corpus.target_language=en

    Several files make one leaderboard. A line of JSON is {"id": "ARTICLE:LANGUAGE", "text": "..."}.
    """
    specs = output_specs(words, config_dir, "tercet score")
    _sweep(specs, keep=len(specs) > 1)


@main.command()
@click.argument("words", nargs=-1, required=True, metavar="RUN... | KEY=VALUE...", shell_complete=completing.words)
@click.option("--format", "form", type=click.Choice(["table", "markdown", "csv", "json"]), default="table")
@click.option("--primary", metavar="SCORE", help="The score to sort by.")
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
def show(words: tuple[str, ...], form: str, primary: str | None, config_dir: str | None) -> None:
    """Show the scores of runs that are there; or a config, with the file and line that each value comes from.

    \b
    tercet show results/lead-glossary-1a2b3c4d
    tercet show results/*/ --format markdown
    tercet show summarizer=textrank 'metric=[rouge,bleu]' seed=3
    """
    if all("=" in word and not Path(word).exists() for word in words):
        show_config(words, config_dir, form)
        return
    folders = [Path(word) for word in words]
    from tercet.report.leaderboard import as_csv, as_json, as_markdown, leaderboard
    from tercet.report.worst import worst_facts
    from tercet.runs import load_run
    from tercet.sweeps import primary_of, run_folders

    found, labels = run_folders(folders)
    runs = [load_run(folder) for folder in found]
    board = leaderboard(runs, primary or primary_of(folders), labels)
    if form == "table":
        _print_board(board, worst_facts(runs, labels), runs, labels)
    else:
        click.echo({"markdown": as_markdown, "csv": as_csv, "json": as_json}[form](board), nl=False)


@main.command()
@click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...", shell_complete=completing.overrides)
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text")
@click.option("--warn-only", is_flag=True, help="Exit 0 whatever is found.")
def audit(overrides: tuple[str, ...], config_dir: str | None, form: str, warn_only: bool) -> None:
    """Look for mistakes in a corpus's own references.

    \b
    tercet audit corpus=markdown corpus.path=articles
    tercet audit corpus=sample limit=5 --format json

    Quantities, dates and names of each reference are checked against the source, where there is one,
    and the references in two languages against each other. Exit code 1: something was found.
    """
    from tercet.report.faults import as_json, as_markdown, render, told

    faults, articles = _audited(overrides, config_dir)
    if form == "text":
        render(faults, _console())
        click.echo(told(faults, articles))
    else:
        click.echo({"markdown": as_markdown, "json": as_json}[form](faults, articles), nl=False)
    if faults and not warn_only:
        sys.exit(1)


def _audited(overrides: Sequence[str], config_dir: str | None) -> "tuple[list[Fault], int]":
    """Load the corpus that a config names, and audit its articles.

    Raises:
        IncompleteError: There was nothing to check.
        CorpusError: An article could not be read: what is not read cannot be called right.
    """
    from tercet.audit import audit
    from tercet.config import load

    named = {override.partition("=")[0].lstrip("+") for override in overrides}
    if strange := sorted(name for name in named if name.split(".")[0] not in {"corpus", "limit"}):
        raise ConfigError(
            f"An audit takes corpus=... and limit=..., not '{strange[0]}'.",
            "For a folder of articles write corpus=markdown corpus.path=FOLDER.",
        )
    spec = load(overrides, own=config_dir)[0]
    loaded = spec.corpus.load()
    if loaded.problems:
        raise loaded.problems[0]
    articles = loaded.articles[: spec.settings.limit]
    checked = [article for article in articles if article.references]
    if not checked:
        raise IncompleteError("There is no reference to check.", "Check the corpus's path.")
    return [fault for article in checked for fault in audit(article)], len(checked)


@main.command("list")
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
def list_options(config_dir: str | None) -> None:
    """List the corpora, routes, backends and metrics that can be chosen."""
    from tercet.composing import config_folders, options

    for group, found in options(config_folders(config_dir)).items():
        click.secho(f"{group}=", bold=True)
        width = max(map(len, found))
        for name, note in found.items():
            click.echo(printable(f"  {name:{width}}  {note}"))


def _sweep(specs: "Sequence[RunSpec]", *, keep: bool) -> None:
    """Make the runs, print the leaderboard, and write it where there are several."""
    from tercet.progress import Narrator
    from tercet.report.calls import calls_as_markdown
    from tercet.report.console import Screen
    from tercet.report.leaderboard import as_csv, as_json, as_markdown, leaderboard
    from tercet.report.worst import worst_as_markdown, worst_facts
    from tercet.store import write_files
    from tercet.sweep import plan_sweep, run_sweep, sweep_name
    from tercet.sweeps import SWEEP

    watcher = Narrator(Screen(stderr=True))
    planned = plan_sweep(specs, watcher)
    mention_strange_outputs(planned)
    runs = run_sweep(planned, watcher)
    labels = [item.spec.label for item in planned]
    primary = planned[0].spec.settings.primary
    board = leaderboard(runs, primary, labels)
    worst = worst_facts(runs, labels)
    _print_board(board, worst, runs, labels)
    results = Path(planned[0].spec.settings.results)
    if keep:
        folder = results / sweep_name(planned)
        names = [run.folder.name for run in runs]
        parts = (as_markdown(board), worst_as_markdown(worst), calls_as_markdown(runs, labels))
        files = {"leaderboard.md": "\n".join(part for part in parts if part), "leaderboard.csv": as_csv(board)}
        told = {"runs": names, "labels": labels} | ({} if primary is None else {"primary": primary})
        write_files(folder, files | {"leaderboard.json": as_json(board), SWEEP: _json(told)})
        click.echo(f"{len(runs)} runs in {results}/; this leaderboard in {folder}/ (.md, .csv, .json)", err=True)
    else:
        folder = runs[0].folder
        click.echo(f"Written to {folder}/", err=True)
    click.echo(f"To read it article by article: tercet report {shlex.quote(str(folder))}", err=True)
    _judge(runs)


def _judge(runs: "Sequence[Run]") -> None:
    """Refuse to call a run fine that is not whole.

    Raises:
        IncompleteError: A run has failures, or nothing in it was scored.
    """
    from tercet.articles import SOURCE_PLACE
    from tercet.metrics.contract import Need
    from tercet.sweep import nothing_scored

    failed = [run for run in runs if run.info["failures"]]
    first = next((output for run in failed for output in run.each_output() if output.failure), None)
    why = "" if first is None else f"; the first, {first.case_id}: {first.failure}"
    if empty := nothing_scored(runs):
        names = ", ".join(run.system for run in empty)
        sourceless = first is not None and first.failure == Need.SOURCE.value
        where = f" {SOURCE_PLACE}" if sourceless else ""
        raise IncompleteError(
            f"Nothing was scored in {names}{why}.", f"The reasons stand under the leaderboard.{where}"
        )
    if failed:
        count = sum(run.info["failures"] for run in failed)
        raise IncompleteError(
            f"{count} outputs failed{why}.",
            "The scores are made of the others. Mend the cause and repeat the command: what is done is kept.",
        )


def _console() -> "Screen":
    """Make a console; what is piped is as wide everywhere."""
    from tercet.report.console import Screen

    return Screen(width=None if sys.stdout.isatty() else 120)


def _print_board(
    board: "Leaderboard", worst: "Sequence[WorstFact]", runs: "Sequence[Run]", labels: "Sequence[str] | None"
) -> None:
    from tercet.report.calls import render_calls
    from tercet.report.terminal import render
    from tercet.report.worst import render_worst

    console = _console()
    render(board, console)
    render_worst(worst, console)
    render_calls(runs, labels, console)


def _print_configs(specs: "Sequence[RunSpec]") -> None:
    import yaml

    for spec in specs:
        click.secho(f"# {spec.label}", bold=True)
        click.echo(printable(yaml.safe_dump(dict(spec.config), allow_unicode=True, sort_keys=False)))


def _print_outlook(specs: "Sequence[RunSpec]") -> None:
    """Check everything, and print what the sweep would ask of models."""
    from tercet.progress import Narrator
    from tercet.report.console import Screen
    from tercet.report.outlook import render_outlook
    from tercet.sweep import forecast, plan_sweep

    render_outlook(forecast(plan_sweep(specs, Narrator(Screen(stderr=True)))), _console())


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
