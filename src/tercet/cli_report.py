"""The command that writes reports."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tercet import completing
from tercet.errors import ConfigError

if TYPE_CHECKING:
    from tercet.comparing.settings import Settings
    from tercet.runs import Run

_FORMATS = ("html", "md", "csv", "parquet", "json", "latex")
_ENDINGS = {".md": "md", ".csv": "csv", ".parquet": "parquet", ".json": "json", ".tex": "latex"}
_RESULTS = Path("results")


@click.command()
@click.argument("folders", nargs=-1, metavar="RUN...", type=click.Path(path_type=Path), shell_complete=completing.runs)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it there; without, HTML goes into the run's or sweep's folder, other forms are printed.",
)
@click.option("--format", "form", type=click.Choice(_FORMATS), help="By the ending of FILE, else html.")
@click.option("--index", is_flag=True, help="Of all runs in a folder of results: each metric over time.")
@click.option("--title", help="Of the page.")
@click.option("--primary", metavar="SCORE", help="The score to sort by; it is tested apart.")
@click.option(
    "--audit/--no-audit",
    default=None,
    help="Look for mistakes in the references too; as it is, for up to 2,000 articles.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the tests.")
@click.option(
    "--replicates",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="Random permutations; fewer articles are permuted exactly.",
)
@click.option("--config-dir", metavar="DIR", help="Your own configs, beside which your classes lie.")
def report(folders: tuple[Path, ...], output: Path | None, form: str | None, index: bool, **given: Any) -> None:
    """Show runs in one HTML file: who leads, where they differ, article by article, fact by fact.

    \b
    tercet report results/demo-13160286
    tercet report results/baseline results/candidate -o report.html
    tercet report results/*/ --format csv -o scores.csv
    tercet report --index results

    Of two runs the baseline comes first. The file asks for nothing from anywhere. Sources, references and prompts are
    found again in the corpus that the runs name, so that it is started in the folder in which they were made; what is
    not there any more, or has changed, is said. Other forms: md and latex for tables, json for all numbers, csv for
    the scores, parquet for the scores of every case. A page holds up to 50,000 cases in all.
    """  # fmt: skip
    form = form or _ENDINGS.get("" if output is None else output.suffix.lower(), "html")
    if index:
        _index(folders, output, form)
        return
    from tercet.comparing.settings import Settings
    from tercet.composing import config_folders, make_importable
    from tercet.runs import load_run
    from tercet.sweeps import primary_of, run_folders

    make_importable(config_folders(given["config_dir"]))
    found, labels = run_folders(folders)
    given["primary"] = given["primary"] or primary_of(folders)
    runs = [load_run(folder) for folder in found]
    settings = Settings(on="common", seed=given["seed"], replicates=given["replicates"], primary=given["primary"])
    if form == "html":
        alone = folders[0] if len(folders) == 1 else Path()
        _html(runs, labels, output or alone / "report.html", settings, given, _again(folders, output, given))
    else:
        _tables(runs, labels, output, form, settings)


def _html(  # noqa: PLR0913, PLR0917 (what the command was given)
    runs: "Sequence[Run]",
    labels: Sequence[str] | None,
    path: Path,
    settings: "Settings",
    given: "dict[str, Any]",
    again: str,
) -> None:
    from tercet.progress import Narrator
    from tercet.report.console import Screen
    from tercet.viewing.making import Options, write_report

    options = Options(
        title=given["title"],
        command=again,
        primary=given["primary"],
        labels=labels,
        audit=given["audit"],
        settings=settings,
    )
    with Narrator(Screen(stderr=True)).run("report") as told:
        write_report(runs, path, options, told.step)
    size = path.stat().st_size / 1e6
    click.echo(f"Written to {path} ({size:.1f} MB); open it in a browser", err=True)


def _tables(
    runs: "Sequence[Run]", labels: Sequence[str] | None, output: Path | None, form: str, settings: "Settings"
) -> None:
    """Write a report in another form than HTML: to a file, or on standard output."""
    data = _written(runs, labels, form, settings)
    if output is None:
        if form == "parquet":
            raise ConfigError("A Parquet file is not printed.", "Name it: -o scores.parquet")
        click.echo(data, nl=False)
        return
    from tercet.store import writing_file

    with writing_file(output) as file:
        file.write(data)
    click.echo(f"Written to {output}", err=True)


def _written(runs: "Sequence[Run]", labels: Sequence[str] | None, form: str, settings: "Settings") -> bytes:
    from tercet.viewing.document import as_csv, as_json, as_latex, as_markdown, document

    if form == "parquet":
        from tercet.comparing.tables import contents
        from tercet.runs import labels_of
        from tercet.viewing.segments import as_parquet

        return as_parquet([contents(run) for run in runs], labels or labels_of(runs))
    if form == "csv":
        return as_csv(runs, labels, settings.primary).encode("utf-8")
    found = document(runs, labels, settings, settings.primary)
    write = {"md": as_markdown, "json": as_json, "latex": as_latex}[form]
    return write(found).encode("utf-8")


def _index(folders: Sequence[Path], output: Path | None, form: str) -> None:
    """Write the page over all runs of a folder.

    Raises:
        ConfigError: Several folders are named, or another form than HTML.
    """
    from tercet.viewing.history import write_history

    if len(folders) > 1 or form != "html":
        raise ConfigError("An index is one HTML file over one folder.", "Write: tercet report --index results")
    results = folders[0] if folders else _RESULTS
    path = output or results / "index.html"
    count = write_history(results, path, _command(["--index", str(results)], output))
    click.echo(f"{count} runs; written to {path}; open it in a browser", err=True)


def _again(folders: Sequence[Path], output: Path | None, given: "dict[str, Any]") -> str:
    """Word the command that makes a report again, without what is as it would be anyway."""
    words = [str(folder) for folder in folders]
    for name in ("title", "primary", "config_dir"):
        words += [f"--{name.replace('_', '-')}", given[name]] if given[name] else []
    for name, usual in (("seed", 0), ("replicates", 10_000)):
        words += [f"--{name}", str(given[name])] if given[name] != usual else []
    if given["audit"] is not None:
        words.append("--audit" if given["audit"] else "--no-audit")
    return _command(words, output)


def _command(words: Sequence[str], output: Path | None) -> str:
    return shlex.join(["tercet", "report", *words, *(["-o", str(output)] if output else [])])
