"""The command: ``tercet``, or ``python -m tercet``."""

import gc
import sys
import traceback

from tercet.cli import main

# A fault of ours. Python's own exit code for it, 1, says that a gate found something.
FAULT = 70


def start() -> None:
    """Run the command line in a process of its own."""
    try:
        main(prog_name="tercet")
    except Exception:  # noqa: BLE001 (whatever it is, it is told, and is no verdict)
        traceback.print_exc()
        sys.exit(FAULT)
    finally:
        # A last collection would look through every module for a tenth of a second, and the process ends anyway.
        gc.freeze()


if __name__ == "__main__":
    start()
