"""Composing: Hydra makes configs of yaml files and overrides, one or every combination of a sweep."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import tercet
from tercet.beside import followed
from tercet.errors import ConfigError
from tercet.mistyped import misplaced, unknown_key, unknown_option, unreadable, unswept

if TYPE_CHECKING:
    from hydra._internal.hydra import Hydra
    from omegaconf import DictConfig

_OPENED: list[Path] = []  # the user's folders of configs, in this process
_HEAD = 1 << 16  # characters of a config among which its note stands
# What Hydra lets through where a config is not of the shape that it takes for granted.
_UNCHECKED = (AssertionError, AttributeError, LookupError, RecursionError, TypeError)
_OVERRIDE = re.compile(r"(?:Could not override|In (?:'[^']*': )?Could not find) '(?P<key>[^']+)'")


def config_folder() -> Path:
    """Find the configs that come with tercet: inside the installed package, or at the repository's root."""
    package = Path(tercet.__file__).parent
    installed = package / "conf"
    return installed if installed.is_dir() else package.parents[1] / "conf"


def config_folders(own: str | None) -> list[Path]:
    """List where configs are looked for, first match first: the user's folder, then tercet's.

    Args:
        own: The user's folder; None takes ``conf/`` in the working directory where there is one.

    Raises:
        ConfigError: The user's folder is not there.
    """
    shipped = config_folder().resolve()
    folder = followed(Path("conf" if own is None else own))
    if own is not None and not folder.is_dir():
        raise ConfigError(f"The config folder '{own}' is not there.", "Check --config-dir.")
    return [folder, shipped] if folder.is_dir() and folder != shipped else [shipped]


def options(folders: Sequence[Path]) -> dict[str, dict[str, str]]:
    """List the options of each group, with the first comment of each file.

    Returns:
        group -> option -> comment, in the order of ``conf/run.yaml`` and of the names.
    """
    groups = (
        "corpus", "route", "summarizer", "translator", "prompt", "metric", "prices", "gate", "executor", "launcher",
        "experiment",
    )  # fmt: skip
    found: dict[str, dict[str, str]] = {group: {} for group in groups}
    for folder in reversed(folders):
        for file in sorted(folder.glob("*/*.yaml")):
            with file.open(encoding="utf-8") as opened:
                lines = opened.read(_HEAD).splitlines()
            notes = [line[1:].strip() for line in lines if line.startswith("#") and "@package" not in line]
            found.setdefault(file.parent.name, {})[file.stem] = notes[0] if notes else ""
    return {group: dict(sorted(items.items())) for group, items in found.items() if items}


def compose(
    overrides: Sequence[str], *, multirun: bool, folders: Sequence[Path], config_name: str
) -> list[tuple["DictConfig", list[str]]]:
    """Compose one configuration, or every combination of a sweep.

    Args:
        overrides: Hydra's.
        multirun: Whether lists of choices make a sweep; ``hydra.mode=MULTIRUN`` in a config does
            the same.
        folders: From ``config_folders``.
        config_name: The root config.

    Returns:
        Each configuration, with Hydra's choice of each group under ``choices``, and its overrides.

    Raises:
        ConfigError: An unknown key, group or option, with the nearest name that exists.
    """
    make_importable(folders)
    with opened(folders) as hydra:
        parsed = _parse(hydra, list(overrides), folders)
        first = _compose(hydra, config_name, [values[0] for values in _choices(parsed)], folders)
        mode = str(first.hydra.mode) if first.hydra.mode is not None else ""
        if not multirun and not mode.endswith("MULTIRUN"):
            swept = [override.input_line for override in parsed if override.is_sweep_override()]
            if swept:
                raise unswept(swept[0])
            return [(_chosen(first), list(overrides))]
        combinations = _combinations(hydra, first, list(overrides))
        return [(_chosen(_compose(hydra, config_name, each, folders)), each) for each in combinations]


@contextmanager
def opened(folders: Sequence[Path]) -> Iterator["Hydra"]:
    """Start Hydra over folders of configs, and leave it as it was found."""
    from hydra import version
    from hydra._internal.hydra import Hydra
    from hydra._internal.utils import create_config_search_path
    from hydra.core.global_hydra import GlobalHydra
    from hydra.initialize import get_gh_backup, restore_gh_from_backup

    backup = get_gh_backup()
    version.setbase("1.3")
    paths = create_config_search_path(search_path_dir=str(folders[-1]))
    for folder in reversed(folders[:-1]):
        paths.prepend("tercet-user", f"file://{folder}")
    GlobalHydra.instance().clear()
    try:
        yield Hydra.create_main_hydra2(task_name="tercet", config_search_path=paths)
    finally:
        GlobalHydra.instance().clear()
        restore_gh_from_backup(backup)


def make_importable(folders: Sequence[Path]) -> None:
    """Let a user's yaml name a class in a file of theirs: here, beside their configs, or among them.

    Args:
        folders: From ``config_folders``: the user's, where there is one, before tercet's.
    """
    own = folders[0] if len(folders) > 1 else None
    if own is not None and own not in _OPENED:
        _OPENED.append(own)
    for folder in (Path.cwd(), *((own.parent, own) if own else ())):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))


def user_folders() -> list[Path]:
    """List the user's folders of configs that were opened in this process, for ``make_importable``."""
    return list(_OPENED)


def _combinations(hydra: "Hydra", first: "DictConfig", overrides: list[str]) -> list[list[str]]:
    """Expand a sweep as Hydra's basic sweeper does, ``hydra.sweeper.params`` of a config first."""
    params = [f"{key}={value}" for key, value in (first.hydra.sweeper.params or {}).items()]
    return [list(combination) for combination in product(*_choices(_parse(hydra, [*params, *overrides])))]


def _parse(hydra: "Hydra", overrides: list[str], folders: Sequence[Path] = ()) -> list[Any]:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return list(OverridesParser.create(config_loader=hydra.config_loader).parse_overrides(overrides))
    except RecursionError as error:
        raise ConfigError("An override is nested too deeply.", "Expected key=value.") from error
    except ValueError as error:  # thousands of digits
        raise ConfigError(f"An override cannot be read: {str(error).partition(';')[0]}.", "Shorten it.") from error
    except HydraException as error:
        raise unreadable(overrides, str(error).strip().splitlines()[0], options(folders)) from None


def _choices(parsed: Sequence[Any]) -> list[list[str]]:
    """The values of each key; a later override of a key takes the earlier one's place."""
    return list({override.get_key_element(): _values(override) for override in parsed}.values())


def _values(override: Any) -> list[str]:
    """Write an override for each of its values; of choices within choices, or within a value, Hydra can make none."""
    from omegaconf.errors import OmegaConfBaseException

    key = override.get_key_element()
    try:
        if override.is_delete():
            return [override.input_line]
        if not override.is_sweep_override():
            return [f"{key}={override.get_value_element_as_str()}"]
        if override.is_discrete_sweep():
            return [f"{key}={value}" for value in override.sweep_string_iterator()]
    except OmegaConfBaseException as error:
        raise ConfigError(f"'{override.input_line}' is no list of choices.", "Expected key=a,b,c.") from error
    raise ConfigError(f"'{override.input_line}' is no list of choices.", "Expected key=a,b,c.")


def _composed(hydra: "Hydra", config_name: str, overrides: list[str]) -> "DictConfig":
    from hydra.types import RunMode

    return hydra.compose_config(
        config_name=config_name,
        overrides=overrides,
        run_mode=RunMode.RUN,
        from_shell=False,
        with_log_configuration=False,
    )


def _compose(hydra: "Hydra", config_name: str, overrides: list[str], folders: Sequence[Path]) -> "DictConfig":
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    try:
        config = _composed(hydra, config_name, overrides)
    except (HydraException, OmegaConfBaseException) as error:
        raise _worded(error, hydra, config_name, overrides, folders) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{mark.name}:{mark.line + 1}: " if mark else ""
        reason = getattr(error, "problem", None) or error
        raise ConfigError(
            f"{place}no YAML: {reason}.", "Mend the file; quotes close, and tabs indent nothing."
        ) from error
    except UnicodeDecodeError as error:
        file = next((f"{path}: " for folder in folders for path in folder.rglob("*.yaml") if not _is_utf8(path)), "")
        raise ConfigError(f"{file}byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from error
    except ValueError as error:  # Hydra's own for summarizer=null
        raise ConfigError(f"The config cannot be composed: {error}.", "For no option write GROUP=none.") from error
    except OSError as error:  # an option's name is a file's
        raise ConfigError(f"The config cannot be read: {error.strerror or error}.", "Options are names.") from error
    except _UNCHECKED as error:
        raise ConfigError(
            f"The config cannot be composed: {error or type(error).__name__}.",
            "Options are names; a list 'defaults' holds GROUP: NAME.",
        ) from error
    if config.get("experiment") is not None:
        raise misplaced(str(config.hydra.runtime.choices.get("experiment")), list(config.experiment))
    return config


def _is_utf8(path: Path) -> bool:
    try:
        path.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _chosen(config: "DictConfig") -> "DictConfig":
    """Put Hydra's choice of each group in the place of its own part."""
    from omegaconf import OmegaConf, open_dict

    choices = {key: value for key, value in config.hydra.runtime.choices.items() if "/" not in key}
    with open_dict(config):
        del config["hydra"]
        config["choices"] = OmegaConf.create(choices)
    return config


def _worded(
    error: Exception, hydra: "Hydra", config_name: str, overrides: list[str], folders: Sequence[Path]
) -> ConfigError:
    """Say what Hydra found in one sentence, with the nearest name that exists."""
    from hydra.errors import MissingConfigException

    groups = options(folders)
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        return unknown_option(error.missing_cfg_file, groups, folders)
    message = str(error).strip()
    match = _OVERRIDE.search(message)
    if match is None:
        return ConfigError(f"The config cannot be composed: {(message or type(error).__name__).splitlines()[0]}")
    rest = [o for o in overrides if not o.lstrip("+~").startswith(match["key"])]
    return unknown_key(match["key"], _rest(hydra, config_name, rest), groups, folders)


def _rest(hydra: "Hydra", config_name: str, overrides: list[str]) -> dict[str, Any]:
    """Compose what is right of the overrides, to say what there is; what is wrong may be in a file, and not in them."""
    from omegaconf import OmegaConf

    try:
        plain: Any = OmegaConf.to_container(_chosen(_composed(hydra, config_name, overrides)))
    except Exception:  # noqa: BLE001 (the first error is told)
        return {}
    return dict(plain)
