"""Names of people, organizations and places, and whether another text has them, in its language.

What supports is read liberally, what accuses strictly. A name is supported by any form that may be its own:
as it stands, what CC-CEDICT and CLDR call it in the other language, short forms (美方, U.S.), a country's
capital or adjective, initials, pinyin, the Latin form that a text gives in brackets, what sounds like it.
It is absent only where the other text would have to have it in one of the forms that are known.
"""

from enum import StrEnum
from typing import NamedTuple

from tercet.facts.names.chinese import chinese_names
from tercet.facts.names.english import english_names
from tercet.facts.names.in_chinese import ChineseText
from tercet.facts.names.in_english import EnglishText
from tercet.facts.records import Name

_MOST_WORK = 200_000_000  # characters to search; a second or so


class Standing(StrEnum):
    """What a text says of a name."""

    SUPPORTED = "supported"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class NameVerdict(NamedTuple):
    """Whether a text has a name.

    Args:
        standing: Absent only where the text would have to have it in a form that is known.
        span: Where the text has it; None where it has not.
    """

    standing: Standing
    span: tuple[int, int] | None = None


def names(text: str, language: str) -> list[Name]:
    """Find the names in a text.

    Args:
        text: Any text.
        language: ``zh`` for Chinese; any other is read as English.

    Returns:
        In order of place.

    >>> [name.text for name in names("Zhou Minyi of Nanjing met Annegret Solms.", "en")]
    ['Zhou Minyi', 'Nanjing', 'Annegret Solms']
    >>> [name.text for name in names("芯片商维尔科拉（Velkora）在德国，维尔科拉的工厂", "zh")]
    ['维尔科拉', 'Velkora', '德国', '维尔科拉']
    """
    return chinese_names(text) if language == "zh" else english_names(text)


class NameIndex:
    """A text in which names are looked for; what is found is remembered.

    Args:
        text: Any text.
        language: ``zh`` for Chinese; any other is read as English.

    >>> index = NameIndex("区社区卫生服务中心主任周敏仪说，美方已同意。", "zh")
    >>> [str(index.verdict(name).standing) for name in names("Zhou Minyi said America and Spain agreed.", "en")]
    ['supported', 'supported', 'absent']
    """

    def __init__(self, text: str, language: str) -> None:
        self._text = ChineseText(text) if language == "zh" else EnglishText(text)
        self._length = len(text)
        self._searched = 0
        self._verdicts: dict[tuple[str, frozenset[str], bool], NameVerdict] = {}

    def find(self, name: Name) -> tuple[int, int] | None:
        """Find where the text has a name, in whatever form; None where it has not, as far as is known."""
        return self.verdict(name).span

    def verdict(self, name: Name) -> NameVerdict:
        """Say whether the text has a name.

        A name that is not ``checkable`` may be supported or unknown, never absent. So is any name after
        very many in a very long text, where looking for them would take minutes.
        """
        key = name.text, name.keys, name.checkable
        if key not in self._verdicts:
            self._searched += self._length
            self._verdicts[key] = self._judge(name) if self._searched < _MOST_WORK else NameVerdict(Standing.UNKNOWN)
        return self._verdicts[key]

    def _judge(self, name: Name) -> NameVerdict:
        span = self._text.search(name)
        if span:
            return NameVerdict(Standing.SUPPORTED, span)
        absent = name.checkable and self._text.would_show(name)
        return NameVerdict(Standing.ABSENT if absent else Standing.UNKNOWN)
