"""Random numbers that belong to an id: no index and no state, so that no order, shard or process changes them."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError

Words = NDArray[np.uint64]
# SplitMix64: the step of its counter, and the constants of its finalizer.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def keyed(ids: Sequence[str]) -> Words:
    """Hash ids to 64 bits each; the same in every process, whatever ``PYTHONHASHSEED``.

    Two of n ids share a key with a probability of n² / 2^65: 3 in 10^12 for 10,000 ids.

    >>> [hex(key) for key in keyed(["a", "b"]).tolist()]
    ['0x2f42665b399ef840', '0x754f854de3c27284']
    """
    return np.array([_word(item) for item in ids], dtype=np.uint64)


def drawn(keys: Words, seed: int, first: int, count: int, purpose: str) -> Words:
    """Draw ``count`` words of 64 random bits for each key.

    Every key has a SplitMix64 generator of its own, which begins at a hash of key, seed and purpose; draw
    number r is its r-th output, so that any part of the draws can be had without the ones before it.

    Args:
        keys: (n,) from ``keyed``.
        seed: Any integer from 0.
        first: Number of the first draw, from 0.
        count: How many draws.
        purpose: What they are for: two purposes have nothing in common.

    Returns:
        (count, n).

    Raises:
        ConfigError: The seed is below 0.

    References:
        Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, 2014,
        https://doi.org/10.1145/2660193.2660195.
    """
    if seed < 0:
        raise ConfigError(f"seed is {seed}.", "It must be 0 or more.")
    begin = _mixed(keys ^ np.uint64(_word(f"{purpose}\0{seed}")))
    steps = np.arange(first + 1, first + count + 1, dtype=np.uint64) * _STEP
    return _mixed(steps[:, None] + begin)


def _word(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mixed(words: Words) -> Words:
    """Apply the finalizer of SplitMix64 (Stafford's mix 13), in place: every bit depends on every bit."""
    words ^= words >> np.uint64(30)
    words *= _FIRST
    words ^= words >> np.uint64(27)
    words *= _SECOND
    words ^= words >> np.uint64(31)
    return words
