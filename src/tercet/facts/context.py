"""Whether a candidate's fact and a source's speak of the same thing: facts that agree stand by them, or words do."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from tercet.facts.places import place
from tercet.facts.records import Fact
from tercet.facts.stating import Facts
from tercet.facts.verdicts import Verdict

Other = TypeVar("Other", bound=Fact)
_WINDOW = {"en": 60, "zh": 24}
_LEAST_SHARED = {"en": 2, "zh": 3}
_WORD = re.compile(r"[A-Za-z]{4,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


class Context:
    """The supported facts of a candidate, with their places in the source."""

    def __init__(self, candidate: Facts, source: Facts, supported: Sequence[Verdict]) -> None:
        self._mine = candidate
        self._source = source
        self._about: dict[tuple[bool, int, int], set[str]] = {}
        self._pairs = [(verdict.fact.start, verdict.span) for verdict in supported if verdict.span is not None]

    @cached_property
    def used(self) -> frozenset[tuple[int, int]]:
        """The places of the source that support a fact: they do not speak against another."""
        return frozenset(span for _, span in self._pairs)

    def near(self, fact: Fact, other: Fact) -> bool:
        """Tell whether two facts stand in the same context."""
        return place(other) not in self.used and (self._agreeing(fact, other) or self._worded(fact, other))

    def closest(self, fact: Fact, others: Sequence[tuple[Other, str]]) -> tuple[Other, str]:
        """Of facts in the same context, pick the one whose words are most like."""
        return max(others, key=lambda item: (self._shared(fact, item[0]), -item[0].start))

    @cached_property
    def _agreed(self) -> set[tuple[int, int]]:
        """Pairs of sentences, of the candidate and of the source, that share a supported fact."""
        mine, theirs = self._mine.sentence, self._source.sentence
        return {(mine(place), theirs(span[0])) for place, span in self._pairs}

    def _agreeing(self, fact: Fact, other: Fact) -> bool:
        """A fact in the candidate's sentence is supported in the source's sentence."""
        return (self._mine.sentence(fact.start), self._source.sentence(other.start)) in self._agreed

    def _worded(self, fact: Fact, other: Fact) -> bool:
        language = self._source.language
        if self._mine.language != language:
            return False
        return self._shared(fact, other) >= _LEAST_SHARED.get(language, 2)

    def _shared(self, fact: Fact, other: Fact) -> int:
        return len(self._words(True, fact) & self._words(False, other))

    def _words(self, mine: bool, fact: Fact) -> set[str]:
        key = mine, fact.start, fact.end
        if key not in self._about:
            self._about[key] = _words(self._mine if mine else self._source, fact)
        return self._about[key]


def _words(facts: Facts, fact: Fact) -> set[str]:
    """Take the words about a fact: long ones in English, pairs of characters in Chinese."""
    width = _WINDOW.get(facts.language, 60)
    text = facts.text
    before = text[max(0, fact.start - width) : fact.start]
    after = text[fact.end : fact.end + width]
    if facts.language != "zh":
        return {word.lower() for part in (before, after) for word in _WORD.findall(part)}
    found = set()
    for part in (before, after):
        found |= {a + b for a, b in pairwise(part) if _HAN.match(a) and _HAN.match(b)}
    return found
