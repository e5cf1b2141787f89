"""Arrow columns, put together from their buffers.

``pyarrow.array`` imports pandas wherever that is installed, which costs a fifth of a second; nothing here does.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


def strings(items: Sequence[str | None]) -> Any:
    """Make a column of texts; None is a null."""
    import pyarrow as pa

    texts = [(item or "").encode() for item in items]
    there = np.array([item is not None for item in items], dtype=np.bool_)
    buffers = [_bits(there), pa.py_buffer(_offsets([len(text) for text in texts])), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def numbers(values: Any, kind: Any) -> Any:
    """Make a column of numbers of an Arrow type, without nulls."""
    import pyarrow as pa

    plain = np.ascontiguousarray(values, kind.to_pandas_dtype())
    return pa.Array.from_buffers(kind, len(plain), [None, pa.py_buffer(plain)])


def maps(counts: Sequence[int] | NDArray[np.int_], there: Flags, keys: Any, values: Any) -> Any:
    """Make a column of maps.

    Args:
        counts: (n,) how many entries each map has.
        there: (n,) whether it is a map; else it is a null, and has no entries.
        keys: The entries' keys, one map's after the other's.
        values: Their values.
    """
    import pyarrow as pa

    kind = pa.map_(pa.string(), values.type)
    entries = pa.Array.from_buffers(
        pa.struct([kind.key_field, kind.item_field]), len(keys), [None], children=[keys, values]
    )
    buffers = [_bits(there), pa.py_buffer(_offsets(counts))]
    return pa.Array.from_buffers(kind, len(there), buffers, children=[entries])


def _offsets(sizes: Sequence[int] | NDArray[np.int_]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)


def _bits(there: Flags) -> Any:
    import pyarrow as pa

    return None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
