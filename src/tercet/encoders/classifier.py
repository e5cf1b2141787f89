"""A classifier of pairs of texts, run by torch."""

from collections.abc import Sequence
from functools import partial
from math import nan
from typing import Any, NamedTuple

from tercet.encoders.heads import Head
from tercet.encoders.pairs import Texts
from tercet.encoders.transformer import batches, in_parallel
from tercet.text.surrogates import readable

# Tokens in a batch, padding included, and how much longer its longest pair may be than its shortest.
_CPU = (2_048, 0.1)
_GPU = (32_768, 0.1)


class Verdict(NamedTuple):
    """What a model says of a premise and a hypothesis.

    Args:
        support: Probability that the premise supports the hypothesis, from 0 to 1; NaN where the
            model gives no finite number.
        against: Probability that it contradicts it; 0 where the model has no such class.
        truncated: Whether the pair was cut, for the model reads no longer ones.
    """

    support: float
    against: float
    truncated: bool


class Encoded(NamedTuple):
    """A pair as a model reads it.

    Args:
        fields: The model's inputs by name, n numbers each.
        truncated: Whether the pair went on beyond the longest input.
    """

    fields: dict[str, list[int]]
    truncated: bool


class Classifier:
    """A loaded classifier.

    Args:
        model: Takes ids and a mask; its ``logits`` are (batch, classes).
        tokenizer: Of transformers.
        head: How the logits are read.
        longest: Tokens of a pair, special ones included; None for no end.
        device: Where the model goes, such as ``cpu`` or ``cuda:0``.
    """

    def __init__(self, model: Any, tokenizer: Any, head: Head, *, longest: int | None, device: str) -> None:
        self._model = model.to(device).eval()
        self._tokenizer = tokenizer
        self._head = head
        self._longest = longest
        self._device = device
        self._exact = device.startswith("cpu") and str(model.dtype) == "torch.float32"
        fills = {"input_ids": tokenizer.pad_token_id or 0, "token_type_ids": getattr(tokenizer, "pad_token_type_id", 0)}
        self._fills = {name: fills.get(name, 0) for name in ("input_ids", "token_type_ids", "attention_mask")}

    def judge(self, pairs: Sequence[Texts], batch: int | None = None) -> list[Verdict]:
        """Judge pairs of premise and hypothesis, shortest first.

        On a CPU in float32, where no batch is asked for, each pair is computed alone and in one thread:
        products of few and of many rows, and by one thread and by two, differ in their last bits. So a
        verdict depends on its pair alone.

        Args:
            pairs: Premise and hypothesis.
            batch: Pairs computed at once at most; None for what suits the device.
        """
        encoded = self.encode(pairs)
        lengths = [len(pair.fields["input_ids"]) for pair in encoded]
        order = sorted(range(len(pairs)), key=lengths.__getitem__)
        cut = self._batches(order, lengths, batch)
        verdicts: list[Verdict] = [Verdict(nan, nan, False)] * len(pairs)
        run = partial(self._batch, encoded)
        made = in_parallel(run, cut) if self._device == "cpu" else map(run, cut)
        for group, (support, against) in zip(cut, made, strict=True):
            for i, one, other in zip(group, support, against, strict=True):
                verdicts[i] = Verdict(one, other, encoded[i].truncated)
        return verdicts

    def encode(self, pairs: Sequence[Texts]) -> list[Encoded]:
        """Split pairs into tokens; of one that is too long, the premise is cut, as SummaC does.

        Where the hypothesis alone leaves no room for a premise, the longer one is cut.
        """
        clean = [(readable(premise), readable(hypothesis)) for premise, hypothesis in pairs]
        found = self._fields(clean)
        if self._longest is None:
            return [Encoded(fields, False) for fields in found]
        return [
            Encoded(self._cut(pair, self._longest), True)
            if len(fields["input_ids"]) > self._longest
            else Encoded(fields, False)
            for pair, fields in zip(clean, found, strict=True)
        ]

    def _cut(self, pair: Texts, longest: int) -> dict[str, list[int]]:
        (bare,) = self._fields([("", pair[1])])
        side = "only_first" if len(bare["input_ids"]) < longest else "longest_first"
        (fields,) = self._fields([pair], truncation=side, max_length=longest)
        return fields

    def _fields(self, pairs: Sequence[Texts], **limits: Any) -> list[dict[str, list[int]]]:
        if not pairs:
            return []
        premises, hypotheses = map(list, zip(*pairs, strict=True))
        found = self._tokenizer(premises, hypotheses, verbose=False, **limits)
        return [{name: found[name][i] for name in self._fills if name in found} for i in range(len(pairs))]

    def _batches(self, order: Sequence[int], lengths: Sequence[int], batch: int | None) -> list[list[int]]:
        if batch is None and self._exact:
            return [[i] for i in order]
        budget, slack = _CPU if self._device.startswith("cpu") else _GPU
        most = max(lengths, default=1)
        cut = list(batches(order, lengths, budget if batch is None else batch * most, slack))
        size = batch or len(order)
        return [group[i : i + size] for group in cut for i in range(0, len(group), size)]

    def _batch(self, encoded: Sequence[Encoded], group: Sequence[int]) -> tuple[list[float], list[float]]:
        """Judge the pairs of one batch, of which the last is the longest."""
        import torch

        longest = len(encoded[group[-1]].fields["input_ids"])
        inputs = {
            name: torch.tensor(
                [(row := encoded[i].fields[name]) + [self._fills[name]] * (longest - len(row)) for i in group]
            ).to(self._device)
            for name in encoded[group[-1]].fields
        }
        with torch.inference_mode():
            return self._head.read(self._model(**inputs).logits)
