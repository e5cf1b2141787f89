"""A chat-completions server that takes the same time over every answer, and counts what it sees.

It stands in for a model where not the model but its caller is measured: a process of its own, HTTP/1.1 with
open connections on bare asyncio, about 0.06 ms of CPU a request, so that it is not what limits a caller.

Run: ``python -m benchmarks.latency_server --port 8000``, or ``Server`` from a benchmark. ``POST /reset`` begins to
count anew; ``GET /seen`` returns what was counted since.
"""

import argparse
import asyncio
import hashlib
import json
import selectors
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from typing import Any, Self

WORDS = "The council met on Tuesday and approved the plan; work begins in spring and ends within two years."


@dataclass(kw_only=True)
class Seen:
    """What came in since the last reset.

    Args:
        calls: Questions.
        different: Questions that differ in what was asked.
        answered: Answers that were sent.
        most: Questions that were open at once, at most.
        first: When the first one began to arrive, by the clock ``time.monotonic``, in seconds.
        last: When the last answer was sent.
        cpu: Seconds of CPU that the server took.
    """

    calls: int = 0
    different: int = 0
    answered: int = 0
    most: int = 0
    first: float = 0.0
    last: float = 0.0
    cpu: float = 0.0

    @property
    def seconds(self) -> float:
        """From the first question to the last answer."""
        return self.last - self.first


class _Counter:
    """Counts for all connections."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.reset()

    def reset(self) -> None:
        self.seen = Seen()
        self._questions: set[bytes] = set()
        self._started = time.process_time()

    def asked(self, began: float, body: bytes) -> None:
        if not self.seen.calls:
            self.seen.first = began
        self.seen.calls += 1
        self.seen.most = max(self.seen.most, self.seen.calls - self.seen.answered)
        self._questions.add(hashlib.sha256(body).digest())

    def answered(self) -> None:
        self.seen.answered += 1
        self.seen.last = time.monotonic()

    def told(self) -> bytes:
        self.seen.different = len(self._questions)
        self.seen.cpu = time.process_time() - self._started
        return json.dumps(asdict(self.seen)).encode()


class _Connection(asyncio.Protocol):
    """One caller's line: requests one after the other, each with a ``Content-Length``."""

    def __init__(self, counter: _Counter) -> None:
        self._counter = counter
        self._buffer = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._buffer:
            self._began = time.monotonic()
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            stop = end + 4 + _length(head)
            if len(self._buffer) < stop:
                return
            body, self._buffer = self._buffer[end + 4 : stop], self._buffer[stop:]
            self._take(head, body)
            self._began = time.monotonic()

    def _take(self, head: bytes, body: bytes) -> None:
        counter = self._counter
        if head.startswith(b"POST ") and b"/chat/completions " in head.partition(b"\r\n")[0]:
            counter.asked(self._began, body)
            # From the first byte on, so that what the server itself takes is within the latency.
            loop = asyncio.get_running_loop()
            left = self._began + counter.latency - time.monotonic()
            loop.call_later(left, self._answer, json.dumps(_completion(body)).encode())
            return
        if head.startswith(b"POST /reset "):
            counter.reset()
        self._send(counter.told())

    def _answer(self, body: bytes) -> None:
        self._counter.answered()  # also where the caller has gone, whose question is no longer open
        self._send(body)

    def _send(self, body: bytes) -> None:
        if not self._transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            self._transport.write(head + body)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _completion(body: bytes) -> dict[str, Any]:
    """Answer the same question in the same words, and others in others."""
    digest = hashlib.sha256(body).hexdigest()
    text = f"{WORDS} It has the number {digest[:8]}."
    prompt, answer = len(body) // 4, len(text) // 4
    return {
        "id": f"chatcmpl-{digest[:24]}",
        "object": "chat.completion",
        "created": 0,
        "model": json.loads(body).get("model", "fixed"),
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer},
    }


class Server:
    """The server as a process that ends with the block; its port is free and local."""

    def __init__(self, latency: float = 0.1) -> None:
        self._latency = latency

    def __enter__(self) -> Self:
        words = [sys.executable, "-P", __file__, "--latency", str(self._latency)]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        if not self.address:
            raise SystemExit("The server did not start; start it by hand to see why: " + " ".join(words[1:]))
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def reset(self) -> None:
        """Count anew."""
        self._fetch("POST", "/reset")

    def seen(self) -> Seen:
        """Return what was counted."""
        return Seen(**json.loads(self._fetch("GET", "/seen")))

    def _fetch(self, method: str, path: str) -> bytes:
        root = self.address.removesuffix("/v1")
        with urllib.request.urlopen(urllib.request.Request(root + path, method=method)) as reply:  # noqa: S310 (local)
            body: bytes = reply.read()
        return body


async def _serve(port: int, latency: float) -> None:
    counter = _Counter(latency)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(counter), "127.0.0.1", port, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


def main() -> None:
    """Serve until it is stopped; the first line printed is the address."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency", type=float, default=0.1, help="seconds from a question's first byte to its answer")
    options = parser.parse_args()
    # epoll knows whole milliseconds only, and asyncio rounds up to them; select knows a thousandth of that.
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
        runner.run(_serve(options.port, options.latency))


if __name__ == "__main__":
    main()
