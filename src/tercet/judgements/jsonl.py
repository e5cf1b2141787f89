"""Judgements as JSON lines: a row a text, or a row a document with a list of systems."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tercet.dotted import Row, value
from tercet.errors import CorpusError, IncompleteError, TercetError, nearest
from tercet.files import read_records
from tercet.judged import Human, Judged, JudgedSet, humans
from tercet.judged_files import hashed, paths, stem
from tercet.judged_rows import Languages, check_names, kept, located, name, numbers, text, texts, worded
from tercet.records import Segment
from tercet.text.counting import counted

_NAMES = (
    "id", "item", "cluster", "system", "source", "candidate", "references", "language", "source_language",
)  # fmt: skip
_Found = tuple[str, int, str, Judged]  # set, line, place within the line, text


@dataclass(frozen=True, kw_only=True)
class Jsonl:
    """Judged texts, one a line, or one document a line with the texts of its systems.

    Args:
        path: The file; or several, or a pattern, each a set of its own; ``.gz`` is unpacked.
        columns: From our names to the file's: ``id`` (else the line), ``item`` (what several systems were judged on;
            else each text is its own), ``cluster`` (what is drawn together; else the item), ``system``, ``source``,
            ``candidate``, ``references`` (one text, a list, or several columns), ``language``, ``source_language``. A
            dot goes into a nested object, a list of columns is joined to one id.
        human: From names of judgements to columns of numbers; null is not judged.
        lower_is_better: Judgements of which less is better.
        scores: From names to columns that hold another tool's scores: more is better. They join as metrics.
        each: The column that holds a row's list of systems; what a system does not have is taken from its row.
        where: Only rows whose column has this value, or one of these.
        remove: Marks that are taken out of every text.
        sets: The column whose value tells sets apart.
        together: Whether several files are one set.
        language: Of candidates and references, where no column says it.
        source_language: Of sources; null tells it by the script of each.
    """

    path: Any = None
    columns: dict[str, Any] = field(default_factory=dict)
    human: dict[str, Any] = field(default_factory=dict)
    lower_is_better: list[str] = field(default_factory=list)
    scores: dict[str, Any] = field(default_factory=dict)
    each: str | None = None
    where: dict[str, Any] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    sets: str | None = None
    together: bool = False
    language: str = "en"
    source_language: str | None = None

    def read(self) -> list[JudgedSet]:
        """Read the files in order.

        Raises:
            CorpusError: A line cannot be read, or an item of a system is judged twice.
            ConfigError: The configuration asks for what cannot be.
            IncompleteError: There is no judgement.
        """
        check_names(self.columns, _NAMES)
        kinds = humans(self.human, self.lower_is_better)
        files = paths(self.path)
        groups = [files] if self.together else [[file] for file in files]
        return [found for group in groups for found in self._sets(group, kinds)]

    def _sets(self, files: list[Path], kinds: tuple[Human, ...]) -> Iterator[JudgedSet]:
        common = "+".join(map(stem, files))
        aside: Counter[str] = Counter()
        found: dict[str, list[Judged]] = {}
        seen: dict[tuple[str, str, str | None], str] = {}
        for file in files:
            for part, line, within, judged in self._texts(file, aside):
                _check_once(seen, (part, judged.item, judged.system), judged, (file, line, within))
                found.setdefault(part, []).append(judged)
        if not any(judged.human for texts_there in found.values() for judged in texts_there):
            raise IncompleteError(
                f"{common}: there is no judgement.", "Check judgement.human and judgement.where against the file."
            )
        notes = [f"{counted(aside['where'], 'row')} left aside: only where {worded(self.where)}"] if aside else []
        if (origin := self.columns.get("source")) and origin == self.columns.get("references"):
            notes.append("the source is taken as the reference")
        hashes = hashed(files)
        for part, judged_there in found.items():
            yield JudgedSet(
                name=f"{common}, {part}" if part else common,
                texts=tuple(judged_there),
                humans=kinds,
                files=hashes,
                notes=tuple(notes),
            )

    def _texts(self, file: Path, aside: Counter[str]) -> Iterator[_Found]:
        """Read the texts of a file; rows that ``where`` leaves aside are counted."""
        for line, record in read_records(file):
            if isinstance(record, CorpusError):
                raise record
            within = ""
            try:
                for within, row in self._rows(record):
                    if not kept(row, self.where):
                        aside["where"] += 1
                        continue
                    part = name(row, self.sets) or ""
                    yield part, line, within, self._judged(row, f"{line}{within and ':'}{within}")
            except TercetError as error:
                raise located(error, file, line, f"{within}: " if within else "") from error

    def _rows(self, record: Row) -> Iterator[tuple[str, Row]]:
        """Give a record itself, or each system of its list with what they share."""
        if self.each is None:
            yield "", record
            return
        listed = value(record, self.each)
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            raise CorpusError(f"'{self.each}' is no list of objects.", "judgement.each names the list of systems.")
        shared = {key: item for key, item in record.items() if key != self.each}
        for number, item in enumerate(listed):
            yield f"{self.each}[{number}]", {**shared, **item}

    def _judged(self, row: Row, fallback: str) -> Judged:
        columns = self.columns
        if not columns.get("candidate"):
            raise CorpusError("judgement.columns.candidate names no column.", nearest("candidate", row))
        system = name(row, columns.get("system"))
        item = name(row, columns.get("item"))
        own = None if self.each else name(row, columns.get("id"))
        code = own or (fallback if item is None else ":".join(filter(None, (item, system or fallback))))
        source = text(row, columns.get("source"), self.remove)
        target, given = Languages(target=self.language, source=self.source_language, columns=columns).of(row, source)
        candidate = text(row, columns["candidate"], self.remove)
        return Judged(
            segment=Segment(
                id=code,
                candidate=candidate,
                references=texts(row, columns.get("references"), self.remove),
                source=source,
                language=target,
                source_language=given,
                cluster=name(row, columns.get("cluster")) or item or code,
                absent="the row has no text" if candidate is None else None,
            ),
            item=item or code,
            system=system,
            human=numbers(row, self.human),
            recorded=numbers(row, self.scores),
        )


def _check_once(
    seen: dict[tuple[str, str, str | None], str],
    key: tuple[str, str, str | None],
    judged: Judged,
    at: tuple[Path, int, str],
) -> None:
    """Refuse a second text of one system for one item, or of one id where there is no system."""
    file, line, within = at
    key = key if judged.system is not None else (key[0], judged.segment.id, None)
    where = f"{file.name}:{line}{within and ' '}{within}"
    if key in seen:
        what = f"item '{judged.item}' of system '{key[2]}'" if key[2] is not None else f"id '{key[1]}'"
        raise CorpusError(
            f"The {what} is there twice; first in {seen[key]}.",
            "Take the mean of several judgements, or name what tells them apart in judgement.columns.item.",
            path=file,
            line=line,
        )
    seen[key] = where
