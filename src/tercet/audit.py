"""Mistakes in a corpus itself: its references against the source, and against each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tercet.facts import Facts, Finding, Report, compare, extract
from tercet.facts.describing import described
from tercet.facts.evidence import sentence
from tercet.facts.places import place
from tercet.facts.records import Malformed
from tercet.records import Article, KeyPoint, Quote, Summary
from tercet.text.excerpts import quote
from tercet.text.languages import detect
from tercet.text.languages import language as lookup

SOURCE = "source"
_DROPPED = "dropped point"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that one text of an article states, and another does not.

    Args:
        article: The article's id.
        text: Which text states it: the language of a reference.
        against: What it was checked against: ``source``, the language of another reference, or nothing
            where the fault is in the text alone.
        finding: What became of it: contradicted, not found, malformed.
        error: What is wrong, in a word.
        message: In a sentence.
        place: Where it stands.
        value: Its normalized value.
        other: What speaks against it, where something does.
        other_value: The normalized value of that.
    """

    article: str
    text: str
    against: str
    finding: str
    error: str
    message: str
    place: Quote
    value: str = ""
    other: Quote | None = None
    other_value: str = ""

    @property
    def leg(self) -> str:
        """The two texts, as in ``zh against source``; one alone where the fault needs no other."""
        return f"{self.text} against {self.against}" if self.against else self.text


def audit(article: Article) -> list[Fault]:
    """Check an article's references: each against the source, and one language against the other.

    A fault that two references show each other is told once; so is one that the text has in itself.
    Articles without a source are checked between their references.
    """
    texts = {code: whole(found[0]) for code, found in sorted(article.references.items(), reverse=True) if found}
    faults: list[Fault] = []
    for code, text in texts.items():
        mine = extract(text, code, article.date)
        faults.extend(_malformed(article.id, code, text, fact) for fact in mine.malformed)
        if article.source is not None and article.source.strip():
            report = compare(mine, _support(article, article.language, article.source))
            faults.extend(_faults(article.id, code, SOURCE, report))
    codes = list(texts)
    for i, first in enumerate(codes):
        for second in codes[i + 1 :]:
            faults.extend(_between(article, first, second, texts))
            faults.extend(_dropped(article, first, second))
    return faults


def whole(summary: Summary) -> str:
    """Put a summary's headline before its text: it states facts as well."""
    return f"{summary.headline}\n{summary.text}" if summary.headline else summary.text


def _support(article: Article, language: str, text: str) -> Facts:
    """Take the facts that may support another text's: the article's title is one of them, in its own language.

    It stands at the end, so that places in the text stay what they are.
    """
    title = article.title or ""
    return extract(f"{text}\n{title}" if detect(title) == language else text, language, article.date)


def _malformed(article: str, code: str, text: str, fact: Malformed) -> Fault:
    return Fault(
        article=article,
        text=code,
        against="",
        finding=Finding.MALFORMED.value,
        error="malformed",
        message=fact.message,
        place=quote(text, fact.start, fact.end),
    )


def _faults(article: str, code: str, against: str, report: Report) -> Iterator[Fault]:
    other = f"the {against}" if against == SOURCE else f"the {lookup(against).name} text"
    for verdict in report.faults:
        if verdict.finding is not Finding.MALFORMED:
            yield Fault(
                article=article,
                text=code,
                against=against,
                finding=verdict.finding.value,
                error=verdict.error,
                message=sentence(verdict, report, other),
                place=quote(report.candidate.text, verdict.fact.start, verdict.fact.end),
                value=described(verdict.fact),
                other=None if verdict.span is None else quote(report.source.text, *verdict.span),
                other_value="" if verdict.against is None else described(verdict.against),
            )


def _between(article: Article, first: str, second: str, texts: dict[str, str]) -> Iterator[Fault]:
    """Check two references against each other; what both directions show is told from the first's side."""
    one, two = extract(texts[first], first, article.date), extract(texts[second], second, article.date)
    there = compare(one, _support(article, second, texts[second]), mutual=True)
    back = compare(two, _support(article, first, texts[first]), mutual=True)
    told = {(place(verdict.fact), verdict.span) for verdict in there.faults}
    kept = tuple(verdict for verdict in back.verdicts if (verdict.span, place(verdict.fact)) not in told)
    yield from _faults(article.id, first, second, there)
    yield from _faults(article.id, second, first, Report(candidate=two, source=back.source, verdicts=kept))


def _dropped(article: Article, first: str, second: str) -> Iterator[Fault]:
    """Name the key points that one language has and the other has not, by their order and their facts."""
    one, two = article.references[first][0], article.references[second][0]
    if not one.key_points or not two.key_points or len(one.key_points) == len(two.key_points):
        return
    longer, shorter = (first, second) if len(one.key_points) > len(two.key_points) else (second, first)
    many, few = article.references[longer][0], article.references[shorter][0]
    for point in _unmatched(many.key_points, longer, few.key_points, shorter):
        text = whole(many)
        words = point.label or point.text
        start = text.find(words)
        yield Fault(
            article=article.id,
            text=longer,
            against=shorter,
            finding=Finding.NOT_FOUND.value,
            error=_DROPPED,
            message=f"The {lookup(longer).name} text has {len(many.key_points)} key points, the"
            f" {lookup(shorter).name} one {len(few.key_points)}: «{words}» has no counterpart.",
            place=quote(text, start, start + len(words)),
        )


def _unmatched(many: Sequence[KeyPoint], language: str, few: Sequence[KeyPoint], other: str) -> list[KeyPoint]:
    """Match points in order, so that as many facts as can be agree; give those that are left over."""
    likeness = [[_shared(a, language, b, other) for b in few] for a in many]
    best: list[list[tuple[float, tuple[int, ...]]]] = [[(0.0, ())] * (len(few) + 1) for _ in range(len(many) + 1)]
    for i in range(1, len(many) + 1):
        best[i][0] = (0.0, tuple(range(i)))
        for j in range(1, len(few) + 1):
            matched = (best[i - 1][j - 1][0] + likeness[i - 1][j - 1], best[i - 1][j - 1][1])
            skipped = (best[i - 1][j][0], (*best[i - 1][j][1], i - 1))
            passed = best[i][j - 1]
            best[i][j] = max(matched, skipped, passed, key=lambda item: (item[0], -len(item[1])))
    return [many[i] for i in best[-1][-1][1]]


def _shared(one: KeyPoint, language: str, two: KeyPoint, other: str) -> float:
    """Count the facts that two points share; a little for any match, so that order decides where facts do not."""
    report = compare(extract(one.text, language), extract(two.text, other))
    return report.count(Finding.SUPPORTED) + 0.5
