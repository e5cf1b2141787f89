"""Reports to open in a browser, made as users make them: by the command line, from files."""

import json
import random
from collections.abc import Iterable, Mapping
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tercet.corpora.sample import Sample
from tercet.records import Article, Summary
from tests.facts.planting import DROPPED, Spoilt, spoil, table
from tests.runs import command
from tests.viewing import hostile

Info = dict[str, Any]
Records = Iterable[Mapping[str, Any]]
METRICS = (
    "metric=[rouge,chrf,facts,keypoints,agreement]",
    "metrics.keypoints.threshold=null",  # points without facts are left out: no encoder is needed
)
LOST = "marathon-record:zh"  # the case that the system "hasty" has no output for
FAILURE = "the server answered 503"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A report.

    Args:
        path: The HTML file.
        runs: The folder of each run, by its system's name.
    """

    path: Path
    runs: Mapping[str, Path]


def sample_report(folder: Path) -> Made:
    """Three systems over the sample corpus: one that is careful, one that states planted errors, an upper bound."""
    articles = {article.id: article for article in Sample().load().articles}
    hasty = {spoilt.planted.article: spoilt for spoilt in spoilt_articles() if spoilt.planted.kind != DROPPED}
    with chdir(folder):
        _write("careful.jsonl", _outputs(articles.values(), "careful", 0.85))
        wrong = [hasty[id_].article if id_ in hasty else article for id_, article in articles.items()]
        lost = [
            {"id": LOST, "failure": FAILURE} if line["id"] == LOST else line for line in _outputs(wrong, "hasty", 0.6)
        ]
        _write("hasty.jsonl", lost)
        call("score", "careful.jsonl", "hasty.jsonl", "corpus=sample", *METRICS, codes={4})
        call("run", "summarizer=oracle", "translator=copy", *METRICS, "cache=null")
        return _report(folder)


def hostile_report(folder: Path) -> Made:
    """Two systems over a corpus in which every text attacks the page."""
    with chdir(folder):
        _write("news.jsonl", [*hostile.articles(), hostile.halved()])
        for number, name in enumerate(hostile.FILES):
            _write(name, hostile.outputs(number))
        call("score", *hostile.FILES, "corpus=jsonl", "corpus.path=news.jsonl", "metric=[rouge,chrf,facts]", codes={4})
        return _report(folder)


def planted_report(folder: Path) -> Made:
    """The sixty planted errors: each in the reference of an article of its own, and in a system's output for it."""
    planted = planted_articles()
    with chdir(folder):
        _write("planted.jsonl", [_record(name, spoilt.article) for name, spoilt in planted.items()])
        texts = [
            {"id": f"{name}:{code}", "text": reference.text}
            for name, spoilt in planted.items()
            for code, (reference,) in spoilt.article.references.items()
        ]
        _write("echo.jsonl", texts)
        words = ("corpus=jsonl", "corpus.path=planted.jsonl", "metric=[facts,agreement]")
        call("score", "echo.jsonl", *words)
        return _report(folder)


def planted_articles() -> dict[str, Spoilt]:
    """Name an article for each planted error."""
    return {
        f"{number:02}-{spoilt.planted.kind}-{spoilt.planted.article}": spoilt
        for number, spoilt in enumerate(spoilt_articles())
    }


def spoilt_articles() -> list[Spoilt]:
    """Plant each error of the table in the sample corpus, by itself."""
    articles = {article.id: article for article in Sample().load().articles}
    return [spoil(planted, articles) for planted in table()]


def call(*words: object, codes: Iterable[int] = (0,)) -> str:
    """Run a command where we stand, to one of these exit codes, and give what it printed."""
    done = command(*words)
    assert done.exit_code in codes, done.output
    return done.output


def jsonl(path: Path) -> list[Info]:
    """Read JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def _report(folder: Path) -> Made:
    runs = sorted(path.parent for path in folder.glob("results/*/run.json"))
    named = {json.loads((run / "run.json").read_text("utf-8"))["system"]: run for run in runs}
    call("report", *runs, "-o", "report.html")
    return Made(path=folder / "report.html", runs=named)


def _write(name: str, records: Records) -> None:
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


def _outputs(articles: Iterable[Article], seed: str, share: float) -> list[Info]:
    """Outputs that are references with lines left out: so many of a hundred stay."""
    draw = random.Random(seed)
    return [
        {"id": f"{article.id}:{code}", "text": _thinned(reference, draw, share)}
        for article in articles
        for code, (reference, *_) in article.references.items()
    ]


def _thinned(reference: Summary, draw: random.Random, share: float) -> str:
    first, *rest = reference.text.split("\n")
    return "\n".join([first, *(line for line in rest if draw.random() < share)])


def _record(name: str, article: Article) -> Info:
    return {
        "id": name,
        "title": article.title,
        "language": article.language,
        "source": article.source,
        "references": {
            code: {
                "headline": summary.headline,
                "abstract": summary.abstract,
                "key_points": [{"label": point.label, "text": point.text} for point in summary.key_points],
                "closing": summary.closing,
            }
            for code, (summary,) in article.references.items()
        },
    }
