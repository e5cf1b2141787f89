"""What a leaderboard takes from ``run.json``: that it is there, and of its kind, before a table is made of it."""

from collections.abc import Mapping
from typing import Any

from tercet.errors import RunError
from tercet.runs import Run

_AGAIN = "Repeat the command that made it."
_LARGEST = 1e300  # also false of what is no number; a larger whole number is no float
_MOST_DECIMALS = 15  # a float has no more; a thousand million of them would fill the memory
_OF_A_RUN: Mapping[str, type | tuple[type, ...]] = {
    "system": str,
    "bound": (str, type(None)),
    "failures": int,
    "corpus": dict,
    "signatures": dict,
    "scores": list,
}
_NUMBER = (int, float, type(None))
_OF_A_SCORE: Mapping[str, type | tuple[type, ...]] = {
    "metric": str,
    "score": str,
    "language": str,
    "value": _NUMBER,
    "scored": int,
    "total": int,
    "reasons": dict,
    "higher_is_better": (bool, type(None)),
    "headline": bool,
    "decimals": int,
}


def check_scores(run: Run) -> None:
    """Refuse a run whose scores cannot be shown.

    Raises:
        RunError: Something is missing, or of another kind; the error names it.
    """
    place = f"{run.folder}/run.json"
    _check(run.info, _OF_A_RUN, place)
    if not isinstance(run.info["corpus"].get("hash"), str):
        raise RunError(f"{place}: corpus: 'hash' is missing, or damaged.", _AGAIN)
    if not run.info["scores"]:
        raise RunError(f"{place}: it has no scores.", _AGAIN)
    for number, item in enumerate(run.info["scores"]):
        where = f"{place}: scores[{number}]"
        if not isinstance(item, dict):
            raise RunError(f"{where} is damaged.", _AGAIN)
        _check(item, _OF_A_SCORE, where)
        if not isinstance(run.info["signatures"].get(item["metric"], {}), dict):
            raise RunError(f"{place}: the signatures of '{item['metric']}' are damaged.", _AGAIN)
        for name, right in (
            ("decimals", 0 <= item["decimals"] <= _MOST_DECIMALS),
            ("value", _is_finite(item["value"])),
            ("interval", _is_interval(item.get("interval"))),
            ("reasons", all(isinstance(count, int) for count in item["reasons"].values())),
            ("variance", _are_numbers(item.get("variance"))),
            ("warning", isinstance(item.get("warning", ""), str)),
        ):
            if not right:
                raise RunError(f"{where}: '{name}' is damaged.", _AGAIN)


def _check(found: Mapping[str, Any], known: Mapping[str, Any], place: str) -> None:
    for key, kind in known.items():
        if key not in found or not isinstance(found[key], kind):
            raise RunError(f"{place}: '{key}' is missing, or damaged.", _AGAIN)


def _is_finite(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and abs(value) < _LARGEST)


def _is_interval(ends: Any) -> bool:
    return ends is None or (isinstance(ends, list | tuple) and len(ends) == 2 and all(map(_is_finite, ends)))


def _are_numbers(parts: Any) -> bool:
    return parts is None or (isinstance(parts, dict) and all(isinstance(part, _NUMBER) for part in parts.values()))
