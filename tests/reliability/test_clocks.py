"""A clock that stands at 1970 or 2100, runs backwards, or has written what is no date."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tercet.cache import Cache
from tests.reliability.conftest import OWN, RUN

Call = Callable[..., Result]
CLOCKS: dict[str, Callable[[int], float]] = {
    "1970": lambda _: 0.0,
    "before 1970": lambda _: -1e9,
    "2100": lambda _: 4_102_444_800.0,
    "backwards": lambda tick: 2e9 - 3600 * tick,
}


def turn(monkeypatch: pytest.MonkeyPatch, clock: Callable[[int], float]) -> None:
    """Let every question for the time of day have the clock's next answer; ``monotonic`` goes on as it does."""
    ticks = iter(range(10**9))
    real = time.gmtime
    monkeypatch.setattr(time, "time", lambda: clock(next(ticks)))
    monkeypatch.setattr(time, "gmtime", lambda *given: real(*(given or (clock(next(ticks)),))))


@pytest.mark.parametrize("name", CLOCKS)
def test_a_run_takes_no_time_below_zero_and_is_found_again(
    name: str, work: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        turn(patch, CLOCKS[name])
        done = tercet(*RUN, *OWN, "cache=c.sqlite")
        assert done.exit_code == 0, done.output
        assert tercet("cache", "stats", "--file", "c.sqlite").exit_code == 0
    (run,) = Path("results").iterdir()
    times = json.loads((run / "run.json").read_text("utf-8"))["time"]
    assert times["generating_s"] >= 0
    assert times["scoring_s"] >= 0
    assert "there already, unchanged" in tercet(*RUN, *OWN, "cache=c.sqlite").output


@pytest.mark.parametrize(("made", "kept"), [(2**62, 1), (10**11, 1), (2**40, 1), (-(10**9), 0), (-(2**62), 0)], ids=str)
def test_replies_of_any_time_are_listed_and_only_old_ones_go(made: int, kept: int, tercet: Call) -> None:
    with Cache(Path("c.sqlite")) as cache:
        cache.store("key", "a reply", "me")
        cache._db.execute("update kept set made = ?", (made,))
    done = tercet("cache", "stats", "--file", "c.sqlite")
    assert done.exit_code == 0, done.exception
    assert "1 reply" in done.output
    pruned = tercet("cache", "prune", "--older-than", "1d", "--file", "c.sqlite")
    assert pruned.exit_code == 0, pruned.output
    with Cache(Path("c.sqlite")) as cache:
        assert len(cache.find(["key"])) == kept


STAMPS = ["2026-01-01T00:00:60Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "nonsense", ""]


def test_the_list_of_runs_takes_any_stamp(work: Path, tercet: Call) -> None:
    for number, stamp in enumerate(STAMPS):
        folder = Path(shutil.copytree("base", f"all/run-{number}"))
        info = json.loads((folder / "run.json").read_text("utf-8"))
        info["time"]["started"] = stamp
        (folder / "run.json").write_text(json.dumps(info), "utf-8")
    done = tercet("report", "--index", "all", "-o", "index.html")
    assert done.exit_code == 0, done.output
    assert f"{len(STAMPS)} runs" in done.output


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be changed")
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Nonsense/Zone"])
def test_a_zone_that_changes_between_two_commands_prunes_nothing_new(
    zone: str, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cache(Path("c.sqlite")) as cache:
        cache.store("key", "a reply", "me")
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert tercet("cache", "prune", "--older-than", "1h", "--file", "c.sqlite").output.startswith("0 replies")
    finally:
        monkeypatch.delenv("TZ") if before is None else monkeypatch.setenv("TZ", before)
        time.tzset()
