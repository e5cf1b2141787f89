"""Cutting a transformer after a layer, so that the rest is never computed."""

from typing import Any

from tercet.errors import MetricError


def cut(model: Any, layer: int) -> Any:
    """Keep the first layers of a transformer; the last kept one's output becomes the model's.

    Of a model with encoder and decoder the encoder is kept.

    Args:
        model: As ``transformers.AutoModel`` loads it; changed in place.
        layer: How many layers to keep, from 0 (the embeddings alone).

    Returns:
        The model, or its encoder.

    Raises:
        MetricError: There are fewer layers, or the architecture is not known.

    References:
        ``get_model`` of bert_score 0.3.13.
    """
    if hasattr(model, "encoder") and hasattr(model, "decoder"):
        model = model.encoder
    if hasattr(model, "n_layers"):  # XLM
        _check(model.n_layers, layer)
        model.n_layers = layer
        return model
    if hasattr(model, "encoder") and hasattr(model.encoder, "albert_layer_groups"):
        _check(model.encoder.config.num_hidden_layers, layer)
        model.encoder.config.num_hidden_layers = layer
        return model
    holder, name = _stack(model)
    layers = getattr(holder, name)
    _check(len(layers), layer)
    setattr(holder, name, layers[:layer])
    if getattr(model, "pooler", None) is not None:
        model.pooler = None  # reads the last layer, and nobody reads it
    return model


def _stack(model: Any) -> tuple[Any, str]:
    """Find the list of layers: XLNet, T5, BERT and RoBERTa, DistilBERT, BART and decoders."""
    for path in ("layer", "block", "encoder.block", "encoder.layer", "transformer.layer", "layers"):
        *outer, name = path.split(".")
        holder = model
        for part in outer:
            holder = getattr(holder, part, None)
        if hasattr(holder, name):
            return holder, name
    raise MetricError(
        f"The layers of a '{type(model).__name__}' are in no known place.", "Take another model for BERTScore."
    )


def _check(known: int, layer: int) -> None:
    if not 0 <= layer <= known:
        raise MetricError(f"There is no layer {layer}: the model has {known}.", f"Set layer=0 to {known}.")
