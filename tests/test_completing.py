"""What the Tab key offers, asked for as a shell does."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import Result

from tercet.cli import main

Call = Callable[..., Result]


def offered(*words: str) -> list[str]:
    *args, incomplete = words
    shell = ShellComplete(main, {}, "tercet", "_TERCET_COMPLETE")
    return [item.value for item in shell.get_completions(list(args), incomplete)]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("ver",), ["verify"]),
        (("run", "summ"), ["summarizer="]),
        (("run", "summarizer=te"), ["summarizer=textrank"]),
        (("run", "-m", "translator=copy,glo"), ["translator=copy,glossary"]),
        (("run", "metric=[rouge,chrf_"), ["metric=[rouge,chrf_zh"]),
        (("run", "summarizer=textrank", "summarizer."), ["summarizer.sentences=", "summarizer.damping="]),
        (("run", "summarizer.sen"), ["summarizer.sentences="]),
        (("run", "metrics.chrf_"), ["metrics.chrf_zh."]),
        (("run", "metrics.rouge.ch"), ["metrics.rouge.chinese="]),
        (("run", "gate.scores.chrf_zh."), ["gate.scores.chrf_zh.margin="]),
        (("run", "max_c"), ["max_cost="]),
        (("gate", "exec"), ["executor="]),
        (("audit", "corpus=mark"), ["corpus=markdown"]),
        (("run", "nothing"), []),
        (("run", "summarizer=nothing", "summarizer."), []),
        (("completion", "z"), ["zsh"]),
    ],
)
def test_what_fits_is_offered(words: tuple[str, ...], wanted: list[str]) -> None:
    assert offered(*words) == wanted


def test_what_is_named_already_is_not_offered_again() -> None:
    assert "metric=[rouge,rouge" not in offered("run", "metric=[rouge,")
    assert "metric=[rouge,bleu" in offered("run", "metric=[rouge,")


def test_runs_are_offered_the_newest_first() -> None:
    for name, stamp in (("old", 1), ("new", 2)):
        file = Path("results", name, "run.json")
        file.parent.mkdir(parents=True)
        file.write_text("{}")
        os.utime(file.parent, (stamp, stamp))
    assert offered("report", "") == ["results/new", "results/old"]
    assert offered("report", "results/o") == ["results/old"]
    assert offered("show", "")[:2] == ["results/new", "results/old"]
    assert "summarizer=" in offered("show", "")


def test_own_configs_are_offered_and_a_broken_one_breaks_nothing(tmp_path: Path) -> None:
    Path("conf/summarizer").mkdir(parents=True)
    Path("conf/summarizer/mine.yaml").write_text("# Mine\n_target_: mine.Mine\nlevel: 3\n")
    Path("conf/summarizer/broken.yaml").write_text("{")
    assert offered("run", "summarizer=mi") == ["summarizer=mine", "summarizer=mistral"]
    assert offered("run", "summarizer=mine", "summarizer.") == ["summarizer.level="]
    assert offered("run", "summarizer=broken", "summarizer.") == []
    assert offered("run", "--config-dir", "absent", "summ") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_written_for_each_shell(shell: str, tercet: Call) -> None:
    done = tercet("completion", shell)
    assert done.exit_code == 0, done.output
    assert "_TERCET_COMPLETE" in done.stdout
    if found := shutil.which(shell):
        assert subprocess.run([found, "-n"], input=done.stdout, text=True, check=False).returncode == 0


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_gets_what_comes_after_the_sign(tmp_path: Path) -> None:
    # Bash cuts words at "=", and replaces only the last piece.
    script = """
    eval "$(tercet completion bash)"
    compopt() { echo compopt "$@"; }
    COMP_WORDS=(tercet run summarizer = text); COMP_CWORD=4; _tercet_completion tercet; echo "${COMPREPLY[@]}"
    COMPREPLY=(); COMP_WORDS=(tercet run summ); COMP_CWORD=2; _tercet_completion tercet; echo "${COMPREPLY[@]}"
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, check=True, env={**os.environ, "PATH": path}
    )
    assert done.stdout.splitlines() == ["textrank", "compopt -o nospace", "summarizer="]
