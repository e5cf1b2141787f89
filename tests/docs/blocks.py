"""A page's fenced blocks, and what the page says of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A comment above a block: it cannot be run here, for a reason; "composed only" asks for its configs to be composed.
_EXCUSE = re.compile(r"<!-- (not run|composed only): (.+) -->")
# The words above a block that is a file end with its name: "`conf/metric/loud.yaml`:".
_NAMED = re.compile(r"`([\w./-]+\.\w+)`[:：]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block.

    Args:
        page: Its page's place in the repository.
        line: Where it begins, from 1.
        language: The word behind the fence; empty where there is none.
        text: What stands in it.
        file: The file that it is, where the words above name one.
        excuse: ``not run`` or ``composed only``, where the comment above says so.
        reason: Why.
    """

    page: str
    line: int
    language: str
    text: str
    file: str | None = None
    excuse: str | None = None
    reason: str | None = None

    @property
    def is_output(self) -> bool:
        """Whether it shows what the block before it prints."""
        return self.language in {"", "text"} and self.file is None

    @property
    def place(self) -> str:
        """Name it for a message."""
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """List every page: the READMEs, and what lies in docs."""
    return [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def relative(page: Path) -> str:
    """Name a page by its place in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """Read a page's blocks, in order.

    Raises:
        ValueError: A fence is not closed, or a comment about a block stands above none.
    """
    above, opened, language, body = "", 0, "", list[str]()
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if opened and line.strip() == "```":
            yield _block(page, opened, language, "\n".join(body) + "\n", above)
            above, opened, body = "", 0, []
        elif opened:
            body.append(line)
        elif line.startswith("```"):
            opened, language = number, line[3:].strip()
        elif line.strip():
            if _EXCUSE.search(above):
                raise ValueError(f"{page.name}:{number}: no block follows the comment above.")
            above = line.strip()
    if opened or _EXCUSE.search(above):
        raise ValueError(f"{page.name}: its last block has no end, or its last comment no block.")


def _block(page: Path, line: int, language: str, text: str, above: str) -> Block:
    excuse, named = _EXCUSE.fullmatch(above), _NAMED.search(above)
    return Block(
        page=relative(page),
        line=line,
        language=language,
        text=text,
        file=named[1] if named and language != "sh" else None,
        excuse=excuse[1] if excuse else None,
        reason=excuse[2] if excuse else None,
    )
