"""`tercet init`: its words, its exit codes, and that its project works by the commands of its own README."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

BIN = Path(sys.executable).parent


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as a user would, with this environment's commands."""
    env = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(folder), "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    words = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_it_says_what_it_wrote_and_what_comes_next(tercet: Callable[..., Result]) -> None:
    done = tercet("init", "my evals")
    assert done.exit_code == 0, done.output
    assert "my evals/conf/gate/ci.yaml\n" in done.output
    assert "cd 'my evals'\n" in done.output
    assert not Path("my evals/.github").exists()
    again = tercet("init", "my evals")
    assert again.exit_code == 2
    assert "my evals/README.md" in again.output


def test_it_begins_here_by_default(tercet: Callable[..., Result]) -> None:
    done = tercet("init", "--ci", "github")
    assert done.exit_code == 0, done.output
    assert "cd " not in done.output
    assert Path(".github/workflows/tercet.yaml").is_file()
    assert Path("tests/test_summaries.py").is_file()


def test_its_configs_are_listed(tercet: Callable[..., Result]) -> None:
    tercet("init")
    listed = tercet("list").output
    for note in ("The articles of this project", "What every change is measured by", "What counts as worse"):
        assert note in listed


def test_the_commands_of_its_readme_work_as_they_stand(tercet: Callable[..., Result]) -> None:
    tercet("init")
    (block,) = re.findall(r"```sh\n(.*?)```", Path("README.md").read_text("utf-8"), re.DOTALL)
    commands = [shlex.split(line, comments=True)[:2] for line in block.splitlines()]
    assert commands == [["tercet", "run"], ["tercet", "bless"], ["tercet", "gate"], ["tercet", "report"], ["pytest"]]
    done = shell(block, Path.cwd())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
