"""Signatures are read back, compared, and turned into the metric that wrote them."""

from itertools import product
from typing import Any

import pytest

import tercet
from tercet.errors import ConfigError, MetricError, NotComparableError
from tercet.metrics.contract import sign
from tercet.signatures import check_comparable, differences, parse

OPTIONS: dict[str, list[dict[str, Any]]] = {
    "rouge": [{}, {"use_stemmer": True}, {"chinese": "all", "several": "mean"}, {"chinese": "words", "fold": True}],
    "shape": [{}, {"order": 2}],
    "bleu": [{}, {"tokenize": "char"}, {"tokenize": "none", "lowercase": True}],
    "chrf": [{}, {"beta": 1}, {"lowercase": True}, {"word_order": 2}],
    "chrf_zh": [{}],
    "ter": [{}, {"case_sensitive": True}],
}
CASES = [(name, options, code) for name, several in OPTIONS.items() for options, code in product(several, ["zh", "en"])]


@pytest.mark.parametrize(("name", "options", "language"), CASES)
def test_a_signature_makes_the_metric_that_wrote_it(name: str, options: dict[str, Any], language: str) -> None:
    texts = ["公司获得融资。", "他走了。"]
    found = tercet.measure(name, candidates=texts, references=texts[::-1], language=language, **options)
    metric, code = tercet.metric_from(found.signature)
    assert code == language
    again = tercet.measure(metric, candidates=texts, references=texts[::-1], language=language)
    assert again.signature == found.signature
    assert again.scores == found.scores


def test_values_with_a_bar_survive() -> None:
    text = sign("m", lang="zh", path="a|b%7C:\nc")
    assert parse(text).parts["path"] == "a|b%7C:\nc"
    assert text.count("|") == 2


@pytest.mark.parametrize("text", ["", "bleu", "|lang:zh", "bleu|lang", "bleu|:zh", "no signature at all"])
def test_what_is_no_signature_is_said_to_be_none(text: str) -> None:
    with pytest.raises(MetricError, match="no signature"):
        parse(text)


def test_unlike_signatures_are_not_compared() -> None:
    one = tercet.measure("bleu", candidates=["他走了。"], references=["他走了。"]).signature
    other = tercet.measure("bleu", candidates=["他走了。"], references=["他走了。"], tokenize="char").signature
    check_comparable(one, one)
    with pytest.raises(NotComparableError, match="tok: zh against char") as caught:
        check_comparable(one, other)
    assert caught.value.exit_code == 3
    assert differences("bleu|lang:zh", "chrf|lang:zh|nc:6") == ["metric: bleu against chrf", "nc: nothing against 6"]


def test_signatures_of_a_users_own_form_are_told_apart_as_a_whole() -> None:
    assert differences("loud v1", "loud v1") == []
    assert differences("loud v1", "loud v2") == ["signature: 'loud v1' against 'loud v2'"]
    with pytest.raises(NotComparableError, match="loud v1"):
        check_comparable("loud v1", "bleu|lang:zh")


def test_a_signature_of_another_version_is_named() -> None:
    text = tercet.measure("bleu", candidates=["他走了。"], references=["他走了。"]).signature
    old = text.replace(f"version:{parse(text).parts['version']}", "version:1.5.1")
    with pytest.raises(NotComparableError, match=r"version: 1\.5\.1 against"):
        tercet.metric_from(old)


def test_a_broken_signature_has_an_error_that_says_so() -> None:
    with pytest.raises(MetricError, match="not whole"):
        tercet.metric_from("shape|lang:zh|order:three")
    with pytest.raises(ConfigError, match="no metric 'blue'"):
        tercet.metric_from("blue|lang:zh")
