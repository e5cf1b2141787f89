"""What a page should say, counted from the files of run folders: nothing here asks the code that writes reports."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tercet.audit import audit
from tercet.comparing.tables import contents
from tercet.records import Article
from tercet.runs import load_run
from tests.viewing.reports import jsonl

FALSE = frozenset({"contradicted", "malformed"})


def cases(run: Path) -> list[str]:
    """Ids of a run's cases."""
    return [case["id"] for case in jsonl(run / "cases.jsonl")]


def in_language(run: Path, language: str) -> list[str]:
    """Those in a target language."""
    return [case["id"] for case in jsonl(run / "cases.jsonl") if case["language"] == language]


def tagged(run: Path, tag: str) -> list[str]:
    """Those of articles with a tag."""
    return [case["id"] for case in jsonl(run / "cases.jsonl") if tag in case["tags"]]


def named(run: Path, words: str) -> list[str]:
    """Those whose article's title or id holds some words."""
    return [
        case["id"] for case in jsonl(run / "cases.jsonl") if words in f"{case['title']}\n{case['article']}".casefold()
    ]


def with_words(run: Path, articles: Iterable[Article], runs: Iterable[Path], words: str) -> set[str]:
    """Those with some words in title, id, source, reference, or an output of any run."""
    found = set(named(run, words))
    for article in articles:
        for code, references in article.references.items():
            texts = [article.source or "", *(summary.text for summary in references)]
            if any(words in text.casefold() for text in texts):
                found.add(f"{article.id}:{code}")
    for one in runs:
        found |= {item["id"] for item in jsonl(one / "outputs.jsonl") if words in (item.get("text") or "").casefold()}
    return found


def with_false_facts(runs: Iterable[Path]) -> set[str]:
    """Those for which any of some runs states a fact that is contradicted or malformed."""
    return {
        item["id"]
        for run in runs
        for item in jsonl(run / "evidence.jsonl")
        if item["metric"] == "facts" and item["kind"] in FALSE
    }


def failed(runs: Iterable[Path]) -> set[str]:
    """Those without an output."""
    return {item["id"] for run in runs for item in jsonl(run / "outputs.jsonl") if item.get("text") is None}


def with_faults(run: Path, articles: Iterable[Article]) -> list[str]:
    """Those of articles with a mistake in a reference."""
    faulty = {article.id for article in articles if audit(article)}
    return [case["id"] for case in jsonl(run / "cases.jsonl") if case["article"] in faulty]


def values(run: Path, score: str) -> dict[str, float]:
    """A score of each case that has it."""
    found: dict[str, float] = {}
    for table in contents(load_run(run)).tables.values():
        for column, spec in enumerate(table.metric.scores):
            if spec.name == score:
                shown = table.by_segment.values[:, column].tolist()
                found |= {case: shown[i] for i, case in enumerate(table.cases) if table.present[i, column]}
    return found


def deltas(baseline: Mapping[str, float], candidate: Mapping[str, float]) -> dict[str, float]:
    """Differences of cases that both have."""
    return {case: candidate[case] - baseline[case] for case in baseline if case in candidate}


def best_first(runs: Mapping[str, Path], score: str, language: str) -> list[str]:
    """Systems by a score of ``run.json``."""
    found = {name: load_run(run).scores[language][score] for name, run in runs.items()}
    return sorted(found, key=lambda name: -(found[name] or 0.0))


def false_facts(run: Path) -> dict[str, int | None]:
    """How many facts of each case are contradicted or malformed; None where there is no output."""
    lost = failed([run])
    found: dict[str, int | None] = {case: None if case in lost else 0 for case in cases(run)}
    for item in jsonl(run / "evidence.jsonl"):
        if item["metric"] == "facts" and item["kind"] in FALSE:
            found[item["id"]] = (found[item["id"]] or 0) + 1
    return found


def field_of(run: Path, name: str) -> dict[str, str]:
    """A field of each case's article."""
    return {case["id"]: case[name] for case in jsonl(run / "cases.jsonl")}
