"""One contract over every backend in ``conf/summarizer`` and ``conf/translator``."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tercet.backends import Backend, Request
from tercet.components import structured, target
from tercet.composing import config_folder
from tercet.errors import ConfigError

FILES = [file for role in ("summarizer", "translator") for file in sorted((config_folder() / role).glob("[!n]*.yaml"))]
NAMES = [f"{file.parent.name}-{file.stem}" for file in FILES]
CODES = ("en", "zh")
TEXTS = {
    "en": ("", "   \n", "One.", "The bridge opened. It cost €80mn.\nThe central bank raised interest rates.", "Qwfp!"),
    "zh": ("", "\u3000", "桥通车。", "桥通车了。耗资8000万欧元。\n该国央行周五加息，令公司感到意外。", "😀……"),
}


@pytest.fixture(scope="module", params=FILES, ids=NAMES)
def values(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(request.param.read_text("utf-8"))
    found["_role"] = {"summarizer": "summarize", "translator": "translate"}[request.param.parent.name]
    if "path" in found:
        file = tmp_path_factory.mktemp("replay") / "outputs.jsonl"
        file.write_text(json.dumps({"id": "0:en", "text": "Done."}) + "\n", "utf-8")
        found["path"] = str(file)
    return found


def build(values: dict[str, Any], **changed: Any) -> Backend:
    options = {key: value for key, value in values.items() if not key.startswith("_")} | changed
    backend: Backend = structured(target(values["_target_"], "backend"), options, "backend")
    return backend


@pytest.fixture(scope="module")
def backend(values: dict[str, Any]) -> Backend:
    return build(values)


@pytest.fixture(scope="module")
def requests(values: dict[str, Any], backend: Backend) -> list[Request]:
    """Every text in every pair of languages that the backend serves, and one with no reference."""
    role = values["_role"]
    pairs = [(a, b) for a in CODES for b in CODES if backend.refuses(role, a, b) is None]
    found = [
        Request(
            role=role,
            text=text,
            source_language=source,
            target_language=to,
            case_id=f"{i}:{to}" if "case_id" in backend.reads else None,
            references=TEXTS[source][3:4] if "references" in backend.reads and i else (),
        )
        for source, to in pairs
        for i, text in enumerate(TEXTS[source])
    ]
    assert found, "the backend serves no pair of languages in its role"
    return found


def test_every_request_is_answered_once_with_a_text_or_a_reason(backend: Backend, requests: list[Request]) -> None:
    replies = list(backend.generate(requests))
    assert sorted(index for index, _ in replies) == list(range(len(requests)))
    for _, reply in replies:
        assert (reply.text is None) != (reply.failure is None)
        assert reply.failure is None or reply.failure.strip()


def test_answers_are_the_same_again_in_another_order_and_from_another_object(
    values: dict[str, Any], backend: Backend, requests: list[Request]
) -> None:
    first = dict(backend.generate(requests))
    backwards = dict(build(values).generate(requests[::-1]))
    assert [first[i] for i in range(len(requests))] == [backwards[len(requests) - 1 - i] for i in range(len(requests))]


def test_requests_are_unchanged(backend: Backend, requests: list[Request]) -> None:
    before = copy.deepcopy(requests)
    list(backend.generate(requests))
    assert requests == before


def test_nothing_asked_is_nothing_answered(backend: Backend) -> None:
    assert list(backend.generate([])) == []


def test_an_empty_text_is_no_failure(values: dict[str, Any], backend: Backend) -> None:
    source, to = ("en", "en") if backend.refuses(values["_role"], "en", "en") is None else ("en", "zh")
    by_case = "case_id" in backend.reads
    request = Request(
        role=values["_role"],
        text="",
        source_language=source,
        target_language=to,
        case_id="0:en" if by_case else None,
        references=("One.",),
    )
    assert [reply.text for _, reply in backend.generate([request])] == ["Done." if by_case else ""]


def test_identity_is_stable_and_changes_with_every_option(values: dict[str, Any], tmp_path: Path) -> None:
    before = build(values).identity()
    assert build(values).identity() == before
    other = tmp_path / "other.jsonl"
    other.write_text('{"id": "0:en", "text": "Other."}\n', "utf-8")
    changed = {"sentences": 2, "damping": 0.5, "path": str(other)}
    for key in [key for key in values if not key.startswith("_")]:
        assert build(values, **{key: changed[key]}).identity() != before


def test_what_a_bound_and_what_is_read_are_known_words(backend: Backend) -> None:
    assert backend.bound in {None, "upper", "floor"}
    assert backend.reads <= {"text", "case_id", "references"}


def test_no_two_backends_have_one_identity() -> None:
    classes = {yaml.safe_load(file.read_text("utf-8"))["_target_"] for file in FILES} - {
        "tercet.backends.replay.Replay"
    }
    assert len(classes) >= 5
    assert len({build({"_target_": cls}).identity() for cls in classes}) == len(classes)


@pytest.mark.parametrize("name", ["lead", "textrank", "oracle"])
def test_extractive_summarizers_refuse_what_they_cannot_do(name: str) -> None:
    file = config_folder() / "summarizer" / f"{name}.yaml"
    backend = build(yaml.safe_load(file.read_text("utf-8")))
    assert backend.refuses("summarize", "en", "en") is None
    assert backend.refuses("summarize", "zh", "zh") is None
    translating = backend.refuses("translate", "en", "zh")
    assert translating is not None
    assert f"'{name}'" in translating
    assert "cannot translate" in translating
    crossing = backend.refuses("summarize", "en", "zh")
    assert crossing is not None
    assert "'zh' from 'en'" in crossing
    assert "route=summarize_translate" in crossing


@pytest.mark.parametrize("name", ["lead", "textrank", "oracle"])
@pytest.mark.parametrize("count", [0, -1])
def test_extractive_summarizers_take_at_least_one_sentence(name: str, count: int) -> None:
    values = yaml.safe_load((config_folder() / "summarizer" / f"{name}.yaml").read_text("utf-8"))
    with pytest.raises(ConfigError, match=f"sentences is {count}") as found:
        build(values, sentences=count)
    assert "at least 1" in found.value.remedy
