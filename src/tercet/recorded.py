"""Recorded: what a run's own file says that it was made with, built again.

A config is code: it names classes, which are imported, and its author may run what they like. A run folder is data: it
may come from anybody, in a mail or a pull request, and to look at it must run nothing that it brings along. So of what
it names only tercet's own components are built, and those that a config of this machine names too.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tercet.components import component, named_here
from tercet.composing import user_folders
from tercet.errors import ConfigError

# Where tercet's components stand; to import one, and to build it, asks nobody and reads nothing.
_OWN = ("tercet.backends.", "tercet.corpora.", "tercet.metrics.", "tercet.prompts.", "tercet.routes.")
_TARGET = re.compile(r"_target_\s*:\s*[\"']?([\w.]+)")


def recorded(node: Any, place: str) -> Any:
    """Build what a run's file describes, as ``component`` does for a config.

    Args:
        node: The mapping: ``_target_`` and the fields; other mappings within may name classes too.
        place: Where it stands, for messages.

    Raises:
        ConfigError: It names a class that is neither tercet's nor in a config here; or as ``component``.
    """
    strange = [path for path in _targets(node) if not path.startswith(_OWN) and not named_here(path)]
    if strange:
        known = _targets_of(user_folders())
        for path in strange:
            if path not in known:
                raise ConfigError(
                    f"{place}: the run names the class '{path}', and no config here does.",
                    "A run folder is data, and brings no code with it. If the class is yours, name it in a yaml of "
                    "conf/, or name the folder of your configs: --config-dir DIR.",
                )
    return component(node, place)


def _targets(node: Any) -> Iterator[str]:
    """Give every class that a node names, at whatever depth."""
    if isinstance(node, dict):
        if (path := node.get("_target_")) is not None:
            yield str(path)
        for value in node.values():
            yield from _targets(value)
    elif isinstance(node, list):
        for value in node:
            yield from _targets(value)


def _targets_of(folders: Sequence[Path]) -> set[str]:
    """Read the classes that yaml files name, without making anything of them."""
    found: set[str] = set()
    for folder in folders:
        for file in folder.rglob("*.yaml"):
            try:
                found.update(_TARGET.findall(file.read_text("utf-8")))
            except (OSError, ValueError):
                continue  # what cannot be read names nothing
    return found
