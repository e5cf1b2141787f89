"""The configuration of a run: its keys, and the objects that it is built into."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tercet.chosen import chosen_metrics
from tercet.components import component, structured
from tercet.composing import compose, config_folders, options
from tercet.corpora import Corpus
from tercet.credentials import refuse_credentials
from tercet.errors import ConfigError, nearest
from tercet.executors import Executor
from tercet.executors.local import Local
from tercet.gating.policy import Policy
from tercet.generating import System
from tercet.launchers import Launcher
from tercet.launchers.basic import Basic
from tercet.metrics.contract import Metric
from tercet.routes import GROUPS, Route
from tercet.spending import read_prices
from tercet.text.languages import language

if TYPE_CHECKING:
    from omegaconf import DictConfig

# Keys that change nothing in a run's results, so that they are no part of its identity. The prompt stands in the
# backends that use it, and how many articles are held apart is known once the whole sweep is.
_NOT_OF_A_RUN = {
    "results", "cache", "fresh", "experiment", "name", "primary", "prompt", "prices", "held_apart", "max_cost", "gate",
    "executor", "launcher", "part",
}  # fmt: skip
_DIGITS = 9  # of a number of parts; of thousands Python makes no number


@dataclass
class RunConfig:
    """The keys of ``conf/run.yaml``."""

    corpus: Any = None
    route: Any = None
    summarizer: Any = None
    translator: Any = None
    prompt: Any = None
    prices: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    gate: Any = None
    executor: Any = None
    launcher: Any = None
    experiment: Any = None
    name: str | None = None
    languages: list[str] | None = None
    limit: int | None = None
    part: str | None = None
    held_apart: int | None = None
    repeats: int = 1
    seed: int = 0
    max_cost: float | None = None
    primary: str | None = None
    results: str = "results"
    cache: str | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """One configuration, built: what a run needs.

    ``label`` is the system's name, with the overrides that tell it from the rest of its sweep. ``choices`` are the
    options of ``conf/`` that make the system: route, summarizer, translator, prompt, as far as it has them. ``policy``
    says what counts as worse than a baseline, and ``policy_name`` is its yaml's. ``part`` is which part of how many.
    """

    corpus: Corpus
    system: System
    metrics: Mapping[str, Metric]
    settings: RunConfig
    config: Mapping[str, Any]
    label: str
    choices: Mapping[str, str]
    policy: Policy
    policy_name: str
    executor: Executor
    launcher: Launcher
    part: tuple[int, int]


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
    composed = compose(overrides, multirun=multirun, folders=folders, config_name=config_name)
    varying = _varying([combination for _, combination in composed])
    return [_build(config, combination, varying, folders) for config, combination in composed]


def _varying(combinations: Sequence[Sequence[str]]) -> set[str]:
    """The keys whose values differ within a sweep; of a key that is given twice the last one counts."""
    last = [dict(override.partition("=")[::2] for override in combination) for combination in combinations]
    return {key for found in last for key in found if len({other.get(key) for other in last}) > 1}


def _build(config: "DictConfig", combination: Sequence[str], varying: set[str], folders: Sequence[Path]) -> RunSpec:
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        plain: dict[str, Any] = OmegaConf.to_container(config, resolve=True)  # type: ignore[assignment]
    except OmegaConfBaseException as error:
        raise ConfigError(f"The config cannot be resolved: {str(error).splitlines()[0]}") from error
    choices = plain.pop("choices")
    refuse_credentials(plain)
    metrics = chosen_metrics(plain.get("metrics") or {}, combination)
    plain["metrics"] = {name: plain["metrics"][name] for name in metrics}
    settings: RunConfig = structured(RunConfig, plain, "")
    route = component(plain["route"], "route")
    if not isinstance(route, Route):
        raise ConfigError("The route is none.", nearest("", options(folders)["route"]))
    system = System(
        route=route,
        backends={role: _backend(plain, role) for role in route.stages},
        names={role: choices.get(group, group) for role, group in GROUPS.items()},
        prices=read_prices(settings.prices),
    )
    _check_scores(metrics, settings.primary)
    spec_config = {key: value for key, value in plain.items() if key not in _NOT_OF_A_RUN}
    for role, group in GROUPS.items():
        if role in route.stages:
            spec_config[group] = _answering(spec_config[group], system.backends[role])
        else:
            spec_config.pop(group, None)
    return RunSpec(
        corpus=component(plain["corpus"], "corpus"),
        system=system,
        metrics=metrics,
        settings=_checked(settings),
        config=spec_config,
        label=_label(system, combination, varying),
        choices=_choices(system, choices),
        policy=_policy(plain.get("gate")),
        policy_name=choices.get("gate") or "none",
        executor=component(plain.get("executor"), "executor") or Local(),
        launcher=component(plain.get("launcher"), "launcher") or Basic(),
        part=_part(settings.part),
    )


def _part(value: str | None) -> tuple[int, int]:
    """Read which part of how many a run is."""
    if value is None:
        return 1, 1
    number, slash, parts = value.partition("/")
    digits = number.isdecimal() and parts.isdecimal() and max(len(number), len(parts)) <= _DIGITS
    if not (slash and digits and 1 <= int(number) <= int(parts)):
        raise ConfigError(f"part is '{value}'.", "Write it as part=2/8: the second of eight.")
    return int(number), int(parts)


def _policy(node: Any) -> Policy:
    """Build the policy of the gate; ``gate=null`` is one that has no margins."""
    policy = component(node, "gate")
    if policy is None:
        return Policy()
    if not isinstance(policy, Policy):
        raise ConfigError("The gate is no policy.", "Its yaml begins with '_target_: tercet.gating.policy.Policy'.")
    return policy


def _answering(node: Mapping[str, Any], backend: Any) -> dict[str, Any]:
    """Leave out the options of a backend that change no answer."""
    beside = {item.name for item in fields(backend) if item.metadata.get("answers") is False}
    return {key: value for key, value in node.items() if key not in beside}


def _check_scores(metrics: Mapping[str, Metric], primary: str | None) -> None:
    """Refuse two scores of one name, and a primary score that no metric has."""
    known: dict[str, str] = {}
    for name, metric in metrics.items():
        for spec in metric.scores:
            if spec.name in known:
                raise ConfigError(f"The metrics '{known[spec.name]}' and '{name}' both have a score '{spec.name}'.")
            known[spec.name] = name
    if primary is not None and primary not in known:
        raise ConfigError(f"There is no score '{primary}' to sort by.", nearest(primary, known))


def _checked(settings: RunConfig) -> RunConfig:
    if settings.limit is not None and settings.limit < 1:
        raise ConfigError(f"limit is {settings.limit}.", "It must be at least 1, or null.")
    if settings.repeats < 1:
        raise ConfigError(f"repeats is {settings.repeats}.", "It must be at least 1.")
    if settings.held_apart is not None and settings.held_apart < 0:
        raise ConfigError(f"held_apart is {settings.held_apart}.", "It must be at least 0, or null.")
    if settings.max_cost is not None and not settings.max_cost >= 0:
        raise ConfigError(f"max_cost is {settings.max_cost}.", "It must be at least 0, or null.")
    if settings.languages is not None:
        if not settings.languages:
            raise ConfigError("languages is empty.", "Set 'languages=[zh,en]', or null.")
        settings.languages = list(dict.fromkeys(language(code).code for code in settings.languages))
    return settings


def _label(system: System, combination: Sequence[str], varying: set[str]) -> str:
    """Name a system by what tells it from the rest of its sweep; a prompt only where one of its backends has it."""
    hidden = {"corpus", *GROUPS.values()}
    if not _is_prompted(system):
        hidden.add("prompt")
    extra = []
    for key, value in dict(override.partition("=")[::2] for override in combination).items():
        if key in varying - hidden:
            extra.append(value if key in {"route", "prompt"} else f"{key}={value}")
    return f"{system.name} ({', '.join(extra)})" if extra else system.name


def _is_prompted(system: System) -> bool:
    return any(getattr(system.backends[role], "prompt", None) for role in system.route.stages)


def _choices(system: System, choices: Mapping[str, Any]) -> dict[str, str]:
    """Name the options that make a system, by group."""
    groups = ["route", *(GROUPS[role] for role in system.route.stages), *(["prompt"] if _is_prompted(system) else [])]
    return {group: str(choices[group]) for group in groups if choices.get(group)}


def _backend(plain: Mapping[str, Any], role: str) -> Any:
    group = GROUPS[role]
    backend = component(plain.get(group), group)
    if backend is None:
        raise ConfigError(f"The route needs a {group}, and it is none.", f"Set {group}=...")
    return backend


def as_json(config: Mapping[str, Any]) -> str:
    """Write a config so that equal configs are equal texts."""
    return json.dumps(config, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
