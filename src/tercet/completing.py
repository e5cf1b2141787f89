"""What the Tab key offers after a command: groups, options and keys of the config, and runs."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem

_RESULTS = "results"


def overrides(ctx: "Context", param: "Parameter", incomplete: str) -> "list[CompletionItem[str]]":
    """Offer ``group=``, ``group=option``, and the keys of what is chosen: ``summarizer.sentences=``.

    Args:
        ctx: The command as far as it is typed.
        param: Its argument of overrides.
        incomplete: The word that the cursor is at.
    """
    from click.shell_completion import CompletionItem

    from tercet.composing import config_folders
    from tercet.errors import TercetError

    given = ctx.params.get(param.name or "") or ()
    try:
        folders = config_folders(ctx.params.get("config_dir"))
    except TercetError:
        return []
    found = _offers(incomplete, _chosen([str(word) for word in given]), folders)
    return [CompletionItem(value, help=note) for value, note in found if value.startswith(incomplete)]


def words(ctx: "Context", param: "Parameter", incomplete: str) -> "list[CompletionItem[str]]":
    """Offer runs, and whatever ``overrides`` offers; files where a path has begun."""
    from click.shell_completion import CompletionItem

    if "=" not in incomplete and (os.sep in incomplete or Path(incomplete or "-").exists()):
        return runs(ctx, param, incomplete) or [CompletionItem(incomplete, type="file")]
    return [*runs(ctx, param, incomplete), *overrides(ctx, param, incomplete)]


def runs(_ctx: "Context", _param: "Parameter", incomplete: str) -> "list[CompletionItem[str]]":
    """Offer the folders of runs and sweeps, the newest first; any folder where none of them fits."""
    from click.shell_completion import CompletionItem

    folder = Path(incomplete).parent if os.sep in incomplete else Path(_RESULTS)
    found = [file.parent for name in ("run.json", "sweep.json") for file in folder.glob(f"*/{name}")]
    found.sort(key=lambda run: -run.stat().st_mtime)
    offered = [CompletionItem(str(run)) for run in found if str(run).startswith(incomplete)]
    return offered or ([CompletionItem(incomplete, type="dir")] if os.sep in incomplete else [])


def _chosen(given: list[str]) -> dict[str, str]:
    """Read which option of each group is chosen by what is typed already."""
    pairs = (word.lstrip("+").partition("=") for word in given)
    return {group: option.split(",")[0] for group, _, option in pairs if option}


def _offers(incomplete: str, chosen: Mapping[str, str], folders: list[Path]) -> Iterator[tuple[str, str | None]]:
    from tercet.composing import options

    groups = options(folders)
    key, equals, typed = incomplete.partition("=")
    if equals:
        # A list of choices or of metrics goes on with its last word.
        before = incomplete[: max(incomplete.rfind(mark) for mark in "=,[") + 1]
        named = typed.strip("[").split(",")[:-1]
        for option, note in groups.get(key.lstrip("+"), {}).items():
            if option not in named:
                yield before + option, note
        return
    if "." not in key:
        for group in groups:
            yield f"{group}=", None
    for name, value in _keys(key, chosen, groups, folders):
        yield name + ("." if isinstance(value, Mapping) and value else "="), None


def _keys(
    key: str, chosen: Mapping[str, str], groups: Mapping[str, Mapping[str, str]], folders: list[Path]
) -> Iterator[tuple[str, Any]]:
    """List the keys beside the one that is typed: of the root, or of the option that its group has."""
    root = _load(folders, "run")
    outer, dot, rest = key.partition(".")
    if not dot:
        yield from ((name, value) for name, value in root.items() if name not in {"hydra", "defaults"})
        yield "metrics", {"": None}
        return
    place, inner = outer, rest
    if outer == "metrics":
        name, dot, inner = rest.partition(".")
        if not dot:
            yield from ((f"metrics.{metric}", {"": None}) for metric in groups["metric"])
            return
        place, file = f"metrics.{name}", f"metric/{name}"
    else:
        file = f"{outer}/{chosen.get(outer) or _default(root, outer)}"
    node: Any = _load(folders, file)
    *path, _ = inner.split(".")
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    if isinstance(node, Mapping):
        yield from ((".".join([place, *path, str(name)]), value) for name, value in node.items() if name != "_target_")


def _default(root: Mapping[str, Any], group: str) -> str:
    entries = [entry for entry in root.get("defaults", []) if isinstance(entry, dict)]
    return next((str(entry[group]) for entry in entries if group in entry), "none")


def _load(folders: list[Path], name: str) -> dict[str, Any]:
    """Read one config as it stands; nothing where it is not there or broken: the Tab key complains of nothing."""
    import yaml

    for folder in folders:
        try:
            found = yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))
        except (OSError, ValueError, yaml.YAMLError):
            continue
        return found if isinstance(found, dict) else {}
    return {}
