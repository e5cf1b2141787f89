"""Dialogue: a conversation as the tokens that a causal model goes on from."""

from collections.abc import Mapping, Sequence
from typing import Any

from tercet.chat import Message
from tercet.generators.reading import harmless

_GAP = "\n\n"
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def tokens_of(tokenizer: Any, messages: Sequence[Message], options: Mapping[str, Any]) -> tuple[int, ...]:
    """Word a conversation by the model's own template; without one, put the messages one after the other.

    Some templates know no system message: there it begins the first message of the user, as their makers advise.

    Args:
        tokenizer: Of transformers.
        messages: The turns. What looks like a special token in them is none.
        options: Further values that the template knows, such as ``enable_thinking``.

    Raises:
        ValueError: The template refuses the conversation; the error says why.
    """
    turns = [(message.role, harmless(tokenizer, message.content)) for message in messages]
    if not tokenizer.chat_template:
        plain = _GAP.join(content for _, content in turns) + _GAP
        return tuple(tokenizer(plain, verbose=False)["input_ids"])
    try:
        worded = _worded(tokenizer, turns, options)
    except ValueError:
        if len(turns) < 2 or turns[0][0] != "system":
            raise
        (_, first), (role, second), *rest = turns
        worded = _worded(tokenizer, [(role, f"{first}{_GAP}{second}"), *rest], options)
    # The template writes the special tokens itself.
    return tuple(tokenizer(worded, add_special_tokens=False, verbose=False)["input_ids"])


def _worded(tokenizer: Any, turns: Sequence[tuple[str, str]], options: Mapping[str, Any]) -> str:
    from jinja2 import TemplateError

    said = [{"role": role, "content": content} for role, content in turns]
    try:
        return str(tokenizer.apply_chat_template(said, **{**options, "tokenize": False, "add_generation_prompt": True}))
    except (TemplateError, *_FAULTS) as error:  # a template is a program that came with the weights
        raise ValueError(str(error) or type(error).__name__) from error
