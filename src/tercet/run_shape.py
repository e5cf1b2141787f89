"""The shape of ``run.json``: of which kind each thing is that it says.

Whether all of it is there is asked elsewhere; here what is there must be of its kind, so that whatever shows a run or
computes with it may rely on that.
"""

from collections.abc import Callable, Mapping
from typing import Any

_Shape = Callable[[Any], bool]
_MOST_DECIMALS = 20


def misshapen(info: Mapping[str, Any]) -> str | None:
    """Find the first thing in a run's ``run.json`` that is not of its kind.

    Args:
        info: What it says; a key that is not there is not missed.

    Returns:
        The key, as ``scores[3].value``; None where all is well.

    >>> misshapen({"system": "lead", "cases": "6"})
    'cases'
    """
    for key, shape in _RUN.items():
        if key in info and not shape(info[key]):
            return key
    for number, score in enumerate(info.get("scores", ())):
        for key, shape in _SCORE.items():
            if not isinstance(score, dict) or (key in score and not shape(score[key])):
                return f"scores[{number}].{key}"
    return None


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _whole(value: Any) -> bool:
    return type(value) is int


def _number(value: Any) -> bool:
    return type(value) in {int, float}


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _decimals(value: Any) -> bool:
    return _count(value) and value <= _MOST_DECIMALS


def _or_none(shape: _Shape) -> _Shape:
    return lambda value: value is None or shape(value)


def _each(shape: _Shape) -> _Shape:
    return lambda value: isinstance(value, list) and all(map(shape, value))


def _named(shape: _Shape) -> _Shape:
    return lambda value: isinstance(value, dict) and all(map(shape, value.values()))


def _record(**shapes: _Shape) -> _Shape:
    """An object in which some keys are known; the rest is not looked at."""
    return lambda value: (
        isinstance(value, dict) and all(shape(value[key]) for key, shape in shapes.items() if key in value)
    )


def _anything(value: Any) -> bool:  # noqa: ARG001 (it is not looked at)
    return True


def _component(value: Any) -> bool:
    return isinstance(value, dict) and _text(value.get("_target_"))


def _interval(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_number, value))


_FIGURES = _named(_or_none(_number))
_RUN: Mapping[str, _Shape] = {
    "system": _text,
    "choices": _or_none(_named(_text)),
    "bound": _or_none(_text),
    "config": _record(metrics=_or_none(_named(_component)), corpus=_anything),
    "corpus": _record(hash=_text, articles=_count, held_apart=_or_none(_each(_text)), problems=_each(_text)),
    "cases": _count,
    "cases_hash": _text,
    "repeats": _count,
    "failures": _count,
    "seed": _whole,
    "fingerprint": _text,
    "versions": _or_none(_named(_text)),
    "git": _or_none(_record(commit=_or_none(_text), dirty=_or_none(_flag))),
    "usage": _or_none(_FIGURES),
    "flaws": _or_none(_named(_named(_count))),
    "prompts": _or_none(_named(_text)),
    "time": _or_none(
        _record(started=_text, finished=_text, generating_s=_number, scoring_s=_number, calls=_or_none(_FIGURES))
    ),
    "signatures": _named(_named(_text)),
    "columns": _named(_each(_text)),
    "scores": _each(_named(_anything)),
    "files": _named(_text),
    "blessed": _record(by=_text, when=_text, why=_text, outputs=_flag, tercet=_text),
    "part": _record(first=_count, stop=_count, articles=_count, number=_count, parts=_count, languages=_each(_text)),
}
_SCORE: Mapping[str, _Shape] = {
    "metric": _text,
    "score": _text,
    "language": _text,
    "value": _or_none(_number),
    "interval": _or_none(_interval),
    "scored": _count,
    "total": _count,
    "reasons": _named(_count),
    "higher_is_better": _or_none(_flag),
    "headline": _flag,
    "decimals": _decimals,
    "warning": _text,
    "variance": _or_none(_FIGURES),
}
