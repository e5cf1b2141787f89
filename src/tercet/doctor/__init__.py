"""Doctor: what is installed, which weights are there, and what a run would need; nothing is fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a thing stands."""

    OK = "ok"
    """It is there, and fit."""
    OFF = "off"
    """It is not there, and nothing needs it."""
    UNKNOWN = "unknown"
    """It shows only when it is tried."""
    WARNING = "warning"
    """It works, and something is worth a look."""
    MISSING = "missing"
    """It is not there, or unfit, and needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found of one thing.

    Args:
        area: What it belongs to, as a heading.
        name: The thing.
        state: How it stands.
        said: What there is to say of it.
        remedy: What to do about it; empty where nothing need be done.
    """

    area: str
    name: str
    state: State
    said: str
    remedy: str = ""


def sound(findings: Iterable[Finding]) -> bool:
    """Tell whether nothing that is needed is missing."""
    return all(finding.state is not State.MISSING for finding in findings)
