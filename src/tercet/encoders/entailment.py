"""Entailment: any Hugging Face classifier of pairs of texts, from a folder or from the hub's local cache."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tercet.encoders.classifier import Classifier
from tercet.encoders.heads import STYLES, Head, head_of
from tercet.encoders.pretrained import digest_of, folder_of, is_name, longest_of, read_json
from tercet.encoders.running import DTYPES, Run, device_of, torch, transformers, undisturbed, versions
from tercet.errors import ConfigError, MetricError
from tercet.extras import check_installed

_PACKAGES = ("torch", "transformers", "tokenizers")


@dataclass(frozen=True, kw_only=True)
class Entailment(Run):
    """A classifier of pairs that is known and not loaded yet: everything that decides its verdicts.

    Args:
        model: A folder, or a name on the hub whose files are in the local cache.
        style: One of ``STYLES``.
        labels: Its classes in the order of the logits; None takes them from its configuration.
    """

    model: str
    style: str = "auto"
    labels: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.style not in STYLES:
            raise ConfigError(f"style is {self.style}.", f"It must be one of {', '.join(STYLES)}.")

    @cached_property
    def absent(self) -> str | None:
        """Why the weights are not here, with the command that fetches them; None where they are.

        Raises:
            ConfigError: A folder is named that holds no model.
            MissingExtraError: A package is not installed.
        """
        check_installed(_PACKAGES, extra="nli", purpose="metric=nli")
        try:
            digest_of(folder_of(self.model))
        except ConfigError:
            if not is_name(self.model):
                raise
            return f"the weights of '{self.model}' are not here; to fetch them: hf download {self.model}"
        return None

    @cached_property
    def head(self) -> Head:
        """How its logits are read.

        Raises:
            ConfigError: It cannot be told.
            MetricError: It is no classifier of texts, or brings code of its own.
        """
        config = read_json(self._folder / "config.json")
        _check_kind(config, self.model)
        return head_of(config, self.style, self.labels, self.model)

    @property
    def parts(self) -> dict[str, str]:
        """Model, weights, classes, longest input, type of numbers, versions."""
        path = Path(self.model).expanduser()
        return {
            "model": path.resolve().name if path.is_dir() else self.model,
            "weights": digest_of(self._folder)[:12],
            "labels": ",".join(self.head.labels),
            "max": str(self._longest or "none"),
            "dtype": self.dtype,
            "runtime": self.packages,
        }

    @property
    def identity(self) -> str:
        """Everything that decides a verdict to the last bit."""
        return "|".join(
            (
                *self.parts.values(),
                f"{self.head.support},{self.head.against}",
                digest_of(self._folder),
                versions("tokenizers"),
                self.kind,
            )
        )

    def load(self) -> Classifier:
        """Load tokenizer and model; code that comes with a checkpoint is never run.

        Raises:
            MetricError: They cannot be loaded, or the checkpoint has no head.
        """
        auto, dtype = transformers(), getattr(torch(), DTYPES[self.dtype])
        from safetensors import SafetensorError

        head, folder = self.head, str(self._folder)
        options = {"local_files_only": True, "trust_remote_code": False}
        try:
            with undisturbed():
                tokenizer = auto.AutoTokenizer.from_pretrained(folder, **options)
                model, info = auto.AutoModelForSequenceClassification.from_pretrained(
                    folder, dtype=dtype, output_loading_info=True, **options
                )
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
            raise MetricError(
                f"The model in {folder} cannot be loaded: {str(error).strip().splitlines()[0]}",
                "It must hold a sequence classifier and a tokenizer of transformers.",
            ) from error
        if info["missing_keys"]:
            raise MetricError(
                f"The weights in {folder} lack {min(info['missing_keys'])}: it would be made up.",
                "Take a checkpoint that was trained on pairs of texts.",
            )
        if model.config.num_labels != len(head.labels):
            raise ConfigError(
                f"'{self.model}' has {model.config.num_labels} classes, and {len(head.labels)} are named.",
                "Set labels=[...] to all of them, in the order of the logits.",
            )
        return Classifier(model, tokenizer, head, longest=self._longest, device=device_of(self.device))

    @cached_property
    def _folder(self) -> Path:
        return folder_of(self.model)

    @cached_property
    def _longest(self) -> int | None:
        return longest_of(self._folder, self.max_length)


def _check_kind(config: dict[str, Any], model: str) -> None:
    """Refuse what is no sequence classifier of transformers' own.

    A checkpoint without a head would be given a random one; one with code of its own would run it.
    """
    kind = config.get("model_type")
    if kind not in transformers().CONFIG_MAPPING and config.get("auto_map"):
        raise MetricError(
            f"'{model}' is of the type '{kind}', which transformers does not know; the code that comes with it"
            " is not run.",
            "Take a checkpoint of transformers' own classes. Of HHEM that is version 1.0: hf download"
            " vectara/hallucination_evaluation_model --revision hhem-1.0-open --local-dir hhem, then"
            " model=hhem style=hhem.",
        )
    classes = config.get("architectures") or []
    if not any(str(name).endswith("ForSequenceClassification") for name in classes):
        raise MetricError(
            f"'{model}' is no classifier of texts: its config.json names {', '.join(classes) or 'no class'}.",
            "Take a model that was trained on pairs of texts, such as one for natural language inference.",
        )
