"""Judgements as pairs: a good text and a spoilt one of the same segment, as DEMETR has them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tercet.dotted import Row
from tercet.errors import CorpusError, IncompleteError, TercetError
from tercet.files import read_records
from tercet.judged import Human, Judged, JudgedSet
from tercet.judged_files import hashed, paths, stem
from tercet.judged_rows import Languages, check_names, kept, located, name, text, texts, worded
from tercet.records import Segment
from tercet.text.counting import counted

_NAMES = (
    "id", "cluster", "category", "source", "references", "good", "bad", "language", "source_language",
)  # fmt: skip
_JUDGEMENT = "good"


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Pairs of texts of which one is known to be better, one pair a line.

    Args:
        path: The file; or several, or a pattern, each a set of its own; ``.gz`` is unpacked.
        columns: From our names to the file's: ``id`` (else the line), ``cluster`` (what is drawn together, such as
            the sentence that was spoilt in several ways; else the pair), ``category`` (what was spoilt), ``source``,
            ``references``, ``good``, ``bad``, ``language``, ``source_language``. A dot goes into a nested object.
        where: Only rows whose column has this value, or one of these.
        remove: Marks that are taken out of every text.
        language: Of the two texts and the references, where no column says it.
        source_language: Of sources; null tells it by the script of each.
    """

    path: Any = None
    columns: dict[str, Any] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    language: str = "en"
    source_language: str | None = None

    def read(self) -> list[JudgedSet]:
        """Read the files in order.

        Raises:
            CorpusError: A line cannot be read, two pairs have one id, or the texts of one are the same.
            ConfigError: The configuration asks for what cannot be.
            IncompleteError: There is no pair.
        """
        check_names(self.columns, _NAMES)
        return [self._set(file) for file in paths(self.path)]

    def _set(self, file: Path) -> JudgedSet:
        found: list[Judged] = []
        seen: dict[str, int] = {}
        rows = 0
        for line, record in read_records(file):
            if isinstance(record, CorpusError):
                raise record
            rows += 1
            try:
                if kept(record, self.where):
                    code = name(record, self.columns.get("id")) or str(line)
                    if code in seen:
                        raise CorpusError(f"The id '{code}' is there twice; first in line {seen[code]}.")
                    seen[code] = line
                    found.extend(self._pair(record, code))
            except TercetError as error:
                raise located(error, file, line) from error
        if not found:
            raise IncompleteError(f"{file.name}: there is no pair.", "Check judgement.where against the file.")
        aside = rows - len(seen)
        return JudgedSet(
            name=stem(file),
            texts=tuple(found),
            humans=(Human(name=_JUDGEMENT),),
            paired=True,
            files=hashed([file]),
            notes=(f"{counted(aside, 'row')} left aside: only where {worded(self.where)}",) if aside else (),
        )

    def _pair(self, row: Row, code: str) -> Iterator[Judged]:
        source = text(row, self.columns.get("source"), self.remove)
        target, given = Languages(target=self.language, source=self.source_language, columns=self.columns).of(
            row, source
        )
        good, bad = (self._needed(row, side) for side in ("good", "bad"))
        if good == bad:
            raise CorpusError("The good text and the spoilt one are the same.", "Leave the row out.")
        category = name(row, self.columns.get("category")) or ""
        for side, candidate in (("good", good), ("bad", bad)):
            yield Judged(
                segment=Segment(
                    id=f"{code}:{side}",
                    candidate=candidate,
                    references=texts(row, self.columns.get("references"), self.remove),
                    source=source,
                    language=target,
                    source_language=given,
                    cluster=name(row, self.columns.get("cluster")) or code,
                ),
                item=code,
                human={_JUDGEMENT: float(side == "good")},
                category=category,
            )

    def _needed(self, row: Row, side: str) -> str:
        column = self.columns.get(side)
        if not column:
            raise CorpusError(f"judgement.columns.{side} names no column.")
        found = text(row, column, self.remove)
        if found is None:
            raise CorpusError(f"'{column}' holds no text but null.", "A pair needs both.")
        return found
