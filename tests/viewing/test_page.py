"""The page as a whole: what stands in run.json, and nothing that does not."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tercet.comparing.tables import contents
from tercet.runs import load_run
from tercet.viewing.page import named
from tests.blessed_runs import run_json
from tests.runs import command, scored
from tests.viewing.unpacking import details, lines, news, reported, texts_of

Page = dict[str, Any]


@pytest.fixture(scope="module")
def made(runs: list[Path]) -> dict[str, Any]:
    return reported(*runs, "--title", "Two <systems>")


@pytest.fixture(scope="module")
def page(made: dict[str, Any]) -> Page:
    found: Page = made["page"]
    return found


def test_values_and_intervals_are_those_of_run_json(page: Page, runs: list[Path]) -> None:
    seen = 0
    for system, folder in enumerate(runs):
        for item in run_json(folder)["scores"]:
            cell = page["cells"][item["language"]][item["score"]][system]
            assert (cell["value"], cell["interval"]) == (item["value"], item["interval"])
            assert (cell["scored"], cell["total"], cell["reasons"]) == (item["scored"], item["total"], item["reasons"])
            seen += cell["value"] is not None
    assert seen > 60
    assert page["languages"] == ["en", "zh"]
    assert page["primary"] == "rouge1"


def test_what_is_not_scored_has_a_reason(page: Page) -> None:
    cells = [cell for by_score in page["cells"].values() for found in by_score.values() for cell in found if cell]
    assert any(cell["scored"] < cell["total"] for cell in cells)
    for cell in cells:
        assert sum(cell["reasons"].values()) == cell["total"] - cell["scored"]


def test_scores_are_as_their_metrics_describe_them(page: Page, runs: list[Path]) -> None:
    specs = {spec.name: (name, spec) for (name, _), found in contents(load_run(runs[0])).tables.items()
             for spec in found.metric.scores}  # fmt: skip
    assert [score["name"] for score in page["scores"]] == list(specs)
    for score in page["scores"]:
        metric, spec = specs[score["name"]]
        assert score == {
            "name": spec.name,
            "metric": metric,
            "higherIsBetter": spec.higher_is_better,
            "headline": spec.headline,
            "decimals": spec.decimals,
            "warning": spec.warning,
        }


def test_systems_are_as_their_runs_say(page: Page, runs: list[Path]) -> None:
    for system, folder in zip(page["systems"], runs, strict=True):
        info = run_json(folder)
        for name in ("system", "bound", "status", "cases", "failures", "seed", "signatures", "versions", "git"):
            assert system[name] == info[name], name
        assert system["folder"] == folder.name
        assert yaml.safe_load(system["config"]) == info["config"]
        assert system["times"]["generating_s"] == info["time"]["generating_s"]
        assert system["times"]["p50"] is None
        assert system["started"] == info["time"]["started"]
        assert info["corpus"]["hash"].startswith(system["hashes"]["corpus"])
        assert info["files"]["scores.parquet"].startswith(system["hashes"]["scores.parquet"])
        lost = Counter(found["failure"] for found in lines(folder / "outputs.jsonl") if found.get("failure"))
        assert system["failed"] == lost
        assert (system["usage"], system["blessed"], system["notes"]) == (None, None, [])
        assert (system["route"], system["summarizer"], system["translator"]) == (["summarize"], system["label"], None)
    assert [system["failures"] for system in page["systems"]] == [0, 1]


def test_false_facts_are_those_of_the_evidence(page: Page, runs: list[Path]) -> None:
    for told, folder in zip(page["facts"], runs, strict=True):
        items = [item for item in lines(folder / "evidence.jsonl") if item["metric"] == "facts"]
        kinds = Counter(item["kind"] for item in items)
        false = [item for item in items if item["kind"] in {"contradicted", "malformed"}]
        assert told["measured"] is True
        assert (told["contradicted"], told["malformed"], told["notFound"]) == (
            kinds["contradicted"],
            kinds["malformed"],
            kinds["not_found"],
        )
        assert told["cases"] == len({item["id"] for item in false})
        assert len(told["worst"]) == min(20, len(false))
        assert {(fact["case"], fact["message"]) for fact in told["worst"]} <= {(i["id"], i["message"]) for i in false}
    assert page["facts"][1]["contradicted"] >= 1


def test_mistakes_in_the_references_add_up(made: dict[str, Any]) -> None:
    audit = made["page"]["audit"]
    assert audit == {"faults": sum(made["cases"]["audit"]), "articles": 1, "checked": 8, "reason": None}
    assert audit["faults"] == sum(len(article["faults"]) for article in details(made).values()) > 0


def test_an_audit_that_was_not_asked_for_says_so(runs: list[Path]) -> None:
    found = reported(runs[0], "--no-audit")
    assert found["page"]["audit"] == {"faults": 0, "articles": 0, "checked": 0, "reason": "it was not asked for"}
    assert set(found["cases"]["audit"]) == {0}


def test_one_run_has_nothing_to_be_compared_with(runs: list[Path]) -> None:
    page = reported(runs[0])["page"]
    assert (page["pairs"], page["method"], page["title"]) == ([], None, "good")
    assert {leader["outcome"] for leader in page["leaders"]} == {"alone"}
    assert page["counts"] == {"articles": 8, "cases": 16}
    assert all(cell["rank"] is None for found in page["cells"]["en"].values() for cell in found)


def test_headline_scores_have_ranks_where_all_pairs_are_tested(page: Page) -> None:
    (pair,) = page["pairs"]
    outcomes = {(found["score"], found["language"]): found["outcome"] for found in pair["differences"]}
    for language, by_score in page["cells"].items():
        for score, cells in by_score.items():
            if outcomes.get((score, language), "untested") == "untested":
                assert [cell["rank"] for cell in cells] == [None, None]
            elif outcomes[score, language] == "unshown":
                assert [cell["rank"] for cell in cells] == [[1, 2], [1, 2]]
            else:
                assert sorted(cell["rank"] for cell in cells) == [[1, 1], [2, 2]]


def test_the_title_is_the_given_one_or_names_the_systems(page: Page, runs: list[Path]) -> None:
    assert page["title"] == "Two <systems>"
    assert reported(*runs)["page"]["title"] == "good / wrong"


def test_runs_of_the_same_system_have_different_names(runs: list[Path], work: Path) -> None:
    copy = Path(shutil.copytree(runs[0], Path("copy") / runs[0].name, dirs_exist_ok=True))
    labels = [system["label"] for system in reported(runs[0], copy)["page"]["systems"]]
    assert sorted(labels) == sorted(f"good ({folder})" for folder in (runs[0], copy))
    read = [contents(load_run(folder)) for folder in runs]
    assert named(read, ["a", "b"]) == ["a", "b"]
    assert named(read, ["a", "a"]) == [f"good ({runs[0]})", f"wrong ({runs[1]})"]
    assert named([read[0]] * 2, None) == [f"good ({runs[0]}) #1", f"good ({runs[0]}) #2"]


def test_of_two_runs_the_baseline_is_the_one_that_is_named_first(runs: list[Path]) -> None:
    for first, second in (("good", "wrong"), ("wrong", "good")):
        folders = {folder.parent.name: folder for folder in runs}
        page = reported(folders[first], folders[second])["page"]
        (pair,) = page["pairs"]
        assert page["systems"][pair["baseline"]]["label"] == first


def test_the_corpus_is_described_and_nothing_is_missing(page: Page, runs: list[Path]) -> None:
    info = run_json(runs[0])
    corpus = page["corpus"]
    assert yaml.safe_load(corpus["config"]) == info["config"]["corpus"]
    assert (corpus["hash"], corpus["articles"], corpus["notes"]) == (info["corpus"]["hash"], 8, [])


@pytest.fixture
def moved(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy, in which the corpus may change."""
    folder = shutil.copytree(work, tmp_path / "moved")
    monkeypatch.chdir(folder)
    return Path(folder)


def test_where_the_corpus_is_gone_the_audit_says_so(moved: Path, runs: list[Path]) -> None:
    Path("news.jsonl").unlink()
    page = reported(*runs)["page"]
    assert (page["audit"]["faults"], page["audit"]["checked"]) == (0, 0)
    assert "cannot be loaded" in page["audit"]["reason"]


def test_where_the_corpus_is_gone_it_is_said_once_and_the_rest_is_shown(moved: Path, runs: list[Path]) -> None:
    before = reported(*runs)["page"]
    Path("news.jsonl").unlink()
    after = reported(*runs)["page"]
    assert len(after["corpus"]["notes"]) == 1
    assert "news.jsonl: Cannot be read" in after["corpus"]["notes"][0]
    assert all(after["corpus"]["notes"][0] in system["notes"][0] for system in after["systems"])
    for name in ("cells", "pairs", "facts", "leaders", "correlations", "counts", "method", "scores"):
        assert after[name] == before[name], name


def test_mistakes_of_an_article_that_has_changed_are_not_counted(moved: Path, runs: list[Path]) -> None:
    found = news()
    found[1]["source"] = "It cost 13 million dollars."
    Path("news.jsonl").write_text("".join(json.dumps(item) + "\n" for item in found), "utf-8")
    made = reported(*runs)
    shown = sum(len(article["faults"]) for article in details(made).values())
    assert made["page"]["audit"]["faults"] == sum(made["cases"]["audit"]) == shown == 0


def test_a_baseline_without_outputs_says_who_blessed_it(moved: Path, runs: list[Path]) -> None:
    assert command("bless", runs[0], "--why", "it is good", "--by", "Ann", "--to", "base").exit_code == 0
    (system,) = reported("base")["page"]["systems"]
    assert system["blessed"]["by"] == "Ann"
    assert system["blessed"]["why"] == "it is good"
    assert all(isinstance(value, str) for value in system["blessed"].values())
    assert system["notes"] == ["It was blessed without its outputs: no text is shown."]
    assert "outputs.jsonl" not in {name for name, value in system["hashes"].items() if not value}


def test_the_best_of_many_is_compared_with_each_other_one(runs: list[Path]) -> None:
    copies = [Path(shutil.copytree(runs[0], Path("copies") / str(i) / "same", dirs_exist_ok=True)) for i in range(9)]
    page = reported(*copies)["page"]
    assert [(pair["baseline"], pair["candidate"]) for pair in page["pairs"]] == [(0, i) for i in range(1, 9)]
    assert page["title"].endswith(" and 8 more")
    assert {found["delta"] for pair in page["pairs"] for found in pair["differences"]} <= {0, None}
    assert all(cell["rank"] is None for cell in page["cells"]["en"]["chrf"])  # not every two are tested
    assert page["method"]["pairs"] == 8


def test_what_two_runs_do_not_have_in_common_is_left_out(runs: list[Path]) -> None:
    other = scored(command, "other", texts_of(news(), "other"), "metric=[chrf]")
    page = reported(runs[0], other)["page"]
    (pair,) = page["pairs"]
    assert {found["score"] for found in pair["differences"]} == {"chrf"}
    assert min(pair["leftOut"]).startswith("agreement en only in the")
    assert page["method"]["on"] == "common"
