"""Chinese numerals: against cn2an, which reads and writes them on its own, and where it has no word, by hand."""

import cn2an
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tercet.facts.chinese.numerals import CHARACTERS, Numeral, numeral
from tercet.facts.records import Hedge

WHOLE = st.one_of(
    st.integers(1, 10**4),
    st.integers(1, 10**15 - 1),
    st.builds(lambda digit, zeros: digit * 10**zeros, st.integers(1, 999), st.integers(0, 12)),
    st.builds(lambda high, low: high * 10**8 + low, st.integers(1, 9999), st.integers(0, 9999)),
)
CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")


def read(run: str) -> Numeral:
    found = numeral(run)
    assert found is not None, run
    return found


def test_ten_thousands_of_whole_numbers_as_cn2an_writes_them() -> None:
    for number in (*range(1, 12_000), *range(12_000, 10**9, 33_331_117), *(3**k for k in range(1, 30))):
        written = cn2an.an2cn(number)
        found = read(written)
        assert (found.size, found.low, found.high) == (len(written), number, number), written


@given(WHOLE)
@example(10)
@example(100_000_300)
@example(40_040_000)
def test_whole_numbers_as_cn2an_writes_them(number: int) -> None:
    for mode in ("low", "up"):
        written = cn2an.an2cn(number, mode).translate(CAPITALS)
        found = read(written)
        assert (found.size, found.low, found.high) == (len(written), number, number)


@given(st.integers(1, 10**8 - 1))  # above, cn2an does not read all that it writes
def test_what_cn2an_reads_is_read_alike(number: int) -> None:
    written = cn2an.an2cn(number).replace("二千", "两千").replace("二万", "两万")
    assert read(written).low == cn2an.cn2an(written, "smart")


@given(st.integers(1, 9999), st.integers(1, 99), st.sampled_from("万亿"))
def test_digits_with_a_magnitude(whole: int, part: int, magnitude: str) -> None:
    run = f"{whole}.{part:02}{magnitude}"
    found = read(run)
    assert found.size == len(run)
    assert found.low == pytest.approx(float(f"{whole}.{part:02}") * {"万": 1e4, "亿": 1e8}[magnitude], rel=1e-12)
    assert found.step == pytest.approx(0.01 * found.scale)


@given(st.integers(0, 10**12))
def test_grouped_digits(number: int) -> None:
    assert read(f"{number:,}").low == number == read(str(number)).low


@given(st.text(f"0123456789{CHARACTERS},.点多余来几数 ", min_size=1, max_size=60))
def test_any_run_is_read_or_not(run: str) -> None:
    found = numeral(run)
    if found is not None:
        assert 0 < found.size <= len(run)
        assert 0 <= found.low <= found.high
        assert found.step > 0


EXACT: list[tuple[str, float, float]] = [
    ("两万三", 23_000, 1000),
    ("一千五", 1500, 100),
    ("一百二", 120, 10),
    ("三亿五", 3.5e8, 1e7),
    ("2万3", 23_000, 1000),
    ("一百零五", 105, 1),
    ("一百十五", 115, 1),
    ("一万零五十", 10_050, 10),
    ("两千零二十四", 2024, 1),
    ("十", 10, 10),
    ("廿三", 23, 1),
    ("卅", 30, 10),
    ("百万", 1e6, 1e6),
    ("千万", 1e7, 1e7),
    ("万亿", 1e12, 1e12),
    ("十万", 1e5, 1e5),
    ("百亿亿", 1e18, 1e18),
    ("1.4万亿", 1.4e12, 1e11),
    ("三万五千亿", 3.5e12, 1e11),
    ("1万亿2000亿", 1.2e12, 1e11),
    ("4亿8千万", 4.8e8, 1e7),
    ("13亿5000万", 1.35e9, 1e7),
    ("1亿零500万", 1.05e8, 1e6),
    ("3千5百", 3500, 100),
    ("1万2000", 12_000, 1000),
    ("三点五", 3.5, 0.1),
    ("十二点五亿", 1.25e9, 1e7),
    ("三点一四", 3.14, 0.01),
    ("5.80", 5.8, 0.01),
    ("5.8亿", 5.8e8, 1e7),
    ("24,000", 24_000, 1000),
    ("34", 34, 1),
    ("二〇二四", 2024, 1),
    ("一九四九", 1949, 1),
]


@pytest.mark.parametrize(("run", "value", "step"), EXACT)
def test_exact(run: str, value: float, step: float) -> None:
    found = read(run)
    assert (found.size, found.low, found.high) == (len(run), value, value)
    assert found.step == pytest.approx(step)


ESTIMATES: list[tuple[str, float, float, bool]] = [
    ("七八十", 70, 80, False),
    ("十七八", 17, 18, False),
    ("二三十", 20, 30, False),
    ("三四百", 300, 400, False),
    ("一百七八十", 170, 180, False),
    ("五六万", 5e4, 6e4, False),
    ("两三千万", 2e7, 3e7, False),
    ("三五", 3, 5, False),
    ("一两", 1, 2, False),
    ("数十", 20, 99, True),
    ("几百", 200, 999, True),
    ("数千万", 2e7, 99_999_999, True),
    ("几十万", 2e5, 999_999, True),
    ("十几", 11, 19, True),
    ("二十几", 21, 29, True),
    ("十几万", 110_000, 199_999, True),
    ("三百几十", 310, 399, True),
    ("10几", 11, 19, True),
    ("几", 2, 9, True),
]


@pytest.mark.parametrize(("run", "low", "high", "vague"), ESTIMATES)
def test_estimates(run: str, low: float, high: float, vague: bool) -> None:
    found = read(run)
    assert (found.size, found.low, found.high, found.vague) == (len(run), low, high, vague)


HEDGED: list[tuple[str, float, Hedge]] = [
    ("二十多", 20, Hedge.OVER),
    ("30余", 30, Hedge.OVER),
    ("5000多万", 5e7, Hedge.OVER),
    ("一百多万", 1e6, Hedge.OVER),
    ("3亿多", 3e8, Hedge.OVER),
    ("百余", 100, Hedge.OVER),
    ("十来", 10, Hedge.ABOUT),
    ("十来万", 1e5, Hedge.ABOUT),
]


@pytest.mark.parametrize(("run", "value", "hedge"), HEDGED)
def test_hedges_within(run: str, value: float, hedge: Hedge) -> None:
    found = read(run)
    assert (found.size, found.low, found.hedge) == (len(run), value, hedge)


# A run, and how much of it is a number.
PREFIXES: list[tuple[str, int]] = [
    ("三十千", 2),  # 三十 | 千瓦
    ("5万千", 2),
    ("5亿万", 2),
    ("3多", 1),
    ("一点", 1),
    ("一来", 1),
    ("3.5.2", 3),
    ("3..5", 1),
    ("1,00,0万", 1),
    ("3,4", 1),
    ("千千万万", 1),
]


@pytest.mark.parametrize(("run", "size"), PREFIXES)
def test_the_longest_well_formed_start_is_the_number(run: str, size: int) -> None:
    assert read(run).size == size


@pytest.mark.parametrize("run", ["零", "多", "1" * 16, "1" * 100_000, "数", "点五"])
def test_what_is_no_number(run: str) -> None:
    assert numeral(run) is None
