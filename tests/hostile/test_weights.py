"""Weights and models that somebody else has made: what they bring along is not run."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tercet.encoders.pretrained import Pretrained
from tercet.errors import MetricError

pytest.importorskip("torch")
pytest.importorskip("transformers")


class _Evil:
    """A pickle that makes a folder when it is opened."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("owned",)


def test_weights_that_are_a_pickle_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from tests.encoders.tiny import save_bert

    monkeypatch.chdir(tmp_path)
    folder = save_bert(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    torch.save({"embeddings.word_embeddings.weight": _Evil()}, folder / "pytorch_model.bin")
    with pytest.raises(MetricError, match="a pickle that holds more than numbers, and is not opened"):
        Pretrained(model=str(folder), layer=2).load()
    assert not Path("owned").exists()


def test_code_beside_a_model_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.encoders.tiny import save_bert

    monkeypatch.chdir(tmp_path)
    folder = save_bert(tmp_path / "model")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "evil.py").write_text("import os\nos.mkdir('owned')\n", "utf-8")
    with pytest.raises(MetricError, match="cannot be loaded"):
        Pretrained(model=str(folder), layer=2).load()
    assert not Path("owned").exists()
