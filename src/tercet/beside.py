"""Where folders lie: beside the file that names them, and behind links."""

import os
from pathlib import Path


def is_name(value: object) -> bool:
    """Whether a value is the name of a folder beside the file that tells it, and no path that leads elsewhere.

    >>> is_name("lead-glossary-1a2b3c4d"), is_name("../x"), is_name("/etc"), is_name("..")
    (True, False, False, False)
    """
    return isinstance(value, str) and value not in {"", ".", ".."} and not any(sign in value for sign in "/\\\0")


def followed(path: Path) -> Path:
    """Follow links to an absolute path, as ``Path.resolve`` does, which fails where they lead in a circle."""
    return Path(os.path.realpath(path))
