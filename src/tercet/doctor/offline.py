"""Staying offline: libraries of the hub that are imported within do not ask it for anything."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_SWITCHES = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_EVALUATE_OFFLINE": "1"}


@contextmanager
def offline(wanted: bool) -> Iterator[None]:
    """Set the variables by which those libraries stay offline, and put them back; what the user has set stays.

    Args:
        wanted: Whether to.
    """
    mine = [name for name in _SWITCHES if wanted and name not in os.environ]
    os.environ.update({name: _SWITCHES[name] for name in mine})
    try:
        yield
    finally:
        for name in mine:
            os.environ.pop(name, None)
