"""What is asked of judged texts: the reader, the metrics, and how figures are made."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tercet.chosen import chosen_metrics
from tercet.components import component
from tercet.composing import compose, config_folders
from tercet.credentials import refuse_credentials
from tercet.errors import ConfigError
from tercet.judgements import Judgements
from tercet.metrics.contract import Metric

# What a reader's yaml leaves open may be given on the command line.
_OPEN = re.compile(r"judgement\.(human|scores|where)(\.|=)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How figures are made.

    Args:
        scores: Only these; empty: those that leaderboards show.
        humans: Only these judgements; empty: all.
        measures: Only these, by their keys; empty: all.
        baseline: The score that the others are compared with; None: in each column the best.
        replicates: How many resamples and permutations.
        seed: Of all draws.
        fixed_systems: Whether only texts are drawn anew.
        alpha: Level of the tests; intervals hold 1 minus it.
    """

    scores: tuple[str, ...] = ()
    humans: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    baseline: str | None = None
    replicates: int = 1000
    seed: int = 0
    fixed_systems: bool = False
    alpha: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A configuration, built.

    Args:
        judgements: The reader.
        name: Its yaml's name.
        metrics: By name.
        config: As it was composed.
    """

    judgements: Judgements
    name: str
    metrics: Mapping[str, Metric]
    config: Mapping[str, Any]


def load(overrides: Sequence[str], own: str | None = None) -> Asked:
    """Compose ``conf/meta.yaml`` and build what it names.

    Args:
        overrides: Hydra's: ``judgement=ted_mqm``, ``judgement.path=FILE``, ``metric=[bleu,my_metric]``.
        own: The user's folder of configs.

    Raises:
        ConfigError: An unknown key, option or type; no metric; no reader; a key
            where none belongs.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    words = [f"++{word}" if _OPEN.match(word) else word for word in overrides]
    ((config, _),) = compose(words, multirun=False, folders=config_folders(own), config_name="meta")
    try:
        plain: dict[str, Any] = OmegaConf.to_container(config, resolve=True)  # type: ignore[assignment]
    except OmegaConfBaseException as error:
        raise ConfigError(f"The config cannot be resolved: {str(error).splitlines()[0]}") from error
    choices = plain.pop("choices")
    refuse_credentials(plain)
    metrics = chosen_metrics(plain.get("metrics") or {}, words)
    reader = component(plain.get("judgement"), "judgement")
    if reader is None or not hasattr(reader, "read"):
        raise ConfigError("No judgements are chosen.", "Add judgement=...; `tercet list` shows what there is.")
    return Asked(judgements=reader, name=str(choices.get("judgement") or ""), metrics=metrics, config=plain)
