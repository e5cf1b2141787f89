"""Texts read back from a page, to the letter: hidden characters stand there by their names."""

from typing import Any

_PIECES = r"""
(root, name) => {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("button.clip")) continue;
    let text = walker.currentNode.data;
    if (parent.matches(".hidden-character")) {
      const [, code, times] = /^U\+([0-9A-F]+)(?:×([0-9,]+))?$/.exec(text);
      text = String.fromCharCode(parseInt(code, 16)).repeat(Number((times ?? "1").replaceAll(",", "")));
    }
    found.push([text, parent.closest(name) !== null]);
  }
  return found;
}
"""


def pieces(element: Any, name: str = "no-such-element") -> list[tuple[str, bool]]:
    """Read the text of an element in pieces, each with whether it stands in something that a selector fits."""
    return [(text, inside) for text, inside in element.evaluate(_PIECES, name)]


def text_of(element: Any) -> str:
    """Read the text of an element."""
    return "".join(text for text, _ in pieces(element))
