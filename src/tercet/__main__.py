"""The command: ``tercet``, or ``python -m tercet``."""

import gc
import sys
import traceback

from tercet.cli import main
from tercet.credentials import masked
from tercet.streams import mend
from tercet.telemetry import switch_off
from tercet.text.printable import printable

# A fault of ours. Python's own exit code for it, 1, says that a gate found something.
FAULT = 70


def start() -> None:
    """Run the command line in a process of its own."""
    switch_off()  # for what a user's own component imports, too
    mend()
    try:
        main(prog_name="tercet")
    except Exception:  # noqa: BLE001 (whatever it is, it is told, and is no verdict)
        # What an article or a key has to do with it is shown, and neither obeyed nor told.
        sys.stderr.write(printable(masked(traceback.format_exc())))
        sys.exit(FAULT)
    finally:
        # A last collection would look through every module for a tenth of a second, and the process ends anyway.
        gc.freeze()


if __name__ == "__main__":
    start()
