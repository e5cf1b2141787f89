"""JSON objects within a text that holds more than JSON, as a model's answer does."""

import json
from collections.abc import Iterator
from typing import Any

_DEEP = 8  # braces that begin what is nested too deeply, each of which takes milliseconds; then it is enough


def objects(text: str, decoder: json.JSONDecoder, most: int) -> Iterator[dict[str, Any] | ValueError | RecursionError]:
    """Find the JSON objects of a text that do not stand in each other.

    Args:
        text: Whatever it is.
        decoder: Reads them.
        most: How many braces are tried, so that no text takes long.

    Yields:
        An object; or, where a brace begins none, the reason.

    >>> list(objects('So: {"a": {"b": 1}} and {"c": 2}.', json.JSONDecoder(), 9))
    [{'a': {'b': 1}}, {'c': 2}]
    """
    at, deep = text.find("{"), 0
    for _ in range(most):
        if at < 0 or deep == _DEEP:
            return
        end = at + 1
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            deep += isinstance(error, RecursionError)
            yield error
        else:
            yield found
        at = text.find("{", end)
