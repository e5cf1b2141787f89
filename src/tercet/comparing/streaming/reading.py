"""The rows of a large run, read in batches, and checked against what the run says of itself as they pass."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.arrow import strings
from tercet.comparing.matching import Key
from tercet.comparing.streaming.caselist import CaseList, Order
from tercet.comparing.streaming.digests import ColumnDigest
from tercet.comparing.tables import Table, check_columns, check_schema, metrics_of, same, signature_of, values_of
from tercet.comparing.told import check_told
from tercet.errors import RunError
from tercet.metrics.contract import LOST, Metric, Rows
from tercet.runs import Run, check_whole, keeps_outputs
from tercet.scores import segment_scores

ROWS = 1 << 13  # of a batch
_AGAIN = "Repeat the command that made it."
_NOTHING: Mapping[str, str] = {}


class Reading:
    """A large run that is read from its files, table by table.

    Whatever is read is checked; ``finish`` reads what nobody asked for.

    Args:
        run: The run; its files are those that were written with it.

    Raises:
        RunError: A file was changed, or says what cannot be.
        ConfigError: A metric of the run cannot be built here.
    """

    def __init__(self, run: Run) -> None:
        check_told(run)
        check_whole(run)
        self.run = run
        self.metrics = metrics_of(run)
        self._places = _places(run)
        self._checked: set[Key] = set()
        self._lost: NDArray[np.bool_] | None = None

    @property
    def signatures(self) -> dict[Key, str]:
        """The signature of each table, in the order of the rows."""
        return {key: signature_of(self.run, *key) for key in self._places}

    def metric(self, name: str) -> Metric:
        """The metric that made a table.

        Raises:
            RunError: The run's config has none.
        """
        if name not in self.metrics:
            place = f"{self.run.folder}/scores.parquet"
            raise RunError(f"{place}: there is no metric '{name}' in the run's config.", _AGAIN)
        return self.metrics[name]

    def batches(self, key: Key, cases: CaseList) -> Iterator[Table]:
        """Read the rows of a metric and language; tables of ``ROWS`` rows, but for the last.

        Args:
            key: Which.
            cases: The run's.

        Raises:
            RunError: The rows are not those of the cases, or the scores not those of the rows.
        """
        order = cases.orders.get(key[1], _NONE)
        check = _Check(self.run, key, self.metric(key[0]), order)
        if len(self._places[key]) != order.count:
            raise RunError(
                f"{self.run.folder}/scores.parquet: {' '.join(key)}: {len(self._places[key])} rows, and the run has"
                f" {order.count} cases; each needs one.",
                _AGAIN,
            )
        done = 0
        for group in _cut(self._groups(self._places[key])):
            table = check.table(group, done)
            self._note_lost(table, cases, done)
            done += len(table.cases)
            yield table
        check.finish()
        self._checked.add(key)

    def finish(self, cases: CaseList) -> int:
        """Read what was not read, and count the cases that lack an output.

        Args:
            cases: The run's.

        Raises:
            RunError: As ``batches``; or the outputs are not those of the cases.
        """
        for key in self._places:
            if key not in self._checked:
                for _ in self.batches(key, cases):
                    pass
        told = {(item["metric"], item["language"]) for item in self.run.info["scores"]}
        if lacking := sorted(told - set(self._places)):
            where = f"{self.run.folder}/scores.parquet"
            raise RunError(f"{where}: there are no rows for {' '.join(lacking[0])}.", _AGAIN)
        lost = self._lost_flags(cases)
        if keeps_outputs(self.run.info):
            lost |= _empty(self.run, cases)
        return int(lost.sum())

    def _lost_flags(self, cases: CaseList) -> NDArray[np.bool_]:
        if self._lost is None:
            self._lost = np.zeros(len(cases), dtype=bool)
        return self._lost

    def _note_lost(self, table: Table, cases: CaseList, done: int) -> None:
        lost = [i for i, reason in enumerate(table.rows.unscored) if reason is not None and reason.startswith(LOST)]
        if lost:
            self._lost_flags(cases)[cases.in_language(table.language)[done + np.array(lost)]] = True

    def _groups(self, place: range) -> Iterator[Any]:
        """Read rows of the file, as pyarrow tables of any size."""
        import pyarrow as pa

        file = _opened(self.run)
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        ends = np.cumsum(sizes)
        first, last = (int(np.searchsorted(ends, row, side="right")) for row in (place.start, place.stop - 1))
        at = int(ends[first]) - sizes[first]
        for batch in _batches(self.run, file, ROWS, row_groups=range(first, last + 1), columns=_COLUMNS):
            begin, end = max(place.start - at, 0), min(place.stop - at, len(batch))
            at += len(batch)
            if begin < end:
                yield pa.Table.from_batches([batch.slice(begin, end - begin)])


_COLUMNS = ["segment", "cluster", "repeat", "unscored", "statistics", "gaps"]
_NONE = Order(count=0, ids=ColumnDigest().value(), clusters=ColumnDigest().value(), repeats=np.empty(0, dtype=np.int32))


class _Check:
    """What the rows of a table must be, and what they come to."""

    def __init__(self, run: Run, key: Key, metric: Metric, order: Order) -> None:
        self._run, self._metric, self._order = run, metric, order
        self._name, self._language = key
        self._place = f"{run.folder}/scores.parquet: {' '.join(key)}"
        check_columns(run, self._name, metric, self._place)
        self._ids, self._clusters = ColumnDigest(), ColumnDigest()
        self._rows = 0
        self._total = np.zeros(len(metric.columns))
        self._present = np.zeros(len(metric.scores), dtype=np.int64)

    def table(self, group: Any, done: int) -> Table:
        """Make a table of some rows, which begin at row ``done`` of the language."""
        count = len(group)
        ids, clusters = group["segment"].combine_chunks(), group["cluster"].combine_chunks()
        self._ids.add(ids)
        self._clusters.add(clusters)
        self._rows += count
        if not np.array_equal(group["repeat"].to_numpy(), self._order.repeats[done : done + count]):
            raise RunError(f"{self._place}: a row has another repeat than its case.", _AGAIN)
        rows = self._rows_of(group)
        by_segment = segment_scores(self._metric, rows)
        present = by_segment.present()
        self._total += rows.total()
        self._present += present.sum(axis=0)
        return Table(
            metric=self._metric,
            name=self._name,
            language=self._language,
            signature=signature_of(self._run, self._name, self._language),
            cases=tuple(ids.to_pylist()),
            clusters=tuple(clusters.to_pylist()),
            rows=rows,
            by_segment=by_segment,
            present=present,
        )

    def _rows_of(self, group: Any) -> Rows:
        count = len(group)
        unscored: list[str | None] = group["unscored"].to_pylist()
        gaps = group["gaps"].combine_chunks()
        told = [dict(one or ()) for one in gaps.to_pylist()] if len(gaps.keys) else [_NOTHING] * count
        return Rows(
            values=values_of(self._place, group, [reason is None for reason in unscored], self._metric.columns),
            unscored=tuple(unscored),
            gaps=tuple(told),
            evidence=((),) * count,
        )

    def finish(self) -> None:
        """Refuse rows that are not of the cases, and scores that are not of the rows."""
        order = self._order
        if self._ids.value() != order.ids:
            raise RunError(f"{self._place}: the rows are not of the cases, in their order.", _AGAIN)
        if self._clusters.value() != order.clusters:
            raise RunError(f"{self._place}: a row has another cluster than its case.", _AGAIN)
        items = {
            item["score"]: item
            for item in self._run.info["scores"]
            if (item["metric"], item["language"]) == (self._name, self._language)
        }
        values = np.asarray(self._metric.reduce(self._total)).tolist()
        for spec, value, scored in zip(self._metric.scores, values, self._present.tolist(), strict=True):
            if not _is_told(items.get(spec.name, {}), value, scored, self._rows):
                raise RunError(
                    f"{self._run.folder}/run.json: {spec.name} {self._language} is not what its rows come to.", _AGAIN
                )


def _is_told(item: Mapping[str, Any], value: float, scored: int, total: int) -> bool:
    """Whether a score is as ``run.json`` has it."""
    known = bool(scored) and bool(np.isfinite(value))
    if (item.get("scored"), item.get("total")) != (scored if known else 0, total):
        return False
    return same(item.get("value"), value if known else None)


def _opened(run: Run) -> Any:
    from pyarrow import ArrowException, parquet

    try:
        return parquet.ParquetFile(run.folder / "scores.parquet", buffer_size=1 << 20, pre_buffer=False)
    except (OSError, ValueError, ArrowException) as error:
        raise RunError(f"{run.folder}/scores.parquet: cannot be read: {error}.", _AGAIN) from error


def _batches(run: Run, file: Any, size: int, **chosen: Any) -> Iterator[Any]:
    """Read batches of rows, each whole."""
    from pyarrow import ArrowException

    try:
        for batch in file.iter_batches(size, use_threads=False, **chosen):
            batch.validate(full=True)
            yield batch
    except (OSError, ValueError, ArrowException) as error:
        raise RunError(f"{run.folder}/scores.parquet: cannot be read: {error}.", _AGAIN) from error


def _places(run: Run) -> dict[Key, range]:
    """Say which rows of the file are of which metric and language."""
    file = _opened(run)
    check_schema(file.schema_arrow, f"{run.folder}/scores.parquet")
    found: dict[Key, range] = {}
    done, last = 0, None
    for batch in _batches(run, file, 1 << 16, columns=["metric", "language"]):
        for start, key in _changes(batch):
            if key != last and key in found:
                raise RunError(f"{run.folder}/scores.parquet: the rows of a metric are not together.", _AGAIN)
            found.setdefault(key, range(done + start, done + start))
            last = key
        _close(found, done, done + len(batch))
        done += len(batch)
    return found


def _changes(batch: Any) -> list[tuple[int, Key]]:
    """Say at which rows of a batch another metric or language begins; at the first at least."""
    names, codes = (batch[name].dictionary_encode() for name in ("metric", "language"))
    numbers = np.stack([column.indices.to_numpy() for column in (names, codes)])
    starts = np.concatenate([[0], np.flatnonzero((np.diff(numbers) != 0).any(axis=0)) + 1])[: len(batch)]
    return [(int(i), (names[int(i)].as_py(), codes[int(i)].as_py())) for i in starts]


def _close(found: dict[Key, range], begin: int, end: int) -> None:
    """Let each table that is in a batch of rows end where the next begins, the last one at the batch's end."""
    keys = list(found)
    for i, key in enumerate(keys):
        if found[key].stop >= begin:
            stop = found[keys[i + 1]].start if i + 1 < len(keys) else end
            found[key] = range(found[key].start, stop)


def _cut(groups: Iterator[Any]) -> Iterator[Any]:
    """Cut tables of any size into such of ``ROWS`` rows, so that those of two runs are in step."""
    import pyarrow as pa

    waiting: list[Any] = []
    count = 0
    for group in groups:
        waiting.append(group)
        count += len(group)
        while count >= ROWS:
            whole = pa.concat_tables(waiting).combine_chunks()
            yield whole.slice(0, ROWS)
            count -= ROWS
            waiting = [whole.slice(ROWS)] if count else []
    if count:
        yield pa.concat_tables(waiting).combine_chunks()


def _empty(run: Run, cases: CaseList) -> NDArray[np.bool_]:
    """Say which cases have no output, or an empty one; the outputs must be those of the cases."""
    digest, waiting = ColumnDigest(), []
    found = np.zeros(len(cases), dtype=bool)
    number = 0
    for number, output in enumerate(run.each_output(), 1):
        waiting.append(output.case_id)
        if number <= len(cases):
            found[number - 1] = not (output.text or "").strip()
        if len(waiting) == ROWS:
            digest.add(strings(waiting))
            waiting.clear()
    digest.add(strings(waiting))
    if number != len(cases) or digest.value() != cases.ids:
        raise RunError(f"{run.folder}/outputs.jsonl: not the outputs of the cases, in their order.", _AGAIN)
    return found
