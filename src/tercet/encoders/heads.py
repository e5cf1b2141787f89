"""Heads: which class of a classifier says that one text supports another, and which that it speaks against it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tercet.errors import ConfigError

#: How a checkpoint is used: ``auto`` by the names of its classes, or as one of the others.
STYLES = ("auto", "nli", "alignscore", "hhem")
# Class names of known checkpoints, as letters and digits alone.
_SUPPORT = {
    **dict.fromkeys(("entailment", "entail", "entails", "entailed", "supports"), "nli"),
    **dict.fromkeys(("aligned", "align"), "alignscore"),
    **dict.fromkeys(("consistent", "supported", "faithful", "factual", "factuallyconsistent"), "hhem"),
}
_AGAINST = {"contradiction", "contradict", "contradicts", "contradicted", "refutes", "refuted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How a classifier's logits are read.

    Args:
        labels: Names of its n classes, in the order of the logits.
        support: Index of the class that says that the first text supports the second.
        against: Index of the class of contradiction; None where there is none.
        style: Whose kind of checkpoint it is: ``nli``, ``alignscore`` or ``hhem``.
    """

    labels: tuple[str, ...]
    support: int
    against: int | None
    style: str

    def read(self, logits: Any) -> tuple[list[float], list[float]]:
        """Turn a (batch, n) tensor of logits into probabilities of support and of contradiction.

        One logit goes through the logistic function, several through softmax, in float32. Where there
        is no class of contradiction its probability is 0.
        """
        logits = logits.float()
        chances = logits.sigmoid() if len(self.labels) == 1 else logits.softmax(dim=-1)
        support: list[float] = chances[:, self.support].tolist()
        against: list[float] = [0.0] * len(support) if self.against is None else chances[:, self.against].tolist()
        return support, against


def head_of(config: Mapping[str, Any], style: str, labels: Sequence[str] | None, model: str) -> Head:
    """Read a head from a model's configuration.

    Args:
        config: The model's config.json.
        style: One of ``STYLES``.
        labels: The classes in the order of the logits, where the configuration does not name them.
        model: The model's name, for messages.

    Raises:
        ConfigError: It cannot be told which class is which.

    >>> head_of({"id2label": {"0": "NEUTRAL", "1": "ENTAILMENT"}}, "auto", None, "m").support
    1
    """
    names = _names(config) if labels is None else tuple(labels)
    plain = [re.sub(r"[\W_]", "", name).casefold() for name in names]
    if len(names) == 1 and (style == "hhem" or plain[0] in _SUPPORT):
        return Head(labels=names, support=0, against=None, style="hhem" if style == "auto" else style)
    support = [i for i, name in enumerate(plain) if name in _SUPPORT]
    against = [i for i, name in enumerate(plain) if name in _AGAINST]
    if len(names) < 2 or len(support) != 1 or len(against) > 1:
        raise ConfigError(
            f"Which class of '{model}' means support cannot be told: its config.json names"
            f" {', '.join(names) or 'none'}.",
            "Set labels=[...] to the classes in the order of the logits, such as"
            " [entailment,neutral,contradiction], [contradict,neutral,aligned] or [inconsistent,consistent];"
            " where one logit is the chance of being consistent, style=hhem.",
        )
    own = _SUPPORT[plain[support[0]]]
    return Head(
        labels=names,
        support=support[0],
        against=against[0] if against else None,
        style=own if style == "auto" else style,
    )


def _names(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Take the classes by index: from ``id2label``, or from ``label2id`` where that names none."""
    by_index = {int(i): str(name) for i, name in (config.get("id2label") or {}).items()}
    if not by_index or all(re.fullmatch(r"LABEL_\d+", name) for name in by_index.values()):
        turned = {int(i): str(name) for name, i in (config.get("label2id") or {}).items()}
        by_index = turned or by_index
    return tuple(by_index[i] for i in sorted(by_index))
