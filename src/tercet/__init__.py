"""tercet: an evaluation harness for summarization and translation quality.

A tercet is three lines: source, candidate, reference.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tercet.api import MeasuredSegment, Result, check_comparable, load_run, measure, metric_from

__version__ = "0.1.0"
__all__ = ["MeasuredSegment", "Result", "__version__", "check_comparable", "load_run", "measure", "metric_from"]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for: ``import tercet`` stays light."""
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("tercet.api"), name)
    raise AttributeError(f"module 'tercet' has no attribute '{name}'")
