"""Keyed draws: the published generator, no order, no process, and bits that look like chance."""

import os
import subprocess
import sys
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.errors import ConfigError
from tercet.stats.hashing import _mix, drawn, keyed


def test_the_words_are_splitmix64s() -> None:
    # The first outputs for the state 1234567, as https://prng.di.unimi.it/splitmix64.c prints them.
    steps = np.arange(1, 6, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    words = np.uint64(1234567) + steps
    _mix(words, np.empty_like(words))
    assert words.tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


@given(st.lists(st.text(max_size=5), unique=True, max_size=20), st.randoms(use_true_random=False))
def test_an_id_has_its_draws_wherever_it_stands(ids: list[str], order: Random) -> None:
    whole = drawn(keyed(ids), 3, 0, 4, "test")
    shuffled = list(range(len(ids)))
    order.shuffle(shuffled)
    assert (drawn(keyed([ids[i] for i in shuffled]), 3, 0, 4, "test") == whole[:, shuffled]).all()


def test_draws_can_be_had_without_the_ones_before() -> None:
    keys = keyed([str(i) for i in range(7)])
    assert (drawn(keys, 1, 0, 100, "test")[63:80] == drawn(keys, 1, 63, 17, "test")).all()


def test_seed_0_is_a_seed_and_purposes_have_nothing_in_common() -> None:
    keys = keyed(["a", "b"])
    found = {
        drawn(keys, seed, 0, 3, purpose).tobytes() for seed in (0, 1, 10, 2**70) for purpose in ("flips", "poisson", "")
    }
    assert len(found) == 12
    assert drawn(keys, 0, 0, 3, "flips").tobytes() in found
    with pytest.raises(ConfigError, match="seed is -1"):
        drawn(keys, -1, 0, 1, "flips")


def test_a_half_of_a_surrogate_pair_is_an_id_too() -> None:
    assert len(set(keyed(["\ud83d", "\ude00", ""]).tolist())) == 3


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_a_process_of_its_own_draws_the_same(hash_seed: str) -> None:
    code = "from tercet.stats.hashing import *; print(drawn(keyed(['a', '文']), 0, 0, 2, 'test').tolist())"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert told.strip() == str(drawn(keyed(["a", "文"]), 0, 0, 2, "test").tolist())


def test_every_bit_is_a_fair_coin_and_no_two_move_together() -> None:
    words = drawn(keyed([f"article-{i}" for i in range(32)]), 0, 0, 4096, "test")
    bits = np.unpackbits(words.view(np.uint8), axis=1).reshape(4096, 32 * 64) - 0.5
    # 2,048 coins, 4,096 throws each: five standard errors.
    assert np.abs(bits.mean(axis=0)).max() < 5 * 0.5 / 64
    together = bits.T @ bits / 4096 * 4
    np.fill_diagonal(together, 0.0)
    assert np.abs(together).max() < 6.5 / 64  # of 2 million pairs
    assert together.var() == pytest.approx(1 / 4096, rel=0.01)
