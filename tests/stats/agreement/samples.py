"""Made-up observations, and statistics by the plainest code there is."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from tercet.stats.agreement import Sample

Array = NDArray[np.float64]
ORACLES: dict[str, Callable[..., tuple[float, float]]] = {
    "pearson": stats.pearsonr,
    "spearman": stats.spearmanr,
    "kendall": stats.kendalltau,
}


def oracle(name: str, x: Sequence[float] | Array, y: Sequence[float] | Array) -> float:
    """scipy's coefficient; NaN where it has none."""
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    return float(ORACLES[name](x, y)[0])


def mean(values: Sequence[float]) -> float:
    """Of what is known."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def copies(values: Array, weights: Array) -> Array:
    return np.repeat(values, weights.astype(int))


def pairs(weights: Array) -> Iterator[tuple[int, int, float]]:
    """Every two observations, and how often both are there."""
    for i, j in combinations(range(len(weights)), 2):
        yield i, j, float(weights[i] * weights[j])


@st.composite
def observations(draw: st.DrawFn, *, least: int = 2, most: int = 20) -> tuple[Array, Array, Array]:
    """Judgements and scores with many ties, and weights."""
    n = draw(st.integers(least, most))
    human = draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    metric = draw(st.lists(st.integers(0, 40).map(lambda k: k / 8), min_size=n, max_size=n))
    weights = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    return np.array(human, dtype=float), np.array(metric), np.array(weights, dtype=float)


def graded(
    seed: int, *, items: int = 12, systems: int = 5, per_cluster: int = 2, skill: float = 0.8, missing: float = 0.1
) -> Sample:
    """A sample with two metrics: one that people's judgements are seen in, one that is noise; some are missing."""
    generator = np.random.default_rng(seed)
    n = items * systems
    item, system = np.arange(n) // systems, np.arange(n) % systems
    human: Array = np.rint(generator.normal(size=n) + 0.5 * system)
    good = skill * human + generator.normal(size=n)
    noise = generator.normal(size=n)
    for values in (human, good, noise):
        values[generator.random(n) < missing] = np.nan
    return Sample.of(
        human=human, item=item, system=system, cluster=item // per_cluster, metrics={"good": good, "noise": noise}
    )
