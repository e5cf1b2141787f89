"""Tiny runs, made once by the project's own commands: what the targets of run folders begin with."""

import os
import shutil
from atexit import register
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tercet.metrics.chrf import Chrf
from tercet.metrics.contract import Metric
from tercet.metrics.facts import Facts
from tercet.pieces import Draft
from tercet.pipeline import measure_segments, segments_of
from tercet.records import Article, Case, Output, Stage, Summary, Usage
from tests.runs import articles, command, faithful, furnish, scored

_RUN = (
    "corpus=jsonl",
    "corpus.path=news.jsonl",
    "metric=[chrf,facts]",
    "summarizer=lead",
    "translator=copy",
    "cache=null",
)
_MADE = "TERCET_FUZZING_RUNS"
BASE, CAND, PART, REST, BLESSED = "base", "cand", "part", "rest", "blessed"


@cache
def runs() -> Path:
    """Make two runs of three articles, both parts of another, and a baseline; give the folder that holds them."""
    if _MADE in os.environ:
        return Path(os.environ[_MADE])
    folder = Path(mkdtemp(prefix="fuzzing-runs-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108
    os.environ[_MADE] = str(folder)  # for the processes that this one starts
    register(shutil.rmtree, folder, ignore_errors=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        furnish(articles(3))
        for name in (BASE, CAND):
            made = scored(command, f"of-{name}", faithful(articles(3), name), "metric=[chrf,facts]", "cache=null")
            shutil.copytree(made, name)
        for name, number in ((PART, 1), (REST, 2)):
            shutil.copytree(_made(("run", *_RUN, f"part={number}/2", f"results=of-{name}"), Path(f"of-{name}")), name)
        _made(("bless", BASE, "--to", BLESSED, "--why", "it is good", "--by", "nobody"), folder)
    finally:
        os.chdir(before)
    return folder


def _made(words: tuple[str, ...], folder: Path) -> Path:
    done = command(*words)
    assert done.exit_code in {0, 4}, done.output
    return next(iter(sorted(folder.iterdir())))


@cache
def piece() -> bytes:
    """Make the piece of a shard of two cases, one of which failed."""
    found = [
        Article(id=f"a{i}", language="en", source="It cost 5 million.", references={"en": (_summary(),)})
        for i in (1, 2)
    ]
    cases = [Case(article=item, given=item.source, given_language="en", target_language="en") for item in found]
    stage = Stage(
        role="summarize", backend="b", source_language="en", target_language="en", text="It cost 6 million.",
        answer="It cost 6 million.", flaw="it holds no JSON object", prompt="0123", usage=Usage(prompt=3, answer=4),
    )  # fmt: skip
    outputs = [
        Output(case_id="a1:en", article_id="a1", target_language="en", text=stage.text, stages=(stage,)),
        Output(case_id="a2:en", article_id="a2", target_language="en", text=None, failure="500"),
    ]
    draft = Draft()
    draft.put_outputs(cases, outputs, {})
    segments = segments_of(cases, outputs)
    metrics: dict[str, Metric] = {"chrf": Chrf(), "facts": Facts()}
    draft.put_rows(
        {(name, "en"): measure_segments(metric, segments["en"], "en") for name, metric in metrics.items()}, seed=0
    )
    return draft.archive()


def _summary() -> Summary:
    return Summary(language="en", abstract="It cost 5 million euros.")
