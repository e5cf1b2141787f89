"""Faults: how a try ends without an answer, and what that says about the question and about the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from tercet.chat.waiting import wished

_RETRIED = frozenset({408, 409, 425, 429})  # and every 5xx: another time may be better
_HOPELESS = frozenset({401, 404, 405})  # no other question fares better: wrong key, model or address
_WRONG = frozenset({400, 413, 422})  # the question is at fault, and the server is there


class Kind(Enum):
    """What went wrong."""

    ABSENT = "no connection"
    LATE = "no answer in time"
    CUT = "the connection ended within the answer"
    BUSY = "a status that another try may mend"
    ODD = "a success that holds no completion"
    WRONG = "the question's own fault"
    DENIED = "a status, or an answer, that another try does not mend"
    HOPELESS = "what every other question would meet as well"


_MENDABLE = frozenset({Kind.ABSENT, Kind.LATE, Kind.CUT, Kind.BUSY, Kind.ODD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An HTTP answer, whole.

    Args:
        status: Its status.
        headers: By names in lower case.
        body: As text; what is no UTF-8 is U+FFFD.
    """

    status: int
    headers: Mapping[str, str]
    body: str


class Fault(Exception):  # noqa: N818 (no fault of the program)
    """A try without an answer; it never leaves this package, and never carries a request.

    Args:
        kind: What went wrong.
        said: What is known of it, in words of the server or of the system.
        status: The HTTP status; None where there was none.
        wait: Seconds that the server asks to wait; None where it does not.
    """

    def __init__(self, kind: Kind, said: str, *, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(said)
        self.kind = kind
        self.said = said
        self.status = status
        self.wait = wait

    @property
    def mendable(self) -> bool:
        """Whether another try may be answered."""
        return self.kind in _MENDABLE

    @property
    def overwhelmed(self) -> bool:
        """Whether the server may have too much to do."""
        return self.kind is Kind.LATE or self.status == 429 or (self.status or 0) >= 500


def refusal(received: Received, said: str, now: float) -> Fault:
    """Make a fault of an answer that is no success.

    Args:
        received: The answer.
        said: What the server says.
        now: Seconds since 1970, for a wait that is given as a date.
    """
    status = received.status
    if status < 400:
        place = received.headers.get("location", "no place").partition("?")[0]
        return Fault(Kind.HOPELESS, f"a redirect to {place}, which is not followed", status=status)
    if status in _RETRIED or status >= 500:
        return Fault(Kind.BUSY, said, status=status, wait=wished(received.headers, now))
    if status in _HOPELESS:
        return Fault(Kind.HOPELESS, said, status=status)
    return Fault(Kind.WRONG if status in _WRONG else Kind.DENIED, said, status=status)
