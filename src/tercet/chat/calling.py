"""Asking a model: several questions at once, with an end to everything.

The transport is the package ``openai``: its client repeats what failed (no connection, no answer in
time, 408, 409, 429, 5xx), with jitter, and waits as long as ``Retry-After`` says, up to two minutes.
What is added here: calls from code that is not asynchronous, an end to each try, an end to asking a
server that is down, a way down from schemas where a server knows none, and no key in any message.
"""

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self

from tercet.chat import Answer, Decoding, Endpoint, Message, Question
from tercet.chat.wire import formats, read, words
from tercet.extras import require
from tercet.text.surrogates import readable

_CONNECT = 10.0  # seconds; a host that is there answers sooner
_PATIENCE = 3  # questions in a row that fail for good, after which no more are asked
_SHOWN = 300  # characters of what a server says
_HOPELESS = frozenset({401, 404, 405})  # no other question fares better: wrong key, model or address
_OWN_FAULT = frozenset({400, 413, 422})  # the question is at fault, and the server is there


class Chat:
    """An open line to one model.

    It has an event loop of its own, in a thread, so that it serves code that is not asynchronous, and
    also a notebook, whose loop is taken.

    Args:
        endpoint: Where it answers; without obstacle.
        model: Its name there.
        decoding: How it writes.
        purpose: Who asks, for the message where the package is missing.
    """

    def __init__(self, endpoint: Endpoint, model: str, decoding: Decoding, *, purpose: str) -> None:
        self._endpoint = endpoint
        self._openai = transport(purpose)
        self._key = os.environ.get(endpoint.key_variable, "").strip() if endpoint.key_variable else ""
        self._model = model
        self._limit = "max_tokens"
        self._options = {"temperature": decoding.temperature, "seed": decoding.seed}
        self._max_tokens = decoding.max_tokens
        self._format = 0  # the first of the formats that the server takes
        self._failed = 0
        self._stopped: str | None = None

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=_turn, args=(self._loop,), name="tercet-chat", daemon=True)
        self._thread.start()
        self._client = _client(self._openai, self._endpoint, self._key)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def ask(self, questions: Sequence[Question]) -> Iterator[tuple[int, Answer]]:
        """Ask, several at once.

        After three questions in a row that failed for good, or one that shows that none can succeed,
        the rest is not asked any more, and fails with the reason; this holds for later calls too.

        Yields:
            Each question's index, once, and its answer, as they come.
        """
        answers: SimpleQueue[tuple[int, Answer] | None] = SimpleQueue()
        waiting = iter(enumerate(questions))

        async def work() -> None:
            for index, question in waiting:  # shared by the workers, who take turns in one thread
                answers.put((index, await self._answer(question)))

        async def all_at_work() -> None:
            await asyncio.gather(*(work() for _ in range(min(self._endpoint.concurrency, len(questions)))))

        done = asyncio.run_coroutine_threadsafe(all_at_work(), self._loop)
        done.add_done_callback(lambda _: answers.put(None))
        try:
            while (item := answers.get()) is not None:
                yield item
            done.result()
        finally:
            done.cancel()

    async def _answer(self, question: Question) -> Answer:
        if self._stopped is not None:
            return Answer(failure=self._stopped)
        try:
            body = await self._complete(question)
        except self._openai.APIError as error:
            return self._give_up(error)
        answer = read(body)
        if answer is None:
            return self._fail(f"the answer of {self._endpoint.base_url} is no chat completion: {self._shown(body)}")
        self._failed = 0
        return answer

    async def _complete(self, question: Question) -> str:
        """Ask in the first format that the server takes; it says 400 to what it does not know."""
        forms = formats(question.schema)
        at = min(self._format, len(forms) - 1)
        while True:
            limit = self._limit
            try:
                body = await self._send(question.messages, forms[at] | {limit: self._max_tokens})
            except (self._openai.BadRequestError, self._openai.UnprocessableEntityError) as error:
                if limit == "max_tokens" and "max_completion_tokens" in str(error):
                    self._limit = "max_completion_tokens"  # as OpenAI calls it since its reasoning models
                elif at + 1 < len(forms):
                    at += 1
                else:
                    raise
            else:
                self._format = max(self._format, at) if question.schema is not None else self._format
                return body

    async def _send(self, messages: Sequence[Message], more: Mapping[str, Any]) -> str:
        options = {key: value for key, value in self._options.items() if value is not None}
        raw = await self._client.chat.completions.with_raw_response.create(
            model=self._model,
            messages=[{"role": role, "content": readable(content)} for role, content in messages],
            extra_headers={} if self._key else {"Authorization": self._openai.Omit()},
            **options,
            **more,
        )
        body: bytes = raw.content
        return body.decode("utf-8", "replace")

    def _give_up(self, error: Any) -> Answer:
        """Word a failure; the client has tried again where that could help."""
        tries = self._endpoint.retries + 1
        address = self._endpoint.base_url
        if isinstance(error, self._openai.APITimeoutError):
            return self._fail(
                f"{address} gave no answer within timeout={self._endpoint.timeout:g} seconds, {_times(tries)}"
            )
        if not isinstance(error, self._openai.APIStatusError):
            cause = self._shown(str(error.__cause__ or error))
            return self._fail(f"{address} cannot be reached ({cause}), {_times(tries)}: is the server up?")
        reason = f"{address} answered {error.status_code}: {self._shown(words(error.body))}"
        if error.status_code in _OWN_FAULT:
            self._failed = 0
            return Answer(failure=reason)
        if error.status_code in _HOPELESS:
            self._failed = _PATIENCE
            reason += "; check base_url, model and key_variable"
        return self._fail(reason)

    def _fail(self, reason: str) -> Answer:
        self._failed += 1
        if self._failed >= _PATIENCE and self._stopped is None:
            self._stopped = f"not asked, as {reason}"
        return Answer(failure=reason)

    def _shown(self, text: str) -> str:
        """Shorten what a server says, and strike the key out, which some repeat."""
        words = " ".join(readable(text).split())
        if self._key:
            words = words.replace(self._key, "***")
        return f"{words[:_SHOWN]}..." if len(words) > _SHOWN else words or "nothing"


def transport(purpose: str) -> Any:
    """Import the package that calls.

    Raises:
        MissingExtraError: It is not installed.
    """
    return require("openai", package="openai", extra="openai", purpose=purpose)


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, then end what is open and close it."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()


def _client(openai: Any, endpoint: Endpoint, key: str) -> Any:
    """Make the package's client, with an end to each try: its own timeout begins anew with each byte."""
    from httpx2 import ReadTimeout, Request, Response, Timeout

    class Timed(openai.DefaultAsyncHttpxClient):  # type: ignore[misc]
        async def send(self, request: Request, **options: Any) -> Response:
            try:
                async with asyncio.timeout(endpoint.timeout):
                    response: Response = await super().send(request, **options)
                    return response
            except TimeoutError as error:
                raise ReadTimeout("the whole answer took too long", request=request) from error

    timeout = Timeout(endpoint.timeout, connect=min(_CONNECT, endpoint.timeout))
    return openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=key or "none",  # given, so that the package does not take one from the environment
        max_retries=endpoint.retries,
        timeout=timeout,
        http_client=Timed(timeout=timeout),
    )


def _times(tries: int) -> str:
    return "once" if tries == 1 else f"{tries} times"
