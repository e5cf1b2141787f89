"""Runs and sweeps: what is planned first, what is run, what is there already."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from tercet.accounting import times_of, usage_of
from tercet.articles import Loaded
from tercet.cache import Cache, digest
from tercet.config import RunSpec, as_json
from tercet.dry_run import Outlook, outlook
from tercet.errors import ConfigError, CorpusError, nearest
from tercet.examples import hold_apart
from tercet.generating import Asking, System, generate
from tercet.pipeline import (
    Measurement,
    articles_as_json,
    check_metrics,
    measure_segments,
    plan,
    segments_of,
    spread,
)
from tercet.provenance import commit, fingerprint, versions
from tercet.records import Case, Output
from tercet.runs import Run, finished, load_run, unfinished
from tercet.spending import Spending
from tercet.store import Results, now, write_run, writing


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
    """A run that is checked and can begin.

    ``system`` is the one of ``spec``, with the articles that are held apart for its examples.
    """

    spec: RunSpec
    system: System
    corpus: Loaded
    corpus_hash: str
    config: Mapping[str, Any]
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
    apart = max((_examples(spec) for spec in specs), default=0)
    found: dict[Path, Planned] = {}
    for spec in specs:
        planned = _planned(spec, apart if spec.settings.held_apart is None else spec.settings.held_apart, corpora)
        found.setdefault(planned.folder, planned)
    return list(found.values())


def _examples(spec: RunSpec) -> int:
    """How many examples the prompts of a run show at most: every run of a sweep leaves as many articles out."""
    return max(getattr(spec.system.backends[role], "examples", 0) for role in spec.system.route.stages)


def _planned(spec: RunSpec, apart: int, corpora: _Corpora) -> Planned:
    settings = spec.settings
    corpus, corpus_hash = corpora.load(spec)
    left, held = hold_apart(corpus.articles, apart, settings.seed) if apart else (corpus.articles, ())
    if corpus.articles and not left:
        raise ConfigError(
            f"All {len(corpus.articles)} articles are held apart as examples.", f"Set held_apart to less than {apart}."
        )
    corpus = replace(corpus, articles=tuple(left))
    system = replace(spec.system, held=tuple(held))
    cases = plan(corpus, system, settings.languages, settings.limit, settings.repeats)
    _check_prices(spec)
    signatures = check_metrics(spec.metrics.values(), cases)
    backends = {role: system.backends[role] for role in system.route.stages}
    identities = {role: backend.identity() for role, backend in backends.items()}
    config = {**spec.config, "held_apart": apart}
    name = f"{_slug(system.name)}-{digest(as_json(config), corpus_hash, identities)[:8]}"
    prices = [None if (price := system.price(role)) is None else asdict(price) for role in backends]
    return Planned(
        spec=spec,
        system=system,
        corpus=corpus,
        corpus_hash=corpus_hash,
        config=config,
        cases=cases,
        folder=Path(settings.results) / name,
        fingerprint=digest(
            fingerprint(type(part) for part in (*backends.values(), *spec.metrics.values())), signatures, prices
        ),
    )


def _check_prices(spec: RunSpec) -> None:
    """Refuse a limit of cost where a model's price is not known."""
    system = spec.system
    for role in system.route.stages if spec.settings.max_cost is not None else ():
        if system.price(role) is None:
            model = str(getattr(system.backends[role], "model", ""))
            raise ConfigError(
                f"max_cost is set, and the price of '{model}' is not known.",
                f"Add it to a table of prices. {nearest(model, system.prices)}",
            )


def forecast(planned: Sequence[Planned]) -> list[Outlook]:
    """Say what a sweep would ask of models; a run that is there and up to date asks nothing."""
    settings = planned[0].spec.settings
    path = Path(settings.cache) if settings.cache and Path(settings.cache).is_file() else None
    with Cache(path) as cache:
        missing = [item for item in planned if settings.fresh or finished(item.folder, item.fingerprint) is None]
        return outlook([(item.cases, item.system) for item in missing], cache)


def run_sweep(planned: Sequence[Planned], watcher: Watcher) -> list[Run]:
    """Make the runs in order; one that is there and up to date is not made again.

    Replies are shared through the cache, so that a summarizer is asked once an article, whatever
    the number of translators behind it, and a killed sweep goes on where it stopped.
    """
    watcher.planned(len(planned), sum(len(item.cases) for item in planned))
    settings = planned[0].spec.settings
    spending = Spending(limit=settings.max_cost)
    with Cache(Path(settings.cache) if settings.cache else None) as cache:
        return [_run(item, Asking(cache, watcher.step, spending), watcher) for item in planned]


def _run(item: Planned, asking: Asking, watcher: Watcher) -> Run:
    there = None if item.spec.settings.fresh else finished(item.folder, item.fingerprint)
    if there is not None:
        watcher.reused(item.spec.label, item.folder)
        return there
    if unfinished(item.folder):
        watcher.resumed(item.spec.label)
    with watcher.run(item.spec.label) as told:
        return make_run(item, replace(asking, tell=told.step), told)


def make_run(item: Planned, asking: Asking, watcher: Watcher) -> Run:
    """Generate, measure, score and write one run."""
    spec = item.spec
    began = time.monotonic()
    started = {"system": spec.system.name, "started": now(), "cases": len(item.cases)}
    with writing(item.folder, started) as folder:
        outputs = generate(item.cases, item.system, asking)
        generated = time.monotonic()
        measured = _measure(item, segments_of(item.cases, outputs), watcher)
        times = {
            "started": started["started"],
            "finished": now(),
            "generating_s": round(generated - began, 3),
            "scoring_s": round(time.monotonic() - generated, 3),
        }
        calls = times_of(asking.calls)
        info = _info(item, outputs, asking) | {"time": times | ({"calls": calls} if calls else {})}
        spreads = {
            (name, code): spread(spec.metrics[name], found, spec.settings.seed)
            for (name, code), found in measured.items()
        }
        write_run(folder, info, item.cases, outputs, Results(measured, spreads, spec.metrics))
    return load_run(item.folder)


def _info(item: Planned, outputs: Sequence[Output], asking: Asking) -> dict[str, Any]:
    """Say what a run was made of, and what became of it."""
    failures = sum(output.failure is not None for output in outputs)
    usage, flaws = usage_of(asking.calls), _flaws(outputs)
    prompts = {role: found for role in item.system.route.stages if (found := _prompt_hash(item.system, role))}
    more = {"usage": usage, "flaws": flaws, "prompts": prompts}
    return {
        "status": "incomplete" if failures else "complete",
        "system": item.system.name,
        "choices": dict(item.spec.choices),
        "bound": item.system.bound,
        "config": item.config,
        "corpus": {
            "hash": item.corpus_hash,
            "articles": len(item.corpus.articles),
            "held_apart": [article.id for article in item.system.held],
            "problems": [str(problem) for problem in item.corpus.problems],
        },
        "cases": len(item.cases),
        "cases_hash": digest([case.id for case in item.cases]),
        "repeats": item.spec.settings.repeats,
        "failures": failures,
        "seed": item.spec.settings.seed,
        "fingerprint": item.fingerprint,
        "versions": versions(),
        "git": commit(),
        **{key: value for key, value in more.items() if value},
    }


def _flaws(outputs: Iterable[Output]) -> dict[str, dict[str, int]]:
    """Count, by language, the outputs in which a model's answer had not the shape that was asked for."""
    found: dict[str, Counter[str]] = {}
    for output in outputs:
        flaw = next((stage.flaw for stage in output.stages if stage.flaw), None)
        if flaw is not None:
            found.setdefault(output.target_language, Counter())[flaw] += 1
    return {code: dict(sorted(counts.items())) for code, counts in sorted(found.items())}


def _prompt_hash(system: System, role: str) -> str | None:
    digest_of: str | None = getattr(getattr(system.backends[role], "prompt", None), "digest", None)
    return digest_of


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
