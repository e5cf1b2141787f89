"""Quantities in Chinese: what is read, what it is worth, and what is none."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.facts.chinese import quantities
from tercet.facts.records import Hedge, Kind, Quantity

COUNT, MONEY, MEASURE, DURATION = Kind.COUNT, Kind.MONEY, Kind.MEASURE, Kind.DURATION
PERCENT, POINTS, FRACTION, MULTIPLE, ORDINAL = Kind.PERCENT, Kind.POINTS, Kind.FRACTION, Kind.MULTIPLE, Kind.ORDINAL
NONE, ABOUT, ALMOST, UNDER = Hedge.NONE, Hedge.ABOUT, Hedge.ALMOST, Hedge.UNDER
UP_TO, OVER, AT_LEAST = Hedge.UP_TO, Hedge.OVER, Hedge.AT_LEAST


def found(text: str) -> list[Quantity]:
    return quantities(text, [])[0]


def only(text: str) -> Quantity:
    read = found(text)
    assert len(read) == 1, read
    return read[0]


# Text, the words that state the quantity, kind, value, unit, step.
VALUES: list[tuple[str, str, Kind, float, str, float]] = [
    ("工厂有1450名工人", "1450", COUNT, 1450, "", 10),
    ("工厂有1,450名工人", "1,450", COUNT, 1450, "", 10),
    ("工厂有１，４５０名工人", "１，４５０", COUNT, 1450, "", 10),
    ("运送旅客8.64万人次", "8.64万", COUNT, 86400, "", 100),
    ("人口1.4亿", "1.4亿", COUNT, 1.4e8, "", 1e7),
    ("人口3千万", "3千万", COUNT, 3e7, "", 1e7),
    ("人口4亿8千万", "4亿8千万", COUNT, 4.8e8, "", 1e7),
    ("共13亿5000万人", "13亿5000万", COUNT, 1.35e9, "", 1e7),
    ("卖出2万3", "2万3", COUNT, 23000, "", 1000),
    ("共300 万人", "300 万", COUNT, 3e6, "", 1e6),
    ("有一百零五人", "一百零五", COUNT, 105, "", 1),
    ("约好一千五来", "一千五", COUNT, 1500, "", 100),
    ("有两万三千人", "两万三千", COUNT, 23000, "", 1000),
    ("来了两万三", "两万三", COUNT, 23000, "", 1000),
    ("有廿三人", "廿三", COUNT, 23, "", 1),
    ("有卅五人", "卅五", COUNT, 35, "", 1),
    ("有十二个孩子", "十二", COUNT, 12, "", 1),
    ("有两个孩子", "两", COUNT, 2, "", 1),
    ("三名工人获救", "三", COUNT, 3, "", 1),
    ("四大问题", "四", COUNT, 4, "", 1),
    ("一百万家企业", "一百万", COUNT, 1e6, "", 1e6),
    ("萬人", "萬", COUNT, 1e4, "", 1e4),
    ("營收３億歐元", "３億歐元", MONEY, 3e8, "EUR", 1e8),
    ("耗资6亿欧元", "6亿欧元", MONEY, 6e8, "EUR", 1e8),
    ("耗资17.6亿元", "17.6亿元", MONEY, 1.76e9, "CNY", 1e7),
    ("耗资1.4万亿美元", "1.4万亿美元", MONEY, 1.4e12, "USD", 1e11),
    ("市值3万亿日元", "3万亿日元", MONEY, 3e12, "JPY", 1e12),
    ("售价50英镑", "50英镑", MONEY, 50, "GBP", 10),
    ("售价88港元", "88港元", MONEY, 88, "HKD", 1),
    ("涨到35块钱", "35块钱", MONEY, 35, "CNY", 1),
    ("人民币3亿元", "人民币3亿元", MONEY, 3e8, "CNY", 1e8),
    ("3亿元人民币", "3亿元人民币", MONEY, 3e8, "CNY", 1e8),
    ("RMB 300万", "RMB 300万", MONEY, 3e6, "CNY", 1e6),
    ("售价¥399", "¥399", MONEY, 399, "CNY", 1),
    ("东京：售价¥399，以日元计", "¥399", MONEY, 399, "JPY", 1),
    ("筹得$5.5亿", "$5.5亿", MONEY, 5.5e8, "USD", 1e7),
    ("筹得€60mn", "€60mn", MONEY, 6e7, "EUR", 1e7),
    ("筹得US$3bn", "US$3bn", MONEY, 3e9, "USD", 1e9),
    ("涨价75美分", "75美分", MONEY, 0.75, "USD", 0.01),
    ("奖金叁佰伍拾元", "叁佰伍拾元", MONEY, 350, "CNY", 10),
    ("奖金壹仟万元", "壹仟万元", MONEY, 1e7, "CNY", 1e7),
    ("收入五千多万元", "五千多万元", MONEY, 5e7, "CNY", 1e7),
    ("全长27公里", "27公里", MEASURE, 27000, "m", 1000),
    ("全长27 公里", "27 公里", MEASURE, 27000, "m", 1000),
    ("全长3千米", "3千米", MEASURE, 3000, "m", 1000),
    ("宽100m", "100m", MEASURE, 100, "m", 100),
    ("成绩2米32", "2米32", MEASURE, 2.32, "m", 0.01),
    ("面积1.26万公顷", "1.26万公顷", MEASURE, 1.26e8, "m²", 1e6),
    ("面积960万平方公里", "960万平方公里", MEASURE, 9.6e12, "m²", 1e11),
    ("种地15亩", "15亩", MEASURE, 1e4, "m²", 1e4 / 15),
    ("重30吨", "30吨", MEASURE, 30000, "kg", 10000),
    ("重八斤", "八斤", MEASURE, 4, "kg", 0.5),
    ("重4.1g", "4.1g", MEASURE, 0.0041, "kg", 0.0001),
    ("装机300万千瓦", "300万千瓦", MEASURE, 3e9, "W", 1e9),
    ("装机3千瓦", "3千瓦", MEASURE, 3000, "W", 1000),
    ("装机24兆瓦", "24兆瓦", MEASURE, 2.4e7, "W", 1e6),
    ("储能24兆瓦时", "24兆瓦时", MEASURE, 24 * 3.6e9, "J", 3.6e9),
    ("用电30度电", "30度电", MEASURE, 30 * 3.6e6, "J", 3.6e7),
    ("时速300公里", "300公里", MEASURE, 300 / 3.6, "m/s", 100 / 3.6),
    ("每秒3米", "3米", MEASURE, 3, "m/s", 1),
    ("160千米每小时", "160千米每小时", MEASURE, 160 / 3.6, "m/s", 10 / 3.6),
    ("升高0.8摄氏度", "0.8摄氏度", MEASURE, 0.8, "°C", 0.1),
    ("气温35度", "35度", MEASURE, 35, "°C", 1),
    ("气温零下5度", "零下5度", MEASURE, -5, "°C", 1),
    ("气温-5℃", "-5℃", MEASURE, -5, "°C", 1),
    ("等了6分钟", "6分钟", DURATION, 360, "s", 60),
    ("等了两个小时", "两个小时", DURATION, 7200, "s", 3600),
    ("等了三个半小时", "三个半小时", DURATION, 12600, "s", 1800),
    ("等了半小时", "半小时", DURATION, 1800, "s", 0),
    ("等了三周", "三周", DURATION, 3 * 604800, "s", 604800),
    ("等了三个交易日", "三个交易日", DURATION, 3 * 86400, "s", 86400),
    ("用时9秒83", "9秒83", DURATION, 9.83, "s", 0.01),
    ("住了三年", "三年", DURATION, 36, "mo", 12),
    ("住了两年半", "两年半", DURATION, 30, "mo", 6),
    ("住了半年", "半年", DURATION, 6, "mo", 0),
    ("住了18个月", "18个月", DURATION, 18, "mo", 1),
    ("半个世纪", "半个世纪", DURATION, 600, "mo", 0),
    ("今年27岁", "27岁", DURATION, 324, "mo", 12),
    ("成立70周年", "70周年", DURATION, 840, "mo", 120),
    ("占比30%", "30%", PERCENT, 30, "", 10),
    ("占比30％", "30％", PERCENT, 30, "", 10),
    ("占比3.70 %", "3.70 %", PERCENT, 3.7, "", 0.01),
    ("占百分之三十", "百分之三十", PERCENT, 30, "", 10),
    ("占百分之三点五", "百分之三点五", PERCENT, 3.5, "", 0.1),
    ("占百分之百", "百分之百", PERCENT, 100, "", 100),
    ("占三成", "三成", PERCENT, 30, "", 10),
    ("占两成半", "两成半", PERCENT, 25, "", 5),
    ("提高25个百分点", "25个百分点", POINTS, 25, "", 1),
    ("下调25个基点", "25个基点", POINTS, 0.25, "", 0.01),
    ("兩個百分點", "兩個百分點", POINTS, 2, "", 1),
    ("占三分之一", "三分之一", FRACTION, 1 / 3, "", 0),
    ("占四分之三", "四分之三", FRACTION, 0.75, "", 0),
    ("占千分之三", "千分之三", FRACTION, 0.003, "", 0.001),
    ("占1/3", "1/3", FRACTION, 1 / 3, "", 0),
    ("占一半", "一半", FRACTION, 0.5, "", 0),
    ("占半数", "半数", FRACTION, 0.5, "", 0),
    ("数量翻一番", "翻一番", MULTIPLE, 2, "", 0),
    ("数量翻了三番", "翻了三番", MULTIPLE, 8, "", 0),
    ("数量翻两番", "翻两番", MULTIPLE, 4, "", 0),
    ("数量翻番", "翻番", MULTIPLE, 2, "", 0),
    ("数量翻了倍", "翻了倍", MULTIPLE, 2, "", 0),
    ("数量减半", "减半", MULTIPLE, 0.5, "", 0),
    ("增至三倍", "三倍", MULTIPLE, 3, "", 0),
    ("增加到3倍", "3倍", MULTIPLE, 3, "", 0),
    ("是去年的三倍", "三倍", MULTIPLE, 3, "", 0),
    ("第三家工厂", "第三", ORDINAL, 3, "", 1),
    ("第10次会议", "第10", ORDINAL, 10, "", 10),
    ("第二十一届", "第二十一", ORDINAL, 21, "", 1),
    ("党的十九大", "十九大", ORDINAL, 19, "", 1),
    ("党的二十大", "二十大", ORDINAL, 20, "", 10),
    ("7号楼", "7号", ORDINAL, 7, "", 1),
    ("三年级学生", "三年级", ORDINAL, 3, "", 1),
    ("前十名", "十", COUNT, 10, "", 10),
    ("指数报3286.07点", "3286.07点", COUNT, 3286.07, "", 0.01),
    ("评3 1/2星", "3 1/2", COUNT, 3.5, "", 0),
    ("系数为零点三五。", "零点三五", COUNT, 0.35, "", 0.01),
    ("系数为零点五", "零点五", COUNT, 0.5, "", 0.1),
    ("系数为三点四五", "三点四五", COUNT, 3.45, "", 0.01),
    ("项目持续了两年半", "两年半", DURATION, 30, "mo", 6),
    ("项目持续了三个半月", "三个半月", DURATION, 3.5, "mo", 0.5),
    ("项目持续了两个半小时", "两个半小时", DURATION, 9000, "s", 1800),
    ("身高165公分", "165公分", MEASURE, 1.65, "m", 0.01),
    ("年发电量为20亿度", "20亿度", MEASURE, 20e8 * 3.6e6, "J", 1e9 * 3.6e6),
    ("全月用电量3000度", "3000度", MEASURE, 3000 * 3.6e6, "J", 1000 * 3.6e6),
    ("电炉炉温900度", "900度", MEASURE, 900, "°C", 100),
    ("断电后，旋转360度", "360", COUNT, 360, "", 10),
    ("电视可旋转360度", "360", COUNT, 360, "", 10),
]


@pytest.mark.parametrize(("text", "words", "kind", "value", "unit", "step"), VALUES)
def test_value(text: str, words: str, kind: Kind, value: float, unit: str, step: float) -> None:
    read = only(text)
    assert text[read.start : read.end] == words
    assert (read.kind, read.unit) == (kind, unit)
    assert (read.low, read.high, read.step) == pytest.approx((value, value, step), rel=1e-9)


# Text, the words, kind, lower and upper end, unit.
RANGES: list[tuple[str, str, Kind, float, float, str]] = [
    ("增长5%至7%", "5%至7%", PERCENT, 5, 7, ""),
    ("增长5—7%", "5—7%", PERCENT, 5, 7, ""),
    ("增长5~7%", "5~7%", PERCENT, 5, 7, ""),
    ("增长5到7%", "5到7%", PERCENT, 5, 7, ""),
    ("增长3.70 % - 4.20 %", "3.70 % - 4.20 %", PERCENT, 3.7, 4.2, ""),
    ("800元到1200元", "800元到1200元", MONEY, 800, 1200, "CNY"),
    ("3至5万元", "3至5万元", MONEY, 3e4, 5e4, "CNY"),
    ("8000至1万元", "8000至1万元", MONEY, 8000, 1e4, "CNY"),
    ("5到7亿美元", "5到7亿美元", MONEY, 5e8, 7e8, "USD"),
    ("350万吨至400万吨", "350万吨至400万吨", MEASURE, 3.5e9, 4e9, "kg"),
    ("15到30米", "15到30米", MEASURE, 15, 30, "m"),
    ("375 到 400 公斤", "375 到 400 公斤", MEASURE, 375, 400, "kg"),
    ("三到五年", "三到五年", DURATION, 36, 60, "mo"),
    ("15-64岁", "15-64岁", DURATION, 180, 768, "mo"),
    ("二至三成", "二至三成", PERCENT, 20, 30, ""),
    ("12000至15000只", "12000至15000", COUNT, 12000, 15000, ""),
    ("七八十人", "七八十", COUNT, 70, 80, ""),
    ("三四百人", "三四百", COUNT, 300, 400, ""),
    ("一百七八十人", "一百七八十", COUNT, 170, 180, ""),
    ("两三千万元", "两三千万元", MONEY, 2e7, 3e7, "CNY"),
    ("一万六七千元", "一万六七千元", MONEY, 16000, 17000, "CNY"),
    ("七八成", "七八成", PERCENT, 70, 80, ""),
    ("十七八岁", "十七八岁", DURATION, 204, 216, "mo"),
]


@pytest.mark.parametrize(("text", "words", "kind", "low", "high", "unit"), RANGES)
def test_range(text: str, words: str, kind: Kind, low: float, high: float, unit: str) -> None:
    read = only(text)
    assert text[read.start : read.end] == words
    assert (read.kind, read.unit, read.checkable) == (kind, unit, True)
    assert (read.low, read.high) == pytest.approx((low, high), rel=1e-9)


# What may support another text's number, and accuses nobody.
VAGUE: list[tuple[str, Kind, float, float, Hedge]] = [
    ("数十人", COUNT, 20, 99, NONE),
    ("几十人", COUNT, 20, 99, NONE),
    ("數百人", COUNT, 200, 999, NONE),
    ("几百个", COUNT, 200, 999, NONE),
    ("数千家", COUNT, 2000, 9999, NONE),
    ("数百万元", MONEY, 2e6, 9999999, NONE),
    ("十几人", COUNT, 11, 19, NONE),
    ("二十几岁", DURATION, 252, 348, NONE),
    ("10几个", COUNT, 11, 19, NONE),
    ("几个", COUNT, 2, 9, NONE),
    ("若干", COUNT, 2, 9, NONE),
    ("上百人", COUNT, 100, 100, OVER),
    ("上千家", COUNT, 1000, 1000, OVER),
    ("上亿元", MONEY, 1e8, 1e8, OVER),
    ("百年", DURATION, 1200, 1200, NONE),
    ("三五天", DURATION, 3 * 86400, 5 * 86400, NONE),
    ("两三个", COUNT, 2, 3, NONE),
    ("一名工人", COUNT, 1, 1, NONE),
    ("一个多小时", DURATION, 3600, 3600, OVER),
    ("一天", DURATION, 86400, 86400, NONE),
    ("项目持续了一年半", DURATION, 18, 18, NONE),
    ("项目持续了一个半小时", DURATION, 5400, 5400, NONE),
    ("七折", PERCENT, 70, 70, NONE),
    ("首次", ORDINAL, 1, 1, NONE),
    ("冠军", ORDINAL, 1, 1, NONE),
    ("第一名", ORDINAL, 1, 1, NONE),
    ("第二天", COUNT, 2, 2, NONE),
    ("二战", COUNT, 2, 2, NONE),
    ("双方", COUNT, 2, 2, NONE),
    ("两国", COUNT, 2, 2, NONE),
    ("十四五规划", COUNT, 14, 14, NONE),
    ("成千上万", COUNT, 1000, 99999, NONE),
    ("成百上千", COUNT, 100, 9999, NONE),
    ("数以百计", COUNT, 100, 999, NONE),
    ("数以百万计", COUNT, 1e6, 9999999, NONE),
]


@pytest.mark.parametrize(("text", "kind", "low", "high", "hedge"), VAGUE)
def test_what_only_supports(text: str, kind: Kind, low: float, high: float, hedge: Hedge) -> None:
    read = only(text)
    assert (read.kind, read.low, read.high, read.hedge, read.checkable) == (kind, low, high, hedge, False)


HEDGES: list[tuple[str, str, Hedge]] = [
    ("投入近6亿元", "近6亿元", ALMOST),
    ("投入将近6亿元", "将近6亿元", ALMOST),
    ("投入约6亿元", "约6亿元", ABOUT),
    ("投入大约6亿元", "大约6亿元", ABOUT),
    ("约为6亿元", "约为6亿元", ABOUT),
    ("投入6亿元左右", "6亿元左右", ABOUT),
    ("來了30人左右", "30人左右", ABOUT),
    ("投入不到6亿元", "不到6亿元", UNDER),
    ("投入不足6亿元", "不足6亿元", UNDER),
    ("投入低于6亿元", "低于6亿元", UNDER),
    ("低於6億元", "低於6億元", UNDER),
    ("18岁以下", "18岁以下", UNDER),
    ("至多3人", "至多3", UP_TO),
    ("最多10个", "最多10", UP_TO),
    ("不超过5%", "不超过5%", UP_TO),
    ("7天以内", "7天以内", UP_TO),
    ("超6亿元", "超6亿元", OVER),
    ("超过了6亿元", "超过了6亿元", OVER),
    ("逾600只", "逾600", OVER),
    ("突破6亿元", "突破6亿元", OVER),
    ("20多家", "20多", OVER),
    ("三十余家", "三十余", OVER),
    ("6亿多元", "6亿多元", OVER),
    ("三年多", "三年多", OVER),
    ("两个多月", "两个多月", OVER),
    ("3米以上", "3米以上", OVER),
    ("半数以上", "半数以上", OVER),
    ("过半", "过半", OVER),
    ("超半数", "超半数", OVER),
    ("翻了一番多", "翻了一番多", OVER),
    ("近百名工人", "近百", ALMOST),
    ("百余名工人", "百余", OVER),
    ("逾千万元", "逾千万元", OVER),
    ("突破万亿元", "突破万亿元", OVER),
    ("至少12只", "至少12", AT_LEAST),
    ("至少有12只", "至少有12", AT_LEAST),
    ("不少于12只", "不少于12", AT_LEAST),
    ("不低于12%", "不低于12%", AT_LEAST),
    ("最近3天", "3天", NONE),
    ("纽约3000人", "3000", NONE),
    ("附近3家", "3", NONE),
    ("近三年来", "近三年", NONE),
    ("中超3轮", "3", NONE),
    ("三人多次受伤", "三", NONE),
    ("十来个", "十来", ABOUT),
    ("最多可容纳500人", "500", UP_TO),
    ("至少能接待200人", "200", AT_LEAST),
    ("最少需要3天", "3天", AT_LEAST),
    ("至少将新建约30所", "约30", ABOUT),
    ("最多可以容纳，500人", "500", NONE),
    ("最多可容纳近万名观众", "近万", ALMOST),
]


@pytest.mark.parametrize(("text", "words", "hedge"), HEDGES)
def test_hedge(text: str, words: str, hedge: Hedge) -> None:
    read = only(text)
    assert (text[read.start : read.end], read.hedge, read.checkable) == (words, hedge, True)


DIRECTIONS: list[tuple[str, list[int]]] = [
    ("产量上升5%", [1]),
    ("产量下降5%", [-1]),
    ("成本下跌3%，销量增长5%", [-1, 1]),
    ("由40%升至70%", [1, 1]),
    ("由70%降到40%", [-1, -1]),
    ("涨3%", [1]),
    ("跌了近3%", [-1]),
    ("亏损3亿元", [-1]),
    ("盈利3亿元", [1]),
    ("盈利下降5%", [-1]),
    ("扭亏为盈，盈利3亿元", [1]),
    ("不降反升，达到5%", [0]),
    ("价格没有上涨5%", [0]),
    ("出口增长5%而进口下降3%", [0, 0]),
    ("-3.2%", [-1]),
    ("降雨30毫米", [0]),
    ("全长3公里", [0]),
    ("上調25個基點", [1]),
]


@pytest.mark.parametrize(("text", "signs"), DIRECTIONS)
def test_direction(text: str, signs: list[int]) -> None:
    assert [read.direction for read in found(text)] == signs


def test_growth_by_and_growth_to_are_told_apart() -> None:
    for text, value in {
        "利润增加两倍": 3,
        "利润增长1.5倍": 2.5,
        "利润增长了近两倍": 3,
        "比去年多两倍": 3,
        "比去年高出一倍": 2,
        "增加一倍": 2,
        "利润增加到两倍": 2,
        "达到去年的两倍": 2,
        "相当于两倍": 2,
    }.items():
        checked = [read for read in found(text) if read.checkable]
        assert [(read.kind, read.low) for read in checked] == [(MULTIPLE, value)], text


def test_units_are_shared_along_a_list() -> None:
    assert [(read.low, read.unit) for read in found("3、5、7公里")] == [(3000, "m"), (5000, "m"), (7000, "m")]
    assert [read.low for read in found("16和12纳米")] == pytest.approx([1.6e-8, 1.2e-8])
    assert [read.low for read in found("6000万元和2亿元")] == [6e7, 2e8]


def test_a_change_is_two_quantities() -> None:
    assert [read.low for read in found("由3万吨提高到8万吨")] == [3e7, 8e7]
    assert [read.low for read in found("从40%升至70%")] == [40, 70]


def test_the_parts_of_a_time_are_told_and_its_sum_supports() -> None:
    read = found("用时2小时17分48秒")
    assert [(part.low, part.checkable) for part in read] == [(7200, True), (1020, True), (48, True), (8268, False)]
    assert [(part.low, part.checkable) for part in found("1分08秒84")] == [(60, True), (8.84, True), (68.84, False)]
    assert [part.low for part in found("1年3个月")] == [12, 3, 15]
    assert [part.kind for part in found("得了1分")] == [COUNT]


def test_a_score_is_two_numbers() -> None:
    assert [read.low for read in found("以3：1获胜")] == [3, 1]
    assert [read.low for read in found("以3-1获胜")] == [3, 1]


NOTHING = (
    "万一 一带一路 周三 星期三 礼拜天 千万不要 一直 一些 一样 一起 统一 唯一 之一 百姓 千方百计 "
    "四川 百度 万科 三亚 六安 十堰 九寨沟 一线 三农 三番五次 半导体 半决赛 十分重要 G20峰会 5G网络 "
    "C919客机 新冠-19 歼-20 802.11n 1.2.3版 400-123-4567 PM2.5 0086 COVID-19 iPhone15 二〇二四年 2024年 "
    "万里长城 百货 千岛湖 半岛 零售 一共 进一步 独一无二 万家乐 8848x 双汇 "
)


@pytest.mark.parametrize("text", [text for text in NOTHING.split(" ") if text])
def test_idioms_names_and_codes_are_no_quantities(text: str) -> None:
    assert not [read for read in found(text) if read.checkable]


LOOKALIKES = {"十分钟": 600.0, "三分球3个": 3.0, "一周三次": 3.0, "百分之十": 10.0, "四川三地": 3.0}


@pytest.mark.parametrize(("text", "value"), list(LOOKALIKES.items())[:2])
def test_a_number_prevails_over_a_shorter_idiom(text: str, value: float) -> None:
    assert found(text)[-1].low == value


MALFORMED: list[tuple[str, str]] = [
    ("营收€60n", "€60n"),
    ("售价$5q起", "$5q"),
    ("增长%，", "%"),
    ("增长3..5%", "3..5"),
    ("共1,00,0万", "1,00,0"),
    ("占百分60", "百分6"),
    ("占百分六十", "百分六"),
    ("共5亿万元", "5亿万"),
    ("共6 0亿元", "6 0"),
    ("增长5%%", "5%%"),
    ("投资€ 亿", "€ 亿"),
    ("增长3.,5%", "3.,5"),
]


@pytest.mark.parametrize(("text", "words"), MALFORMED)
def test_malformed(text: str, words: str) -> None:
    assert [text[fault.start : fault.end] for fault in quantities(text, [])[1]] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "€60mn",
        "$5m",
        "$20 a day",
        "单位为%",
        "百分一百",
        "满300 0元起",
        "$5AUD",
        "￥3.5亿",
        "5%",
        "共1,000,000元",
        "亿万富翁",
        "百分百",
        "百分点",
        "3, 05%",
        "占比（%）",
    ],
)
def test_well_formed(text: str) -> None:
    assert not quantities(text, [])[1]


def test_nothing_is_read_where_another_reader_has_read() -> None:
    text = "2024年5月3日有3人"
    assert [read.low for read in quantities(text, [(0, 9)])[0]] == [3]


@pytest.mark.parametrize(
    "piece", ["1", "万", "一", "（((", "\ud83d", "0.", "億", "半", "翻", "¥", "百分", "1万", "3至", "第"]
)
def test_hostile_text_does_not_hang(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    found("热身")
    began = time.process_time()
    quantities(text, [])
    # A guard against hanging: what backtracks or is quadratic takes minutes. The benchmark measures the seconds.
    assert time.process_time() - began < 20


@pytest.mark.parametrize("text", ["1" * 100_000, "万" * 1_000_000, "（([" * 330_000, "\ud83d" * 1_000_000])
def test_a_megabyte_of_nothing_does_not_hang(text: str) -> None:
    found("热身")
    began = time.process_time()
    assert quantities(text, []) == ([], [])
    assert time.process_time() - began < 20


PIECES = [
    *"0123456789一两三十百千万亿半双多余来几数点,.%％元年月日个倍成折第近约超至到和、-—（） \n¥$gx",
    "美元",
    "公里",
    "百分之",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_spans_are_in_order_and_in_the_text(text: str) -> None:
    read, faults = quantities(text, [])
    spans = [(quantity.start, quantity.end) for quantity in read] + [(fault.start, fault.end) for fault in faults]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    for quantity in read:
        assert quantity.low <= quantity.high
        assert quantity.step >= 0
    assert [quantity.end for quantity in read] == sorted(quantity.end for quantity in read)
    assert quantities(text, []) == (read, faults)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    quantities(text, [])


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**9), st.sampled_from(["元", "公里", "个", "%", "小时", "倍"]))
def test_grouping_and_width_change_nothing(number: int, unit: str) -> None:
    plain = found(f"共{number}{unit}")
    wide = str(number).translate({ord(str(digit)): chr(ord("０") + digit) for digit in range(10)})
    assert [read[2:] for read in found(f"共{number:,}{unit}")] == [read[2:] for read in plain]
    assert found(f"共{wide}{unit}") == plain
