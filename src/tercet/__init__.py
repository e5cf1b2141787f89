"""tercet: an evaluation harness for summarization and translation quality.

A tercet is three lines: source, candidate, reference.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tercet.api import MeasuredSegment, Result, load_run, measure

__version__ = "0.1.0"
__all__ = ["MeasuredSegment", "Result", "__version__", "load_run", "measure"]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for: ``import tercet`` stays light."""
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("tercet.api"), name)
    raise AttributeError(f"module 'tercet' has no attribute '{name}'")
