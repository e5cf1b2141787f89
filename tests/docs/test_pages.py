"""The pages as they stand: a page is a script, run from top to bottom in a fresh folder.

A block that is a file is named by the words above it; one without a language, or of ``text``, is what the command
before it prints, where ``…`` on a line of its own stands for lines that are left out. A command that ends with
another exit code than 0 says so in its comment. What cannot be run here has a comment above it with the reason, and
is listed below.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.docs.blocks import ROOT, Block, blocks, pages, relative
from tests.docs.shell import Shell

# Every excuse of every page, and how many blocks it excuses: one more is a change here.
EXCUSES = Counter(
    {
        ("not run", "sets up an environment"): 1,
        ("not run", "installs packages"): 1,
    }
)
# The Chinese README is the English one's commands: see test_readmes.py.
RUN = [relative(page) for page in pages() if page.name != "README.zh.md"]
_MASKS = (
    (re.compile(r"-[0-9a-f]{8}(?![0-9a-f])"), "-########"),  # a run's folder: the hash of its config and its code
    (re.compile(r"\b[0-9a-f]{16}\b"), "#" * 16),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?"), "####-##-##"),
    (re.compile(r"\b\d+(?:\.\d+)? (?:s|kB)\b"), "# s"),
)


def masked(text: str) -> list[str]:
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return [line.rstrip() for line in text.strip().splitlines()]


def shows(shown: list[str], printed: list[str]) -> bool:
    """Tell whether lines are what was printed, with ``…`` for any lines between."""
    pattern = "".join(".*" if line.strip() == "…" else re.escape(line) + "\n" for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed), re.DOTALL) is not None


def written(block: Block) -> None:
    assert block.file
    path = Path(block.file)
    assert not path.is_absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, "utf-8")


class Reader:
    """Who does what a page says."""

    def __init__(self) -> None:
        self.shell = Shell()
        self.names: dict[str, object] = {}

    def meet(self, block: Block) -> None:
        if block.excuse == "composed only":
            Shell(compose=True).run(block.text)
        elif block.excuse:
            self.shell.printed = ""
        elif block.file:
            written(block)
        elif block.language == "sh":
            self.shell.run(block.text)
        elif block.language == "python":
            exec(compile(block.text, block.place, "exec"), self.names)  # noqa: S102 (our own page)
        elif block.is_output:
            printed = self.shell.printed
            assert shows(masked(block.text), masked(printed)), f"{block.place} shows what is not printed:\n{printed}"
        else:
            assert block.language == "yaml", f"{block.place}: a block of {block.language} that is no file"
            assert yaml.safe_load(block.text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working directory; what a page's own modules leave behind is forgotten."""
    monkeypatch.chdir(tmp_path)
    path, modules = list(sys.path), set(sys.modules)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize("name", RUN)
def test_a_page_does_what_it_says(name: str, folder: Path) -> None:
    reader = Reader()
    for block in blocks(ROOT / name):
        reader.meet(block)


def test_what_is_not_run_has_its_reason() -> None:
    found = Counter((block.excuse, block.reason) for page in pages() for block in blocks(page) if block.excuse)
    assert found == EXCUSES
