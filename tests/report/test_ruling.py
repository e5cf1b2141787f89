"""A ruling in every form: what is said, and what hostile texts cannot do."""

import io
import json
import re
from dataclasses import replace
from math import nan
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from tercet.errors import NotComparableError
from tercet.gating.policy import Policy
from tercet.gating.records import Ruling
from tercet.records import Quote
from tercet.report.console import Screen
from tercet.report.ruling import render
from tercet.report.ruling_annotations import as_annotations, error_as_annotations
from tercet.report.ruling_json import as_json, error_as_json
from tercet.report.ruling_junit import as_junit, error_as_junit
from tercet.report.ruling_markdown import LONGEST, as_markdown, error_as_markdown
from tercet.report.ruling_text import worst_articles
from tests.gating.ruled import FACTS, MARGIN, ruled, same, score
from tests.report.compared import EVIL, HOSTILE, MAGNITUDE, difference, mover, side

WORSE = score(-0.066, -0.016, p=0.001, adjusted=0.002)
UNDECIDED = replace(score(-0.05, 0.04), score="bleu")
ERROR = NotComparableError("The runs differ in a <b> and\nin 50 %: x, y.", "Use --on common.")


def failing(**more: Any) -> Ruling:
    """One of each: worse, undecided, the same, new facts, a score that was not measured."""
    policy = Policy(scores={"rouge1": {"margin": 0.02}, "bleu": {"margin": 0.02}, "comet": {}})
    known: dict[str, Any] = {"policy": policy, "new": FACTS}
    return ruled(WORSE, UNDECIDED, same("chrf"), **(known | more))


def hostile() -> Ruling:
    """Texts that mean no good, in every place that a text can reach."""
    found = replace(WORSE, score=HOSTILE, language=HOSTILE, reason=HOSTILE, unpaired={HOSTILE: 1})
    ruling = ruled(found, new=(EVIL, MAGNITUDE), policy=Policy(), candidate=side(HOSTILE), left_out=(HOSTILE,))
    versus = replace(ruling.comparison.versus[0], worse=(mover(f"{HOSTILE}:zh", 0.5, 0.1),))
    return replace(ruling, policy=HOSTILE, comparison=replace(ruling.comparison, versus=(versus,)))


def shown(ruling: Ruling, width: int = 120) -> str:
    console = Screen(width=width, file=(file := io.StringIO()), color_system=None, force_terminal=False)
    render(ruling, console)
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_shows_the_verdict_every_check_and_the_worst_articles(width: int) -> None:
    text = shown(failing(), width)
    assert text.startswith("Fail: worse in rouge1 zh (-0.041); 2 new false facts.\n")
    words = " ".join(text.split())
    for expected in ("✗ regressed", "? underpowered", "✓ passed", "about 50 are needed", "[-0.066, -0.016]"):
        assert expected in words
    assert "该公司融资«6000万欧元»，估值翻番。" in text
    assert "raised «€600mn» from investors" in text
    assert max(map(len, text.splitlines())) <= width + 40  # quotes are not wrapped


def test_a_passing_ruling_is_green_in_words() -> None:
    assert shown(ruled(same())).startswith("Pass: nothing differs in 1 score, on any article.\n")


def test_a_terminal_obeys_no_text() -> None:
    text = shown(hostile())
    assert "\x1b" not in text
    assert "a|b" in text


def test_the_worst_articles_are_those_with_false_facts_and_those_that_fell_by_turns() -> None:
    fact = replace(MAGNITUDE, case_id="tram:en")
    articles = worst_articles(failing(new=(fact, MAGNITUDE)))
    assert [article.case_id for article in articles] == ["tram:en", "mistral:zh", "bridge:zh"]
    assert articles[1].moved == "rouge1 0.412 → 0.201 (-0.211)"
    assert articles[1].facts == (MAGNITUDE,)


def test_markdown_is_short_and_begins_with_its_marker() -> None:
    text = as_markdown(failing())
    lines = text.splitlines()
    assert lines[0] == "<!-- tercet-gate -->"
    assert lines[3] == "**Fail: worse in rouge1 zh (-0.041); 2 new false facts.**"
    assert len(lines) <= 60
    assert "该公司融资<b>«6000万欧元»</b>，估值翻番。" in text
    row = "| rouge1 ↑ | zh | 0.400 | 0.359 | -0.041 | [-0.066, -0.016] | 0.0020 | 24 |  | 0.02 | <b>✗ regressed</b> |"
    assert row in lines
    assert lines[-1].startswith("<sub>Policy default; 24 articles, 48 cases; ")
    assert lines[-1].endswith("seed 0; candidate (0123) against baseline (0123)</sub>")


def test_each_gate_has_its_own_marker_and_no_name_ends_a_comment() -> None:
    assert as_markdown(failing(), "zh nightly").startswith("<!-- tercet-gate: zh-nightly -->\n")
    first = as_markdown(failing(), "x --> <img src=y>").splitlines()[0]
    assert re.fullmatch(r"<!-- tercet-gate: [\w.-]+ -->", first)
    assert "--" not in first[4:-3]


def test_markdown_of_hostile_texts_loads_nothing_links_nothing_and_mentions_nobody() -> None:
    text = as_markdown(hostile())
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    tags = set(re.findall(r"<(\w+)", re.sub(r"<!--.*?-->", "", html)))
    assert tags <= {
        "h3",
        "p",
        "b",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "sub",
        "span",
    } | {
        "details",
        "summary",
    }
    assert not re.search(r"@\w|(?<!&)#\d|://|(?<!\\)\]\(", text)
    assert "$1" not in text.replace("<span>$</span>1", "")
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in table}) == 1, "no text has made a cell of its own"


def test_markdown_stays_below_the_limit_of_a_comment() -> None:
    endless = "&" * 100_000
    quote = Quote(text=endless, offset=0, start=10, end=90_000)
    facts = [
        replace(EVIL, case_id=f"{i}{endless}", message=endless, place=quote, other=quote, value=str(i))
        for i in range(9)
    ]
    scores = [replace(WORSE, score=f"s{i}") for i in range(200)]
    text = as_markdown(ruled(*scores, new=tuple(facts), policy=Policy()))
    assert len(text) <= LONGEST
    assert len(as_markdown(ruled(*scores, policy=Policy())).splitlines()) <= 60


def test_junit_counts_what_it_holds() -> None:
    root = ET.fromstring(as_junit(failing(), "ci", seconds=1.5).encode())  # noqa: S314
    (suite,) = root
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    cases = suite.findall("testcase")
    assert (
        suite.attrib
        == root.attrib
        == {
            "name": "tercet gate ci",
            "time": "1.500",
            "tests": str(len(cases)),
            "failures": "2",
            "errors": "0",
            "skipped": "2",
        }
    )
    assert all(case.get("classname") and case.get("name") and case.get("time") == "0" for case in cases)
    (worse,) = [case for case in cases if case.get("name") == "rouge1 zh"]
    failure = worse.find("failure")
    assert failure is not None
    assert failure.get("type") == "regressed"
    assert failure.get("message") == failure.text
    assert "worse, and not within the margin" in (failure.text or "")
    out = suite.find("system-out")
    assert out is not None
    assert "24 articles" in (out.text or "")


def test_junit_has_an_error_where_it_is_incomplete() -> None:
    suite = ET.fromstring(as_junit(failing(candidate=side("B", 2))).encode())[0]  # noqa: S314
    assert (suite.get("errors"), suite.get("failures")) == ("1", "2")


def test_junit_of_hostile_texts_can_be_read() -> None:
    evil = replace(EVIL, message="\x00\x08\x1b\ufffe\ud800]]></failure><x a='1'>&amp;")
    text = as_junit(ruled(WORSE, same("chrf"), new=(evil,), policy=Policy(primary="rouge1")))
    root = ET.fromstring(text.encode("utf-8"))  # noqa: S314
    assert {element.tag for element in root.iter()} == {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "system-out",
    }  # fmt: skip


def test_json_has_every_field_and_no_number_that_is_none() -> None:
    ruling = failing()
    value = json.loads(as_json(ruling, "ci"), parse_constant=pytest.fail)
    head = ["format", "name", "exit_code", "verdict", "error", "policy", "checks", "comparison"]
    assert list(value) == head
    assert (value["exit_code"], value["name"], value["error"]) == (1, "ci", None)
    assert [check["verdict"] for check in value["checks"]] == [check.verdict.value for check in ruling.checks]
    assert value["checks"][-1]["difference"]["unpaired"] == {}
    broken = ruled(replace(WORSE, p=nan, interval=(nan, 1.0)))
    (check,) = [check for check in json.loads(as_json(broken))["checks"] if check["name"] == "rouge1 zh"]
    assert (check["difference"]["p"], check["difference"]["interval"]) == (None, [None, 1.0])


def test_annotations_are_errors_for_what_fails_and_warnings_for_what_is_undecided() -> None:
    lines = as_annotations(failing()).splitlines()
    assert [line.split("::")[1].split("=")[0] for line in lines] == ["error title", "error title", "warning title"]
    assert "::error title=tercet gate%3A rouge1 zh::rouge1 zh fell by 0.041 [-0.066, -0.016]" in "\n".join(lines)


def test_annotations_are_no_more_than_github_shows() -> None:
    found = [replace(WORSE, score=f"s{i}") for i in range(30)]
    lines = as_annotations(ruled(*found, policy=Policy())).splitlines()
    assert len(lines) == 10
    assert lines[-1] == "::error title=tercet gate::and 21 more checks"


def test_an_annotation_is_one_line_whatever_the_texts_hold() -> None:
    lines = as_annotations(hostile()).split("\n")
    assert lines.pop() == ""
    for line in lines:
        found = re.fullmatch(r"::(error|warning) title=([^:,\r\n]*)::([^\r\n]*)", line)
        assert found is not None
        assert not re.search("%(?!25|0D|0A|3A|2C)", found[2] + found[3])


@pytest.mark.parametrize("remedy", ["Use --on common.", ""])
def test_an_error_is_told_in_every_form(remedy: str) -> None:
    error = NotComparableError(ERROR.problem, remedy)
    value = json.loads(error_as_json(error, "ci"))
    assert (value["exit_code"], value["error"]["type"]) == (3, "NotComparableError")
    suite = ET.fromstring(error_as_junit(error, "ci").encode())[0]  # noqa: S314
    assert (suite.get("tests"), suite.get("errors")) == ("1", "1")
    markdown = error_as_markdown(error, "ci")
    assert markdown.startswith("<!-- tercet-gate: ci -->\n### tercet gate ci: error\n")
    assert "&lt;b&gt; and in 50 %" in markdown
    line = error_as_annotations(error)
    assert line == f"::error title=tercet gate::The runs differ in a <b> and in 50 %25: x, y. {remedy}".rstrip() + "\n"


def test_a_ruling_without_scores_is_shown() -> None:
    ruling = ruled(difference("rouge1", "zh", None, pairs=0, articles=0, reason="no case"), policy=MARGIN)
    assert ruling.exit_code == 4
    assert shown(ruling).startswith("Fail: incomplete")
    assert "incomplete" in as_markdown(ruling)
    empty = ruled()
    assert as_markdown(empty).count("|") == 0
    assert shown(empty)
