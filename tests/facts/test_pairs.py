"""Pairs of sentences across languages: what agrees is supported, what does not is found and named."""

import datetime as dt

import pytest

from tercet.facts import Finding, Report, check, compare, extract
from tests.facts.pairs import AGREE, DISAGREE

DAY = dt.date(2026, 1, 22)


def both_ways(chinese: str, english: str) -> tuple[Report, Report]:
    one, two = extract(chinese, "zh", DAY), extract(english, "en", DAY)
    return compare(one, two, mutual=True), compare(two, one, mutual=True)


@pytest.mark.parametrize(("chinese", "english"), AGREE)
def test_what_agrees_is_supported(chinese: str, english: str) -> None:
    for report in both_ways(chinese, english):
        assert [(verdict.fact, verdict.error) for verdict in report.faults] == []


@pytest.mark.parametrize(("chinese", "english", "error"), DISAGREE)
def test_what_does_not_agree_is_found_and_named(chinese: str, english: str, error: str) -> None:
    for report in both_ways(chinese, english):
        assert error in {verdict.error for verdict in report.faults}
        assert all(verdict.finding in {Finding.CONTRADICTED, Finding.NOT_FOUND} for verdict in report.faults)


def test_there_are_enough_pairs() -> None:
    assert len(AGREE) + len(DISAGREE) >= 250


def test_a_number_may_not_be_more_exact_than_its_source() -> None:
    exact, vague = "It is worth €5.8 billion.", "约60亿欧元。"
    assert check(exact, "en", vague, "zh").count(Finding.CONTRADICTED) == 1
    assert check(vague, "zh", exact, "en").count(Finding.SUPPORTED) == 1
