"""A chat endpoint on this machine that counts what it is asked, and that can die and come back."""

import hashlib
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Body = dict[str, Any]
#: What of a request decides the answer.
_DECIDES = ("model", "messages", "temperature", "seed", "max_tokens", "response_format")


def key_of(body: Body) -> str:
    """Hash what a request asks."""
    asked = {name: body.get(name) for name in _DECIDES}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def said_in(body: Body) -> str:
    """All that the messages of a request say."""
    return "\n".join(message["content"] for message in body["messages"])


def by_hash(body: Body) -> str:
    """Answer with words that the request decides: a model at temperature 0."""
    return f"Answer {key_of(body)[:12]} of {body['model']}."


class CountingServer:
    """Serves on one port, from a thread for each connection.

    Args:
        answer: The model: text of a request's body.
        seconds: How long it takes for one.

    Attributes:
        asked: The bodies, in the order of their arrival.
        keys: The key that each of them came with.
        status: What it answers with; other than 200 it repeats the key, as some servers do.
        dies_after: So many requests, and it is gone; None for never.
    """

    def __init__(self, answer: Callable[[Body], str] = by_hash, seconds: float = 0.0) -> None:
        self.answer = answer
        self.seconds = seconds
        self.asked: list[Body] = []
        self.keys: list[str | None] = []
        self.status = 200
        self.dies_after: int | None = None
        self.dead = threading.Event()
        self._lock = threading.Lock()
        self._death: threading.Thread | None = None
        self._port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def most_often(self) -> int:
        """How often the same was asked at most."""
        return max(Counter(map(key_of, self.asked)).values(), default=0)

    def start(self) -> None:
        """Begin to serve, at the same address as before."""
        if self._death is not None:
            self._death.join()
        self.dead.clear()
        self._server = _Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Die: nobody listens any more, and no open connection is answered."""
        self.dead.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in list(self._server.connections):
            _cut(connection)

    def forget(self) -> list[Body]:
        """Begin to count anew; what was asked so far."""
        with self._lock:
            asked, self.asked, self.keys = self.asked, [], []
        return asked

    def reply(self, body: Body, key: str | None) -> bytes | None:
        """Answer a request; None where the server is dead."""
        with self._lock:
            if self.dies_after is not None and len(self.asked) >= self.dies_after:
                self.dies_after = None
                self._death = threading.Thread(target=self.stop, daemon=True)
                self._death.start()
                self.dead.wait()
            if self.dead.is_set():
                return None
            self.asked.append(body)
            self.keys.append(key)
        if self.dead.wait(self.seconds):
            return None
        if self.status != 200:
            return json.dumps({"error": {"message": f"Incorrect API key provided: {key}"}}).encode()
        text = self.answer(body)
        message = {"role": "assistant", "content": text}
        completion = {
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": usage(body, text),
        }
        return json.dumps(completion).encode()


def usage(body: Body, text: str) -> dict[str, int]:
    """Count tokens as a server would: here, words."""
    return {"prompt_tokens": len(said_in(body).split()), "completion_tokens": len(text.split())}


def cost(bodies: Iterable[Body], answer: Callable[[Body], str], prompt: float, text: float) -> float:
    """Add up what requests cost, at prices for a million tokens."""
    used = [usage(body, answer(body)) for body in bodies]
    return sum(one["prompt_tokens"] * prompt + one["completion_tokens"] * text for one in used) / 1e6


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], owner: CountingServer) -> None:
        super().__init__(address, _Handler)
        self.owner = owner
        self.connections: set[socket.socket] = set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms behind its headers
    server: _Server

    def setup(self) -> None:
        self.server.connections.add(self.request)
        super().setup()

    def finish(self) -> None:
        self.server.connections.discard(self.request)
        super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the client was killed, or the server was
            self.close_connection = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        owner = self.server.owner
        data = owner.reply(body, self.headers.get("Authorization"))
        if data is None:
            self.close_connection = True
            return
        self.send_response(owner.status if self.path == "/v1/chat/completions" else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (the base class names it so)
        pass


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        connection.shutdown(socket.SHUT_RDWR)
