"""Texts of any kind: facts, audit, sentences, tokens, languages, metrics."""

import datetime as dt
import math
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from tercet.audit import audit
from tercet.facts import compare, extract
from tercet.facts.evidence import evidence
from tercet.facts.records import Fact
from tercet.metrics.agreement import Agreement
from tercet.metrics.bleu import Bleu
from tercet.metrics.chrf import Chrf
from tercet.metrics.contract import Metric
from tercet.metrics.extractiveness import Extractiveness
from tercet.metrics.facts import Facts
from tercet.metrics.keypoints import Keypoints
from tercet.metrics.rouge import Rouge
from tercet.metrics.shape import Shape
from tercet.metrics.ter import Ter
from tercet.records import Article, KeyPoint, Segment, Summary
from tercet.scores import segment_scores
from tercet.text.chunks import GRANULARITIES, chunks, pieces
from tercet.text.excerpts import quote
from tercet.text.languages import detect, script_shares
from tercet.text.quoting import Quoted
from tercet.text.sentences import sentences
from tercet.text.surrogates import readable_in_place
from tercet.text.tokens import tokens
from tests.conftest import ARTICLE, SOURCE
from tests.fuzzing.grammar import text
from tests.fuzzing.target import Read, Target, demand
from tests.fuzzing.targets.answers import as_words

_DATE = dt.date(2024, 2, 29)
_SEPARATOR = "\n=====\n"
_SPACE = re.compile(r"\s+")


def _facts(folder: Path) -> Read:
    def case(data: bytes) -> str:
        one, _, other = as_words(data[1:]).partition(_SEPARATOR)
        first, second = ("zh", "en") if data[:1] < b"\x80" else ("en", "zh")
        mine, theirs = extract(one, first, _DATE), extract(other, second, _DATE)
        facts: tuple[Fact, ...] = (*mine.quantities, *mine.moments, *mine.names, *mine.malformed, *mine.codes)
        for fact in facts:
            demand(0 <= fact.start < fact.end <= len(one), "a fact that stands nowhere")
        for number in mine.quantities:
            demand(math.isfinite(number.low) and number.low <= number.high, "a number that is none")
        report = compare(mine, theirs)
        for item in evidence(report):
            demand(
                item.quote is None or other[item.quote.start : item.quote.end].strip() != "", "evidence without words"
            )
        return f"{min(len(mine.quantities), 4)} {min(len(mine.moments), 3)} {min(len(report.faults), 3)}"

    return case


def _audited(folder: Path) -> Read:
    def case(data: bytes) -> str:
        parts = (as_words(data).split(_SEPARATOR) + [""] * 6)[:6]
        points = [tuple(KeyPoint(label=line[:3], text=line[3:]) for line in part.split("\n")[:4]) for part in parts[4:]]
        article = Article(
            id="a", language="en", source=parts[0] or None, title=parts[1], date=_DATE,
            references={code: (Summary(language=code, abstract=parts[2 + i],
            key_points=points[i]),) for i, code in enumerate(("en", "zh"))},
        )  # fmt: skip
        found = audit(article)
        demand(all(fault.place.start <= fault.place.end for fault in found), "a fault that stands nowhere")
        return f"{min(len(found), 5)} faults"

    return case


def _split(folder: Path) -> Read:
    def case(data: bytes) -> str:
        given = as_words(data)
        for code in ("en", "zh"):
            found = sentences(given, code)
            demand(_bare("".join(found)) == _bare(readable_in_place(given)), "a character is lost between sentences")
            demand(all(sentence == sentence.strip() and sentence for sentence in found), "an empty sentence")
        return str(min(len(found), 5))

    return case


def _bare(given: str) -> str:
    return _SPACE.sub("", given)


def _cut(folder: Path) -> Read:
    def case(data: bytes) -> str:
        given = as_words(data)
        shares = script_shares(given)
        demand(not shares or abs(sum(shares.values()) - 1) < 1e-9, "shares that are no whole")
        for code in ("en", "zh"):
            demand(all(token and not token.isspace() for token in tokens(given, code)), "an empty token")
        for code in ("en", "zh"):
            found = pieces(given, code)
            demand(_bare("".join(piece.text for piece in found)) == _bare(readable_in_place(given)), "a piece is lost")
            for granularity in GRANULARITIES:
                demand(all(piece.start < piece.end for piece in chunks(given, code, granularity)), "an empty chunk")
        part = given[3:9]
        place = Quoted(given).find(part)
        demand(not re.fullmatch(r"\w{6}", part) or place is not None, "words that stand there are not found")
        if place is not None:
            quote(given, *place)
        return str(detect(given))

    return case


def _measured(metrics: Callable[[], tuple[Metric, ...]]) -> Callable[[Path], Read]:
    def ready(folder: Path) -> Read:
        built = metrics()

        def case(data: bytes) -> str:
            parts = (as_words(data[1:]).split(_SEPARATOR) + [""] * 4)[:4]
            code = "zh" if data[:1] < b"\x80" else "en"
            segments = [_segment(parts, code), _segment([*parts[1:], parts[0]], code)]
            return "".join(_check(metric, segments) for metric in built)

        return case

    return ready


def _segment(parts: list[str], code: str) -> Segment:
    points = tuple(KeyPoint(label="", text=line) for line in parts[1].split("\n")[:3])
    other = "en" if code == "zh" else "zh"
    return Segment(
        id="a", candidate=parts[0], references=tuple(parts[1:3]), source=parts[3], language=code, source_language=other,
        date=_DATE, parallels={other: parts[2]}, key_points={code: points, other: points},
    )  # fmt: skip


def _check(metric: Metric, segments: list[Segment]) -> str:
    rows = metric.measure(segments)
    scored = rows.scored
    demand(bool(np.isfinite(rows.values[scored]).all()), "a statistic that is no number")
    demand(all(reason for reason in rows.unscored if reason is not None), "unscored without a reason")
    for values in (np.atleast_2d(metric.reduce(rows.values[scored])), np.atleast_2d(metric.reduce(rows.total()))):
        for spec, column in zip(metric.scores, values.T, strict=True):
            known = column[~np.isnan(column)]
            demand(
                bool(((known >= spec.low - 1e-9) & (known <= spec.high + 1e-9)).all()), f"{spec.name} out of its range"
            )
    segment_scores(metric, rows)
    for segment, items in zip(segments, rows.evidence, strict=True):
        for item in items:
            _check_place(item, segment)
    return "x" if scored.all() else "."


def _check_place(item: Any, segment: Segment) -> None:
    length = len(segment.candidate or "")
    demand(item.start is None or 0 <= item.start <= item.end <= length, "evidence that stands nowhere")


def _cheap() -> tuple[Metric, ...]:
    return Rouge(), Bleu(), Chrf(), Shape(), Extractiveness()


def _checking() -> tuple[Metric, ...]:
    return Facts(), Agreement(), Keypoints()


def _texts() -> list[bytes]:
    chinese = ARTICLE.split("---")[2]
    return [SOURCE.encode(), chinese.encode(), ARTICLE.split("---")[3].encode()]


def _several(count: int) -> Callable[[], list[bytes]]:
    def seeds() -> list[bytes]:
        found = [part.decode() for part in _texts()]
        return [
            mark + _SEPARATOR.join((found * 3)[i : i + count]).encode() for i in range(3) for mark in (b"a", b"\x90")
        ]

    return seeds


def _make(chance: Random) -> bytes:
    parts = [text(chance, 16) for _ in range(4)]
    return chance.randbytes(1) + _SEPARATOR.join(parts).encode("utf-8", "surrogatepass")


_WORDS = tuple(word.encode() for word in (
    _SEPARATOR, "€", "$", "%", "亿", "万", "千米", "billion", "to", "至", "-", "–", "about", "逾", "年", "月",
    "日", "Monday", "last year", "去年",
    "分之", "成", "倍", "翻番", "pp", "bps", "°C", "点", "第", "half", "third", "dozen", "No.", "Mr.", "e.g.",
    "”", "。”", "...", "km/h", "3,5", "1.000,5",
))  # fmt: skip

TARGETS = (
    Target(
        name="facts",
        reads="facts of any text",
        ready=_facts,
        seeds=_several(2),
        words=_WORDS,
        make=_make,
        weight=0.7,
        oracle="each fact stands in the text; numbers are finite",
    ),
    Target(
        name="audit",
        reads="audit of any article",
        ready=_audited,
        seeds=lambda: [seed[1:] for seed in _several(6)()],
        words=_WORDS,
        make=_make,
        weight=0.2,
        oracle="each fault stands in the text",
    ),
    Target(
        name="sentences",
        reads="sentence splitting of any text",
        ready=_split,
        seeds=_texts,
        words=_WORDS,
        make=_make,
        weight=1,
        oracle="no character is lost",
    ),
    Target(
        name="tokens",
        reads="tokens, chunks, scripts, quotes of any text",
        ready=_cut,
        seeds=_texts,
        words=_WORDS,
        make=_make,
        weight=1.5,
        oracle="no character is lost between chunks; words that stand there are found",
    ),
    Target(
        name="metrics",
        reads="ROUGE, BLEU, chrF, shape, extractiveness of any texts",
        ready=_measured(_cheap),
        seeds=_several(4),
        words=_WORDS,
        make=_make,
        weight=0.4,
        oracle="finite statistics, scores in their range, evidence in the text",
    ),
    Target(
        name="ter",
        reads="TER of any texts",
        ready=_measured(lambda: (Ter(),)),
        seeds=_several(4),
        words=_WORDS,
        make=_make,
        weight=0.2,
        oracle="the same",
    ),
    Target(
        name="fact_metrics",
        reads="facts, agreement, key points of any texts",
        ready=_measured(_checking),
        seeds=_several(4),
        words=_WORDS,
        make=_make,
        weight=0.15,
        oracle="the same",
    ),
)
