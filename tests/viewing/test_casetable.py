"""The table of cases: each number is the run's own, and what is not known is null."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tercet.comparing.tables import contents
from tercet.runs import load_run
from tercet.viewing.packing import rounded
from tests.blessed_runs import run_json
from tests.runs import command, scored
from tests.viewing.unpacking import METRICS, SMILE, lines, news, reported, texts_of

Table = dict[str, Any]
WRONG = ("contradicted", "malformed")


@pytest.fixture(scope="module")
def table(runs: list[Path]) -> Table:
    found = reported(*runs)
    assert [system["label"] for system in found["page"]["systems"]] == ["good", "wrong"]
    cases: Table = found["cases"]
    return cases


def ids(table: Table) -> list[str]:
    articles = [table["articles"][place]["id"] for place in table["article"]]
    again = [f"#{repeat + 1}" if repeat else "" for repeat in table["repeat"]]
    return [f"{a}:{code}{more}" for a, code, more in zip(articles, table["language"], again, strict=True)]


def test_articles_are_in_the_order_of_the_corpus_and_cases_in_theirs(table: Table, runs: list[Path]) -> None:
    assert [article["id"] for article in table["articles"]] == [item["id"] for item in news()]
    assert table["article"] == sorted(table["article"])
    assert sorted(ids(table)) == sorted(case["id"] for case in lines(runs[0] / "cases.jsonl"))
    assert ids(table)[:2] == ["item-000:en", "item-000:zh"]
    assert table["repeat"] == [0] * 16
    assert table["blockSize"] > 0


def test_an_article_is_named_by_its_title_or_its_id(table: Table) -> None:
    title = f"Bridges & ferries {SMILE}"
    assert table["articles"][0] == {
        "id": "item-000",
        "title": title,
        "language": "en",
        "date": "2025-03-14",
        "tags": ["north", "news"],
    }
    assert table["articles"][3]["title"] == "item-003"
    assert table["articles"][3]["date"] is None


def test_values_are_those_of_the_rows(table: Table, runs: list[Path]) -> None:
    place = {case: i for i, case in enumerate(ids(table))}
    seen: Counter[str] = Counter()
    for system, folder in enumerate(runs):
        read = contents(load_run(folder))
        for found in read.tables.values():
            for column, spec in enumerate(found.metric.scores):
                if not spec.headline:
                    assert spec.name not in table["values"]
                    continue
                for i, case in enumerate(found.cases):
                    there = found.present[i, column]
                    expected = rounded(found.by_segment.values[i, column], spec.decimals) if there else None
                    assert table["values"][spec.name][system][place[case]] == expected
                    seen[spec.name] += expected is not None
    assert set(seen) == set(table["values"]) >= {"rouge1", "chrf", "fact_precision", "agreement", "keypoints"}
    assert seen["chrf"] == 31  # one output of 32 is missing
    assert seen["keypoints"] == 4  # one article has key points


def test_false_facts_are_those_of_the_evidence(table: Table, runs: list[Path]) -> None:
    for system, folder in enumerate(runs):
        evidence = [item for item in lines(folder / "evidence.jsonl") if item["metric"] == "facts"]
        rows = load_run(folder).rows().to_pylist()
        unscored = {row["segment"]: row["unscored"] for row in rows if row["metric"] == "facts"}
        for i, case in enumerate(ids(table)):
            kinds = Counter(item["kind"] for item in evidence if item["id"] == case)
            measured = unscored[case] is None
            wrong, unfound = sum(kinds[kind] for kind in WRONG), kinds["not_found"]
            assert table["facts"][system][i] == (wrong if measured else None)
            assert table["unfound"][system][i] == (unfound if measured else None)
    assert table["facts"][1][ids(table).index("item-000:en")] == 1
    assert table["facts"][1][ids(table).index("item-003:en")] is None


def test_cases_without_an_output_are_told(table: Table) -> None:
    assert table["failed"] == [[], [ids(table).index("item-003:en")]]


def test_mistakes_of_references_are_counted_by_article(table: Table) -> None:
    assert table["audit"][1] > 0
    assert [count for i, count in enumerate(table["audit"]) if i != 1] == [0] * 7


def test_a_baseline_without_outputs_still_says_which_it_lacks(
    work: Path, runs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shutil.copytree(work, tmp_path / "copy"))
    done = command("bless", runs[1], "--why", "x", "--by", "y", "--to", "base", "--force")
    assert done.exit_code == 0, done.output
    found = reported("base")
    assert [ids(found["cases"])[i] for i in found["cases"]["failed"][0]] == ["item-003:en"]
    (system,) = found["page"]["systems"]
    assert system["failures"] == 1
    assert system["failed"] == reported(runs[1])["page"]["systems"][0]["failed"] != {}


def test_runs_of_different_corpora_have_nulls_where_they_have_no_case(
    runs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [folder.resolve() for folder in runs]
    monkeypatch.chdir(tmp_path)
    other = [{**item, "id": f"other-{i}", "source": f"Other {i}."} for i, item in enumerate(news()[3:5])]
    Path("news.jsonl").write_text("".join(json.dumps(item) + "\n" for item in other), "utf-8")
    mine = scored(command, "mine", {f"{item['id']}:en": "One." for item in other}, "languages=[en]", *METRICS)
    found = reported(there[0], mine)
    table, cases = found["cases"], ids(found["cases"])
    assert len(cases) == 18
    good, own = (next(i for i, s in enumerate(found["page"]["systems"]) if s["label"] == n) for n in ("good", "mine"))
    for i, case in enumerate(cases):
        assert (table["values"]["chrf"][good][i] is None) == case.startswith("other-")
        assert (table["values"]["chrf"][own][i] is None) == case.startswith("item-")
        assert (table["facts"][own][i] is None) == case.startswith("item-")
    assert [found["what"] for found in found["page"]["notCompared"]][:1] == ["corpora"]
    assert found["page"]["pairs"][0]["reason"].startswith("Nothing can be compared")
    assert found["page"]["counts"] == {"articles": 10, "cases": 18}


def test_a_metric_that_only_one_run_has_is_null_for_the_other(work: Path, runs: list[Path]) -> None:
    plain = scored(command, "plain", texts_of(news(), "plain"), "metric=[chrf]")
    found = reported(runs[0], plain)
    table = found["cases"]
    own = next(i for i, system in enumerate(found["page"]["systems"]) if system["label"] == "plain")
    assert set(table["facts"][own]) == set(table["unfound"][own]) == {None}
    assert set(table["values"]["fact_precision"][own]) == {None}
    assert None not in table["values"]["chrf"][own]
    assert found["page"]["facts"][own]["measured"] is False
    assert run_json(plain)["failures"] == 0
