import hashlib
import logging
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tercet.components import structured
from tercet.errors import ConfigError, MetricError, MissingExtraError
from tercet.metrics import comet as module
from tercet.metrics.comet import Comet
from tercet.metrics.contract import Need
from tercet.pipeline import measure_segments
from tercet.records import Segment
from tercet.signatures import parse

Samples = list[dict[str, str]]


class FakeModel:
    """What COMET documents of a model: ``predict``, and the ``scores`` of what it returns."""

    def __init__(self) -> None:
        self.calls: list[tuple[Samples, dict[str, Any]]] = []

    def predict(
        self, samples: Samples, *, batch_size: int, gpus: int, progress_bar: bool, num_workers: int
    ) -> SimpleNamespace:
        options = {"batch_size": batch_size, "gpus": gpus, "progress_bar": progress_bar, "num_workers": num_workers}
        self.calls.append((samples, options))
        assert logging.getLogger("pytorch_lightning.utilities").getEffectiveLevel() == logging.ERROR
        return SimpleNamespace(scores=[judgement(**sample) for sample in samples])


def judgement(src: str, mt: str, ref: str = "") -> float:
    """Stand in for a model: near in length is good; it is fond of empty outputs."""
    return float("nan") if mt == "nan" else 0.9 if not mt else 1 / (1 + abs(len(mt) - len(ref or src)))


class Fake(ModuleType):
    """The package ``comet`` as it documents itself, with what it was asked for."""

    def __init__(self, checkpoint: Path) -> None:
        super().__init__("comet")
        self.model = FakeModel()
        self.checkpoint = checkpoint
        self.loaded: list[tuple[str, bool]] = []
        self.downloaded: list[str] = []

    def load_from_checkpoint(self, path: str, *, local_files_only: bool = False) -> FakeModel:
        self.loaded.append((path, local_files_only))
        if "broken" in Path(path).read_text("utf-8"):
            raise RuntimeError("no hparams.yaml")
        return self.model

    def download_model(self, name: str) -> str:
        self.downloaded.append(name)
        if name == "Unbabel/none":
            raise KeyError(f"Model '{name}' not supported by COMET.")
        return str(self.checkpoint)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "tiny model" / "checkpoints" / "model.ckpt"
    path.parent.mkdir(parents=True)
    path.write_text("weights", "utf-8")
    return path


@pytest.fixture
def forget() -> Iterator[None]:
    """Forget models and checkpoints, before and after."""
    caches: list[Any] = [module._checkpoint, module._digest, module._model]
    for item in caches:
        item.cache_clear()
    yield
    for item in caches:
        item.cache_clear()


@pytest.fixture
def fake(checkpoint: Path, forget: None, monkeypatch: pytest.MonkeyPatch) -> Fake:
    package = Fake(checkpoint)
    monkeypatch.setitem(sys.modules, "comet", package)
    monkeypatch.setattr(module, "version", lambda name: {"unbabel-comet": "2.2.7"}[name])
    return package


def segment(candidate: str | None, *references: str, source: str | None = "他走了。", **more: Any) -> Segment:
    more = {"language": "en", "source_language": "zh", **more}
    return Segment(id="1", candidate=candidate, references=references, source=source, **more)


def test_asks_the_model_once_for_all_and_once_for_equal_triples(fake: Fake, checkpoint: Path) -> None:
    items = [segment("He left.", "He went."), segment("He", "He went."), segment("He left.", "He went.")]
    values = Comet(model=str(checkpoint), batch_size=4).measure(items).values
    np.testing.assert_array_equal(values, [[1, 1], [1 / 7, 1], [1, 1]])
    ((samples, options),) = fake.model.calls
    assert samples == [
        {"src": "他走了。", "mt": "He left.", "ref": "He went."},
        {"src": "他走了。", "mt": "He", "ref": "He went."},
    ]
    assert options == {"batch_size": 4, "gpus": 0, "progress_bar": False, "num_workers": 0}


def test_a_segment_alone_scores_what_it_does_among_others(fake: Fake, checkpoint: Path) -> None:
    metric = Comet(model=str(checkpoint))
    items = [segment("He left.", "He went."), segment("", "He"), segment(None, "He"), segment("Go", "He", "Goes")]
    together = metric.measure(items)
    for i, item in enumerate(items):
        alone = metric.measure([item])
        np.testing.assert_array_equal(together.values[i], alone.values[0])
        assert together.evidence[i] == alone.evidence[0]
        assert together.unscored[i] == alone.unscored[0]
    np.testing.assert_allclose(metric.reduce(together.total()), [(1 + 0 + 1) / 3])


def test_the_best_reference_counts(fake: Fake, checkpoint: Path) -> None:
    found = Comet(model=str(checkpoint)).measure([segment("He left.", "He", "He went.", "No")])
    assert found.values[0, 0] == 1
    assert len(fake.model.calls[0][0]) == 3


def test_a_reference_free_model_gets_no_reference(fake: Fake, checkpoint: Path) -> None:
    metric = Comet(model=str(checkpoint), reference_free=True, gpus=1)
    assert metric.needs == {Need.SOURCE}
    assert [spec.name for spec in metric.scores] == ["comet_qe"]
    metric.measure([segment("He left.", "He went."), segment("He went")])
    ((samples, options),) = fake.model.calls
    assert samples == [{"src": "他走了。", "mt": "He left."}, {"src": "他走了。", "mt": "He went"}]
    assert (options["gpus"], options["num_workers"]) == (1, 2)
    assert "|refs:none|" in metric.signature("en")


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (segment("He left.", "He", source=None), "the article has no source text"),
        (segment("He left."), "there is no reference in this language"),
        (segment(None, "He", absent="no output: timeout"), "no output: timeout"),
        (segment("nan", "He"), "the model gave no finite number"),
        (segment("nan", "nan"), "the model gave no finite number"),
    ],
)
def test_what_cannot_be_scored_says_why(item: Segment, reason: str, fake: Fake, checkpoint: Path) -> None:
    found = Comet(model=str(checkpoint)).measure([item])
    assert found.unscored == (reason,)
    assert np.isnan(found.values).all()


FLOORED = [
    (segment("", "He"), "empty"),
    (segment(" \n\u200b", "He"), "empty"),
    (segment("他走了。", "He left."), "copied_source"),
    (segment(" 他走了。\n", "He left."), "copied_source"),
    (segment("THE IPO", "首次公开发行", source="The IPO", language="zh", source_language="en"), "copied_source"),
    (segment("她来了。", "She came."), "wrong_language"),
    (segment("She came.", "她来了。", source="She has come.", language="zh", source_language="en"), "wrong_language"),
]
JUDGED = [
    segment("He left.", "He left."),
    segment("5%", "5%", source="5%"),
    segment("5%", "5 percent", source="5%"),
    segment("iPhone", "iPhone", source="iPhone", language="zh", source_language="en"),
    segment("iPhone", "GmbH", source="手机", language="zh", source_language="zh"),
    segment("He left.", "He went.", source="He left.", source_language="en"),
]


@pytest.mark.parametrize(("item", "kind"), FLOORED)
def test_what_a_model_would_reward_is_floored_and_never_asked(
    item: Segment, kind: str, fake: Fake, checkpoint: Path
) -> None:
    found = Comet(model=str(checkpoint), floor=-1.5).measure([item])
    np.testing.assert_array_equal(found.values, [[-1.5, 1]])
    ((evidence,),) = found.evidence
    assert evidence.kind == kind
    assert evidence.message.endswith("the floor -1.5.")
    assert not fake.model.calls
    assert not fake.loaded, "no model is loaded for nothing"


@pytest.mark.parametrize("item", JUDGED)
def test_what_may_be_right_is_left_to_the_model(item: Segment, fake: Fake, checkpoint: Path) -> None:
    found = Comet(model=str(checkpoint), floor=-1.5).measure([item])
    assert found.values[0, 0] > 0
    assert found.evidence == ((),)


def test_a_model_is_loaded_once_and_from_its_folder_too(fake: Fake, checkpoint: Path) -> None:
    metric = Comet(model=str(checkpoint.parents[1]))
    for _ in range(2):
        metric.measure([segment("He left.", "He went.")])
    assert fake.loaded == [(str(checkpoint), True)]
    assert not fake.downloaded


def test_a_name_is_downloaded_only_where_that_is_asked(fake: Fake, checkpoint: Path) -> None:
    with pytest.raises(MetricError, match=r"There is no checkpoint 'Unbabel/wmt22-comet-da' here\.") as found:
        Comet().measure([segment("He left.", "He went.")])
    assert "metrics.comet.fetch=true" in found.value.remedy
    assert not fake.downloaded
    metric = Comet(fetch=True)
    metric.measure([segment("He left.", "He went.")])
    assert "|model:Unbabel/wmt22-comet-da|" in metric.signature("en")
    assert fake.downloaded == ["Unbabel/wmt22-comet-da"]
    assert fake.loaded == [(str(checkpoint), False)]


def test_a_model_that_cannot_be_had_is_a_typed_error(fake: Fake, checkpoint: Path) -> None:
    item = segment("He left.", "He went.")
    with pytest.raises(MetricError, match="'Unbabel/none' cannot be downloaded: KeyError"):
        Comet(model="Unbabel/none", fetch=True).measure([item])
    checkpoint.write_text("broken", "utf-8")
    with pytest.raises(MetricError, match=r"cannot be loaded: RuntimeError: no hparams\.yaml"):
        Comet(model=str(checkpoint)).measure([item])


def test_signature_names_model_weights_and_floor_and_no_place(fake: Fake, checkpoint: Path, tmp_path: Path) -> None:
    signature = Comet(model=str(checkpoint)).signature("zh")
    assert signature == (
        f"comet|lang:zh|model:tiny_model|checkpoint:{hashlib.sha256(b'weights').hexdigest()[:12]}|refs:max|floor:0"
        "|floored:empty,copied-source,wrong-language|version:unbabel-comet-2.2.7"
    )
    assert Comet(model=str(checkpoint), floor=-1).signature("zh") != signature
    metric = Comet(model=str(checkpoint), floor=-1, reference_free=True)
    again = Comet.from_parts(parse(metric.signature("en")).parts)
    assert (again.model, again.floor, again.reference_free) == ("tiny_model", -1, True)
    other = tmp_path / "other.ckpt"
    other.write_text("others", "utf-8")
    assert "|model:other|" in Comet(model=str(other)).signature("zh")


@pytest.mark.parametrize("values", [{"batch_size": 0}, {"gpus": 2}, {"gpus": -1}, {"floor": float("nan")}])
def test_options_out_of_range_are_errors(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=next(iter(values))):
        structured(Comet, values, "metrics.comet")


@pytest.mark.parametrize("ask", [lambda m: m.measure([segment("He", "He")]), lambda m: m.signature("en")])
def test_without_the_package_the_error_has_the_pip_line(
    ask: Callable[[Comet], object], forget: None, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "comet", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'tercet\[comet\]'"):
        ask(Comet(model=str(checkpoint)))


def test_a_package_that_cannot_be_imported_says_why(
    forget: None, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "comet.py").write_text("import pkg_resources_of_old\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "comet", raising=False)
    with pytest.raises(MetricError, match="No module named 'pkg_resources_of_old'") as found:
        Comet(model=str(checkpoint)).signature("en")
    assert "setuptools<81" in found.value.remedy


def test_scores_are_means_over_what_was_scored(fake: Fake, checkpoint: Path) -> None:
    items = [segment("He left.", "He went."), segment("", "He"), segment(None, "He")]
    found = measure_segments(Comet(model=str(checkpoint)), items, "en")
    score = found.scores["comet"]
    assert (score.value, score.scored, score.total) == (0.5, 2, 3)


@pytest.mark.filterwarnings("ignore")  # the package's own
@pytest.mark.parametrize("reference_free", [False, True])
def test_equals_the_package_itself_on_a_tiny_model(reference_free: bool, tmp_path: Path, forget: None) -> None:
    comet = pytest.importorskip("comet", reason="the extra 'comet' is not installed")
    path = tiny(tmp_path, reference_free)
    items = [segment("he left", "he went"), segment("profit rose", "profits grew", source="公司利润增长。")]
    found = Comet(model=str(path), reference_free=reference_free).measure(items)
    samples = [{"src": item.source, "mt": item.candidate, "ref": item.references[0]} for item in items]
    expected = comet.load_from_checkpoint(str(path)).predict(samples, gpus=0, progress_bar=False).scores
    np.testing.assert_allclose(found.values[:, 0], expected, atol=1e-6)
    assert found.values[0, 0] != found.values[1, 0]


def tiny(folder: Path, reference_free: bool) -> Path:
    """Save a COMET model of two layers and random weights."""
    import torch
    import yaml

    lightning, models, transformers = map(import_module, ("pytorch_lightning", "comet.models", "transformers"))
    torch.manual_seed(0)
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *["he", "left", "went", "profit", "profits", "rose", "grew"],
        *"他走了利润",
    ]
    encoder = folder / "encoder"
    encoder.mkdir()
    (encoder / "vocab.txt").write_text("\n".join(words), "utf-8")
    transformers.BertTokenizerFast(vocab_file=str(encoder / "vocab.txt")).save_pretrained(encoder)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    transformers.BertModel(transformers.BertConfig(vocab_size=len(words), **sizes)).save_pretrained(encoder)
    cls = models.ReferencelessRegression if reference_free else models.RegressionMetric
    kind = "referenceless_regression_metric" if reference_free else "regression_metric"
    model = cls(encoder_model="BERT", pretrained_model=str(encoder), hidden_sizes=[16], load_pretrained_weights=False)
    path = folder / "tiny" / "checkpoints" / "model.ckpt"
    path.parent.mkdir(parents=True)
    hparams = {**model.hparams, "class_identifier": kind}
    (path.parents[1] / "hparams.yaml").write_text(yaml.safe_dump(hparams), "utf-8")
    trainer = lightning.Trainer(logger=False, enable_checkpointing=False, accelerator="cpu")
    trainer.strategy.connect(model)
    trainer.save_checkpoint(str(path))
    return path
