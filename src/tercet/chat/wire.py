"""What goes over the line to a chat endpoint, and what comes back."""

import json
from collections.abc import Mapping
from typing import Any

from tercet.chat import Answer
from tercet.text.surrogates import readable


def formats(schema: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """List what an answer's form may be asked by, the strictest first."""
    if schema is None:
        return [{}]
    named = {"name": schema.get("title", "answer"), "strict": True, "schema": schema}
    return [
        {"response_format": {"type": "json_schema", "json_schema": named}},
        {"response_format": {"type": "json_object"}},
        {},
    ]


def read(body: str) -> Answer | None:
    """Read a chat completion; None where it is none."""
    try:
        choice = json.loads(body)["choices"][0]
        content, refusal = choice["message"].get("content"), choice["message"].get("refusal")
        reason = choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if refusal or reason == "content_filter":
        return Answer(failure="the model refused to answer")
    if not isinstance(content, str | None):
        return None
    return Answer(text=readable(content or ""), cut=reason == "length")


def words(body: object) -> str:
    """Find what a server says of an error, as one of many of them words it."""
    while isinstance(body, dict):
        body = next((body[key] for key in ("error", "message", "detail") if body.get(key)), json.dumps(body))
    return str(body or "")
