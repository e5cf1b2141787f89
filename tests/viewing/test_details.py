"""Details: an article's texts and outputs as the run and the corpus have them, or why they are not shown."""

import json
import shutil
from pathlib import Path

import pytest

from tercet.comparing.tables import contents
from tercet.runs import load_run
from tercet.viewing.packing import rounded
from tests.runs import command, scored
from tests.viewing.unpacking import METRICS, POINTS, Record, details, lines, news, reported, texts_of

CHANGED = "the article has changed since the run was made"


@pytest.fixture(scope="module")
def told(runs: list[Path]) -> dict[str, Record]:
    return details(reported(*runs))


@pytest.fixture
def moved(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy, in which the corpus may change."""
    monkeypatch.chdir(shutil.copytree(work, tmp_path / "moved"))


def write(items: list[Record]) -> None:
    Path("news.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items), "utf-8")


def case(told: dict[str, Record], name: str) -> Record:
    found: Record
    (found,) = [case for case in told[name.partition(":")[0]]["cases"] if case["id"] == name]
    return found


def in_javascript(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_an_article_is_that_of_the_corpus(told: dict[str, Record]) -> None:
    for item in news():
        article = told[item["id"]]
        assert article["source"] == item.get("source")
        assert article["sourceReason"] == (None if "source" in item else "the corpus has no source text")
        for name in ("title", "date", "author", "link"):
            assert article[name] == item.get(name)
        assert (article["tags"], article["language"]) == (item["tags"], "en")
        assert [found["language"] for found in article["cases"]] == ["en", "zh"]


def test_references_are_those_of_the_corpus(told: dict[str, Record]) -> None:
    for item in news():
        for language in ("en", "zh"):
            found = case(told, f"{item['id']}:{language}")
            (reference,) = found["references"]
            assert found["referenceReason"] is None
            if item["id"] != "item-001":
                text = item["references"][language]
                assert reference == {"text": text, "headline": None, "points": []}
    (english,) = case(told, "item-001:en")["references"]
    assert english["headline"] == "A bridge for 120 million euros"
    assert english["text"].startswith("A bridge opened.\nCost: It cost 12 million euros.")
    assert [{"label": point["label"], "text": point["text"]} for point in english["points"]] == POINTS


def test_outputs_scores_and_gaps_are_those_of_the_run(told: dict[str, Record], runs: list[Path]) -> None:
    for system, folder in enumerate(runs):
        read = contents(load_run(folder))
        for line in lines(folder / "outputs.jsonl"):
            output = case(told, line["id"])["outputs"][system]
            assert output["text"] == line.get("text")
            assert output["failure"] == line.get("failure")
            expected, gaps = {}, {}
            for table in read.tables.values():
                for i in (i for i, name in enumerate(table.cases) if name == line["id"]):
                    for column, spec in enumerate(table.metric.scores):
                        if table.present[i, column]:
                            value = float(table.by_segment.values[i, column])
                            expected[spec.name] = rounded(value, spec.decimals)
                        else:
                            gaps[spec.name] = table.why_not(i, spec.name)
            assert output["scores"] == expected
            assert output["gaps"] == gaps
            assert None not in output["scores"].values()
            assert all(output["gaps"].values())


def test_a_failed_output_has_its_reason_and_no_numbers(told: dict[str, Record]) -> None:
    output = case(told, "item-003:en")["outputs"][1]
    assert output["text"] is None
    assert "wrong.jsonl has no output for the case" in output["failure"]
    assert (output["scores"], output["marks"]) == ({}, [])
    assert {"chrf", "rouge1", "fact_precision"} <= set(output["gaps"])
    (stage,) = output["stages"]
    assert (stage["text"], stage["same"]) == (None, False)


def test_marks_are_the_evidence_in_its_place(told: dict[str, Record], runs: list[Path]) -> None:
    placed = quotes = 0
    for system, folder in enumerate(runs):
        for name in {line["id"] for line in lines(folder / "cases.jsonl")}:
            output, source = case(told, name)["outputs"][system], told[name.partition(":")[0]]["source"]
            items = [item for item in lines(folder / "evidence.jsonl") if item["id"] == name]
            assert [m["message"] for m in output["marks"]] == [item["message"] for item in items]
            for mark, item in zip(output["marks"], items, strict=True):
                assert (mark["metric"], mark["kind"]) == (item["metric"], item["kind"])
                assert (mark["label"], mark["value"]) == (item.get("label", ""), item.get("value", ""))
                if item["start"] is None:
                    assert (mark["start"], mark["end"]) == (None, None)
                    continue
                placed += 1
                words = output["text"][item["start"] : item["end"]]
                assert in_javascript(output["text"], mark["start"], mark["end"]) == words
                if quote := mark["quote"]:
                    quotes += 1
                    assert quote["in"] == ("parallel" if mark["metric"] == "agreement" else "source")
                    other = {"en": "zh", "zh": "en"}[name[-2:]]
                    parallel = case(told, f"{name[:-2]}{other}")["outputs"][system]["text"]
                    text = source if quote["in"] == "source" else parallel
                    assert in_javascript(text, quote["start"], quote["end"]) == quote["words"][1]
                else:
                    assert not item.get("quote")
    assert placed > 10
    assert quotes > 5


def test_key_points_are_covered_missed_or_not_known(told: dict[str, Record]) -> None:
    english = {point["label"]: point for point in case(told, "item-001:en")["references"][0]["points"]}
    assert english["Cost"]["covered"] == [True, True]
    assert english["Length"]["covered"] == [False, False]
    assert "45 kilometres" in english["Length"]["why"][0]
    # It has no fact that could be checked, and these runs take no encoder: the metric leaves it out.
    assert english["Mood"]["covered"] == [None, None]
    assert english["Cost"]["why"] == english["Mood"]["why"] == ["", ""]
    (chinese,) = case(told, "item-001:zh")["references"][0]["points"]
    assert chinese["covered"] == [False, False]
    assert "1200万欧元" in chinese["why"][0]


def test_covered_points_are_as_many_as_the_metric_counts(told: dict[str, Record], runs: list[Path]) -> None:
    for system, folder in enumerate(runs):
        for row in load_run(folder).rows().to_pylist():
            if row["metric"] == "keypoints" and row["statistics"] and row["segment"].startswith("item-001"):
                statistics = dict(row["statistics"])
                points = case(told, row["segment"])["references"][0]["points"]
                covered = [point["covered"][system] for point in points]
                assert covered.count(True) == statistics["keypoints_covered"]
                assert len(covered) - covered.count(None) == statistics["keypoints_points"]


@pytest.mark.usefixtures("moved")
def test_points_of_one_name_and_of_other_references_are_not_guessed() -> None:
    """The metric looks at the first reference, and its evidence names a point by its label."""
    points = [
        {"label": "Cost", "text": "It cost 12 million euros."},
        {"label": "Cost", "text": "It cost 99 euros a day."},
    ]
    twice = [{"label": "Cost", "text": "It cost 98 euros."}, {"label": "Cost", "text": "It cost 99 euros a day."}]
    other = {"abstract": "Another.", "key_points": [{"label": "Length", "text": "It is 45 kilometres long."}]}
    several = [{"abstract": "A.", "key_points": points}, other]
    items = [
        {"id": name, "language": "en", "source": "No.", "references": {"en": found}}
        for name, found in {"one": several, "two": {"abstract": "A.", "key_points": twice}}.items()
    ]
    write(items)
    texts = dict.fromkeys(("one:en", "two:en"), "It cost 12 million euros.")
    told = details(reported(scored(command, "points", texts, *METRICS)))
    first, second = case(told, "one:en")["references"]
    assert [point["covered"] for point in first["points"]] == [[None], [None]]
    assert [point["covered"] for point in second["points"]] == [[None]]
    (both,) = case(told, "two:en")["references"]
    assert [point["covered"] for point in both["points"]] == [[False], [False]]
    assert ["98" in both["points"][0]["why"][0], "99" in both["points"][1]["why"][0]] == [True, True]


def test_mistakes_of_a_reference_have_their_place_in_text_or_headline(told: dict[str, Record]) -> None:
    (reference,) = case(told, "item-001:en")["references"]
    source = told["item-001"]["source"]
    faults = told["item-001"]["faults"]
    assert {fault["text"] for fault in faults} == {"en"}
    headline = next(fault for fault in faults if fault["headline"] and fault["against"] == "source")
    assert in_javascript(reference["headline"], headline["start"], headline["end"]) == "120 million euros"
    assert in_javascript(source, headline["other"]["start"], headline["other"]["end"]) == "12 million euros"
    assert (headline["finding"], headline["error"]) == ("contradicted", "magnitude")
    assert (headline["value"], headline["otherValue"]) == ("EUR 120,000,000", "EUR 12,000,000")
    dropped = [fault for fault in faults if fault["error"] == "dropped point"]
    places = [in_javascript(reference["text"], fault["start"], fault["end"]) for fault in dropped]
    assert places == ["Length", "Mood"]
    assert {(fault["headline"], fault["other"]) for fault in dropped} == {(False, None)}
    against = next(fault for fault in faults if fault["against"] == "zh" and fault["other"])
    (chinese,) = case(told, "item-001:zh")["references"]
    found = in_javascript(chinese["text"], against["other"]["start"], against["other"]["end"])
    assert (against["other"]["in"], found) == ("parallel", "1200万欧元")
    assert all(told[name]["faults"] == [] for name in told if name != "item-001")


@pytest.mark.usefixtures("moved")
def test_without_its_outputs_a_baseline_shows_its_scores_and_says_why(runs: list[Path]) -> None:
    before = details(reported(runs[1]))
    assert command("bless", runs[1], "--why", "x", "--by", "y", "--to", "base", "--force").exit_code == 0
    after = details(reported("base"))
    for name in ("item-000:en", "item-003:en"):
        (old,), (new,) = case(before, name)["outputs"], case(after, name)["outputs"]
        assert (new["text"], new["failure"], new["stages"]) == (None, "its outputs are not kept", [])
        assert (new["scores"], new["gaps"]) == (old["scores"], old["gaps"])
        # What quotes an output is not blessed with it.
        assert [m["message"] for m in new["marks"]] == [m["message"] for m in old["marks"] if m["metric"] == "facts"]
        assert {mark["start"] for mark in new["marks"]} <= {None}
    fact = case(after, "item-000:en")["outputs"][0]["marks"][0]
    assert fact["quote"] == case(before, "item-000:en")["outputs"][0]["marks"][0]["quote"]
    assert after["item-000"]["source"] == before["item-000"]["source"]


@pytest.mark.usefixtures("moved")
def test_an_article_that_has_changed_is_not_shown_as_that_of_the_run(runs: list[Path]) -> None:
    found = news()
    found[0]["source"] += " All is changed."
    found[3]["references"] = {**found[3]["references"], "zh": "另一篇。"}
    del found[4]
    write(found)
    told = details(reported(*runs))
    assert (told["item-000"]["source"], told["item-000"]["sourceReason"]) == (None, CHANGED)
    for name in ("item-000:en", "item-000:zh", "item-003:zh"):
        assert (case(told, name)["references"], case(told, name)["referenceReason"]) == ([], CHANGED)
        assert case(told, name)["outputs"][0]["text"]
    assert case(told, "item-003:en")["references"]
    assert told["item-003"]["source"] == found[3]["source"]
    gone = "the article is not in the corpus any more"
    assert (told["item-004"]["source"], told["item-004"]["sourceReason"]) == (None, gone)
    assert list(told)[-1] == "item-004"
    assert told["item-005"]["source"] == found[4]["source"]


@pytest.mark.parametrize("text", [None, "not json", "", '{"id": 3'], ids=["gone", "damaged", "empty", "cut"])
@pytest.mark.usefixtures("moved")
def test_without_its_corpus_a_report_says_why_and_shows_the_outputs(text: str | None, runs: list[Path]) -> None:
    Path("news.jsonl").unlink() if text is None else Path("news.jsonl").write_text(text, "utf-8")
    told = details(reported(*runs))
    for article in told.values():
        assert article["source"] is None
        assert article["sourceReason"]
        assert article["faults"] == []
        for found in article["cases"]:
            assert found["references"] == []
            assert found["referenceReason"]
    assert case(told, "item-000:en")["outputs"][1]["text"]
    quotes = [m["quote"] for a in told.values() for c in a["cases"] for o in c["outputs"] for m in o["marks"]
              if m["metric"] == "facts" and m["quote"]]  # fmt: skip
    assert {quote["in"] for quote in quotes} == {"source"}


@pytest.mark.usefixtures("moved")
def test_runs_of_one_article_with_different_texts_show_that_of_the_first(runs: list[Path]) -> None:
    found = news()
    found[5]["source"] = "Another text."
    Path("changed.jsonl").write_text("".join(json.dumps(item) + "\n" for item in found), "utf-8")
    lesser = {name: "No." if text else None for name, text in texts_of(found, "good").items()}
    other = scored(command, "other", lesser, "corpus.path=changed.jsonl", *METRICS)
    told = details(reported(runs[0], other))
    assert told["item-005"]["source"] == news()[5]["source"]
    assert all(case(told, "item-005:en")["outputs"])
    Path("news.jsonl").unlink()
    assert details(reported(runs[0], other))["item-005"]["source"] is None
    assert details(reported(runs[0], other))["item-006"]["source"] == news()[6]["source"]


@pytest.mark.usefixtures("moved")
def test_a_case_that_a_run_lacks_is_null(runs: list[Path]) -> None:
    few = {name: text for name, text in texts_of(news(), "few").items() if name.startswith("item-000")}
    told = details(reported(runs[0], scored(command, "few", few, "limit=1", *METRICS)))
    assert [output is None for output in case(told, "item-005:en")["outputs"]].count(True) == 1
    assert None not in case(told, "item-000:en")["outputs"]


def test_what_no_model_was_asked_has_no_prompt_and_no_reason(told: dict[str, Record]) -> None:
    assert case(told, "item-000:en")["outputs"][0]["stages"] == [
        {
            "role": "summarize", "backend": "good", "from": "en", "to": "en", "text": "", "same": True, "answer": None,
            "flaw": None, "prompt": None, "promptReason": None, "usage": None, "attempts": None, "status": None,
        }
    ]  # fmt: skip
