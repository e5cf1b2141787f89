"""Judgements of people: JSON lines, pairs, text files with a table of ratings."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tercet.judged import JudgedSet
from tercet.judgements.jsonl import Jsonl
from tercet.judgements.pairs import Pairs
from tercet.judgements.parallel import Parallel
from tests.fuzzing.grammar import value, written
from tests.fuzzing.target import Read, Target, demand

_MARK = b"\xef\xbb\xbf"
_SEPARATOR = b"\n=====\n"
_FLAT = {
    "id": "id",
    "item": "item",
    "cluster": "doc",
    "system": "system",
    "source": "src",
    "candidate": "hyp",
    "references": "refs",
}
_ROWS = (
    {"id": "1", "item": "i1", "doc": "d", "system": "a", "src": "它涨了。", "hyp": "It rose.", "refs": ["Up."],
    "score": 1.5, "other": 0, "human": False},
    {"id": "2", "item": "i1", "doc": "d", "system": "b", "src": "它涨了。", "hyp": "It fell.", "refs": "Up.",
    "score": -3, "other": 1, "human": False},
    {"id": "3", "item": "i2", "doc": "e", "system": "a", "src": "二。", "hyp": None, "refs": ["Two."],
    "score": None, "other": 1, "human": True},
)  # fmt: skip
_DOCUMENT = {
    "id": "d1",
    "text": "It rose 3.5%.",
    "refs": ["Up."],
    "systems": [{"name": "a", "hyp": "Up.", "fluency": 3}, {"name": "b", "hyp": "Down.", "fluency": 1}],
}
_PAIR = {
    "id": "p1",
    "src": "它涨了。",
    "ref": "It rose.",
    "good": "It rose.",
    "bad": "It fell.",
    "category": "antonym",
    "severity": "major",
}


def _flat(folder: Path) -> Read:
    reader = Jsonl(
        path=str(folder / "j.jsonl"),
        columns=dict(_FLAT),
        human={"mqm": "score"},
        scores={"o": "other"},
        where={"human": False},
    )
    return _jsonl(folder, reader, _check_flat)


def _nested(folder: Path) -> Read:
    columns = {"item": "id", "source": "text", "references": "refs", "system": "name", "candidate": "hyp"}
    reader = Jsonl(
        path=str(folder / "j.jsonl"), columns=columns, human={"fluency": "fluency"}, each="systems", remove=["[UNK]"]
    )
    return _jsonl(folder, reader, lambda records: sum(len(record["systems"]) for record in records))


def _pairs(folder: Path) -> Read:
    columns = {"id": "id", "category": "category", "source": "src", "references": "ref", "good": "good", "bad": "bad"}
    reader = Pairs(
        path=str(folder / "j.jsonl"), columns=columns, where={"severity": ["major", "minor"]}, source_language="zh"
    )
    return _jsonl(
        folder, reader, lambda records: 2 * sum(record["severity"] in {"major", "minor"} for record in records)
    )


def _check_flat(records: list[dict[str, Any]]) -> int:
    return sum(record["human"] is False for record in records)


def _jsonl(folder: Path, reader: Jsonl | Pairs, given: Callable[[list[dict[str, Any]]], int]) -> Read:
    path = folder / "j.jsonl"

    def case(data: bytes) -> str:
        path.write_bytes(data)
        (found,) = reader.read()
        records = [json.loads(line) for line in data.removeprefix(_MARK).decode().split("\n") if line.strip()]
        demand(len(found.texts) == given(records), "a judged text is lost")
        return _checked(found)

    return case


def _checked(found: JudgedSet) -> str:
    for judged in found.texts:
        numbers = [*judged.human.values(), *judged.recorded.values()]
        demand(all(math.isfinite(number) for number in numbers), "a judgement that is no number")
        demand(isinstance(judged.segment.candidate, str) or bool(judged.segment.absent), "no text, and no reason")
    for table in (*found.ratings.values(), *found.recorded.values()):
        demand(all(math.isfinite(number) for number in table.values()), "a rating that is no number")
    return f"{min(len(found.texts), 5)} texts, {len(found.notes)} notes"


def _parallel(folder: Path) -> Read:
    reader = Parallel(
        path=str(folder), source="src.en.txt", references="ref.zh.txt", hypotheses="hyp.{system}.txt",
        ratings="human.tsv",
        columns={"system": "sys"}, human={"da": "da"}, language="zh", source_language="en",
    )  # fmt: skip
    names = ("human.tsv", "src.en.txt", "ref.zh.txt", "hyp.a.txt", "hyp.b.txt")

    def case(data: bytes) -> str:
        parts = (data.split(_SEPARATOR) + [b""] * 5)[:5]
        for name, part in zip(names, parts, strict=True):
            (folder / name).write_bytes(part)
        (found,) = reader.read()
        table = [
            line.split("\t")
            for line in parts[0].removeprefix(_MARK).decode().replace("\r\n", "\n").split("\n")
            if line.strip()
        ]
        demand(len(set(table[0])) == len(table[0]), "a column stands twice in a table, and one is lost")
        at = table[0].index("da")
        demand(len(found.ratings["da"]) == sum(bool(row[at].strip()) for row in table[1:]), "a rating is lost")
        return _checked(found)

    return case


def _lines(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def _make(*rows: dict[str, Any]) -> Callable[[Random], bytes]:
    """Write rows in which some values are others."""

    def make(chance: Random) -> bytes:
        changed = [
            {key: value(chance, 2) if chance.random() < 0.15 else told for key, told in row.items()} for row in rows
        ]
        return b"\n".join(written(row, chance) for row in changed)

    return make


def _folder_seeds() -> list[bytes]:
    parts = [
        b"sys\tda\tn\na\t0.5\t3\nb\t-1e3\t3\n",
        b"It rose.\nTwo.\n",
        "涨了。\n二。\n".encode(),
        "涨。\n二\n".encode(),
        "跌。\n二。\n".encode(),
    ]
    return [_SEPARATOR.join(parts)]


_NUMBERS = (b"1" + b"0" * 400, b"true", b"null", b"-0.0", b"1e400", b'"1"')

TARGETS = (
    Target(
        name="judged_rows",
        reads="judgements: JSON lines",
        ready=_flat,
        seeds=lambda: [_lines(*_ROWS)],
        words=_NUMBERS,
        make=_make(*_ROWS),
        share=0.5,
        weight=1,
        oracle="each row that is asked for is a judged text; numbers are finite",
    ),
    Target(
        name="judged_documents",
        reads="judgements: documents with lists of systems",
        ready=_nested,
        seeds=lambda: [_lines(_DOCUMENT)],
        words=_NUMBERS,
        make=_make(_DOCUMENT),
        share=0.5,
        weight=0.7,
        oracle="each system of a document is a judged text",
    ),
    Target(
        name="judged_pairs",
        reads="judgements: pairs",
        ready=_pairs,
        seeds=lambda: [_lines(_PAIR, {**_PAIR, "id": "p2", "bad": "It sank."})],
        words=_NUMBERS,
        make=_make(_PAIR),
        share=0.5,
        weight=0.7,
        oracle="each pair is two texts",
    ),
    Target(
        name="judged_folder",
        reads="judgements: text files with a table of ratings",
        ready=_parallel,
        seeds=_folder_seeds,
        words=(_SEPARATOR, b"\t", b"sys", b"da"),
        weight=0.7,
        oracle="each number of the table is a rating; no column is there twice",
    ),
)
