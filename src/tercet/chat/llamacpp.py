"""A language model in this process: llama.cpp, through the package ``xllamacpp``.

An answer depends on the question and on what is named in ``Loading``, and on nothing that was asked before.
That takes two things, each measured with Gemma 3 270M over prompts of about 1,300 tokens:

- *No prompt cache*. A prompt that begins as an earlier one is not computed anew then, but in other pieces, and
  rounded in another way: of five greedy answers some were others when the questions came in another order.
- *No flash attention*. On a CPU it cuts long prompts among the threads: two of five answers were others with one
  thread than with two, and none without it, for a tenth more time.

One question is answered at a time: several slots at once were hardly faster, and changed 4 of 10 answers. Another
release of the package, or another kind of processor, may round otherwise still.
"""

import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from typing import Any

from tercet.chat import Answer, Decoding, Question
from tercet.chat.drawing import drawn
from tercet.chat.wire import formats, request
from tercet.errors import BackendError
from tercet.extras import require
from tercet.records import Usage
from tercet.text.surrogates import readable

_SHOWN = 300  # characters of what the runtime says
_SPIN = "GOMP_SPINCOUNT"
_KEPT = 2  # models in memory at once: a summarizer's and a translator's
_loading = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """A model, as it is loaded.

    Args:
        path: The GGUF file, checked.
        context: Tokens of a prompt and its answer together.
        chat_template: Jinja template that makes one text of the messages; None takes the model's own.
        threads: How many compute; None takes the cores of this process. It changes no answer.
        gpu_layers: How many layers a GPU computes, where the package was built for one.
    """

    path: Path
    context: int
    chat_template: str | None = None
    threads: int | None = None
    gpu_layers: int = 0


class Llama:
    """Answers questions with a model, which is loaded at the first of them and shared within the process.

    Args:
        loading: The model.
        decoding: How it writes.
    """

    def __init__(self, loading: Loading, decoding: Decoding) -> None:
        self._loading = loading
        self._decoding = decoding

    def ask(self, questions: Iterable[Question | None]) -> Iterator[tuple[int, Answer]]:
        """Answer questions one by one; None says that there is none yet.

        Yields:
            The question's index, counted without None, and its answer. A prompt that is too long for the context,
            alone or with its answer, is a failure.

        Raises:
            MissingExtraError: The package is not installed.
            BackendError: The model cannot be loaded.
        """
        for index, question in drawn(questions):
            yield index, self._answer(question)

    def _answer(self, question: Question) -> Answer:
        server = _server(self._loading)
        begun = time.perf_counter()
        try:
            body = server.handle_chat_completions(self._request(question))
        except (RuntimeError, ValueError) as error:
            return Answer(failure=f"llama.cpp refused the question: {str(error)[:_SHOWN]}")
        return self._read(body, time.perf_counter() - begun)

    def _request(self, question: Question) -> dict[str, Any]:
        """Word a question as it would go over HTTP; a schema becomes a grammar, which no answer can leave."""
        form = formats(question.schema)[0]
        return request("", question, self._decoding, form=form, limit="max_tokens") | {"cache_prompt": False}

    def _read(self, body: Mapping[str, Any], seconds: float) -> Answer:
        context = self._loading.context
        if fault := body.get("error"):
            if fault.get("type") == "exceed_context_size_error":
                tokens, room = fault.get("n_prompt_tokens"), fault.get("n_ctx", context)
                return Answer(failure=f"the prompt has {tokens} tokens, and the context is {room}: set context")
            return Answer(failure=f"llama.cpp refused the question: {str(fault.get('message', fault))[:_SHOWN]}")
        choice, told = body["choices"][0], body["usage"]
        usage = Usage(prompt=told["prompt_tokens"], answer=told["completion_tokens"])
        cut = choice["finish_reason"] == "length"
        if cut and usage.answer < self._decoding.max_tokens:
            return Answer(
                failure=f"the prompt has {usage.prompt} tokens, and the context of {context} left "
                f"{usage.answer} for the answer: set context",
                usage=usage,
                seconds=seconds,
            )
        text = readable(choice["message"].get("content") or "")
        return Answer(text=text, cut=cut, usage=usage, seconds=seconds)


def parameters(loading: Loading) -> Any:
    """Word how a model is loaded, as the package takes it.

    Raises:
        MissingExtraError: The package is not installed.
    """
    runtime = _runtime()
    found = runtime.CommonParams()
    found.model.path = str(loading.path)
    found.n_ctx = loading.context
    found.n_parallel = 1
    found.n_gpu_layers = loading.gpu_layers
    found.flash_attn_type = runtime.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    found.cache_prompt = False
    found.cache_ram_mib = 0  # earlier prompts are not kept either
    found.fit_params = False  # what is asked for is loaded, and nothing less where memory is short
    found.cpuparams.n_threads = found.cpuparams_batch.n_threads = loading.threads or _cores()
    if loading.chat_template is not None:
        found.chat_template = loading.chat_template
    found.warmup = False
    found.verbosity = -1  # silent: what goes wrong comes back as an error
    found.ui = False
    found.api_keys = [secrets.token_urlsafe()]  # it listens on a local port, too, where nobody is meant to ask
    return found


def _runtime() -> Any:
    """Import the package, with threads that wait for each other asleep.

    OpenMP reads the variable when it is loaded, and by default lets them turn for milliseconds: beside other
    work on the same cores an answer took up to six times as long, and on idle cores no less.
    """
    own = os.environ.get(_SPIN)
    os.environ.setdefault(_SPIN, "1000")
    try:
        return require("xllamacpp", package="xllamacpp", extra="embedded", purpose="A model in this process")
    except ImportError as error:
        raise BackendError(
            f"xllamacpp cannot be loaded: {error}.",
            "It needs the system's libgomp.so.1; on Debian: apt install libgomp1.",
        ) from error
    finally:
        if own is None:
            del os.environ[_SPIN]


def runtime_version() -> str | None:
    """The package's version, which decides answers; None where it is not installed."""
    return _version()


@lru_cache(maxsize=_KEPT)
def _loaded(loading: Loading) -> Any:
    try:
        return _runtime().Server(parameters(loading))
    except RuntimeError as error:
        raise BackendError(
            f"'{loading.path}' cannot be loaded by xllamacpp {runtime_version()}.",
            "Check that it is a language model, that memory suffices, and chat_template.",
        ) from error


def _server(loading: Loading) -> Any:
    """Load a model, or find it loaded; the ones used last stay in memory to the end of the process."""
    with _loading:
        return _loaded(loading)


@lru_cache(maxsize=1)
def _version() -> str | None:
    try:
        return version("xllamacpp")
    except PackageNotFoundError:
        return None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
