"""Units and currencies: values by definition, the same in both languages, and cheap to load."""

import subprocess
import sys

import pytest

from tercet.facts.records import Kind
from tercet.facts.units import Unit, currency_words, unit_words

# Factors by the definitions of the units (SI brochure; the yard and pound agreement of 1959; GB 3100-93 of China).
DEFINED = [
    ("kilometers", "公里", "m", 1000),
    ("kilometres", "千米", "m", 1000),
    ("nm", "纳米", "m", 1e-9),
    ("miles", "英里", "m", 1609.344),
    ("feet", "英尺", "m", 0.3048),
    ("nautical miles", "海里", "m", 1852),
    ("cm", "公分", "m", 0.01),
    ("square kilometers", "平方公里", "m²", 1e6),
    ("sq km", "平方千米", "m²", 1e6),
    ("hectares", "公顷", "m²", 1e4),
    ("acres", "英亩", "m²", 4046.8564224),
    ("mu of land", "亩", "m²", 10_000 / 15),
    ("cubic metres", "立方米", "m³", 1),
    ("litres", "升", "m³", 1e-3),
    ("gallons", "加仑", "m³", 231 * 0.0254**3),
    ("barrels", "桶", "bbl", 1),
    ("bushels", "蒲式耳", "bu", 1),
    ("kg", "公斤", "kg", 1),
    ("jin", "斤", "kg", 0.5),
    ("tonnes", "吨", "kg", 1000),
    ("metric tons", "公吨", "kg", 1000),
    ("pounds", "磅", "kg", 0.45359237),
    ("ounces", "盎司", "kg", 0.45359237 / 16),
    ("kilowatts", "千瓦", "W", 1e3),
    ("mw", "兆瓦", "W", 1e6),
    ("gw", "吉瓦", "W", 1e9),
    ("kilowatt-hours", "千瓦时", "J", 3.6e6),
    ("kilowatt hours", "度电", "J", 3.6e6),
    ("gwh", "吉瓦时", "J", 3.6e12),
    ("twh", "太瓦时", "J", 3.6e15),
    ("km/h", "公里每小时", "m/s", 1000 / 3600),
    ("miles per hour", "英里/小时", "m/s", 1609.344 / 3600),
    ("knots", "km/h", "m/s", None),
    ("megabits per second", "兆比特每秒", "bit/s", 1e6),
    ("gigabytes", "吉字节", "bit", 8e9),
    ("gb", "gb", "bit", 8e9),
    ("megahertz", "兆赫", "Hz", 1e6),
    ("kilovolts", "千伏", "V", 1e3),
    ("megapixels", "百万像素", "px", 1e6),
    ("teu", "标准箱", "TEU", 1),
    ("seconds", "秒", "s", 1),
    ("min", "分钟", "s", 60),
    ("hours", "个小时", "s", 3600),
    ("days", "天", "s", 86400),
    ("weeks", "周", "s", 604800),
    ("months", "个月", "mo", 1),
    ("years", "年", "mo", 12),
    ("years old", "岁", "mo", 12),
    ("decades", "个十年", "mo", 120),
    ("centuries", "个世纪", "mo", 1200),
    ("percent", "%", "", 1),
    ("per cent", "％", "", 1),
    ("percentage points", "个百分点", "", 1),
    ("basis points", "基点", "", 0.01),
    ("bp", "个基点", "", 0.01),
]


@pytest.mark.parametrize(("english", "chinese", "symbol", "factor"), DEFINED)
def test_a_unit_is_what_it_is_defined_to_be(english: str, chinese: str, symbol: str, factor: float | None) -> None:
    one, two = unit_words("en")[english], unit_words("zh")[chinese]
    assert one.symbol == two.symbol == symbol
    if factor is not None:
        assert one == two
        assert one.factor == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("word", "language", "written", "celsius"),
    [
        ("°f", "en", 212, 100),
        ("degrees fahrenheit", "en", 32, 0),
        ("华氏度", "zh", -40, -40),
        ("℃", "zh", 37, 37),
        ("摄氏度", "zh", 37, 37),
        ("kelvins", "en", 273.15, 0),
    ],
)
def test_a_temperature_has_an_offset(word: str, language: str, written: float, celsius: float) -> None:
    unit = unit_words(language)[word]
    assert unit.symbol == "°C"
    assert written * unit.factor + unit.offset == pytest.approx(celsius, abs=1e-9)


@pytest.mark.parametrize(
    ("word", "language", "code"),
    [
        ("€", "en", "EUR"),
        ("euros", "en", "EUR"),
        ("eur", "en", "EUR"),
        ("欧元", "zh", "EUR"),
        ("$", "en", "USD"),
        ("us$", "zh", "USD"),
        ("hk$", "en", "HKD"),
        ("a$", "en", "AUD"),
        ("australian dollars", "en", "AUD"),
        ("澳元", "zh", "AUD"),
        ("rmb", "en", "CNY"),
        ("yuan", "en", "CNY"),
        ("元", "zh", "CNY"),
        ("人民币", "zh", "CNY"),
        ("yen", "en", "JPY"),
        ("日元", "zh", "JPY"),
        ("¥", "en", "JPY|CNY"),
        ("¥", "zh", "JPY|CNY"),
        ("swiss francs", "en", "CHF"),
        ("瑞士法郎", "zh", "CHF"),
        ("won", "en", "KRW"),
        ("韩元", "zh", "KRW"),
        ("新台币", "zh", "TWD"),
        ("英镑", "zh", "GBP"),
        ("sterling", "en", "GBP"),
    ],
)
def test_a_currency_has_its_code(word: str, language: str, code: str) -> None:
    assert currency_words(language)[word] == code


def test_a_word_that_currencies_share_has_all_their_codes() -> None:
    for english, chinese in [("pesos", "比索"), ("dinars", "第纳尔"), ("dirhams", "迪拉姆"), ("shillings", "先令")]:
        assert currency_words("en")[english] == currency_words("zh")[chinese]


def test_parts_of_a_currency_are_units_of_money() -> None:
    assert unit_words("en")["pence"] == Unit(Kind.MONEY, "GBP", 0.01)
    assert unit_words("zh")["美分"] == Unit(Kind.MONEY, "USD", 0.01)
    assert unit_words("zh")["角"] == Unit(Kind.MONEY, "CNY", 0.1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_are_in_lower_case_and_codes_in_capitals(language: str) -> None:
    units, currencies = unit_words(language), currency_words(language)
    for word in (*units, *currencies):
        assert word == word.lower().strip() != ""
        assert not word[0].isdigit()
    assert all(unit.factor > 0 for unit in units.values())
    assert all(len(code) == 3 and code.isupper() for codes in currencies.values() for code in codes.split("|"))


def test_words_that_mean_something_else_are_no_units() -> None:
    for word in ("in", "a", "b", "pt", "au", "dec", "bar"):
        assert word not in unit_words("en")
    for word in ("月", "日", "世纪", "点", "分", "度", "卡", "节"):
        assert word not in unit_words("zh")
    for word in ("all", "try", "top", "cup"):
        assert word not in currency_words("en")


def test_tables_are_made_once_and_cannot_be_changed() -> None:
    assert unit_words("en") is unit_words("en")
    with pytest.raises(TypeError):
        unit_words("en")["parsnip"] = Unit(Kind.MEASURE, "m", 1.0)  # type: ignore[index]


def test_loading_is_cheap_and_happens_on_first_use() -> None:
    """In a process of its own: babel is not imported by the module, and the first use is quick (35 ms)."""
    code = (
        "import sys, time; from tercet.facts.units import unit_words, currency_words; before = 'babel' in sys.modules;"
        "start = time.process_time(); [table(language) for table in (unit_words, currency_words)"
        " for language in ('en', 'zh')]; print(before, time.process_time() - start)"
    )
    imported, seconds = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert imported == "False"
    assert float(seconds) < 2
