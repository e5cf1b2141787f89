"""The script that follows the README by the clock, with a stand-in for tercet: test_pages.py runs the real one."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks

SCRIPT = ROOT / "tests" / "docs" / "first_time.sh"
SECTION = "## Your articles, and a gate"
# Notes its words; makes what `cd` needs, and ends as a gate does that is asked for a floor.
STANDIN = """#!/bin/bash
echo "$*" >>"$LOG"
[[ $1 == init ]] && mkdir -p evals/articles evals/results/one
[[ ${FAIL:-} && "$*" == $FAIL* ]] && { echo "Something is missing."; exit 3; }
[[ "$*" == *floor* ]] && exit ${FLOOR:-1}
exit 0
"""


def follow(folder: Path, readme: Path, **env: str) -> subprocess.CompletedProcess[str]:
    standin = folder / "bin" / "tercet"
    standin.parent.mkdir()
    standin.write_text(STANDIN, "utf-8")
    standin.chmod(0o755)
    where = {"PATH": f"{standin.parent}:/usr/bin:/bin", "HOME": str(folder), "LOG": str(folder / "log"), **env}
    words = ["bash", str(SCRIPT), "--project", str(readme)]
    return subprocess.run(words, cwd=folder, env=where, capture_output=True, text=True, check=False)


def test_it_does_what_the_section_says_and_no_more(tmp_path: Path) -> None:
    done = follow(tmp_path, ROOT / "README.md")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    first = lines.index(SECTION)
    last = next(number for number, line in enumerate(lines) if number > first and line.startswith("## "))
    here = [block for block in blocks(ROOT / "README.md") if first < block.line <= last]
    told = [line.split(" ")[1] for block in here for line in block.text.splitlines() if line.startswith("tercet ")]
    log = (tmp_path / "log").read_text("utf-8").splitlines()
    assert [line.split(" ")[0] for line in log] == told
    assert told[0] == "init"
    assert told[-1] == "gate"
    for block in here:
        if block.file:
            assert (tmp_path / "evals" / block.file).read_text("utf-8") == block.text
    assert len(re.findall(r"^ +\d+\.\d s  ", done.stdout, re.MULTILINE)) == len(told) + 1, "each step, and echo $?"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"FAIL": "audit"}, r"Something is missing\.\nExit code 3, and not 0: tercet audit"),
        ({"FLOOR": "0"}, r"Exit code 0, and not 1: tercet gate .*floor"),
    ],
    ids=["a step fails", "a gate passes what is worse"],
)
def test_it_ends_where_a_step_ends_otherwise(tmp_path: Path, env: dict[str, str], said: str) -> None:
    done = follow(tmp_path, ROOT / "README.md", **env)
    assert done.returncode == 1
    assert re.search(said, done.stdout)


def test_a_readme_without_the_section_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# None\n```sh\ntercet list\n```\n", "utf-8")
    done = follow(tmp_path, tmp_path / "README.md")
    assert done.returncode == 1
    assert f"has no section '{SECTION}'" in done.stdout
    assert not (tmp_path / "log").exists()


PAGE = """# Small
<!-- not run: sets up an environment -->
```sh
mkdir bin   # an environment
```
```sh
test -z "$SECRET" && test "$PIP_QUIET" = 1 && test ! -e "$HOME/here"
```
<!-- not run: installs packages -->
```sh
false
```
## Your articles, and a gate
`a.md`:
```markdown
Text.
```
```sh
test "$(cat a.md)" = Text. && \\
  test -d bin
```
## Else
```sh
false
```
"""


def test_the_whole_path_begins_with_a_clone_in_a_clean_environment(tmp_path: Path) -> None:
    copy = tmp_path / "repository" / "tests" / "docs" / "first_time.sh"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(SCRIPT.read_bytes())
    (tmp_path / "repository" / "README.md").write_text(PAGE, "utf-8")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "here").touch()
    who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=tmp_path / "repository", check=True, capture_output=True)
    env = {"PATH": os.defpath + ":/usr/bin", "HOME": str(tmp_path / "home"), "SECRET": "1", "PIP_QUIET": "1"}
    (tmp_path / "temporary").mkdir()
    env["TMPDIR"] = str(tmp_path / "temporary")
    done = subprocess.run(["bash", str(copy)], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    steps = [line.split(" s  ")[1].split(" ")[0] for line in done.stdout.splitlines()]
    assert steps == ["git", "mkdir", "test", "test", "in"]
    assert not list((tmp_path / "temporary").iterdir()), "nothing is left behind"
