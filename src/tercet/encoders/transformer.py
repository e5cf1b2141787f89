"""Token vectors of a transformer, by torch."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, partial
from threading import Lock
from typing import Any, TypeVar

from tercet.encoders import Tokens, Vectors

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")
_THREADS = Lock()  # how many threads torch uses is one number for the whole process

# Tokens in a batch, and how much longer its longest text may be than its shortest. In float32 on the
# CPU a batch is about what stays in a core's cache, and texts of one length alone share it, so that no
# padding moves a bit; where the processor's products depend on how many rows they have, each text is
# alone, or what stands in a cache would decide its last bits. Fast arithmetic needs large batches: there
# a tenth of padding is allowed.
_EXACT = (512, 0.0)
_ALONE = (1, 0.0)
_TRIED = (3, 7, 16, 30, 61)  # lengths of the texts by which that is found out
_FAST = (2_048, 0.1)
_GPU = (32_768, 0.1)


class Transformer:
    """A transformer whose last layer gives the vectors.

    Args:
        model: Takes ids and a mask; its first output is the (batch, n, d) hidden state.
        tokenize: Splits texts into tokens.
        silent: Ids of tokens that weigh nothing.
        pad: Id of padding.
        device: Where the model is, such as ``cpu`` or ``cuda:0``.
    """

    def __init__(
        self,
        model: Any,
        tokenize: Callable[[Sequence[str]], list[Tokens]],
        *,
        silent: frozenset[int],
        pad: int,
        device: str,
    ) -> None:
        self.tokenize = tokenize
        self.silent = silent
        self.width = 4 * int(model.config.hidden_size)
        self._model = model.to(device).eval()
        self._pad = pad
        self._device = device

    def embed(self, found: Sequence[Tokens]) -> list[Vectors]:
        """Embed token sequences, shortest first; for each, (n, d) float32 vectors of length 1, on the device.

        A sequence of no token has no vector. In fast arithmetic, and on a GPU, the last bits of a vector may
        depend on what is embedded with it, for matrix products of few and of many rows differ in them.
        """
        import torch

        order = sorted((i for i, tokens in enumerate(found) if tokens.ids), key=lambda i: len(found[i].ids))
        cut = list(batches(order, [len(tokens.ids) for tokens in found], *self._limits))
        vectors: list[Vectors] = [torch.zeros((0, self.width // 4), device=self._device)] * len(found)
        run = partial(self._batch, found)
        for batch, made in zip(cut, in_parallel(run, cut) if self._device == "cpu" else map(run, cut), strict=True):
            for i, vector in zip(batch, made, strict=True):
                vectors[i] = vector
        return vectors

    @cached_property
    def _limits(self) -> tuple[int, float]:
        """How large a batch may be."""
        if not self._device.startswith("cpu"):
            return _GPU
        if str(self._model.dtype) != "torch.float32":
            return _FAST
        with in_one_thread():
            return _EXACT if all(map(self._is_steady, _TRIED)) else _ALONE

    def _is_steady(self, length: int) -> bool:
        """Whether texts of a length have the same vectors in company as alone, to the last bit."""
        import torch

        config = self._model.config
        if length + 2 >= getattr(config, "max_position_embeddings", length + 3):
            return True  # the model has no such texts
        rows = _EXACT[0] // length
        found = [
            Tokens(ids=tuple((7 * row + 13 * place) % config.vocab_size for place in range(length)), truncated=False)
            for row in range(rows)
        ]
        together = self._batch(found, range(rows))
        return all(torch.equal(self._batch(found, [row])[0], together[row]) for row in (0, rows // 2, rows - 1))

    def _batch(self, found: Sequence[Tokens], batch: Sequence[int]) -> list[Vectors]:
        """Embed the texts of one batch, of which the last is the longest."""
        import torch

        ids = torch.full((len(batch), len(found[batch[-1]].ids)), self._pad)
        mask = torch.zeros_like(ids)
        for row, i in enumerate(batch):
            tokens = found[i].ids
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
        with torch.inference_mode():
            states = self._model(ids.to(self._device), attention_mask=mask.to(self._device))[0].float()
            states /= states.norm(dim=-1, keepdim=True)
            return [states[row, : len(found[i].ids)].clone() for row, i in enumerate(batch)]


@contextmanager
def in_one_thread() -> Iterator[int]:
    """Let torch work in one thread: on some processors a product's last bits depend on how many share it.

    Gives how many threads it used before, and will again.
    """
    import torch

    with _THREADS:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield threads
        finally:
            torch.set_num_threads(threads)


def in_parallel(work: Callable[[_Item], _Made], items: Sequence[_Item]) -> Iterator[_Made]:
    """Work on items side by side, each in one thread of torch's; results in order.

    Args:
        work: What is done with an item.
        items: All of them; one that comes alone is worked on in one thread too, as it is in company.

    As many run at once as torch would use threads. Threads that share each single operation wait for
    each other thousands of times a second, which is slow, and very slow where other programs take the
    cores in turn; and a product's last bits would depend on their number.
    """
    import torch

    with in_one_thread() as threads:
        if threads == 1 or len(items) < 2:
            yield from map(work, items)
            return
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield from pool.map(work, items)


def batches(order: Sequence[int], lengths: Sequence[int], budget: int, slack: float) -> Iterator[list[int]]:
    """Group texts into batches.

    Args:
        order: Their indices, shortest text first.
        lengths: Tokens of each text, by index.
        budget: Tokens in a batch, padding included; a longer text is a batch by itself.
        slack: How much longer than a batch's first text the last one may be, as a share of the first.

    >>> list(batches([0, 1, 2, 3], [4, 4, 4, 5], budget=10, slack=0))
    [[0, 1], [2], [3]]
    """
    batch: list[int] = []
    for i in order:
        full = (len(batch) + 1) * lengths[i] > budget
        if batch and (full or lengths[i] > lengths[batch[0]] * (1 + slack)):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
