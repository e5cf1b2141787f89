"""Worker processes of this machine, in good times and in bad ones."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from multiprocessing import active_children
from pathlib import Path

import pytest

from tercet.errors import ConfigError, RunError, TercetError
from tercet.executors import CPU, HERE, Done, Job, Lost, PoolSize
from tercet.executors.local import Local, cores
from tests.executors.workers import (
    FAILURES,
    MIXED,
    SIZES,
    Handy,
    Unloadable,
    Unpicklable,
    by_key,
    jobs,
    mixed,
    wait_for,
    wait_for_end,
)
from tests.interrupts import heed_interrupts

ROOT = Path(__file__).parents[2]


@pytest.fixture
def worker(tmp_path: Path) -> Handy:
    return Handy(tmp_path)


@pytest.mark.parametrize("workers", [1, 3])
def test_results_are_the_same_whatever_the_workers(worker: Handy, workers: int) -> None:
    assert by_key(Local(workers=workers).run(worker, mixed(8), SIZES)) == MIXED
    assert all_ended()


def test_each_process_takes_over_folder_and_threads_and_loads_once(
    worker: Handy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    work = [Job(key=i, steps=((CPU, "load"), (CPU, "place")), payload=i) for i in range(12)]
    places = by_key(Local(workers=2).run(worker, work, {CPU: PoolSize(threads=3)})).values()
    assert {place[1:] for place in places} == {(str(tmp_path), "3")}
    loads = (tmp_path / "loads").read_text().split()
    assert {str(place[0]) for place in places} <= set(loads)
    assert len(loads) == len(set(loads)) <= 2
    assert str(os.getpid()) not in loads
    assert not worker.loaded


def test_a_step_here_is_done_by_the_object_itself(worker: Handy) -> None:
    assert by_key(Local().run(worker, jobs("process", [0], HERE), {})) == {0: os.getpid()}


def test_a_step_whose_worker_was_killed_is_tried_again(worker: Handy, tmp_path: Path) -> None:
    found = by_key(Local(workers=2).run(worker, jobs("die_once", range(6)), SIZES))
    assert found == {key: key for key in range(6)}
    assert {key: (tmp_path / f"tries-{key}").stat().st_size for key in range(6)} == dict.fromkeys(range(6), 1) | {2: 2}


def test_a_job_that_kills_its_workers_is_lost_and_the_others_are_not(worker: Handy) -> None:
    found = by_key(Local(workers=2).run(worker, jobs("die_at_two", range(6)), SIZES))
    assert found == {key: key for key in range(6)} | {2: "its worker died 3 times: killed by signal 9"}
    assert list(Local(workers=1, attempts=1).run(worker, jobs("die_at_two", [2]), SIZES)) == [
        Lost(key=0, reason="its worker died once: killed by signal 9")
    ]


def all_ended(seconds: float = 20) -> bool:
    """Wait until no worker is left; one that was killed is there until the system has buried it."""
    until = time.monotonic() + seconds
    while active_children() and time.monotonic() < until:
        time.sleep(0.02)
    return not active_children()


@pytest.mark.parametrize("pool", [CPU, HERE])
def test_an_error_of_the_users_ends_the_run_and_is_the_same_here(worker: Handy, pool: str) -> None:
    for name, expected in FAILURES.items():
        with pytest.raises(TercetError) as raised:
            list(Local(workers=1).run(worker, jobs("fail", [name] * 3, pool), SIZES))
        assert type(raised.value) is type(expected)
        assert vars(raised.value) == vars(expected)
        assert raised.value.exit_code == expected.exit_code
    assert all_ended()


def test_a_fault_comes_with_the_traceback_of_its_process(worker: Handy) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError: nought") as raised:
        list(Local(workers=1).run(worker, jobs("fail", ["fault"]), SIZES))
    assert "in fail" in "".join(raised.value.__notes__)
    with pytest.raises(RuntimeError, match="SystemExit: 3"):
        list(Local(workers=1).run(worker, jobs("fail", ["exit"]), SIZES))


def test_an_interrupt_in_a_worker_is_one_here(worker: Handy) -> None:
    with pytest.raises(KeyboardInterrupt):
        list(Local(workers=1).run(worker, jobs("fail", ["interrupted"]), SIZES))
    assert all_ended()


def test_the_terminals_interrupt_is_nothing_to_a_worker(worker: Handy) -> None:
    outcomes = Local(workers=1).run(worker, jobs("process", range(20)), SIZES)
    first = next(outcomes)
    assert isinstance(first, Done)
    time.sleep(0.3)  # it has nothing to do then, and would die of it with a traceback
    os.kill(first.result, signal.SIGINT)
    assert set(by_key(outcomes).values()) == {first.result}


def test_an_early_end_kills_what_goes_on(worker: Handy, tmp_path: Path) -> None:
    work = [Job(key=0, steps=((CPU, "double"),), payload=1), *jobs("hang", [1, 2])]
    outcomes = Local(workers=2).run(worker, work, SIZES)
    with closing(outcomes):
        assert next(outcomes) == Done(key=0, result=2)
        wait_for([tmp_path / "hangs-1"])
    assert all_ended()


def test_a_worker_that_cannot_be_sent_or_read_is_an_error_of_the_users() -> None:
    with pytest.raises(ConfigError, match=r"executor=local: .* cannot be sent .*TypeError: it holds a file"):
        list(Local(workers=1).run(Unpicklable(), jobs("double", [1]), SIZES))
    with pytest.raises(RunError, match=r"cannot load its work: ValueError: .*'no number'"):
        list(Local(workers=1).run(Unloadable(), jobs("double", [1]), SIZES))


@pytest.mark.parametrize("options", [{"workers": 0}, {"models": 0}, {"shard": -1}, {"attempts": 0}], ids=str)
def test_options_below_one_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match="It must be at least 1"):
        Local(**options)


def test_without_options_there_is_a_worker_for_each_core() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


# No guard, and so no file that may be run twice; what it defines travels to the workers.
SCRIPT = """\
import sys, time
from pathlib import Path
from tercet.executors import CPU, Job, PoolSize
from tercet.executors.local import Local
from os import getpid

print("once", flush=True)

class Own:
    def do(self, step, payload):
        if step == "hang":
            Path(f"worker-{payload}").write_text(str(getpid()))
            time.sleep(120)
        return Own, payload

work = [Job(key=n, steps=((CPU, sys.argv[1]),), payload=n) for n in range(2)]
for outcome in Local(workers=2).run(Own(), work, {CPU: PoolSize()}):
    print(outcome.result[0] is Own, outcome.key)
"""


def script(folder: Path, step: str) -> "subprocess.Popen[str]":
    (folder / "unguarded.py").write_text(SCRIPT, "utf-8")
    return subprocess.Popen(
        [sys.executable, "unguarded.py", step],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 (it sets a signal, and takes no lock)
    )


def test_a_script_is_not_run_again_in_its_workers(tmp_path: Path) -> None:
    out, err = script(tmp_path, "give").communicate(timeout=60)
    assert sorted(out.split("\n")) == ["", "True 0", "True 1", "once"]
    assert err == ""


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda it: it.name)
def test_workers_end_with_the_process_that_called_and_say_nothing(tmp_path: Path, by: signal.Signals) -> None:
    process = script(tmp_path, "hang")
    files = [tmp_path / "worker-0", tmp_path / "worker-1"]
    wait_for(files)
    if by == signal.SIGINT:
        os.killpg(process.pid, by)  # as the terminal does: all of them are told
    else:
        process.send_signal(by)
    _, err = process.communicate(timeout=60)
    for file in files:
        wait_for_end(int(file.read_text()))
    assert err.count("Traceback") == (by == signal.SIGINT)  # that of the script itself


class Stoppable:
    """A worker whose step goes on until it is told to stop."""

    def __init__(self) -> None:
        self.began, self.told = threading.Event(), threading.Event()

    def do(self, step: str, payload: int) -> int:
        if payload:
            self.began.set()
            self.told.wait(120)
        return payload

    def stop(self) -> None:
        self.told.set()

    def __reduce__(self) -> tuple[type["Stoppable"], tuple[()]]:
        return Stoppable, ()


def test_a_step_here_is_told_to_stop_at_an_early_end() -> None:
    worker = Stoppable()
    outcomes = Local().run(worker, jobs("go", [0, 1], HERE), {})
    with closing(outcomes):
        assert next(outcomes) == Done(key=0, result=0)
        assert worker.began.wait(60)
    assert worker.told.is_set()
    assert "tercet-here" not in {thread.name for thread in threading.enumerate()}
