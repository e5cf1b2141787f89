"""Draws some at a time are the draws all at once, whatever the buffer."""

import numpy as np
import pytest

from tercet.errors import ConfigError
from tercet.stats import hashing
from tercet.stats.hashing import drawn, keyed, streamed


@pytest.mark.parametrize("cached", [1, 50, 1 << 15])
@pytest.mark.parametrize(("n", "first", "count"), [(7, 0, 20), (7, 13, 5), (1, 3, 1), (9, 0, 0)])
def test_they_are_the_same_words(n: int, first: int, count: int, cached: int, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = keyed([str(i) for i in range(n)])
    expected = drawn(keys, 3, first, count, "test")
    monkeypatch.setattr(hashing, "_CACHED", cached)
    found = [words.copy() for words in streamed(keys, 3, first, count, "test")]
    together = np.concatenate([np.empty((0, n), dtype=np.uint64), *found])
    assert (together == expected).all()
    assert together.shape == (count, n)


def test_no_keys_have_no_words_and_a_seed_is_checked() -> None:
    assert [words.shape for words in streamed(keyed([]), 0, 0, 3, "test")] == [(3, 0)]
    with pytest.raises(ConfigError, match="seed is -1"):
        next(streamed(keyed(["a"]), -1, 0, 1, "test"))
