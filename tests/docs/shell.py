"""A shell as small as the pages need: tercet's commands in this process, make's by its recipes, the rest in bash."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from tercet.cli import main
from tests.docs.blocks import ROOT

_CODE = re.compile(r"# .*\bexit code (\d+)")
# What only a real shell understands.
_SHELL = re.compile(r"[|<>;&]|\$\(|\$[A-Za-z]")


@dataclass(slots=True)
class Shell:
    """Runs lines in the working directory, one after the other.

    Args:
        compose: Whether to compose the configs of ``tercet run`` and to run nothing.
        printed: What the last command printed: its standard output, or its errors where that is empty.
        status: The exit code of the last command.
    """

    compose: bool = False
    printed: str = ""
    status: int = 0
    log: list[str] = field(default_factory=list)

    def run(self, script: str) -> None:
        """Run a block.

        Raises:
            AssertionError: A command's exit code is not 0, nor the one that its comment says.
        """
        for line in _lines(script):
            expected = _CODE.search(line)
            self._line(line)
            wanted = int(expected[1]) if expected else 0
            assert self.status == wanted, f"exit code {self.status}, and not {wanted}: {line}\n{self.printed}"

    def _line(self, line: str) -> None:
        words = shlex.split(line, comments=True)
        parts = _split(line)
        if len(parts) > 1 and not _SHELL.search("".join(parts)):
            for part in parts:
                self._line(part)
        elif words[0] == "cd":
            os.chdir(words[1])
        elif words[:2] == ["echo", "$?"]:
            self.printed, self.status = f"{self.status}\n", 0
        elif words[0] == "make":
            self._make(words[1])
        elif words[0] == "tercet" and not _SHELL.search(shlex.join(words)):
            self._tercet(_expanded(line)[1:])
        elif not self.compose:
            self._bash(line)

    def _tercet(self, words: Sequence[str]) -> None:
        if self.compose and words[0] not in {"run", "doctor"}:
            return
        more = ["--cfg"] if self.compose and words[0] == "run" and "--dry-run" not in words else []
        done = CliRunner().invoke(main, [*words, *more], prog_name="tercet")
        self.log.append(done.output)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        self.printed, self.status = done.stdout or done.stderr, done.exit_code

    def _make(self, target: str) -> None:
        """Run what a target of the Makefile runs: its recipe's commands of tercet."""
        recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert recipe, f"the Makefile has no recipe for {target}"
        for line in recipe[1].splitlines():
            self._line(line.strip().replace("$(BIN)/", ""))

    def _bash(self, line: str) -> None:
        env = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(Path.cwd()),
            "LANG": "C.UTF-8",
            "PYTEST_ADDOPTS": "-p no:cacheprovider",
        }
        done = subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True, check=False)
        self.printed, self.status = done.stdout or done.stderr, done.returncode


def _lines(script: str) -> Iterator[str]:
    """Join what a backslash continues, and leave out empty lines and comments."""
    for line in script.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def _split(line: str) -> list[str]:
    """Cut a line at its ``&&``."""
    lexer = shlex.shlex(line, posix=False, punctuation_chars="&")
    lexer.whitespace_split = True
    parts: list[list[str]] = [[]]
    for word in lexer:
        if word == "&&":
            parts.append([])
        else:
            parts[-1].append(word)
    return [" ".join(part) for part in parts]


def _expanded(line: str) -> list[str]:
    """Split a line into words, and replace a pattern by the paths that it matches, as a shell does."""
    lexer = shlex.shlex(line, posix=False, punctuation_chars=False)
    lexer.whitespace_split = True
    words: list[str] = []
    for raw in lexer:
        (word,) = shlex.split(raw) or [""]
        ends = "/" if word.endswith("/") else ""
        pattern = "*" in word and raw == word and not word.startswith("/")
        found = sorted(Path().glob(word)) if pattern else []
        words += [f"{path}{ends}" for path in found] or [word]
    return words
