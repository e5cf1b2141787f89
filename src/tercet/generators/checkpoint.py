"""Checkpoints: a model in a folder or in the hub's local cache, known by its files; nothing is downloaded here."""

import hashlib
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tercet.encoders.pretrained import digest_of, folder_of, is_name, longest_of, read_json
from tercet.encoders.remembering import Models
from tercet.encoders.running import DTYPES, Run, device_of, torch, transformers, undisturbed, versions
from tercet.errors import BackendError, ConfigError, MetricError, located
from tercet.extras import check_installed
from tercet.generators.writing import Writer

SEQ2SEQ, CAUSAL = "seq2seq", "causal"
_PACKAGES = ("torch", "transformers", "tokenizers")
# Files that decide a text, beside weights, configuration and tokenizer.
_BESIDE = ("generation_config.json", "chat_template*", "*.spm")
_GOES_ON = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Run):
    """A model that writes, known and not loaded yet.

    Args:
        model: A folder, or a name on the hub whose files are in the local cache.
        revision: Branch, tag or commit, of a name; None is the hub's default.
    """

    model: str
    revision: str | None = None

    @cached_property
    def obstacle(self) -> str | None:
        """Why it cannot write, before it is loaded; None where nothing is in the way.

        Raises:
            ConfigError: ``max_length`` is more than it reads.
            MissingExtraError: A package is not installed.
        """
        check_installed(_PACKAGES, extra="huggingface", purpose="A model of transformers")
        try:
            _ = self.digest
        except ConfigError as error:
            if not is_name(self.model):
                return f"{error.problem} {error.remedy}".strip().rstrip(".")
            wanted = f" --revision {self.revision}" if self.revision else ""
            return f"the weights of '{self.model}' are not here; to fetch them: hf download {self.model}{wanted}"
        return self._misfit

    @cached_property
    def kind(self) -> str:
        """``seq2seq``, which reads a text and writes another, or ``causal``, which goes on from one."""
        return SEQ2SEQ if self._config.get("is_encoder_decoder") else CAUSAL

    @cached_property
    def longest(self) -> int | None:
        """Tokens that it reads; for a causal one, with those that it writes. None for no end."""
        positions = self._config.get("n_positions")  # GPT-2's and T5's word for it
        found = longest_of(self._folder, self.max_length)
        return min((n for n in (found, positions) if n is not None), default=None)

    @cached_property
    def digest(self) -> str:
        """Hash of all its files that decide a text."""
        whole = hashlib.sha256(digest_of(self._folder).encode())
        for file in sorted({file for pattern in _BESIDE for file in self._folder.glob(pattern) if file.is_file()}):
            whole.update(f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
        return whole.hexdigest()

    @cached_property
    def names(self) -> list[str]:
        """All that decides a text, beside how it is written: files, type of numbers, device, versions."""
        return [self.digest, str(self.longest), self.dtype, self.kind_of_device, versions(*_PACKAGES)]

    @property
    def kind_of_device(self) -> str:
        """The kind of device, such as ``cpu``."""
        return device_of(self.device).partition(":")[0]

    @property
    def identity(self) -> str:
        """What tells a loaded model from another."""
        return "|".join((*self.names, device_of(self.device)))

    def load(self) -> Writer:
        """Load tokenizer and model; code that comes with a checkpoint is never run.

        Raises:
            BackendError: They cannot be loaded, or weights are missing.
        """
        auto = transformers()
        folder, options = str(self._folder), {"local_files_only": True, "trust_remote_code": False}
        cls = auto.AutoModelForSeq2SeqLM if self.kind == SEQ2SEQ else auto.AutoModelForCausalLM
        from safetensors import SafetensorError

        try:
            with undisturbed(), warnings.catch_warnings():
                # Marian's asks for a package whose work it does not use.
                warnings.filterwarnings("ignore", "Recommended: pip install sacremoses")
                tokenizer = auto.AutoTokenizer.from_pretrained(folder, **options)
                model, info = cls.from_pretrained(
                    folder, dtype=getattr(torch(), DTYPES[self.dtype]), output_loading_info=True, **options
                )
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
            raise BackendError(
                f"The model in {folder} cannot be loaded: {str(error).strip().splitlines()[0]}", _remedy(error)
            ) from error
        except (AttributeError, TypeError) as error:  # what transformers raises for a tokenizer that is not whole
            raise BackendError(
                f"The model in {folder} cannot be loaded: {located(error)}", "Check that its tokenizer is there."
            ) from error
        if info["missing_keys"]:
            raise BackendError(
                f"The weights in {folder} lack {min(info['missing_keys'])}: it would be made up.",
                "Fetch the whole checkpoint, or take another one.",
            )
        return Writer(
            model,
            tokenizer,
            longest=self.longest,
            positions=self._config.get("max_position_embeddings") if self.kind == SEQ2SEQ else None,
            device=device_of(self.device),
        )

    @property
    def _misfit(self) -> str | None:
        kind = self._config.get("model_type")
        if kind not in transformers().CONFIG_MAPPING:
            return f"'{self.model}' is of the type '{kind}', which transformers does not know; its own code is not run"
        _ = self.longest
        classes = [str(name) for name in self._config.get("architectures") or ()]
        if self.kind == CAUSAL and classes and not any(name.endswith(_GOES_ON) for name in classes):
            return f"'{self.model}' writes no texts: its config.json names {', '.join(classes)}"
        return None

    @cached_property
    def _config(self) -> dict[str, Any]:
        try:
            return read_json(self._folder / "config.json")
        except MetricError as error:
            raise BackendError(error.problem, error.remedy) from error

    @cached_property
    def _folder(self) -> Path:
        if self.revision is None or Path(self.model).expanduser().is_dir():
            return folder_of(self.model)
        return _folder_at(self.model, self.revision)


#: The models of this process, each loaded once.
writers: Models[Writer] = Models()


def _folder_at(model: str, revision: str) -> Path:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(model, "config.json", revision=revision)
    except HFValidationError:
        found = None
    if not isinstance(found, str):
        raise ConfigError(f"Revision '{revision}' of '{model}' has not been fetched from the hub.")
    return Path(found).parent


def _remedy(error: BaseException) -> str:
    if "sentencepiece" in str(error).lower():
        return "Run: pip install 'tercet[huggingface]'"
    return "It must hold a model that writes and a tokenizer of transformers."
