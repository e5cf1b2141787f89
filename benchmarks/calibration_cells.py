"""The measurements of the calibration: each takes a design and a number of articles, and gives percentages."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration_draws import Drawn, drawn, family
from benchmarks.calibration_peers import sacrebleu_p
from tercet.stats.bootstrap import delta_interval, paired_bootstrap
from tercet.stats.corrections import benjamini_hochberg, holm, max_t
from tercet.stats.flips import Flips
from tercet.stats.jackknife import delta_left_out, standard_error
from tercet.stats.levels import Method
from tercet.stats.means import Outcome, t_test, wilcoxon
from tercet.stats.paired import Paired, Reduce, delta
from tercet.stats.power import detectable, power
from tercet.stats.randomization import p_values, randomized

Array = NDArray[np.float64]
ALPHA = 0.05
ENDS: tuple[tuple[Method, bool], ...] = tuple(product(("percentile", "bca"), (False, True)))
_PERMUTATIONS = 999
_RESAMPLES = 999
# Simulations of a part share their permutations and resamples, which makes thousands of them cheap; a part has
# its own. Each simulation's rate is what it would be alone, and parts are enough for that to average out.
_TOGETHER = 50
_LARGE = 50_000  # articles over which a design's true standard error is taken
_APART = 1 << 20  # the number of a part that no simulation has


def type_one(name: str, articles: int, simulations: int, peers: int) -> dict[str, float]:
    """Measure how often tests find a difference where there is none.

    Args:
        name: The design.
        articles: How many.
        simulations: How many for our tests.
        peers: How many of the first of them for sacrebleu's, which takes them one by one.

    Returns:
        Percent by test.
    """
    found: dict[str, list[Array]] = {}
    taken = 0
    for seed, some in _parts(name, articles, simulations):
        pair = some.pair()
        columns = {
            "randomization": _randomization(pair, some.side_by_side, seed),
            "bootstrap": paired_bootstrap(pair, some.side_by_side, seed=seed, replicates=_RESAMPLES),
            "t": _each(t_test, some, pair),
            "Wilcoxon": _each(wilcoxon, some, pair),
        }
        if name == "clustered":
            columns["by segment"] = _randomization(some.pair(by_segment=True), some.side_by_side, seed)
        own = range(min(some.simulations, peers - taken))
        if own:
            pairs = np.array([sacrebleu_p(some, i, 1 + taken + i) for i in own])
            columns |= {"sacrebleu ar": pairs[:, 0], "sacrebleu bs": pairs[:, 1]}
        taken += len(own)
        for test, values in columns.items():
            found.setdefault(test, []).append(values)
    return {test: _percent(np.concatenate(values) <= ALPHA) for test, values in found.items()}


def coverage(name: str, articles: int, simulations: int) -> dict[str, float]:
    """Measure how often intervals of 95 % hold the true difference, by how they are cut.

    Returns:
        Percent by method and whether it is expanded; what has no interval does not hold it.
    """
    held: dict[str, list[NDArray[np.bool_]]] = {}
    for seed, some in _parts(name, articles, simulations):
        pair = some.pair()
        for method, expanded in ENDS:
            found = delta_interval(pair, some.side_by_side, seed=seed, method=method, expanded=expanded)
            held.setdefault(named(method, expanded), []).append((found.low <= 0) & (found.high >= 0))
    return {ends: _percent(np.concatenate(flags)) for ends, flags in held.items()}


def named(method: Method, expanded: bool) -> str:
    """Name a way to cut an interval."""
    return f"{method}, expanded" if expanded else method


def familywise(articles: int, simulations: int) -> dict[str, float]:
    """Measure how often one or more of 12 correlated tests find a difference, by correction.

    Returns:
        Percent with no true difference, and how often the one true difference is found that a single test would
        find in 80 %.
    """
    effect = detectable(articles**-0.5, articles)
    found: dict[str, float] = {}
    for label, moved in (("null", 0.0), ("true", effect or 0.0)):
        adjusted: dict[str, list[Array]] = {}
        for seed, some in _parts("family", articles, simulations, moved):
            for correction, values in _corrected(some, seed).items():
                adjusted.setdefault(correction, []).append(values[:, :1] if moved else values)
        for correction, tested in adjusted.items():
            significant: NDArray[np.bool_] = np.concatenate(tested) <= ALPHA
            found[f"{label}: {correction}"] = _percent(significant.any(axis=1))
    return found


def powers(name: str, articles: int, simulations: int) -> dict[float, tuple[float, float, float]]:
    """Compare how often approximate randomization finds a true difference with what ``power`` predicts.

    Returns:
        By the power that is aimed at (50, 80, 90): percent that is predicted from the design's true spread, the
        mean of what each simulation predicts from its own jackknife, and percent found.
    """
    results = {}
    for aim in (0.5, 0.8, 0.9):
        effect, error = _aimed(name, articles, aim)
        found, own = [], []
        for seed, some in _parts(name, articles, simulations, effect):
            pair = some.pair()
            found.append(_randomization(pair, some.side_by_side, seed))
            errors = standard_error(delta_left_out(pair, some.side_by_side))
            own += [power(effect, each, articles) for each in errors.tolist()]
        predicted = 100 * power(effect, error, articles)
        results[100 * aim] = predicted, 100 * float(np.mean(own)), _percent(np.concatenate(found) <= ALPHA)
    return results


def _parts(name: str, articles: int, simulations: int, effect: float = 0.0) -> Iterator[tuple[int, Drawn]]:
    for part in range(-(-simulations // _TOGETHER)):
        some = min(_TOGETHER, simulations - part * _TOGETHER)
        if name == "family":
            yield part, family(articles, some, part=part, effect=effect)
        else:
            yield part, drawn(name, articles, some, part=part, effect=effect)


def _randomization(pair: Paired, reduce: Reduce, seed: int) -> Array:
    flips = Flips(clusters=pair.clusters, seed=seed, replicates=_PERMUTATIONS)
    return p_values(delta(pair, reduce), randomized(pair, reduce, flips), exact=flips.exact)


def _each(test: Callable[[Array, Array], Outcome], some: Drawn, pair: Paired) -> Array:
    a, b = some.values(pair)
    found = [test(a[:, i], b[:, i]).p for i in range(some.simulations)]
    return np.array([1.0 if p is None else p for p in found])  # no test finds nothing


def _corrected(some: Drawn, seed: int) -> dict[str, Array]:
    """Correct the 12 p-values of each simulation; (simulations, 12)."""
    pair = some.pair()
    flips = Flips(clusters=pair.clusters, seed=seed, replicates=_PERMUTATIONS)
    observed = delta(pair, some.side_by_side)
    deltas = randomized(pair, some.side_by_side, flips)
    p = p_values(observed, deltas, exact=flips.exact).reshape(some.simulations, -1)
    columns = np.arange(observed.size).reshape(p.shape)
    return {
        "none": p,
        "Holm": np.array([holm(row) for row in p]),
        "Benjamini-Hochberg": np.array([benjamini_hochberg(row) for row in p]),
        "max-T": np.array([max_t(observed[own], deltas[:, own], exact=flips.exact) for own in columns]),
    }


def _aimed(name: str, articles: int, aim: float) -> tuple[float, float]:
    """Find the effect that has this power by the design's true spread, which may depend on the effect."""
    effect = 0.0
    for _ in range(4):
        large = drawn(name, _LARGE, 1, part=_APART, effect=effect)
        errors = standard_error(delta_left_out(large.pair(), large.side_by_side))
        error = float(errors[0]) * (_LARGE / articles) ** 0.5
        effect = detectable(error, articles, power=aim) or 0.0
    return effect, error


def _percent(flags: Any) -> float:
    return 100 * float(np.mean(flags))
