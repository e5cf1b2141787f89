"""Wording: why a question has no answer, for people, with what to do about it and without the key."""

from tercet.chat.faults import Fault, Kind
from tercet.chat.secret import Secret
from tercet.credentials import masked
from tercet.text.surrogates import readable

_READ = 10_000  # characters of what a server says
_SHOWN = 300  # of these


class Wording:
    """Words faults of one server.

    Args:
        address: Where it is.
        secret: What no message may show.
        longest: Seconds that it may ask to wait.
    """

    def __init__(self, address: str, secret: Secret, longest: float) -> None:
        self._address = address
        self._secret = secret
        self._longest = longest

    def reason(self, fault: Fault, attempts: int) -> str:
        """Say what went wrong, after so many attempts."""
        address, said = self._address, self._shown(fault.said)
        times = "once" if attempts == 1 else f"{attempts} times"
        if fault.kind is Kind.ABSENT:
            return f"{address} cannot be reached ({said}), {times}: is the server up?"
        if fault.kind is Kind.LATE:
            return f"{address} gave {said}, {times}"
        if fault.kind is Kind.CUT:
            return f"{address} broke off ({said}), {times}"
        if fault.kind is Kind.ODD:
            return f"the answer of {address} is no chat completion: {said}"
        reason = f"{address} answered {fault.status}: {said}"
        if fault.wait is not None and fault.wait > self._longest:
            reason += f"; it asks to wait {fault.wait:.0f} seconds"
        return f"{reason}; check base_url, model and key_variable" if fault.kind is Kind.HOPELESS else reason

    def _shown(self, text: str) -> str:
        """Strike the key, and what looks like another, out of what a server says, and shorten it, in this order."""
        shown = " ".join(masked(readable(self._secret.strike(text)[:_READ])).split())
        return f"{shown[:_SHOWN]}..." if len(shown) > _SHOWN else shown or "nothing"
