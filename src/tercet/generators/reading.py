"""Reading: a text as the tokens that a model reads, with the languages that it is told."""

from typing import Any

from tercet.errors import ConfigError
from tercet.fencing import escape
from tercet.text.surrogates import readable


class Reader:
    """Splits texts into a model's tokens.

    Args:
        tokenizer: Of transformers.
        longest: Tokens that the model reads; None for no end.
        source: The model's own code of the texts' language; None where it is not told one.
        prefix: What stands before each text.

    Raises:
        ConfigError: The model knows no such language.
    """

    def __init__(self, tokenizer: Any, *, longest: int | None, source: str | None = None, prefix: str = "") -> None:
        self._tokenizer = tokenizer
        self._longest = longest
        self._source = source
        self._prefix = prefix
        if source is not None:
            language_token(tokenizer, source)

    def tokens(self, text: str) -> tuple[int, ...]:
        """Split a text, and add the special tokens."""
        return self._split(text)

    def shortened(self, text: str) -> tuple[int, ...]:
        """Split what the model reads of a text; the special tokens stay."""
        return self._split(text, truncation=True, max_length=self._longest) if self._longest else self._split(text)

    def fits(self, text: str) -> bool:
        """Whether the model reads all of a text."""
        return self._longest is None or len(self._split(text)) <= self._longest

    def _split(self, text: str, **limits: Any) -> tuple[int, ...]:
        tokenizer = self._tokenizer
        if self._source is not None and getattr(tokenizer, "src_lang", self._source) != self._source:
            tokenizer.src_lang = self._source  # a tokenizer is shared by all who use its model
        return tuple(tokenizer(self._prefix + harmless(tokenizer, text), verbose=False, **limits)["input_ids"])


def harmless(tokenizer: Any, text: str) -> str:
    """Write what looks like a special token, as ``</s>``, with brackets in full width, so that it is none.

    Otherwise a text could end the model's input, or begin another turn of a conversation.
    """
    text = readable(text)
    if "<" not in text and "[" not in text:
        return text
    added = (str(token) for token in tokenizer.added_tokens_decoder.values() if token.special)
    for mark in sorted({*map(str, tokenizer.all_special_tokens), *added}, key=len, reverse=True):
        text = text.replace(mark, escape(mark)) if mark else text
    return text


def language_token(tokenizer: Any, code: str) -> int:
    """Look up the token that stands for a language: ``zho_Hans`` or ``zh_CN`` itself, or ``__zh__`` for ``zh``.

    Raises:
        ConfigError: There is none.
    """
    marks = {str(token) for token in (*tokenizer.all_special_tokens, *tokenizer.get_added_vocab())}
    for token in (f"__{code}__", code):
        if token in marks:
            return int(tokenizer.convert_tokens_to_ids(token))
    known = sorted(mark.strip("_") for mark in marks if "_" in mark)
    raise ConfigError(
        f"The model knows no language '{code}'.",
        f"Its codes are {', '.join(known)}." if known else "It is told none: leave codes empty.",
    )
