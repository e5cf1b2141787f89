"""Dotted names: a column of a row, or of an object within it."""

from collections.abc import Mapping
from typing import Any

from tercet.errors import CorpusError, nearest

Row = Mapping[str, Any]


def value(row: Row, column: str) -> Any:
    """Take a column of a row; a dot goes into a nested object.

    Raises:
        CorpusError: It is not there.

    >>> value({"detail": {"score": 0.5}}, "detail.score")
    0.5
    """
    found: Any = row
    for part in column.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise CorpusError(
                f"There is no column '{column}'.", nearest(part, found if isinstance(found, Mapping) else ())
            )
        found = found[part]
    return found
