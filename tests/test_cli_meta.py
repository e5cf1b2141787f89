"""`tercet meta`: what it asks, prints and writes, and what it refuses."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.judgements.written import write_rows
from tests.meta.made import OPTIONS, SYSTEMS, rows, written

Call = Callable[..., Result]
FEW = ("--replicates", "20")


@pytest.fixture
def ask(tercet: Call, tmp_path: Path) -> Call:
    """Ask about the made-up set; words may change what is asked."""
    path = written(tmp_path)

    def call(*words: str) -> Result:
        return tercet("meta", f"judgement.path={path}", *OPTIONS, "metric=[chrf,ter]", *FEW, *words)

    return call


def found(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    value: dict[str, Any] = json.loads(result.stdout)
    return value


def test_a_table_says_what_a_reader_must_know(ask: Call) -> None:
    result = ask()
    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    assert "made: agreement with mark (40 texts by 4 systems of 10 items in 5 clusters)" in said
    for word in ("chrf", "ter (turned)", "pairs in order", "partial", "acc-eq", "40/40", "20 times (seed 0)", "Holm"):
        assert word in said
    assert "The best (*) was chosen on the same texts" in said
    assert max(map(len, result.stdout.splitlines())) <= 120


def test_all_measures_are_split_by_level_where_they_are_too_wide(ask: Call) -> None:
    said = ask("--all").stdout
    assert "clusters): systems" in said
    assert "clusters): items" in said
    assert "Spearman" in said
    parts = [line for line in ask("--all", "--format", "markdown").stdout.splitlines() if line.startswith("| score")]
    assert [part.count("|") for part in parts] == [6, 8, 7], "one table a level: systems, texts, items"


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json", "latex"])
def test_same_inputs_same_bytes_whatever_the_order_of_rows(form: str, ask: Call, tercet: Call, tmp_path: Path) -> None:
    result = ask("--format", form)
    assert result.exit_code == 0, result.output
    assert ask("--format", form).stdout == result.stdout
    (tmp_path / "again").mkdir()
    path = write_rows(tmp_path / "again" / "made.jsonl", reversed(list(rows())))
    again = tercet("meta", f"judgement.path={path}", *OPTIONS, "metric=[chrf,ter]", *FEW, "--format", form)
    if form == "json":  # which tells two files apart
        one, other = found(result)["sets"][0], found(again)["sets"][0]
        assert one.pop("files") != other.pop("files")
        assert one == other
    else:
        assert again.stdout == result.stdout


def test_another_seed_moves_intervals_and_no_figure(ask: Call) -> None:
    one, other = (found(ask("--format", "json", "--seed", seed))["sets"][0]["tables"][0]["rows"] for seed in "01")
    cells = [(a["cells"][key], b["cells"][key]) for a, b in zip(one, other, strict=True) for key in a["cells"]]
    assert all(a["value"] == b["value"] for a, b in cells)
    assert any(a["interval"] != b["interval"] for a, b in cells)


def test_json_holds_what_the_figures_are_made_of(ask: Call) -> None:
    value = found(ask("--format", "json"))
    assert (value["seed"], value["replicates"], value["baseline"]) == (0, 20, None)
    assert value["versions"]["tercet"]
    (part,) = value["sets"]
    assert list(part["files"]) == ["made.jsonl"]
    assert len(part["files"]["made.jsonl"]) == 64
    (table,) = part["tables"]
    assert list(table["systems"]) == list(SYSTEMS)
    by_name = {row["score"]: row for row in table["rows"]}
    assert by_name["chrf"]["signatures"]["en"].startswith("chrf|lang:en")
    assert list(by_name["ter"]["systems"]) == list(SYSTEMS)
    assert by_name["ter"]["higher_is_better"] is False
    assert by_name["ter"]["cells"]["text.kendall"]["value"] > 0, "turned round"
    for row in table["rows"]:
        for measure in table["measures"]:
            cell = row["cells"][measure["key"]]
            assert (cell["used"], cell["total"]) in {(4, 4), (40, 40)}
            assert cell["interval"][0] <= cell["value"] <= cell["interval"][1]
            assert cell["best"] or cell["against"]["baseline"] != row["score"]


def test_the_system_score_is_the_corpus_score(ask: Call) -> None:
    from tercet import measure

    rows_there = [row for row in rows() if row["sys"] == "calm"]
    texts, references = ([row[key] for row in rows_there] for key in ("out", "ref"))
    expected = measure("chrf", candidates=texts, references=references, language="en").scores["chrf"]
    (table,) = found(ask("--format", "json"))["sets"][0]["tables"]
    (chrf,) = [row for row in table["rows"] if row["score"] == "chrf"]
    assert chrf["systems"]["calm"] == pytest.approx(expected, abs=1e-12)


def test_csv_has_a_line_a_figure(ask: Call) -> None:
    lines = list(csv.DictReader(io.StringIO(ask("--format", "csv").stdout)))
    assert len(lines) == 2 * 12
    one = next(line for line in lines if line["measure"] == "item.kendall" and line["score"] == "chrf")
    assert (one["set"], one["human"], one["used"]) == ("made", "mark", "40")
    assert float(one["low"]) <= float(one["value"]) <= float(one["high"])


def test_a_loser_is_printed_and_marked(tercet: Call, tmp_path: Path) -> None:
    draws = (-1, 3, 0, -2, 2, 1)
    worse = [{**row, "noise": draws[i % 6]} for i, row in enumerate(rows())]
    path = write_rows(tmp_path / "made.jsonl", worse)
    words = ("judgement.scores.noise=noise", "judgement.scores.other=other", "metric=[chrf]", "--format", "markdown")
    result = tercet(
        "meta", f"judgement.path={path}", *OPTIONS, *words, "--replicates", "300", "--measure", "text.pearson"
    )
    assert result.exit_code == 0, result.output
    row = next(line for line in result.stdout.splitlines() if line.startswith("| noise |"))
    assert "✗" in row
    assert "| **0." in next(line for line in result.stdout.splitlines() if "**" in line)


def test_the_baseline_may_be_named(ask: Call) -> None:
    result = ask("--baseline", "ter", "--format", "json")
    (table,) = found(result)["sets"][0]["tables"]
    by_name = {row["score"]: row for row in table["rows"]}
    assert {cell["against"]["baseline"] for cell in by_name["chrf"]["cells"].values()} == {"ter"}
    assert all(cell["against"] is None for cell in by_name["ter"]["cells"].values())
    assert "✓ better, ✗ worse than ter" in " ".join(ask("--baseline", "ter").stdout.split())


def test_systems_may_stay_fixed(ask: Call) -> None:
    said = " ".join(ask("--systems", "fixed").stdout.split())
    assert "for each figure by itself; clusters are drawn anew" in said


def test_labels_are_told_apart(ask: Call) -> None:
    result = ask("judgement.human.fine=fine", "--human", "fine")
    said = " ".join(result.stdout.split())
    assert "agreement with fine" in said
    assert "agreement with mark" not in said
    assert "balanced" in said
    assert "AUC: the chance" in said


def test_a_penalty_is_turned_round(ask: Call) -> None:
    words = ("judgement.human.penalty=penalty", "judgement.lower_is_better=[penalty]", "--format", "json")
    tables = {table["human"]: table for table in found(ask(*words))["sets"][0]["tables"]}
    figures = [tables[name]["rows"][0]["cells"]["text.kendall"]["value"] for name in ("mark", "penalty")]
    assert min(figures) > 0.3


def test_pairs_are_shown_by_what_was_spoilt(tercet: Call, tmp_path: Path) -> None:
    pairs = [
        {"id": i, "kind": "lost" if i % 2 else "same", "ref": row["ref"], "g": row["ref"], "b": f"{row['out']} x"}
        for i, row in enumerate(rows())
    ]
    path = write_rows(tmp_path / "pairs.jsonl", pairs)
    columns = [f"judgement.columns.{ours}={theirs}" for ours, theirs in
               (("id", "id"), ("category", "kind"), ("references", "ref"), ("good", "g"), ("bad", "b"))]  # fmt: skip
    words = ("judgement=pairs", f"judgement.path={path}", *columns, "metric=[chrf,bleu]", *FEW)
    said = " ".join(tercet("meta", *words).stdout.split())
    assert "by what was spoilt" in said
    assert "lost 1.000" in said
    assert "20 same" in said
    value = found(tercet("meta", *words, "--format", "json"))
    (row, _) = value["sets"][0]["tables"][0]["rows"]
    assert (row["cells"]["pair.preference"]["used"], row["cells"]["pair.preference"]["total"]) == (40, 40)
    assert row["cells"]["pair.preference:lost"]["against"] is None, "categories are not compared"
    assert "spoilt by" in tercet("meta", *words, "--format", "markdown").stdout
    assert r"\begin{tabular}" in tercet("meta", *words, "--format", "latex").stdout


def test_recorded_scores_of_systems_join(tercet: Call, tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    texts = {system: [row for row in rows() if row["sys"] == system] for system in SYSTEMS}
    (folder / "ref.txt").write_text("".join(f"{row['ref']}\n" for row in texts["able"]), "utf-8")
    for system, there in texts.items():
        (folder / f"hyp.{system}.txt").write_text("".join(f"{row['out']}\n" for row in there), "utf-8")
    table = ["system\tjudged\ttool", *(f"{system}\t{9 - i}\t{i * i}" for i, system in enumerate(SYSTEMS))]
    (folder / "rated.tsv").write_text("\n".join(table) + "\n", "utf-8")
    words = (
        "judgement=parallel", f"judgement.path={folder}", "judgement.references=ref.txt", "judgement.ratings=rated.tsv",
        "judgement.human.judged=judged", "judgement.scores.tool=tool", "judgement.language=en", "metric=[chrf]",
    )  # fmt: skip
    value = found(tercet("meta", *words, *FEW, "--format", "json"))
    tool, chrf = sorted(value["sets"][0]["tables"][0]["rows"], key=lambda row: str(row["score"] != "tool"))
    assert tool["systems"] == {"able": 0.0, "bold": 1.0, "calm": 4.0, "dull": 9.0}
    assert tool["cells"]["system.pearson"]["value"] < -0.9
    assert tool["cells"]["system.kendall"]["against"]["p"] is None
    assert set(chrf["cells"]) == {"system.pearson", "system.pairwise", "system.kendall"}
    said = " ".join(tercet("meta", *words, *FEW).stdout.split())
    assert "the score was recorded for whole systems" in said


def test_what_is_not_scored_is_named_and_counted(ask: Call, tercet: Call, tmp_path: Path) -> None:
    said = " ".join(ask("metric=[chrf,facts]").stdout.split())
    assert "fact_precision: not scored: the article has no source text (40)" in said
    odd = [{**row, "ref": " " if i < 3 else row["ref"]} for i, row in enumerate(rows())]
    path = write_rows(tmp_path / "odd.jsonl", odd)
    said = " ".join(tercet("meta", f"judgement.path={path}", *OPTIONS, "metric=[chrf]", *FEW).stdout.split())
    assert "chrf: 37 of 40 scored: a reference is empty (3)" in said
    assert "37/40" in said


def test_the_file_s_ending_names_the_form(ask: Call, tmp_path: Path) -> None:
    for name, start in (
        ("a.md", "### made"),
        ("a.csv", "set,human"),
        ("a.json", "{"),
        ("a.tex", "%"),
        ("a.txt", "made:"),
    ):
        result = ask("-o", str(tmp_path / "out" / name))
        assert result.exit_code == 0, result.output
        assert (tmp_path / "out" / name).read_text("utf-8").startswith(start)
        assert result.stdout == ""


MINE = """
from dataclasses import dataclass
from tercet.metrics.contract import Measured, ScoreSpec, measure_each, ratio

@dataclass(frozen=True)
class Long:
    needs = frozenset()
    columns = ("length", "texts")
    scores = (ScoreSpec(name="long", low=0, high=float("inf"), higher_is_better=True),)
    def measure(self, segments):
        return measure_each(self, segments, lambda s: Measured(row=(len(s.candidate), 1)))
    def reduce(self, sums):
        return ratio(sums[..., :1], sums[..., 1:])
    def signature(self, language):
        return "long"
"""


def test_a_user_s_metric_joins_by_its_name(ask: Call, tmp_path: Path) -> None:
    (tmp_path / "mine" / "metric").mkdir(parents=True)
    (tmp_path / "mine" / "long_of_mine.py").write_text(MINE, "utf-8")
    yaml = "# @package metrics.mine\n_target_: long_of_mine.Long\n"
    (tmp_path / "mine" / "metric" / "mine.yaml").write_text(yaml, "utf-8")
    value = found(ask("metric=[chrf,mine]", "--config-dir", str(tmp_path / "mine"), "--format", "json"))
    names = [row["score"] for row in value["sets"][0]["tables"][0]["rows"]]
    assert sorted(names) == ["chrf", "long"]
    assert value["code"]["mine"].startswith("long_of_mine.Long ")
    (tmp_path / "mine" / "metric" / "lost.yaml").write_text("_target_: long_of_mine.Long\n", "utf-8")
    result = ask("metric=[lost]", "--config-dir", str(tmp_path / "mine"))
    assert result.exit_code == 2
    assert "metric/lost.yaml describes no metric 'lost'" in result.output


def test_a_score_of_few_texts_is_not_the_best(tercet: Call, tmp_path: Path) -> None:
    few = [{**row, "few": row["mark"] if i in {0, 4, 9, 14, 19} else None} for i, row in enumerate(rows())]
    path = write_rows(tmp_path / "made.jsonl", few)
    words = ("judgement.scores.few=few", "metric=[chrf]", "--measure", "text.pearson", *FEW, "--format", "json")
    first, second = found(tercet("meta", f"judgement.path={path}", *OPTIONS, *words))["sets"][0]["tables"][0]["rows"]
    cells = {row["score"]: row["cells"]["text.pearson"] for row in (first, second)}
    assert cells["few"]["value"] == pytest.approx(1.0)
    assert (cells["few"]["used"], cells["few"]["best"], cells["chrf"]["best"]) == (5, False, True)
    assert cells["few"]["against"]["baseline"] == "chrf"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--score", "chrg"], 2, "There is no score 'chrg'. Did you mean 'chrf'"),
        (["--human", "mork"], 2, "There is no judgement 'mork'. Did you mean 'mark'"),
        (["--baseline", "terr"], 2, "There is no score 'terr' to compare with. Did you mean 'ter'"),
        (["--measure", "item.kendal"], 2, "There is no measure 'item.kendal'. Did you mean 'item.kendall'"),
        (["judgement.path=none.jsonl"], 2, "none.jsonl: Cannot be read"),
        (["judgement=jsonk"], 2, "There is no judgement 'jsonk'. Did you mean 'jsonl'"),
        (["judgement.colums.id=x"], 2, "There is no key 'judgement.colums'"),
        (["metric=[]"], 2, "No metric is chosen"),
        (["judgement.columns.candidate=txt"], 2, "made.jsonl:1: There is no column 'txt'"),
        (["judgement.where.sys=nobody"], 4, "there is no judgement"),
        (["metric=[facts]"], 4, "Nothing was scored: contradictions: the article has no source text (40)"),
        (["--measure", "label.auc"], 4, "These judgements allow none of the measures"),
        (["judgement.columns.cluster=out"], 2, "Item '0' lies in several clusters"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_a_mistake_is_named_with_its_remedy(words: list[str], code: int, said: str, ask: Call) -> None:
    result = ask(*words)
    assert result.exit_code == code, result.output
    assert said in " ".join(result.output.split())


def test_a_name_of_two_metrics_is_told_by_its_metric(ask: Call, tmp_path: Path) -> None:
    (tmp_path / "mine" / "metric").mkdir(parents=True)
    yaml = "# @package metrics.again\n_target_: tercet.metrics.chrf.Chrf\nbeta: 1\n"
    (tmp_path / "mine" / "metric" / "again.yaml").write_text(yaml, "utf-8")
    value = found(ask("metric=[chrf,again]", "--config-dir", str(tmp_path / "mine"), "--format", "json"))
    assert sorted(row["score"] for row in value["sets"][0]["tables"][0]["rows"]) == ["again:chrf", "chrf:chrf"]


def test_a_name_that_a_program_would_obey_is_harmless(tercet: Call, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "=1+1.jsonl", rows())
    words = ("meta", f"judgement.path='{path}'", *OPTIONS, "metric=[chrf]", *FEW)
    result = tercet(*words, "--format", "csv")
    assert result.exit_code == 0, result.output
    assert "\n'=1+1,mark,chrf," in result.stdout


def test_the_group_is_listed(tercet: Call) -> None:
    said = tercet("list").stdout
    assert "judgement=" in said
    assert "ted_mqm" in said
