"""Pieces: what is packed comes out again, the same bytes each time, and what is damaged is an error."""

import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.cases import CaseInfo
from tercet.census import census_of
from tercet.errors import RunError
from tercet.generating import Call
from tercet.keeping import evidence_as_json, output_as_json, rows_as_table
from tercet.metrics.contract import PASSING
from tercet.pieces import Draft, Piece, added, as_lines, calls_of, flaws_of
from tercet.planning import plan
from tercet.records import Case, Output, Stage, Usage
from tercet.spending import Price
from tercet.tallying import tallies
from tests.fake_model import article, system
from tests.measured import LANGUAGES, Row, Table, Toy, measurement, tables
from tests.test_tallying import bits, segment

CALLS = {
    "a": Call(
        price=Price(prompt=1.5, answer=0.1), cached=False, failed=False, usage=Usage(prompt=3, answer=4), seconds=0.5
    ),
    "b": Call(price=None, cached=True, failed=True, usage=None, seconds=None),
}


def lines(chunks: Any) -> list[Any]:
    return [json.loads(line.decode("utf-8", "surrogatepass")) for line in b"".join(chunks).splitlines()]


@st.composite
def generated(draw: st.DrawFn) -> tuple[list[Case], list[Output]]:
    """Cases and what a system produced for them; texts may be half characters, and outputs may be missing."""
    text = st.text(alphabet="ab\n中\u2028\ud800\udfff", min_size=1, max_size=4)
    articles = [article(f"{number}{draw(text)}", draw(text)) for number in range(draw(st.integers(1, 3)))]
    cases = list(plan(census_of(articles), system("summarize"), None, None, draw(st.integers(1, 2))))
    outputs = []
    for case in cases:
        written, failure = draw(text), draw(st.none() | text)
        flaw = draw(st.none() | st.sampled_from(["no JSON", "cut"]))
        stages = (
            Stage(
                role="summarize",
                backend="m",
                source_language="en",
                target_language=case.target_language,
                text=written,
                flaw=flaw,
                usage=draw(st.none() | st.just(Usage(prompt=1, answer=2))),
            ),
        )
        outputs.append(
            Output(
                case_id=case.id,
                article_id=case.article.id,
                target_language=case.target_language,
                text=None if failure else written,
                failure=failure,
                stages=stages,
                repeat=case.repeat,
            )
        )
    return cases, outputs


# what is packed comes out


@given(generated())
def test_cases_and_outputs_come_out_by_language(made: tuple[list[Case], list[Output]]) -> None:
    cases, outputs = made
    draft = Draft()
    draft.put_outputs(cases, outputs, CALLS)
    piece = Piece(draft.archive())
    assert piece.languages == ["en", "zh"]
    for code in ("en", "zh"):
        mine = [i for i, case in enumerate(cases) if case.target_language == code]
        expected: Sequence[Mapping[str, Any]] = [CaseInfo.of(cases[i]).as_json() for i in mine]
        assert b"".join(piece.cases(code)) == as_lines(expected)
        assert list(piece.ids(code)) == [cases[i].id for i in mine]
        assert b"".join(piece.outputs(code)) == as_lines(output_as_json(outputs[i]) for i in mine)
        assert [record["id"] for record in lines(piece.outputs(code))] == [outputs[i].case_id for i in mine]
    assert dict(piece.calls()) == CALLS
    assert piece.about["failures"] == sum(output.failure is not None for output in outputs)
    assert piece.passing == any(output.failure is not None for output in outputs)
    flawed = [(o.target_language, o.stages[0].flaw) for o in outputs if o.stages[0].flaw]
    assert flaws_of([piece]) == {
        code: {flaw: flawed.count((code, flaw)) for flaw in sorted({f for c, f in flawed if c == code and f})}
        for code in sorted({code for code, _ in flawed})
    }


@given(tables(most=5))
@settings(max_examples=40)
def test_rows_evidence_and_tallies_come_out_by_metric_and_language(table: Table) -> None:
    draft = Draft()
    draft.put_outputs([], [], {})
    draft.put_rows(table.whole, seed=1)
    piece = Piece(draft.archive())
    assert piece.tables == list(table.whole)
    expected = tallies(table.whole, seed=1)
    for key, measured in table.whole.items():
        (rows,) = piece.rows(key)
        assert rows.equals(rows_as_table(*key, measured))
        assert rows["unscored"].null_count == sum(reason is None for reason in measured.rows.unscored)
        assert b"".join(piece.evidence(key)) == as_lines(evidence_as_json(key[0], measured))
        assert bits(piece.tally(key)) == bits(expected[key])
    reasons = [reason or "" for measured in table.whole.values() for reason in measured.rows.unscored]
    assert piece.passing == any(reason.startswith(PASSING) for reason in reasons)


def test_metrics_that_come_step_by_step_are_as_if_they_came_together() -> None:
    table = whole_table()
    together, apart = Draft(), Draft()
    for draft in (together, apart):
        draft.put_outputs([], [], {})
    together.put_rows(table, seed=1)
    for name in ("first", "second"):
        apart.put_rows({key: measured for key, measured in table.items() if key[0] == name}, seed=1)
    assert apart.archive() == together.archive()


def test_what_a_piece_does_not_have_is_nothing() -> None:
    draft = Draft()
    draft.put_outputs([], [], {})
    piece = Piece(draft.archive())
    assert b"".join([*piece.cases("en"), *piece.outputs("en"), *piece.evidence(("chrf", "en"))]) == b""
    assert (list(piece.ids("en")), list(piece.rows(("chrf", "en"))), piece.tables) == ([], [], [])


def whole_table() -> Any:
    rows = [
        Row(values=(1.0, 2.0, 1.0, 2.0), unscored=None, gaps={}, evidence=()),
        Row(values=(1.0, 2.0, 1.0, 2.0), unscored="no output: x", gaps={}, evidence=()),
    ]
    segments = [segment(0), segment(1)]
    return {
        (name, code): measurement(Toy(name=f"{name} score"), segments, rows, code)
        for name in ("first", "second")
        for code in LANGUAGES
    }


def filled(seconds: float = 0.25) -> bytes:
    """Pack something of everything."""
    items = [article("a"), article("b \ud800")]
    cases = list(plan(census_of(items), system("summarize"), None, None))
    outputs = [
        Output(case_id=case.id, article_id=case.article.id, target_language=case.target_language, text="A text.")
        for case in cases
    ]
    draft = Draft()
    draft.put_outputs(cases, outputs, CALLS)
    draft.put_rows(whole_table(), seed=0)
    draft.about["seconds"] = {"generating": seconds}
    return draft.archive()


# equal bytes


def sections(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_same_shard_has_the_same_bytes_but_for_seconds() -> None:
    assert filled() == filled()
    one, other = sections(filled(0.25)), sections(filled(0.5))
    assert [name for name in one if one[name] != other[name]] == ["piece.json"]
    mine, theirs = json.loads(one["piece.json"]), json.loads(other["piece.json"])
    assert mine.pop("seconds") != theirs.pop("seconds")
    assert mine == theirs


def test_another_process_packs_the_same_bytes() -> None:
    code = "import hashlib\nfrom tests.test_pieces import filled\nprint(hashlib.sha256(filled()).hexdigest())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [hashlib.sha256(filled()).hexdigest()]


# damage


def everything(source: Path | bytes) -> list[Any]:
    """Read all of a piece."""
    piece = Piece(source)
    piece.check()
    found: list[Any] = [piece.about, piece.passing, list(piece.calls())]
    for code in piece.languages:
        found += [*piece.cases(code), *piece.ids(code), *piece.outputs(code)]
    for key in piece.tables:
        found += [*piece.evidence(key), *(table.to_pylist() for table in piece.rows(key)), bits(piece.tally(key))]
    return found


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in members.items():
            file.writestr(name.replace("_", "."), text)
    return buffer.getvalue()


FOREIGN = {
    "empty": b"",
    "text": b"no zip",
    "an empty zip": zipped(),
    "another zip": zipped(other_txt="x"),
    "no JSON": zipped(piece_json="{"),
    "a list": zipped(piece_json="[]"),
    "a number": zipped(piece_json="7"),
    "nothing said": zipped(piece_json="{}"),
    "no lists": zipped(piece_json='{"languages": 1, "tables": 2}'),
    "other tables": zipped(piece_json='{"languages": [], "tables": [{"x": 1}]}'),
    "no UTF-8": zipped(piece_json="\udcff".encode("utf-8", "surrogatepass").decode("latin-1")),
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("kept", [False, True])
def test_what_is_no_piece_is_an_error(name: str, kept: bool, tmp_path: Path) -> None:
    path = tmp_path / "piece.zip"
    path.write_bytes(FOREIGN[name])
    with pytest.raises(RunError) as found:
        everything(path if kept else FOREIGN[name])
    assert found.value.remedy
    assert not kept or str(path) in found.value.problem


def test_a_file_that_is_not_there_and_a_folder_are_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere.zip"):
        with pytest.raises(RunError, match="no piece of a run, or damaged"):
            Piece(path)


def test_what_is_cut_short_is_an_error() -> None:
    archive = filled()
    for length in random.Random(0).sample(range(len(archive)), 60):
        with pytest.raises(RunError):
            everything(archive[:length])


def test_a_changed_byte_is_an_error_or_changes_nothing() -> None:
    """As in the times of a zip, which nobody reads."""
    archive = filled()
    expected = everything(archive)
    harmless = 0
    draw = random.Random(0)
    for place in [*draw.sample(range(len(archive)), 300), *range(len(archive) - 120, len(archive))]:
        damaged = bytearray(archive)
        damaged[place] ^= draw.randrange(1, 256)
        try:
            found = everything(bytes(damaged))
        except RunError:
            continue
        assert found == expected, place
        harmless += 1
    assert harmless < 210, "most are seen"


# pieces together


def call(*, cached: bool = False, failed: bool = False, seconds: float = 1.0) -> Call:
    return Call(price=None, cached=cached, failed=failed, usage=None, seconds=seconds)


def with_calls(**calls: Call) -> Piece:
    draft = Draft()
    draft.put_outputs([], [], calls)
    return Piece(draft.archive())


def test_a_request_that_two_shards_asked_is_one_call() -> None:
    """It was asked once, and the other shard found it in the cache."""
    asked, found = with_calls(a=call(), b=call()), with_calls(b=call(cached=True), c=call(cached=True))
    for pieces in ([asked, found], [found, asked]):
        calls = calls_of(pieces)
        assert {key: value.cached for key, value in calls.items()} == {"a": False, "b": False, "c": True}
    assert list(calls_of([asked, found])) == ["a", "b", "c"]


@given(tables(most=6), st.integers(1, 6))
@settings(max_examples=20)
def test_what_is_added_up_is_the_tallies_of_all_and_nothing_of_their_rows(table: Table, cut: int) -> None:
    pieces = []
    for first, stop, seconds in ((0, cut, 1.5), (cut, 99, 2.0)):
        measured = table.measured(first, stop)
        if measured:
            draft = Draft()
            draft.put_outputs([], [], CALLS)
            draft.put_rows(measured, seed=2)
            draft.about |= {"failures": 2, "flaws": {"en": {"cut": 1}}, "seconds": {"scoring": seconds}}
            pieces.append(Piece(draft.archive()))
    found = Piece(added(pieces, list(table.whole)))
    assert found.about["failures"] == 2 * len(pieces)
    assert found.about["flaws"] == {"en": {"cut": len(pieces)}}
    assert found.about["seconds"]["scoring"] == sum(piece.about["seconds"]["scoring"] for piece in pieces)
    assert dict(found.calls()) == CALLS
    expected = tallies(table.whole, seed=2)
    assert {key: bits(found.tally(key)) for key in found.tables} == {key: bits(expected[key]) for key in table.whole}
    assert all(not list(found.rows(key)) and b"".join(found.evidence(key)) == b"" for key in found.tables)
