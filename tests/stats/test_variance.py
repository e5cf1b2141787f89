"""Variance components: an analysis of variance by hand, closed forms, and a simulation."""

from statistics import fmean, variance

import numpy as np
import pytest

from tercet.stats.variance import components


def by_hand(groups: list[list[float]]) -> tuple[float, float]:
    """The table of an analysis of variance, in plain Python: articles (may be negative), repeats."""
    everything = [value for group in groups for value in group]
    mean, n, a = fmean(everything), len(everything), len(groups)
    between = sum(len(group) * (fmean(group) - mean) ** 2 for group in groups) / (a - 1)
    within = sum((value - fmean(group)) ** 2 for group in groups for value in group) / (n - a)
    n0 = (n - sum(len(group) ** 2 for group in groups) / n) / (a - 1)
    return (between - within) / n0, within


def flat(groups: list[list[float]]) -> tuple[np.ndarray, list[int]]:
    return np.array([v for group in groups for v in group]), [i for i, group in enumerate(groups) for _ in group]


@pytest.mark.parametrize(
    "groups",
    [
        [[0.1, 0.2, 0.4], [0.5, 0.7, 0.5], [0.2, 0.9, 0.3]],
        [[0.1], [0.5, 0.7, 0.8, 0.4], [0.2, 0.3]],
        [[0.5, 0.5], [0.5, 0.5]],
    ],
)
def test_it_is_the_analysis_of_variance_by_hand(groups: list[list[float]]) -> None:
    found = components(*flat(groups))
    articles, repeats = by_hand(groups)
    assert found.raw == pytest.approx(articles, abs=1e-15)
    assert found.articles == pytest.approx(max(0.0, articles), abs=1e-15)
    assert found.repeats == pytest.approx(repeats)
    assert found.total == pytest.approx(max(0.0, articles) + repeats, abs=1e-15)
    assert found.articles_count == len(groups)
    assert found.repeats_mean == pytest.approx(fmean(map(len, groups)))


def test_generations_that_differ_more_than_articles_leave_the_articles_0_and_keep_the_estimate() -> None:
    found = components(*flat([[0.0, 1.0], [0.0, 1.0]]))
    assert (found.articles, found.raw, found.repeats, found.total) == (0.0, -0.25, 0.5, 0.5)


def test_one_generation_each_leaves_both_unknown_and_not_0() -> None:
    values = [0.1, 0.5, 0.4]
    found = components(np.array(values), "abc")
    assert (found.articles, found.repeats, found.raw) == (None, None, None)
    assert found.total == pytest.approx(variance(values))


def test_one_article_tells_of_its_generations_alone() -> None:
    found = components(np.array([0.1, 0.3]), "aa")
    assert (found.articles, found.total) == (None, None)
    assert found.repeats == pytest.approx(0.02)


def test_nothing_is_known_of_nothing() -> None:
    found = components(np.array([np.nan]), "a")
    assert (found.articles, found.repeats, found.total) == (None, None, None)
    assert (found.articles_count, found.repeats_mean) == (0, 0.0)


def test_unscored_answers_do_not_count() -> None:
    values, articles = flat([[0.1, 0.2], [0.5, 0.7]])
    more = np.array([np.nan, *values, np.nan])
    assert components(more, [9, *articles, 1]) == components(values, articles)


def test_it_does_not_depend_on_the_level_or_the_order() -> None:
    values, articles = flat([[0.1, 0.2, 0.4], [0.5, 0.7, 0.5]])
    found = components(values, articles)
    moved = components((1000 + values)[::-1], articles[::-1])
    assert moved.articles == pytest.approx(found.articles, rel=1e-9)
    assert moved.repeats == pytest.approx(found.repeats, rel=1e-9)


@pytest.mark.parametrize("sizes", [(3,), (1, 2, 6)])
def test_a_simulation_gives_back_its_components(sizes: tuple[int, ...]) -> None:
    generator = np.random.Generator(np.random.PCG64(0))
    counts = [sizes[i % len(sizes)] for i in range(30)]
    articles = np.arange(30).repeat(counts)
    found = []
    for _ in range(400):
        effects = generator.normal(0, 0.3, 30)
        found.append(components(effects[articles] + generator.normal(0, 0.2, len(articles)), articles.tolist()))
    assert fmean(item.raw or 0.0 for item in found) == pytest.approx(0.09, rel=0.06)
    assert fmean(item.repeats or 0.0 for item in found) == pytest.approx(0.04, rel=0.04)
