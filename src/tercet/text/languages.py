"""The table of languages: what depends on a language stands here, one row each."""

import re
from dataclasses import dataclass

from tercet.errors import ConfigError, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What the rest of tercet needs to know of a language.

    Args:
        code: ISO 639-1 code.
        name: English name.
        unit: What a length counts: ``words`` or ``characters``.
        script: A regular expression for one unit of its script.
        bleu_tokenizer: sacrebleu's name of the tokenizer for BLEU.
        ter_asian: Whether TER needs sacrebleu's ``normalized`` and ``asian_support``.
    """

    code: str
    name: str
    unit: str
    script: str
    bleu_tokenizer: str
    ter_asian: bool


HAN = "[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
LATIN_WORD = "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+"

LANGUAGES = {
    row.code: row
    for row in (
        Language(
            code="en",
            name="English",
            unit="words",
            script=LATIN_WORD,
            bleu_tokenizer="13a",
            ter_asian=False,
        ),
        Language(
            code="zh",
            name="Chinese",
            unit="characters",
            script=HAN,
            bleu_tokenizer="zh",
            ter_asian=True,
        ),
    )
}

_OTHER_LETTER = re.compile(r"[^\W\d_]")
_SCRIPTS = {code: re.compile(row.script) for code, row in LANGUAGES.items()}


def language(code: str) -> Language:
    """Look a language up by its code; regions and scripts (``zh-CN``) are accepted.

    Raises:
        ConfigError: The table has no such language.

    >>> language("zh-Hans").name
    'Chinese'
    """
    base = re.split("[-_]", code.strip().lower())[0]
    if base not in LANGUAGES:
        raise ConfigError(f"Unknown language '{code}'.", nearest(base, LANGUAGES))
    return LANGUAGES[base]


def script_shares(text: str) -> dict[str, float]:
    """Say how much of a text is written in each language's script.

    A unit is one Han character, one run of Latin letters, or one letter of any other script.

    Returns:
        Shares in [0, 1] by language code, and ``other``; empty where the text has no letter.

    >>> script_shares("Mistral 获得融资")
    {'en': 0.2, 'zh': 0.8, 'other': 0.0}
    """
    counts = dict.fromkeys(LANGUAGES, 0)
    rest = text
    for code, pattern in _SCRIPTS.items():
        rest, counts[code] = pattern.subn(" ", rest)
    counts["other"] = len(_OTHER_LETTER.findall(rest))
    total = sum(counts.values())
    return {code: n / total for code, n in counts.items()} if total else {}


def detect(text: str) -> str | None:
    """Tell the language of a text by its script.

    Returns:
        The code with the largest share; None where the text has no letter, or where most of it
        is in a script that the table does not have. A language that shares a script with one of
        the table (French with English) is taken for it.
    """
    shares = script_shares(text)
    if not shares:
        return None
    best = max(shares, key=lambda code: shares[code])
    return None if best == "other" else best
