"""How many tries may be open at once: fewer where a server has too much to do, and more again as it answers."""


class Limit:
    """A number that failures halve, and that answers raise again.

    A failure says something about the number that was in force when its try began. After a halving, therefore,
    the tries that are still open from before count no more: thirty-two that are turned away together halve it
    once. As many answers as may be open raise it by one, as many again by two, then by four: after a chance
    failure it is soon where it was, and where the server can bear no more it goes up by small steps first.
    Nothing here waits, or knows the time.

    Args:
        most: Where it begins, and what it never exceeds.

    References:
        Chiu and Jain, Analysis of the Increase and Decrease Algorithms for Congestion Avoidance, 1989,
        https://doi.org/10.1016/0169-7552(89)90019-6.

    >>> limit = Limit(8)
    >>> first, second = limit.mark, limit.mark
    >>> limit.overwhelmed(first); limit.overwhelmed(second); limit.allowed
    4
    >>> for _ in range(4): limit.answered(limit.mark)
    >>> limit.allowed
    5
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._now = most
        self._mark = 0
        self._answers = 0
        self._step = 1
        self._probing = False

    @property
    def allowed(self) -> int:
        """Tries that may be open."""
        return 1 if self._probing else self._now

    @property
    def mark(self) -> int:
        """Which number is in force, for a try that begins."""
        return self._mark

    def answered(self, mark: int) -> None:
        """Take note of an answer to a try that began under ``mark``."""
        if mark != self._mark or self._now == self._most:
            return
        self._answers += 1
        if self._answers >= self._now:
            self._answers = 0
            self._now = min(self._now + self._step, self._most)
            self._step *= 2

    def overwhelmed(self, mark: int) -> None:
        """Take note that a try was turned away, or not answered in time."""
        if mark != self._mark:
            return
        self._mark += 1
        self._answers = 0
        self._step = 1
        self._now = max(self._now // 2, 1)

    def absent(self) -> None:
        """Take note that nobody is at the address: one try at a time shall find out whether somebody is."""
        self._probing = True

    def reached(self) -> None:
        """Take note that somebody is there, whatever they say."""
        self._probing = False
