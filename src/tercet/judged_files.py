"""Files of judgements: which ones are meant, what they are called, what they hold to the byte."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tercet.errors import ConfigError, CorpusError
from tercet.files import read_lines

_WILD = frozenset("*?[")
_ENDINGS = (".gz", ".jsonl", ".json", ".tsv", ".txt")
_FIELDS = {"system": "(?P<system>.+)", "language": r"(?P<language>[A-Za-z]{2,3}(?:[-_][A-Za-z]+)?)", "name": ".+"}


def paths(value: Any, what: str = "a file of judgements") -> list[Path]:
    """List what ``judgement.path`` names: one path, several, or a pattern such as ``data/*.jsonl``.

    Raises:
        ConfigError: It is not set, or a pattern meets nothing.
    """
    given = value if isinstance(value, list) else [] if value is None else [value]
    if not given:
        raise ConfigError("judgement.path is not set.", f"Add judgement.path=..., {what}.")
    found: list[Path] = []
    for item in map(str, given):
        if not _WILD & set(item):
            found.append(Path(item).expanduser())
            continue
        path = Path(item).expanduser()
        met = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        if not met:
            raise ConfigError(f"Nothing is named like '{item}'.", "Check judgement.path.")
        found.extend(met)
    return list(dict.fromkeys(found))


def stem(path: Path) -> str:
    """Name a set by its file, without endings.

    >>> stem(Path("data/ted.jsonl.gz"))
    'ted'
    """
    name = path.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name or path.name


def hashed(files: Sequence[Path]) -> dict[str, str]:
    """Hash files that could be read; by name.

    Raises:
        CorpusError: One cannot be read any more.
    """
    found = {}
    for path in files:
        try:
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise CorpusError(f"Cannot be read: {error.strerror or error}.", path=path) from error
    return found


def read_table(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Read a table with tabs: each line's number with its cells by column.

    Raises:
        CorpusError: It cannot be read, or a line has another number of cells than the first.
    """
    first, *rest = read_lines(table)
    names = first.split("\t")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CorpusError(f"The column '{twice[0]}' stands twice.", "Rename one of them.", path=table, line=1)
    for line, text in enumerate(rest, 2):
        cells = text.split("\t")
        if not text.strip():
            continue
        if len(cells) != len(names):
            raise CorpusError(
                f"{len(cells)} cells, but the first line has {len(names)}.",
                "Cells end with a tab.",
                path=table,
                line=line,
            )
        yield line, dict(zip(names, cells, strict=True))


def pattern_of(pattern: str) -> re.Pattern[str]:
    """Read a name of files in which ``{system}``, ``{language}`` and ``{name}`` stand for anything of that kind."""
    parts = re.split(r"\{(system|language|name)\}", pattern)
    return re.compile("".join(_FIELDS[part] if i % 2 else re.escape(part) for i, part in enumerate(parts)))


class Files:
    """The files of a folder, by patterns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = sorted(path for path in folder.iterdir() if path.is_file())

    def matching(self, pattern: str) -> list[tuple[str, Path]]:
        """List the files with this pattern's name, each with its system.

        Raises:
            CorpusError: There is none.
        """
        regex = pattern_of(pattern)
        found = [(match, path) for path in self._files if (match := regex.fullmatch(path.name))]
        if not found:
            there = ", ".join(path.name for path in self._files[:4]) or "nothing"
            raise CorpusError(f"No file is named like '{pattern}'.", f"There is: {there}.", path=self._folder)
        return [(match.groupdict().get("system") or "", path) for match, path in found]

    def only(self, pattern: str | None) -> Path | None:
        """Find the one file with this pattern's name.

        Raises:
            CorpusError: There is none, or several.
        """
        if not pattern:
            return None
        found = [path for _, path in self.matching(pattern)]
        if len(found) > 1:
            raise CorpusError(
                f"{len(found)} files are named like '{pattern}'.", "Write the name of one.", path=self._folder
            )
        return found[0]
