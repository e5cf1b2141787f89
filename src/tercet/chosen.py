"""The metrics that a config has chosen, by name."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tercet.components import component
from tercet.errors import ConfigError
from tercet.metrics.contract import Metric

_METRIC = re.compile(r"\+{0,2}metric=")


def chosen_metrics(nodes: Mapping[str, Any], words: Sequence[str]) -> dict[str, Metric]:
    """Build the metrics of a composed config.

    Args:
        nodes: What the config says, by the metrics' names; one that is None was turned off (``metrics.chrf=null``).
        words: The overrides of the command line.

    Raises:
        ConfigError: There is none, one cannot be built, or a yaml describes another metric than its name says.
    """
    _check_packages(nodes, words)
    metrics: dict[str, Metric] = {
        name: component(node, f"metrics.{name}") for name, node in nodes.items() if node is not None
    }
    for name, metric in metrics.items():
        if metric is None:
            raise ConfigError(f"'metrics.{name}' names no class.", f"To leave it out, write metrics.{name}=null.")
    if not metrics:
        raise ConfigError("No metric is chosen.", "Add 'metric=[rouge,chrf]'.")
    return metrics


def _check_packages(nodes: Mapping[str, Any], words: Sequence[str]) -> None:
    """Refuse a metric's yaml that did not land where its first line should have put it."""
    chosen = [word.partition("=")[2].strip("[]").split(",") for word in words if _METRIC.match(word)]
    for name in (name.strip() for name in chosen[-1] if name.strip()) if chosen else ():
        if name not in nodes:
            raise ConfigError(
                f"metric/{name}.yaml describes no metric '{name}'.",
                f"It begins with the line '# @package metrics.{name}' and has a line '_target_: module.Class'.",
            )
