"""Counting: a number with its noun."""


def counted(count: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun.

    >>> counted(1, "case"), counted(2, "case"), counted(0, "miss", "misses")
    ('1 case', '2 cases', '0 misses')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
