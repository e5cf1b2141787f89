"""``tercet merge``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tercet import completing
from tercet.errors import IncompleteError

if TYPE_CHECKING:
    from tercet.runs import Run


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="PART...",
    type=click.Path(path_type=Path),
    shell_complete=completing.runs,
)
@click.option(
    "--results", metavar="DIR", type=click.Path(path_type=Path), help="Where the run goes; else beside the parts."
)
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
def merge(folders: tuple[Path, ...], results: Path | None, config_dir: str | None) -> None:
    """Join the parts of a run that were made on different machines.

    \b
    tercet run summarizer=lead part=1/2     # here
    tercet run summarizer=lead part=2/2     # there
    tercet merge results/*-part-*

    The run is the one that a single machine would have made: the same scores, intervals, rows and hashes. Parts that
    overlap, that leave articles out, or that were made otherwise are refused, and the articles named.
    """
    from tercet.merging import merge as join

    run = join(folders, results, config_dir)
    click.echo(f"Written to {run.folder}/", err=True)
    click.echo(f"To see its scores: tercet show {run.folder}", err=True)
    _judge(run)


def _judge(run: "Run") -> None:
    """Refuse to call a run fine that is not whole, as ``tercet run`` does.

    Raises:
        IncompleteError: It has failures, or nothing in it was scored.
    """
    if not any(item["scored"] for item in run.info["scores"]):
        raise IncompleteError("Nothing was scored.", f"To see why: tercet show {run.folder}")
    if run.info["failures"]:
        raise IncompleteError(
            f"{run.info['failures']} outputs failed.",
            "The scores are made of the others. Mend the cause, make those parts again, and merge once more.",
        )
