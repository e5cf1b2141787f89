"""A comparison as Markdown, JSON and LaTeX."""

import json
import math
import re
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from markdown_it import MarkdownIt

from tercet.comparing.records import Comparison, Difference, FalseFact, Method, Mover, Side, Versus
from tercet.report.comparison_json import as_json
from tercet.report.comparison_latex import as_latex
from tercet.report.comparison_markdown import as_markdown
from tests.report.compared import HOSTILE, SLICES, comparison, difference, differences, versus

TABLE = """\
| score | baseline | candidate | delta | 95 % interval | p (max-T) | wins/ties/losses | n | articles | detectable |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
| rouge1 ↑ | 0.400 | 0.400 | 0.000 | [0.000, 0.000] | 1.0000 | 12/2/10 | 24/24 | 24 | – |
| fact_precision ↑ | 0.900 | 0.780 | **-0.120** ✗ | [-0.140, -0.100] | 0.0500 | 12/2/10 | 21/24 | 20 | 0.029 |
| comet ↑ | – | – | – | – | – | – | 0/24 | 0 | – |
"""
MOVED = """\
- worse: mistral:zh 0.412 → 0.201 (-0.211)
  - new: contradicted, magnitude
    - candidate: 该公司融资<b>«6000万欧元»</b>，估值翻番。
    - source: raised <b>«€600mn»</b> from investors
- worse: bridge:zh 0.300 → 0.300 (-0.0001)
  - new: contradicted, currency
    - '6000万欧元' is EUR 60,000,000; the source says EUR 600,000,000.
- better: ferry:en 0.200 → 0.250 (+0.050)
  - repaired: malformed
    - baseline: cost <b>«1,0,00»</b> in all
    - '1,0,00' is no number.
"""
LATEX = r"""
\multicolumn{9}{l}{\emph{Chinese (zh)}} \\
rouge1 $\uparrow$ & $0.400$ & $0.400$ & $0.000$ & $[0.000, 0.000]$ & $1.0000$ & 12/2/10 & 24/24 & -- \\
fact\_precision $\uparrow$ & $0.900$ & $0.780$ & $\mathbf{-0.120}^{\ast}$ & $[-0.140, -0.100]$ & $0.0500$ & 12/2/10"""


def test_markdown_has_the_verdict_the_tables_and_what_moved() -> None:
    text = as_markdown(comparison(versus(slices=SLICES)))
    assert text.startswith("**B against A over 20 to 24 articles: better in rouge1 en (+0.031), worse in")
    assert f"### Chinese (zh)\n\n{TABLE}" in text
    assert f"Moved most, by rouge1:\n\n{MOVED}" in text
    assert "False facts: 3 new (3 contradicted), 1 repaired (1 malformed).\n" in text
    assert "| tag: economy | en rouge1 ↑ | +0.020 | [0.000, +0.040] | 24/24 | 24 |\n" in text
    assert "- en length_ratio: no test: neither direction is better, so that nothing is tested\n" in text
    assert text.endswith("drawn together.\n")


def test_markdown_of_several_candidates_begins_with_one_table_of_all() -> None:
    text = as_markdown(comparison(versus(), versus("C", differences=differences()[:2])))
    assert "| delta | B | C |\n|---|---:|---:|\n| en rouge1 ↑ | **+0.031** ✓ | **+0.031** ✓ |\n" in text
    assert "| zh rouge1 ↑ | 0.000 | – |\n" in text
    assert text.index("| delta |") < text.index("## B against A\n") < text.index("## C against A\n")


def test_hostile_texts_change_nothing_of_a_page() -> None:
    reader = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    tokens = reader.parse(as_markdown(comparison(versus(HOSTILE, slices=SLICES), versus("C"))))
    inner = [token for block in tokens for token in (block, *(block.children or []))]
    html = {token.content for token in inner if token.type in {"html_inline", "html_block"}}
    assert html == {"<b>", "</b>", "<span>", "</span>"}
    assert not {"link_open", "image", "code_inline", "s_open", "em_open"} & {token.type for token in inner}
    rows = [i for i, token in enumerate(tokens) if token.type == "table_open"]
    assert len(rows) == 1 + 2 + 1 + 2


def test_json_has_every_field_in_their_order() -> None:
    found = json.loads(as_json(comparison(versus(slices=SLICES), versus("C"))))
    names = {kind: [field.name for field in fields(kind)] for kind in (Comparison, Side, Method, Mover, FalseFact)}
    assert list(found) == names[Comparison]
    assert list(found["baseline"]) == names[Side]
    assert list(found["method"]) == names[Method]
    one = found["versus"][0]
    assert set(one) == {field.name for field in fields(Versus)} | {"verdict"}
    assert list(one["differences"][0]) == [*(field.name for field in fields(Difference)), "better", "outcome"]
    assert list(one["worse"][0]) == names[Mover]
    assert list(one["new"][0]) == names[FalseFact]
    assert one["new"][0]["place"] == {"text": "该公司融资6000万欧元，估值翻番。", "offset": 10, "start": 15, "end": 22}
    assert [item["outcome"] for item in one["differences"]] == [
        *("better", "unshown", "worse", "untested", "unshown", "worse", "untested")
    ]
    assert one["differences"][2]["better"] == -0.25
    assert one["slices"][0]["differences"][0]["outcome"] == "untested"
    assert one["worse"][1]["new"][0]["place"] is None


def test_json_has_null_for_what_is_no_number_and_any_mapping() -> None:
    odd = difference("x", "en", (0.1, 0.2), detectable=math.inf, p=math.nan, interval=(-math.inf, 0.1))
    frozen = difference("y", "en", (0.1, 0.2), unpaired=MappingProxyType({"why": 2}))

    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    found = json.loads(as_json(comparison(versus(differences=(odd, frozen)))), parse_constant=refuse)
    first, second = found["versus"][0]["differences"]
    assert (first["detectable"], first["p"], first["interval"]) == (None, None, [None, 0.1])
    assert second["unpaired"] == {"why": 2}


def test_json_gives_texts_back_as_they_were_and_can_be_written() -> None:
    text = as_json(comparison())
    text.encode("utf-8")
    assert json.loads(text)["versus"][0]["new"][2]["message"] == HOSTILE


def test_latex_is_a_booktabs_table_with_its_method() -> None:
    text = as_latex(comparison())
    assert LATEX in text
    assert "21/24 (20)" in text
    assert "rouge1 $\\uparrow$ & $0.312$ & $0.343$ & $\\mathbf{+0.031}^{\\ast}$ & $[+0.011, +0.051]$" in text
    assert "contradictions $\\downarrow$" in text
    assert "$<0.0001$" in text
    for said in ("10,000 random permutations", "(seed 0)", "5 tests by max-T", "W/T/L", "\\leq 0.05", "$n$: cases"):
        assert said in text
    rows = [line for line in text.splitlines() if " & " in line]
    assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {8}
    assert all(text.count(f"\\{rule}rule") == 1 for rule in ("top", "mid", "bottom"))
    assert text.isascii()


def test_latex_leaves_facts_out_and_warns_of_names_that_it_cannot_set() -> None:
    text = as_latex(comparison(versus("中文_1"), versus("C")))
    assert "万欧元" not in text
    assert text.startswith("% Names hold letters beyond Latin: set this with XeLaTeX or LuaLaTeX")
    assert "中文\\_1 (candidate) against A (baseline)." in text
    assert text.count("\\begin{tabular}") == 2


def test_latex_of_a_hostile_name_has_no_command_of_it() -> None:
    text = as_latex(comparison(versus("\\input{x} & 100% \\\\ [2pt]")))
    assert "\\textbackslash{}input\\{x\\} \\& 100\\%" in text
    assert "\\input" not in text
