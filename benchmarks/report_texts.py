"""A corpus as large as one wants, with texts as long as news and as hard to compress: by a seed, of no one's words.

Words are made of syllables and drawn by Zipf's law; each article keeps coming back to a few words of its own, as
texts do. Sources come to 2,100 characters, references to 510, candidates to 465; gzip leaves 0.41 of twenty such
sources together, and 0.43 of the sample corpus's eighteen English ones.
"""

import bisect
import json
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

_WORDS = 12_000
_TOPIC = 40  # words that an article comes back to
_FAITHFUL = 0.2  # chance that a word is one of them
_COMMON = ("the", "of", "to", "and", "in", "a", "for", "on", "that", "said", "with", "by", "from", "at", "its", "was")
_ONSETS = ("b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "pl", "ch", "gr", "")
_VOWELS = ("a", "e", "i", "o", "u", "y", "ea", "ou", "ai", "io", "oo", "ee")
_CODAS = ("", "", "n", "r", "s", "t", "l", "d", "nd", "st", "ng", "m", "ck", "p", "rk", "x", "ble", "sh")
_TAGS = ("economy", "energy", "transport", "health", "science", "trade", "courts", "climate")
_FIGURES = (
    "${} million",
    "€{} billion",
    "{} percent",
    "{},000 people",
    "{} tonnes",
    "{} kilometers",
    "{} percentage points",
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")


class Language:
    """A vocabulary whose frequencies follow Zipf's law.

    Args:
        seed: Decides the words.
    """

    def __init__(self, seed: int = 0) -> None:
        draw = random.Random(seed)
        words = dict.fromkeys(_COMMON)
        while len(words) < _WORDS:
            syllables = draw.choices((1, 2, 3), (3, 5, 2))[0]
            words[
                "".join(draw.choice(_ONSETS) + draw.choice(_VOWELS) + draw.choice(_CODAS) for _ in range(syllables))
            ] = None
        self._words = list(words)
        self._cumulative = list(accumulate(1 / (rank + 1.5) for rank in range(_WORDS)))

    def word(self, draw: random.Random) -> str:
        """Draw a word."""
        return self._words[bisect.bisect(self._cumulative, draw.random() * self._cumulative[-1])]

    def topic(self, draw: random.Random) -> list[str]:
        """Choose words for an article to come back to: none of the most frequent."""
        return draw.sample(self._words[100:], _TOPIC)

    def sentence(self, draw: random.Random, topic: Sequence[str]) -> str:
        """Make a sentence, with a figure, a date or neither."""
        words = [
            draw.choice(topic) if draw.random() < _FAITHFUL else self.word(draw) for _ in range(draw.randint(10, 24))
        ]
        words[0] = words[0].capitalize()
        if draw.random() < 0.45:
            words.insert(draw.randint(2, len(words)), draw.choice(_FIGURES).format(draw.randint(2, 980)))
        if draw.random() < 0.15:
            words.insert(draw.randint(2, len(words)), f"on {draw.choice(_MONTHS)} {draw.randint(1, 28)}, 2024")
        return " ".join(words) + "."


def _of_length(sentences: Iterator[str], length: int) -> list[str]:
    """Take sentences until they come nearest to a length."""
    taken: list[str] = []
    for sentence in sentences:
        taken.append(sentence)
        if sum(map(len, taken)) + len(taken) >= length - 60:
            break
    return taken


def write_corpus(folder: Path, articles: int, systems: int) -> tuple[Path, list[Path]]:
    """Write articles as JSON lines, and the outputs of systems.

    Args:
        folder: Where to.
        articles: How many; the first of them are the same whatever the number.
        systems: Better and worse ones: from 80 % of sentences that are the source's down to 60 %.

    Returns:
        The corpus's file and the systems' files.
    """
    language = Language()
    corpus = folder / "corpus.jsonl"
    outputs = [folder / f"system-{chr(ord('a') + number)}.jsonl" for number in range(systems)]
    streams = [path.open("w", encoding="utf-8") for path in outputs]
    with corpus.open("w", encoding="utf-8") as stream:
        for number in range(articles):
            draw = random.Random(f"article {number}")
            topic = language.topic(draw)
            source = _of_length((language.sentence(draw, topic) for _ in range(100)), 2100)
            reference = _of_length(iter(_retold(source, 0.5, language, topic, draw)), 500)
            record = {
                "id": f"item-{number:05}",
                "title": " ".join(topic[:6]).capitalize(),
                "date": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}",
                "tags": draw.sample(_TAGS, 2),
                "language": "en",
                "source": "\n\n".join(" ".join(source[i : i + 4]) for i in range(0, len(source), 4)),
                "references": {"en": " ".join(reference)},
            }
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
            for place, output in enumerate(streams):
                share = 0.8 - 0.2 * place / max(1, systems - 1)
                told = _of_length(iter(_retold(source, share, language, topic, draw)), 450)
                output.write(json.dumps({"id": f"{record['id']}:en", "text": " ".join(told)}) + "\n")
    for output in streams:
        output.close()
    return corpus, outputs


def _retold(
    source: Sequence[str], share: float, language: Language, topic: Sequence[str], draw: random.Random
) -> list[str]:
    """Take the source's sentences in its order, so many of a hundred; the others are new."""
    start = draw.randint(0, len(source) // 2)
    return [line if draw.random() < share else language.sentence(draw, topic) for line in source[start:]]
