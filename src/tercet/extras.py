"""Optional packages: imported where they are used, with the pip line where they are missing."""

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from tercet.errors import MissingExtraError, is_absent
from tercet.telemetry import switch_off


def require(module: str, *, package: str, extra: str, purpose: str) -> ModuleType:
    """Import a module of an optional package; it reports to nobody.

    Args:
        module: What to import.
        package: The distribution that holds it.
        extra: The extra of tercet that brings it.
        purpose: What needs it, for the message.

    Raises:
        MissingExtraError: It is not installed.
    """
    switch_off()
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if not is_absent(error, module):
            raise
        raise MissingExtraError(package, extra, purpose) from error


def check_installed(packages: Iterable[str], *, extra: str, purpose: str) -> None:
    """Check that distributions are there, without importing them.

    Args:
        packages: The distributions.
        extra: The extra of tercet that brings them.
        purpose: What needs them, for the message.

    Raises:
        MissingExtraError: One is not installed.
    """
    for package in packages:
        try:
            version(package)
        except PackageNotFoundError as error:
            raise MissingExtraError(package, extra, purpose) from error
