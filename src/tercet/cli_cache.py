"""The commands over the cache of replies."""

import re
import sys
import time
from pathlib import Path

import click

from tercet.errors import ConfigError

_SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_FILE = click.option(
    "--file",
    "path",
    default=".tercet/replies.sqlite",
    show_default=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The cache, as cache=FILE names it.",
)


@click.group()
def cache() -> None:
    """Look at the replies that are kept, and remove them."""


@cache.command()
@_FILE
def stats(path: Path) -> None:
    """Show how many replies are kept, of which model or backend, and since when."""
    from rich.table import Table
    from rich.text import Text

    from tercet.cache import Cache
    from tercet.report.console import Screen

    with Cache(_there(path)) as found:
        kept = found.stats()
    table = Table(box=None, pad_edge=False)
    table.add_column("model", overflow="fold")
    for name in ("replies", "characters", "oldest", "newest"):
        table.add_column(name, justify="right")
    for item in kept:
        days = [_day(item.oldest), _day(item.newest)]
        table.add_row(Text(item.backend or "(unnamed)"), f"{item.replies:,}", f"{item.characters:,}", *days)
    Screen(width=None if sys.stdout.isatty() else 120).print(table)
    replies = sum(item.replies for item in kept)
    size = sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")) / 1e6
    click.echo(f"{replies:,} {'reply' if replies == 1 else 'replies'}, {size:.1f} MB in {path}")


@cache.command()
@_FILE
@click.option("--older-than", metavar="AGE", help="Only replies older than this: 90m, 12h, 30d, 8w.")
@click.option("--model", metavar="NAME", help="Only replies of this model or backend, as stats names it.")
@click.option("--all", "everything", is_flag=True, help="Every reply.")
def prune(path: Path, older_than: str | None, model: str | None, everything: bool) -> None:
    """Remove replies; what they answered will be asked again.

    \b
    tercet cache prune --older-than 30d
    tercet cache prune --model gemma-3-270m
    """
    from tercet.cache import Cache

    if not (older_than or model or everything):
        raise ConfigError("Nothing says what to remove.", "Add --older-than AGE, --model NAME or --all.")
    before = None if older_than is None else int(time.time()) - _age(older_than)
    with Cache(_there(path)) as found:
        if model is not None and model not in (names := [item.backend for item in found.stats()]):
            from tercet.errors import nearest

            raise ConfigError(f"There is no reply of '{model}'.", nearest(model, names))
        removed = found.prune(before=before, backend=model)
    click.echo(f"{removed:,} {'reply' if removed == 1 else 'replies'} removed")


def _there(path: Path) -> Path:
    if not path.is_file():
        raise ConfigError(f"There is no cache '{path}'.", "Name it with --file; a run makes it.")
    return path


def _age(text: str) -> int:
    match = re.fullmatch(r"(\d{1,9})([mhdw])", text.strip())
    if match is None:
        raise ConfigError(f"'{text}' is no age.", "Write it as 90m, 12h, 30d or 8w.")
    return int(match[1]) * _SECONDS[match[2]]


def _day(seconds: int) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else "–"
    except (OSError, OverflowError, ValueError):  # of a clock that went wrong, when it was stored
        return "no date"
