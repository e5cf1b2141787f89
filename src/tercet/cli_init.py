"""The command that writes a starting project."""

import shlex
from pathlib import Path

import click

from tercet.text.printable import printable


@click.command()
@click.argument("folder", default=".", metavar="[FOLDER]", type=click.Path(path_type=Path))
@click.option("--ci", type=click.Choice(["github"]), help="Also write a workflow that gates each pull request.")
def init(folder: Path, ci: str | None) -> None:
    """Write a starting project: two articles, configs, a gate and a test.

    \b
    tercet init evals
    tercet init evals --ci github

    It works as it stands, without a model and without a network. What is there already is left alone: then nothing
    is written, and the files are named.
    """
    from tercet.starting import starting_files, write_starting

    files = starting_files(folder, ci=ci)
    write_starting(files)
    for path in files:
        click.echo(printable(str(path)))
    steps = ["tercet run experiment=ci", "less README.md   # bless it, gate on it"]
    if folder.resolve() != Path.cwd():
        steps.insert(0, f"cd {shlex.quote(str(folder))}")
    click.echo(printable("\n".join(["", "Next:", *(f"  {step}" for step in steps)])))
