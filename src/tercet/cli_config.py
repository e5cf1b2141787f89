"""A composed config, with where each of its values comes from."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tercet.text.printable import printable

if TYPE_CHECKING:
    from tercet.origins import Origin

_GIVEN = ("command line", "the sweep")
_WIDEST = 60  # a longer value pushes its own comment further right, and no other one


def show_config(overrides: Sequence[str], own: str | None, form: str) -> None:
    """Print the config that a command with these overrides would run; of a sweep the first, and what varies.

    Args:
        overrides: Hydra's.
        own: The user's folder of configs.
        form: ``json``, or anything else for yaml with comments.

    Raises:
        ConfigError: An unknown key or option, or a value that cannot be.
    """
    from tercet.composing import compose, config_folders
    from tercet.config import load
    from tercet.origins import choosers, origins
    from tercet.report.escaping import in_json

    folders = config_folders(own)
    specs = load(overrides, multirun=True, own=own)  # whatever is wrong is said before anything is shown
    config, combination = compose(overrides, multirun=True, folders=folders, config_name="run")[0]
    found = origins(config, combination, folders)
    named = {override.partition("=")[0].lstrip("+") for override in overrides}
    places = [place(origin, folders, named) for origin in found]
    if form == "json":
        click.echo(in_json(_as_json(found, places)))
        return
    click.echo(printable(f"# {specs[0].label}"))
    if len(specs) > 1:
        others = ", ".join(spec.label for spec in specs[1:])
        click.echo(printable(f"# The first of {len(specs)} runs; the others: {others}"))
    chosen = [
        (f"#   {group}={option}", by or ("command line" if group in named else "the sweep"))
        for group, (option, by) in choosers(combination, folders).items()
    ]
    width = max(len(text) for text, _ in chosen)
    click.echo("\n".join(f"{text:{width}}  {by if by in _GIVEN else f'{by}.yaml'}" for text, by in chosen))
    click.echo(printable("\n".join(_as_yaml(found, places))))


def _as_yaml(found: "Sequence[Origin]", places: Sequence[str]) -> list[str]:
    """Write yaml whose comments are the origins, in one column."""
    lines: list[tuple[str, str]] = []
    open_at: tuple[str, ...] = ()
    for origin, where in zip(found, places, strict=True):
        *outer, name = origin.key
        pairs = zip(outer, open_at, strict=False)
        shared = next(
            (depth for depth, (one, other) in enumerate(pairs) if one != other), min(len(outer), len(open_at))
        )
        lines += [(f"{'  ' * depth}{outer[depth]}:", "") for depth in range(shared, len(outer))]
        open_at = tuple(outer)
        indent = "  " * len(outer)
        first, *rest = _scalar(origin.value)
        lines.append((f"{indent}{name}: {first}", f"# {where}"))
        lines += [(f"{indent}  {line}".rstrip(), "") for line in rest]
    width = min(_WIDEST, max((len(text) for text, note in lines if note), default=0))
    return [f"{text:{width}}  {note}" if note else text for text, note in lines]


def _scalar(value: Any) -> list[str]:
    """Write a value in one line, or a text of several as a block, first what introduces it."""
    import yaml

    if isinstance(value, str) and "\n" in value and value == value.strip() + "\n":
        return ["|", *value.splitlines()]
    written: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10**6)
    return written.removesuffix("\n").removesuffix("\n...").splitlines()


def _as_json(found: "Sequence[Origin]", places: Sequence[str]) -> str:
    import json

    records = [
        {"key": ".".join(origin.key), "value": origin.value, "origin": where}
        for origin, where in zip(found, places, strict=True)
    ]
    return json.dumps(records, ensure_ascii=False, indent=2)


def place(origin: "Origin", folders: Sequence[Path], named: set[str]) -> str:
    """Name where a value comes from as a reader knows it.

    Args:
        origin: Of the value.
        folders: From ``config_folders``: tercet's is the last.
        named: The keys that the command line names; another override is a choice of the sweep.

    Returns:
        The user's file from here, or tercet's own, with the line; or the command line.
    """
    if origin.file is None:
        keys = {".".join(origin.key[:length]) for length in range(1, len(origin.key) + 1)}
        return "command line" if keys & named else "the sweep"
    if origin.file.is_relative_to(folders[-1]):
        return f"tercet's {origin.file.relative_to(folders[-1])}:{origin.line}"
    here = Path.cwd()
    shown = origin.file.relative_to(here) if origin.file.is_relative_to(here) else origin.file
    return f"{shown}:{origin.line}"
