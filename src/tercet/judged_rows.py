"""Rows of judgements: which column is what, with errors that name file and line."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tercet.dotted import Row, value
from tercet.errors import ConfigError, CorpusError, TercetError, nearest
from tercet.text.languages import detect, language

_MOST = sys.float_info.max  # whole numbers of JSON may be larger
_SIMPLE = (str, int, float, bool)


def number(row: Row, column: str) -> float | None:
    """Take a judgement or a score; null is None: there is none.

    Raises:
        CorpusError: It is no finite number.
    """
    found = value(row, column)
    if found is None:
        return None
    if not isinstance(found, int | float) or not -_MOST <= found <= _MOST:
        raise CorpusError(
            f"'{column}' is no number but {_shown(found)}.", "Write a number, or null where there is none."
        )
    return float(found)


def numbers(row: Row, columns: Mapping[str, str | None]) -> dict[str, float]:
    """Take the numbers of named columns that are there."""
    found = {name: number(row, column) for name, column in columns.items() if column}
    return {name: item for name, item in found.items() if item is not None}


def name(row: Row, columns: Any) -> str | None:
    """Take an id: of one column, or of several, joined by colons; None where no column is named or it holds null.

    Raises:
        CorpusError: It is neither a text nor a number.
    """
    if not columns:
        return None
    parts = []
    for column in columns if isinstance(columns, list) else [columns]:
        found = value(row, str(column))
        if found is None or found == "":
            return None
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            raise CorpusError(f"'{column}' is neither a text nor a number but {type(found).__name__}.")
        parts.append(str(found))
    return ":".join(parts)


def text(row: Row, column: Any, remove: list[str]) -> str | None:
    """Take a text, without the marks that are to be removed.

    Raises:
        CorpusError: It is no text.
    """
    if not column:
        return None
    found = value(row, str(column))
    return None if found is None else _cleaned(found, str(column), remove)


def texts(row: Row, columns: Any, remove: list[str]) -> tuple[str, ...]:
    """Take the references: of a column that holds one or a list, or of several columns.

    Raises:
        CorpusError: One is no text.
    """
    found: list[str] = []
    for column in map(str, columns if isinstance(columns, list) else [columns] if columns else []):
        given = value(row, column)
        listed = given if isinstance(given, list) else [] if given is None else [given]
        found.extend(_cleaned(item, column, remove) for item in listed)
    return tuple(found)


def _cleaned(found: Any, column: str, remove: list[str]) -> str:
    if not isinstance(found, str):
        raise CorpusError(f"'{column}' holds no text but {_shown(found)}.")
    cleaned: str = found
    for mark in remove:
        cleaned = cleaned.replace(mark, "")
    return cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """Which languages a row's texts are in: a column of it, or the same for all.

    Args:
        target: Of the candidates.
        source: Of the sources; None tells it by the script of each.
        columns: The reader's, which may name ``language`` and ``source_language``.
    """

    target: str
    source: str | None
    columns: Mapping[str, Any]

    def of(self, row: Row, source: str | None) -> tuple[str, str | None]:
        """Give the languages of candidate and source; None where there is no source.

        Raises:
            ConfigError: A language is unknown.
        """
        target = language(name(row, self.columns.get("language")) or self.target).code
        if source is None:
            return target, None
        given = name(row, self.columns.get("source_language")) or self.source
        return target, detect(source) if given is None else language(given).code


def kept(row: Row, where: Mapping[str, Any]) -> bool:
    """Tell whether a row has the values that are asked for; a list names several that will do."""
    return all(
        any(_same(value(row, column), one) for one in (wanted if isinstance(wanted, list) else [wanted]))
        for column, wanted in where.items()
    )


def _same(found: Any, wanted: Any) -> bool:
    """Compare without taking 1 for true."""
    return isinstance(found, bool) == isinstance(wanted, bool) and bool(found == wanted)


def worded(where: Mapping[str, Any]) -> str:
    """Word a filter.

    >>> worded({"human": False, "pair": ["a", "b"]})
    'human is false, pair is a or b'
    """
    shown = {
        column: " or ".join(map(_plain, wanted)) if isinstance(wanted, list) else _plain(wanted)
        for column, wanted in where.items()
    }
    return ", ".join(f"{column} is {wanted}" for column, wanted in shown.items())


def _plain(found: Any) -> str:
    if found is None:
        return "null"
    return str(found).lower() if isinstance(found, bool) else str(found)


def _shown(found: Any) -> str:
    return repr(found) if isinstance(found, _SIMPLE) and len(repr(found)) < 40 else type(found).__name__


def check_names(columns: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refuse a column map that maps what no reader knows.

    Raises:
        ConfigError: A name is unknown.
    """
    for ours in columns:
        if ours not in known:
            raise ConfigError(f"Unknown name '{ours}' in judgement.columns.", nearest(str(ours), known))


def located(error: TercetError, path: Path, line: int, within: str = "") -> CorpusError:
    """Give an error of a row its file and line, and the place within the row."""
    return CorpusError(f"{within}{error.problem}", error.remedy, path=path, line=line)
