import copy
import gzip
import json
import os
import pickle
import random
import tempfile
import tracemalloc
from collections.abc import Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tercet.backends import Reply, Request, output_index
from tercet.backends.replay import Replay
from tercet.errors import BackendError, CorpusError, TercetError

TWO = [{"id": "bridge:en", "text": "A bridge."}, {"id": "bridge:zh", "text": "桥。"}]


def request(case_id: str, place: int = 0) -> Request:
    return Request(role="summarize", text="x", source_language="en", target_language="en", case_id=case_id, place=place)


def write(folder: Path, *lines: object, name: str = "outputs.jsonl") -> Replay:
    file = folder / name
    words = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("\n".join([*words, ""]), "utf-8")
    return Replay(path=str(file))


def answers(replay: Replay, *case_ids: str) -> list[Reply]:
    found = dict(replay.generate([request(case_id) for case_id in case_ids]))
    return [found[i] for i in range(len(case_ids))]


def texts(replay: Replay, *places: int) -> list[str | None]:
    found = dict(replay.generate([request(f"{place}:en", place) for place in places]))
    return [found[i].text for i in range(len(places))]


def test_json_lines_answer_by_id_in_any_order(tmp_path: Path) -> None:
    replay = write(tmp_path, *TWO)
    assert answers(replay, "bridge:zh", "bridge:en") == [Reply(text="桥。"), Reply(text="A bridge.")]


def test_json_lines_answer_by_article_and_language(tmp_path: Path) -> None:
    replay = write(tmp_path, {"article": "a/b:c", "language": "zh", "text": "桥。"})
    assert answers(replay, "a/b:c:zh") == [Reply(text="桥。")]


def test_other_keys_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    replay = write(tmp_path, "", TWO[0] | {"model": "m", "usage": {"tokens": 3}}, "  ", TWO[1])
    assert answers(replay, "bridge:en", "bridge:zh") == [Reply(text="A bridge."), Reply(text="桥。")]


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "outputs.jsonl.gz"
    file.write_bytes(gzip.compress(json.dumps(TWO[1]).encode()))
    replay = Replay(path=str(file))
    assert answers(replay, "bridge:zh") == [Reply(text="桥。")]
    assert replay.unknown([]) == (1, ["bridge:zh"])


def test_failures_stay_failures_and_an_empty_text_is_a_text(tmp_path: Path) -> None:
    replay = write(tmp_path, {"id": "a:en", "failure": "timeout after 60 s"}, {"id": "b:en", "text": ""})
    assert answers(replay, "a:en", "b:en") == [Reply(failure="timeout after 60 s"), Reply(text="")]


def test_outputs_as_a_run_writes_them_are_read(tmp_path: Path) -> None:
    replay = write(
        tmp_path,
        {"id": "a:en", "text": "A.", "failure": None},
        {"id": "b:en", "text": None, "failure": "no source"},
    )
    assert answers(replay, "a:en", "b:en") == [Reply(text="A."), Reply(failure="no source")]


def test_a_missing_case_is_a_failure_that_names_it(tmp_path: Path) -> None:
    (reply,) = answers(write(tmp_path, *TWO), "ferry:en")
    assert reply.text is None
    assert reply.failure == "outputs.jsonl has no output for the case"


def test_ids_of_repeats_are_ids_like_others(tmp_path: Path) -> None:
    lines = [{"id": f"bridge:en{repeat}", "text": f"A bridge{repeat}."} for repeat in ("", "#2", "#3")]
    found = answers(write(tmp_path, *lines), "bridge:en#3", "bridge:en", "bridge:en#2")
    assert [reply.text for reply in found] == ["A bridge#3.", "A bridge.", "A bridge#2."]


def test_ids_that_name_no_case_are_counted_and_the_first_are_listed(tmp_path: Path) -> None:
    replay = write(tmp_path, *({"id": f"{name}:en", "text": "x"} for name in "zyxwv"))
    assert replay.unknown(iter(["x:en", "ferry:en"])) == (4, ["z:en", "y:en", "w:en"])
    assert replay.unknown([], shown=1) == (5, ["z:en"])
    assert replay.unknown(f"{name}:en" for name in "vwxyz") == (0, [])


def test_plain_text_answers_by_place(tmp_path: Path) -> None:
    replay = write(tmp_path, "One.", "", "三\u2028。", name="outputs.txt")
    assert texts(replay, 0, 1, 2) == ["One.", "", "三\u2028。"]
    assert texts(replay, 2, 0) == ["三\u2028。", "One."]
    assert replay.unknown(["1:en"]) == (0, [])


@pytest.mark.parametrize("packed", [False, True])
def test_plain_text_is_read_without_mark_and_carriage_returns(tmp_path: Path, packed: bool) -> None:
    data = "\ufeffOne.\r\nTwo\r.\r\r\n\r\nFour.\r".encode()
    file = tmp_path / ("o.txt.gz" if packed else "o.txt")
    file.write_bytes(gzip.compress(data) if packed else data)
    replay = Replay(path=str(file))
    replay.check(4)
    assert texts(replay, 3, 2, 1, 0) == ["Four.\r", "", "Two\r.\r", "One."]


@settings(deadline=None)
@given(st.text(st.sampled_from("ab\n\r\ufeff\u2028三"), min_size=1), st.sampled_from(["o.txt", "o.txt.gz"]))
def test_plain_text_has_the_lines_that_split_finds(text: str, name: str) -> None:
    """The oracle is Python's own: the mark gone, every pair of CR and LF made one LF, and split at LF."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n").split("\n")
    assume(lines != [""] or "\n" in text)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        replay = Replay(path=str(file))
        replay.check(len(lines))
        places = random.Random(len(text)).sample(range(len(lines)), len(lines))
        assert texts(replay, *places) == [lines[place] for place in places]


@pytest.mark.parametrize("cases", [1, 3])
def test_another_number_of_lines_than_cases_is_an_error(tmp_path: Path, cases: int) -> None:
    replay = write(tmp_path, "One.", "Two.", name="outputs.txt")
    replay.check(2)
    with pytest.raises(BackendError, match=f"outputs.txt: 2 lines for {cases} cases") as found:
        replay.check(cases)
    assert "one output a line" in found.value.remedy


@pytest.mark.parametrize("place", [2, 9])
def test_a_place_beyond_the_plain_text_is_an_error(tmp_path: Path, place: int) -> None:
    replay = write(tmp_path, "One.", "Two.", name="outputs.txt")
    with pytest.raises(BackendError, match=f"2 lines for at least {place + 1} cases"):
        texts(replay, place)


def test_json_lines_may_answer_any_number_of_cases(tmp_path: Path) -> None:
    write(tmp_path, *TWO).check(5)


@pytest.mark.parametrize(
    ("line", "problem", "number"),
    [
        (TWO[0], "A second output for the case 'bridge:en'", 2),
        ({"article": "bridge", "language": "en", "text": "x"}, "A second output for the case 'bridge:en'", 2),
        ({"id": "c:en"}, "The case 'c:en' has neither a text nor a failure", 2),
        ({"id": "c:en", "text": "x", "failure": "y"}, "or both", 2),
        ({"id": "c:en", "text": 5}, "neither a text nor a failure", 2),
        ({"id": "c:en", "failure": ["x"]}, "neither a text nor a failure", 2),
        ({"text": "x"}, "The line names no case", 2),
        ({"id": 5, "text": "x"}, "The line names no case", 2),
        ({"article": "c", "text": "x"}, "The line names no case", 2),
        ('{"id": "c:en", "te', "No JSON", 2),
        ("[1, 2]", "The line is no object but list", 2),
    ],
)
def test_a_broken_line_is_an_error_with_its_place(tmp_path: Path, line: object, problem: str, number: int) -> None:
    replay = write(tmp_path, TWO[0], line, TWO[1])
    with pytest.raises(CorpusError) as found:
        answers(replay, "bridge:en")
    assert problem in found.value.problem
    assert found.value.problem.startswith(f"{replay.path}:{number}: ")
    assert found.value.line == number


@pytest.mark.parametrize(("name", "problem"), [("o.jsonl", "holds no output"), ("o.txt", "is empty")])
def test_an_empty_file_is_an_error(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(CorpusError, match=problem):
        answers(Replay(path=str(tmp_path / name)), "a:en")


def test_plain_text_that_is_not_utf8_is_an_error_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "o.txt"
    file.write_bytes(b"One.\n\xff\n")
    with pytest.raises(CorpusError, match="not UTF-8") as found:
        Replay(path=str(file)).check(2)
    assert found.value.line == 2


@pytest.mark.parametrize("name", ["none.jsonl", "none.jsonl.gz", "none.txt"])
def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    replay = Replay(path=str(tmp_path / name))
    for call in (replay.identity, lambda: answers(replay, "a:en")):
        with pytest.raises(TercetError, match=name) as found:
            call()
        assert "No such file" in found.value.problem


def test_a_broken_gzip_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "o.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"id": "a:en", "text": "x"}' * 50)[:-12])
    with pytest.raises(CorpusError, match="Cannot be read"):
        answers(Replay(path=str(file)), "a:en")


def test_no_room_for_unpacking_is_an_error_that_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``/dev/full`` is Linux's file that is always full."""
    file = tmp_path / "outputs.jsonl.gz"
    file.write_bytes(gzip.compress(json.dumps(TWO[1]).encode()))
    monkeypatch.setattr(tempfile, "TemporaryFile", partial(Path.open, Path("/dev/full"), "wb"))
    with pytest.raises(CorpusError, match="No space left") as found:
        answers(Replay(path=str(file)), "bridge:zh")
    assert str(file) in found.value.problem
    assert "TMPDIR" in found.value.remedy


def test_identity_changes_with_the_bytes_of_the_file(tmp_path: Path) -> None:
    before = write(tmp_path, *TWO).identity()
    assert write(tmp_path, *TWO).identity() == before
    assert write(tmp_path, TWO[0], TWO[1] | {"text": "桥!"}).identity() != before


@pytest.mark.parametrize("path", [None, ""])
def test_refuses_until_the_file_is_named(path: str | None) -> None:
    reason = Replay(path=path).refuses("summarize", "en", "zh")
    assert reason is not None
    assert "set its path" in reason


@pytest.mark.parametrize("role", ["summarize", "translate"])
def test_serves_everything_once_the_file_is_named(role: str) -> None:
    assert Replay(path="o.jsonl").refuses(role, "en", "fi") is None


def test_is_a_system_whose_replies_are_never_cached() -> None:
    assert Replay.bound is None
    assert not Replay.cacheable
    assert Replay.reads == {"case_id", "place"}


# what is held, and where: an index, in this process


def many(folder: Path, count: int, name: str = "outputs.jsonl", text: str = "桥") -> Replay:
    file = folder / name
    with file.open("w", encoding="utf-8") as out:
        for i in range(count):
            out.write(f"{i} {text}\n" if name.endswith(".txt") else f'{{"id": "{i}:en", "text": "{i} {text}"}}\n')
    return Replay(path=str(file))


def test_a_file_of_many_blocks_is_answered_in_any_order(tmp_path: Path) -> None:
    """Lines of 1 to 100,000 characters: shorter and longer than what is read at a time."""
    lengths = random.Random(3).choices([1, 10, 1000, 100_000], weights=[50, 50, 20, 1], k=400)
    replay = write(tmp_path, *({"id": f"{i}:en", "text": "桥" * length} for i, length in enumerate(lengths)))
    order = random.Random(4).sample(range(400), 400)
    for asked in (range(400), order):
        found = answers(replay, *(f"{i}:en" for i in asked))
        assert [len(reply.text or "") for reply in found] == [lengths[i] for i in asked]


@pytest.mark.parametrize("name", ["outputs.jsonl", "outputs.txt", "outputs.jsonl.gz"])
def test_outputs_are_not_held(tmp_path: Path, name: str) -> None:
    """8 MB of outputs, of which an index of 0.1 MB stays, and 4 MB pass through while it is made."""
    replay = many(tmp_path, 4000, name.removesuffix(".gz"), text="x" * 2000)
    if name.endswith(".gz"):
        file = tmp_path / name
        file.write_bytes(gzip.compress(Path(str(replay.path)).read_bytes()))
        replay = Replay(path=str(file))
    asked = [request(f"{i}:en", i) for i in range(4000)]
    list(many(tmp_path, 2, f"small.{name.partition('.')[2].removesuffix('.gz')}").generate(asked[:2]))  # imports
    tracemalloc.start()
    try:
        replay.identity()
        answered = sum(reply.text is not None for _, reply in replay.generate(asked))
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answered == 4000
    assert now < 1_000_000
    assert peak < 6_000_000


@pytest.mark.parametrize("name", ["outputs.jsonl", "outputs.txt"])
def test_a_pickled_copy_has_fields_only_and_answers_the_same(tmp_path: Path, name: str) -> None:
    replay = many(tmp_path, 2000, name)
    before = pickle.dumps(replay)
    identity, given_ = replay.identity(), list(replay.generate([request("7:en", 7)]))
    after = pickle.dumps(replay)
    assert len(after) < len(before) + 200
    for again in (pickle.loads(before), pickle.loads(after), copy.deepcopy(replay)):  # noqa: S301
        assert again == replay
        assert list(again.generate([request("7:en", 7)])) == given_
        assert again.identity() == identity


@pytest.mark.parametrize("name", ["outputs.jsonl", "outputs.txt"])
def test_a_copy_refuses_a_file_that_was_changed_since_it_was_named(tmp_path: Path, name: str) -> None:
    replay = many(tmp_path, 2, name)
    replay.identity()
    again = pickle.loads(pickle.dumps(replay))  # noqa: S301
    many(tmp_path, 2, name, text="船")
    with pytest.raises(BackendError, match=f"{name}: the file was changed since the run was planned"):
        list(again.generate([request("0:en")]))


def test_a_file_that_takes_the_name_of_the_one_that_is_read_changes_nothing(tmp_path: Path) -> None:
    replay = many(tmp_path, 50_000)
    assert texts(replay, 0) == ["0 桥"]
    os.replace(many(tmp_path, 50_000, "other.jsonl", text="船").path or "", replay.path or "")  # noqa: PTH105
    assert texts(replay, 49_999) == ["49999 桥"]


OVERWRITTEN = {
    "nothing": b"",
    "no JSON": b"x" * 2_000_000,
    "no object": b"[1]                        \n" * 60_000,
    "no UTF-8": b"\xff" * 2_000_000,
    "other ids": b'{"id": "1:zh", "text": "xx"}\n' * 60_000,
}


@pytest.mark.parametrize("data", OVERWRITTEN.values(), ids=OVERWRITTEN)
def test_a_file_that_is_overwritten_meanwhile_is_an_error(tmp_path: Path, data: bytes) -> None:
    replay = many(tmp_path, 50_000)
    assert texts(replay, 0) == ["0 桥"]
    Path(replay.path or "").write_bytes(data)
    with pytest.raises(CorpusError, match="changed while it was read") as found:
        texts(replay, 40_000)
    assert found.value.line == 40_001


def read_all(replay: Replay, seed: int) -> bool:
    order = random.Random(seed).sample(range(20_000), 20_000)
    return texts(replay, *order) == [f"{i} 桥" for i in order]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("name", ["outputs.jsonl", "outputs.txt.gz"])
def test_forked_processes_do_not_disturb_each_other(tmp_path: Path, name: str) -> None:
    replay = many(tmp_path, 20_000, name.removesuffix(".gz"))
    if name.endswith(".gz"):
        file = tmp_path / name
        file.write_bytes(gzip.compress(Path(replay.path or "").read_bytes()))
        replay = Replay(path=str(file))
    texts(replay, 0)
    pid = os.getpid()
    context = get_context("fork")
    with context.Pool(2, initializer=globals().__setitem__, initargs=("FORKED", replay)) as pool:
        assert pool.map(_forked, range(4), chunksize=1) == [True] * 4
    assert os.getpid() == pid
    assert read_all(replay, 9)


def _forked(seed: int) -> bool:
    return read_all(globals()["FORKED"], seed)


# two ids may have one key: keys of a few bits stand for what 64 bits make rare


def coarse(ids: Sequence[str]) -> NDArray[np.uint64]:
    return np.array([len(item) % 2 for item in ids], dtype=np.uint64)


@settings(deadline=None)
@given(st.lists(st.text(max_size=4), unique=True, min_size=1), st.lists(st.text(max_size=4)))
def test_ids_that_share_a_key_are_told_apart(ids: list[str], others: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(output_index, "keyed", coarse)
        replay = write(Path(folder), *({"id": item, "text": f"{item}!"} for item in ids))
        asked = [*others, *ids[::-1]]
        expected = [f"{item}!" if item in ids else None for item in asked]
        assert [reply.text for reply in answers(replay, *asked)] == expected
        lengths = {len(item) % 2 for item in others}
        strange = [item for item in ids if len(item) % 2 not in lengths]
        assert replay.unknown(others, shown=2) == (len(strange), strange[:2])


def test_a_second_output_is_told_from_another_id_with_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_index, "keyed", coarse)
    replay = write(tmp_path, *({"id": item, "text": "x"} for item in ("aa", "bb", "cc", "d", "bb", "aa")))
    with pytest.raises(CorpusError, match="A second output for the case 'bb'") as found:
        answers(replay, "aa")
    assert found.value.line == 5


def test_a_second_output_is_found_in_a_file_of_many(tmp_path: Path) -> None:
    replay = many(tmp_path, 40_000)
    with Path(replay.path or "").open("a", encoding="utf-8") as out:
        out.write('\n{"id": "31000:en", "text": "x"}\n{"id": "30000:en", "text": "x"}\n')
    with pytest.raises(CorpusError, match="A second output for the case '31000:en'") as found:
        texts(replay, 0)
    assert found.value.line == 40_002
