"""Any Hugging Face model, from a folder or from the hub's local cache; nothing is downloaded here."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from tercet.encoders import Tokens
from tercet.encoders.layers import cut
from tercet.encoders.running import DTYPES, Run, device_of, torch, transformers, undisturbed, versions
from tercet.encoders.transformer import Transformer
from tercet.errors import ConfigError, MetricError
from tercet.text.surrogates import readable

_TOKENIZER = ("tokenizer*.json", "vocab*", "merges.txt", "*.model", "special_tokens_map.json", "added_tokens.json")
_WEIGHTS = ("model*.safetensors", "pytorch_model*.bin")
_ENDLESS = 1_000_000  # transformers writes 1e30 where a tokenizer has no longest input


@dataclass(frozen=True, kw_only=True)
class Pretrained(Run):
    """A model of transformers, cut after a layer.

    Args:
        model: A folder, or a name on the hub whose files are in the local cache.
        layer: Whose output is taken, from 0 (the embeddings).
    """

    model: str
    layer: int

    @property
    def parts(self) -> dict[str, str]:
        """Model, weights, layer, longest input, type of numbers, versions."""
        path = Path(self.model).expanduser()
        return {
            "model": path.resolve().name if path.is_dir() else self.model,
            "weights": self._digest[:12],
            "layer": str(self.layer),
            "max": str(self._longest or "none"),
            "dtype": self.dtype,
            "runtime": self.packages,
        }

    @property
    def identity(self) -> str:
        """The parts, the whole hash, the tokenizers' version and the kind of device."""
        return "|".join((*self.parts.values(), self._digest, versions("tokenizers"), self.kind))

    def load(self) -> Transformer:
        """Load tokenizer and model from the folder, in the order and with the options of bert_score.

        Raises:
            MetricError: They cannot be loaded, or the model has fewer layers.
        """
        auto, dtype = transformers(), getattr(torch(), DTYPES[self.dtype])
        from safetensors import SafetensorError

        folder = str(self._folder)
        try:
            with undisturbed():
                # Left out, it would be asked for on a terminal where the folder brings code of its own.
                options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
                tokenizer = auto.AutoTokenizer.from_pretrained(folder, use_fast=False, **options)
                model = auto.AutoModel.from_pretrained(folder, dtype=dtype, **options)
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
            raise MetricError(
                f"The model in {folder} cannot be loaded: {str(error).strip().splitlines()[0]}",
                "It must hold a model and a tokenizer of transformers.",
            ) from error
        return Transformer(
            cut(model, self.layer),
            splitter(tokenizer, self._longest),
            silent=frozenset({tokenizer.sep_token_id, tokenizer.cls_token_id} - {None}),
            pad=tokenizer.pad_token_id or 0,
            device=device_of(self.device),
        )

    @cached_property
    def _folder(self) -> Path:
        return folder_of(self.model)

    @property
    def _digest(self) -> str:
        return digest_of(self._folder)

    @cached_property
    def _longest(self) -> int | None:
        return longest_of(self._folder, self.max_length)


def longest_of(folder: Path, asked: int | None) -> int | None:
    """Find the longest input in tokens: what is asked for, the tokenizer's own, or what positions there are.

    Raises:
        ConfigError: More is asked for than there are positions.
    """
    config = read_json(folder / "config.json")
    positions = config.get("max_position_embeddings")
    if positions is not None and config.get("model_type") in {"roberta", "xlm-roberta", "camembert"}:
        positions -= int(config.get("pad_token_id", 1)) + 1  # they count from behind the padding's id
    if asked is not None:
        if positions is not None and asked > positions:
            raise ConfigError(f"max_length is {asked}.", f"The model reads {positions} tokens at most.")
        return asked
    own = read_json(folder / "tokenizer_config.json").get("model_max_length")
    known = [int(length) for length in (own, positions) if length is not None and length < _ENDLESS]
    return min(known, default=None)


def folder_of(model: str) -> Path:
    """Find a model's folder.

    Raises:
        ConfigError: There is no such folder, and the hub's local cache does not hold the model.
    """
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    transformers()
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(model, "config.json")
    except HFValidationError:
        found = None
    if not isinstance(found, str):
        raise ConfigError(
            f"There is no folder '{model}', and no model of this name has been fetched from the hub.",
            f"Run: hf download {model}" if is_name(model) else "",
        )
    return Path(found).parent


def is_name(model: str) -> bool:
    """Tell a name on the hub from a folder.

    >>> is_name("roberta-large"), is_name("./models/mine")
    (True, False)
    """
    return model.count("/") <= 1 and not model.startswith((".", "/", "~")) and not Path(model).is_dir()


def digest_of(folder: Path) -> str:
    """Hash a model's weights, configuration and tokenizer: SHA-256 over its files by name.

    Raises:
        ConfigError: There are no weights.
    """
    weights = next((found for pattern in _WEIGHTS if (found := sorted(folder.glob(pattern)))), [])
    if not weights:
        raise ConfigError(f"{folder} holds no weights.", "Expected model.safetensors or pytorch_model.bin.")
    others = [file for pattern in ("config.json", *_TOKENIZER) for file in sorted(folder.glob(pattern))]
    stats = [(file, file.stat()) for file in dict.fromkeys((*weights, *others))]
    return _digest(tuple((file, stat.st_size, stat.st_mtime_ns) for file, stat in stats))


@lru_cache(maxsize=16)
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Hash files; their sizes and times tell a changed file from the one that was hashed."""
    whole = hashlib.sha256()
    for file, _, _ in files:
        with file.open("rb") as stream:
            whole.update(f"{file.name}:{hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def splitter(tokenizer: Any, longest: int | None) -> Callable[[Sequence[str]], list[Tokens]]:
    """Split texts as bert_score does.

    White space around a text is dropped. RoBERTa's and GPT-2's tokenizers see a space before it.

    Args:
        tokenizer: Of transformers.
        longest: Tokens, special ones included; None for no end.

    References:
        ``sent_encode`` of bert_score 0.3.13.
    """
    package = transformers()
    spaced = isinstance(tokenizer, (package.GPT2Tokenizer, package.RobertaTokenizer))
    options = {"add_special_tokens": True, "verbose": False, **({"add_prefix_space": True} if spaced else {})}
    limits = {} if longest is None else {"truncation": True, "max_length": longest}

    def split(texts: Sequence[str]) -> list[Tokens]:
        stripped = [readable(text.strip()) for text in texts]
        if not stripped:
            return []
        found = [tuple(ids) for ids in tokenizer(stripped, **options, **limits)["input_ids"]]
        full = [i for i, ids in enumerate(found) if len(ids) == longest]
        cut_off = {i for i in full if len(tokenizer(stripped[i], **options)["input_ids"]) > len(found[i])}
        return [Tokens(ids, i in cut_off) for i, ids in enumerate(found)]

    return split


def read_json(file: Path) -> dict[str, Any]:
    """Read a file of settings; nothing where it is not there.

    Raises:
        MetricError: It cannot be read.
    """
    try:
        found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    except (OSError, ValueError) as error:
        raise MetricError(f"{file} cannot be read: {error}.") from error
    return found if isinstance(found, dict) else {}
