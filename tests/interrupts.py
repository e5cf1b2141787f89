"""Interrupts for commands that tests start."""

import signal


def heed_interrupts() -> None:
    """Let a child end at Ctrl-C: what runs in the background has it ignored, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
