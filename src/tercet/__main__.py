"""The command: ``tercet``, or ``python -m tercet``."""

import gc

from tercet.cli import main


def start() -> None:
    """Run the command line in a process of its own."""
    try:
        main(prog_name="tercet")
    finally:
        # A last collection would look through every module for a tenth of a second, and the process ends anyway.
        gc.freeze()


if __name__ == "__main__":
    start()
