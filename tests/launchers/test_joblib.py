import os
import threading
from pathlib import Path

import pytest

from tercet.errors import ConfigError
from tercet.launchers.joblib import Joblib
from tests.launchers.work import work

pytest.importorskip("joblib", reason="joblib is not installed")
pytest.importorskip("cloudpickle", reason="cloudpickle is not installed")


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_leaving_early_ends_what_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    results = Joblib(jobs=2).launch(work, [("wait", "a"), ("wait", "quick")])
    assert next(results) == (1, "quick")
    pid = tmp_path / "a.pid"
    while not pid.exists() or not pid.read_text("utf-8"):
        threading.Event().wait(0.02)
    process = int(pid.read_text("utf-8"))
    assert alive(process)
    results.close()  # type: ignore[attr-defined]  # all of ours are generators
    assert not alive(process)


def test_one_job_at_once_is_another_process_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (found,) = Joblib(jobs=1).launch(work, [("write", "a")])
    assert found[1][1] != os.getpid()  # type: ignore[index]


def test_no_jobs_at_all_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"launcher\.jobs is 0"):
        Joblib(jobs=0)


def test_what_cannot_be_sent_is_told() -> None:
    with pytest.raises(ConfigError, match=r"Run 2 of 2 cannot be sent.*launcher=basic"):
        Joblib().launch(str, [1, threading.Lock()])
