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
