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
        ("not run", "sets up an environment"): 2,
        ("not run", "installs packages"): 2,
        ("not run", "takes minutes; the output is that of results/published"): 1,
        ("not run", "needs judgements of people; docs/which-metric.md runs it with some"): 2,
        ("composed only", "asks a model's server"): 4,
        ("composed only", "fetches weights, and asks a model's server"): 1,
        ("composed only", "needs a cluster, or a corpus that is worth one"): 3,
    }
)
# The Chinese README is the English one's commands: see test_readmes.py.
RUN = [relative(page) for page in pages() if page.name != "README.zh.md"]
# Stands for the output of the embedded language model's sweep, which takes minutes and is published.
PUBLISHED = "published"
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
            self.shell.printed = PUBLISHED if "results/published" in (block.reason or "") else ""
        elif block.file:
            written(block)
        elif block.language == "sh":
            self.shell.run(block.text)
        elif block.language == "python":
            exec(compile(block.text, block.place, "exec"), self.names)  # noqa: S102 (our own page)
        elif block.is_output and self.shell.printed == PUBLISHED:
            (sweep,) = (ROOT / "results" / "published").glob("llm-*")
            self.shell.run(f"tercet show {sweep}")
            self.compare(block)
        elif block.is_output:
            self.compare(block)
        else:
            assert block.language == "yaml", f"{block.place}: a block of {block.language} that is no file"
            assert yaml.safe_load(block.text)

    def compare(self, block: Block) -> None:
        printed = self.shell.printed
        assert shows(masked(block.text), masked(printed)), f"{block.place} shows what is not printed:\n{printed}"


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


def test_no_shell_takes_an_option_for_a_pattern() -> None:
    """In zsh a word with brackets that matches no file is an error: such options are quoted."""
    script = "\n".join(block.text for page in pages() for block in blocks(page) if block.language == "sh")
    bare = [
        word for word in re.sub(r"'[^']*'|#.*", "", script).split() if "=" in word and re.search(r"[\[\]{}?*]", word)
    ]
    assert not bare


def test_every_page_is_in_the_table_of_contents() -> None:
    contents = (ROOT / "docs" / "README.md").read_text("utf-8")
    missing = [page.name for page in pages() if page.parent.name == "docs" and f"]({page.name})" not in contents]
    assert missing == ["README.md"]


def test_every_link_to_a_file_leads_to_one() -> None:
    for page in pages():
        text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{relative(page)}: {target}"
