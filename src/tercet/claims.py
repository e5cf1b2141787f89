"""Claims: which process is asking for what, so that no two ask the same at once."""

import errno
import fcntl
import os
from pathlib import Path
from threading import Lock

_PLACES = 2**62  # a file may be locked far beyond its end, and takes no space for it


class Claims:
    """Locks on single bytes of one file, each the place of a key's hash.

    The operating system drops the locks of a process that ends, however it ends: nothing is left behind that a
    later one would wait for, and nothing has to expire. Within one process a claim is always given.

    Args:
        path: The file, made when the first claim is taken; None claims nothing, and always succeeds.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: int | None = None
        self._lock = Lock()

    def take(self, key: str) -> bool:
        """Claim a key, a hash in hexadecimal digits; False where another process has it."""
        if self._path is None:
            return True
        # Where no file can be made, or locks are not known, two processes may ask the same, and lose nothing.
        try:
            file = self._opened(self._path)
        except OSError:
            return True
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _place(key))
        except OSError as error:
            return error.errno not in {errno.EACCES, errno.EAGAIN}
        return True

    def give(self, key: str) -> None:
        """Give a key back."""
        if self._file is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _place(key))

    def close(self) -> None:
        """Give everything back."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _opened(self, path: Path) -> int:
        with self._lock:
            if self._file is None:
                self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            return self._file


def _place(key: str) -> int:
    return int(key[:16], 16) % _PLACES
