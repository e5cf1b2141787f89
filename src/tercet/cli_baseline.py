"""The commands over baselines: a run is blessed, and what a run says of itself is verified."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tercet import completing
from tercet.errors import ConfigError, TercetError

if TYPE_CHECKING:
    from tercet.verifying import Verification


@click.command()
@click.argument(
    "runs", nargs=-1, required=True, metavar="RUN", type=click.Path(path_type=Path), shell_complete=completing.runs
)
@click.option(
    "--to",
    "folder",
    default="baselines/default",
    show_default=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Where the baseline goes; an older one there is replaced.",
)
@click.option("--why", metavar="TEXT", help="Why this run is what others are measured by; asked for on a terminal.")
@click.option("--by", metavar="NAME", help="Who blesses it; else git's user.name, else the login.")
@click.option("--with-outputs", is_flag=True, help="Keep the outputs too, so that every row can be verified.")
@click.option("--force", is_flag=True, help="Also where outputs failed, or a server was down.")
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
def bless(  # noqa: PLR0913, PLR0917 (a command's options)
    runs: tuple[Path, ...],
    folder: Path,
    why: str | None,
    by: str | None,
    with_outputs: bool,
    force: bool,
    config_dir: str | None,
) -> None:
    """Make a run the baseline that later ones are measured by.

    \b
    tercet bless results/lead-glossary-1a2b3c4d --why "the prompt of March"
    tercet bless results/lead-glossary-1a2b3c4d --to baselines/release --with-outputs

    The baseline is small enough to be committed: rows, scores, signatures, and who blessed it, when and why.
    """
    from tercet.blessing import Blessed, author
    from tercet.blessing import bless as promote
    from tercet.report.verification import baseline_told

    if len(runs) > 1:
        named = ", ".join(str(run) for run in runs[:4]) + (", ..." if len(runs) > 4 else "")
        raise ConfigError(f"One run becomes the baseline, and {len(runs)} are named: {named}.", "Name the one.")
    if by is not None and not by.strip():
        raise ConfigError("--by is empty.", "Name somebody, or leave it out.")
    name = author() if by is None else by.strip()
    done = promote(
        runs[0], folder, Blessed(by=name, why=_reason(why), outputs=with_outputs), force=force, own=config_dir
    )
    for line in baseline_told(done):
        click.echo(line)
    click.echo(f"Next: git add {folder}\n      tercet gate --baseline {folder} --candidate RUN")


def _reason(why: str | None) -> str:
    """Take the reason, or ask for it: a baseline is promoted on purpose."""
    if why is None and _on_terminal():
        why = click.prompt("Why is this run the baseline")
    if why is None or not why.strip():
        raise ConfigError("It is not said why this run is the baseline.", 'Add --why "TEXT".')
    return why.strip()


def _on_terminal() -> bool:
    return sys.stdin.isatty()


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="RUN...",
    type=click.Path(path_type=Path),
    shell_complete=completing.runs,
)
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
@click.option("--trust", is_flag=True, help="Run what the runs name: metrics' scripts, checkpoints that are pickles.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def verify(folders: tuple[Path, ...], config_dir: str | None, trust: bool, form: str) -> None:
    """Compute every row and score of runs again from their outputs, and compare to the last bit.

    \b
    tercet verify results/lead-glossary-1a2b3c4d
    tercet verify results/*/ --format json

    No model is asked: what one has judged is looked up in its cache. The articles are read from the corpus that the
    run names, so that it is started in the folder in which the run was made.

    \b
    Exit codes: 0 all is equal, 1 something differs, 2 a file is damaged, 3 another corpus or other versions,
    4 not everything can be computed again. Of several runs the smallest that is not 0.
    """
    from tercet.report.verification import verification_told, verifications_as_json
    from tercet.sweeps import run_folders

    runs, _ = run_folders(folders)
    found = {str(folder): _verified(folder, config_dir, trusted=trust) for folder in runs}
    if form == "json":
        click.echo(verifications_as_json(found), nl=False)
    else:
        for item in found.values():
            if isinstance(item, TercetError):
                _complain(item)
            else:
                for line in verification_told(item):
                    click.echo(line)
    sys.exit(min((item.exit_code for item in found.values() if item.exit_code), default=0))


def _verified(folder: Path, config_dir: str | None, *, trusted: bool) -> "Verification | TercetError":
    """Verify a run; an error is told, and the next run's turn comes."""
    from tercet.verifying import verify

    try:
        return verify(folder, config_dir, trusted=trusted)
    except TercetError as error:
        return error


def _complain(error: TercetError) -> None:
    from tercet.text.printable import printable

    click.secho(printable(f"error: {error.problem}"), fg="red", err=True)
    if error.remedy:
        click.echo(printable(f"  {error.remedy}"), err=True)
