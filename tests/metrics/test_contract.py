"""One contract over every metric in ``conf/metric``."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.components import structured, target
from tercet.composing import config_folder
from tercet.errors import TercetError
from tercet.metrics.contract import Metric
from tercet.pipeline import measure_segments
from tercet.records import Segment
from tercet.text.tokens import tokens

FILES = sorted((config_folder() / "metric").glob("*.yaml"))
NAMES = [file.stem for file in FILES]

ODD = [
    "",
    "   ",
    "\n\t",
    "。",
    "！？……",
    "...",
    "😀🎉",
    "👩‍👩‍👧‍👦",
    "\u200b",
    "€60n",
    "3.5%",
    "a",
    "好",
    "\U00020000\U00020001",
]
PROSE = [
    "总部位于巴黎的初创公司获得了6亿欧元的融资。",
    "The company raised €600mn at a valuation of almost €6bn.",
    "Mistral AI的估值达到近60亿欧元，增长了3.5%。",
    "It rose. It fell. It rose again.\nThen it stopped.",
    "Ärger über 12.000 Münzen – “naïve” café",
]
TEXTS = st.one_of(
    st.sampled_from(ODD + PROSE),
    st.text(st.sampled_from(list("ab 的了公司。,.3€\n好A")), max_size=40),
    st.text(max_size=20),
)
LANGUAGES = st.sampled_from(["zh", "en"])


def build(file: Path) -> Metric:
    values = yaml.safe_load(file.read_text("utf-8"))
    metric: Metric = structured(target(values.pop("_target_"), file.stem), values, file.stem)
    try:
        metric.signature("en")
    except TercetError as error:  # it needs weights, a package or a path that is not here
        pytest.skip(str(error))
    return metric


def near(score: str) -> float:
    """How near to the limit of its range a score must keep: BERTScore computes in float32."""
    return 1e-6 if score.startswith("bertscore") else 1e-9


@st.composite
def segments(draw: st.DrawFn, language: str) -> list[Segment]:
    size = draw(st.integers(1, 6))
    return [
        Segment(
            id=str(i),
            candidate=draw(TEXTS),
            references=tuple(draw(st.lists(TEXTS, min_size=0, max_size=2))),
            source=draw(st.none() | TEXTS),
            language=language,
            source_language="en",
        )
        for i in range(size)
    ]


@pytest.fixture(params=FILES, ids=NAMES)
def metric(request: pytest.FixtureRequest) -> Metric:
    return build(request.param)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_rows_add_up_in_any_order_and_batch(file: Path, data: st.DataObject) -> None:
    metric = build(file)
    language = data.draw(LANGUAGES)
    found = data.draw(segments(language))
    before = repr(found)
    together = metric.measure(found)
    alone = [metric.measure([segment]) for segment in found]
    backwards = metric.measure(found[::-1])
    assert repr(found) == before
    assert together.values.shape == (len(found), len(metric.columns))
    assert together.values.dtype == np.float64
    for i, one in enumerate(alone):
        np.testing.assert_array_equal(together.values[i], one.values[0])
        np.testing.assert_array_equal(together.values[i], backwards.values[-1 - i])
        assert together.unscored[i] == one.unscored[0] == backwards.unscored[-1 - i]
        assert together.gaps[i] == one.gaps[0]
        assert together.evidence[i] == one.evidence[0]
    total = sum((one.total() for one in alone), np.zeros(len(metric.columns)))
    np.testing.assert_allclose(together.total(), total, rtol=1e-12)
    np.testing.assert_array_equal(metric.measure(found).values, together.values)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_scores_are_in_range_or_unscored_with_a_reason(file: Path, data: st.DataObject) -> None:
    metric = build(file)
    language = data.draw(LANGUAGES)
    found = measure_segments(metric, data.draw(segments(language)), language)
    for item, row in zip(found.by_segment, found.rows.values, strict=True):
        if item.scores is None:
            assert item.unscored
            assert np.isnan(row).all()
            continue
        assert np.isfinite(row).all()
        for spec in metric.scores:
            if spec.name in item.scores:
                assert spec.low - near(spec.name) <= item.scores[spec.name] <= spec.high + near(spec.name)
            else:
                assert item.gaps[spec.name]
    for spec in metric.scores:
        score = found.scores[spec.name]
        assert score.scored + sum(score.reasons.values()) == score.total == len(found.segments)
        assert (score.value is None) == (score.scored == 0)


def test_reduce_is_vectorized(metric: Metric) -> None:
    found = [
        Segment(id=str(i), candidate=text, references=(PROSE[0],), source=text, language="zh", source_language="zh")
        for i, text in enumerate(PROSE)
    ]
    values = metric.measure(found).values
    weights = np.random.default_rng(0).integers(0, 4, size=(3, 7, len(found))).astype(float)
    weights[0, 0] = 0
    sums = weights @ values
    together = metric.reduce(sums)
    assert together.shape == (3, 7, len(metric.scores))
    for i in range(3):
        for j in range(7):
            np.testing.assert_allclose(together[i, j], metric.reduce(sums[i, j]), rtol=1e-12)
    assert np.isnan(together[0, 0]).all(), "no segment, no score"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("text", [*PROSE, "好", "a", "的 的 的"])
def test_identity_is_best(metric: Metric, text: str, language: str) -> None:
    segment = Segment(id="1", candidate=text, references=(text,), source=text, language=language, source_language="zh")
    (item,) = measure_segments(metric, [segment], language).by_segment
    for spec in metric.scores:
        if item.scores is None or spec.name not in item.scores or spec.higher_is_better is None:
            continue
        if spec.name in {"repetition", "wrong_language", "empty"}:
            continue  # of the candidate alone
        if spec.name.startswith("rouge2") and item.scores[spec.name] == 0:
            assert len(tokens(text, "zh")) == 1 or language == "en"
            continue  # one token has no pair: rouge-score says 0
        best = spec.high if spec.higher_is_better else spec.low
        assert item.scores[spec.name] == pytest.approx(best, abs=near(spec.name)), spec.name


@pytest.mark.parametrize("name", ["rouge", "bleu", "chrf", "ter"])
def test_identical_chinese_scores_the_maximum_with_no_option(name: str) -> None:
    import tercet

    texts = ["他走了。", "好", PROSE[0], PROSE[2], "翻了三番"]
    found = tercet.measure(name, candidates=texts, references=texts)
    assert len(found.segments) == 5
    for segment in found.segments:
        assert segment.scores is not None
        for score, value in segment.scores.items():
            best = 0.0 if name == "ter" else 1.0 if name == "rouge" else 100.0
            if score == "rouge2" or score.startswith("rouge2_"):
                continue  # a single character has no pair; the corpus below is without it
            assert value == pytest.approx(best), score
    pairs = tercet.measure("rouge", candidates=texts[2:4], references=texts[2:4])
    assert pairs.scores["rouge2"] == 1.0


def test_each_segment_is_measured_in_its_own_language(metric: Metric) -> None:
    """A call may mix languages: every row is the one that its segment has alone."""
    mixed = [
        Segment(id=str(i), candidate=PROSE[i], references=(PROSE[(i + 2) % 4],), source=PROSE[i], language=code)
        for i in range(4)
        for code in ("en", "zh")
    ]
    together = metric.measure(mixed)
    for row, segment in zip(together.values, mixed, strict=True):
        np.testing.assert_allclose(row, metric.measure([segment]).values[0], rtol=1e-6)


def test_a_segment_without_a_candidate_keeps_its_reason(metric: Metric) -> None:
    segment = Segment(id="1", candidate=None, references=("a b",), language="en", absent="no output: 429 Too Many")
    rows = metric.measure([segment])
    assert rows.unscored == ("no output: 429 Too Many",)
    assert np.isnan(rows.values).all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_signature_names_metric_language_and_version(metric: Metric, language: str) -> None:
    signature = metric.signature(language)
    assert f"|lang:{language}|" in signature
    assert "version:" in signature
    assert signature == metric.signature(language)
    assert " " not in signature


# Another value of each option that is no number and no truth value.
OTHERS: dict[tuple[str, str], object] = {
    ("bertscore", "dtype"): "bf16",
    ("bertscore", "layer"): 5,
    ("bertscore", "max_length"): 100,
    ("rouge", "chinese"): "all",
    ("rouge", "several"): "mean",
    ("bleu", "tokenize"): "char",
    ("judge", "backend"): {"_target_": "tercet.backends.llamacpp.Llamacpp", "model": "a.gguf"},
    ("judge", "model"): "m",
    ("keypoints", "share"): 0.7,
    ("keypoints", "threshold"): 0.5,
    ("judge", "seed"): 1,
    ("nli", "model"): "some/model",
    ("nli", "style"): "hhem",
    ("nli", "labels"): ["contradiction", "neutral", "entailment"],
    ("nli", "granularity"): "document",
    ("nli", "aggregation"): "min",
    ("nli", "use_con"): False,
    ("nli", "top_k"): 3,
    ("nli", "max_length"): 100,
    ("nli", "dtype"): "bf16",
}
# Options whose other values need weights or files: tests/metrics/test_bertscore.py has them.
ELSEWHERE = {("bertscore", "model"), ("bertscore", "rescale"), ("bertscore", "baseline")}


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_signatures_tell_options_apart(file: Path) -> None:
    build(file)  # skips what cannot be here
    values = yaml.safe_load(file.read_text("utf-8"))
    cls = target(values.pop("_target_"), file.stem)
    neutral = {item.name for item in fields(cls) if item.metadata.get("scores") is False}
    for key, value in values.items():
        if key in neutral or (file.stem, key) in ELSEWHERE:
            continue
        other: object
        if (file.stem, key) in OTHERS:
            other = OTHERS[file.stem, key]
        elif isinstance(value, bool):
            other = not value
        else:
            assert isinstance(value, int | float), f"name another value of {file.stem}.{key} in OTHERS"
            other = value + 1
        pairs = [
            [structured(cls, {**values, key: each}, file.stem).signature(code) for each in (value, other)]
            for code in ("en", "zh")
        ]
        assert any(one != two for one, two in pairs), f"{file.stem}.{key} changes scores and not the signature"


EDGES = {
    # (metric, candidate, reference) -> score, or None with what the reason says
    ("rouge", "", "a b"): 0.0,
    ("rouge", "。", "好人"): 0.0,
    ("rouge", "a", "。"): "no token",
    ("rouge", "😀", "😀"): "no token",
    ("rouge", "a", "  "): "empty",
    ("bleu", "", "a b"): 0.0,
    ("bleu", "。", "。"): 100.0,
    ("bleu", "😀", "😀"): 100.0,
    ("bleu", "a", " \n"): "empty",
    ("chrf", "", "a b"): 0.0,
    ("chrf", "。", "。"): 100.0,
    ("chrf", "😀", "😀"): 100.0,
    ("chrf", "a", ""): "empty",
    ("ter", "", "a b"): 100.0,
    ("ter", "。", "。"): 0.0,
    ("ter", "😀", "😀"): 0.0,
    ("ter", "a", "\t"): "empty",
}


@pytest.mark.parametrize(("name", "candidate", "reference"), EDGES)
def test_edge_texts_score_as_documented(name: str, candidate: str, reference: str) -> None:
    import tercet

    expected = EDGES[name, candidate, reference]
    found = tercet.measure(name, candidates=[candidate], references=[reference])
    (segment,) = found.segments
    if isinstance(expected, str):
        assert segment.scores is None
        assert expected in (segment.unscored or "")
        assert found.scores == {}, "unscored is not zero"
    else:
        assert segment.scores is not None
        assert segment.scores[{"rouge": "rouge1"}.get(name, name)] == pytest.approx(expected)
