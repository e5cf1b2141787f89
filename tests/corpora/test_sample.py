"""The embedded corpus: complete, and consistent where that can be counted."""

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest

import tercet
from tercet.articles import Loaded
from tercet.corpora.sample import Sample
from tercet.records import Summary
from tercet.text.languages import detect

FOLDER = Path(tercet.__file__).parent / "sample"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The sample, read once."""
    return Sample().load()


def test_there_are_eighteen_english_and_six_chinese_articles(loaded: Loaded) -> None:
    assert loaded.problems == ()
    assert Counter(article.language for article in loaded.articles) == {"en": 18, "zh": 6}


def test_titles_links_and_descriptions_are_present_and_unique(loaded: Loaded) -> None:
    for values in (
        [article.title for article in loaded.articles],
        [article.link for article in loaded.articles],
        [article.description for article in loaded.articles],
    ):
        assert all(values)
        assert len(set(values)) == len(loaded.articles)


def test_every_article_has_tags_and_a_time_with_its_zone(loaded: Loaded) -> None:
    for article in loaded.articles:
        assert article.tags, article.id
        assert isinstance(article.date, dt.datetime), article.id
        assert article.date.tzinfo is not None, article.id


def test_sources_are_in_their_language_and_as_long_as_news(loaded: Loaded) -> None:
    for article in loaded.articles:
        assert article.source is not None, article.id
        assert detect(article.source) == article.language, article.id
        length = len(article.source.split()) if article.language == "en" else len(article.source)
        low, high = {"en": (250, 600), "zh": (500, 1200)}[article.language]
        assert low <= length <= high, (article.id, length)


def test_references_are_whole_in_both_languages(loaded: Loaded) -> None:
    for article in loaded.articles:
        assert {code: len(found) for code, found in article.references.items()} == {"en": 1, "zh": 1}, article.id
        for code, (reference,) in article.references.items():
            _assert_whole(reference, f"{article.id}:{code}")
        assert article.references["zh"][0].headline, article.id
        points = {len(found[0].key_points) for found in article.references.values()}
        assert len(points) == 1, article.id
        assert points <= {4, 5}, article.id


def _assert_whole(reference: Summary, where: str) -> None:
    assert reference.abstract, where
    assert reference.closing, where
    assert all(point.label and point.text for point in reference.key_points), where
    labels = [point.label for point in reference.key_points]
    assert len(set(labels)) == len(labels), where


WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)\.?"
_YEAR = r"(?:,? (?P<year>20\d\d))?"
_NAMED = [
    re.compile(rf"(?P<weekday>{'|'.join(WEEKDAYS)}),? (?P<day>\d{{1,2}}) {_MONTH}{_YEAR}"),
    re.compile(rf"(?P<weekday>{'|'.join(WEEKDAYS)}),? {_MONTH} (?P<day>\d{{1,2}}){_YEAR}"),
    re.compile(
        r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日（?[，、]?(?:星期|周)(?P<weekday>[一二三四五六日])"
    ),
    re.compile(
        r"(?:星期|周)(?P<weekday>[一二三四五六日])[（：，]?(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    ),
]


def named_dates(text: str, near: dt.date) -> list[tuple[str, dt.date, int]]:
    """Find the dates that carry a weekday, each in its year, that of ``near`` unless it is far."""
    found = []
    for match in (match for pattern in _NAMED for match in pattern.finditer(text)):
        name, month = match["weekday"], match["month"]
        weekday = "一二三四五六日".index(name) if name not in WEEKDAYS else WEEKDAYS.index(name)
        number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
        given = match["year"]
        years = [int(given)] if given else [near.year - 1, near.year, near.year + 1]
        dates = [dt.date(year, number, int(match["day"])) for year in years]
        far = [(abs(date - near) > dt.timedelta(days=200), date.year != near.year, date) for date in dates]
        found.append((match[0], min(far)[2], weekday))
    return found


def test_named_dates_finds_the_ways_of_writing() -> None:
    text = (
        "Tuesday, December 17; Friday 27 March; Saturday, Jan. 11; 10月14日（星期一）; 4月22日，星期三; 周二：4月28日"
        "; Sunday, Oct. 5, 2025; 2025年10月5日（周日）"
    )
    assert [(str(date), weekday) for _, date, weekday in named_dates(text, dt.date(2026, 2, 1))] == [
        ("2026-03-27", 4),
        ("2025-12-17", 1),
        ("2026-01-11", 5),
        ("2025-10-05", 6),
        ("2025-10-14", 0),
        ("2026-04-22", 2),
        ("2025-10-05", 6),
        ("2026-04-28", 1),
    ]


def test_every_weekday_that_has_a_date_is_that_dates_weekday(loaded: Loaded) -> None:
    checked = 0
    for article in loaded.articles:
        assert article.date is not None
        near = article.date.date() if isinstance(article.date, dt.datetime) else article.date
        for suffix in (".md", ".source.md"):
            for words, date, weekday in named_dates((FOLDER / f"{article.id}{suffix}").read_text("utf-8"), near):
                assert date.weekday() == weekday, f"{article.id}{suffix}: '{words}' is a {WEEKDAYS[date.weekday()]}"
                checked += 1
    assert checked >= 40
