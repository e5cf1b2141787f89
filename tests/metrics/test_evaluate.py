import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tercet.components import structured
from tercet.config import load
from tercet.errors import ConfigError, MetricError, MissingExtraError
from tercet.metrics import evaluate as module
from tercet.metrics.contract import Need
from tercet.metrics.evaluate import Evaluate
from tercet.pipeline import measure_segments
from tercet.records import Segment
from tercet.signatures import parse

pytest.importorskip("evaluate", reason="the extra 'hf' is not installed")

SCRIPT = """
import datasets
import evaluate

CALLS = []


class {name}(evaluate.Metric):
    def _info(self):
        text = datasets.Value("string")
        features = {features}
        return evaluate.MetricInfo(description="", citation="", inputs_description="", features=features)

    def _compute(self, {arguments}, weight=1.0):
        CALLS.append(predictions)
        if "boom" in predictions:
            raise ZeroDivisionError("no words")
        {body}
"""
ONE = 'datasets.Features({"predictions": text, "references": text})'
MANY = 'datasets.Features({"predictions": text, "references": datasets.Sequence(text)})'
SHARED_WORDS = "[weight * len(set(p.split()) & set(r.split())) for p, r in zip(predictions, references)]"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for scripts, and a cache of modules for ``evaluate``, that are this test's own."""
    evaluate = sys.modules["evaluate"]
    folder = tmp_path / "cache"
    monkeypatch.setattr(evaluate.config, "HF_MODULES_CACHE", str(folder))
    monkeypatch.setattr(evaluate.config, "HF_METRICS_CACHE", str(folder / "metrics"))
    monkeypatch.setattr(sys, "path", [*sys.path])
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    """Forget the metrics that were loaded, and the package of them that stands for one cache."""
    module._loaded.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "evaluate_modules"]:
        del sys.modules[name]


def write(folder: Path, name: str, body: str, features: str = ONE, arguments: str = "predictions, references") -> str:
    """Write a metric's script and give its path."""
    path = folder / name / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    text = SCRIPT.format(name=name.title(), body=body, features=features, arguments=arguments)
    path.write_text(text, "utf-8")
    return str(path)


def calls(metric: Evaluate) -> list[list[str]]:
    found: list[list[str]] = sys.modules[type(metric._metric()).__module__].CALLS
    return found


def segment(candidate: str | None, *references: str, source: str | None = None) -> Segment:
    return Segment(id="1", candidate=candidate, references=references, source=source, language="en")


ITEMS = [segment("a b c", "a b"), segment("a", "b"), segment(None, "b"), segment("b", "b b")]


def test_a_list_of_numbers_is_asked_for_once(cache: Path) -> None:
    metric = Evaluate(path=write(cache, "each", f"return {{'hits': {SHARED_WORDS}}}"), score="hits")
    found = metric.measure(ITEMS)
    np.testing.assert_array_equal(found.values, [[2, 1], [0, 1], [np.nan] * 2, [1, 1]])
    assert found.unscored[2] == "there is no candidate"
    assert calls(metric) == [["a b c"], ["a b c", "a", "b"]]
    np.testing.assert_array_equal(metric.reduce(found.total()), [1])


def test_one_number_is_asked_for_segment_by_segment_and_averaged(cache: Path) -> None:
    metric = Evaluate(path=write(cache, "total", f"return {{'hits': sum({SHARED_WORDS}) ** 2}}"), score="hits")
    found = measure_segments(metric, ITEMS, "en")
    np.testing.assert_array_equal(found.rows.values[:, 0], [4, 0, np.nan, 1])
    assert calls(metric) == [["a b c"]] * 2 + [["a"], ["b"]]
    score = found.scores["hits"]
    assert score.value == pytest.approx(5 / 3)
    assert (score.scored, score.total) == (3, 4)
    assert "|agg:mean-of-segments|" in found.signature


@pytest.mark.parametrize("body", [f"return {{'hits': {SHARED_WORDS}}}", f"return {{'hits': sum({SHARED_WORDS})}}"])
def test_a_segment_alone_scores_what_it_does_among_others(body: str, cache: Path) -> None:
    metric = Evaluate(path=write(cache, "either", body), score="hits")
    items = [*ITEMS, segment("boom", "a"), segment("c", "c")]
    together = metric.measure(items)
    backwards = metric.measure(items[::-1])
    for i, item in enumerate(items):
        alone = metric.measure([item])
        np.testing.assert_array_equal(together.values[i], alone.values[0])
        np.testing.assert_array_equal(together.values[i], backwards.values[-1 - i])
        assert together.unscored[i] == alone.unscored[0] == backwards.unscored[-1 - i]
    assert "ZeroDivisionError: no words" in (together.unscored[4] or "")
    np.testing.assert_array_equal(together.values[5], [1, 1])


def test_references_go_in_as_a_list_where_the_metric_takes_one(cache: Path) -> None:
    body = "return {'count': [len(r) for r in references]}"
    alternatives = f"[{MANY}, {ONE}]"
    items = [segment("a", "b", "c"), segment("a", "b")]
    for name, features in (("many", MANY), ("both", alternatives)):
        metric = Evaluate(path=write(cache, name, body, features), score="count")
        np.testing.assert_array_equal(metric.measure(items).values[:, 0], [2, 1])


@pytest.mark.parametrize(("higher", "expected"), [(True, 2.0), (False, 0.0), (None, None)])
def test_else_each_goes_in_by_itself_and_the_best_counts(
    higher: bool | None, expected: float | None, cache: Path
) -> None:
    path = write(cache, "single", f"return {{'hits': {SHARED_WORDS}}}")
    metric = Evaluate(path=path, score="hits", higher_is_better=higher)
    found = metric.measure([segment("a b", "c", "a b", "a"), segment("a", "a")])
    if expected is None:
        assert "higher_is_better does not say" in (found.unscored[0] or "")
    else:
        assert found.values[0, 0] == expected
    assert found.values[1, 0] == 1


def test_inputs_say_what_goes_where(cache: Path) -> None:
    body = "return {'size': [len(p) + 100 * len(s) for p, s in zip(predictions, sources)]}"
    features = 'datasets.Features({"predictions": text, "sources": text})'
    path = write(cache, "qe", body, features, "predictions, sources")
    metric = Evaluate(path=path, score="size", inputs={"candidate": "predictions", "source": "sources"})
    assert metric.needs == {Need.SOURCE}
    found = metric.measure([segment("abc", source="ab"), segment("a")])
    assert found.values[0, 0] == 203
    assert found.unscored[1] == "the article has no source text"
    with pytest.raises(MetricError, match="takes no 'references'"):
        Evaluate(path=path, score="size").measure([segment("a", "b")])
    with pytest.raises(MetricError, match="also takes 'sources'"):
        Evaluate(path=path, score="size", inputs={"candidate": "predictions"}).measure([segment("a")])


def test_arguments_are_passed_and_signed(cache: Path) -> None:
    path = write(cache, "each", f"return {{'hits': {SHARED_WORDS}}}")
    plain, heavy = (Evaluate(path=path, score="hits", arguments=a) for a in ({}, {"weight": 2.5}))
    assert heavy.measure(ITEMS).values[0, 0] == 2.5 * plain.measure(ITEMS).values[0, 0]
    assert '|arguments:{"weight":2.5}|' in heavy.signature("en")


def test_signature_reads_back_into_options(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(cache, "each", f"return {{'hits': {SHARED_WORDS}}}")
    monkeypatch.chdir(cache)
    metric = Evaluate(path="each", score="hits", arguments={"weight": 2.5})
    again = Evaluate.from_parts(parse(metric.signature("en")).parts)
    assert again.signature("en") == metric.signature("en")
    assert again.arguments == {"weight": 2.5}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("float('nan')", "the metric gave nan"),
        ("[float('inf')] * len(predictions)", "the metric gave inf"),
        ("'high'", "'score' is no number but str"),
        ("[1, 2, 3]", "'score' holds 3 numbers for one segment"),
        ("None", "the metric gave nan"),
    ],
)
def test_what_is_no_number_is_unscored_with_the_reason(value: str, reason: str, cache: Path) -> None:
    metric = Evaluate(path=write(cache, "odd", f"return {{'score': {value}}}"), score="score")
    for items in ([segment("a", "b")], [segment("a", "b"), segment("b", "b")]):
        found = metric.measure(items)
        assert all(reason in (item or "") for item in found.unscored)
        assert np.isnan(found.values).all()


def test_a_key_that_is_not_there_names_those_that_are(cache: Path) -> None:
    metric = Evaluate(path=write(cache, "each", "return {'hits': 1.0, 'misses': 0.0}"), score="hit")
    with pytest.raises(MetricError, match=r"has no 'hit'\. Did you mean 'hits'\? Known: hits, misses"):
        metric.measure(ITEMS)
    none = Evaluate(path=write(cache, "nothing", "return None"), score="hit")
    with pytest.raises(MetricError, match="has no 'hit'"):
        none.measure(ITEMS)


def test_a_folder_serves_as_well_as_its_script(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(write(cache, "each", f"return {{'hits': {SHARED_WORDS}}}"))
    monkeypatch.chdir(cache)
    signatures = {Evaluate(path=p, score="hits").signature("en") for p in (str(path), str(path.parent), "each")}
    (signature,) = signatures
    assert signature.startswith("evaluate|lang:en|path:each|config:default|script:")
    assert signature.endswith("|arguments:{}|score:hits|agg:mean-of-segments|version:evaluate-" + version("evaluate"))
    assert str(cache) not in signature
    path.write_text(path.read_text("utf-8") + "\n# another\n", "utf-8")
    module._loaded.cache_clear()
    assert Evaluate(path=str(path), score="hits").signature("en") != signature


def test_nothing_is_fetched_unless_asked(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def loads(path: str, *args: Any, **options: Any) -> None:
        asked.append((path, options["download_config"].local_files_only))
        raise ConnectionError("no network")

    monkeypatch.setattr(sys.modules["evaluate"], "load", loads)
    with pytest.raises(MetricError, match=r"There is no metric 'exact_match' here\.") as found:
        Evaluate(path="exact_match", score="exact_match").measure(ITEMS)
    assert "fetch=true" in found.value.remedy
    assert not asked
    with pytest.raises(MetricError, match="'exact_match' cannot be loaded: ConnectionError: no network"):
        Evaluate(path="exact_match", score="exact_match", fetch=True).measure(ITEMS)
    assert asked == [("exact_match", False)]


def test_a_script_that_cannot_be_loaded_is_a_typed_error(cache: Path) -> None:
    path = cache / "bad.py"
    path.write_text("import tercet_not_there\n", "utf-8")
    with pytest.raises(MetricError, match="cannot be loaded: ImportError"):
        Evaluate(path=str(path), score="x").signature("en")


@pytest.mark.parametrize(("values", "problem"), [({}, "names no metric"), ({"path": "x"}, "names no score")])
def test_the_defaults_say_what_to_set(values: dict[str, str], problem: str) -> None:
    metric: Evaluate = structured(Evaluate, values, "metrics.evaluate")
    asks: list[Callable[[], object]] = [lambda: metric.measure(ITEMS), lambda: metric.signature("en")]
    for ask in asks:
        with pytest.raises(MetricError, match=problem) as found:
            ask()
        assert "metrics.evaluate.path=" in found.value.remedy


def test_an_unknown_input_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"Unknown name 'candidates' in inputs\. Did you mean 'candidate'"):
        structured(Evaluate, {"inputs": {"candidates": "predictions"}}, "metrics.evaluate")


def test_without_the_package_the_error_has_the_pip_line(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "evaluate", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'tercet\[hf\]'"):
        Evaluate(path="x", score="y").measure(ITEMS)


def test_two_of_them_run_together_under_two_names(cache: Path, tmp_path: Path) -> None:
    target = "tercet.metrics.evaluate.Evaluate"
    (spec,) = load(
        [
            "metric=[evaluate]",
            "metrics.evaluate.score=hits",
            f"+metrics.second={{_target_: {target}, score: hits, label: second, low: 0, high: 1}}",
        ]
    )
    assert {name: metric.scores[0].name for name, metric in spec.metrics.items()} == {
        "evaluate": "hits",
        "second": "second",
    }
    assert (spec.metrics["second"].scores[0].low, spec.metrics["second"].scores[0].high) == (0, 1)


def test_a_metric_of_a_library_gives_the_librarys_numbers(cache: Path) -> None:
    from sacrebleu.metrics.chrf import CHRF

    body = "return {'score': sacrebleu.corpus_chrf(predictions, [list(r) for r in zip(*references)]).score}"
    path = Path(write(cache, "chrfwrap", body, MANY))
    path.write_text("import sacrebleu\n" + path.read_text("utf-8"), "utf-8")
    metric = Evaluate(path=str(path), score="score", higher_is_better=True, low=0, high=100)
    items = [segment("the cat sat", "the cat sat down", "a cat"), segment("他走了", "他走了"), segment("", "a")]
    expected = [CHRF().sentence_score(item.candidate or "", list(item.references)).score for item in items]
    np.testing.assert_allclose(metric.measure(items).values[:, 0], expected, rtol=1e-12)
