"""The report that the tests of this folder open; made before any browser starts."""

import json
from contextlib import chdir
from pathlib import Path

import pytest

from tests.viewing.logic import corpus
from tests.viewing.logic.common import FIRST, LEAD, QUICK, REPEATS, SECOND, Texts, write
from tests.viewing.reports import Made, call, jsonl
from tests.viewing.unpacking import parts

WORDS = (
    "corpus=jsonl",
    "corpus.path=news.jsonl",
    "metric=[rouge,chrf,facts,keypoints]",
    "metrics.keypoints.threshold=null",
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A report of two systems and a third with two repeats."""
    folder = tmp_path_factory.mktemp("logic")
    with chdir(folder):
        write("news.jsonl", corpus.records())
        for system in (FIRST, SECOND):
            write(f"{system}.jsonl", corpus.outputs(system))
        call("score", f"{FIRST}.jsonl", f"{SECOND}.jsonl", *WORDS, codes={4})
        call("run", "summarizer=lead", "translator=copy", f"repeats={REPEATS}", "cache=null", *WORDS)
        found = sorted(path.parent for path in Path.cwd().glob("results/*/run.json"))
        named = {json.loads((run / "run.json").read_text("utf-8"))["system"]: run for run in found}
        call("report", *found, "-o", "report.html", *QUICK)
    return Made(path=folder / "report.html", runs=named)


@pytest.fixture(scope="session")
def report(made: Made) -> Path:
    return made.path


@pytest.fixture(scope="session")
def place(made: Made) -> dict[str, int]:
    """Where each system stands in the report."""
    labels = [system["label"] for system in parts(made.path)["page"]["systems"]]
    assert sorted(labels) == sorted([FIRST, SECOND, LEAD])
    return {label: i for i, label in enumerate(labels)}


@pytest.fixture(scope="session")
def texts(made: Made) -> Texts:
    """What each system wrote, by case."""
    return {
        name: {item["id"]: item.get("text") for item in jsonl(run / "outputs.jsonl")} for name, run in made.runs.items()
    }
