"""The tables of ``benchmarks.scale``: what runs took, how time grows, whether bits are equal, and the peers."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

from benchmarks.clock import print_table
from benchmarks.process_tree import Usage
from benchmarks.scale_peers import PACKAGES


class Measured(NamedTuple):
    """A run of the command.

    Args:
        usage: What it took.
        scores: Of run.json, and the hashes of the run's files: equal for equal runs.
        folder_mb: What it wrote.
    """

    usage: Usage
    scores: dict[str, Any]
    folder_mb: float


class Peer(NamedTuple):
    """A peer over the first segments.

    Args:
        segments: How many were measured.
        usage: What it took; time is scaled up where more were asked for, memory is not.
        scores: Of those that were measured.
    """

    segments: int
    usage: Usage
    scores: dict[str, float]


Runs = Mapping[tuple[int, int], Measured]  # by the number of segments and of workers


def workers_named(count: int) -> str:
    """Say how many workers."""
    return "no executor" if count == 0 else f"{count} worker{'s' if count > 1 else ''}"


def slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """By what power of the size the time grows: the slope of a line through the logarithms, by least squares."""
    x, y = ([math.log(value) for value in values] for values in (sizes, seconds))
    return statistics.linear_regression(x, y).slope


def _number(value: float) -> str:
    """Three digits that count, and no exponent."""
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"


def print_runs(measured: Runs) -> None:
    """Print what each run took."""
    rows = []
    for (size, workers), (usage, _, folder_mb) in measured.items():
        rows.append(
            (
                f"{size:,} segments, {workers_named(workers)}",
                _number(usage.seconds),
                _number(1_000 * usage.seconds / size),
                _number(usage.cpu_seconds),
                f"{usage.largest.peak_mb:.0f} ({usage.largest.name})",
                f"{usage.together_mb:.0f}",
                len(usage.processes),
                f"{folder_mb:.1f}",
            )
        )
    head = ("tercet score", "seconds", "seconds per 1,000", "CPU seconds", "largest process MB", "together MB")
    print_table((*head, "processes", "written MB"), rows)


def print_scaling(measured: Runs, workers: Sequence[int], sizes: Sequence[int]) -> None:
    """Print how time grows with the segments, and falls with the workers."""
    if len(sizes) > 1:
        for count in workers:
            seconds = [measured[size, count].usage.seconds for size in sizes]
            more = 1_000 * (seconds[-1] - seconds[0]) / (sizes[-1] - sizes[0])
            print(f"{workers_named(count)}: time grows as segments to the power {slope(sizes, seconds):.3f}; ", end="")
            print(f"each further 1,000 take {more:.3g} s, and the start {seconds[0] - more * sizes[0] / 1_000:.1f} s.")
    first = workers[0]
    for size in sizes:
        for count in workers[1:]:
            run = measured[size, count].usage
            ratio = measured[size, first].usage.seconds / run.seconds
            print(f"{size:,} segments: {workers_named(count)} {ratio:.2f} times as fast as {first or 1}, ", end="")
            print(f"an efficiency of {ratio * (first or 1) / count:.0%}.")
            seen = sum(process.name == "worker" for process in run.processes)
            if seen < count:  # then a comparison of bits compares nothing either
                print(f"BEWARE: {seen} worker processes were seen, not {count}: the executor did not spread the work.")
    print()


def print_equality(measured: Runs, workers: Sequence[int], sizes: Sequence[int]) -> bool:
    """Print whether scores and files are the same whatever the workers.

    Returns:
        Whether they are.
    """
    if len(workers) < 2:
        print("Scores with other numbers of workers: not compared, there is one.\n")
        return True
    fine = True
    for size in sizes:
        runs = [measured[size, count].scores for count in workers]
        # As text: a float's digits tell each bit of it, and an unscored NaN equals itself.
        for key in ("scores", "files"):
            equal = len({json.dumps(run[key], sort_keys=True) for run in runs}) == 1
            told = "equal to the bit" if equal else "DIFFERENT"
            print(f"{size:,} segments, {key}: {told} with {' and '.join(map(str, workers))} workers.")
            fine &= equal
    print()
    return fine


def print_peers(found: Mapping[int, Mapping[str, Peer]], alike: Mapping[int, Measured], workers: str) -> None:
    """Print the peers' time and memory, and their ratios to tercet's with the same metrics.

    Args:
        found: By the number of segments, what each peer took.
        alike: What tercet took with the peers' metrics alone.
        workers: With how many workers it did, in words.
    """
    rows: list[tuple[object, ...]] = []
    for size, run in alike.items():
        ours = run.usage
        wall = cpu = peak = 0.0
        for name, (segments, usage, _) in found[size].items():
            wall, cpu = wall + usage.seconds, cpu + usage.cpu_seconds
            peak = max(peak, usage.largest.peak_mb)
            package, what = PACKAGES[name]
            scaled = f", measured at {segments:,} and scaled (but for memory)" if segments < size else ""
            label = f"{size:,}: {package} {version(package)}, {what}{scaled}"
            rows.append(_row(label, usage.seconds, usage.cpu_seconds, usage.largest.peak_mb, ours))
        rows.append(_row(f"{size:,}: all three, one after the other", wall, cpu, peak, ours))
        mine = (ours.seconds, ours.cpu_seconds, ours.largest.peak_mb)
        rows.append(_row(f"{size:,}: tercet with these metrics, {workers}", *mine, ours))
    print_table(("segments: who", "seconds", "CPU seconds", "largest process MB", "seconds, to tercet's", "CPU"), rows)
    for size, run in alike.items():
        _print_differences(size, found[size], run)


def _row(label: str, seconds: float, cpu: float, peak: float, ours: Usage) -> tuple[object, ...]:
    ratios = (_number(seconds / ours.seconds), _number(cpu / ours.cpu_seconds))
    return label, _number(seconds), _number(cpu), f"{peak:.0f}", *ratios


def _print_differences(size: int, found: Mapping[str, Peer], run: Measured) -> None:
    """Print how far the scores are from the peers', where both scored the same segments."""
    ours = {item["score"]: item["value"] for item in run.scores["scores"]}
    for peer in found.values():
        shared = peer.scores if peer.segments == size else {}
        for name in sorted(shared.keys() & ours.keys()):
            apart = abs(ours[name] - peer.scores[name])
            print(f"{size:,} segments, {name}: {ours[name]!r}, the peer's {peer.scores[name]!r}, {apart:.1e} apart.")
    print()
