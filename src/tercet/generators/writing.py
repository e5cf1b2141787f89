"""Writing: what a loaded model writes, in batches that do not show in the text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

from tercet.encoders.running import undisturbed
from tercet.encoders.transformer import in_parallel
from tercet.generators import Manner, Task, Written
from tercet.generators.batching import Batch, Bounds, batches
from tercet.generators.steering import Drawing, Stopping, Watching

# Tokens in a batch and its rows. On a CPU one thread writes 16 sentences in about three times the time of one:
# what it takes to read the weights is shared.
_CPU = Bounds(2_048, 16)
_GPU = Bounds(32_768, 64)
_BROKEN = "the model gave no finite number; dtype=fp32 has a wider range"
_NO_MEMORY = "there is not enough memory for the text, even alone"
# Settings of a checkpoint that are the manner's to make, or that speak of sampling and warn where there is none.
_UNSET = (
    "max_length",
    "max_new_tokens",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "typical_p",
    "epsilon_cutoff",
    "eta_cutoff",
    "num_return_sequences",
    "num_beam_groups",
    "diversity_penalty",
    "penalty_alpha",
)


class _Row(NamedTuple):
    """The tokens of one text, with the end where it has one."""

    ids: list[int]
    ended: bool


class Writer:
    """A loaded model that writes.

    Args:
        model: Of transformers, with ``generate``.
        tokenizer: Its tokenizer.
        longest: Tokens that it reads; None for no end.
        positions: Tokens that its decoder has places for, in a model that reads and writes apart; None for no end.
        device: Where the model goes, such as ``cpu`` or ``cuda:0``.
    """

    def __init__(self, model: Any, tokenizer: Any, *, longest: int | None, positions: int | None, device: str) -> None:
        self.tokenizer = tokenizer
        self.longest = longest
        self._positions = positions
        self._model = model.to(device).eval()
        self._device = device
        self._reads_apart = bool(model.config.is_encoder_decoder)
        own = model.generation_config
        for name in _UNSET:
            setattr(own, name, None)
        own.do_sample = False
        ends = own.eos_token_id if own.eos_token_id is not None else tokenizer.eos_token_id
        self._ends = frozenset([ends] if isinstance(ends, int) else ends or ())
        if own.pad_token_id is None:
            own.pad_token_id = tokenizer.pad_token_id
        if own.pad_token_id is None:
            own.pad_token_id = min(self._ends, default=0)

    def write(self, tasks: Sequence[Task], manner: Manner) -> Iterator[tuple[int, Written]]:
        """Write a text for each task, shortest first.

        On a CPU as many batches run at once as torch would use threads, each in one of them.

        Args:
            tasks: None may be longer than the model reads.
            manner: How.

        Yields:
            Each task's index, once, and its text.
        """
        if self._positions is not None:
            manner = replace(manner, max_tokens=min(manner.max_tokens, self._positions))
        cut = batches([len(task.ids) for task in tasks], self._bounds(manner))
        run = partial(self._written, tasks, manner)
        with undisturbed():
            made = in_parallel(run, cut) if self._device == "cpu" else map(run, cut)
            for batch, texts in zip(cut, made, strict=True):
                yield from zip(batch.members, texts, strict=True)

    def _bounds(self, manner: Manner) -> Bounds:
        own = _CPU if self._device.startswith("cpu") else _GPU
        beams = manner.beams or self._model.generation_config.num_beams or 1
        longest = self.longest
        if longest is not None and not self._reads_apart:
            longest = max(1, longest - manner.max_tokens)  # a prompt and its answer share the places
        return Bounds((manner.batch_tokens or own.tokens) // beams, max(1, own.rows // beams), longest)

    def _written(self, tasks: Sequence[Task], manner: Manner, batch: Batch) -> list[Written]:
        """Write one batch; where memory does not suffice, in two halves."""
        started = perf_counter()
        try:
            rows, broken = self._generate(tasks, manner, batch)
        except (RuntimeError, MemoryError) as error:
            if not _is_out_of_memory(error):
                raise
        else:
            share = (perf_counter() - started) / len(batch.members)
            return [self._read(row, manner, bad, share) for row, bad in zip(rows, broken, strict=True)]
        self._release()
        if batch.rows == 1:
            return [Written(failure=_NO_MEMORY)]
        half = -(-batch.rows // 2)
        parts = [batch.members[:half], batch.members[half:]]
        return [text for part in parts if part for text in self._written(tasks, manner, Batch(batch.width, half, part))]

    def _generate(self, tasks: Sequence[Task], manner: Manner, batch: Batch) -> tuple[list[_Row], list[bool]]:
        import torch

        filled = [*batch.members, *[batch.members[-1]] * (batch.rows - len(batch.members))]
        chosen = [tasks[i] for i in filled]
        ids, mask = self._padded(chosen, batch.width)
        watching = Watching(batch.rows)
        steering: list[Any] = [watching]
        if manner.temperature:
            steering.append(Drawing([task.seed for task in chosen], manner.temperature, manner.top_p))
        skipped = 1 if self._reads_apart else batch.width
        stopping = [Stopping(self.tokenizer, manner.stop, skipped)] if manner.stop else []
        with torch.inference_mode():
            made = self._model.generate(
                input_ids=ids.to(self._device),
                attention_mask=mask.to(self._device),
                logits_processor=steering,
                stopping_criteria=stopping,
                max_new_tokens=manner.max_tokens,
                **self._options(manner),
            )
        written = made[: len(batch.members), skipped:].tolist()
        return [self._row(row, manner.max_tokens) for row in written], watching.broken[: len(batch.members)]

    def _options(self, manner: Manner) -> Mapping[str, Any]:
        options: dict[str, Any] = dict(manner.options)
        if manner.first is not None:
            options["forced_bos_token_id"] = manner.first
        if manner.beams is not None:
            options["num_beams"] = manner.beams
        if manner.beams == 1:  # settings of beam search, that a checkpoint may come with
            options = {"early_stopping": None, "length_penalty": None, **options}
        return options

    def _padded(self, chosen: Sequence[Task], width: int) -> tuple[Any, Any]:
        """Pad each row: behind its tokens, or before them where the model goes on from the last one.

        Before them stands the row's own first token. It is masked, but a penalty on repetition looks at all
        that stands in the row, and must find no token there that the text has not.
        """
        import torch

        ids = torch.full((len(chosen), width), int(self._model.generation_config.pad_token_id))
        mask = torch.zeros_like(ids)
        for row, task in enumerate(chosen):
            place = slice(0, len(task.ids)) if self._reads_apart else slice(width - len(task.ids), width)
            if not self._reads_apart:
                ids[row, :] = task.ids[0]
            ids[row, place] = torch.tensor(task.ids)
            mask[row, place] = 1
        return ids, mask

    def _row(self, ids: list[int], most: int) -> _Row:
        end = next((i for i, token in enumerate(ids) if token in self._ends), None)
        if end is not None:
            # Some checkpoints put the end where a text is cut: in the last place it says nothing.
            forced = self._model.generation_config.forced_eos_token_id is not None and end + 1 == most
            return _Row(ids[: end + 1], ended=not forced)
        pad = self._model.generation_config.pad_token_id
        while ids and ids[-1] == pad:  # behind a text that a stop ended
            ids = ids[:-1]
        return _Row(ids, ended=False)

    def _read(self, row: _Row, manner: Manner, broken: bool, seconds: float) -> Written:
        if broken:
            return Written(failure=_BROKEN, seconds=seconds)
        text: str = self.tokenizer.decode(row.ids, skip_special_tokens=True)
        at = min((place for stop in manner.stop if (place := text.find(stop)) >= 0), default=None)
        return Written(
            text=text if at is None else text[:at],
            tokens=len(row.ids),
            cut=not row.ended and at is None,
            seconds=seconds,
        )

    def _release(self) -> None:
        if self._device.startswith("cuda"):
            import torch

            torch.cuda.empty_cache()


def _is_out_of_memory(error: BaseException) -> bool:
    """Tell that memory was short; torch's CPU allocator says so in words alone."""
    return isinstance(error, MemoryError) or any(
        words in str(error) for words in ("out of memory", "not enough memory", "can't allocate memory")
    )
