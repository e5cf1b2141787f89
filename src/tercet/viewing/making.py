"""Making a report: runs are read, compared and recalled, and written into one file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tercet.audit import Fault, audit
from tercet.cases import CaseInfo
from tercet.comparing.settings import Settings
from tercet.comparing.tables import contents
from tercet.comparing.told import check_told
from tercet.errors import ConfigError
from tercet.recalling import Corpora, Recalled
from tercet.records import Article
from tercet.runs import Run
from tercet.store import writing_file
from tercet.viewing.casetable import case_table, every_case
from tercet.viewing.details import Pieces, Told, detail, faults_by_article
from tercet.viewing.evidence import EvidenceByCase
from tercet.viewing.html import html
from tercet.viewing.packing import packed
from tercet.viewing.page import Audited, Entry, corpus, named, ordered, page

AUDITED = 2000  # articles; of more, references are audited only where that is asked for: it takes a millisecond each
# Of all runs together; the page and its maker hold them all. 40,000 take 16 s and 0.7 GB, and make 25 MB.
MOST_CASES = 50_000
_BLOCK = 64  # articles that are packed together: the more, the smaller the file and the slower one opens
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a report is made.

    Args:
        title: None names the systems.
        command: That makes it again.
        primary: The score to sort by; None takes the first headline score.
        labels: A name for each run; None takes the systems' own.
        audit: Whether references are audited; None where there are not too many.
        settings: Of the comparisons.
    """

    title: str | None = None
    command: str = "tercet report"
    primary: str | None = None
    labels: Sequence[str] | None = None
    audit: bool | None = None
    settings: Settings


def write_report(runs: Sequence[Run], path: Path, options: Options, tell: Tell) -> None:
    """Write the report of runs.

    Args:
        runs: One or more; of two that are compared, the baseline first.
        path: The HTML file.
        options: How.
        tell: Told what is going on.

    Raises:
        RunError: A run is damaged, or the file cannot be written.
        ConfigError: No run has the primary score, or there are too many cases for a page.
        MissingExtraError: Jinja is not installed.
    """
    _check_size(runs)
    read = [contents(run) for run in runs]
    labels = named(read, options.labels)
    board, order = ordered(read, labels, options.primary)
    corpora = Corpora()
    recalled = [Recalled(read[i].run, corpora) for i in order]
    entries = [
        Entry(read=read[i], label=labels[i], place=i, notes=_notes(found))
        for i, found in zip(order, recalled, strict=True)
    ]
    tell("comparing", 0, len(entries))
    told_page = page(entries, board, options.settings)
    cases = every_case([entry.read for entry in entries], _order(recalled, entries))
    audited = _audited(cases, recalled, options.audit, tell)
    by_article = faults_by_article(audited.faults)
    counts = {article: len(faults) for article, faults in by_article.items()}
    articles = len({case.article for case in cases})
    title = options.title or _title(labels, order)
    told_page |= {
        "title": title,
        "command": options.command,
        "audit": {
            "faults": len(audited.faults),
            "articles": len(by_article),
            "checked": audited.checked,
            "reason": audited.reason,
        },
        "corpus": corpus(entries, list(dict.fromkeys(note for found in recalled if (note := found.problem)))),
        "counts": {"articles": articles, "cases": len(cases)},
    }
    parts = {
        "page": packed(told_page),
        "cases": packed(case_table([entry.read for entry in entries], cases, counts, _BLOCK)),
    }
    with writing_file(path) as file, ExitStack() as stack:
        told = [
            Told(entry.read, found, stack.enter_context(EvidenceByCase(entry.read.run.folder)))
            for entry, found in zip(entries, recalled, strict=True)
        ]
        for piece in html(title, parts, _blocks(cases, told, by_article, articles, tell)):
            file.write(piece)


def _check_size(runs: Sequence[Run]) -> None:
    """Refuse what no page can hold, before any row is read."""
    for run in runs:
        check_told(run)
    cases = sum(int(run.info["cases"]) for run in runs)
    if cases > MOST_CASES:
        where = "the run has" if len(runs) == 1 else f"the {len(runs)} runs have"
        raise ConfigError(
            f"A page holds up to {MOST_CASES:,} cases, and {where} {cases:,}.",
            "Write the scores without the texts: --format md, json, csv or latex; or make a report of fewer runs, or"
            " of runs of fewer articles: limit=N.",
        )


def _blocks(
    cases: Sequence[CaseInfo], told: Sequence[Told], faults: Mapping[str, Sequence[Fault]], articles: int, tell: Tell
) -> Iterator[tuple[str, str]]:
    pieces, block, number = Pieces(), [], 0
    for done, (article, group) in enumerate(groupby(cases, key=lambda case: case.article), 1):
        block.append(detail(list(group), told, faults.get(article, ()), pieces))
        if len(block) == _BLOCK or done == articles:
            yield f"block-{number}", packed(block)
            block, number = [], number + 1
            tell("writing", done, articles)
    yield "shared", packed({"pieces": pieces.texts})


def _order(recalled: Sequence[Recalled], entries: Sequence[Entry]) -> list[str]:
    """Put articles in their corpus's order; those that no corpus has any more come last."""
    known = dict.fromkeys(article for found in recalled for article in found.articles)
    return list(known | dict.fromkeys(case.article for entry in entries for case in entry.read.cases.values()))


def _notes(found: Recalled) -> tuple[str, ...]:
    return () if found.problem is None else (f"Sources, references and prompts are not shown: {found.problem}",)


def _audited(cases: Sequence[CaseInfo], recalled: Sequence[Recalled], wanted: bool | None, tell: Tell) -> Audited:
    """Look for mistakes in the references of the articles, as ``tercet audit`` does."""
    if wanted is False:
        return Audited(reason="it was not asked for")
    articles, reasons = _unchanged(cases, recalled)
    if wanted is None and len(articles) > AUDITED:
        return Audited(reason=f"there are more than {AUDITED:,} articles: --audit looks at all of them")
    faults: list[Fault] = []
    checked = [article for article in articles if article.references]
    for done, article in enumerate(checked):
        tell("auditing references", done, len(checked))
        faults.extend(audit(article))
    reason = None if checked else next(iter(reasons), "there are no references here")
    return Audited(faults=faults, checked=len(checked), reason=reason)


def _unchanged(cases: Sequence[CaseInfo], recalled: Sequence[Recalled]) -> tuple[list[Article], list[str]]:
    """Find the articles that are still those of the runs; and why others are not shown, each reason once."""
    found: dict[str, Article] = {}
    reasons: dict[str, None] = {}
    for case in cases:
        told = [run.why_not(case) for run in recalled]
        if None in told:
            found.setdefault(case.article, recalled[told.index(None)].articles[case.article])
        else:
            reasons |= dict.fromkeys(reason for reason in told if reason)
    return list(found.values()), list(reasons)


def _title(labels: Sequence[str], order: Sequence[int]) -> str:
    return " / ".join(labels) if len(labels) < 3 else f"{labels[order[0]]} and {len(labels) - 1} more"
