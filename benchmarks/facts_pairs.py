"""What `tercet.facts` flags in translations: spoilt ones, and faithful ones that it should let pass.

- DEMETR's contrastive pairs: the spoilt sentence is checked against the Chinese source, never compared
  with the good one. The good ones are what a false alarm costs.
- References of WMT23, FLORES and TED talks: people's translations, mostly faithful.
- MQM of TED talks: errors that people marked in machine translations, where a digit stands in the mark.

Shares in percent with Wilson's interval; over TED talks a bootstrap over talks. A share has what it is made
of in brackets. Run: ``python -m benchmarks.facts_pairs [DATA] [--list]``, with the folder of the sets;
``--list`` prints each false alarm.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.clock import print_table
from benchmarks.facts_flags import GROUPS, NUMBERS, described, flags, group
from benchmarks.intervals import clustered_share, share
from benchmarks.shared import argument, lines, rows
from tercet.facts import Report, check
from tercet.facts.records import Quantity

_DIGIT = re.compile(r"[0-9０-９]")
_PLANTED = {"numbers_replaced": NUMBERS, "ne_replaced": frozenset({"name"})}


class Pair(NamedTuple):
    """A translation and its source; rows of one cluster are not independent."""

    candidate: str
    language: str
    source: str
    source_language: str
    cluster: str


def contrastive(data: Path, listing: bool) -> None:
    """Print what of DEMETR's spoilt and good sentences is flagged."""
    found = rows(data / "contrastive_zh_en" / "demetr_even.jsonl.gz")
    by_category: dict[str, list[set[str]]] = {}
    for row in found:
        by_category.setdefault(row["category"], []).append(flags(check(row["bad"], "en", row["src"], "zh")))
    good = {row["good"]: row["src"] for row in found}
    reports = {text: check(text, "en", source, "zh") for text, source in good.items()}
    clean = [flags(report) for report in reports.values()]
    print(f"contrastive_zh_en: {len(found)} spoilt sentences, {len(good)} distinct good ones\n")
    made = [(f"{name}, bad", *_by_group(by_category[name])) for name in _PLANTED]
    made.append(("all good", *_by_group(clean)))
    digits = [flagged for (text, _), flagged in zip(good.items(), clean, strict=True) if _DIGIT.search(text)]
    made.append(("good with a digit", *_by_group(digits)))
    print_table(("sentences", "number, date or malformed", *GROUPS, "any"), made)
    print("What facts see of the other kinds, and cannot see (a lost or misspelled name or figure counts too):\n")
    others = sorted(set(by_category) - set(_PLANTED))
    print_table(
        ("category", "number, date or malformed", "name", "any"),
        [(name, *(_by_group(by_category[name])[i] for i in (0, 4, 5))) for name in others],
    )
    if listing:
        _list((Pair(text, "en", good[text], "zh", ""), report) for text, report in reports.items())
        _missed(found)


def _missed(found: Sequence[dict[str, Any]]) -> None:
    """Print planted errors that nobody saw."""
    for row in found:
        wanted = _PLANTED.get(row["category"])
        if wanted and not wanted & flags(check(row["bad"], "en", row["src"], "zh")):
            print(f"missed {row['id']}\n  {row['src']}\n  {row['bad']}\n  {row['good']}\n")


def _by_group(found: Sequence[set[str]]) -> list[str]:
    """Shares of sentences with a number flagged, with each kind of fact flagged, and with any."""
    hits = [NUMBERS & flagged for flagged in found]
    each = [share(sum(name in flagged for flagged in found), len(found)) for name in GROUPS]
    return [share(sum(map(bool, hits)), len(found)), *each, share(sum(map(bool, found)), len(found))]


def faithful(data: Path) -> dict[str, list[Pair]]:
    """Read people's translations, by set."""
    sets: dict[str, list[Pair]] = {}
    for folder, name in (("wmt23", "refA"), ("flores-dev", "A")):
        for source_language, language in (("zh", "en"), ("en", "zh")):
            place = data / folder / f"{source_language}-{language}"
            texts = zip(lines(place / f"src.{source_language}.gz"), _reference(place, name, language), strict=True)
            label = f"{folder} {source_language}-{language}"
            sets[label] = [
                Pair(text, language, source, source_language, str(i)) for i, (source, text) in enumerate(texts)
            ]
    talks = rows(data / "ted-mqm" / "ted_zh_en.jsonl.gz")
    sets["ted-mqm ref-B zh-en"] = [
        Pair(row["candidate"], "en", row["source"], "zh", row["document"]) for row in talks if row["system"] == "ref-B"
    ]
    return sets


def _reference(place: Path, name: str, language: str) -> list[str]:
    return lines(place / f"ref.{name}.{language}.gz")


def references(data: Path, listing: bool) -> None:
    """Print what of faithful translations is flagged."""
    made, kinds = [], []
    for name, pairs in faithful(data).items():
        reports = [check(*pair[:4]) for pair in pairs]
        holding = [
            (pair, flags(report))
            for pair, report in zip(pairs, reports, strict=True)
            if _DIGIT.search(pair.source) or _DIGIT.search(pair.candidate)
        ]
        tallies = [
            _share([bool(wanted & flagged) for _, flagged in holding], [pair.cluster for pair, _ in holding])
            for wanted in (NUMBERS, {"quantity"}, {"date"}, {"malformed"})
        ]
        everywhere = [flags(report) for report in reports]
        clusters = [pair.cluster for pair in pairs]
        others = [_share([bool(w & f) for f in everywhere], clusters) for w in (NUMBERS, {"name"})]
        made.append((name, *tallies, *others))
        kinds.append((name, sum(report.checkable for report in reports), _reasons(reports)))
        if listing:
            print(f"{name}\n")
            _list(zip(pairs, reports, strict=True))
    print("References as candidates: the first four columns of segments with a digit in either text, then of all\n")
    head = ("number, date or malformed", "quantity", "date", "malformed", "the first, of all segments", "name, of all")
    print_table(("references", *head), made)
    print_table(("references", "checkable facts", "flagged facts, by kind and difference"), kinds)


def _share(hits: Sequence[bool], clusters: Sequence[str]) -> str:
    if len(set(clusters)) == len(clusters):
        return share(sum(hits), len(hits))
    return clustered_share(hits, clusters)


def _reasons(reports: Iterable[Report]) -> str:
    counts: Counter[str] = Counter()
    for report in reports:
        for verdict in report.faults:
            kind = verdict.fact.kind if isinstance(verdict.fact, Quantity) else group(verdict.fact)
            counts[f"{kind}/{verdict.error}"] += 1
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def marked(data: Path) -> None:
    """Print how many of the errors that people marked in TED talks are flagged, where a digit stands in the mark."""
    kinds: dict[str, list[tuple[bool, str]]] = {}
    alarms: list[tuple[bool, str]] = []
    for row in rows(data / "ted-mqm" / "ted_zh_en.jsonl.gz"):
        report = check(row["candidate"], "en", row["source"], "zh")
        spans = [verdict.fact[:2] for verdict in report.faults if group(verdict.fact) in NUMBERS]
        marks = [error for error in row["errors"] if _holds_number(error, row["candidate"])]
        for error in marks:
            hit = any(start < error["end"] and error["start"] < end for start, end in spans)
            kinds.setdefault(f"{error['category']}, {error['severity']}", []).append((hit, row["document"]))
        if not marks and not row["human"] and _DIGIT.search(row["candidate"]):
            alarms.append((bool(spans), row["document"]))
    print("ted-mqm: marked errors with a digit in the mark, and how many of them a flagged number overlaps\n")
    made = [(name, clustered_share(*zip(*found, strict=True))) for name, found in sorted(kinds.items())]
    made.append(("flagged though nothing with a digit is marked", clustered_share(*zip(*alarms, strict=True))))
    print_table(("mark", "flagged, % of marks or of segments"), made)


def _holds_number(error: dict[str, Any], text: str) -> bool:
    """Tell whether an error's mark is in the translation, holds a digit, and is short enough to mean it."""
    if error.get("side") != "target":
        return False
    mark = text[error["start"] : error["end"]]
    return bool(_DIGIT.search(mark)) and len(mark.split()) <= 6


def _list(found: Iterable[tuple[Pair, Report]]) -> None:
    """Print each flagged text with its source and what was flagged."""
    for pair, report in found:
        if report.faults:
            print(pair.source, pair.candidate, sep="\n")
            for verdict in report.faults:
                print(f"  {described(pair.candidate, verdict, pair.source)}")
            print()


def main() -> None:
    """Read what to measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argument(parser)
    parser.add_argument("--list", action="store_true", help="print each false alarm and each planted error missed")
    parser.add_argument("--only", choices=["contrastive", "references", "marked"], help="one part of it")
    chosen = parser.parse_args()
    if chosen.only in {None, "contrastive"}:
        contrastive(chosen.data, chosen.list)
    if chosen.only in {None, "references"}:
        references(chosen.data, chosen.list)
    if chosen.only in {None, "marked"}:
        marked(chosen.data)


if __name__ == "__main__":
    main()
