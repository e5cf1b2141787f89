"""Asking, within one event loop: questions are drawn, tried, tried again, and answered, each once."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tercet.chat import Answer, Decoding, Endpoint, Question
from tercet.chat.faults import Fault, Kind, refusal
from tercet.chat.gate import Place
from tercet.chat.line import Line
from tercet.chat.pacing import Pacer
from tercet.chat.secret import Secret
from tercet.chat.server import Server
from tercet.chat.waiting import Patience
from tercet.chat.wire import formats, read, request, words
from tercet.chat.wording import Wording
from tercet.extras import require
from tercet.text.estimates import about_tokens

_NOTHING_NOW = 0.02  # seconds until an iterator is asked again that had nothing
_UNREAD = 0.005  # seconds until it is looked again whether answers are read
_ABSENCES = 20  # of one question: the breaker is sooner, but for a line that comes and goes
Put = Callable[[tuple[int, Answer]], None]


@dataclass(slots=True)
class _Effort:
    """What was done for one question so far."""

    place: Place
    attempts: int = 0
    absences: int = 0  # tries that found no connection
    first: float = 0.0  # when the first try began, by the loop's clock
    seconds: float | None = None
    status: int | None = None
    fault: Fault | None = None


class _NotAsked(Exception):  # noqa: N818 (no error)
    """The asking was stopped before a try."""


class Asker:
    """Asks one model; what it learns about the server holds for all further questions.

    Args:
        line: The line to the server.
        secret: What no answer may show.
        endpoint: Where the server is, and how patiently it is asked.
        model: Its name there.
        decoding: How it writes.
        patience: How patiently it is waited for.
        purpose: Who asks, for the message where a package is missing.
    """

    def __init__(  # noqa: PLR0913 (who asks, whom, and how)
        self,
        line: Line,
        secret: Secret,
        endpoint: Endpoint,
        model: str,
        decoding: Decoding,
        *,
        patience: Patience,
        purpose: str,
    ) -> None:
        self._tenacity: Any = require("tenacity", package="tenacity", extra="openai", purpose=purpose)
        self._line = line
        self._secret = secret
        self._wording = Wording(endpoint.base_url or "", secret, patience.longest)
        self._endpoint = endpoint
        self._model = model
        self._decoding = decoding
        self._patience = patience
        self._server = Server(endpoint.concurrency, patience)
        self._pacer = Pacer(endpoint.requests_per_minute, endpoint.tokens_per_minute, purpose=purpose)
        self._most = "max_tokens"  # what the server calls it
        self._format = 0  # the first of the formats that the server takes

    async def ask(
        self, questions: Iterator[Question | None], put: Put, unread: Callable[[], int]
    ) -> BaseException | None:
        """Ask; questions are drawn one by one, as there is room to ask them.

        Args:
            questions: None in the place of one says that there may be one a little later.
            put: Takes each answer, with the question's index; it does not wait.
            unread: How many answers nobody has read yet; while they are many, no question is drawn.

        Returns:
            What the iterator raised, after everything that it gave before is answered; None where it came to
            its end. It is not raised here, where it could end the loop.
        """
        room = asyncio.Semaphore(self._endpoint.concurrency)

        async def settle(index: int, question: Question, place: Place) -> None:
            put((index, await self._answer(question, place)))
            room.release()

        drawn = 0
        async with asyncio.TaskGroup() as group:
            while True:
                await room.acquire()
                while unread() > self._endpoint.concurrency:
                    await asyncio.sleep(_UNREAD)
                place = await self._server.gate.enter()
                try:
                    question = next(questions)
                except BaseException as error:  # noqa: BLE001 (it is raised where it belongs)
                    place.leave()
                    return None if isinstance(error, StopIteration) else error
                if question is None:
                    place.leave()
                    room.release()
                    await asyncio.sleep(_NOTHING_NOW)
                    continue
                task = group.create_task(settle(drawn, question, place))
                task.add_done_callback(place.leave)  # also where it is cancelled before it begins
                drawn += 1

    async def _answer(self, question: Question, place: Place) -> Answer:
        """Answer a question for which a place at the gate is taken."""
        effort = _Effort(place=place)
        try:
            answer: Answer = await self._retrying(effort)(self._try, question, effort)
        except Fault as fault:
            reason = self._wording.reason(fault, effort.attempts)
            self._server.gave_up(effort.first, fault, reason)
            answer = Answer(failure=reason)
        except _NotAsked:
            answer = Answer(failure=self._server.stopped)
            if effort.fault is not None:
                answer = Answer(failure=self._wording.reason(effort.fault, effort.attempts))
        if answer.text is not None:
            answer = replace(answer, text=self._secret.strike(answer.text))
        return replace(answer, attempts=effort.attempts, seconds=effort.seconds, status=effort.status)

    def _retrying(self, effort: _Effort) -> Any:
        """Repeat what another try may mend, so often and after such waits as the fault asks for."""
        retries = self._endpoint.retries

        def spent(state: Any) -> bool:
            if retries and effort.fault is not None and effort.fault.kind is Kind.ABSENT:
                return effort.absences > _ABSENCES
            tries: int = state.attempt_number - effort.absences
            return not retries or tries > retries

        def wait(state: Any) -> float:
            fault = effort.fault
            if fault is not None and (fault.kind is Kind.ABSENT or fault.wait):
                return 0.0  # the gate is closed so long, for everybody
            return self._patience.backoff(state.attempt_number)

        return self._tenacity.AsyncRetrying(
            retry=self._tenacity.retry_if_exception(self._may_be_repeated),
            stop=spent,
            wait=wait,
            sleep=lambda seconds: self._server.unless_stopped(asyncio.sleep(seconds)),
            reraise=True,
        )

    def _may_be_repeated(self, error: BaseException) -> bool:
        if not isinstance(error, Fault) or self._server.stopped is not None:
            return False
        return error.mendable and (error.wait or 0) <= self._patience.longest

    async def _try(self, question: Question, effort: _Effort) -> Answer:
        if effort.fault is not None:  # the first time, the place was taken before the question was drawn
            effort.place = await self._server.gate.enter()
        try:
            return await self._complete(question, effort)
        except Fault as fault:
            effort.fault = fault
            raise
        finally:
            effort.place.leave()

    async def _complete(self, question: Question, effort: _Effort) -> Answer:
        """Ask in the first format that the server takes; it says 400 to what it does not know."""
        forms = formats(question.schema)
        at = min(self._format, len(forms) - 1)
        while True:
            most = self._most
            body = request(self._model, question, self._decoding, form=forms[at], limit=most)
            try:
                await self._wait_for_turn(question)
                answer = await self._send(body, effort)
            except Fault as fault:
                if fault.status not in {400, 422}:
                    raise
                if most == "max_tokens" and "max_completion_tokens" in fault.said:
                    self._most = "max_completion_tokens"  # as OpenAI calls it since its reasoning models
                elif at + 1 < len(forms):
                    at += 1
                else:
                    raise
            else:
                self._format = max(self._format, at) if question.schema is not None else self._format
                return answer

    async def _wait_for_turn(self, question: Question) -> None:
        if self._pacer.limits:
            texts = [message.content for message in question.messages] if self._pacer.counts_tokens else []
            tokens = sum(map(about_tokens, texts)) + self._decoding.max_tokens
            await self._server.unless_stopped(self._pacer.admit(tokens))
        await self._server.gate.clear()
        if self._server.stopped is not None:
            raise _NotAsked

    async def _send(self, body: dict[str, Any], effort: _Effort) -> Answer:
        """Send once, and let the server's record know how it went."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        trial = self._server.begin(effort.place)
        effort.first = effort.first if effort.attempts else trial.began
        effort.attempts += 1
        effort.status = None
        try:
            answer = await self._receive(data, effort)
        except Fault as fault:
            effort.absences += fault.kind is Kind.ABSENT
            self._server.failed(trial, fault, self._wording.reason(fault, effort.attempts))
            raise
        finally:
            effort.seconds = asyncio.get_running_loop().time() - trial.began
        self._server.answered(trial)
        return answer

    async def _receive(self, data: bytes, effort: _Effort) -> Answer:
        received = await self._line.send(data)
        effort.status = received.status
        self._server.reached()
        if not 200 <= received.status < 300:
            raise refusal(received, words(received.body), time.time())
        answer = read(received.body)
        if answer is None:
            raise Fault(Kind.ODD, received.body, status=received.status)
        return answer
