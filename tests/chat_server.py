"""A chat endpoint on this machine, whose model is a function of the request."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Said:
    """One HTTP answer.

    Args:
        content: What the model says, in a chat completion.
        finish: Why it stopped.
        status: HTTP status.
        headers: Beside type and length.
        body: In the place of a completion.
        delay: Seconds before the answer.
        drip: Seconds before each byte of it.
        cut: Whether the connection ends half way through the body.
    """

    content: object = None
    finish: str = "stop"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0.0
    drip: float = 0.0
    cut: bool = False

    @property
    def data(self) -> bytes:
        if self.body is not None:
            return self.body
        if self.status != 200:
            return json.dumps({"error": {"message": f"no: {self.status}"}}).encode()
        message = {"role": "assistant", "content": self.content}
        choices = [{"index": 0, "message": message, "finish_reason": self.finish}]
        return json.dumps({"id": "1", "object": "chat.completion", "model": "m", "choices": choices}).encode()


Model = Callable[[dict[str, Any], int], Said | str]  # the request's body and its number, from 0


class ChatServer:
    """Serves while it is entered, also as a proxy.

    Args:
        model: What it answers by.
        port: 0 takes a free one.

    Attributes:
        requests: The bodies, in the order of their arrival.
        headers: Of each request.
        most: How many were open at once.
    """

    def __init__(self, model: Model, port: int = 0) -> None:
        self.model = model
        self._port = port
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.most = 0
        self._open = 0
        self._lock = threading.Lock()
        self._end = threading.Event()

    def __enter__(self) -> Self:
        self._server = _Server(self, self._port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, body: dict[str, Any], headers: Mapping[str, str]) -> Said:
        with self._lock:
            number = len(self.requests)
            self.requests.append(body)
            self.headers.append(dict(headers))
            self._open += 1
            self.most = max(self.most, self._open)
        try:
            said = self.model(body, number)
            said = Said(content=said) if isinstance(said, str) else said
            self._end.wait(said.delay)
            return said
        finally:
            with self._lock:
                self._open -= 1

    @property
    def ended(self) -> bool:
        return self._end.is_set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    request_queue_size = 64

    def __init__(self, chat: ChatServer, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.chat = chat


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out in two writes; the second would wait for 40 ms
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = self.server.chat.answer(body, {key.lower(): value for key, value in self.headers.items()})
        if urlsplit(self.path).path != "/v1/chat/completions":  # a proxy is sent the whole address
            said = Said(status=404)
        try:
            self._say(said)
        except OSError:  # the client has gone
            self.close_connection = True

    def _say(self, said: Said) -> None:
        data = said.data
        self.send_response(said.status)
        for key, value in said.headers.items():
            self.send_header(key, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if said.cut:
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
        elif said.drip:
            self._drip(said, data)
        else:
            self.wfile.write(data)

    def _drip(self, said: Said, data: bytes) -> None:
        for byte in data:
            if self.server.chat.ended:
                return
            time.sleep(said.drip)
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (the base class names it so)
        pass


def script(*said: Said | str) -> Model:
    """Make a model that says one thing after the other, and the last one again and again."""
    return lambda _, number: said[min(number, len(said) - 1)]


def closed_port() -> str:
    """Name an address where nobody listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return f"http://127.0.0.1:{server.server_port}/v1"
