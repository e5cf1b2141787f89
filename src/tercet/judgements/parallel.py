"""Judgements of whole systems: their outputs as text files, and a table of what they were rated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tercet.errors import ConfigError, CorpusError, IncompleteError, TercetError, nearest
from tercet.files import read_lines
from tercet.judged import Judged, JudgedSet, humans
from tercet.judged_files import Files, hashed, paths, pattern_of, read_table
from tercet.judged_rows import check_names, kept, located
from tercet.records import Segment
from tercet.text.counting import counted
from tercet.text.languages import language as lookup

_NAMES = ("system", "name", "value")
_Ratings = dict[str, dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Parallel:
    """Text files, one segment a line and one file a system, with a table of systems' ratings.

    In the names of files ``{system}`` stands for the system, ``{language}`` for a language, ``{name}`` for anything.

    Args:
        path: The folder; or several, or a pattern, each a set of its own, named like the folder.
        source: The file of sources, within the folder; null: there is none.
        references: The file or files of references; null: there is none.
        hypotheses: The files of outputs.
        documents: The file that names each line's document, which is then drawn as one; null: each line is.
        ratings: The table, with tabs and a line of names; from the folder, or as it stands.
        columns: ``system`` is the table's column of systems. Where a row holds one number, ``name`` is the column
            that says of what, and ``value`` that of the number.
        human: From names of judgements to the table's columns, or to what its column ``name`` says.
        lower_is_better: Judgements of which less is better.
        scores: Likewise, of another tool's scores; they join as metrics.
        where: Only rows of the table with this value, or one of these; ``{set}`` is the folder's name.
        language: Of the outputs; null: the file's name says it.
        source_language: Of the sources; null: the file's name says it.
        note: What a reader must know of the ratings; printed under the table.
    """

    path: Any = None
    source: str | None = None
    references: str | None = None
    hypotheses: str = "hyp.{system}.txt"
    documents: str | None = None
    ratings: str | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    human: dict[str, Any] = field(default_factory=dict)
    lower_is_better: list[str] = field(default_factory=list)
    scores: dict[str, Any] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    language: str | None = None
    source_language: str | None = None
    note: str = ""

    def read(self) -> list[JudgedSet]:
        """Read the folders in order.

        Raises:
            CorpusError: A file is missing, is not as long as the others, or a line of the table is broken.
            ConfigError: The configuration asks for what cannot be.
            IncompleteError: No system that has a text has a rating.
        """
        check_names(self.columns, _NAMES)
        if "{system}" not in self.hypotheses:
            raise ConfigError(f"judgement.hypotheses is '{self.hypotheses}'.", "Write {system} where the name stands.")
        kinds = humans(self.human, self.lower_is_better)
        return [self._set(folder, kinds) for folder in paths(self.path, "a folder of text files")]

    def _set(self, folder: Path, kinds: Any) -> JudgedSet:
        if not folder.is_dir():
            raise CorpusError("There is no such folder.", "Check judgement.path.", path=folder)
        files = Files(folder)
        outputs = dict(files.matching(self.hypotheses))
        source = files.only(self.source)
        references = [found for _, found in files.matching(self.references)] if self.references else []
        documents = files.only(self.documents)
        table = self._table(folder)
        rated, recorded = self._ratings(table, self.human, folder), self._ratings(table, self.scores, folder)
        notes = [self.note] if self.note else []
        notes += _unmatched(outputs, rated)
        if not any(set(found) & set(outputs) for found in rated.values()):
            raise IncompleteError(
                f"{folder.name}: no system that has a text has a rating.",
                f"Check judgement.where and judgement.columns.system against {table}.",
            )
        everything = [found for found in (source, *references, documents, *outputs.values()) if found is not None]
        return JudgedSet(
            name=folder.name,
            texts=tuple(self._texts(outputs, source, references, documents)),
            humans=kinds,
            ratings=rated,
            recorded=recorded,
            files=hashed([*everything, table]),
            notes=tuple(notes),
        )

    def _texts(
        self, outputs: Mapping[str, Path], source: Path | None, references: list[Path], documents: Path | None
    ) -> Iterator[Judged]:
        first = next(iter(outputs.values()))
        lines = {path: read_lines(path) for path in (source, *references, documents, *outputs.values()) if path}
        base = source or first
        for path, found in lines.items():
            if len(found) != len(lines[base]):
                raise CorpusError(
                    f"{counted(len(found), 'line')}, but {base.name} has {len(lines[base])}.",
                    "The files must be aligned line by line.",
                    path=path,
                    line=min(len(found), len(lines[base])) + 1,
                )
        given = None if source is None else self._language(self.source, source, self.source_language)
        for system, path in outputs.items():
            target = self._language(self.hypotheses, path, self.language)
            for i, candidate in enumerate(lines[path]):
                yield Judged(
                    segment=Segment(
                        id=f"{system}:{i + 1}",
                        candidate=candidate,
                        references=tuple(lines[reference][i] for reference in references),
                        source=None if source is None else lines[source][i],
                        language=target,
                        source_language=given,
                        cluster=str(i + 1) if documents is None else lines[documents][i],
                    ),
                    item=str(i + 1),
                    system=system,
                )

    def _language(self, pattern: str | None, path: Path, constant: str | None) -> str:
        match = pattern_of(pattern or "").fullmatch(path.name)
        named = match.groupdict().get("language") if match else None
        if constant is None and named is None:
            raise ConfigError(
                f"The language of {path.name} is not known.", "Set judgement.language and judgement.source_language."
            )
        return lookup(constant or named or "").code

    def _table(self, folder: Path) -> Path:
        if not self.ratings:
            raise ConfigError("judgement.ratings is not set.", "Add judgement.ratings=FILE, a table with tabs.")
        inside = folder / self.ratings
        return inside if inside.exists() else Path(self.ratings)

    def _ratings(self, table: Path, names: Mapping[str, Any], folder: Path) -> _Ratings:
        """Read the table's numbers of systems, by our name and the system's."""
        where = {column: _named(wanted, folder) for column, wanted in self.where.items()}
        found: _Ratings = {ours: {} for ours, theirs in names.items() if theirs}
        if not found:
            return found
        system = self.columns.get("system") or "system"
        for line, row in read_table(table):
            try:
                if not kept(row, where):
                    continue
                for ours, theirs in names.items():
                    if theirs and (column := self._column(row, str(theirs))):
                        _put(found[ours], row[system] if system in row else _absent(system, row), row, column)
            except TercetError as error:
                raise located(error, table, line) from error
        return found

    def _column(self, row: Mapping[str, str], theirs: str) -> str | None:
        """Say which column holds a number; None where the row holds another one."""
        naming = self.columns.get("name")
        if not naming:
            return theirs if theirs in row else _absent(theirs, row)
        if naming not in row:
            _absent(naming, row)
        return str(self.columns.get("value") or "value") if row[naming] == theirs else None


def _put(found: dict[str, float], system: str, row: Mapping[str, str], column: str) -> None:
    text = row[column] if column in row else _absent(column, row)
    if not text.strip():
        return
    if system in found:
        raise CorpusError(
            f"System '{system}' is rated twice.", "Narrow it down, as by judgement.where={pair: ..., metric: ...}."
        )
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number - number != 0:
        raise CorpusError(f"'{column}' is no number but '{text}'.", "Write a number, or nothing where there is none.")
    found[system] = number


def _absent(column: str, row: Mapping[str, str]) -> str:
    raise CorpusError(f"There is no column '{column}'.", nearest(column, row))


def _named(wanted: Any, folder: Path) -> Any:
    if isinstance(wanted, list):
        return [_named(one, folder) for one in wanted]
    return wanted.replace("{set}", folder.name) if isinstance(wanted, str) else str(wanted)


def _unmatched(outputs: Mapping[str, Path], rated: _Ratings) -> Iterator[str]:
    known = {system for found in rated.values() for system in found}
    for names, what in (
        (sorted(known - set(outputs)), "rated, and without a text"),
        (sorted(set(outputs) - known), "with a text, and not rated"),
    ):
        if names:
            yield f"{what}: {', '.join(names)}"
