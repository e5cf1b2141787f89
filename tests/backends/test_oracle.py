from itertools import combinations

import pytest

from tercet.backends.lead import Lead
from tercet.backends.oracle import Oracle
from tercet.corpora.sample import Sample
from tercet.metrics.rouge import Rouge
from tercet.pipeline import measure_segments
from tercet.records import Segment
from tercet.text.sentences import sentences

from . import asks, reply_to, text_of

ARTICLES = Sample().load().articles


def rouge(candidate: str, references: tuple[str, ...], language: str = "en") -> float:
    """ROUGE-1 plus ROUGE-2, each by its best reference."""
    segment = Segment(id="1", candidate=candidate, references=references, language=language)
    scores = measure_segments(Rouge(), [segment], language).by_segment[0].scores
    assert scores is not None
    return scores["rouge1"] + scores["rouge2"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_beats_lead_against_the_reference_on_every_article_of_the_sample(language: str) -> None:
    gains = []
    for article in ARTICLES:
        if article.language != language:
            continue
        assert article.source is not None
        references = tuple(summary.text for summary in article.references[language])
        request = asks(article.source, language, references=references)
        gains.append(rouge(text_of(Oracle(), request), references, language))
        gains[-1] -= rouge(text_of(Lead(), request), references, language)
    assert len(gains) >= 5
    # The oracle's tokens differ a little from rouge-score's: no article may lose more than that.
    assert min(gains) > -0.02
    assert sum(gains) / len(gains) > 0.1


SOURCE = "Cats sleep all day. The bridge opened on Friday. It rained. The bridge cost eighty million. Dogs bark."
REFERENCE = "The bridge opened on Friday. The bridge cost eighty million."


@pytest.mark.parametrize(
    ("count", "chosen"),
    [
        (1, "The bridge opened on Friday."),
        (2, "The bridge opened on Friday. The bridge cost eighty million."),
        (5, "The bridge opened on Friday. The bridge cost eighty million."),  # nothing else would help
    ],
)
def test_picks_what_is_best_of_all_choices(count: int, chosen: str) -> None:
    found = text_of(Oracle(sentences=count), asks(SOURCE, "en", references=(REFERENCE,)))
    assert found == chosen
    parts = sentences(SOURCE, "en")
    choices = [" ".join(c) for size in range(1, count + 1) for c in combinations(parts, size)]
    assert rouge(found, (REFERENCE,)) == max(rouge(choice, (REFERENCE,)) for choice in choices)


def test_is_greedy_where_greed_does_not_pay() -> None:
    # The last two sentences together are the reference; alone the first one is best, and greed cannot go back.
    source = "A b c d x y z. A b. C d."
    reference = "A b c d."
    parts = sentences(source, "en")
    alone = {part: rouge(part, (reference,)) for part in parts}
    first = max(alone, key=lambda part: alone[part])
    assert first == parts[0]
    assert rouge("A b. C d.", (reference,)) > alone[first]
    assert text_of(Oracle(sentences=2), asks(source, "en", references=(reference,))) == first


def test_equal_gains_fall_to_the_earlier_sentence() -> None:
    assert text_of(Oracle(sentences=1), asks("Red fox! Red fox. Red fox?", "en", references=("Red fox",))) == "Red fox!"


def test_chosen_sentences_stand_in_the_order_of_the_text() -> None:
    source = "It rained. The bridge opened on a Friday in May."
    reference = "The bridge opened on a Friday in May. It rained."
    assert text_of(Oracle(), asks(source, "en", references=(reference,))) == source


def test_the_best_of_several_references_counts() -> None:
    source = "Cats sleep. Dogs bark."
    assert text_of(Oracle(), asks(source, "en", references=("Horses run.", "Dogs bark."))) == "Dogs bark."
    assert text_of(Oracle(), asks(source, "en", references=("Cats sleep.", "Horses run."))) == "Cats sleep."


def test_chinese_is_compared_by_character() -> None:
    request = asks("今天下雨。大桥周五通车。", "zh", references=("周五大桥通车了。",))
    assert text_of(Oracle(sentences=1), request) == "大桥周五通车。"


@pytest.mark.parametrize("reference", ["Nothing alike", "", "…"])
def test_where_nothing_is_shared_nothing_is_picked(reference: str) -> None:
    assert text_of(Oracle(), asks("Cats sleep.", "en", references=(reference,))) == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_missing_reference_is_a_failure_with_its_reason(language: str) -> None:
    reply = reply_to(Oracle(), asks("Cats sleep.", language))
    assert reply.text is None
    assert reply.failure == f"the oracle needs a reference in '{language}', and the article has none"


def test_one_missing_reference_spoils_no_other_answer() -> None:
    requests = [asks("Cats sleep.", "en"), asks("Cats sleep.", "en", references=("Cats sleep.",))]
    replies = dict(Oracle().generate(requests))
    assert replies[0].failure
    assert replies[1].text == "Cats sleep."


def test_is_labelled_an_upper_bound_that_reads_references() -> None:
    assert Oracle.bound == "upper"
    assert Oracle.reads == {"text", "references"}
