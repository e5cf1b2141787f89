"""What is done with a shard, wherever it is: outputs are made, then measured, then packed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

from tercet.cache import Cache
from tercet.executors import CPU, HERE, MODELS
from tercet.generating import Asking, System, generate, is_costly
from tercet.metrics.contract import PASSING, Metric
from tercet.pieces import Draft
from tercet.pipeline import measure_segments, segments_of
from tercet.planning import Shard
from tercet.records import Output

GENERATE = "generate"
_MEASURE = "measure "
_BOTH = "generate-measure "


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A shard on its way.

    Args:
        shard: Its cases.
        outputs: Once they are made.
        draft: What is packed of it so far.
    """

    shard: Shard
    outputs: tuple[Output, ...] = ()
    draft: Draft = field(default_factory=Draft)


@dataclass(slots=True, kw_only=True)
class ShardWorker:
    """Does the steps of shards; loads its models once.

    Args:
        system: Route and backends.
        metrics: By name.
        seed: Of the replicates.
        cache: The file of the cache, or None; not used where ``asking`` is given.
        asking: What calls are made with, where the command runs.
        stopped: Whether the run has ended early.
    """

    system: System
    metrics: Mapping[str, Metric]
    seed: int
    cache: Path | None = None
    asking: Asking | None = None
    stopped: Event = field(default_factory=Event)

    def steps(self, *, files: bool) -> tuple[tuple[str, str], ...]:
        """List the steps of a shard, with where each is done.

        Endpoints are asked from one process, which alone knows their limits; what reads files is done where they are.

        Args:
            files: Whether workers see this machine's files.
        """
        backends = [self.system.backends[role] for role in self.system.route.stages]
        asks = any(is_costly(backend) and not getattr(backend, "local", False) for backend in backends)
        reads = any("place" in backend.reads for backend in backends)
        generating = HERE if asks or (reads and not files) else MODELS if any(map(is_costly, backends)) else CPU
        measuring = sorted({place_of(metric) for metric in self.metrics.values()}, key=[HERE, MODELS, CPU].index)
        if generating in measuring:  # what is done in one place goes there once
            measuring.remove(generating)
            return ((generating, _BOTH + generating), *((place, _MEASURE + place) for place in measuring))
        return ((generating, GENERATE), *((place, _MEASURE + place) for place in measuring))

    def __reduce__(self) -> tuple[Any, ...]:
        """Give other processes what they need: not what belongs to this one, nor what was loaded here."""
        backends = {role: replace(backend) for role, backend in self.system.backends.items()}  # type: ignore[type-var]
        metrics = {name: replace(metric) for name, metric in self.metrics.items()}  # type: ignore[type-var]
        return _remade, (replace(self.system, backends=backends), metrics, self.seed, self.cache)

    def do(self, step: str, payload: Work) -> Work | bytes:
        """Do one step; after the last one the shard is an archive."""
        work = payload
        if step.startswith(GENERATE):
            began = time.monotonic()
            work = self._generated(work)
            work.draft.about["seconds"]["generating"] = time.monotonic() - began
        name, _, place = step.partition(" ")
        return work if name == GENERATE else self._measured(work, place)

    def stop(self) -> None:
        """Ask no more of models in this process; what they answer to what is under way is kept in the cache."""
        self.stopped.set()

    def lost(self, shard: Shard, reason: str) -> bytes:
        """Pack a shard that nobody could bring to its end: its cases have no output, and the reason."""
        outputs = tuple(
            Output(
                case_id=case.id,
                article_id=case.article.id,
                target_language=case.target_language,
                text=None,
                failure=f"{PASSING}{reason}",
                repeat=case.repeat,
            )
            for case in shard.cases
        )
        draft = Draft()
        draft.put_outputs(shard.cases, outputs, {})
        draft.put_rows(self._rows(shard, outputs, self.metrics), self.seed)
        return draft.archive()

    def _generated(self, work: Work) -> Work:
        cases = work.shard.cases
        if self.asking is not None:
            asking = replace(self.asking, calls={}, stopped=self.stopped)
            outputs = generate(cases, self.system, asking)
        else:
            with Cache(self.cache) as cache:
                asking = Asking(cache, silent)
                outputs = generate(cases, self.system, asking)
        work.draft.put_outputs(cases, outputs, asking.calls)
        return replace(work, outputs=tuple(outputs))

    def _measured(self, work: Work, place: str) -> Work | bytes:
        began = time.monotonic()
        mine = {name: metric for name, metric in self.metrics.items() if place_of(metric) == place}
        work.draft.put_rows(self._rows(work.shard, work.outputs, mine), self.seed)
        seconds = work.draft.about["seconds"]
        seconds["scoring"] = seconds.get("scoring", 0.0) + time.monotonic() - began
        if len(work.draft.about["tables"]) < len(self.metrics) * len(work.draft.about["languages"]):
            return work
        return work.draft.archive()

    def _rows(self, shard: Shard, outputs: Sequence[Output], metrics: Mapping[str, Metric]) -> dict[Any, Any]:
        segments = segments_of(shard.cases, outputs)
        jobs = [(name, code) for name in metrics for code in segments]
        tell = silent if self.asking is None else self.asking.tell
        measured = {}
        for done, (name, code) in enumerate(jobs):
            tell("scoring", done, len(jobs))
            measured[name, code] = measure_segments(metrics[name], segments[code], code)
        tell("scoring", len(jobs), len(jobs))
        return measured


def place_of(metric: Metric) -> str:
    """Say where a metric measures; it says so itself where it asks an endpoint, or loads a model."""
    return str(getattr(metric, "place", CPU))


def _remade(system: System, metrics: Mapping[str, Metric], seed: int, cache: Path | None) -> ShardWorker:
    return ShardWorker(system=system, metrics=metrics, seed=seed, cache=cache)


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""
