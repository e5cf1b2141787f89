"""Verdicts on disk: exact, and in a table of their own."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tercet.encoders import verdicts
from tercet.encoders.classifier import Verdict
from tercet.encoders.entailment import Entailment
from tercet.encoders.memory import Memory
from tercet.encoders.pairs import Pair, Pairs
from tercet.encoders.verdicts import Verdicts, judge_pairs
from tercet.errors import RunError
from tests.encoders.tiny_nli import save_classifier


def test_what_was_stored_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    verdict = Verdict(float(np.float32(1) / np.float32(3)), 0.0, truncated=True)
    Verdicts(path, 10).store({b"1": verdict})
    Pairs(path, 10).store({b"1": Pair(0.5, 0.5, 0.5, truncated=False, blank=False)})
    (found,) = Verdicts(path, 10).find([b"1", b"2"]).values()
    assert found == verdict
    assert found.truncated is True
    with sqlite3.connect(path) as db:
        db.execute("update verdicts set support = 'text'")
        db.commit()
    db.close()
    with pytest.raises(RunError, match=r"no metric has written.*Delete the file"):
        Verdicts(path, 10).find([b"1"])


def test_a_killed_run_loses_one_block_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Entailment(model=str(save_classifier(tmp_path / "model")))
    monkeypatch.setattr(verdicts, "_SEEN", Memory(1 << 20))
    monkeypatch.setattr(verdicts, "_BLOCK", 3)
    store = Verdicts(tmp_path / "a.sqlite", 100)
    pairs = [("the bank rose", word) for word in "abcdefgh"]
    loaded = verdicts._loaded(model)
    real, calls = loaded.judge, 0

    def killed(*arguments: object) -> list[Verdict]:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loaded, "judge", killed)
    with pytest.raises(KeyboardInterrupt):
        judge_pairs(model, pairs, store=store)
    judged: list[int] = []
    monkeypatch.setattr(loaded, "judge", lambda block, batch: judged.append(len(block)) or real(block, batch))  # type: ignore[func-returns-value]
    found = judge_pairs(model, pairs, store=store)
    assert judged == [2]
    assert [tuple(verdict) for verdict in found] == [tuple(verdict) for verdict in real(pairs)]
    assert judge_pairs(model, [], store=None) == []
