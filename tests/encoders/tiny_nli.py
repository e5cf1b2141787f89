"""Tiny classifiers of pairs with random weights, saved as any other model is."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

from tests.encoders.tiny import save_bert

NLI = ("entailment", "neutral", "contradiction")


def save_classifier(folder: Path, labels: Sequence[str] = NLI, *, seed: int = 0, **options: Any) -> Path:
    """Save a BERT of hidden size 32 that tells classes of pairs.

    Args:
        folder: Where.
        labels: The classes' names, in the order of the logits.
        seed: Of the weights.
        options: Of ``save_bert``.
    """
    save_bert(folder, seed=seed, **{"longest": 48, "positions": 64, **options})
    config = transformers.BertConfig.from_pretrained(
        folder, id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)}
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = transformers.BertForSequenceClassification(config)
        model.classifier.weight.data *= 0.7  # verdicts that differ, and none is certain
        model.save_pretrained(folder)
    return folder


def change_config(folder: Path, **values: Any) -> Path:
    """Write settings into a saved model's configuration; None takes one out."""
    file = folder / "config.json"
    found = {**json.loads(file.read_text("utf-8")), **values}
    file.write_text(json.dumps({key: value for key, value in found.items() if value is not None}), "utf-8")
    return folder
