"""Supervising: a campaign in a process of its own, so that what kills the process is a finding too.

The process writes each case into shared memory before it runs it. Where it dies, or does not come on, the case is
there, and another process goes on behind it.
"""

import mmap
import resource
import signal
import struct
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import resolve_name
from tempfile import TemporaryDirectory

from tests.fuzzing.campaign import Tally, campaign
from tests.fuzzing.mutating import LONGEST
from tests.fuzzing.outcomes import CRASH, HANG, Outcome
from tests.fuzzing.target import Target

_HEAD = struct.Struct("<qq")  # the number of the case, and its length
_ROOM = _HEAD.size + 4 * LONGEST
_STANDS_STILL = 90.0  # seconds by the clock without another case
_MEMORY = 8 << 30  # bytes of address space: what wants more is a finding, and does not take the machine
_DEATHS = 20  # after which a target is left


def supervised(name: str, cases: int, seed: int) -> Tally:
    """Run a target in a process of its own, and in another one where that dies.

    Args:
        name: The target's; or where it is, as ``module:TARGET``.
        cases: How many; those that a process was through with when it died are not counted.
        seed: Of all chance.
    """
    total = Tally(name)
    first = 0
    with TemporaryDirectory() as folder, (Path(folder) / "case").open("w+b") as file:
        file.truncate(_ROOM)
        with mmap.mmap(file.fileno(), _ROOM) as shared:
            for _ in range(_DEATHS):
                died = _one(total, (name, cases, seed, first), shared, Path(file.name))
                if died is None:
                    break
                number, length = _HEAD.unpack_from(shared)
                if number < first:
                    raise RuntimeError(f"{name}: the process ended before its first case: {died.detail}")
                total.add(died, bytes(shared[_HEAD.size : _HEAD.size + length]), 0.0)
                first = number + 1
    return total


def _one(total: Tally, job: tuple[str, int, int, int], shared: mmap.mmap, path: Path) -> Outcome | None:
    """Run a process to its end; say how it died, or None."""
    _HEAD.pack_into(shared, 0, -1, 0)
    context = get_context("spawn")
    theirs, mine = context.Pipe(duplex=False)
    process = context.Process(target=_campaign, args=(*job, path, mine))
    process.start()
    mine.close()
    last, moved = -1, time.monotonic()
    while not theirs.poll(1.0):
        number, _ = _HEAD.unpack_from(shared)
        if number != last:
            last, moved = number, time.monotonic()
        elif time.monotonic() - moved > _STANDS_STILL and last >= job[3]:
            process.kill()
            process.join()
            return Outcome(HANG, "the process stands still", detail=f"over {_STANDS_STILL:g} s by the clock")
    try:
        tally: Tally = theirs.recv()
    except EOFError:
        process.join()
        code = process.exitcode or 0
        name = signal.Signals(-code).name if code < 0 else str(code)
        return Outcome(CRASH, f"the process died: {name}", detail=name)
    process.join()
    _merge(total, tally)
    return None


def _merge(total: Tally, other: Tally) -> None:
    total.cases += other.cases
    total.read += other.read
    total.refused += other.refused
    total.seconds += other.seconds
    total.slowest = max(total.slowest, other.slowest)
    for key, number in other.kinds.items():
        total.kinds.setdefault(key, number)
    for key, found in other.findings.items():
        total.findings.setdefault(key, found)


def _campaign(name: str, cases: int, seed: int, first: int, path: Path, answer: Connection) -> None:
    """What the process does."""
    from tests.fuzzing.targets import TARGETS

    target: Target = TARGETS[name] if name in TARGETS else resolve_name(name)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with path.open("r+b") as file, mmap.mmap(file.fileno(), _ROOM) as shared:

        def begun(number: int, data: bytes) -> None:
            kept = data[: _ROOM - _HEAD.size]
            shared[_HEAD.size : _HEAD.size + len(kept)] = kept
            _HEAD.pack_into(shared, 0, number, len(kept))

        answer.send(campaign(target, cases, seed, first=first, begun=begun))
    answer.close()
