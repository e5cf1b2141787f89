"""The console: whatever a text holds, it is shown and not obeyed."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.segment import Segment

from tercet.text.printable import printable


class Screen(Console):
    """A console that shows the control characters of what it prints; its own colours are not among them."""

    def render(self, renderable: Any, options: Any = None) -> Iterator[Segment]:
        """Make each piece harmless before it is styled."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))
