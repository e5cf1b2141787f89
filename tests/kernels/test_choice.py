"""When compiled kernels are started, and that they can be compiled beforehand."""

import subprocess
import sys

import pytest

from tercet.kernels import choice


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A process that has not started anything, with numba installed and compiled code on disk."""
    monkeypatch.setattr(choice, "_spent", {})
    monkeypatch.setattr(choice, "_installed", lambda: True)
    monkeypatch.setattr(choice, "_compiled", lambda module: True)
    monkeypatch.delitem(sys.modules, "tercet.kernels.rouge", raising=False)
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    return monkeypatch


def test_a_small_job_does_not_wait_and_a_large_one_is_compiled(fresh: pytest.MonkeyPatch) -> None:
    assert not choice.worthwhile("rouge", 0.1)
    assert choice.worthwhile("rouge", 5.0)
    fresh.setattr(choice, "_spent", {})
    fresh.setattr(choice, "_compiled", lambda module: False)
    assert not choice.worthwhile("rouge", 5.0)
    assert choice.worthwhile("rouge", 50.0)


def test_small_jobs_add_up(fresh: pytest.MonkeyPatch) -> None:
    answers = [choice.worthwhile("rouge", 0.3) for _ in range(5)]
    assert answers == [False, False, True, True, True]


def test_without_numba_the_library_serves(fresh: pytest.MonkeyPatch) -> None:
    fresh.setattr(choice, "_installed", lambda: False)
    assert not choice.worthwhile("rouge", 1e6)


def test_a_loaded_kernel_is_always_taken(fresh: pytest.MonkeyPatch) -> None:
    fresh.setitem(sys.modules, "tercet.kernels.rouge", object())
    assert choice.worthwhile("rouge", 0.0)


def test_kernels_can_be_compiled_beforehand() -> None:
    pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    done = subprocess.run([sys.executable, "-m", "tercet.kernels"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "compiled" in done.stdout
    for module in ("rouge", "bleu", "chrf", "ter"):
        assert choice._compiled(module)
