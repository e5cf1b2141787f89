"""Facts and agreement: what their rows count, what is unscored, and what is shown for it."""

import datetime as dt

import pytest

import tercet
from tercet.corpora.sample import Sample
from tercet.facts import check
from tercet.metrics.agreement import Agreement
from tercet.metrics.facts import Facts
from tercet.records import Evidence, Segment

SOURCE = (
    "Revenue fell 6 percent to €3.76 billion in 2025."
    " The plant in Berlin has 1,450 workers, said Anna Voss on Thursday."
)


def segment(candidate: str | None, **more: object) -> Segment:
    given = {"language": "zh", "source": SOURCE, "source_language": "en", **more}
    return Segment(id="1", candidate=candidate, **given)  # type: ignore[arg-type]


def scored(candidate: str, **more: object) -> tuple[dict[str, float], dict[str, str], tuple[Evidence, ...]]:
    rows = Facts().measure([segment(candidate, **more)])
    values = Facts().reduce(rows.values[0])
    names = [spec.name for spec in Facts().scores]
    scores = {name: float(value) for name, value in zip(names, values, strict=True) if name not in rows.gaps[0]}
    return scores, dict(rows.gaps[0]), rows.evidence[0]


def test_facts_are_counted_by_what_became_of_them() -> None:
    text = "2025年营收下降6%，至37.6亿欧元。柏林工厂有1540名员工，另有99家店。"
    row = dict(zip(Facts.columns, Facts().measure([segment(text)]).values[0], strict=True))
    assert row == {
        "supported": 4,
        "contradicted": 1,
        "not_found": 1,
        "malformed": 0,
        "checkable": 6,
        "checked": 1,
        "read": 1,
        "recalled": 0,
        "recallable": 0,
    }
    scores, _, _ = scored(text)
    assert scores["fact_precision"] == pytest.approx(4 / 6)
    assert scores["contradictions"] == 1


def test_a_malformed_quantity_counts_against_precision() -> None:
    scores, _, evidence = scored("Revenue fell to €3.76n in 2025.", language="en")
    assert scores["malformed"] == 1
    assert scores["fact_precision"] == 0.5
    assert [item.kind for item in evidence] == ["malformed"]


def test_nothing_checkable_is_unscored_not_perfect() -> None:
    scores, gaps, _ = scored("公司很高兴。")
    assert gaps["fact_precision"] == gaps["contradictions"] == "nothing in it can be checked"
    assert scores == {"malformed": 0}


def test_without_a_source_only_what_needs_none_is_scored() -> None:
    scores, gaps, evidence = scored("它值€60n。", source=None, source_language=None)
    assert gaps["fact_precision"] == gaps["contradictions"] == "the article has no source text"
    assert scores == {"malformed": 1}
    assert [item.kind for item in evidence] == ["malformed"]


def test_recall_is_of_the_references_facts() -> None:
    reference = "营收下降6%，至37.6亿欧元。柏林工厂有1450名员工。"
    scores, gaps, _ = scored("营收下降6%。", references=(reference,))
    assert scores["fact_recall"] == pytest.approx(1 / 4)
    assert "fact_recall" not in gaps
    assert (
        scored("营收下降6%。", references=("很好。",))[1]["fact_recall"] == "nothing in the references can be checked"
    )


def test_several_references_count_as_their_mean() -> None:
    scores, _, _ = scored("营收下降6%。", references=("下降6%。", "下降6%，有1450人，3家店。"))
    assert scores["fact_recall"] == pytest.approx(1 / 2)


def test_evidence_has_both_places_and_the_value() -> None:
    _, _, (item,) = scored("营收降至376亿欧元。")
    assert (item.kind, item.label) == ("contradicted", "magnitude")
    assert item.value == "EUR 37,600,000,000, down"
    assert item.quote is not None
    assert SOURCE[item.quote.start : item.quote.end] == "€3.76 billion"
    assert item.quote.text == SOURCE[item.quote.offset : item.quote.offset + len(item.quote.text)]


def test_relative_dates_are_resolved_by_the_articles_date() -> None:
    day = dt.date(2026, 1, 22)
    source = {"source": "It opened on 21 January 2026.", "source_language": "en", "date": day}
    assert scored("昨天开业。", **source)[0]["fact_precision"] == 1
    assert scored("前天开业。", **source)[0]["fact_precision"] == 0


def test_an_output_in_the_wrong_language_is_read_as_what_it_is() -> None:
    assert scored(SOURCE, language="zh")[0]["fact_precision"] == 1


@pytest.mark.parametrize("article", Sample().load().articles, ids=lambda article: article.id)
def test_every_text_supports_itself(article: tercet.records.Article) -> None:
    texts = [(article.source or "", article.language), *((s[0].text, code) for code, s in article.references.items())]
    for text, code in texts:
        report = check(text, code, text, code, article.date)
        assert report.verdicts
        assert not report.faults


def test_agreement_is_with_the_other_languages_candidate() -> None:
    found = tercet.measure(
        "agreement",
        candidates=["营收下降6%，有1450人。", "估值翻了三番。", "很好。", "有1450人。"],
        parallels=["Revenue fell 6%; 1,450 people.", "The valuation tripled.", "Good.", None],  # type: ignore[list-item]
    )
    assert [item.scores and item.scores["agreement"] for item in found.segments] == [1, 0, None, None]
    assert [item.unscored for item in found.segments[2:]] == [
        "nothing in it can be checked",
        "there is no candidate in another language",
    ]
    assert found.scores == {"agreement": pytest.approx(2 / 3), "disagreements": 0.5}
    (item,) = found.segments[1].evidence
    assert "is not what the English text says" in item.message


def test_agreement_lets_either_text_be_the_more_exact() -> None:
    chinese, english = ["约60亿欧元。"], ["It is worth €5.8 billion."]
    assert tercet.measure("agreement", candidates=chinese, parallels=english).scores["agreement"] == 1
    assert tercet.measure("agreement", candidates=english, parallels=chinese, language="en").scores["agreement"] == 1


def test_parallels_are_one_for_each_candidate() -> None:
    with pytest.raises(tercet.errors.MetricError, match="parallels has 1"):
        tercet.measure("agreement", candidates=["a", "b"], parallels=["a"])


def test_signatures_name_the_rules() -> None:
    assert Facts().signature("zh").startswith("facts|lang:zh|version:1,babel-")
    assert Agreement().signature("en").startswith("agreement|lang:en|version:1,")
