"""The table of calls: what is there, what is not known, and who is left out."""

import io
from pathlib import Path
from typing import Any

from rich.console import Console

from tercet.report.calls import calls_as_markdown, render_calls
from tercet.runs import Run

USAGE = {"prompt": 12_345, "answer": 678, "cost": 0.0123, "counted": 24, "requests": 24}
CALLS = {
    "made": 20,
    "cached": 4,
    "failed": 1,
    "p50": 0.512,
    "p90": 1.25,
    "p99": 3.0,
    "tokens_per_second": 41.23,
}


def run(system: str, usage: dict[str, Any] | None = None, calls: dict[str, Any] | None = None) -> Run:
    info = {"system": system, "usage": usage, "time": {"calls": calls}}
    return Run(folder=Path("results") / system, info=info, outputs=())


def printed(runs: list[Run], labels: list[str] | None = None, width: int = 120) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    render_calls(runs, labels, console)
    return console.export_text()


def test_what_asked_no_model_is_not_shown() -> None:
    old = Run(folder=Path("old"), info={"system": "old"}, outputs=())
    assert printed([run("lead"), old]) == calls_as_markdown([run("lead"), old]) == ""
    assert "lead" not in calls_as_markdown([run("lead"), run("model", USAGE, CALLS)])


def test_each_system_has_its_numbers() -> None:
    expected = ["20", "4", "1", "12,345", "678", "0.51", "1.25", "3.00", "41.2", "$0.012"]
    runs = [run("lead"), run("model", USAGE, CALLS)]
    assert r"| \[m\] | 12,345 | 678 | $0.012 |" in calls_as_markdown(runs, ["lead", "[m]"])
    text = printed(runs, ["lead", "[m]"])
    assert text.startswith("Calls:")
    assert ["[m]", *expected] in [line.split() for line in text.splitlines()]
    assert "seconds until half" in " ".join(text.split())


def test_what_is_not_known_is_a_dash() -> None:
    usage = {"prompt": 0, "answer": 0, "cost": None, "counted": 0, "requests": 2}
    calls = {"made": 0, "cached": 2, "failed": 0, "p50": None, "p90": None, "p99": None, "tokens_per_second": None}
    text = calls_as_markdown([run("model", usage, calls)])
    assert "| model | – | – | – |" in text
    assert "- Tokens are known of 0 of 2 answers [model]." in text
    assert "Tokens are known of 0 of 2 answers [model]." in printed([run("model", usage, calls)])
    assert ["model", *["–"] * 3, "12,345"] in [line.split()[:5] for line in printed([run("model", USAGE)]).splitlines()]


def test_it_fits_a_narrow_terminal() -> None:
    text = printed([run("a summarizer with a long name + a translator with one", USAGE, CALLS)], width=90)
    assert max(map(len, text.splitlines())) <= 90
    assert "$0.012" in text
