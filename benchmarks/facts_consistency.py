"""Signals of factual consistency against people's labels: Chinese keywords, English summaries.

- UHGEval: keywords that people called reasonable or not, in continuations of Chinese news that models made.
  A keyword is flagged where a fact that overlaps it is not supported by the whole article.
- Six sets of English summaries, each consistent with its source or not: every signal that runs here. AUC
  needs no threshold; for balanced accuracy one is chosen on half of the sources and judged on the others,
  in 200 splits. Metrics that compare with a reference get the source as one; the embedded encoder reads its
  first 512 tokens.

Intervals of 95 % are a bootstrap over articles or sources; over splits for balanced accuracy. Run:
``python -m benchmarks.facts_consistency [DATA]``, with the folder of the sets.
"""

import argparse
import datetime as dt
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import tercet
from benchmarks.clock import print_table
from benchmarks.facts_flags import NUMBERS, described, group
from benchmarks.intervals import auc, balanced, clustered, clustered_share
from benchmarks.shared import argument, rows
from tercet.errors import MetricError, TercetError
from tercet.facts import Finding, Report, check

Array = NDArray[np.float64]
Signal = Callable[[list[dict[str, Any]]], Sequence[float | None]]
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_NUMERAL = re.compile(r"[〇零一二两三四五六七八九十百千万亿半]")
_SPLITS = 200


class Keyword(NamedTuple):
    """A labelled stretch of a continuation, and what each rule says of it."""

    text: str
    bad: bool
    article: str
    numbers: bool
    all: bool
    touched: bool
    literal: bool
    digits: bool


def keywords(data: Path, listing: bool) -> list[Keyword]:
    """Check every continuation that a model made, and lay its keywords over what is flagged."""
    found = []
    for row in rows(data / "factual_zh" / "uhgeval.jsonl.gz"):
        candidate, source, detail = row["candidate"], row["source"], row["detail"]
        if detail["kind"] != "hallucinated":
            continue
        report = check(candidate, "zh", source, "zh", dt.date.fromisoformat(detail["date"]))
        for item in detail["keywords"]:
            keyword = _keyword(item, row["id"].split(":")[1], report, source)
            found.append(keyword)
            if listing and _DIGITS.search(keyword.text) and keyword.numbers != keyword.bad:
                what = "good, flagged" if keyword.numbers else "bad, passed"
                print(f"{row['id']} {what}: {keyword.text} {item.get('note', '')}")
                for verdict in report.faults:
                    print(f"  {described(candidate, verdict, source)}")
    return found


def _keyword(item: dict[str, Any], article: str, report: Report, source: str) -> Keyword:
    start, end = item["start"], item["start"] + len(item["text"])
    over = [verdict for verdict in report.verdicts if verdict.fact.start < end and start < verdict.fact.end]
    faults = [verdict for verdict in over if verdict.finding is not Finding.SUPPORTED]
    return Keyword(
        text=item["text"],
        bad=item["label"] == 0,
        article=article,
        numbers=any(group(verdict.fact) in NUMBERS for verdict in faults),
        all=bool(faults),
        touched=bool(over),
        literal=item["text"] not in source,
        digits=any(digits not in source for digits in _DIGITS.findall(item["text"])),
    )


def chinese(data: Path, listing: bool) -> None:
    """Print how well flags agree with the labels of keywords."""
    found = keywords(data, listing)
    with_digit = [keyword for keyword in found if _DIGITS.search(keyword.text)]
    numeral = [k for k in found if _NUMERAL.search(k.text) and not _DIGITS.search(k.text)]
    facts, every = "facts: numbers and dates", "facts: names too"
    sets: list[tuple[str, list[Keyword], dict[str, Callable[[Keyword], bool]]]] = [
        (
            "ASCII digit",
            with_digit,
            {
                facts: lambda k: k.numbers,
                every: lambda k: k.all,
                "whole keyword not in the source": lambda k: k.literal,
                "a digit string not in the source": lambda k: k.digits,
            },
        ),
        (
            "Chinese numeral, no digit",
            numeral,
            {
                facts: lambda k: k.numbers,
                every: lambda k: k.all,
                "whole keyword not in the source": lambda k: k.literal,
            },
        ),
        ("all", found, {every: lambda k: k.all, "whole keyword not in the source": lambda k: k.literal}),
        (
            "all that a checked fact overlaps",
            [k for k in found if k.touched],
            {every: lambda k: k.all, "whole keyword not in the source": lambda k: k.literal},
        ),
    ]
    print(f"factual_zh: {len(found)} keywords, {sum(k.bad for k in found)} of them unreasonable\n")
    made = [
        (f"{label}: {rule}", *_agreement([flag(k) for k in items], items))
        for label, items, rules in sets
        for rule, flag in rules.items()
    ]
    print_table(("keywords, and what flags them", "balanced accuracy", "bad caught, %", "good passed, %"), made)


def _agreement(flagged: Sequence[bool], items: Sequence[Keyword]) -> tuple[str, str, str]:
    bad, articles = [k.bad for k in items], [k.article for k in items]
    caught = [hit for hit, wrong in zip(flagged, bad, strict=True) if wrong]
    passed = [not hit for hit, wrong in zip(flagged, bad, strict=True) if not wrong]
    return (
        clustered(lambda w: balanced(flagged, bad, w), articles),
        clustered_share(caught, [k.article for k in items if k.bad]),
        clustered_share(passed, [k.article for k in items if not k.bad]),
    )


def measured(metric: str, score: str, sign: int = 1, **options: Any) -> Signal:
    """Make a signal of a metric's score; minus it where more of it speaks against consistency."""

    def read(found: list[dict[str, Any]]) -> list[float | None]:
        # These compare with a reference, and are given the source as one.
        given = "references" if metric in {"rouge", "chrf", "bertscore"} else "sources"
        texts: dict[str, Any] = {given: [row["source"] for row in found]}
        candidates = [row["candidate"] for row in found]
        segments = tercet.measure(metric, candidates=candidates, language="en", **texts, **options).segments
        values = [segment.scores.get(score) if segment.scores else None for segment in segments]
        if all(value is None for value in values):
            raise MetricError(f"nothing is scored: {segments[0].unscored or segments[0].gaps.get(score)}")
        return [None if value is None else sign * value for value in values]

    return read


def faults(found: list[dict[str, Any]]) -> list[float | None]:
    """Minus the number of facts that are not supported; 0 where none could be checked, for nothing accuses."""
    return [-float(len(check(row["candidate"], "en", row["source"], "en").faults)) for row in found]


SIGNALS: dict[str, Signal] = {
    "facts: precision": measured("facts", "fact_precision"),
    "facts: fewer contradictions": measured("facts", "contradictions", -1),
    "facts: fewer facts unsupported": faults,
    "extractiveness: coverage": measured("extractiveness", "coverage"),
    "extractiveness: density": measured("extractiveness", "density"),
    **{f"extractiveness: less novelty, n = {n}": measured("extractiveness", f"novelty{n}", -1) for n in range(1, 5)},
    **{f"ROUGE-{kind} precision": measured("rouge", f"rouge{kind}_p") for kind in ("1", "2", "L")},
    "chrF": measured("chrf", "chrf"),
    "embedding, whole text": measured("embedding", "embedding_source"),
    "embedding, by sentence": measured("embedding", "embedding_source", by_sentence=True),
    "BERTScore F, embedded encoder": measured("bertscore", "bertscore", cache=None),
    "BERTScore P, embedded encoder": measured("bertscore", "bertscore_p", cache=None),
    "nli": measured("nli", "nli"),
}


def english(data: Path) -> None:
    """Print how well each signal tells consistent summaries from others."""
    sets = summaries(data)
    areas: list[tuple[str, ...]] = []
    accuracies: list[tuple[str, ...]] = []
    absent: list[str] = []
    for label, read in SIGNALS.items():
        try:
            judged = [_judged(found, read(found)) for found in sets.values()]
        except TercetError as error:
            absent.append(f"Not run: {label}: {error.problem}")
            continue
        areas.append((label, *(area for area, _ in judged)))
        accuracies.append((label, *(accuracy for _, accuracy in judged)))
    print("factual_en. In round brackets, how many were scored where some were not: those are left out.\n")
    head = [f"{name} ({len(found)}, {len({r['source'] for r in found})} sources)" for name, found in sets.items()]
    print_table(("AUC; chance is .5", *head), areas)
    print_table((f"balanced accuracy, mean of {_SPLITS} splits", *head), accuracies)
    print("\n".join(absent))


def summaries(data: Path) -> dict[str, list[dict[str, Any]]]:
    """Read the sets; CLIFF by origin, for its labels go with that."""
    folder = data / "factual_en"
    cliff = rows(folder / "cliff_val.jsonl.gz")
    return {
        "qags_cnn": rows(folder / "qags_cnn.jsonl.gz"),
        **{f"cliff {name}": [row for row in cliff if row["detail"]["origin"] == name] for name in ("cnndm", "xsum")},
        **{
            f"summedits {name}": rows(folder / f"summedits_{name}.jsonl.gz")
            for name in ("samsum", "sales_call", "scitldr", "podcast")
        },
    }


def _judged(found: list[dict[str, Any]], values: Sequence[float | None]) -> tuple[str, str]:
    """AUC and balanced accuracy with their intervals, of what is scored."""
    kept = [(value, row["label"], row["source"]) for value, row in zip(values, found, strict=True) if value is not None]
    if len({label for _, label, _ in kept}) < 2:
        return f"{len(kept)} of {len(found)} scored", ""
    scores, labels, sources = (list(column) for column in zip(*kept, strict=True))
    note = "" if len(kept) == len(found) else f" ({len(kept)})"
    accuracies = _splits(scores, labels, sources)
    low, high = np.percentile(accuracies, [2.5, 97.5])
    area = clustered(lambda w: auc(scores, labels, w), sources)
    return area + note, f"{np.mean(accuracies):.3f} [{low:.3f}, {high:.3f}]{note}"


def _splits(scores: Sequence[float], labels: Sequence[int], sources: Sequence[str], seed: int = 0) -> list[float]:
    """Balanced accuracies on halves of the sources, each with a threshold that was chosen on the other half.

    A split one of whose halves has labels of one kind only is passed over and drawn anew.
    """
    draw = random.Random(seed)
    names = sorted(set(sources))
    values, good = np.asarray(scores), np.asarray(labels, dtype=bool)
    found: list[float] = []
    while len(found) < _SPLITS:
        first = set(draw.sample(names, len(names) // 2))
        chosen = np.array([source in first for source in sources])
        if any(len(set(good[part])) < 2 for part in (chosen, ~chosen)):
            continue
        threshold = _threshold(values[chosen], good[chosen])
        found.append(_accuracy(values[~chosen], good[~chosen], threshold))
    return found


def _threshold(values: Array, good: NDArray[np.bool_]) -> float:
    """Choose the value from which on a summary passes, best by balanced accuracy; the middle of the gap below it."""
    known = np.unique(values)
    cuts = np.concatenate([[known[0] - 1], (known[1:] + known[:-1]) / 2, [known[-1] + 1]])
    passed = values[None, :] >= cuts[:, None]
    accuracy = (passed[:, good].mean(axis=1) + (~passed[:, ~good]).mean(axis=1)) / 2
    return float(cuts[np.argmax(accuracy)])


def _accuracy(values: Array, good: NDArray[np.bool_], threshold: float) -> float:
    passed = values >= threshold
    return float((passed[good].mean() + (~passed[~good]).mean()) / 2)


def main() -> None:
    """Read what to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argument(parser)
    parser.add_argument("--list", action="store_true", help="print the keywords with a digit where flag and label part")
    parser.add_argument("--only", choices=["chinese", "english"], help="one part of it")
    chosen = parser.parse_args()
    if chosen.only != "english":
        chinese(chosen.data, chosen.list)
    if chosen.only != "chinese":
        english(chosen.data)


if __name__ == "__main__":
    main()
