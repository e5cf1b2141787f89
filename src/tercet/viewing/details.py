"""Details: an article with its source, references, outputs and what is known of each, as the page shows it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tercet.audit import SOURCE, Fault, whole
from tercet.cases import CaseInfo
from tercet.chat import Message
from tercet.comparing.tables import Contents, Table
from tercet.facts import Finding, check
from tercet.metrics.keypoints import missed_point
from tercet.recalling import Asked, Recalled
from tercet.records import Article, KeyPoint, Output, Quote, Stage, Summary
from tercet.runs import keeps_outputs
from tercet.text.utf16 import utf16_places
from tercet.viewing.evidence import EvidenceByCase
from tercet.viewing.marks import marks, quote_in
from tercet.viewing.packing import rounded

_KEYPOINTS = "keypoints"
_UNKNOWN: tuple[bool | None, str] = (None, "")
_COUNTED = "keypoints_points"  # the metric's column


class Pieces:
    """Pieces of prompts, each kept once: instructions and examples are the same in thousands of cases."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Give a piece its number."""
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]


@dataclass(frozen=True, slots=True)
class _Row:
    table: Table
    index: int


class Told:
    """What a run tells of its cases, looked up by case.

    Args:
        read: The run.
        recalled: Its articles and prompts.
        evidence: What its metrics show.
    """

    def __init__(self, read: Contents, recalled: Recalled, evidence: EvidenceByCase) -> None:
        self.read = read
        self.recalled = recalled
        self._outputs = {output.case_id: output for output in read.run.outputs}
        self._evidence = evidence
        self._last: tuple[str, list[dict[str, Any]]] = "", []
        self._rows: dict[str, list[_Row]] = {}
        for table in read.tables.values():
            for i, case in enumerate(table.cases):
                self._rows.setdefault(case, []).append(_Row(table, i))

    def has(self, case: str) -> bool:
        """Whether the run has a case."""
        return case in self.read.cases

    def output(self, case: str) -> Output | None:
        """Its output; None where outputs are not kept."""
        return self._outputs.get(case)

    def evidence(self, case: str) -> list[dict[str, Any]]:
        """What metrics show of it."""
        if self._last[0] != case:  # each key point of a case asks
            self._last = case, list(self._evidence.of(case))
        return self._last[1]

    def scores(self, case: str) -> tuple[dict[str, float], dict[str, str]]:
        """Give its scores, and why it lacks others."""
        values: dict[str, float] = {}
        gaps: dict[str, str] = {}
        for table, i in ((row.table, row.index) for row in self._rows.get(case, ())):
            for column, spec in enumerate(table.metric.scores):
                if table.present[i, column]:
                    value = rounded(float(table.by_segment.values[i, column]), spec.decimals)
                    if value is not None:
                        values[spec.name] = value
                else:
                    gaps[spec.name] = table.why_not(i, spec.name)
        return values, gaps

    def known_points(self, case: str) -> int | None:
        """Of how many key points in its language it is known whether it covers them; None if none was looked for."""
        for table, i in ((row.table, row.index) for row in self._rows.get(case, ())):
            if table.name == _KEYPOINTS and table.rows.unscored[i] is None and _COUNTED in table.metric.columns:
                return int(table.rows.values[i, table.metric.columns.index(_COUNTED)])
        return None


def detail(cases: Sequence[CaseInfo], told: Sequence[Told], faults: Sequence[Fault], pieces: Pieces) -> dict[str, Any]:
    """Describe an article.

    Args:
        cases: All of the article's.
        told: The runs.
        faults: Mistakes in its references.
        pieces: Of prompts, filled here.
    """
    first = cases[0]
    article, reason = _article(first, told)
    return {
        "id": first.article,
        "title": first.title,
        "date": first.date,
        "author": article.author if article else None,
        "link": article.link if article else None,
        "tags": list(first.tags),
        "language": first.source_language,
        "source": article.source if article else None,
        "sourceReason": reason if article is None else None if article.source else "the corpus has no source text",
        "cases": [_case(case, cases, told, pieces) for case in cases],
        "faults": [] if article is None else [_fault(fault, article) for fault in faults],
    }


def _article(case: CaseInfo, told: Sequence[Told]) -> tuple[Article | None, str | None]:
    """Find the article of a case in the first corpus that has it unchanged."""
    reasons = []
    for run in told:
        info = run.read.cases.get(case.id)
        if info is None or info.content != case.content:
            continue
        reason = run.recalled.why_not(info)
        if reason is None:
            return run.recalled.articles[case.article], None
        reasons.append(reason)
    return None, reasons[0] if reasons else "no corpus has it"


def _case(case: CaseInfo, siblings: Sequence[CaseInfo], told: Sequence[Told], pieces: Pieces) -> dict[str, Any]:
    article, reason = _article(case, told)
    references = article.references.get(case.language, ()) if article else ()
    if article is not None and not references:
        reason = "the corpus has no reference in this language"
    return {
        "id": case.id,
        "language": case.language,
        "repeat": case.repeat,
        "references": [_reference(summary, case, told, first=i == 0) for i, summary in enumerate(references)],
        "referenceReason": reason,
        "outputs": [_output(run, case, article, siblings, pieces) if run.has(case.id) else None for run in told],
    }


def _reference(summary: Summary, case: CaseInfo, told: Sequence[Told], *, first: bool) -> dict[str, Any]:
    points = summary.key_points
    by_run = [_coverage(points, case, run) if first else [_UNKNOWN] * len(points) for run in told]
    return {
        "text": summary.text,
        "headline": summary.headline,
        "points": [
            {
                "label": point.label,
                "text": point.text,
                "covered": [found[i][0] for found in by_run],
                "why": [found[i][1] for found in by_run],
            }
            for i, point in enumerate(points)
        ],
    }


def _coverage(points: Sequence[KeyPoint], case: CaseInfo, run: Told) -> list[tuple[bool | None, str]]:
    """Tell of each key point of the first reference, which alone is looked at, whether a run's output covers it."""
    known = run.known_points(case.id)
    if known is None:
        return [_UNKNOWN] * len(points)
    said = [item["message"] for item in run.evidence(case.id) if item["metric"] == _KEYPOINTS]
    # Evidence is of missed points only. Without an encoder, points without facts are in neither number.
    checkable = [known == len(points) or _has_facts(point, case) for point in points]
    sure = sum(checkable) == known
    found: list[tuple[bool | None, str]] = []
    for i, point in enumerate(points):
        mine = [message for message in said if missed_point(message, point, case.language)]
        if not mine:
            found.append((True if sure and checkable[i] else None, ""))
            continue
        alike = [j for j, other in enumerate(points) if missed_point(mine[0], other, case.language)]
        # Of two that have the same name one may be missed: nothing says which.
        found.append((False, mine[alike.index(i)]) if len(mine) == len(alike) else _UNKNOWN)
    return found


def _has_facts(point: KeyPoint, case: CaseInfo) -> bool:
    date = None if case.date is None else dt.date.fromisoformat(case.date)
    report = check(point.text, case.language, "", case.language, date)
    return any(verdict.finding is not Finding.MALFORMED for verdict in report.verdicts)


def _output(
    run: Told, case: CaseInfo, article: Article | None, siblings: Sequence[CaseInfo], pieces: Pieces
) -> dict[str, Any]:
    output = run.output(case.id)
    scores, gaps = run.scores(case.id)
    told = {"scores": scores, "gaps": gaps}
    if output is None:
        reason = "its outputs are not kept" if not keeps_outputs(run.read.run.info) else "it has no output"
        items = marks(run.evidence(case.id), None, article.source if article else None, ())
        return {"text": None, "failure": reason, "stages": [], "marks": items, **told}
    parallels = [
        other.text
        for sibling in siblings
        if sibling.language != case.language and sibling.repeat == case.repeat
        if (other := run.output(sibling.id)) is not None and other.text is not None
    ]
    return {
        "text": output.text,
        "failure": output.failure,
        "stages": list(_stages(run, output, pieces)),
        "marks": marks(run.evidence(case.id), output.text, article.source if article else None, parallels),
        **told,
    }


def _stages(run: Told, output: Output, pieces: Pieces) -> Iterator[dict[str, Any]]:
    for stage, asked in zip(output.stages, run.recalled.asked(output), strict=True):
        yield _stage(stage, asked, output, pieces)


def _stage(stage: Stage, asked: Asked | None, output: Output, pieces: Pieces) -> dict[str, Any]:
    same = stage.text is not None and stage.text == output.text
    return {
        "role": stage.role,
        "backend": stage.backend,
        "from": stage.source_language,
        "to": stage.target_language,
        "text": "" if same else stage.text,
        "same": same,
        "answer": stage.answer,
        "flaw": stage.flaw,
        "prompt": None if asked is None or asked.messages is None else _prompt(asked, pieces),
        "promptReason": None if asked is None else asked.reason,
        "usage": None if stage.usage is None else {"prompt": stage.usage.prompt, "answer": stage.usage.answer},
        "attempts": stage.attempts,
        "status": stage.status,
    }


def _prompt(asked: Asked, pieces: Pieces) -> list[dict[str, Any]]:
    return [{"role": message.role, "pieces": _cut(message, asked.given, pieces)} for message in asked.messages or ()]


def _cut(message: Message, given: str, pieces: Pieces) -> list[int | str]:
    """Cut a message at the text that it is about; the rest is the same in many cases."""
    if not given or given not in message.content:
        return [pieces.number(message.content)]
    before, _, after = message.content.partition(given)
    return [*([pieces.number(before)] if before else []), given, *([pieces.number(after)] if after else [])]


def _fault(fault: Fault, article: Article) -> dict[str, Any]:
    summary = article.references[fault.text][0]
    start, end, headline = _within(summary, fault.place)
    text = summary.headline or "" if headline else summary.text
    place = utf16_places(text)
    return {
        "text": fault.text,
        "against": fault.against,
        "finding": fault.finding.replace(" ", "_"),
        "error": fault.error,
        "message": fault.message,
        "value": fault.value,
        "otherValue": fault.other_value,
        "start": place(start),
        "end": place(end),
        "headline": headline,
        "other": None if fault.other is None else _other(fault, fault.other, article),
    }


def _within(summary: Summary, place: Quote) -> tuple[int, int, bool]:
    """Find a place of headline and text together in the one that it is in."""
    before = len(whole(summary)) - len(summary.text)
    if place.start < before:
        return place.start, min(place.end, before - 1), True
    return place.start - before, place.end - before, False


def _other(fault: Fault, other: Quote, article: Article) -> dict[str, Any]:
    if fault.against == SOURCE:
        return quote_in("source", other, article.source or "")
    return quote_in("parallel", other, whole(article.references[fault.against][0]))


def faults_by_article(faults: Sequence[Fault]) -> Mapping[str, list[Fault]]:
    """Sort mistakes by article."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.article, []).append(fault)
    return found
