"""The command: ``tercet``, or ``python -m tercet``."""

import errno
import gc
import os
import sys
import traceback
from typing import NoReturn

from tercet.cli import main
from tercet.credentials import masked
from tercet.streams import mend
from tercet.telemetry import switch_off
from tercet.text.printable import printable

# A fault of ours. Python's own exit code for it, 1, says that a gate found something.
FAULT = 70
_USAGE = 2
# What the system refuses, wherever it does: the disk, the limits, the rights and the names are the user's.
_REFUSED = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.ESTALE),
    *(errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR, errno.EISDIR),
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM),
}


def start() -> None:
    """Run the command line in a process of its own."""
    switch_off()  # for what a user's own component imports, too
    mend()
    try:
        _check_place()
        main(prog_name="tercet")
    except (SystemExit, KeyboardInterrupt):
        raise
    except MemoryError:
        _refuse("This takes more memory than there is.", "Take fewer articles, limit=N, or a machine with more memory.")
    except BaseException as error:  # noqa: BLE001 (it is told, and is no verdict; a panic in Rust is no Exception)
        if isinstance(error, OSError) and error.errno in _REFUSED:
            place = "" if error.filename is None else f"{os.fspath(error.filename)}: "
            _refuse(f"{place}{error.strerror}.", "Mend that, or name another file or folder, and repeat the command.")
        # What an article or a key has to do with it is shown, and neither obeyed nor told.
        sys.stderr.write(printable(masked(traceback.format_exc())))
        sys.exit(FAULT)
    finally:
        # A last collection would look through every module for a tenth of a second, and the process ends anyway.
        gc.freeze()


def _check_place() -> None:
    """Refuse to work in a folder that somebody has removed: what is looked for in it is not there either."""
    try:
        os.getcwd()  # noqa: PTH109 (asked for the error alone)
    except OSError:
        _refuse("The working directory is gone: somebody has removed it.", "Go to another one: cd FOLDER.")


def _refuse(problem: str, remedy: str) -> NoReturn:
    sys.stderr.write(printable(masked(f"error: {problem}\n  {remedy}\n")))
    sys.exit(_USAGE)


if __name__ == "__main__":
    start()
