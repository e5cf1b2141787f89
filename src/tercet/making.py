"""Making a run: its shards are worked on, here or elsewhere, and what comes of them is joined."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tercet.accounting import times_of, usage_of
from tercet.cache import Cache
from tercet.distributing import work
from tercet.executors.local import Local
from tercet.generating import Asking, System
from tercet.pieces import Piece, added, calls_of, flaws_of
from tercet.planned import Nobody, Planned, Watcher
from tercet.provenance import commit, versions
from tercet.runs import Run, load_run
from tercet.sharding import silent
from tercet.store import Assembly, Pieces, now, write_run, writing


def make_run(item: Planned, asking: Asking, watcher: Watcher) -> Run:
    """Generate, measure, score and write one run; shards that an earlier attempt has finished are not made again."""
    began = now()
    started = {"system": item.system.name, "started": began, "cases": len(item.cases)}
    with writing(item.folder, started) as folder:
        pieces = Pieces(folder, item.fingerprint, item.folder)
        work(item, pieces, asking, watcher)
        found = pieces.all()
        assembly = Assembly(pieces=found, languages=item.cases.targets, metrics=item.spec.metrics)
        sums = None if item.spec.part == (1, 1) else added(found, assembly.tables)
        write_run(folder, _info(item) | outcome(found, began, now()), assembly, sums)
        if len(found) == 1 or not any(piece.passing for piece in found):
            pieces.clear()  # else the next attempt makes only what is missing
    return load_run(item.folder)


def portable(item: Planned) -> Planned:
    """Copy a planned run for another process: without what was loaded in this one."""
    backends = {role: replace(backend) for role, backend in item.system.backends.items()}  # type: ignore[type-var]
    metrics = {name: replace(metric) for name, metric in item.spec.metrics.items()}  # type: ignore[type-var]
    executor = item.spec.executor
    if isinstance(executor, Local) and executor.workers is None:
        executor = replace(executor, workers=1)  # its runs are beside each other already
    spec = replace(item.spec, metrics=metrics, executor=executor, system=replace(item.spec.system, backends=backends))
    return replace(item, spec=spec, system=replace(item.system, backends=backends))


def make_apart(item: Planned) -> Path:
    """Make one run in a process of its own; the folder is what comes of it."""
    settings = item.spec.settings
    with Cache(Path(settings.cache) if settings.cache else None) as cache:
        return make_run(item, Asking(cache, silent), Nobody()).folder


def outcome(pieces: Sequence[Piece], began: str, ended: str) -> dict[str, Any]:
    """Say what became of a run: its state, what its calls took, and how long: seconds of all workers together."""
    failures = sum(piece.about["failures"] for piece in pieces)
    calls = list(calls_of(pieces).values())
    more = {"usage": usage_of(calls), "flaws": flaws_of(pieces)}
    spent = [piece.about["seconds"] for piece in pieces]
    times: dict[str, Any] = {
        "started": began,
        "finished": ended,
        "generating_s": round(sum(seconds.get("generating", 0.0) for seconds in spent), 3),
        "scoring_s": round(sum(seconds.get("scoring", 0.0) for seconds in spent), 3),
    }
    made = times_of(calls)
    return {
        "status": "incomplete" if failures else "complete",
        "failures": failures,
        **{key: value for key, value in more.items() if value},
        "time": times | ({"calls": made} if made else {}),
    }


def _info(item: Planned) -> dict[str, Any]:
    """Say what a run is made of."""
    prompts = {role: found for role in item.system.route.stages if (found := _prompt_hash(item.system, role))}
    return {
        "system": item.system.name,
        "choices": dict(item.spec.choices),
        "bound": item.system.bound,
        "config": item.config,
        "corpus": {
            "hash": item.corpus.hash,
            "articles": len(item.corpus) - len(item.system.held),
            "held_apart": [article.id for article in item.system.held],
            "problems": [str(problem) for problem in item.corpus.problems],
        },
        "cases": len(item.cases),
        "repeats": item.spec.settings.repeats,
        "seed": item.spec.settings.seed,
        "fingerprint": item.fingerprint,
        "versions": versions(),
        "git": commit(),
        **({"prompts": prompts} if prompts else {}),
        **({} if item.spec.part == (1, 1) else {"part": _part(item)}),
    }


def _part(item: Planned) -> dict[str, Any]:
    """Say which part of which run this is, for whoever merges it."""
    cases, (number, parts) = item.cases, item.spec.part
    return {
        "run": item.name,
        "number": number,
        "parts": parts,
        "first": cases.first,
        "stop": cases.first + cases.articles,
        "articles": cases.whole,
        "languages": list(cases.targets),
    }


def _prompt_hash(system: System, role: str) -> str | None:
    digest_of: str | None = getattr(getattr(system.backends[role], "prompt", None), "digest", None)
    return digest_of
