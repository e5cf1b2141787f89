"""Half characters: Python's texts can hold a lone surrogate, which UTF-8 and tokenizers cannot."""


def readable(text: str) -> str:
    r"""Put U+FFFD for each lone surrogate.

    >>> readable("a\ud83d") == "a\ufffd"
    True
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
