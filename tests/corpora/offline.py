"""``datasets`` without a network."""

from pathlib import Path

import pytest


def keep_offline(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep ``datasets`` off the network, and its cache in the test's folder; skip where it is not there."""
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_DATASETS_DISABLE_PROGRESS_BARS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(folder))
    config = pytest.importorskip("datasets").config
    monkeypatch.setattr(config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(config, "HF_DATASETS_CACHE", folder)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
