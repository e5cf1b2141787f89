"""Files of outputs on the command line: told from overrides, named, and made into configurations."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tercet.errors import ConfigError

if TYPE_CHECKING:
    from tercet.config import RunSpec
    from tercet.sweep import Planned

# Read as plain text, their rows would pass for outputs.
_TABLES = frozenset({".csv", ".tsv", ".parquet", ".xls", ".xlsx", ".ods"})


def output_specs(words: Sequence[str], own: str | None, command: str) -> "list[RunSpec]":
    """Configure a run for each file of outputs.

    Args:
        words: Files, and overrides that hold for all of them.
        own: The user's folder of configs.
        command: What the user called, for a message.

    Raises:
        ConfigError: No file, one that is not there, or a wrong override.
    """
    from tercet.config import load

    files, overrides = _outputs(words, command)
    named = [word for word in overrides if word.startswith("route=")]
    route = named[-1] if named else "route=translate" if "corpus=parallel" in overrides else "route=direct"
    role = "translator" if route == "route=translate" else "summarizer"
    rest = [word for word in overrides if word not in named]
    (first,) = load([route, f"{role}=replay", f"{role}.path={_quoted(files[0])}", *rest], own=own)
    return [_of_file(first, role, file, label) for file, label in zip(files, _labels(files), strict=True)]


def _outputs(words: Sequence[str], command: str) -> tuple[list[str], list[str]]:
    """Tell output files from overrides; a name with '=' in it is a file only where it is there."""
    files = [word for word in words if "=" not in word or Path(word).is_file()]
    if not files:
        raise ConfigError("No outputs are named.", f"Expected: {command} OUTPUTS... [KEY=VALUE]...")
    for file in files:
        if Path(file).is_dir():
            raise ConfigError(f"'{file}' is a folder.", "Name its files: .jsonl or text; corpus.path names articles.")
        if Path(file).suffix.lower() in _TABLES:
            raise ConfigError(
                f"'{file}' is a table, and outputs are not read from one.",
                'Write JSON lines, {"id": "ARTICLE:LANGUAGE", "text": "..."}, or a text file with one output a line.',
            )
        if not Path(file).is_file():
            raise ConfigError(f"There is no file '{file}'.", "Name a .jsonl or a text file, or write KEY=VALUE.")
    return files, [word for word in words if word not in files]


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _labels(files: Sequence[str]) -> list[str]:
    """Name systems by their files: without folder and ending where that tells them apart."""
    stems = [Path(file).name.removesuffix(".gz") for file in files]
    short = [stem.rpartition(".")[0] or stem for stem in stems]
    return short if len(set(short)) == len(files) else list(files)


def _of_file(spec: "RunSpec", group: str, file: str, label: str) -> "RunSpec":
    """Take another file's outputs; the rest is composed once, for that takes longer than scoring a short file."""
    from dataclasses import replace

    role = spec.system.route.stages[0]
    backends = {**spec.system.backends, role: replace(spec.system.backends[role], path=file)}  # type: ignore[type-var]
    system = replace(spec.system, backends=backends, names={**spec.system.names, role: label})
    return replace(
        spec,
        label=label,
        choices={**spec.choices, group: label},
        system=system,
        config={**spec.config, group: {**spec.config[group], "path": file}},
    )


def mention_strange_outputs(planned: "Sequence[Planned]") -> None:
    """Say which outputs of a file answer no case: misspelt ids, or another corpus's."""
    from tercet.backends.replay import Replay

    for item in planned:
        for backend in item.spec.system.backends.values():
            if not isinstance(backend, Replay):
                continue
            count, first = backend.unknown((case.id for case in item.cases), shown=3)
            if count:
                shown = ", ".join(first) + (", ..." if count > len(first) else "")
                what = "1 output answers" if count == 1 else f"{count} outputs answer"
                case = next((case.id for case in item.cases), None)
                form = "" if case is None else f". The first case is {case}: ARTICLE:LANGUAGE"
                click.secho(f"{backend.path}: {what} no case: {shown}{form}", fg="yellow", err=True)
