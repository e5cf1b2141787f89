"""The breaker: when a server counts as dead, so that a run ends in seconds and not after every question."""

from tercet.chat.waiting import Patience

_PROBES = 3  # tries without a connection, at least, before a server counts as dead


class Breaker:
    """Watches how questions fail, and says when to stop asking; it knows no clock but is told the time.

    There are three ways to stop:

    - *Nobody is there.* Tries find no connection, and none was answered between them, for ``grace`` seconds. A
      server that starts anew within them is waited for. Meanwhile one try at a time looks (``Limit.absent``),
      and who is in line does not use up retries: the time bounds this, not the number of tries.
    - *Questions fail for good*, so many in a row, after all their tries. A failure counts only where nobody
      was answered since the question's first try began: some questions always fail, at a server that serves all
      others, and in a long run a few of them sometimes follow each other.
    - *One answer shows that none can succeed*: a wrong key, model or address.

    Args:
        patience: How much of this is borne.

    Attributes:
        stopped: Why no more is asked; None while it is.
    """

    def __init__(self, patience: Patience) -> None:
        self.stopped: str | None = None
        self._patience = patience
        self._failures = 0
        self._answered = float("-inf")
        self._absent = 0
        self._since = 0.0

    def reached(self) -> None:
        """Take note that somebody is there, whatever they say."""
        self._absent = 0

    def served(self, now: float) -> None:
        """Take note of an answer, or of a refusal that is the question's own fault."""
        self._failures = 0
        self._answered = now

    def absent(self, began: float, now: float, reason: str) -> None:
        """Take note of a try that found no connection.

        Args:
            began: When it began.
            now: When it ended.
            reason: Why, in words.
        """
        self._since = min(self._since, began) if self._absent else began
        self._absent += 1
        if self._absent >= _PROBES and now - self._since >= self._patience.grace:
            self.stop(reason)

    def served_since(self, moment: float) -> bool:
        """Whether there was an answer since then."""
        return self._answered > moment

    def failed(self, began: float, reason: str) -> None:
        """Take note of a question that failed for good.

        Args:
            began: When its first try began.
            reason: Why, in words.
        """
        if self.served_since(began):
            return
        self._failures += 1
        if self._failures >= self._patience.failures:
            self.stop(reason)

    def stop(self, reason: str) -> None:
        """Ask no more; the first reason holds."""
        if self.stopped is None:
            self.stopped = f"not asked, as {reason}"
