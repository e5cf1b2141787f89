"""Two systems to show a report with: one leaves things out, the other gets figures wrong.

Both are made of the sample corpus's own references, so that a reader sees at once what the report marks and why:
``careful`` drops a key point of every second article, ``careless`` states the errors that the tests plant, and drops
closing lines.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.facts.planting import DROPPED, table

from tercet.corpora.sample import Sample
from tercet.records import Article, Summary

METRICS = "metric=[rouge,bleu,chrf,bertscore,facts,keypoints,agreement]"


def made(folder: Path) -> list[Path]:
    """Score both systems, and give their runs' folders, ``careful`` first."""
    articles = Sample().load().articles
    for name, write in (("careful", _careful), ("careless", _careless)):
        lines = [json.dumps(line, ensure_ascii=False) for line in _outputs(articles, write)]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    words = ["score", "careful.jsonl", "careless.jsonl", "corpus=sample", METRICS, "results=results"]
    done = subprocess.run(
        [sys.executable, "-m", "tercet", *words], cwd=folder, env=os.environ, check=False, capture_output=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    runs = {json.loads(path.read_text("utf-8"))["system"]: path.parent for path in folder.glob("results/*/run.json")}
    return [runs["careful"], runs["careless"]]


def _outputs(articles: tuple[Article, ...], write: Callable[[int, Article, Summary], str]) -> Iterator[dict[str, str]]:
    for number, article in enumerate(articles):
        for code, summaries in sorted(article.references.items()):
            yield {"id": f"{article.id}:{code}", "text": write(number, article, summaries[0])}


def _careful(number: int, _: Article, summary: Summary) -> str:
    points = summary.key_points[:-1] if number % 2 else summary.key_points
    return replace(summary, key_points=points).text


def _careless(number: int, article: Article, summary: Summary) -> str:
    text = replace(summary, closing=None if number % 3 else summary.closing).text
    for row in table():
        if (row.article, row.language) == (article.id, summary.language) and row.kind != DROPPED:
            text = text.replace(row.old, row.new)
    return text
