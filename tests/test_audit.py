"""The audit: what it finds in references, and what it leaves alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tercet.articles import read_article
from tercet.audit import audit
from tercet.corpora.sample import Sample
from tests.conftest import ARTICLE, SOURCE
from tests.facts.planting import DROPPED, ERRORS, Planted, spoil, table

Call = Callable[..., Result]


def write(folder: Path, text: str, source: str | None = SOURCE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "bridge.md").write_text(text, "utf-8")
    if source is not None:
        (folder / "bridge.source.md").write_text(source, "utf-8")
    return folder


def faults(folder: Path) -> list[tuple[str, str, str]]:
    article = read_article(folder / "bridge.md", root=folder, default_language="en")
    return [(fault.leg, fault.finding, fault.error) for fault in audit(article)]


def test_what_is_right_is_left_alone(tmp_path: Path) -> None:
    assert faults(write(tmp_path, ARTICLE)) == []
    assert faults(write(tmp_path / "alone", ARTICLE, None)) == []


def test_an_error_is_found_on_every_leg_that_shows_it(tmp_path: Path) -> None:
    wrong = ARTICLE.replace("造价：** 该桥耗资8000万欧元", "造价：** 该桥耗资8亿欧元")
    assert faults(write(tmp_path, wrong)) == [
        ("zh against source", "contradicted", "magnitude"),
        ("zh against en", "contradicted", "magnitude"),
    ]


def test_what_two_references_show_each_other_is_told_once(tmp_path: Path) -> None:
    wrong = ARTICLE.replace("It is 1.2 kilometres long", "It is 1.5 kilometres long").replace("of 1.2", "of 1.5")
    found = faults(write(tmp_path, wrong, None))
    assert {error for _, _, error in found} == {"number"}
    assert [leg for leg, _, _ in found].count("zh against en") == 2


def test_a_malformed_quantity_needs_no_other_text(tmp_path: Path) -> None:
    wrong = ARTICLE.replace("at a cost of €80mn", "at a cost of €80n")
    assert faults(write(tmp_path, wrong, None)) == [("en", "malformed", "malformed")]


def test_a_dropped_point_is_named(tmp_path: Path) -> None:
    wrong = ARTICLE.replace("- **长度：** 全长1.2公里。\n", "")
    folder = write(tmp_path, wrong)
    (fault,) = audit(read_article(folder / "bridge.md", root=folder, default_language="en"))
    assert (fault.leg, fault.error) == ("en against zh", "dropped point")
    assert "«Length»" in fault.message


def test_the_command_says_where_and_exits_with_1(tercet: Call, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ARTICLE.replace("耗资8000万欧元。", "耗资8亿欧元。", 1))
    result = tercet("audit", "corpus=markdown", f"corpus.path={folder}")
    assert result.exit_code == 1
    assert "magnitude  zh against source: contradicted" in result.output
    assert "耗资«8亿欧元»。" in result.output
    assert "«€80mn»" in result.output
    assert "2 faults in 1 of 1 article." in result.output
    assert tercet("audit", "corpus=markdown", f"corpus.path={folder}", "--warn-only").exit_code == 0


def test_the_command_is_content_with_what_is_right(tercet: Call, articles: Path) -> None:
    result = tercet("audit", "corpus=markdown", f"corpus.path={articles}")
    assert (result.exit_code, result.output) == (0, "No fault found in 2 articles.\n")


def test_json_and_markdown_hold_what_the_text_does(tercet: Call, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ARTICLE.replace("耗资8000万欧元。", "耗资8亿欧元。", 1))
    arguments = ("audit", "corpus=markdown", f"corpus.path={folder}")
    value = json.loads(tercet(*arguments, "--format", "json").output)
    assert value["articles"] == 1
    assert [fault["leg"] for fault in value["faults"]] == ["zh against source", "zh against en"]
    place = value["faults"][0]["place"]
    assert place["text"][place["start"] - place["offset"] : place["end"] - place["offset"]] == "8亿欧元"
    assert "| bridge | zh against source | magnitude |" in tercet(*arguments, "--format", "markdown").output


@pytest.mark.parametrize(
    ("overrides", "code", "words"),
    [
        (("metric=[bleu]",), 2, "An audit takes corpus=... and limit=..."),
        (("corpus=markdown", "corpus.path=nowhere"), 2, "no such file or folder"),
    ],
)
def test_what_cannot_be_audited_is_an_error(tercet: Call, overrides: tuple[str, ...], code: int, words: str) -> None:
    result = tercet("audit", *overrides)
    assert result.exit_code == code
    assert words in result.output


def test_a_broken_article_is_not_passed_over(tercet: Call, articles: Path) -> None:
    (articles / "broken.md").write_text("---\ntitle: [\n---\n", "utf-8")
    result = tercet("audit", "corpus=markdown", f"corpus.path={articles}")
    assert result.exit_code == 2
    assert "broken.md" in result.output


def test_nothing_to_check_is_no_success(tercet: Call, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "source": "It rose.", "language": "en"}\n', "utf-8")
    result = tercet("audit", "corpus=jsonl", f"corpus.path={tmp_path / 'a.jsonl'}")
    assert result.exit_code == 4, result.output


def test_the_sample_corpus_is_without_fault(tercet: Call) -> None:
    result = tercet("audit", "corpus=sample")
    assert (result.exit_code, result.output) == (0, "No fault found in 24 articles.\n")


def test_the_mistakes_of_the_seed_are_found(tercet: Call, shared: Path) -> None:
    result = tercet("audit", "corpus=markdown", f"corpus.path={shared / 'seed'}", "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.output)["faults"]
    words = [fault["place"]["text"][fault["place"]["start"] - fault["place"]["offset"] :] for fault in found]
    assert {(fault["leg"], fault["error"]) for fault in found} == {("en", "malformed"), ("zh against en", "multiple")}
    assert any(word.startswith("€60n") for word in words)
    assert any(word.startswith("翻了三番") for word in words)
    assert len(found) == 2


ARTICLES = {article.id: article for article in Sample().load().articles}


@pytest.mark.parametrize("row", table(), ids=lambda row: f"{row.article}-{row.language}-{row.kind}")
def test_a_planted_error_is_found_and_named_on_every_leg_that_shows_it(row: Planted) -> None:
    found = audit(spoil(row, ARTICLES).article)
    legs = {frozenset((fault.text, fault.against)) for fault in found if fault.error in ERRORS[row.kind]}
    assert frozenset(("zh", "en")) in legs
    assert (frozenset((row.language, "source")) in legs) is (row.kind != DROPPED)
