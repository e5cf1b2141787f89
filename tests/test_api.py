"""The Python interface."""

import numpy as np
import pytest

import tercet
from tercet.errors import ConfigError, MetricError
from tercet.metrics.chrf import Chrf


def test_measure_returns_scores_segments_rows_and_signature() -> None:
    found = tercet.measure("chrf", candidates=["他走了。", "好"], references=["他走了。", ["坏", "好"]])
    assert found.scores == {"chrf": 100.0}
    assert [segment.scores for segment in found.segments] == [{"chrf": 100.0}, {"chrf": 100.0}]
    assert found.rows.shape == (2, 18)
    assert found.signature.startswith("chrf|lang:zh|")
    assert found.signature.endswith("|nrefs:var")
    assert Chrf().reduce(found.rows.sum(axis=0))[0] == 100.0


def test_unscored_is_not_zero() -> None:
    found = tercet.measure("chrf", candidates=["a", "b"], references=["", "b"], language="en")
    assert found.segments[0].scores is None
    assert found.segments[0].unscored == "a reference is empty"
    assert found.scores == {"chrf": 100.0}
    assert found.counts["chrf"].scored == 1
    assert found.counts["chrf"].total == 2
    assert np.isnan(found.rows[0]).all()
    nothing = tercet.measure("chrf", candidates=["a"])
    assert nothing.scores == {}
    assert nothing.segments[0].unscored == "there is no reference in this language"


def test_options_and_metric_objects() -> None:
    plain = tercet.measure("chrf", candidates=["ABCDEF"], references=["abcdef"], language="en")
    folded = tercet.measure("chrf", candidates=["ABCDEF"], references=["abcdef"], language="en", lowercase=True)
    assert plain.scores["chrf"] == 0
    assert folded.scores["chrf"] == 100
    assert tercet.measure(Chrf(lowercase=True), candidates=["A"], references=["a"]).scores["chrf"] == 100


def test_regions_and_scripts_of_a_language_are_accepted() -> None:
    found = tercet.measure("bleu", candidates=["好人"], references=["好人"], language="zh-Hans")
    assert found.scores["bleu"] == pytest.approx(100.0)
    assert "|lang:zh|" in found.signature


@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (MetricError, "2 candidates, but references has 1", {"candidates": ["a", "b"], "references": ["a"]}),
        (MetricError, "sources has 3", {"candidates": ["a"], "sources": ["a", "b", "c"]}),
        (MetricError, "no candidates", {"candidates": []}),
        (MetricError, "one text", {"candidates": "abc"}),
        (MetricError, "one text", {"candidates": ["a", "b"], "references": "ab"}),
        (MetricError, r"candidates\[0\] is no text but int", {"candidates": [1]}),
        (
            MetricError,
            "A reference of candidate 2 is no text",
            {"candidates": ["a", "b"], "references": ["a", ["b", None]]},
        ),
        (MetricError, r"references\[0\] is int", {"candidates": ["a"], "references": [1]}),
        (ConfigError, "Unknown language 'xx'", {"candidates": ["a"], "language": "xx"}),
        (ConfigError, "Did you mean 'beta'", {"candidates": ["a"], "betta": 2}),
        (ConfigError, "could not be converted", {"candidates": ["a"], "beta": "two"}),
    ],
)
def test_mistakes_are_named(error: type[Exception], message: str, arguments: dict[str, object]) -> None:
    with pytest.raises(error, match=message):
        tercet.measure("chrf", **arguments)  # type: ignore[arg-type]


def test_an_unknown_metric_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'chrf'"):
        tercet.measure("chr", candidates=["a"])
    with pytest.raises(ConfigError, match="Options are for metrics that are named"):
        tercet.measure(Chrf(), candidates=["a"], beta=1)


def test_unknown_attributes_are_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'meassure'"):
        tercet.meassure  # noqa: B018


def test_arrays_generators_and_gaps_are_taken() -> None:
    found = tercet.measure(
        "chrf",
        candidates=np.array(["a", "b"]),  # type: ignore[arg-type]
        references=(text for text in ["a", None]),  # type: ignore[arg-type]
        sources=None,
    )
    assert found.scores == {"chrf": 100.0}
    assert found.segments[1].unscored == "there is no reference in this language"
    assert tercet.measure("chrf", candidates=[None], references=["a"]).segments[0].unscored  # type: ignore[list-item]
