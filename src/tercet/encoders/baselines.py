"""Baselines: what unrelated texts score, by which BERTScore is spread over the range from 0 to 1."""

import csv
from importlib.util import find_spec
from pathlib import Path

from tercet.errors import ConfigError, MissingExtraError


def baseline_of(model: str, layer: int, language: str, path: str | None) -> tuple[float, float, float]:
    """Read a model's baseline.

    Args:
        model: Its name on the hub.
        layer: Its layer.
        language: The texts' language.
        path: A file of one's own; None takes bert_score's.

    Returns:
        Precision, recall and F of unrelated texts.

    Raises:
        ConfigError: There is no baseline, or the file cannot be read.
        MissingExtraError: bert_score, which carries the tables, is not installed.
    """
    file = _table(model, language) if path is None else Path(path)
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))[1:]
        _, *found = map(float, rows[layer])
        precision, recall, f1 = found
    except (OSError, ValueError, IndexError) as error:
        raise ConfigError(
            f"There is no baseline for layer {layer} of '{model}' in '{language}': {file} cannot be read ({error}).",
            "Set rescale=false, or baseline=FILE with the columns LAYER,P,R,F.",
        ) from error
    return precision, recall, f1


def _table(model: str, language: str) -> Path:
    spec = find_spec("bert_score")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError("bert-score", "bertscore", "A baseline")
    folder = Path(spec.submodule_search_locations[0]) / "rescale_baseline" / language
    file = folder / f"{model}.tsv"
    if not file.is_file():
        raise ConfigError(
            f"bert_score has no baseline for '{model}' in '{language}'.",
            "Set rescale=false, or baseline=FILE with the columns LAYER,P,R,F.",
        )
    return file
