"""Pieces that are kept, and joined to a run: whole ones only, and the same files however articles were cut."""

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet import store
from tercet.errors import RunError
from tercet.keeping import row_schema, rows_as_table
from tercet.metrics.contract import PASSING
from tercet.pieces import Draft, Piece, added
from tercet.records import Output
from tercet.runs import FILES, file_hash
from tercet.store import Assembly, Pieces, write_run
from tests.measured import LANGUAGES, METRICS, Row, Table, Toy, cuttings, measurement, tables
from tests.test_pieces import filled
from tests.test_tallying import segment

FINGERPRINT = "0123456789abcdef" * 4


def packed(failure: str | None = None, unscored: str | None = None) -> bytes:
    """Make a piece of one case."""
    draft = Draft()
    text = None if failure else "A text."
    draft.put_outputs(
        [], [Output(case_id="a:en", article_id="a", target_language="en", text=text, failure=failure)], {}
    )
    row = Row(values=(1.0, 2.0, 1.0, 2.0), unscored=unscored, gaps={}, evidence=())
    draft.put_rows({("first", "en"): measurement(Toy(), [segment(0)], [row], "en")}, seed=0)
    return draft.archive()


@pytest.fixture
def pieces(tmp_path: Path) -> Pieces:
    return Pieces(tmp_path, FINGERPRINT)


def files(folder: Path) -> list[str]:
    return sorted(path.name.split("-0123")[0] for path in (folder / "pieces").iterdir())


def again(tmp_path: Path) -> dict[int, int]:
    """What another process finds."""
    return Pieces(tmp_path, FINGERPRINT).there()


# what is kept


def test_nothing_is_there_before_anything_is_kept(pieces: Pieces) -> None:
    assert pieces.there() == {}
    assert pieces.all() == []


def test_what_is_kept_is_there_for_the_next_process_in_order(pieces: Pieces, tmp_path: Path) -> None:
    for first, stop in ((10, 11), (4, 10), (1_000_000, 1_000_001), (0, 4)):
        pieces.keep(first, stop, packed(unscored=f"{first}"))
    assert list(again(tmp_path).items()) == [(0, 4), (4, 10), (10, 11), (1_000_000, 1_000_001)]
    found = [next(iter(piece.about["tables"][0]["reasons"][0])) for piece in pieces.all()]
    assert found == ["0", "4", "10", "1000000"]


def test_a_piece_that_is_kept_again_takes_the_place_of_the_first(pieces: Pieces) -> None:
    pieces.keep(0, 4, packed(unscored="first"))
    pieces.keep(0, 4, packed(unscored="second"))
    (piece,) = pieces.all()
    assert "second" in piece.about["tables"][0]["reasons"][0]


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("when", ["_sync", "rename"])
def test_a_piece_that_was_cut_short_is_not_there(
    when: str, pieces: Pieces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KilledError

    pieces.keep(0, 4, packed())
    with monkeypatch.context() as patch:
        patch.setattr(store if when == "_sync" else Path, when, die)
        with pytest.raises(KilledError):
            pieces.keep(4, 8, packed())
    assert len(files(tmp_path)) == 2, "something is left of it"
    assert again(tmp_path) == {0: 4}
    assert files(tmp_path) == ["000000000000-000000000004"]


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    """Change a byte of the rows, which nobody reads before all pieces are joined."""
    data = bytearray(path.read_bytes())
    place = data.index(b"ARROW") if b"ARROW" in data else data.index(b"rows/0") + 300
    data[place] ^= 1
    path.write_bytes(bytes(data))


def foreign(path: Path) -> None:
    path.write_bytes(b"PK")


@pytest.mark.parametrize("damage", [truncated, emptied, flipped, foreign])
def test_what_is_damaged_is_removed(damage: Callable[[Path], None], pieces: Pieces, tmp_path: Path) -> None:
    for first in (0, 4, 8):
        pieces.keep(first, first + 4, filled())
    damage(sorted((tmp_path / "pieces").iterdir())[1])
    assert again(tmp_path) == {0: 4, 8: 12}
    assert files(tmp_path) == ["000000000000-000000000004", "000000000008-000000000012"]


@pytest.mark.parametrize(
    "name",
    [
        "x.zip",
        "000000000004-000000000008",
        "000000000004-000000000008.zip",
        "000000000004-000000000008-fedcba9876543210.zip",
        "000000000004-000000000004-0123456789abcdef.zip",
        "000000000008-000000000004-0123456789abcdef.zip",
        "000000000004-0123456789abcdef.zip",
        "4-x-0123456789abcdef.zip",
        "-000000000004-000000000008-0123456789abcdef.zip",
        "000000000004-000000000008-0123456789abcdef.tmp",
    ],
)
def test_what_is_of_other_code_or_none_of_ours_is_removed(name: str, pieces: Pieces, tmp_path: Path) -> None:
    pieces.keep(0, 4, packed())
    (tmp_path / "pieces" / name).write_bytes(packed())
    assert again(tmp_path) == {0: 4}
    assert len(files(tmp_path)) == 1
    assert Pieces(tmp_path, "f" * 64).there() == {}
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([(0, 4), (2, 6)], {0: 4}),
        ([(0, 4), (3, 4)], {0: 4}),
        ([(0, 4), (4, 8), (7, 9), (9, 10)], {0: 4, 4: 8, 9: 10}),
        ([(2, 4), (0, 3)], {0: 3}),
        ([(0, 2), (0, 4)], {0: 2}),
    ],
)
def test_of_pieces_that_overlap_the_first_is_kept(
    kept: list[tuple[int, int]], expected: dict[int, int], pieces: Pieces, tmp_path: Path
) -> None:
    for first, stop in kept:
        pieces.keep(first, stop, packed())
    assert again(tmp_path) == expected
    assert len(Pieces(tmp_path, FINGERPRINT).all()) == len(expected)


def test_a_damaged_piece_hides_none_that_overlaps_it(pieces: Pieces, tmp_path: Path) -> None:
    pieces.keep(0, 4, b"damaged")
    pieces.keep(2, 6, packed())
    assert again(tmp_path) == {2: 6}


@pytest.mark.parametrize(
    ("failure", "unscored", "kept"),
    [
        (None, None, True),
        (None, "there is no reference in this language", True),
        ("summarize by sum: 500", "no output: summarize by sum: 500", False),
        (None, f"{PASSING}the server is down", False),
    ],
)
def test_what_may_be_had_by_now_is_tried_again(
    failure: str | None, unscored: str | None, kept: bool, pieces: Pieces, tmp_path: Path
) -> None:
    pieces.keep(0, 1, packed(failure, unscored))
    assert len(pieces.all()) == 1, "until the next attempt"
    assert again(tmp_path) == ({0: 1} if kept else {})


def test_pieces_of_an_attempt_that_ended_incomplete_are_taken_over(tmp_path: Path) -> None:
    ended, partial = tmp_path / "run", tmp_path / "run.partial"
    for folder in (ended, partial):
        folder.mkdir()
    before = Pieces(ended, FINGERPRINT)
    before.keep(0, 4, packed())
    before.keep(4, 8, packed(failure="500"))
    assert Pieces(partial, FINGERPRINT, ended).there() == {0: 4}
    assert len(Pieces(partial, FINGERPRINT).all()) == 1
    assert Pieces(ended, FINGERPRINT).all() == []


def test_pieces_of_a_killed_attempt_go_before_those_of_one_that_ended(tmp_path: Path) -> None:
    ended, partial = tmp_path / "run", tmp_path / "run.partial"
    for folder, stop in ((ended, 4), (partial, 8)):
        folder.mkdir()
        Pieces(folder, FINGERPRINT).keep(0, stop, packed())
    assert Pieces(partial, FINGERPRINT, ended).there() == {0: 8}


def test_nothing_is_left_when_they_are_cleared(pieces: Pieces, tmp_path: Path) -> None:
    pieces.clear()
    pieces.keep(0, 1, packed())
    pieces.clear()
    assert again(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_with_its_remedy(pieces: Pieces, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_sync", full)
    with pytest.raises(RunError, match="No space left on device") as found:
        pieces.keep(0, 1, packed())
    assert found.value.remedy


# rows in groups


def one_table(count: int) -> Any:
    rows = [Row(values=(float(i), 1.0, 1.0, 2.0), unscored=None, gaps={}, evidence=()) for i in range(count)]
    return rows_as_table("first", "en", measurement(Toy(), [segment(i) for i in range(count)], rows, "en"))


@given(st.integers(1, 40), st.lists(st.integers(0, 40), max_size=6), st.sampled_from([1, 2, 7, 40]))
@settings(max_examples=60)
def test_groups_are_of_one_size_however_rows_were_cut(count: int, cuts: list[int], group: int) -> None:
    whole = one_table(count)
    ends = sorted({0, count, *(cut for cut in cuts if cut < count)} | ({cuts[0] % count} if cuts else set()))
    given_ = [whole.slice(a, b - a) for a, b in zip([0, *ends], [*ends, count], strict=True)]  # also empty ones
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_GROUP", group)
        found = list(store._regrouped(iter(given_)))
    assert [table.num_rows for table in found[:-1]] == [group] * (len(found) - 1)
    assert 1 <= found[-1].num_rows <= group
    start = 0
    for table in found:
        assert table.equals(whole.slice(start, table.num_rows))
        assert all(column.num_chunks == 1 for column in table.columns)
        start += table.num_rows
    assert start == count


def test_of_no_rows_there_is_no_group() -> None:
    assert list(store._regrouped([])) == []
    assert list(store._regrouped([row_schema().empty_table()])) == []


# a whole run


def written(table: Table, ends: Sequence[tuple[int, int]], folder: Path, repeats: int = 1) -> dict[str, Any]:
    """Join what comes of shards, and give the bytes of every file."""
    pieces = []
    for first, stop in ends:
        draft = Draft()
        outputs = [
            Output(case_id=found.id, article_id=found.id.split(":")[0], target_language=code, text="x")
            for code, mine in table.segments.items()
            for found in mine
            if first <= int(found.id.split(":")[0]) < stop
        ]
        draft.put_outputs([], outputs, {})
        draft.put_rows(table.measured(first, stop), seed=5)
        pieces.append(Piece(draft.archive()))
    assembly = Assembly(pieces=pieces, languages=LANGUAGES, metrics=METRICS)
    write_run(folder, {"status": "complete", "repeats": repeats}, assembly, added(pieces, assembly.tables))
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.iterdir()}
    sums = Piece(found.pop("sums.zip"))
    assert sums.tables == assembly.tables
    info = json.loads(found["run.json"])
    assert info["files"] == {name: file_hash(folder / name) for name in info["files"]}
    assert set(info["files"]) == {*FILES[1:], "sums.zip"}
    return found


@given(tables(), st.sampled_from([1, 2]), st.data())
@settings(max_examples=25)
def test_every_file_has_the_same_bytes_however_the_articles_were_cut(
    table: Table, repeats: int, data: st.DataObject
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as other,
    ):
        patch.setattr(store, "_sync", lambda _: None)
        patch.setattr(store, "_GROUP", 3)
        patch.setattr("tercet.tallying.REPLICATES", 20)
        whole = written(table, [(0, table.count)], Path(one), repeats)
        cut = written(table, data.draw(cuttings(table.count)), Path(other), repeats)
    assert sorted(whole) == sorted(FILES)
    assert cut == whole


def test_numbers_in_run_json_are_never_nan() -> None:
    """A score that is undefined is null, and so is its interval."""
    row = Row(values=(1.0, 0.0, 1.0, 0.0), unscored=None, gaps={}, evidence=())
    table = Table(segments={"en": (segment(0), segment(1))}, rows={("first", "en"): (row, row)}, count=2)
    with tempfile.TemporaryDirectory() as folder:
        text = written(table, [(0, 1), (1, 2)], Path(folder))["run.json"].decode()
    assert "NaN" not in text
    assert [(item["value"], item["interval"]) for item in json.loads(text)["scores"]] == [(None, None)] * 2
