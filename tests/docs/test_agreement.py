"""The README's table of agreement is taken from docs/agreement.md, cell by cell, losses included."""

import re

import pytest

from tests.docs.blocks import ROOT

# The README's columns: the section of docs/agreement.md, and its column.
COLUMNS = (
    ("multi_summeval_zh: agreement with coverage", "texts: Pearson"),
    ("summeval_odd: agreement with relevance", "texts: Pearson"),
    ("qags_cnn: agreement with label", "labels: AUC"),
    ("summedits_samsum: agreement with label", "labels: AUC"),
    ("demetr_even: agreement with good", "pairs: preferred"),
    ("en-zh: agreement with comet", "systems: Pearson"),
    ("ted_zh_en: agreement with mqm", "texts: Kendall"),
)
SCORES = ("rouge1", "bleu", "chrf", "ter", "bertscore", "embedding", "density", "fact_precision")


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def measured() -> dict[tuple[str, str, str], str]:
    """Read the page: by section, column and score, the cell."""
    found = {}
    for section in re.split(r"^### ", (ROOT / "docs" / "agreement.md").read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, table = section.splitlines()[0], rows(section)
        end = next((n for n, row in enumerate(table) if n and row[0] == "spoilt by"), len(table))
        for row in table[2:end]:
            for column, cell in zip(table[0], row, strict=True):
                found[title, column, row[0].split(" ")[0]] = cell
    return found


def expected() -> list[list[str]]:
    cells = measured()
    return [
        [f"`{score}`", *(cells.get((section, column, score), "–") for section, column in COLUMNS)] for score in SCORES
    ]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_shows_what_was_measured(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    first = text.index("| |", text.index("`tercet meta`"))
    table = rows(text[first : text.index("\n\n", first)])
    assert table[2:] == expected()
    assert len(table[0]) == len(COLUMNS) + 1
