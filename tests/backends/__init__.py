"""Tests of the backends."""

from tercet.backends import Backend, Reply, Request


def asks(text: str, source: str, target: str | None = None, references: tuple[str, ...] = ()) -> Request:
    """A request to summarize, or to translate where the languages differ."""
    role = "summarize" if target is None or target == source else "translate"
    return Request(
        role=role, text=text, source_language=source, target_language=target or source, references=references
    )


def reply_to(backend: Backend, request: Request) -> Reply:
    """The one answer to one request."""
    ((index, reply),) = backend.generate([request])
    assert index == 0
    return reply


def text_of(backend: Backend, request: Request) -> str:
    """The text of the one answer, which is no failure."""
    reply = reply_to(backend, request)
    assert reply.failure is None
    assert reply.text is not None
    return reply.text
