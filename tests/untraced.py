"""Libraries without coverage's trace: it slows them down to a half or a third, and measures nothing in them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib.machinery import SourceFileLoader
from importlib.metadata import Distribution
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

import pytest

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")
_Importing = Callable[[SourceFileLoader, ModuleType], None]


def untraced(function: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
    """Let a function run without this thread's trace; nothing of tercet's own is measured within."""

    @wraps(function)
    def call(*args: _Given.args, **kwargs: _Given.kwargs) -> _Found:
        trace = sys.gettrace()
        sys.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(trace)
            # So that coverage sees this call end, as it saw it begin.
            sys._getframe().f_trace = trace  # type: ignore[assignment]

    return call


@contextmanager
def libraries_untraced() -> Iterator[None]:
    """Take the trace from what takes the longest in libraries: imports, Hydra, OmegaConf, packages' metadata."""
    from hydra._internal.hydra import Hydra
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from omegaconf import OmegaConf

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Hydra, "create_main_hydra2", untraced(Hydra.create_main_hydra2))
        for owner, name in ((Hydra, "compose_config"), (OverridesParser, "parse_overrides")):
            patch.setattr(owner, name, untraced(getattr(owner, name)))
        for name in ("create", "structured", "merge", "to_container"):
            patch.setattr(OmegaConf, name, staticmethod(untraced(getattr(OmegaConf, name))))
        patch.setattr(Distribution, "metadata", property(untraced(_read_metadata(Distribution.metadata))))
        patch.setattr(SourceFileLoader, "exec_module", _importing(SourceFileLoader.exec_module))
        yield


def _read_metadata(metadata: Any) -> Callable[[Distribution], Any]:
    reading: Callable[[Distribution], Any] = metadata.fget
    return reading


def _importing(execute: _Importing) -> _Importing:
    """Import as ever, but what is installed without the trace."""
    quietly = untraced(execute)
    places = (sys.prefix, sys.base_prefix)

    def exec_module(loader: SourceFileLoader, module: ModuleType) -> None:
        installed = loader.path.startswith(places) and not module.__name__.startswith("tercet")
        (quietly if installed else execute)(loader, module)

    return exec_module
