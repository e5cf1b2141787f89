"""Random numbers that belong to an id: no index and no state, so that no order, shard or process changes them."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError

Words = NDArray[np.uint64]
_CACHED = 1 << 15  # words in a buffer: 256 kB, which a processor's cache holds
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
    return np.array([key_of(item) for item in ids], dtype=np.uint64)


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
    found = np.empty((count, len(keys)), dtype=np.uint64)
    done = 0
    for words in streamed(keys, seed, first, count, purpose):
        found[done : done + len(words)] = words
        done += len(words)
    return found


def streamed(keys: Words, seed: int, first: int, count: int, purpose: str) -> Iterator[Words]:
    """Draw as ``drawn`` does, some at a time in one small buffer: what is yielded is overwritten by what comes next.

    Args:
        keys: (n,) from ``keyed``.
        seed: Any integer from 0.
        first: Number of the first draw, from 0.
        count: How many draws.
        purpose: What they are for.

    Yields:
        (some, n), one after the other: (count, n) in all.

    Raises:
        ConfigError: The seed is below 0.
    """
    if seed < 0:
        raise ConfigError(f"seed is {seed}.", "It must be 0 or more.")
    begin = keys ^ np.uint64(key_of(f"{purpose}\0{seed}"))
    _mix(begin, np.empty_like(begin))
    at_once = min(max(1, _CACHED // max(1, len(keys))), max(1, count))
    words = np.empty((at_once, len(keys)), dtype=np.uint64)
    spare = np.empty_like(words)
    for done in range(first, first + count, at_once):
        some = min(at_once, first + count - done)
        steps = np.arange(done + 1, done + some + 1, dtype=np.uint64) * _STEP
        np.add(steps[:, None], begin, out=words[:some])
        _mix(words[:some], spare[:some])
        yield words[:some]


def key_of(text: str) -> int:
    """Hash a text to 64 bits; see ``keyed``."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mix(words: Words, spare: Words) -> None:
    """Apply the finalizer of SplitMix64 (Stafford's mix 13), in place: every bit depends on every bit."""
    for shift, factor in ((30, _FIRST), (27, _SECOND)):
        words ^= np.right_shift(words, np.uint64(shift), out=spare)
        words *= factor
    words ^= np.right_shift(words, np.uint64(31), out=spare)
