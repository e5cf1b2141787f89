"""How a transformer is run: packages and their versions, device, type of numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pickle import UnpicklingError
from typing import Any

from tercet.errors import ConfigError, MissingExtraError
from tercet.extras import require

_PURPOSE = "BERTScore"
_EXTRA = "bertscore"
DTYPES = {"fp32": "float32", "bf16": "bfloat16"}


def versions(*packages: str) -> str:
    """Name packages and their versions, as a signature does.

    Raises:
        MissingExtraError: One is not installed.
    """
    return ",".join(f"{package}-{version_of(package)}" for package in packages)


def version_of(package: str) -> str:
    """Look a package's version up.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return version(package)
    except PackageNotFoundError as error:
        raise MissingExtraError(package, _EXTRA, _PURPOSE) from error


def torch() -> Any:
    """Import torch.

    Raises:
        MissingExtraError: It is not installed.
    """
    return require("torch", package="torch", extra=_EXTRA, purpose=_PURPOSE)


def transformers() -> Any:
    """Import transformers.

    Raises:
        MissingExtraError: It is not installed.
    """
    return require("transformers", package="transformers", extra=_EXTRA, purpose=_PURPOSE)


def device_of(name: str | None) -> str:
    """Name the device to compute on.

    Args:
        name: As torch names it; None takes the first GPU where there is one.

    Raises:
        ConfigError: It is not there.
    """
    if name is None and version_of("torch").endswith("+cpu"):
        return "cpu"  # known without importing torch, which takes a second
    cuda = torch().cuda
    if name is None:
        return "cuda" if cuda.is_available() else "cpu"
    if name.startswith("cuda") and not cuda.is_available():
        raise ConfigError("There is no GPU that torch can use.", "Set device=cpu, or device=null.")
    try:
        return str(torch().device(name))
    except RuntimeError as error:
        raise ConfigError(f"torch knows no device '{name}'.", "Set device=cpu, device=cuda, or device=null.") from error


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a model is run.

    Args:
        dtype: ``fp32`` or ``bf16``.
        device: As torch names it; None takes a GPU where there is one.
        max_length: Tokens, special ones included; None for the model's own.

    Raises:
        ConfigError: An option is none of these.
    """

    dtype: str = "fp32"
    device: str | None = None
    max_length: int | None = None

    def __post_init__(self) -> None:
        if self.dtype not in DTYPES:
            raise ConfigError(f"dtype is {self.dtype}.", f"It must be one of {', '.join(DTYPES)}.")
        if self.max_length is not None and self.max_length < 3:
            raise ConfigError(f"max_length is {self.max_length}.", "It must be at least 3.")

    @property
    def kind(self) -> str:
        """The kind of device, such as ``cpu``."""
        return device_of(self.device).partition(":")[0]

    @property
    def packages(self) -> str:
        """What computes, with versions."""
        return versions("transformers", "torch")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Make or load a model quietly, and leave the random state as it was.

    Raises:
        ValueError: Weights in torch's older form, which is a pickle, hold more than numbers: torch opens no such file.
    """
    logging = transformers().logging
    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        with torch().random.fork_rng(devices=[]):
            yield
    except UnpicklingError as error:  # whose words recommend to open it all the same
        raise ValueError("its weights are a pickle that holds more than numbers, and is not opened") from error
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
