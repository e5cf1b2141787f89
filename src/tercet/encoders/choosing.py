"""Which token encoder scores a language."""

from dataclasses import asdict
from typing import Any

from tercet.encoders import Description
from tercet.encoders.embedded import Embedded
from tercet.encoders.pretrained import Pretrained
from tercet.encoders.running import Run, transformers
from tercet.errors import ConfigError
from tercet.extras import require

# bert_score's models by language, and their layers.
_OWN = {"en": ("roberta-large", 17), "zh": ("bert-base-chinese", 8)}
_OTHERS = ("bert-base-multilingual-cased", 9)


def describe(model: str | None, layer: int | None, language: str, run: Run) -> Description:
    """Describe the encoder for a language.

    Args:
        model: None for the embedded one, ``auto`` for bert_score's choice by language, else a folder
            or a name on the hub.
        layer: Whose output is taken; None for the one that suits the model best, as far as it is known.
        language: Of the texts.
        run: How it is run.

    Raises:
        ConfigError: The layer is neither given nor known.
    """
    options: dict[str, Any] = asdict(run)
    if model is None or model == Embedded.name:
        return Embedded(**(options if layer is None else {**options, "layer": layer}))
    if model == "auto":
        model, own = _OWN.get(language.partition("-")[0].lower(), _OTHERS)
        layer = own if layer is None else layer
    return Pretrained(model=model, layer=_known_layer(model) if layer is None else layer, **options)


def _known_layer(model: str) -> int:
    """Look the layer up in bert_score's table, which was tuned on WMT16."""
    transformers()
    table: dict[str, int] = require(
        "bert_score.utils", package="bert-score", extra="bertscore", purpose=f"The layer of '{model}'"
    ).model2layers
    if model not in table:
        raise ConfigError(f"Which layer of '{model}' to take is not known.", "Set layer=N, counted from 1.")
    return table[model]
