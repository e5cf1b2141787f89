"""A ruling as JSON: every field of the records, in their order."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from tercet.errors import TercetError
from tercet.gating.records import Ruling
from tercet.report.escaping import in_json

FORMAT = 1


def as_json(ruling: Ruling, name: str = "") -> str:
    """Write a ruling; what is not known is null.

    Args:
        ruling: The ruling.
        name: Of the gate.
    """
    head = {"format": FORMAT, "name": name, "exit_code": ruling.exit_code, "verdict": ruling.verdict, "error": None}
    return _written({**head, **_plain(ruling)})


def error_as_json(error: TercetError, name: str = "") -> str:
    """Write why there is no ruling: the same head, without policy, checks and comparison."""
    told = {"type": type(error).__name__, "problem": error.problem, "remedy": error.remedy}
    head = {"format": FORMAT, "name": name, "exit_code": error.exit_code, "verdict": f"No verdict: {error.problem}"}
    return _written({**head, "error": told})


def _written(value: Mapping[str, Any]) -> str:
    return in_json(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _plain(value: Any) -> Any:
    """Turn records into what JSON has; a number that is not finite is none."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
