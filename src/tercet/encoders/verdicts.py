"""Verdicts on pairs of texts: each distinct pair is judged once, and found again by later runs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import isfinite
from pathlib import Path

from tercet.encoders.classifier import Classifier, Verdict
from tercet.encoders.entailment import Entailment
from tercet.encoders.memory import Memory
from tercet.encoders.pairs import Kept, Texts
from tercet.encoders.remembering import Keeping, Models, remembered

# Pairs that are judged before they are put on disk: what is lost at most when a run is killed.
_BLOCK = 4_096
_SEEN: Memory[Verdict] = Memory(200 << 20)
_VERDICT = 200  # bytes
_loaded: Models[Classifier] = Models()


class Verdicts(Kept[Verdict]):
    """Verdicts by key, about 70 bytes each.

    Args:
        path: The file; it and its folder are made where they are not there.
        limit: How many verdicts are kept; those not used for longest go first.
    """

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(path, limit, Verdict)


def judge_pairs(
    description: Entailment, pairs: Sequence[Texts], *, store: Verdicts | None, batch: int | None = None
) -> list[Verdict]:
    """Judge premises and hypotheses.

    Args:
        description: The classifier; it is loaded only where a pair was never judged.
        pairs: Premise and hypothesis; the same may come many times.
        store: What was judged by earlier processes.
        batch: Pairs computed at once at most; None for what suits the device.

    Returns:
        For each pair its verdict; NaN where the model gives no finite number.
    """
    if not pairs:
        return []
    keeping = Keeping(
        memory=_SEEN, size=_VERDICT, store=store, whole=lambda verdict: isfinite(verdict.support + verdict.against)
    )

    def judged(missing: Mapping[bytes, Texts]) -> Iterator[dict[bytes, Verdict]]:
        for block in _blocks(missing):
            yield dict(zip(block, _loaded(description).judge(list(block.values()), batch), strict=True))

    return remembered(description.identity, pairs, keeping, judged)


def _blocks(pairs: Mapping[bytes, Texts]) -> Iterator[dict[bytes, Texts]]:
    """Cut pairs into blocks, those of like length together, so that batches need little padding."""
    order = iter(sorted(pairs, key=lambda key: len(pairs[key][0]) + len(pairs[key][1])))
    while keys := list(islice(order, _BLOCK)):
        yield {key: pairs[key] for key in keys}
