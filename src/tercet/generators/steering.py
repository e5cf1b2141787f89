"""Steering: what is done to the scores of the next token, and when a row has come to its end."""

from collections.abc import Sequence
from typing import Any


class Watching:
    """Notes the rows whose scores are no numbers: what is written after that means nothing.

    Args:
        rows: Of the batch; each has one or more beams.
    """

    def __init__(self, rows: int) -> None:
        self.broken = [False] * rows

    def __call__(self, _: Any, scores: Any) -> Any:
        """Look at the (rows x beams, vocabulary) scores, and leave them as they are."""
        wrong = scores.isnan().any(dim=-1).view(len(self.broken), -1).any(dim=-1)
        if wrong.any():
            self.broken = [old or new for old, new in zip(self.broken, wrong.tolist(), strict=True)]
        return scores


class Drawing:
    """Draws the next token of each row by the row's own dice, so that no row's luck is another's.

    Gumbel noise is added to the scores: the largest sum is a draw from their distribution.

    Args:
        seeds: One a row.
        temperature: Above 0.
        top_p: Share of probability that is drawn from; None for all of it.

    References:
        Maddison, Tarlow and Minka, A* Sampling, 2014, https://arxiv.org/abs/1411.0030.
    """

    def __init__(self, seeds: Sequence[int], temperature: float, top_p: float | None) -> None:
        import torch
        from transformers import TopPLogitsWarper

        self._dice = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._temperature = temperature
        self._nucleus = None if top_p is None or top_p >= 1 else TopPLogitsWarper(top_p)

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Add noise to the (rows, vocabulary) scores."""
        import torch

        scores = scores.float() / self._temperature
        if self._nucleus is not None:
            scores = self._nucleus(input_ids, scores)
        waits = [torch.empty(scores.shape[-1]).exponential_(generator=dice) for dice in self._dice]
        return scores - torch.stack(waits).log().to(scores.device)


class Stopping:
    """Ends a row once a stop stands in what it wrote last.

    Args:
        tokenizer: Of transformers.
        stops: Texts.
        skipped: Tokens that a row begins with and did not write.
    """

    def __init__(self, tokenizer: Any, stops: Sequence[str], skipped: int) -> None:
        self._tokenizer = tokenizer
        self._stops = stops
        self._skipped = skipped
        # A token is at least a byte, but for special ones; some more are looked at, as one may begin in another.
        self._reach = max(len(stop.encode()) for stop in stops) + 8

    def __call__(self, input_ids: Any, _: Any, **__: Any) -> Any:
        """Say which rows have ended."""
        import torch

        written = input_ids[:, self._skipped :][:, -self._reach :].tolist()
        texts = [self._tokenizer.decode(row, skip_special_tokens=True) for row in written]
        return torch.tensor([any(stop in text for stop in self._stops) for text in texts], device=input_ids.device)
