"""Runs and sweeps: what is planned first, what is run, what is there already."""

import re
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tercet.articles import Loaded
from tercet.cache import Cache, digest
from tercet.config import RunSpec, as_json
from tercet.errors import CorpusError
from tercet.pipeline import Measurement, articles_as_json, check_metrics, generate, measure_segments, plan, segments_of
from tercet.provenance import commit, fingerprint, versions
from tercet.records import Case
from tercet.store import Run, finished, load_run, now, unfinished, write_run, writing


class Watcher(Protocol):
    """Who is told how a sweep goes on."""

    def problem(self, error: CorpusError) -> None:
        """An article could not be read and is left out."""
        ...

    def planned(self, runs: int, cases: int) -> None:
        """Everything is checked; now it begins."""
        ...

    def run(self, label: str) -> AbstractContextManager["Watcher"]:
        """A run begins; it ends with the context."""
        ...

    def step(self, what: str, done: int, total: int) -> None:
        """Something within the run has moved on."""
        ...

    def reused(self, label: str, folder: Path) -> None:
        """A run is there already, and nothing that decides it has changed."""
        ...

    def resumed(self, label: str) -> None:
        """An earlier attempt at the next run did not finish; what it was answered is in the cache."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A run that is checked and can begin."""

    spec: RunSpec
    corpus: Loaded
    corpus_hash: str
    cases: Sequence[Case]
    folder: Path
    fingerprint: str


@dataclass(slots=True)
class _Corpora:
    """Each corpus is loaded once in a sweep."""

    watcher: Watcher
    loaded: dict[str, tuple[Loaded, str]] = field(default_factory=dict)

    def load(self, spec: RunSpec) -> tuple[Loaded, str]:
        key = as_json({"corpus": spec.config["corpus"]})
        if key not in self.loaded:
            corpus = spec.corpus.load()
            for problem in corpus.problems:
                self.watcher.problem(problem)
            if not corpus.articles and corpus.problems:
                raise CorpusError(
                    f"No article could be read: {len(corpus.problems)} of {len(corpus.problems)} are broken."
                )
            self.loaded[key] = corpus, digest(list(articles_as_json(corpus.articles)))
        return self.loaded[key]


def plan_sweep(specs: Sequence[RunSpec], watcher: Watcher) -> list[Planned]:
    """Load the corpora and check every run of a sweep before the first one begins.

    Runs that come out the same (a choice that the route does not use) are made once.

    Raises:
        TercetError: Any run cannot be made.
    """
    corpora = _Corpora(watcher)
    found: dict[Path, Planned] = {}
    for spec in specs:
        corpus, corpus_hash = corpora.load(spec)
        cases = plan(corpus, spec.system, spec.settings.languages, spec.settings.limit)
        signatures = check_metrics(spec.metrics.values(), cases)
        identities = {role: spec.system.backends[role].identity() for role in spec.system.route.stages}
        name = f"{_slug(spec.system.name)}-{digest(as_json(spec.config), corpus_hash, identities)[:8]}"
        parts = [*(spec.system.backends[role] for role in spec.system.route.stages), *spec.metrics.values()]
        planned = Planned(
            spec=spec,
            corpus=corpus,
            corpus_hash=corpus_hash,
            cases=cases,
            folder=Path(spec.settings.results) / name,
            fingerprint=digest(fingerprint(type(part) for part in parts), signatures),
        )
        found.setdefault(planned.folder, planned)
    return list(found.values())


def run_sweep(planned: Sequence[Planned], watcher: Watcher) -> list[Run]:
    """Make the runs in order; one that is there and up to date is not made again.

    Replies are shared through the cache, so that a summarizer is asked once an article, whatever
    the number of translators behind it, and a killed sweep goes on where it stopped.
    """
    watcher.planned(len(planned), sum(len(item.cases) for item in planned))
    settings = planned[0].spec.settings
    with Cache(Path(settings.cache) if settings.cache else None) as cache:
        return [_run(item, cache, watcher) for item in planned]


def _run(item: Planned, cache: Cache, watcher: Watcher) -> Run:
    there = None if item.spec.settings.fresh else finished(item.folder, item.fingerprint)
    if there is not None:
        watcher.reused(item.spec.label, item.folder)
        return there
    if unfinished(item.folder):
        watcher.resumed(item.spec.label)
    with watcher.run(item.spec.label) as told:
        return make_run(item, cache, told)


def make_run(item: Planned, cache: Cache, watcher: Watcher) -> Run:
    """Generate, measure, score and write one run."""
    spec = item.spec
    began = time.monotonic()
    started = {"system": spec.system.name, "started": now(), "cases": len(item.cases)}
    with writing(item.folder, started) as folder:
        outputs = generate(item.cases, spec.system, cache, watcher.step)
        generated = time.monotonic()
        measured = _measure(item, segments_of(item.cases, outputs), watcher)
        failures = sum(output.failure is not None for output in outputs)
        info = {
            "status": "incomplete" if failures else "complete",
            "system": spec.system.name,
            "bound": spec.system.bound,
            "config": spec.config,
            "corpus": {
                "hash": item.corpus_hash,
                "articles": len(item.corpus.articles),
                "problems": [str(problem) for problem in item.corpus.problems],
            },
            "cases": len(item.cases),
            "failures": failures,
            "seed": spec.settings.seed,
            "fingerprint": item.fingerprint,
            "versions": versions(),
            "git": commit(),
            "time": {
                "started": started["started"],
                "finished": now(),
                "generating_s": round(generated - began, 3),
                "scoring_s": round(time.monotonic() - generated, 3),
            },
        }
        write_run(folder, info, outputs, measured, spec.metrics)
    return load_run(item.folder)


def _measure(item: Planned, segments: dict[str, Any], watcher: Watcher) -> dict[tuple[str, str], Measurement]:
    jobs = [(name, code) for name in item.spec.metrics for code in segments]
    measured = {}
    for done, (name, code) in enumerate(jobs):
        watcher.step("scoring", done, len(jobs))
        measured[name, code] = measure_segments(item.spec.metrics[name], segments[code], code)
    watcher.step("scoring", len(jobs), len(jobs))
    return measured


def sweep_name(planned: Sequence[Planned]) -> str:
    """Name the folder of a sweep by what it is made of."""
    name = planned[0].spec.settings.name or "sweep"
    return f"{_slug(name)}-{digest(sorted(item.folder.name for item in planned))[:8]}"


def nothing_scored(runs: Iterable[Run]) -> list[Run]:
    """The runs in which no metric has a single score."""
    return [run for run in runs if not any(item["scored"] for item in run.info["scores"])]


def _slug(name: str) -> str:
    return re.sub(r"[^\w.]+", "-", name).strip("-.").lower() or "run"
