"""What goes over the line to a chat endpoint, and what comes back."""

import json
from collections.abc import Mapping
from typing import Any

from tercet.chat import Answer, Decoding, Question
from tercet.records import Usage
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


def request(
    model: str, question: Question, decoding: Decoding, *, form: Mapping[str, Any], limit: str
) -> dict[str, Any]:
    """Word a question.

    Args:
        model: Its name.
        question: What is asked; its own seed goes before the decoding's.
        decoding: How the model writes; its ``extra`` goes before all that is set otherwise, but model and messages.
        form: One of ``formats``.
        limit: What the server calls the most tokens of an answer.
    """
    options = {
        "temperature": decoding.temperature,
        "seed": decoding.seed if question.seed is None else question.seed,
        "top_p": decoding.top_p,
        "stop": list(decoding.stop) or None,
        limit: decoding.max_tokens,
    }
    return {
        **{key: value for key, value in options.items() if value is not None},
        **form,
        **decoding.extra,
        "model": model,
        "messages": [{"role": role, "content": readable(content)} for role, content in question.messages],
    }


def read(body: str) -> Answer | None:
    """Read a chat completion; None where it is none."""
    try:
        completion = json.loads(body)
        choice = completion["choices"][0]
        content, refusal = choice["message"].get("content"), choice["message"].get("refusal")
        reason = choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    usage = _usage(completion.get("usage"))
    if refusal or reason == "content_filter":
        return Answer(failure="the model refused to answer", usage=usage)
    if not isinstance(content, str | None):
        return None
    return Answer(text=readable(content or ""), cut=reason == "length", usage=usage)


def words(body: str) -> str:
    """Find what a server says of an error, as one of many of them words it."""
    try:
        said: object = json.loads(body)
    except (ValueError, RecursionError):
        return body
    while isinstance(said, dict):
        said = next((said[key] for key in ("error", "message", "detail") if said.get(key)), json.dumps(said))
    return str(said or "")


def _usage(told: object) -> Usage | None:
    if not isinstance(told, dict):
        return None
    counts = told.get("prompt_tokens"), told.get("completion_tokens")
    prompt, answer = (count if type(count) is int and count >= 0 else None for count in counts)
    return None if prompt is None or answer is None else Usage(prompt=prompt, answer=answer)
