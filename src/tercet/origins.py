"""Where each value of a config comes from: a line of a yaml file, or the command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tercet.composing import opened

if TYPE_CHECKING:
    from hydra._internal.config_loader_impl import ConfigLoaderImpl
    from hydra._internal.hydra import Hydra
    from omegaconf import DictConfig

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A value and what set it last.

    Args:
        key: Its place, from the outermost key.
        value: A plain value; lists are one value.
        file: The yaml file; None where an override set it.
        line: Its line in the file, from 1.
    """

    key: tuple[str, ...]
    value: Any
    file: Path | None
    line: int | None


def origins(
    config: "DictConfig", overrides: Sequence[str], folders: Sequence[Path], config_name: str = "run"
) -> list[Origin]:
    """Name what set each value of a composed config.

    Args:
        config: From ``compose``.
        overrides: Its own, from ``compose``.
        folders: From ``config_folders``.
        config_name: The root config.

    Returns:
        One a value, in the order of the config.
    """
    with opened(folders) as hydra:
        set_by = _set_by(hydra, overrides, config_name)
    return [
        Origin(key=key, value=value, file=file, line=line)
        for key, value in _leaves(_plain(config))
        if key[0] != "choices"
        for file, line in [_nearest(key, set_by)]
    ]


def choosers(
    overrides: Sequence[str], folders: Sequence[Path], config_name: str = "run"
) -> dict[str, tuple[str, str | None]]:
    """Name each group's option, and what chose it.

    Args:
        overrides: Hydra's, of one configuration.
        folders: From ``config_folders``.
        config_name: The root config.

    Returns:
        Group -> its option, and the name of the config that chose it: the root's, or one like ``experiment/demo``.
        None where an override did.
    """
    from hydra.types import RunMode

    with opened(folders) as hydra:
        loader: ConfigLoaderImpl = hydra.config_loader  # type: ignore[assignment]
        found = loader.compute_defaults_list(config_name, list(overrides), RunMode.RUN).overrides
    chosen: dict[str, tuple[str, str | None]] = {}
    for group, option in {**found.known_choices, **found.override_choices}.items():
        if "/" in group or not option:
            continue
        by = found.override_metadata.get(group)
        name = option if isinstance(option, str) else f"[{','.join(map(str, option))}]"
        outer = None if by is not None and by.external_override else (by and by.containing_config_path) or config_name
        chosen[group] = (name, outer)
    return dict(sorted(chosen.items()))


def _plain(config: Any) -> Any:
    from omegaconf import OmegaConf

    return OmegaConf.to_container(config, resolve=True)


def _leaves(node: Any, at: _Key = ()) -> Iterator[tuple[_Key, Any]]:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _leaves(value, (*at, str(key)))
    else:
        yield at, node


def _nearest(key: _Key, set_by: dict[_Key, tuple[Path | None, int | None]]) -> tuple[Path | None, int | None]:
    """Find what set a key, or the whole that it is a part of."""
    for length in range(len(key), 0, -1):
        if key[:length] in set_by:
            return set_by[key[:length]]
    return None, None


def _set_by(hydra: "Hydra", overrides: Sequence[str], config_name: str) -> dict[_Key, tuple[Path | None, int | None]]:
    """Go through the files in the order in which Hydra lays them over each other; the last one to set a key did."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.types import RunMode

    loader: ConfigLoaderImpl = hydra.config_loader  # type: ignore[assignment]
    listed = loader.compute_defaults_list(config_name, list(overrides), RunMode.RUN)
    found: dict[_Key, tuple[Path | None, int | None]] = {}
    for default in listed.defaults:
        path, package = str(default.config_path), str(default.package or "")
        if path.startswith("hydra/") or (loaded := loader.repository.load_config(path)) is None:
            continue
        file = Path(loaded.path.removeprefix("file://")) / f"{path}.yaml"
        file = file if file.is_file() else Path(loaded.path.removeprefix("file://"))
        prefix = () if package in {"", "_global_"} else tuple(package.split("."))
        for key, line in _lines(yaml.compose(file.read_text("utf-8"), Loader=yaml.SafeLoader), prefix):
            found = {known: by for known, by in found.items() if known[: len(key)] != key}
            found[key] = (file, line)
    groups = set(listed.overrides.known_choices)
    for override in OverridesParser.create().parse_overrides(list(overrides)):
        if override.key_or_group not in groups:
            key = tuple(override.key_or_group.split("."))
            found = {known: by for known, by in found.items() if known[: len(key)] != key}
            found[key] = (None, None)
    return found


def _lines(node: yaml.Node | None, at: _Key) -> Iterator[tuple[_Key, int]]:
    """Give each value of a file its key and its line."""
    if not isinstance(node, yaml.MappingNode):
        if node is not None and at:
            yield at, node.start_mark.line + 1
        return
    for key, value in node.value:
        if at or key.value not in {"defaults", "hydra"}:
            if isinstance(value, yaml.MappingNode) and value.value:
                yield from _lines(value, (*at, str(key.value)))
            else:
                yield (*at, str(key.value)), key.start_mark.line + 1
