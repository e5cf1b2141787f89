"""What calls cost: prices by model, and a limit that is not exceeded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tercet.errors import ConfigError, nearest
from tercet.records import Usage

_MILLION = 1_000_000
_DEAREST = 1e9  # US dollars a million tokens
_CAUTION = 1.5  # an estimate of tokens may be off by so much


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars for a million tokens, of the prompt and of the answer."""

    prompt: float
    answer: float

    def of(self, usage: Usage) -> float:
        """The price of a call, in US dollars."""
        return (usage.prompt * self.prompt + usage.answer * self.answer) / _MILLION


FREE = Price(prompt=0.0, answer=0.0)


def read_prices(table: Mapping[str, Any]) -> dict[str, Price]:
    """Read a table of prices from a config.

    Args:
        table: Model -> ``prompt`` and ``answer``.

    Raises:
        ConfigError: A price is no number of at least 0, or a key is unknown.
    """
    return {str(model): _price(str(model), node) for model, node in table.items()}


def _price(model: str, node: Any) -> Price:
    names = ("prompt", "answer")
    if not isinstance(node, Mapping):
        raise ConfigError(f"prices.{model} is no mapping.", "Write it as {prompt: 0.1, answer: 0.4}.")
    for key in node:
        if key not in names:
            raise ConfigError(f"There is no key 'prices.{model}.{key}'.", nearest(str(key), names))
    for name in names:
        value = node.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _DEAREST:
            shown = "too large" if isinstance(value, int) and value > _DEAREST else value
            raise ConfigError(
                f"prices.{model}.{name} is {shown}.", "It must be a number of US dollars a million tokens."
            )
    return Price(prompt=float(node["prompt"]), answer=float(node["answer"]))


@dataclass(slots=True)
class Spending:
    """Keeps what a command spends below a limit: a call is begun only where it fits at its dearest.

    What is already in the cache costs nothing. A try that failed on its way is not counted, since no server says
    what it takes for it.

    Args:
        limit: US dollars; None is no limit.
        spent: What the calls so far have cost.
    """

    limit: float | None = None
    spent: float = 0.0
    _reserved: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def reserve(self, key: str, dearest: float) -> bool | None:
        """Set money aside for a call.

        Args:
            key: The call's.
            dearest: What it may cost at most, in US dollars.

        Returns:
            True where it fits; None where it may fit once other calls have ended; False where it does not.
        """
        if self.limit is None:
            return True
        with self._lock:
            if self.spent + sum(self._reserved.values()) + dearest <= self.limit:
                self._reserved[key] = dearest
                return True
            return None if self._reserved else False

    def settle(self, key: str, cost: float | None) -> None:
        """Book what a call has cost; None, where nobody knows, books what was set aside."""
        with self._lock:
            aside = self._reserved.pop(key, 0.0)
            self.spent += aside if cost is None else cost


def dearest(price: Price, prompt: int, answer: int) -> float:
    """What a call may cost at most, in US dollars, with an estimate of its prompt's tokens."""
    return price.of(Usage(prompt=int(prompt * _CAUTION), answer=answer))
