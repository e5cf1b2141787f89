"""Flips: every pattern once where there are few, else fair coins that belong to a cluster."""

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from tercet.stats import flips as module
from tercet.stats.flips import Flips
from tercet.stats.hashing import drawn, keyed


def taken(flips: Flips, wanted: list[str]) -> NDArray[np.float64]:
    return np.concatenate(list(flips.chunks(wanted)))


def named(n: int) -> tuple[str, ...]:
    return tuple(f"{i:05d}" for i in range(n))


def test_few_clusters_have_every_pattern_once_and_the_first_is_the_identity() -> None:
    flips = Flips(clusters=("c", "a", "b"), seed=0, replicates=8)
    assert (flips.exact, flips.count) == (True, 8)
    found = taken(flips, ["a", "b", "c"])
    assert sorted(map(tuple, found.tolist())) == sorted(product((0.0, 1.0), repeat=3))
    assert not found[0].any()


@pytest.mark.parametrize(("n", "replicates", "exact"), [(0, 1, True), (3, 7, False), (3, 8, True), (13, 10_000, True)])
def test_it_is_exact_where_the_patterns_are_no_more_than_the_replicates(n: int, replicates: int, exact: bool) -> None:
    flips = Flips(clusters=named(n), seed=0, replicates=replicates)
    assert flips.exact is exact is (2**n <= replicates)
    assert len(taken(flips, list(named(n)))) == flips.count == (2**n if exact else replicates)


@pytest.mark.parametrize("replicates", [32, 100])
def test_a_clusters_patterns_do_not_depend_on_what_is_wanted_beside_it(replicates: int) -> None:
    flips = Flips(clusters=("b", "e", "a", "d", "c"), seed=4, replicates=replicates)
    whole = taken(flips, list("abcde"))
    assert (taken(flips, ["d", "b"]) == whole[:, [3, 1]]).all()
    assert taken(flips, []).shape == (flips.count, 0)  # two systems that are the same


def test_random_patterns_do_not_depend_on_which_other_clusters_there_are() -> None:
    few, many = (Flips(clusters=named(n), seed=1, replicates=300) for n in (12, 500))
    assert (taken(few, list(named(12))) == taken(many, list(named(12)))).all()


def test_pattern_r_is_bit_r_mod_64_of_word_r_div_64() -> None:
    ids = list(named(9))
    words = drawn(keyed(ids), 7, 0, 3, "flips").tolist()
    expected = [[words[r // 64][i] >> (r % 64) & 1 for i in range(9)] for r in range(150)]
    assert taken(Flips(clusters=named(9), seed=7, replicates=150), ids).tolist() == expected


@pytest.mark.parametrize("cells", [1, 100, 1000])
@pytest.mark.parametrize("replicates", [777, 1 << 9])
def test_the_size_of_chunks_changes_nothing(cells: int, replicates: int, monkeypatch: pytest.MonkeyPatch) -> None:
    flips = Flips(clusters=named(9), seed=0, replicates=replicates)
    whole = taken(flips, list(named(9)))
    monkeypatch.setattr(module, "_CELLS", cells)
    assert (taken(flips, list(named(9))) == whole).all()
    assert max(chunk.size for chunk in flips.chunks(list(named(9)))) <= max(cells, 9)


def test_seeds_differ_and_coins_are_fair() -> None:
    zero, one = (taken(Flips(clusters=named(40), seed=seed, replicates=4000), list(named(40))) for seed in (0, 1))
    assert (zero == one).mean() == pytest.approx(0.5, abs=5 * 0.5 / 400)
    assert zero.mean(axis=0) == pytest.approx(np.full(40, 0.5), abs=5 * 0.5 / 63)


def test_a_cluster_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="'z' is not among"):
        next(Flips(clusters=("a",), seed=0, replicates=2).chunks(["a", "z"]))


def test_no_more_words_are_drawn_than_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(keys: NDArray[np.uint64], seed: int, first: int, count: int, purpose: str) -> NDArray[np.uint64]:
        asked.append(count)
        return drawn(keys, seed, first, count, purpose)

    monkeypatch.setattr(module, "drawn", counting)
    taken(Flips(clusters=named(20), seed=0, replicates=1000), list(named(20)))
    assert asked == [16]
