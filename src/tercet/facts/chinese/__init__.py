"""Quantities in Chinese text."""

from collections.abc import Sequence

from tercet.facts.chinese.folding import folded, without
from tercet.facts.chinese.malformed import malformed
from tercet.facts.chinese.scan import Scan
from tercet.facts.records import Malformed, Quantity


def quantities(text: str, taken: Sequence[tuple[int, int]]) -> tuple[list[Quantity], list[Malformed]]:
    """Find the quantities of a Chinese text, and those that are wrong in themselves.

    Args:
        text: Any text; simplified or traditional characters.
        taken: Spans that are read already, such as dates; nothing is read in them.

    Returns:
        Quantities in the order of the text, and malformed ones; spans are in the text's own characters.

    >>> quantities("营收近6亿欧元，增长5%至7%。", [])[0][0].low
    600000000.0
    """
    plain = folded(text)
    free = without(plain, taken) + "\n\n"
    return Scan(free).quantities(), sorted(malformed(free))
