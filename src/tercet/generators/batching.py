"""Batches: texts of about one length together, each always in the same shape."""

from collections.abc import Sequence
from typing import NamedTuple

_STEP = 16  # widths are multiples of it
_FINENESS = 8  # and of an eighth of the power of two below, so that padding is never over an eighth or 16


class Bounds(NamedTuple):
    """What a batch may be.

    Args:
        tokens: How many at most, padding included; a longer text is alone.
        rows: How many texts at most.
        longest: How wide at most; None for no end.
    """

    tokens: int
    rows: int
    longest: int | None = None


class Batch(NamedTuple):
    """Texts that are computed together.

    Args:
        width: Tokens of a row, padding included.
        rows: How many are computed; copies fill up where there are fewer texts.
        members: Indices of the texts, at most ``rows``.
    """

    width: int
    rows: int
    members: tuple[int, ...]


def batches(lengths: Sequence[int], bounds: Bounds) -> list[Batch]:
    """Group texts into batches whose shape follows from each text's own length alone.

    A row that is filled to its last place and one that is not are never together: transformers leaves the mask
    out where no row has padding, and without a mask computes in another way.

    Args:
        lengths: Tokens of each text.
        bounds: What a batch may be.

    Returns:
        Batches, the narrowest first; each text is in one of them.

    >>> for batch in batches([3, 40, 5, 9], Bounds(tokens=32, rows=8)):
    ...     print(batch)
    Batch(width=16, rows=2, members=(0, 2))
    Batch(width=16, rows=2, members=(3,))
    Batch(width=48, rows=1, members=(1,))
    """
    alike: dict[tuple[int, bool], list[int]] = {}
    for i, length in enumerate(lengths):
        width = _width(length, bounds.longest)
        alike.setdefault((width, width == length), []).append(i)
    found = []
    for (width, _), members in sorted(alike.items()):
        rows = max(1, min(bounds.rows, bounds.tokens // width))
        found += [Batch(width, rows, tuple(members[i : i + rows])) for i in range(0, len(members), rows)]
    return found


def _width(length: int, longest: int | None) -> int:
    """Round up to what leaves at least one place of padding, if the model reads so much."""
    step = max(_STEP, (1 << length.bit_length() - 1) // _FINENESS) if length else _STEP
    width = (length // step + 1) * step
    return width if longest is None else max(length, min(width, longest))
