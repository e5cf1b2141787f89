"""A comparison as JSON: every field of the records, in their order."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from tercet.comparing.records import Comparison, Difference, Method, Versus
from tercet.report.comparison_figures import outcome
from tercet.report.comparison_text import verdict
from tercet.report.escaping import in_json


def as_json(comparison: Comparison) -> str:
    """Write a comparison, with each candidate's verdict and each difference's outcome.

    What is not known is null. ``better`` is the delta where up is better; ``outcome`` is ``better``, ``worse``,
    ``different``, ``unshown`` or ``untested``.
    """
    value = {
        "baseline": _plain(comparison.baseline),
        "versus": [_versus(comparison, versus) for versus in comparison.versus],
        "method": _plain(comparison.method),
    }
    return in_json(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _versus(comparison: Comparison, versus: Versus) -> dict[str, Any]:
    method = comparison.method
    return {
        "candidate": _plain(versus.candidate),
        "verdict": verdict(comparison, versus),
        "differences": [_difference(difference, method) for difference in versus.differences],
        **{name: _plain(getattr(versus, name)) for name in ("worse", "better", "new", "repaired")},
        "slices": [
            {
                "by": part.by,
                "value": part.value,
                "differences": [_difference(found, method) for found in part.differences],
            }
            for part in versus.slices
        ],
        "new_tally": _plain(versus.all_new),
        "repaired_tally": _plain(versus.all_repaired),
    }


def _difference(difference: Difference, method: Method) -> dict[str, Any]:
    known = {"better": difference.better, "outcome": outcome(difference, method).name.lower()}
    return {**_plain(difference), **known}


def _plain(value: Any) -> Any:
    """Turn records into what JSON has; a number that is not finite is none."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
