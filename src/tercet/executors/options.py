"""Options that executors have in common, checked."""

from tercet.errors import ConfigError


def check_counts(**counts: int | None) -> None:
    """Check options that are numbers of things.

    Args:
        counts: Each option's value; null where it is left open.

    Raises:
        ConfigError: One is below 1.
    """
    for name, value in counts.items():
        if value is not None and value < 1:
            raise ConfigError(f"{name} is {value}.", "It must be at least 1.")


def fewest(*limits: int | None) -> int:
    """The smallest of several limits, some of which may be unknown; at least 1.

    >>> fewest(4, None), fewest(4, 2), fewest(0, None)
    (4, 2, 1)
    """
    return max(1, min(limit for limit in limits if limit is not None))
