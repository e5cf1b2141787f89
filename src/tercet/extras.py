"""Optional packages: imported where they are used, with the pip line where they are missing."""

from importlib import import_module
from types import ModuleType

from tercet.errors import MissingExtraError, is_absent


def require(module: str, *, package: str, extra: str, purpose: str) -> ModuleType:
    """Import a module of an optional package.

    Args:
        module: What to import.
        package: The distribution that holds it.
        extra: The extra of tercet that brings it.
        purpose: What needs it, for the message.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if not is_absent(error, module):
            raise
        raise MissingExtraError(package, extra, purpose) from error
