"""What a reader makes of a case: it reads it, it refuses it, or that is a finding."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from types import FrameType

from tercet.errors import TercetError

READ, REFUSED = "read", "refused"
CRASH, HANG, SILENCE = "crash", "hang", "wrong silence"
SECONDS = 5.0  # of this process's own time, however busy the machine is
_VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|[0-9]+|(?:/[^\s:]+)+|[^\x20-\x7e]+")


class SilenceError(AssertionError):
    """What was given is neither read nor reported."""


class Hang(BaseException):
    """A case takes longer than any should; no ``except Exception`` of a reader may swallow it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case.

    Args:
        kind: ``read``, ``refused``, or one of the findings.
        words: What was said, without what varies from case to case: outcomes with the same words are alike.
        place: The line of tercet that a finding comes from.
        detail: The error as it is, of a finding.
    """

    kind: str
    words: str = ""
    place: str = ""
    detail: str = ""

    @property
    def is_finding(self) -> bool:
        """Whether this should never be."""
        return self.kind in {CRASH, HANG, SILENCE}

    @property
    def key(self) -> str:
        """What makes two outcomes one."""
        return f"{self.kind} {self.place} {self.words}"


def observe(read: Callable[[bytes], str | None], data: bytes, seconds: float = SECONDS) -> Outcome:
    """Give a reader a case, and say what came of it.

    Args:
        read: The target; it returns words for what it read, or None.
        data: The case.
        seconds: After so much processor time it hangs.
    """
    try:
        with _limited(seconds):
            return Outcome(READ, read(data) or "")
    except TercetError as error:
        return Outcome(REFUSED, f"{type(error).__name__}: {skeleton(str(error))}")
    except SilenceError as error:
        return Outcome(SILENCE, skeleton(str(error)), detail=str(error))
    except Hang as error:
        return Outcome(HANG, "", _place(error), f"over {seconds:g} s of processor time")
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever it is, it is a finding)
        words = f"{type(error).__name__}: {skeleton(str(error))}"
        return Outcome(CRASH, words, _place(error), f"{type(error).__name__}: {error}"[:500])


def skeleton(message: str) -> str:
    """Take what varies from case to case out of a message."""
    return _VARYING.sub("#", message)[:160]


def _place(error: BaseException) -> str:
    """Name the last line of tercet that an error went through."""
    frames = [frame for frame in extract_tb(error.__traceback__) if "/tercet/" in frame.filename]
    if not frames:
        return ""
    return f"{Path(frames[-1].filename).as_posix().rpartition('/tercet/')[2]}:{frames[-1].lineno}"


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt what takes too long; of code that is not Python's, once it returns."""
    before = signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _end(number: int, frame: FrameType | None) -> None:
    raise Hang
