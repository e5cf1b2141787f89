import gzip
import json
from pathlib import Path

import pytest

from tercet.backends import Reply, Request
from tercet.backends.replay import Replay
from tercet.errors import BackendError, CorpusError, TercetError

TWO = [{"id": "bridge:en", "text": "A bridge."}, {"id": "bridge:zh", "text": "桥。"}]


def request(case_id: str) -> Request:
    return Request(role="summarize", text="x", source_language="en", target_language="en", case_id=case_id)


def write(folder: Path, *lines: object, name: str = "outputs.jsonl") -> Replay:
    file = folder / name
    words = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("\n".join([*words, ""]), "utf-8")
    return Replay(path=str(file))


def answers(replay: Replay, *case_ids: str) -> list[Reply]:
    found = dict(replay.generate([request(case_id) for case_id in case_ids]))
    return [found[i] for i in range(len(case_ids))]


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
    assert replay.unknown([]) == ["bridge:zh"]


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
    assert reply.failure == "outputs.jsonl has no output for the case 'ferry:en'"


def test_ids_that_name_no_case_are_listed(tmp_path: Path) -> None:
    replay = write(tmp_path, *TWO)
    assert replay.unknown(["bridge:en", "ferry:en"]) == ["bridge:zh"]
    assert replay.unknown(["bridge:en", "bridge:zh"]) == []


def test_plain_text_answers_by_line(tmp_path: Path) -> None:
    replay = write(tmp_path, "One.", "", "三\u2028。", name="outputs.txt")
    assert answers(replay, "1:en", "2:en", "3:en") == [Reply(text="One."), Reply(text=""), Reply(text="三\u2028。")]
    assert replay.unknown(["1:en"]) == []


@pytest.mark.parametrize("cases", [1, 3])
def test_another_number_of_lines_than_cases_is_an_error(tmp_path: Path, cases: int) -> None:
    replay = write(tmp_path, "One.", "Two.", name="outputs.txt")
    with pytest.raises(BackendError, match=f"outputs.txt: 2 lines for {cases} cases") as found:
        answers(replay, *(f"{i}:en" for i in range(cases)))
    assert "one output a line" in found.value.remedy


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
    assert Replay.reads == {"case_id"}
