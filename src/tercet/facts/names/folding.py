"""Latin writing without its accidents: case, diacritics, hyphens; every position stays where it is."""

import re
import unicodedata

_MARKED = re.compile("[\u00c0-\u024f\u1e00-\u1eff’ʼ`´]")
_APOSTROPHES = frozenset("’ʼ`´")
# Letters that Unicode does not take apart, by the plain one that is nearest.
_WHOLE = {"ß": "s", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ı": "i", "ŋ": "n"}
_NEITHER = bytes(code for code in range(128) if not chr(code).isalnum())


def folded(text: str) -> str:
    """Write a text in lower case without diacritics, a space for each hyphen, full stop and line break.

    The result is as long as the text, so that a place in one is a place in the other.

    >>> folded("Saint-Étienne, U.S.")
    'saint etienne, u s '
    """
    if (not text.isascii() or "`" in text) and _MARKED.search(text):
        text = _MARKED.sub(_plain, text)
    return text.lower().replace("-", " ").replace(".", " ").replace("\n", " ")


def _plain(match: re.Match[str]) -> str:
    letter = match[0]
    if letter in _APOSTROPHES:
        return "'"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return _WHOLE.get(base, base)


def squeezed(text: str) -> str:
    """Keep the plain letters and digits of a folded text.

    >>> squeezed("mistral ai")
    'mistralai'
    """
    return text.encode("ascii", "ignore").translate(None, _NEITHER).decode()


def find_word(text: str, word: str) -> tuple[int, int] | None:
    """Find a word or phrase in a folded text where it is not a part of a longer one; a plural counts.

    Chinese characters bound a Latin word.

    >>> find_word("the italians of tirana", "italian"), find_word("the italians of tirana", "iran")
    ((4, 12), None)
    """
    at = text.find(word) if word else -1
    while at >= 0:
        end = at + len(word)
        if text[end : end + 1] == "s":
            end += 1
        if not _is_letter(text[max(0, at - 1) : at]) and not _is_letter(text[end : end + 1]):
            return at, end
        at = text.find(word, at + 1)
    return None


def find_spaced(text: str, letters: str) -> tuple[int, int] | None:
    """Find letters in a folded text, whatever stands between them that is neither a letter nor a digit.

    >>> find_spaced("by pu'an tea", "puan")
    (3, 8)
    """
    match = re.search(rf"(?<![a-z0-9]){r'[^a-z0-9]{0,3}'.join(map(re.escape, letters))}(?![a-z0-9])", text)
    return match.span() if match else None


def _is_letter(text: str) -> bool:
    return text.isascii() and text.isalnum()
