"""Configs: Hydra composes them, dataclasses check them, objects come out."""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import tercet
from tercet.corpora import Corpus
from tercet.errors import ConfigError, TercetError, located, nearest
from tercet.metrics.contract import Metric
from tercet.pipeline import System
from tercet.routes import SUMMARIZE, TRANSLATE, Route
from tercet.text.languages import language

if TYPE_CHECKING:
    from hydra._internal.hydra import Hydra
    from omegaconf import DictConfig

_ROLES = {SUMMARIZE: "summarizer", TRANSLATE: "translator"}
# Keys that change nothing in a run's results, so that they are no part of its identity.
_NOT_OF_A_RUN = {"results", "cache", "fresh", "experiment", "name", "primary"}
_OVERRIDE = re.compile(r"(?:Could not override|In (?:'[^']*': )?Could not find) '(?P<key>[^']+)'")
_METRIC = re.compile(r"\+{0,2}metric=")


@dataclass
class RunConfig:
    """The keys of ``conf/run.yaml``."""

    corpus: Any = None
    route: Any = None
    summarizer: Any = None
    translator: Any = None
    metrics: dict[str, Any] = field(default_factory=dict)
    experiment: Any = None
    name: str | None = None
    languages: list[str] | None = None
    limit: int | None = None
    seed: int = 0
    primary: str | None = None
    results: str = "results"
    cache: str | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """One configuration, built: what a run needs.

    ``label`` is the system's name, with the overrides that tell it from the rest of its sweep.
    """

    corpus: Corpus
    system: System
    metrics: Mapping[str, Metric]
    settings: RunConfig
    config: Mapping[str, Any]
    label: str


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
    folder = Path("conf" if own is None else own).resolve()
    if own is not None and not folder.is_dir():
        raise ConfigError(f"The config folder '{own}' is not there.", "Check --config-dir.")
    return [folder, shipped] if folder.is_dir() and folder != shipped else [shipped]


def options(folders: Sequence[Path]) -> dict[str, dict[str, str]]:
    """List the options of each group, with the first comment of each file.

    Returns:
        group -> option -> comment, in the order of ``conf/run.yaml`` and of the names.
    """
    groups = ("corpus", "route", "summarizer", "translator", "metric", "experiment")
    found: dict[str, dict[str, str]] = {group: {} for group in groups}
    for folder in reversed(folders):
        for file in sorted(folder.glob("*/*.yaml")):
            lines = file.read_text("utf-8").splitlines()
            notes = [line[1:].strip() for line in lines if line.startswith("#") and "@package" not in line]
            found.setdefault(file.parent.name, {})[file.stem] = notes[0] if notes else ""
    return {group: dict(sorted(items.items())) for group, items in found.items() if items}


@contextmanager
def _hydra(folders: Sequence[Path]) -> Iterator["Hydra"]:
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


def load(
    overrides: Sequence[str], *, multirun: bool = False, own: str | None = None, config_name: str = "run"
) -> list[RunSpec]:
    """Compose and build one configuration, or every combination of a sweep.

    Args:
        overrides: Hydra's: ``summarizer=lead``, ``metrics.chrf.beta=1``, ``metric=[rouge,chrf]``,
            and with ``multirun`` also ``summarizer=lead,textrank``.
        multirun: Whether lists of choices make a sweep; ``hydra.mode=MULTIRUN`` in a config does
            the same.
        own: The user's folder of configs.
        config_name: The root config.

    Raises:
        ConfigError: An unknown key, option or type, with the nearest name that exists.
    """
    folders = config_folders(own)
    _make_importable(folders[0] if len(folders) > 1 else None)
    with _hydra(folders) as hydra:
        composed = [
            (_compose(hydra, config_name, combination, folders), combination)
            for combination in _combinations(hydra, config_name, list(overrides), multirun, folders)
        ]
        varying = _varying([combination for _, combination in composed])
        return [_build(config, combination, varying, folders) for config, combination in composed]


def _make_importable(own: Path | None) -> None:
    """Let a user's yaml name a class in a file of theirs: here, beside the configs, or among them."""
    folders = [Path.cwd(), *((own.parent, own) if own else ())]
    for folder in folders:
        if str(folder) not in sys.path:
            sys.path.append(str(folder))


def _combinations(
    hydra: "Hydra", config_name: str, overrides: list[str], multirun: bool, folders: Sequence[Path]
) -> list[list[str]]:
    """Expand a sweep as Hydra's basic sweeper does, ``hydra.sweeper.params`` of a config first."""
    parsed = _parse(hydra, overrides)
    first = [values[0] for values in _choices(parsed)]
    config = _compose(hydra, config_name, first, folders, keep_hydra=True)
    mode = str(config.hydra.mode) if config.hydra.mode is not None else ""
    if not multirun and not mode.endswith("MULTIRUN"):
        swept = [override.input_line for override in parsed if override.is_sweep_override()]
        if swept:
            raise ConfigError(f"'{swept[0]}' is a list of choices.", "Add -m to run them all.")
        return [overrides]
    params = [f"{key}={value}" for key, value in (config.hydra.sweeper.params or {}).items()]
    return _product(_choices(_parse(hydra, [*params, *overrides])))


def _parse(hydra: "Hydra", overrides: list[str]) -> list[Any]:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return list(OverridesParser.create(config_loader=hydra.config_loader).parse_overrides(overrides))
    except HydraException as error:
        first = str(error).strip().splitlines()[0]
        raise ConfigError(f"An override cannot be read: {first}", "Expected key=value.") from error


def _choices(parsed: Sequence[Any]) -> list[list[str]]:
    """The values of each key; a later override of a key takes the earlier one's place."""
    found: dict[str, list[str]] = {}
    for override in parsed:
        key = override.get_key_element()
        if override.is_sweep_override():
            if not override.is_discrete_sweep():
                raise ConfigError(f"'{override.input_line}' is no list of choices.", "Expected key=a,b,c.")
            found[key] = [f"{key}={value}" for value in override.sweep_string_iterator()]
        elif override.is_delete():
            found[key] = [override.input_line]
        else:
            found[key] = [f"{key}={override.get_value_element_as_str()}"]
    return list(found.values())


def _product(choices: list[list[str]]) -> list[list[str]]:
    from itertools import product

    return [list(combination) for combination in product(*choices)]


def _compose(
    hydra: "Hydra", config_name: str, overrides: list[str], folders: Sequence[Path], keep_hydra: bool = False
) -> "DictConfig":
    from hydra.errors import HydraException
    from hydra.types import RunMode
    from omegaconf import OmegaConf, open_dict
    from omegaconf.errors import OmegaConfBaseException

    try:
        config = hydra.compose_config(
            config_name=config_name,
            overrides=overrides,
            run_mode=RunMode.RUN,
            from_shell=False,
            with_log_configuration=False,
        )
    except (HydraException, OmegaConfBaseException) as error:
        raise _worded(error, hydra, config_name, overrides, folders) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{mark.name}:{mark.line + 1}: " if mark else ""
        reason = getattr(error, "problem", None) or error
        raise ConfigError(
            f"{place}no YAML: {reason}.", "Mend the file; quotes close, and tabs indent nothing."
        ) from error
    except ValueError as error:  # Hydra's own for summarizer=null
        raise ConfigError(f"The config cannot be composed: {error}.", "For no option write GROUP=none.") from error
    choices = {key: value for key, value in config.hydra.runtime.choices.items() if key in _ROLES.values()}
    if not keep_hydra:
        with open_dict(config):
            del config["hydra"]
            config["choices"] = OmegaConf.create(choices)
    return config


def _worded(
    error: Exception, hydra: "Hydra", config_name: str, overrides: list[str], folders: Sequence[Path]
) -> ConfigError:
    """Say what Hydra found in one sentence, with the nearest name that exists."""
    from hydra.errors import MissingConfigException

    message = str(error).strip()
    groups = options(folders)
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        group, _, option = error.missing_cfg_file.rpartition("/")
        roots = [file.stem for folder in folders for file in folder.glob("*.yaml")]
        known = groups.get(group, ()) if group else roots
        return ConfigError(f"There is no {group or 'root config'} '{option}'.", nearest(option, known))
    match = _OVERRIDE.search(message)
    if match is None:
        return ConfigError(f"The config cannot be composed: {message.splitlines()[0]}")
    key = match["key"]
    parent, _, name = key.rpartition(".")
    rest = [o for o in overrides if not o.lstrip("+~").startswith(key)]
    known = _keys_at(_compose(hydra, config_name, rest, folders), parent)
    if not parent:
        known = sorted({*known, *groups})
    return ConfigError(f"There is no key '{key}'.", nearest(name, known))


def _keys_at(config: "DictConfig", parent: str) -> list[str]:
    from omegaconf import DictConfig, OmegaConf

    node = OmegaConf.select(config, parent) if parent else config
    return [str(key) for key in node if key not in {"choices", "_target_"}] if isinstance(node, DictConfig) else []


def _varying(combinations: Sequence[Sequence[str]]) -> set[str]:
    """The keys whose values differ within a sweep."""
    values: dict[str, set[str]] = {}
    for combination in combinations:
        for override in combination:
            key, _, value = override.partition("=")
            values.setdefault(key, set()).add(value)
    return {key for key, seen in values.items() if len(seen) > 1}


def _build(config: "DictConfig", combination: Sequence[str], varying: set[str], folders: Sequence[Path]) -> RunSpec:
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        plain: dict[str, Any] = OmegaConf.to_container(config, resolve=True)  # type: ignore[assignment]
    except OmegaConfBaseException as error:
        raise ConfigError(f"The config cannot be resolved: {str(error).splitlines()[0]}") from error
    choices = plain.pop("choices")
    _check_packages(plain, combination)
    settings: RunConfig = structured(RunConfig, plain, "")
    route = component(plain["route"], "route")
    if not isinstance(route, Route):
        raise ConfigError("The route is none.", nearest("", options(folders)["route"]))
    system = System(
        route=route,
        backends={role: _backend(plain, role) for role in route.stages},
        names={role: choices.get(group, group) for role, group in _ROLES.items()},
    )
    metrics = {name: component(node, f"metrics.{name}") for name, node in (plain.get("metrics") or {}).items()}
    if not metrics:
        raise ConfigError("No metric is chosen.", "Add metric=[rouge,chrf].")
    _check_scores(metrics, settings.primary)
    spec_config = {key: value for key, value in plain.items() if key not in _NOT_OF_A_RUN}
    for role, group in _ROLES.items():
        if role not in route.stages:
            spec_config.pop(group, None)
    return RunSpec(
        corpus=component(plain["corpus"], "corpus"),
        system=system,
        metrics=metrics,
        settings=_checked(settings),
        config=spec_config,
        label=_label(system, combination, varying),
    )


def _check_packages(plain: Mapping[str, Any], combination: Sequence[str]) -> None:
    """Refuse a metric's yaml that did not land where its first line should have put it."""
    chosen = [override.partition("=")[2].strip("[]").split(",") for override in combination if _METRIC.match(override)]
    for name in (name.strip() for name in chosen[-1] if name.strip()) if chosen else ():
        if name not in (plain.get("metrics") or {}):
            raise ConfigError(
                f"metric/{name}.yaml describes no metric '{name}'.",
                f"It begins with the line '# @package metrics.{name}' and has a line '_target_: module.Class'.",
            )


def _check_scores(metrics: Mapping[str, Metric], primary: str | None) -> None:
    """Refuse two metrics with one score, and a primary score that no metric has."""
    owner: dict[str, str] = {}
    for name, metric in metrics.items():
        for spec in metric.scores:
            if spec.name in owner:
                raise ConfigError(f"The metrics '{owner[spec.name]}' and '{name}' both have a score '{spec.name}'.")
            owner[spec.name] = name
    if primary is not None and primary not in owner:
        raise ConfigError(f"There is no score '{primary}' to sort by.", nearest(primary, owner))


def _checked(settings: RunConfig) -> RunConfig:
    if settings.limit is not None and settings.limit < 1:
        raise ConfigError(f"limit is {settings.limit}.", "It must be at least 1, or null.")
    if settings.languages is not None:
        if not settings.languages:
            raise ConfigError("languages is empty.", "Set languages=[zh,en], or null.")
        settings.languages = list(dict.fromkeys(language(code).code for code in settings.languages))
    return settings


def _label(system: System, combination: Sequence[str], varying: set[str]) -> str:
    shown = {_ROLES[role] for role in system.route.stages}
    extra = [
        override if not override.startswith("route=") else override.partition("=")[2]
        for override in combination
        if override.partition("=")[0] in varying - shown - {"corpus"}
        and override.partition("=")[0] not in _ROLES.values()
    ]
    return f"{system.name} ({', '.join(extra)})" if extra else system.name


def _backend(plain: Mapping[str, Any], role: str) -> Any:
    group = _ROLES[role]
    backend = component(plain.get(group), group)
    if backend is None:
        raise ConfigError(f"The route needs a {group}, and it is none.", f"Set {group}=...")
    return backend


def component(node: Any, place: str) -> Any:
    """Build what a config's ``_target_`` names; its dataclass is the schema.

    Args:
        node: The mapping: ``_target_`` and the fields.
        place: Where it stands, for messages.

    Raises:
        ConfigError: The class is not there, a key is unknown, or a value is of the wrong type.
    """
    if not isinstance(node, dict) or not node.get("_target_"):
        if node is None or (isinstance(node, dict) and "_target_" in node):
            return None
        raise ConfigError(f"'{place}' names no class.", "Its yaml needs a line '_target_: module.Class'.")
    cls = target(str(node["_target_"]), place)
    return structured(cls, {key: value for key, value in node.items() if key != "_target_"}, place)


def target(path: str, place: str) -> type[Any]:
    """Import a class by its dotted path.

    Raises:
        ConfigError: The module or the class is not there, or it is no dataclass.
    """
    module_name, _, class_name = path.rpartition(".")
    try:
        module = import_module(module_name)
    except Exception as error:  # a user's file may raise whatever it likes
        name = getattr(error, "name", None) or module_name
        absent = isinstance(error, ModuleNotFoundError | ValueError)
        if not absent or (module_name != name and not module_name.startswith(f"{name}.")):
            raise ConfigError(f"{place}: '{module_name}' cannot be imported: {located(error)}.") from error
        raise ConfigError(
            f"{place}: there is no module '{module_name}'.",
            "Put its file into the working directory, beside the config folder, or into it.",
        ) from error
    found = getattr(module, class_name, None)
    if found is None:
        known = [name for name, value in vars(module).items() if isinstance(value, type) and is_dataclass(value)]
        raise ConfigError(f"{place}: '{module_name}' has no '{class_name}'.", nearest(class_name, known))
    if not is_dataclass(found) or not isinstance(found, type):
        raise ConfigError(f"{place}: '{path}' is no dataclass.", "Its fields are its options.")
    return found


def structured(cls: type[Any], values: Mapping[str, Any], place: str) -> Any:
    """Check values against a dataclass's fields and build it.

    Raises:
        ConfigError: A key is unknown, or a value is of the wrong type or out of range.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    known = [item.name for item in fields(cls) if item.init]
    at = f"{place}." if place else ""
    for key in values:
        if key not in known:
            raise ConfigError(f"There is no key '{at}{key}'.", nearest(str(key), known))
    try:
        schema = OmegaConf.structured(cls)
        OmegaConf.set_readonly(schema, False)
        merged = OmegaConf.merge(schema, dict(values))
        built: dict[str, Any] = OmegaConf.to_container(merged, resolve=True)  # type: ignore[assignment]
    except OmegaConfBaseException as error:
        key = getattr(error, "full_key", None) or getattr(error, "key", None) or ""
        if "ListConfig" in str(error):
            raise ConfigError(f"{at}{key} is no list.", f"Write '{at}{key}=[a,b]'.") from error
        raise ConfigError(f"{at}{key}: {str(error).splitlines()[0]}") from error
    try:
        return cls(**built)
    except TercetError as error:
        raise ConfigError(f"{place}: {error.problem}", error.remedy) from error


def as_json(config: Mapping[str, Any]) -> str:
    """Write a config so that equal configs are equal texts."""
    return json.dumps(config, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
