"""Parallel news as large as one wants: English segments, a Chinese reference and a Chinese system's output of each.

Made by a seed of short lists and templates, of no one's words: 17 to 39 English words a segment, drawn by Zipf's law
from some 4,500; documents of 6 to 14 segments, which come back to a company of their own; about one fact a segment
that can be checked. The output differs from the reference: reworded, turned around, cut short, with wrong figures.
The first segments are the same whatever their number, and the same bytes each time: the first 1,000 are checked
before anything is written. What is held does not grow with the number.

Run: ``python -m benchmarks.scale_corpus 1000000 FOLDER [--direction zh-en]``, or ``--describe`` to see what it is like.
"""

import argparse
import hashlib
import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks import scale_words
from benchmarks.scale_figures import COUNT, Figure, figures
from benchmarks.scale_frames import FRAMES, Frame
from benchmarks.scale_words import Phrase, zipf

DIRECTIONS = ("en-zh", "zh-en")
FILES = ("source", "reference", "output", "documents")
_SEED = 8
_CHECKED = 1_000
# Of this module's own output when it was written: that a corpus of another time or machine is the same one.
_HASHES = {
    "en-zh": "5429906cb6e44674deca6d883d70c98c50678aa6d2169d619f1ba2136354d830",
    "zh-en": "0f5ada4384704f0dcd48c76f3df0df108de8654bdf51c8ab76c4ea3ee9eb6057",
}
_REWORDED = 0.3  # chance of each phrase
_WRONG = 0.12  # chance that the figure is wrong
_TURNED, _SHORT = 0.15, 0.12  # chances that the output says it in another order, or leaves a clause out
_FAITHFUL = 0.6  # chance that a segment is about its document's company
_FEWEST, _MOST = 6, 14  # segments of a document


class Segment(NamedTuple):
    """One line of each file."""

    source: str
    reference: str
    output: str
    document: str


def segments(direction: str = "en-zh", seed: int = _SEED) -> Iterator[Segment]:
    """Make segments without end, the same ones each time.

    Args:
        direction: ``en-zh`` or ``zh-en``: what is translated into what.
        seed: Decides all of them.
    """
    draw = random.Random(seed)
    chance, bits = draw.random, draw.getrandbits
    company, place = zipf(scale_words.companies(), draw), zipf(scale_words.places(), draw)
    verb, thing = zipf(scale_words.verbs(), draw), zipf(scale_words.things(), draw)
    reason, ending = zipf(scale_words.reasons(), draw), zipf(scale_words.endings(), draw)
    person = zipf(scale_words.people(), draw)
    known = figures(seed)
    figure_bits = COUNT.bit_length() - 1
    document, left = 0, 0
    topic = company()
    while True:
        if not left:
            document, left = document + 1, _FEWEST + int(chance() * (_MOST - _FEWEST + 1))
            topic = company()
        left -= 1
        parts = (
            topic if chance() < _FAITHFUL else company(),
            verb(),
            thing(),
            place(),
            known[bits(figure_bits)],
            reason(),
            ending(),
            person(),
            verb(),
            thing(),
        )
        yield _segment(FRAMES[bits(3)], parts, draw, document, direction)


def _segment(
    frame: Frame, parts: tuple[Phrase | Figure, ...], draw: random.Random, document: int, direction: str
) -> Segment:
    """Put the parts together three times."""
    chance = draw.random
    english = _capital(frame.en[0].format(*[part.en for part in parts]))
    chinese = frame.zh[0].format(*[part.zh for part in parts])
    luck = chance()
    build = 1 if luck < _TURNED else 2 if luck < _TURNED + _SHORT else 0
    wrong = chance() < _WRONG
    name = f"news-{document:07}"
    if direction == "en-zh":
        said = [part.zh2 if chance() < _REWORDED else part.zh for part in parts]
        if wrong:
            said[4] = parts[4].wrong_zh  # type: ignore[union-attr]  # the fifth is a figure
        return Segment(english, chinese, frame.zh[build].format(*said), name)
    said = [part.en2 if chance() < _REWORDED else part.en for part in parts]
    if wrong:
        said[4] = parts[4].wrong_en  # type: ignore[union-attr]  # likewise
    return Segment(chinese, english, _capital(frame.en[build].format(*said)), name)


def _capital(text: str) -> str:
    """Begin with a capital, and so after a full stop."""
    return ". ".join(sentence[0].upper() + sentence[1:] for sentence in text.split(". "))


def check(direction: str = "en-zh") -> None:
    """Make sure that the first segments are those of every other time.

    Raises:
        SystemExit: They are not: figures of another time cannot be compared with these.
    """
    digest = hashlib.sha256()
    for segment in islice(segments(direction), _CHECKED):
        digest.update(("\t".join(segment) + "\n").encode())
    if digest.hexdigest() != _HASHES[direction]:
        raise SystemExit(
            f"The first {_CHECKED:,} segments ({direction}) have the hash {digest.hexdigest()}, not that of every "
            "other time. Where the lists or templates were changed on purpose, write the new hash into _HASHES; "
            "figures that were measured before are then of another corpus."
        )


def write(count: int, folder: Path, direction: str = "en-zh") -> None:
    """Write a corpus as four files of one segment a line.

    Args:
        count: How many segments.
        folder: Where to; it is made.
        direction: What is translated into what.
    """
    check(direction)
    folder.mkdir(parents=True, exist_ok=True)
    source, reference, output, documents = (
        (folder / f"{name}.txt").open("w", encoding="utf-8", newline="\n") for name in FILES
    )
    with source, reference, output, documents:
        for segment in islice(segments(direction), count):
            source.write(segment.source + "\n")
            reference.write(segment.reference + "\n")
            output.write(segment.output + "\n")
            documents.write(segment.document + "\n")


def describe(direction: str, count: int = 10_000) -> None:
    """Print what the corpus is like: lengths, vocabulary, and what the facts metric finds in it."""
    from tercet.facts import check as compare

    made = list(islice(segments(direction), count))
    given, target = direction.split("-")
    english = [segment.source if given == "en" else segment.reference for segment in made]
    chinese = [segment.reference if given == "en" else segment.source for segment in made]
    lengths = sorted(len(text.split()) for text in english)
    words = Counter(word.strip(".,").lower() for text in english for word in text.split())
    print(f"{count:,} segments, {len({segment.document for segment in made}):,} documents")
    print(f"English words a segment: {lengths[0]} to {lengths[-1]}, {sum(lengths) / count:.1f} on average")
    print(f"Chinese characters a segment: {sum(map(len, chinese)) / count:.1f} on average")
    total = sum(words.values())
    ranks = [sum(number for _, number in words.most_common(most)) / total for most in (10, 100, 1_000)]
    print(f"different English words: {len(words):,}; the first 10, 100, 1,000 are {ranks[0]:.0%}, ", end="")
    print(f"{ranks[1]:.0%}, {ranks[2]:.0%} of all")
    print(f"different segments: {len({segment.source for segment in made}):,}")
    print(f"outputs that equal the reference: {sum(s.output == s.reference for s in made) / count:.1%}")
    for name in ("reference", "output"):
        reports = [compare(getattr(segment, name), target, segment.source, given) for segment in made[:2_000]]
        found = Counter(verdict.finding.value for report in reports for verdict in report.verdicts)
        shares = ", ".join(f"{key} {number / len(reports):.2f}" for key, number in sorted(found.items()))
        print(f"facts of the {name} a segment: {shares}")
    for segment in made[:5]:
        print("", *segment, sep="\n")


def main() -> None:
    """Write the files, or describe them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("folder", type=Path, nargs="?", default=None)
    parser.add_argument("--direction", choices=DIRECTIONS, default=DIRECTIONS[0])
    parser.add_argument("--describe", action="store_true", help="print what it is like; write nothing")
    given = parser.parse_args()
    if given.describe:
        describe(given.direction)
        return
    if given.folder is None:
        parser.error("name the folder to write to")
    start = time.perf_counter()
    write(given.count, given.folder, given.direction)
    size = sum((given.folder / f"{name}.txt").stat().st_size for name in FILES)
    print(f"{given.count:,} segments, {size / 1e6:.0f} MB, in {time.perf_counter() - start:.1f} s: {given.folder}")


if __name__ == "__main__":
    main()
