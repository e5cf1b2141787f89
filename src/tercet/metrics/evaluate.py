"""Evaluate: any metric of the Hugging Face library ``evaluate``."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from math import inf, isfinite
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tercet.errors import ConfigError, MetricError, located, nearest
from tercet.extras import require
from tercet.metrics.contract import Array, Batch, Need, Rows, ScoreSpec, measure_together, ratio, sign
from tercet.records import Segment

_NEEDS = {"candidate": None, "references": Need.REFERENCES, "source": Need.SOURCE}
_DEFAULT = {"candidate": "predictions", "references": "references"}
Example = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Evaluate:
    """One number of a metric that ``evaluate.load`` can load, segment by segment.

    A metric that gives a list, one number an example, is asked for all segments at once; any other
    is asked for each segment alone, and the score over segments is the mean of theirs, which is not
    what such a metric gives a corpus (BLEU). The signature says ``mean-of-segments`` for both.
    A segment on which the metric fails is unscored, with what it raised.

    References go in as a list where the metric takes one; where it takes a single one, each goes in
    by itself and the best counts.

    To load a metric is to run its script: load only what you would run. What a script itself
    downloads is not held back.

    For a second metric copy the yaml, and let ``# @package metrics.NAME`` and ``label`` differ.

    Args:
        path: A script, a folder that holds a script of its name, or with ``fetch`` a name on the hub.
        name: The metric's configuration.
        revision: Commit or tag of a metric on the hub; pin it, or the numbers may change under you.
        fetch: Whether the script may be downloaded.
        inputs: From our names (``candidate``, ``references``, ``source``) to the metric's arguments;
            where none is named, ``predictions`` and ``references``.
        arguments: What ``compute`` is given beside them.
        score: The key of the number in the metric's result.
        label: The score's name here; null takes ``score``.
        higher_is_better: null where neither direction is better, or you do not know.
        low: Smallest value; null where there is none.
        high: Largest value; null where there is none.

    References:
        https://huggingface.co/docs/evaluate.
    """

    path: str | None = None
    name: str | None = None
    revision: str | None = None
    fetch: bool = field(default=False, metadata={"scores": False})
    inputs: dict[str, str | None] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    score: str | None = None
    label: str | None = None
    higher_is_better: bool | None = None
    low: float | None = None
    high: float | None = None
    place: ClassVar[str] = "models"
    executes: ClassVar[str] = "a script"
    columns: ClassVar[tuple[str, ...]] = ("score", "segments")

    def __post_init__(self) -> None:
        for ours in self.inputs:
            if ours not in _NEEDS:
                raise ConfigError(f"Unknown name '{ours}' in inputs.", nearest(ours, _NEEDS))

    @property
    def needs(self) -> frozenset[Need]:
        """What is given to the metric."""
        return frozenset(need for ours in self._inputs if (need := _NEEDS[ours]))

    @property
    def scores(self) -> tuple[ScoreSpec, ...]:
        """The one score."""
        return (
            ScoreSpec(
                name=self.label or self.score or "evaluate",
                low=-inf if self.low is None else self.low,
                high=inf if self.high is None else self.high,
                higher_is_better=self.higher_is_better,
            ),
        )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take the metric's number and a count."""
        return measure_together(self, segments, self._together)

    def reduce(self, sums: Array) -> Array:
        """Divide the sum of the numbers by the number of segments."""
        return ratio(sums[..., :1], sums[..., 1:])

    def signature(self, language: str) -> str:
        """Name the metric, the hash of its script, its arguments, and the version.

        Raises:
            MissingExtraError: The package is not installed.
            MetricError: There is no such metric, or it cannot be loaded.
        """
        metric = self._metric()
        script = _script(str(self.path))
        return sign(
            "evaluate",
            lang=language,
            path=self.path if script is None else script.stem,
            config=self.name or "default",
            script=str(metric._hash)[:12],
            inputs=",".join(f"{ours}>{theirs}" for ours, theirs in self._inputs.items()),
            arguments=json.dumps(self.arguments, sort_keys=True, separators=(",", ":"), default=str),
            score=self.score,
            agg="mean-of-segments",
            version=f"evaluate-{version('evaluate')}",
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts; a script on the disk must be where the program runs."""
        pairs = (pair.partition(">") for pair in parts["inputs"].split(","))
        return cls(
            path=parts["path"],
            name=None if parts["config"] == "default" else parts["config"],
            inputs={ours: theirs for ours, _, theirs in pairs},
            arguments=json.loads(parts["arguments"]),
            score=parts["score"],
        )

    @property
    def _inputs(self) -> Mapping[str, str]:
        return {ours: theirs for ours, theirs in self.inputs.items() if theirs} or _DEFAULT

    def _metric(self) -> Any:
        if not self.path or not self.score:
            raise MetricError(
                f"metric=evaluate names no {'score' if self.path else 'metric'}.",
                "Set metrics.evaluate.path=FOLDER and metrics.evaluate.score=KEY, the number's key in its result.",
            )
        metric = _loaded(self.path, self.name, self.revision, self.fetch)
        known = _arguments(metric)
        for theirs in self._inputs.values():
            if theirs not in known:
                raise MetricError(f"The metric '{self.path}' takes no '{theirs}'.", nearest(theirs, known))
        if missing := [theirs for theirs in known if theirs not in self._inputs.values()]:
            raise MetricError(
                f"The metric '{self.path}' also takes '{missing[0]}'.",
                f"Name every argument in inputs, such as metrics.evaluate.inputs.source={missing[0]}.",
            )
        return metric

    def _together(self, segments: list[Segment]) -> Batch:
        metric = self._metric()
        takes_list = _takes_list(metric, self._inputs.get("references"))
        examples = [self._examples(segment, takes_list) for segment in segments]
        asked = _Asked(metric=metric, score=str(self.score), arguments=self.arguments)
        numbers = iter(asked.numbers([example for found in examples for example in found]))
        values = np.ones((len(segments), 2))
        unscored: dict[int, str] = {}
        for i, found in enumerate(examples):
            best = self._best([next(numbers) for _ in found])
            if isinstance(best, str):
                unscored[i] = best
            else:
                values[i, 0] = best
        return Batch(values=values, unscored=unscored)

    def _examples(self, segment: Segment, takes_list: bool) -> list[Example]:
        """Write a segment as the metric's arguments; several times where it takes one reference only."""
        ours: dict[str, Any] = {"candidate": segment.candidate, "source": segment.source}
        if "references" not in self._inputs or takes_list:
            choices: list[Any] = [list(segment.references)]
        else:
            choices = list(segment.references)
        return [
            {theirs: (ours | {"references": choice})[name] for name, theirs in self._inputs.items()}
            for choice in choices
        ]

    def _best(self, found: list[float | str]) -> float | str:
        reasons = [item for item in found if isinstance(item, str)]
        if reasons:
            return reasons[0]
        numbers = [item for item in found if not isinstance(item, str)]
        if len(numbers) > 1 and self.higher_is_better is None:
            return "the metric takes one reference, and higher_is_better does not say which is best"
        return min(numbers) if self.higher_is_better is False else max(numbers)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A metric, the number that is asked of it, and what it is given beside the examples."""

    metric: Any
    score: str
    arguments: Mapping[str, Any]

    def numbers(self, examples: Sequence[Example]) -> list[float | str]:
        """Give one number for each example, or the reason why there is none."""
        if len(examples) > 1 and isinstance(self._ask(examples[:1]), list):
            together = self._ask(examples)
            if isinstance(together, list) and len(together) == len(examples):
                return [_finite(value) for value in together]
        return [self._alone(example) for example in examples]

    def _alone(self, example: Example) -> float | str:
        found = self._ask([example])
        if not isinstance(found, list):
            return found
        if len(found) != 1:
            return f"the metric's '{self.score}' holds {len(found)} numbers for one segment"
        return _finite(found[0])

    def _ask(self, examples: Sequence[Example]) -> float | list[float] | str:
        inputs = {name: [example[name] for example in examples] for name in examples[0]}
        try:
            result = self.metric.compute(**inputs, **self.arguments)
        except Exception as error:  # noqa: BLE001  # a metric's script may raise whatever it likes
            # What it was given stays in its buffer, and would be scored with the next segment.
            self.metric.writer = self.metric.buf_writer = self.metric.data = None
            return f"the metric failed: {located(error)}"
        if not isinstance(result, dict) or self.score not in result:
            known = result if isinstance(result, dict) else ()
            raise MetricError(f"The metric's result has no '{self.score}'.", nearest(self.score, map(str, known)))
        return _as_numbers(result[self.score], self.score)


def _as_numbers(value: Any, score: str) -> float | list[float] | str:
    try:
        table = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return f"the metric's '{score}' is no number but {type(value).__name__}"
    if table.ndim == 0:
        return _finite(float(table))
    return [float(item) for item in table.ravel()]


def _finite(value: float) -> float | str:
    return value if isfinite(value) else f"the metric gave {value}"


def _script(path: str) -> Path | None:
    """Find a metric's script where ``evaluate`` looks for it on the disk."""
    place = Path(path)
    script = place if place.suffix == ".py" else place / f"{place.resolve().name}.py"
    return script if script.is_file() else None


@cache
def _loaded(path: str, name: str | None, revision: str | None, fetch: bool) -> Any:
    evaluate = require("evaluate", package="evaluate", extra="hf", purpose="metric=evaluate")
    from datasets import DownloadConfig

    script = _script(path)
    if script is None and not fetch:
        raise MetricError(
            f"There is no metric '{path}' here.",
            "Name a script or a folder that holds a script of its name, or set metrics.evaluate.fetch=true.",
        )
    load: Callable[..., Any] = evaluate.load
    try:
        return load(
            path if script is None else str(script),
            name,
            revision=revision,
            keep_in_memory=True,
            seed=0,
            download_config=DownloadConfig(local_files_only=not fetch),
        )
    except Exception as error:  # to load a script is to run it
        raise MetricError(
            f"The metric '{path}' cannot be loaded: {located(error)}.",
            "Check path, name and revision, and whether the packages that its script imports are installed.",
        ) from error


def _features(metric: Any) -> list[Mapping[str, Any]]:
    """List the alternatives of what a metric takes."""
    return list(metric.features) if isinstance(metric.features, list) else [metric.features]


def _arguments(metric: Any) -> list[str]:
    return list(_features(metric)[0])


def _takes_list(metric: Any, argument: str | None) -> bool:
    """Say whether an argument may hold several texts an example."""
    from datasets import Value

    return argument is not None and any(not isinstance(found.get(argument), Value) for found in _features(metric))
