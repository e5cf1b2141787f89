"""What people are told while a sweep goes on."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from tercet.errors import CorpusError
from tercet.progress import Narrator


def told(terminal: bool) -> str:
    """What a narrator writes of one run, on a terminal or elsewhere."""
    file = io.StringIO()
    watcher = Narrator(Console(file=file, force_terminal=terminal, width=100))
    watcher.planned(2, 8)
    watcher.problem(CorpusError("No [list].", path=Path("a.md"), line=3))
    watcher.reused("lead [1]", Path("results/x"))
    watcher.resumed("lead")
    with watcher.run("lead + glossary") as run:
        for done in range(5):
            run.step("lead", done, 4)
        run.step("scoring", 2, 2)
    return file.getvalue()


def test_elsewhere_a_run_is_a_plain_line() -> None:
    text = told(terminal=False)
    assert text.splitlines() == [
        "2 runs, 8 outputs to score",
        "left out: a.md:3: No [list].",
        "lead [1]: there already, unchanged (results/x)",
        "lead: resumed: the last attempt did not finish",
        "lead + glossary: done",
    ]


def test_on_a_terminal_a_run_is_bars_with_counts() -> None:
    text = told(terminal=True)
    assert "lead + glossary: lead" in text
    assert "4/4" in text
    assert "lead + glossary: scoring" in text
    assert "2/2" in text


def test_elsewhere_a_long_step_is_heard_of_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tercet.progress._SILENCE", -1.0)
    assert told(terminal=False).splitlines()[-7:] == [
        *[f"lead + glossary: lead: {done} of 4" for done in range(5)],
        "lead + glossary: scoring: 2 of 2",
        "lead + glossary: done",
    ]


@pytest.mark.parametrize("terminal", [False, True], ids=["file", "terminal"])
def test_runs_that_others_make_are_told_as_they_come(terminal: bool) -> None:
    file = io.StringIO()
    watcher = Narrator(Console(file=file, force_terminal=terminal, width=100))
    with watcher.elsewhere(3) as made:
        made("lead [1]")
        made("textrank")
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", file.getvalue()))
    assert [line for line in lines if line.endswith(": done")] == ["lead [1]: done", "textrank: done"]
    assert any(line.startswith("runs") and " 2/3 " in line for line in lines) is terminal
