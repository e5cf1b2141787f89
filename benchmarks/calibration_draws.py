"""Pairs of systems whose true difference is known, many simulations at once.

Every design draws additive rows for two systems over the same articles. With an effect of 0 the systems are
exchangeable but for ``skewed``: there, only the mean difference is 0, which is not what a permutation test tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tercet.metrics.bleu import Bleu
from tercet.stats.paired import Paired, Reduce, paired

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int], float], tuple[Array, Array]]
SEGMENTS = 4  # of an article, on average, where it has several
_SHARED = 0.7  # intra-class correlation of the difference between systems
_MOST, _SHAPE = 0.5, 0.4  # a count's mean and the shape of its gamma: 72 % of the articles have 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Simulations of one design.

    Args:
        a: (rows, simulations, k) the baseline's statistics.
        b: (rows, simulations, k) the candidate's.
        articles: (rows,) the article of each row.
        reduce: (..., k) to (...,).
    """

    a: Array
    b: Array
    articles: tuple[str, ...]
    reduce: Reduce

    @property
    def simulations(self) -> int:
        """How many there are."""
        return len(self.a[0])

    def pair(self, *, by_segment: bool = False) -> Paired:
        """Lay the simulations side by side, as if they were the columns of one metric."""
        rows = len(self.a)
        clusters = [f"{i:06}" for i in range(rows)] if by_segment else self.articles
        return paired(self.a.reshape(rows, -1), self.b.reshape(rows, -1), clusters)

    def side_by_side(self, sums: Array) -> Array:
        """Reduce (..., simulations x k) sums to (..., simulations) scores."""
        reduced: Array = self.reduce(sums.reshape(*sums.shape[:-1], self.simulations, -1))
        return reduced

    def values(self, pair: Paired) -> tuple[Array, Array]:
        """Give both systems' scores of each article; (articles, simulations), for tests of means."""
        return self.side_by_side(pair.a), self.side_by_side(pair.b)


def drawn(name: str, articles: int, simulations: int, *, part: int = 0, effect: float = 0.0) -> Drawn:
    """Draw simulations of a design; the same for the same arguments, in any process.

    Args:
        name: One of ``DESIGNS``.
        articles: How many each simulation has.
        simulations: How many.
        part: Number of this part of the simulations.
        effect: The true difference, candidate minus baseline; of ``precision`` its loss.
    """
    generator = np.random.default_rng([crc32(name.encode()), articles, part])
    a, b = DESIGNS[name](generator, (articles, simulations), effect)
    ids = [f"{i:06}" for i in range(articles)]
    if name == "clustered":
        ids = list(chain.from_iterable(map(repeat, ids, _segments(articles).tolist())))
    return Drawn(a=a, b=b, articles=tuple(ids), reduce=_bleu if name == "bleu" else _ratio)


def _normal(generator: np.random.Generator, shape: tuple[int, int], effect: float) -> tuple[Array, Array]:
    shared = generator.normal(0.4, 0.08, shape)
    noise = generator.normal(0, 0.06, (2, *shape))
    return _counted(shared + noise[0]), _counted(shared + noise[1] + effect)


def _clustered(generator: np.random.Generator, shape: tuple[int, int], effect: float) -> tuple[Array, Array]:
    articles, simulations = shape
    counts = _segments(articles)
    rows = (int(counts.sum()), simulations)
    between = generator.normal(0, np.sqrt(_SHARED), shape).repeat(counts, axis=0)
    within = generator.normal(0, np.sqrt(1 - _SHARED), rows)
    shared = generator.normal(0.4, 0.08, rows)
    return _counted(shared), _counted(shared + 0.08 * (between + within) + effect)


def _heavy(generator: np.random.Generator, shape: tuple[int, int], effect: float) -> tuple[Array, Array]:
    shared = generator.normal(0.4, 0.08, shape)
    return _counted(shared), _counted(shared + 0.05 * generator.standard_t(3, shape) + effect)


def _zeros(generator: np.random.Generator, shape: tuple[int, int], effect: float) -> tuple[Array, Array]:
    prone = generator.gamma(_SHAPE, _MOST / _SHAPE, shape)
    counts = (generator.poisson(prone), generator.poisson(prone * (1 + effect / _MOST)))
    return _counted(counts[0].astype(np.float64)), _counted(counts[1].astype(np.float64))


def _precision(generator: np.random.Generator, shape: tuple[int, int], effect: float) -> tuple[Array, Array]:
    supported = generator.beta(8, 2, shape)
    checked = 1 + generator.poisson(5, (2, *shape))
    held = generator.binomial(checked, np.stack([supported, supported * (1 - effect / 0.8)]))
    rows: Array = np.stack([held, checked], axis=-1).astype(np.float64)
    return rows[0], rows[1]


def _skewed(generator: np.random.Generator, shape: tuple[int, int], effect: float) -> tuple[Array, Array]:
    shared = generator.normal(0.4, 0.08, shape)
    away = generator.lognormal(0, 1, shape) - np.exp(0.5)
    return _counted(shared), _counted(shared + 0.05 * away + effect)


def _ngrams(generator: np.random.Generator, shape: tuple[int, int], effect: float) -> tuple[Array, Array]:
    if effect:
        raise ValueError("the true difference of two BLEU scores is known only where it is 0")
    reference = 8 + generator.poisson(16, shape)
    orders = np.arange(4)
    chance = 0.75 * generator.beta(16, 4, shape)[..., None] ** orders
    systems = []
    for _ in range(2):
        length = np.maximum(1, reference + generator.integers(-3, 4, shape))
        total = np.maximum(0, length[..., None] - orders)
        matched = np.minimum.accumulate(generator.binomial(total, chance), axis=-1)
        systems.append(np.concatenate([length[..., None], reference[..., None], matched, total], axis=-1))
    return systems[0].astype(np.float64), systems[1].astype(np.float64)


DESIGNS: dict[str, Draw] = {
    "normal": _normal,
    "clustered": _clustered,
    "heavy": _heavy,
    "zeros": _zeros,
    "precision": _precision,
    "bleu": _ngrams,
    "skewed": _skewed,
}


def family(articles: int, simulations: int, *, part: int = 0, effect: float = 0.0) -> Drawn:
    """Draw 12 correlated scores: 6 of each of 2 languages; the effect is in the first one only.

    Differences correlate by 0.7 within a language and by 0.3 between languages.

    Returns:
        The statistics of a simulation's scores, and their number of articles, one after another: k = 13.
    """
    generator = np.random.default_rng([crc32(b"family"), articles, part])
    shape = (articles, simulations)
    both = generator.normal(0, np.sqrt(0.3), (*shape, 1))
    language = generator.normal(0, np.sqrt(0.4), (*shape, 2)).repeat(6, axis=-1)
    moved = both + language + generator.normal(0, np.sqrt(0.3), (*shape, 12))
    moved[..., 0] += effect
    ones = np.ones((*shape, 1))
    a = np.concatenate([np.zeros_like(moved), ones], axis=-1)
    b = np.concatenate([moved, ones], axis=-1)
    return Drawn(a=a, b=b, articles=tuple(f"{i:06}" for i in range(articles)), reduce=_means)


def _segments(articles: int) -> NDArray[np.intp]:
    """Give articles 1 to 7 segments by turns, 4 on average."""
    return 1 + np.arange(articles) * 3 % 7


def _counted(values: Array) -> Array:
    return np.stack([values, np.ones_like(values)], axis=-1)


def _ratio(sums: Array) -> Array:
    with np.errstate(invalid="ignore"):  # nothing over nothing is undefined, and NaN
        ratios: Array = sums[..., 0] / sums[..., 1]
    return ratios


def _means(sums: Array) -> Array:
    with np.errstate(invalid="ignore"):
        means: Array = (sums[..., :-1] / sums[..., -1:]).reshape(*sums.shape[:-2], -1)
    return means


def _bleu(sums: Array) -> Array:
    scores: Array = Bleu().reduce(sums)[..., 0]
    return scores
