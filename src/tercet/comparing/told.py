"""What a run says of itself in ``run.json``: that all of it is there, and of its kind, before anything relies on it."""

from collections.abc import Mapping
from typing import Any

from tercet.errors import RunError
from tercet.runs import Run

_AGAIN = "Repeat the command that made it."
_KEYS: Mapping[str, type] = {
    "status": str,
    "system": str,
    "config": dict,
    "cases": int,
    "failures": int,
    "signatures": dict,
    "columns": dict,
    "scores": list,
    "files": dict,
}
_OF_A_SCORE: Mapping[str, type] = {
    "metric": str,
    "language": str,
    "score": str,
    "scored": int,
    "total": int,
    "reasons": dict,
    "headline": bool,
}


def check_told(run: Run) -> None:
    """Refuse a run whose ``run.json`` lacks something, or contradicts itself.

    Raises:
        RunError: So it is; the error names the key.
    """
    place, info = f"{run.folder}/run.json", run.info
    _check_keys(place, info, _KEYS)
    for number, item in enumerate(info["scores"]):
        where = f"{place}: scores[{number}]"
        if not isinstance(item, dict):
            raise RunError(f"{where} is damaged.", _AGAIN)
        _check_keys(where, item, _OF_A_SCORE)
        signed = info["signatures"].get(item["metric"])
        if not isinstance(signed, dict) or not isinstance(signed.get(item["language"]), str):
            raise RunError(f"{place}: {item['metric']} {item['language']} has no signature.", _AGAIN)
    status = "incomplete" if info["failures"] else "complete"
    if info["status"] != status:
        raise RunError(
            f"{place}: the status is '{info['status']}', and with {info['failures']} failures it is '{status}'.", _AGAIN
        )


def _check_keys(place: str, found: Mapping[str, Any], known: Mapping[str, type]) -> None:
    for key, kind in known.items():
        if not isinstance(found.get(key), kind):
            raise RunError(f"{place}: '{key}' is missing, or damaged.", _AGAIN)
