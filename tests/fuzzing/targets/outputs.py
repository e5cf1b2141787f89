"""Outputs that something else made: JSON lines by case, plain text by place."""

import json
from pathlib import Path
from random import Random

from tercet.backends import Request
from tercet.backends.replay import Replay
from tests.fuzzing.grammar import text, value, written
from tests.fuzzing.target import Read, Target, demand
from tests.fuzzing.targets.corpora import _lines

_MARK = b"\xef\xbb\xbf"


def _json_lines(folder: Path) -> Read:
    path = folder / "outputs.jsonl"

    def case(data: bytes) -> str:
        path.write_bytes(data)
        backend = Replay(path=str(path))
        backend.check(3)
        total, _ = backend.unknown([], 0)
        records = [json.loads(line) for line in data.removeprefix(_MARK).decode().split("\n") if line.strip()]
        ids = [_id(record) for record in records]
        replies = dict(backend.generate([_request(case_id) for case_id in ids]))
        demand(len(set(ids)) == len(records), "two outputs for one case")
        for number, record in enumerate(records):
            reply = replies[number]
            demand((reply.text, reply.failure) == (record.get("text"), record.get("failure")), "an output is another's")
        demand(total == len(records), "an output is not counted")
        return f"{min(len(records), 4)} outputs"

    return case


def _id(record: dict[str, object]) -> str:
    return str(record.get("id") if record.get("id") is not None else f"{record['article']}:{record['language']}")


def _request(case_id: str | None, place: int = 0) -> Request:
    return Request(role="summarize", text="", source_language="en", target_language="en", case_id=case_id, place=place)


def _plain(folder: Path) -> Read:
    path = folder / "outputs.txt"

    def case(data: bytes) -> str:
        path.write_bytes(data)
        lines = _lines(data) if _is_utf8(data) else []
        backend = Replay(path=str(path))
        backend.check(len(lines))
        replies = dict(backend.generate([_request(None, place) for place in range(len(lines))]))
        demand([replies[place].text for place in range(len(lines))] == lines, "an output is not its line")
        return f"{min(len(lines), 4)} lines"

    return case


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _seeds() -> list[bytes]:
    records = [
        {"id": "a:en", "text": "It cost 5 million."},
        {"article": "b", "language": "zh", "text": "它涨了3.5%。"},
        {"id": "c:en", "failure": "500"},
    ]
    lines = [json.dumps(record, ensure_ascii=False).encode() for record in records]
    return [b"\n".join(lines) + b"\n", b"\r\n".join(lines), _MARK + lines[1]]


def _make(chance: Random) -> bytes:
    lines = []
    for number in range(chance.randrange(5)):
        record = {"id": f"a{number}:en", "text": text(chance)}
        if chance.random() < 0.4:
            record = {
                key: value(chance, 1)
                for key in ("id", "text", "failure", "article", "language")
                if chance.random() < 0.6
            }
        lines.append(written(record, chance))
    return b"\n".join(lines)


TARGETS = (
    Target(
        name="outputs",
        reads="outputs.jsonl of another tool",
        ready=_json_lines,
        seeds=_seeds,
        words=(b'"id":', b'"text":', b'"failure":', b'"article":', b'"language":', b'"a:en"'),
        make=_make,
        weight=2,
        oracle="each line's output is found again by its id; none is lost or given to another",
    ),
    Target(
        name="plain_outputs",
        reads="plain text outputs",
        ready=_plain,
        seeds=lambda: ["It rose.\nTwo.\n三。\n".encode(), b"a\r\nb\r\n\r\nc"],
        weight=1.5,
        oracle="each line is the output of its place",
    ),
)
