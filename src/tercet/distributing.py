"""Distributing: how a run is cut into shards, and where they are worked on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from tercet.executors import HERE, MODELS, Done, Executor, Job, PoolSize
from tercet.executors.local import cores
from tercet.generating import Asking, Tell
from tercet.planned import Planned, Watcher
from tercet.planning import Shard
from tercet.sharding import ShardWorker, Work, silent
from tercet.store import Pieces

# So few characters are worked on in this process: others would take longer to start.
_FEW = 10_000_000
# A shard has no more articles than this, so that memory is bounded, and no fewer, so that sums are cheap.
_MOST, _LEAST = 4_096, 250
_EACH = 8  # shards for each worker, where there are articles enough: the last one is waited for


def work(item: Planned, pieces: Pieces, asking: Asking, watcher: Watcher) -> None:
    """Bring all shards of a run to an end that are not there yet, in this process or by an executor's workers.

    Args:
        item: The run.
        pieces: What is there; the others are put there.
        asking: What calls are made with.
        watcher: Told of progress.
    """
    spec, cases, executor = item.spec, item.cases, item.spec.executor
    worker = ShardWorker(
        system=item.system,
        metrics=spec.metrics,
        seed=spec.settings.seed,
        cache=None if asking.cache.path is None else asking.cache.path.resolve(),
        asking=asking,
    )
    steps = worker.steps(files=executor.same_machine)
    there = pieces.there()
    alone = executor.same_machine and (_computing(executor) == 1 or _is_small(item))
    size = _size(item, steps, alone=alone)
    shards = (shard for shard in cases.shards(size, there) if any(shard.articles))
    if alone or (executor.same_machine and cases.articles <= size):
        told = _Overall(asking.tell, cases.articles)
        worker = replace(worker, asking=replace(asking, tell=told))
        for shard in shards:
            pieces.keep(shard.first, shard.stop, _done_here(worker, steps, told.begun(shard)))
        return
    worker = replace(worker, asking=replace(asking, tell=silent))
    count = sum(stop - first for first, stop in there.items())
    for shard, archive in _done_elsewhere(executor, worker, steps, shards):
        pieces.keep(shard.first, shard.stop, archive)
        count += len(shard.articles)
        watcher.step("articles", count, cases.articles)


class _Overall:
    """Tells of all shards together what each one tells of itself.

    Args:
        tell: Who is told.
        articles: How many there are in all shards.
    """

    def __init__(self, tell: Tell, articles: int) -> None:
        self._tell = tell
        self._articles = articles
        self._shard = Shard(first=0, targets=(), articles=())
        self._before: Counter[str] = Counter()
        self._here: dict[str, int] = {}

    def begun(self, shard: Shard) -> Shard:
        """Note that the next shard begins."""
        self._before.update(self._here)
        self._here, self._shard = {}, shard
        return shard

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell; the shards that come are taken to have as much to do as this one."""
        self._here[what] = total
        rest = total * (self._articles - self._shard.stop) // max(1, len(self._shard.articles))
        self._tell(what, self._before[what] + done, self._before[what] + total + rest)


def _is_small(item: Planned) -> bool:
    """Whether a run is made sooner than workers are started; who says how large a shard is wants workers."""
    return getattr(item.spec.executor, "shard", None) is None and item.corpus.characters <= _FEW


def _size(item: Planned, steps: Sequence[tuple[str, str]], *, alone: bool) -> int:
    """Say how many articles a shard has."""
    executor, articles = item.spec.executor, item.cases.articles
    if any(getattr(metric, "whole", False) for metric in item.spec.metrics.values()):
        return articles
    shard: int | None = getattr(executor, "shard", None)
    if shard is not None:
        return shard
    if alone or steps[0][0] == HERE:
        return _MOST  # where calls are made, the last ones of a shard are waited for
    return min(_MOST, max(_LEAST, -(-articles // (_EACH * (_computing(executor) or _EACH)))))


def _computing(executor: Executor) -> int | None:
    """How many workers compute; None where that is not known before they are there."""
    workers: int | None = getattr(executor, "workers", None)
    return cores() if workers is None and executor.same_machine else workers


def _done_here(worker: ShardWorker, steps: Sequence[tuple[str, str]], shard: Shard) -> bytes:
    work: Any = Work(shard=shard)
    for _, step in steps:
        work = worker.do(step, work)
    archive: bytes = work
    return archive


def _done_elsewhere(
    executor: Executor, worker: ShardWorker, steps: tuple[tuple[str, str], ...], shards: Iterable[Shard]
) -> Iterator[tuple[Shard, bytes]]:
    """Let workers do it. A shard that nobody can bring to its end is cut in two, until it is one article."""
    alive: dict[int, Shard] = {}
    lost: list[Shard] = []

    def jobs(shards: Iterable[Shard]) -> Iterator[Job]:
        for shard in shards:
            alive[shard.first] = shard
            yield Job(key=shard.first, steps=steps, payload=Work(shard=shard))

    # A model computes with as many threads as it does in this process.
    sizes = {pool: PoolSize(threads=cores() if pool == MODELS else 1) for pool, _ in steps}
    while True:
        results = executor.run(worker, jobs(shards), sizes)
        with closing(results):
            for result in results:
                shard = alive.pop(result.key)
                if isinstance(result, Done):
                    yield shard, result.result
                elif len(shard.articles) > 1:
                    lost += shard.halves()
                else:
                    yield shard, worker.lost(shard, result.reason)
        if not lost:
            return
        shards, lost = lost, []
