"""One contract over every backend in ``conf/summarizer`` and ``conf/translator``."""

import copy
import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from omegaconf import OmegaConf

from tercet.backends import Backend, Request
from tercet.components import structured, target
from tercet.composing import compose, config_folder
from tercet.errors import ConfigError

ROLES = {"summarizer": "summarize", "translator": "translate"}
ALL = [file for role in ROLES for file in sorted((config_folder() / role).glob("*.yaml")) if file.stem != "none"]


def is_model(file: Path) -> bool:
    """Whether a yaml names a class whose calls cost, or inherits from one that does."""
    named = yaml.safe_load(file.read_text("utf-8")).get("_target_")
    return named is None or getattr(target(named, file.stem), "costly", False)


FILES = [file for file in ALL if not is_model(file)]
MODELS = [file for file in ALL if is_model(file)]


def names(files: list[Path]) -> list[str]:
    return [f"{file.parent.name}-{file.stem}" for file in files]


CODES = ("en", "zh")
TEXTS = {
    "en": ("", "   \n", "One.", "The bridge opened. It cost €80mn.\nThe central bank raised interest rates.", "Qwfp!"),
    "zh": ("", "\u3000", "桥通车。", "桥通车了。耗资8000万欧元。\n该国央行周五加息，令公司感到意外。", "😀……"),
}


@pytest.fixture(scope="module", params=FILES, ids=names(FILES))
def values(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(request.param.read_text("utf-8"))
    found["_role"] = ROLES[request.param.parent.name]
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
    assert backend.reads <= {"text", "case_id", "references", "place"}


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


# models: what they are is checked here, and what they answer where a server or weights are at hand


@pytest.fixture(scope="module", params=MODELS, ids=names(MODELS))
def model_values(request: pytest.FixtureRequest) -> dict[str, Any]:
    return composed(request.param)


def composed(file: Path) -> dict[str, Any]:
    """All options of a model, with what is inherited and the prompt that is chosen."""
    overrides = [f"{file.parent.name}={file.stem}"]
    ((config, _),) = compose(overrides, multirun=False, folders=[config_folder()], config_name="run")
    whole: Any = OmegaConf.to_container(config, resolve=True)
    found: dict[str, Any] = whole[file.parent.name]
    return found | {"_role": ROLES[file.parent.name]}


def complete(values: dict[str, Any]) -> Any:
    """The model with what a user must add, as far as it is no file: a name and an address."""
    given = {"model": "m", "base_url": "http://localhost:9/v1"}
    return build(values, **{key: value for key, value in given.items() if values.get(key, "") is None})


def asked(role: str, **changed: Any) -> Request:
    """A request of a role that a model can serve."""
    target_language = "zh" if role == "translate" else "en"
    return replace(
        Request(role=role, text="The bridge opened.", source_language="en", target_language=target_language), **changed
    )


def test_a_model_is_costly_and_no_bound(model_values: dict[str, Any]) -> None:
    model = build(model_values)
    assert getattr(model, "costly", None) is True
    assert model.bound is None
    assert model.cacheable
    assert {"text"} <= model.reads <= {"text", "examples", "repeat"}


def test_a_model_that_is_not_here_says_what_to_do(model_values: dict[str, Any]) -> None:
    model = build(model_values)
    for source in CODES:
        for to in CODES:
            reason = model.refuses(model_values["_role"], source, to)
            assert reason is None or reason.strip()
    if model_values.get("model") is None and not any((model_values.get("models") or {}).values()):
        reason = model.refuses(model_values["_role"], "en", "zh")
        assert reason is not None
        assert "set model" in reason or "set base_url" in reason


def test_a_models_identity_and_key_are_stable_and_json(model_values: dict[str, Any]) -> None:
    role = model_values["_role"]
    first, second = complete(model_values), complete(model_values)
    assert first.identity() == second.identity()
    if first.refuses(role, "en", "zh" if role == "translate" else "en") is not None and "prompt" not in model_values:
        return  # it is known by its files, which are not here
    request = asked(role)
    assert json.dumps(first.key(request)) == json.dumps(second.key(request))
    others = [asked(role, text="The ferry stopped."), *([asked(role, repeat=1)] if "repeat" in first.reads else [])]
    keys = {json.dumps(first.key(item)) for item in (request, *others)}
    assert len(keys) == 1 + len(others)


def test_a_longer_text_is_forecast_to_take_more(model_values: dict[str, Any]) -> None:
    model, role = complete(model_values), model_values["_role"]
    short, long = (model.forecast(asked(role, text="The bridge opened. " * times)) for times in (1, 50))
    assert 0 < short.prompt < long.prompt
    assert 0 < short.answer <= long.answer


CHANGED: dict[str, Any] = {
    "model": "other",
    "prompt": {"_target_": "tercet.prompts.Prompt", "summarize": "{{ text }}!", "translate": "{{ text }}!"},
    "base_url": "http://localhost:10/v1",
    "revision": "2",
    "sha256": "0" * 64,
    "context": 9000,
    "chat_template": "{{ messages }}",
    "gpu_layers": 1,
    "temperature": 0.5,
    "max_tokens": 7,
    "seed": 7,
    "top_p": 0.5,
    "stop": ["x"],
    "extra": {"top_k": 1},
}
BESIDE: dict[str, Any] = {
    "key_variable": "OTHER_KEY",
    "timeout": 1.0,
    "retries": 0,
    "concurrency": 1,
    "requests_per_minute": 1.0,
    "tokens_per_minute": 1.0,
    "threads": 1,
}


@pytest.mark.parametrize("name", ["openai", "llamacpp"])
def test_what_decides_an_answer_is_in_identity_and_key_and_nothing_else(name: str) -> None:
    values = composed(config_folder() / "summarizer" / f"{name}.yaml") | {"model": "m"}
    before = complete(values)
    for item in fields(before):
        other = complete(values | {item.name: (CHANGED | BESIDE)[item.name]})
        beside = item.metadata.get("answers") is False
        assert beside == (item.name in BESIDE), item.name
        assert (other.identity() == before.identity()) == beside, item.name
        same_key = json.dumps(other.key(asked("summarize"))) == json.dumps(before.key(asked("summarize")))
        assert same_key == beside, item.name


def test_a_key_of_a_server_is_in_no_identity_or_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED_KEY", "sk-planted-1234")
    values = composed(config_folder() / "summarizer" / "openai.yaml")
    model = complete(values | {"key_variable": "PLANTED_KEY"})
    said = f"{model!r} {model.identity()} {json.dumps(model.key(asked('summarize')))}"
    assert "sk-planted" not in said
