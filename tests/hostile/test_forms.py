"""What a run says of itself reaches tables, Markdown, CSV, JSON, LaTeX and XML as text, and does nothing there."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result

from tercet.report.escaping import in_csv, in_json
from tests.hostile.conftest import change

Call = Callable[..., Result]
HOSTILE = (
    "P\x1b]0;pwn\x07\x1b]52;c;eA==\x07\u202e\x9b31m|<img src=x onerror=pwn>@all [a](http://e.x/) ![b](http://e.x/b.png)"
    " `c` $x$ \\input{pwn} ]]> </script>\nQ\n# H"
)
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ALIVE: dict[str, tuple[str, ...]] = {
    "table": (),
    "md": ("<img", "@all", "[a](h", "![b]", "`c`", "\n# H"),
    "csv": (),
    "json": (),
    "latex": ("\\input{", "$x$"),
    "xml": ("<img", "</script>"),
}
COMMANDS: dict[str, list[tuple[str, ...]]] = {
    "table": [("show", "cand-run"), ("compare", "base-run", "cand-run"), ("verify", "cand-run")],
    "md": [("report", "base-run", "cand-run", "--format", "md"), ("show", "cand-run", "--format", "markdown")],
    "csv": [("report", "cand-run", "--format", "csv")],
    "json": [("report", "base-run", "cand-run", "--format", "json"), ("verify", "cand-run", "--format", "json")],
    "latex": [("report", "base-run", "cand-run", "--format", "latex")],
}
PLACES = ["system", "status", "scores.0.score", "scores.0.language", "scores.0.reasons", "choices.summarizer"]


@pytest.mark.parametrize("place", PLACES)
def test_no_form_obeys_or_brings_to_life_what_a_run_says(place: str, work: Path, tercet: Call) -> None:
    change(work / "cand-run", place, {HOSTILE: 3} if place.endswith("reasons") else HOSTILE)
    for form, commands in COMMANDS.items():
        for words in commands:
            done = tercet(*words)
            assert done.exit_code in {0, 1, 2, 3, 4}, (words, done.output)
            assert not OBEYED.search(done.output), words
            if done.exit_code in {0, 1, 4}:  # else it is an error, on the terminal
                assert not [sign for sign in ALIVE[form] if sign in done.output], words


def test_the_files_of_a_gate_are_harmless_too(work: Path, tercet: Call) -> None:
    words = ("gate", "--baseline", "base-run", "--candidate", "cand-run", "--name", HOSTILE)
    tercet(*words, "--markdown", "gate.md", "--junit", "gate.xml", "--json", "gate.json")
    texts = {"md": Path("gate.md").read_text("utf-8"), "xml": Path("gate.xml").read_text("utf-8")}
    for form, text in texts.items():
        assert not OBEYED.search(text)
        assert not [sign for sign in ALIVE[form] if sign in text]
    assert ET.fromstring(texts["xml"]).attrib["name"].startswith("tercet gate P")  # noqa: S314 (our own)
    assert json.loads(Path("gate.json").read_text("utf-8"))["name"] == HOSTILE


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://e.x")',
]


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_a_cell_is_no_formula(text: str, work: Path, tercet: Call) -> None:
    change(work / "cand-run", "system", text)
    table = list(csv.DictReader(io.StringIO(tercet("show", "cand-run", "--format", "csv").stdout)))
    assert {row["system"] for row in table} == {in_csv(text)}
    assert in_csv(text).startswith("'")
    assert sum(float(row["value"]) > 0 for row in table if row["value"]) > 1, "numbers stay numbers"


def test_a_name_that_is_no_formula_stands_as_it_is() -> None:
    for name in ("lead + copy", "a=b", "x@y", "1-2", "'quoted'"):
        assert in_csv(name) == name


def test_json_is_escaped_and_means_the_same() -> None:
    value = {"a\x9b\u202e": ["\x7f", "\ud83d", "好", "\u2028"]}
    text = in_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert not OBEYED.search(text)
    assert "好" in text
    text.encode()


def test_a_run_folder_without_its_corpus_shows_no_file_of_the_machine(work: Path, tercet: Call) -> None:
    """A run may name any file as its corpus: nothing of that file may come into a report or an error."""
    secret = work / "secret.jsonl"
    secret.write_text('{"id": "item-000", "language": "en", "source": "the launch codes"}\nlaunch codes\n', "utf-8")
    change(work / "cand-run", "config.corpus.path", str(secret))
    commands = (
        ("report", "cand-run", "-o", "report.html"),
        ("verify", "cand-run"),
        ("compare", "base-run", "cand-run"),
    )
    for words in commands:
        assert "launch codes" not in tercet(*words).output
    assert "launch codes" not in Path("report.html").read_text("utf-8")
