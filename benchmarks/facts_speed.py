"""Speed of `tercet.facts`: pairs a second, cost against length, memory, and hostile texts.

One thread, CPU time. Texts are the sample corpus's articles and references, each with other figures that agree
in both, so that no text comes twice and what is remembered of one is of no use to the next; words and names
do come again, as they do in the news. A pair costs more the more faults it has, for each is explained.

Run: ``OMP_NUM_THREADS=1 python -m benchmarks.facts_speed``.
"""

import argparse
import math
import random
import re
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice, product
from typing import NamedTuple

from benchmarks.clock import print_table
from tercet.corpora.sample import Sample
from tercet.facts import check

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MEGABYTE = 1_000_000


class Pair(NamedTuple):
    """A summary and its source."""

    candidate: str
    language: str
    source: str
    source_language: str


def pairs(language: str, source_language: str, seed: int, times: int = 1) -> Iterator[Pair]:
    """Make pairs without end.

    Args:
        language: Of the summary.
        source_language: Of the source.
        seed: Of the figures.
        times: How many articles are put together for each pair, after each other on either side.
    """
    rng = random.Random(seed)
    articles = [a for a in Sample().load().articles if a.language == source_language]
    turn = cycle(articles)
    while True:
        chosen = list(islice(turn, times))
        digits = "".join(rng.sample("123456789", 9))
        texts = [
            "\n".join(_renumbered(text, digits) for text in several)
            for several in (
                [article.references[language][0].text for article in chosen],
                [article.source or "" for article in chosen],
            )
        ]
        yield Pair(texts[0], language, texts[1], source_language)


def _renumbered(text: str, digits: str) -> str:
    """Put other digits for 1 to 9, so that 4.6 billion and 46亿 stay equal; dates and times stay as they are."""
    table = str.maketrans("123456789", digits)

    def other(match: re.Match[str]) -> str:
        old = match[0]
        kept = old.isdigit() and len(old) <= 4 and (int(old) < 60 or 1900 < int(old) < 2100)
        return old if kept else old.translate(table)

    return _NUMBER.sub(other, text)


def seconds(work: Sequence[Pair]) -> float:
    """CPU time for checking pairs, once each."""
    start = time.process_time()
    for pair in work:
        check(*pair)
    return time.process_time() - start


def rates(count: int, repeats: int) -> None:
    """Print pairs a second for each direction."""
    made = []
    for source_language in ("en", "zh"):
        for language in ("en", "zh"):
            each = pairs(language, source_language, seed=0)
            seconds(list(islice(each, 50)))  # tables are read
            runs = [list(islice(each, count)) for _ in range(repeats)]
            taken = [seconds(run) / count for run in runs]
            reports = [check(*pair) for pair in runs[0][:50]]
            facts = statistics.mean(report.checkable for report in reports)
            faults = statistics.mean(len(report.faults) for report in reports)
            size = statistics.mean(len(pair.candidate) + len(pair.source) for pair in runs[0])
            made.append(
                (
                    f"{source_language} source, {language} summary",
                    f"{1 / statistics.median(taken):.0f}",
                    f"{1 / max(taken):.0f} to {1 / min(taken):.0f}",
                    f"{1000 * statistics.median(taken):.2f}",
                    f"{size:.0f}",
                    f"{facts:.0f}",
                    f"{faults:.1f}",
                )
            )
    print(f"Distinct pairs, {count} a run, median of {repeats} runs\n")
    print_table(("", "pairs a second", "slowest to fastest run", "ms a pair", "characters", "facts", "faults"), made)


def lengths(repeats: int) -> None:
    """Print the cost of longer and longer pairs, and the exponent that fits it."""
    sizes = (1, 2, 4, 8, 16)
    made = []
    for language, source_language in (("en", "en"), ("zh", "en"), ("zh", "zh"), ("en", "zh")):
        cost = []
        for times in sizes:
            each = pairs(language, source_language, seed=times, times=times)
            count = max(4, 64 // times)
            cost.append(statistics.median(seconds(list(islice(each, count))) / count for _ in range(repeats)))
        exponent = slope([math.log(size) for size in sizes], [math.log(value) for value in cost])
        cells = [f"{1000 * value:.2f}" for value in cost]
        made.append((f"{source_language} source, {language} summary", *cells, f"{exponent:.2f}"))
    print("Milliseconds a pair of 1 to 16 articles; the exponent is the slope of its logarithm, 1 is linear\n")
    print_table(("", *(f"x{size}" for size in sizes), "exponent"), made)


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Fit a line by least squares, and give its slope."""
    return statistics.linear_regression(x, y).slope


def memory(count: int) -> None:
    """Print the peak of resident memory after a tenth of the pairs and after all."""
    each = pairs("zh", "en", seed=1)
    made: list[tuple[int, float]] = []
    for done in (count // 10, count // 2, count):
        for pair in islice(each, done - (made[-1][0] if made else 0)):
            check(*pair)
        made.append((done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    print_table(("distinct pairs checked", "peak resident memory, MB"), made)


def _numbers(size: int) -> str:
    return " ".join(f"{i}.5" for i in range(1, size // 8))


def _money(size: int) -> str:
    return "".join(f"${i}mn, " for i in range(1, size // 9))


def _yuan(size: int) -> str:
    return "".join(f"{i}万元，" for i in range(1, size // 14))


def _people(size: int) -> str:
    # Names that differ: syllables by the digits of a number.
    return " ".join(f"{_word(i)} {_word(i * 7 + 1)}," for i in range(size // 16))


def _word(number: int) -> str:
    return "".join(("Ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "za")[int(d)] for d in str(number)).title()


def _filled(unit: str) -> Callable[[int], str]:
    size = len(unit.encode("utf-8", "surrogatepass"))
    return lambda wanted: unit * (wanted // size)


def _random(alphabet: str) -> Callable[[int], str]:
    def made(wanted: int) -> str:
        mean = len(alphabet.encode("utf-8", "surrogatepass")) / len(alphabet)
        return "".join(random.Random(0).choices(alphabet, k=int(wanted / mean)))

    return made


# Each makes a text of about so many bytes of UTF-8.
HOSTILE: dict[str, Callable[[int], str]] = {
    "digits": _filled("1234567890"),
    "nines and commas": _filled("9,"),
    "groups of three": _filled("999,"),
    "points": _filled("1."),
    "万": _filled("万"),
    "千万": _filled("千万"),
    "一": _filled("一"),
    "一百": _filled("一百"),
    "第": _filled("第"),
    "分之": _filled("三分之"),
    "percent signs": _filled("%"),
    "currency signs": _filled("€$"),
    "open brackets": _filled("("),
    "nested brackets": lambda size: "(" * (size // 2) + ")" * (size // 2),
    "nested full-width brackets": lambda size: "（" * (size // 6) + "）" * (size // 6),
    "lone surrogates": _filled("\ud800"),
    "surrogates and digits": _filled("1\udfff万"),
    "spaces": _filled(" "),
    "hyphens": _filled("1-"),
    "ranges": _filled("5 to 7 percent to "),
    "times": _filled("9:30:"),
    "dates": _filled("2024-01-"),
    "年": _filled("2024年"),
    "months": _filled("May "),
    "number words": _filled("hundred and "),
    "hedges": _filled("more than about "),
    "超过": _filled("超过约"),
    "capitals": _filled("A"),
    "capitalized words": _filled("Aa "),
    "initials": _filled("A. "),
    "middle dots": _filled("阿·"),
    "one name": _filled("张"),
    "ones": _filled("1 "),
    "five percent": _filled("5% "),
    "random figures": _random("0123456789.,% -:/$€万亿年月日点"),
    "random Chinese numerals": _random("零一二三十百千万亿两半几多第分之点成倍"),
    "random letters": _random("abcdefghij ABCDEFGHIJ .,'-"),
    "numbers, all different": _numbers,
    "sums, all different": _money,
    "元, all different": _yuan,
    "names, all different": _people,
}


def hostile(limit: float) -> None:
    """Print seconds a megabyte of texts made to be slow, each against another of its kind.

    A text grows from 2 kB to 1 MB, as long as the next would not take longer than the limit.
    """
    directions = product(("en", "zh"), repeat=2)
    seconds([next(pairs(language, other, seed=0)) for language, other in directions])  # tables are read
    made = []
    for name, make in HOSTILE.items():
        for language in ("en", "zh"):
            taken = _grown(make, language, limit)
            size, spent = taken[-1]
            exponent = "" if len(taken) == 1 else f"{_exponent(*taken[-2:]):.1f}"
            made.append((f"{name}, {language}", f"{size / 1000:.0f}", spent / size * _MEGABYTE, exponent))
    made.sort(key=lambda row: -row[2])
    print("Hostile texts of up to 1 MB against others of their kind; the worst first\n")
    print_table(("text, read as", "kB, both sides", "seconds a MB", "exponent of the last doubling"), made)


def _grown(make: Callable[[int], str], language: str, limit: float) -> list[tuple[int, float]]:
    """Double a text until it is too slow: its bytes on both sides, and the seconds it took."""
    taken = []
    for size in (_MEGABYTE >> shift for shift in range(9, -1, -1)):
        text = f"{make(size)} {language}"  # another text in each language, for what was read is remembered
        spent = seconds([Pair(text, language, _shifted(text), language)])
        taken.append((2 * len(text.encode("utf-8", "surrogatepass")), spent))
        if 4 * spent > limit:  # what the next would take, were the cost quadratic
            break
    return taken


def _exponent(first: tuple[int, float], second: tuple[int, float]) -> float:
    return math.log(max(second[1], 1e-4) / max(first[1], 1e-4)) / math.log(second[0] / first[0])


def _shifted(text: str) -> str:
    """Make a text of the same kind whose figures are others, so that nothing supports anything."""
    return text[1:].translate(str.maketrans("0123456789", "1234567809"))


def main() -> None:
    """Read what to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=400, help="pairs a run")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--memory", type=int, default=10_000, help="pairs for the look at memory")
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that a hostile text may take")
    parser.add_argument("--only", choices=["rates", "lengths", "memory", "hostile"], help="one part of it")
    chosen = parser.parse_args()
    works: dict[str, Callable[[], None]] = {
        "rates": lambda: rates(chosen.count, chosen.repeats),
        "lengths": lambda: lengths(chosen.repeats),
        "memory": lambda: memory(chosen.memory),
        "hostile": lambda: hostile(chosen.limit),
    }
    for name, work in works.items():
        if chosen.only in {None, name}:
            work()


if __name__ == "__main__":
    main()
