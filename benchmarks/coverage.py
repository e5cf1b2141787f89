"""How often 95 % intervals hold the true score, by the number of articles, and what they cost.

    python -m benchmarks.coverage [--simulations 4000]

Articles are drawn from distributions whose means are known. ``clustered`` has four rows an article that
share 70 % of their variance; ``share`` is a mean of ratios' sums, as precision is; ``zeros`` is a count that
is mostly 0, as contradictions are.
"""

import argparse
import tracemalloc
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.clock import median_seconds, print_table
from tercet.stats.additive import Sums
from tercet.stats.bootstrap import Intervals
from tercet.stats.poisson import poisson_interval

Array = NDArray[np.float64]
_ARTICLES = (5, 10, 24, 50, 200)


def _normal(generator: np.random.Generator, n: int) -> tuple[Array, list[int], float]:
    return _counted(generator.normal(0.4, 0.1, n)), list(range(n)), 0.4


def _clustered(generator: np.random.Generator, n: int) -> tuple[Array, list[int], float]:
    values = generator.normal(0.4, np.sqrt(0.7), n).repeat(4) + generator.normal(0, np.sqrt(0.3), 4 * n)
    return _counted(values), np.arange(n).repeat(4).tolist(), 0.4


def _share(generator: np.random.Generator, n: int) -> tuple[Array, list[int], float]:
    checked = 1 + generator.poisson(5, n)
    supported = generator.binomial(checked, generator.beta(8, 2, n))
    return np.column_stack([supported, checked]).astype(np.float64), list(range(n)), 0.8


def _zeros(generator: np.random.Generator, n: int) -> tuple[Array, list[int], float]:
    counts = generator.poisson(2.0, n) * (generator.random(n) < 0.3)
    return _counted(counts.astype(np.float64)), list(range(n)), 0.6


def _counted(values: Array) -> Array:
    return np.column_stack([values, np.ones(len(values))])


def _ratio(sums: Array) -> Array:
    above, below = sums[..., :-1], sums[..., -1:]
    found: Array = np.full(above.shape, np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found


def _interval(rows: Array, clusters: list[str], seed: int) -> Intervals:
    """As a run takes it: one more column counts the rows."""
    counted = np.column_stack([rows, np.ones(len(rows))])
    sums = Sums.of(counted, clusters, seed=seed, replicates=1000).values
    there = np.full(rows.shape[1] - 1, len(set(clusters)), dtype=np.intp)
    drawn = sums[:, -1:].repeat(len(there), axis=1)
    return poisson_interval(sums[:, :-1], _ratio, drawn=drawn, clusters=there)


def coverage(draw: Callable[..., tuple[Array, list[int], float]], n: int, simulations: int) -> float:
    """Count in how many percent of simulations the interval holds the true value."""
    generator = np.random.Generator(np.random.PCG64(n))
    held = 0
    for seed in range(simulations):
        rows, clusters, truth = draw(generator, n)
        found = _interval(rows, list(map(str, clusters)), seed)
        held += bool(found.low[0] <= truth <= found.high[0])
    return 100 * held / simulations


def main() -> None:
    """Print coverage and cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--simulations", type=int, default=4000)
    simulations = parser.parse_args().simulations
    rows = [
        (draw.__name__.strip("_"), *(f"{coverage(draw, n, simulations):.1f}" for n in _ARTICLES))
        for draw in (_normal, _clustered, _share, _zeros)
    ]
    error = 100 * np.sqrt(0.95 * 0.05 / simulations)
    print(f"Coverage in percent, {simulations} simulations (standard error about {error:.1f})\n")
    print_table(("articles", *map(str, _ARTICLES)), rows)
    big = np.random.Generator(np.random.PCG64(0)).random((10_000, 13))
    names = list(map(str, range(len(big))))

    def work() -> None:
        _interval(big, names, 0)

    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"10,000 articles, 13 columns, 1000 replicates: {median_seconds(work, 3):.2f} s, at most {peak:.0f} MB")


if __name__ == "__main__":
    main()
