"""Every target over some cases of a fixed seed, and the engine itself."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tercet.errors import TercetError
from tests.fuzzing.campaign import campaign, lent
from tests.fuzzing.mutating import Mutator
from tests.fuzzing.outcomes import CRASH, HANG, READ, REFUSED, SILENCE, Hang, observe
from tests.fuzzing.supervising import supervised
from tests.fuzzing.target import Target, demand
from tests.fuzzing.targets import TARGETS

_CASES = 4_000  # over all targets, by their weights
_SLOW = {"commands": 13, "composed": 4, "overrides": 4}
_WHOLE = sum(target.weight for target in TARGETS.values())


def cases_of(target: Target) -> int:
    return _SLOW.get(target.name, min(300, max(8, round(_CASES * target.weight / _WHOLE))))


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_reader_reads_or_refuses(name: str) -> None:
    tally = campaign(TARGETS[name], cases_of(TARGETS[name]), seed=7, seconds=60)
    assert {key: found.outcome.detail for key, found in tally.findings.items()} == {}
    assert tally.read + tally.refused == tally.cases == cases_of(TARGETS[name])
    assert tally.read  # else it is the target that is broken: its seeds are valid


def test_the_seeds_of_a_reader_are_read() -> None:
    for name in ("markdown", "jsonl", "jsonl_gz", "parallel", "parquet", "outputs", "piece", "part", "cache"):
        with lent(TARGETS[name]) as read:
            assert {observe(read, seed).kind for seed in TARGETS[name].seeds()} == {READ}, name


def test_the_same_seed_gives_the_same_campaign() -> None:
    one, two = (campaign(TARGETS["jsonl"], 150, seed=3) for _ in range(2))
    assert one.kinds == two.kinds
    assert campaign(TARGETS["jsonl"], 150, seed=4).kinds != one.kinds


def broken(name: str, read: object) -> Target:
    return Target(name=name, reads="nothing", ready=lambda folder: read, seeds=lambda: [b"ab"])  # type: ignore[arg-type,return-value]


def spin(data: bytes) -> None:
    while True:
        with suppress(Exception):  # as a reader might
            sum(range(1000))


def refuse(data: bytes) -> None:
    raise TercetError("no", "never")


def crash(data: bytes) -> None:
    raise KeyError(data)


def lose(data: bytes) -> None:
    demand(len(data) > 99, "it is lost")


@pytest.mark.parametrize(
    ("read", "kind"),
    [(spin, HANG), (refuse, REFUSED), (crash, CRASH), (lose, SILENCE)],
    ids=["spin", "refuse", "crash", "lose"],
)
def test_outcomes_are_told_apart(read: object, kind: str) -> None:
    tally = campaign(broken("x", read), 3, seed=0, seconds=0.05)
    assert {key.partition(" x")[0].split(" ")[0] for key in tally.kinds} == {kind.split(" ", maxsplit=1)[0]}
    assert tally.cases == 3
    assert len(tally.findings) == (0 if kind == REFUSED else 1)


def test_a_hang_is_no_exception_that_a_reader_could_swallow() -> None:
    assert not issubclass(Hang, Exception)


def test_mutations_change_what_is_there_and_repeat() -> None:
    mutator = Mutator([b"word"])
    made = [mutator.mutate(b'{"a": [1, 2]}\n' * 3, [b"other"], Random(i)) for i in range(200)]
    assert made == [mutator.mutate(b'{"a": [1, 2]}\n' * 3, [b"other"], Random(i)) for i in range(200)]
    assert len(set(made)) > 180


def die(data: bytes) -> None:
    if data == b"die":
        os.kill(os.getpid(), signal.SIGKILL)


DYING = Target(name="dying", reads="nothing", ready=lambda folder: die, seeds=lambda: [b"a", b"die", b"b"])


def test_a_process_that_dies_is_a_finding_and_the_campaign_goes_on() -> None:
    tally = supervised(f"{__name__}:DYING", 5, 0)
    assert [(found.outcome.detail, found.data) for found in tally.findings.values()] == [("SIGKILL", b"die")]
    assert tally.cases == 4  # all but the one before it


def test_where_a_campaign_works_nothing_is_left() -> None:
    before = Path.cwd()
    with lent(TARGETS["jsonl"]) as read:
        inside = Path.cwd()
        observe(read, b"{}")
    assert Path.cwd() == before
    assert not inside.exists()
