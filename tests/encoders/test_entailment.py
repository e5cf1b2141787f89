"""Classifiers of pairs: what can be loaded, how heads are read, and what a pair becomes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
import transformers

from tercet.encoders.classifier import Classifier, Verdict
from tercet.encoders.entailment import Entailment
from tercet.encoders.heads import head_of
from tercet.errors import ConfigError, MetricError
from tests.encoders.tiny_nli import NLI, change_config, save_classifier


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_classifier(tmp_path_factory.mktemp("models") / "tiny")


TOLD = {
    # classes -> support, contradiction, style
    ("entailment", "neutral", "contradiction"): (0, 2, "nli"),
    ("CONTRADICTION", "NEUTRAL", "ENTAILMENT"): (2, 0, "nli"),
    ("contradiction", "entailment", "neutral"): (1, 0, "nli"),
    ("SUPPORTS", "REFUTES", "NOT ENOUGH INFO"): (0, 1, "nli"),
    ("not_entailment", "entailment"): (1, None, "nli"),
    ("entailment", "not_entailment"): (0, None, "nli"),
    ("ALIGNED", "NEUTRAL", "CONTRADICT"): (0, 2, "alignscore"),
    ("not-aligned", "aligned"): (1, None, "alignscore"),
    ("hallucinated", "consistent"): (1, None, "hhem"),
    ("inconsistent", "factually-consistent"): (1, None, "hhem"),
    ("unsupported", "supported"): (1, None, "hhem"),
    ("consistent",): (0, None, "hhem"),
}


@pytest.mark.parametrize("labels", TOLD)
def test_classes_are_told_by_their_names(labels: tuple[str, ...]) -> None:
    by_index, by_name = dict(enumerate(labels)), {name: i for i, name in enumerate(labels)}
    configs: list[dict[str, Any]] = [
        {"id2label": by_index},
        {"id2label": {str(i): name for i, name in by_index.items()}},
        {"label2id": by_name},
        {"id2label": {i: f"LABEL_{i}" for i in by_index}, "label2id": by_name},
    ]
    for config in configs:
        head = head_of(config, "auto", None, "m")
        assert (head.support, head.against, head.style) == TOLD[labels]
    assert head_of({}, "alignscore", labels, "m").style == "alignscore"


@pytest.mark.parametrize(
    "labels",
    [
        (),
        ("LABEL_0",),
        ("LABEL_0", "LABEL_1", "LABEL_2"),
        ("positive", "negative"),
        ("entailment", "supported", "neutral"),
        ("entailment", "contradiction", "refutes"),
        ("relevance",),
    ],
)
def test_what_cannot_be_told_is_an_error_with_the_classes(labels: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as found:
        head_of({"id2label": dict(enumerate(labels))}, "auto", None, "m")
    assert (", ".join(labels) or "none") in found.value.problem
    assert "labels=[...]" in found.value.remedy
    if len(labels) == 1:
        assert head_of({"id2label": dict(enumerate(labels))}, "hhem", None, "m").support == 0


def test_logits_become_probabilities() -> None:
    three = head_of({}, "auto", ("contradiction", "neutral", "entailment"), "m")
    support, against = three.read(torch.tensor([[0.0, 0.0, 0.0], [100.0, 0.0, 0.0]]))
    assert support == pytest.approx([1 / 3, 0.0])
    assert against == pytest.approx([1 / 3, 1.0])
    one = head_of({}, "hhem", ("LABEL_0",), "m")
    assert one.read(torch.tensor([[0.0], [100.0]], dtype=torch.bfloat16)) == ([0.5, 1.0], [0.0, 0.0])


def flat(verdicts: Sequence[Verdict]) -> list[float]:
    return [number for verdict in verdicts for number in verdict]


def test_the_classifier_reads_what_it_says(tiny: Path) -> None:
    """No field of the tokenizer's is lost, and what is padded is masked."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(tiny)
    loaded = Classifier(model, tokenizer, Entailment(model=str(tiny)).head, longest=48, device="cpu")
    (encoded,) = loaded.encode([("the bank", "rose")])
    assert encoded.fields == {key: list(value) for key, value in tokenizer("the bank", "rose").items()}
    pairs = [("the bank", "rose"), ("the bank rose by 5 percent in june", "it was new"), ("", "a"), ("a", "")]
    assert flat(loaded.judge(pairs, batch=4)) == pytest.approx(flat(loaded.judge(pairs)), abs=1e-6)
    assert loaded.judge([]) == []


def test_a_pair_is_computed_alone_in_one_thread(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = Classifier._batch

    def spy(self: Classifier, encoded: Any, group: Sequence[int]) -> Any:
        seen.append((len(group), torch.get_num_threads()))
        return real(self, encoded, group)

    monkeypatch.setattr(Classifier, "_batch", spy)
    loaded = Entailment(model=str(tiny)).load()
    for pairs in ([("the bank", "rose")], [("the bank", "rose"), ("the bank", "fell")]):
        loaded.judge(pairs)
    assert seen == [(1, 1)] * 3


def test_a_model_without_token_types_or_a_limit(tmp_path: Path) -> None:
    """RoBERTa: two pairs of separators, positions from behind the padding, no token types."""
    from tests.encoders.test_pretrained import SIZES

    letters = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *"abcdefgh", "Ġ", "Ġa", "Ġb"]
    (tmp_path / "vocab.json").write_text(str({piece: i for i, piece in enumerate(letters)}).replace("'", '"'), "utf-8")
    (tmp_path / "merges.txt").write_text("#version: 0.2\nĠ a\nĠ b\n", "utf-8")
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "RobertaTokenizer"}', "utf-8")
    config = transformers.RobertaConfig(
        num_hidden_layers=2, max_position_embeddings=14, id2label=dict(enumerate(NLI)), **SIZES
    )
    transformers.RobertaForSequenceClassification(config).save_pretrained(tmp_path)
    description = Entailment(model=str(tmp_path))
    assert description.parts["max"] == "12"
    loaded = description.load()
    pairs = [("a b", "b"), ("abcdefgh abcdefgh", "a"), ("a", "abcdefgh abcdefgh")]
    found = loaded.encode(pairs)
    assert [item.truncated for item in found] == [False, True, True]
    assert [len(item.fields["input_ids"]) for item in found] == [7, 12, 12]
    assert set(found[0].fields) == {"input_ids", "attention_mask"}
    model = transformers.AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    with torch.no_grad():
        plain = model(**tokenizer(*pairs[0], return_tensors="pt")).logits.softmax(dim=-1)[0]
    (verdict,) = loaded.judge(pairs[:1])
    assert verdict[:2] == pytest.approx((float(plain[0]), float(plain[2])), abs=1e-6)


def test_code_that_comes_with_a_checkpoint_is_not_run(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "hhem")
    change_config(folder, model_type="HHEMv2", auto_map={"AutoConfig": "configuration_hhem_v2.HHEMv2Config"})
    (folder / "configuration_hhem_v2.py").write_text("raise SystemExit('it was run')", "utf-8")
    with pytest.raises(MetricError, match=r"is not run.*--revision hhem-1\.0-open"):
        _ = Entailment(model=str(folder)).parts


def test_a_model_without_a_trained_head_is_refused(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "model")
    body: Any = transformers.BertModel.from_pretrained(folder)
    body.save_pretrained(folder)
    with pytest.raises(MetricError, match=r"no classifier of texts: its config\.json names BertModel"):
        Entailment(model=str(folder)).load()
    change_config(folder, architectures=["BertForSequenceClassification"])
    with pytest.raises(MetricError, match=r"lack classifier\.bias: it would be made up"):
        Entailment(model=str(folder)).load()


def test_a_broken_model_is_named(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "model")
    with pytest.raises(ConfigError, match="has 3 classes, and 2 are named"):
        Entailment(model=str(folder), labels=("entailment", "other")).load()
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(MetricError, match="cannot be loaded"):
        Entailment(model=str(folder)).load()
