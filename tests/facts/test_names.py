"""Names in and across Chinese and English: tables of sentences of our own, properties, hostile input, faithful data."""

import gzip
import json
import random
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.facts.names import NameIndex, Standing, names
from tercet.facts.names.folding import folded
from tercet.facts.names.glosses import glosses
from tercet.facts.names.heard import SoundIndex, transliterating
from tercet.facts.names.pinyin import syllables
from tercet.facts.names.sound import ALIKE, sounds, weight

YES, NO, UNSURE = Standing.SUPPORTED, Standing.ABSENT, Standing.UNKNOWN

# An English sentence, a Chinese source, a name of the sentence, what the source says of it.
ENGLISH_TO_CHINESE = [
    ("The Dutch minister left early.", "荷兰大臣提前离开。", "Dutch", YES),
    ("The Danish minister left early.", "荷兰大臣提前离开。", "Danish", NO),
    ("They flew to Italy.", "他们飞往意大利。", "Italy", YES),
    ("Two Italians were hurt.", "两名意大利人受伤。", "Italians", YES),
    ("Two Italians were hurt.", "两名西班牙人受伤。", "Italians", NO),
    ("An American firm won.", "一家美企中标。", "American", YES),
    ("The U.S. side agreed.", "美方表示同意。", "U.S.", YES),
    ("The US side agreed.", "英方表示同意。", "US", NO),
    ("Talks between China and the US began.", "中美开始会谈。", "China", YES),
    ("Talks between China and the US began.", "中美开始会谈。", "US", YES),
    ("Talks between China and France began.", "中美开始会谈。", "France", NO),
    ("The law was changed in France.", "该方法和法律已修改。", "France", NO),  # 法 in 方法 is no country
    ("It came from Beauty Street in America.", "这条街很美丽。", "America", NO),  # nor 美 in 美丽
    ("He arrived in Japan.", "他7月26日抵达。", "Japan", NO),  # nor 日 after a digit
    ("Washington rejected the plan.", "美国拒绝了该计划。", "Washington", YES),
    ("Beijing rejected the plan.", "中方拒绝了该计划。", "Beijing", YES),
    ("Moscow rejected the plan.", "俄罗斯拒绝了该计划。", "Moscow", YES),
    ("Paris rejected the plan.", "德国拒绝了该计划。", "Paris", NO),
    ("The storm reached Florida.", "风暴抵达佛州。", "Florida", YES),
    ("The storm reached Florida.", "风暴抵达得州。", "Florida", NO),
    ("The storm reached Texas.", "风暴抵达得州。", "Texas", YES),
    ("Hong Kong shares fell.", "港股下跌。", "Hong Kong", YES),
    ("Singapore shares fell.", "港股下跌。", "Singapore", NO),
    ("Vietnam and Brunei signed.", "越文两国签署协议。", "Brunei", YES),
    ("The road follows the Yellow River.", "公路沿黄河而行。", "Yellow River", YES),
    ("The road follows the Yellow River.", "公路沿长江而行。", "Yellow River", NO),
    ("Ships crossed the Atlantic.", "船只横渡大西洋。", "Atlantic", YES),
    ("Ships crossed the North Sea.", "船只横渡大西洋。", "North Sea", NO),
    ("A museum opened in Seattle.", "西雅图一家博物馆开馆。", "Seattle", YES),
    ("A museum opened in Vladivostok.", "西雅图一家博物馆开馆。", "Vladivostok", NO),
    ("Asian markets rose.", "亚洲市场上涨。", "Asian", YES),
    ("Southeast Asia grew.", "东南亚经济增长。", "Asia", YES),
    ("The port of Osaka closed.", "大阪港关闭。", "Osaka", YES),
    ("Zhou Minyi runs the clinic.", "诊所由周敏仪负责。", "Zhou Minyi", YES),
    ("Minyi Zhou runs the clinic.", "诊所由周敏仪负责。", "Minyi Zhou", YES),
    ("Zhang Weilin runs the clinic.", "诊所由周敏仪负责。", "Zhang Weilin", NO),
    ("The clinic is run by He Dayong.", "诊所由何大勇负责。", "He Dayong", YES),
    ("The clinic is run by He Dalong.", "诊所由何大勇负责。", "He Dalong", NO),
    ("The clinic is in Qinhuai.", "诊所在秦淮区。", "Qinhuai", YES),
    ("Tea from Pu'an sold well.", "普安的茶叶畅销。", "Pu'an", YES),
    ("Velkora will build it, said Velkora.", "维尔科拉（Velkora）将兴建。", "Velkora", YES),
    ("The firm Velkora will build it.", "维尔科拉将兴建。", "Velkora", YES),  # by its sound
    ("The firm Brandtmark will build it.", "维尔科拉将兴建。", "Brandtmark", NO),
    ("It was signed by Annegret Solms.", "安内格蕾特·佐尔姆斯签了字。", "Annegret Solms", YES),
    ("It was signed by Robert Lindqvist.", "安内格蕾特·佐尔姆斯签了字。", "Robert Lindqvist", NO),
    ("It was signed by Velda Fung.", "冯女士签了字。", "Velda Fung", UNSURE),  # Cantonese has its own way
    ("It was signed by Shigeru Tanaka.", "他签了字。", "Shigeru Tanaka", UNSURE),
    ("It was signed by Kwon Ji-woo.", "韩方代表签了字。", "Kwon Ji-woo", UNSURE),
    ("The Silver Harbour Trust paid.", "银港信托付了钱。", "Silver Harbour Trust", None),  # no name, for all we know
    ("He works for IBM.", "他在IBM工作。", "IBM", YES),
    ("He works for IBM.", "他在一家公司工作。", "IBM", UNSURE),
    ("The World Health Organization warned.", "世卫组织发出警告。", "World Health Organization", YES),
    ("The Transportaion Board met.", "运输委员会开会。", "Transportaion", UNSURE),  # a slip, no name
    ("The Assyrians came.", "他们来了。", "Assyrians", UNSURE),
    ("Taiwan reported it.", "臺灣通報了此事。", "Taiwan", YES),
    ("Germany reported it.", "臺灣通報了此事。", "Germany", NO),
    ("Michelangelo painted it.", "米开朗基罗画了它。", "Michelangelo", YES),  # CC-CEDICT has 米开朗琪罗
    ("Brexit talks in Wednesday's France ended.", "法国的会谈周三结束。", "Wednesday", None),
]  # fmt: skip
# A Chinese sentence, an English source, a name of the sentence, what the source says of it.
CHINESE_TO_ENGLISH = [
    ("荷兰大臣提前离开。", "The Dutch minister left early.", "荷兰", YES),
    ("丹麦大臣提前离开。", "The Dutch minister left early.", "丹麦", NO),
    ("他们飞往意大利。", "They flew to Italy.", "意大利", YES),
    ("他们飞往意大利。", "They flew to Spain.", "意大利", NO),
    ("美国同意了。", "The U.S. agreed.", "美国", YES),
    ("美国同意了。", "Washington agreed.", "美国", YES),
    ("美国同意了。", "They gave us their word.", "美国", NO),  # us is no country
    ("中国同意了。", "Sino-French trade grew.", "中国", YES),
    ("法国同意了。", "Paris agreed.", "法国", YES),
    ("土耳其同意了。", "They ate turkey.", "土耳其", NO),
    ("土耳其同意了。", "He went to Turkey.", "土耳其", YES),
    ("哈萨克斯坦同意了。", "The Kazakh side agreed.", "哈萨克斯坦", YES),
    ("斯里兰卡队赢了。", "The Sri Lankan team won.", "斯里兰卡", YES),
    ("亚洲市场上涨。", "Asian markets rose.", "亚洲", YES),
    ("欧盟同意了。", "The European Union agreed.", "欧盟", YES),
    ("欧盟同意了。", "The African Union agreed.", "欧盟", NO),
    ("风暴抵达佛罗里达州。", "The storm reached Florida.", "佛罗里达州", YES),
    ("他在新泽西上学。", "He goes to school in NJ.", "新泽西", YES),
    ("他在新泽西上学。", "He goes to school in Ohio.", "新泽西", NO),
    ("特朗普主义兴起。", "Trumpism rose.", "特朗普", YES),
    ("默克尔讲了话。", "Merkel spoke.", "默克尔", YES),
    ("默克尔讲了话。", "Nobody spoke.", "默克尔", NO),
    ("敖德萨停电。", "The lights went out in Odesa.", "敖德萨", UNSURE),  # CC-CEDICT has Odessa
    ("莫斯科下雪。", "It snowed in Moscow.", "莫斯科", YES),
    ("莫斯科下雪。", "It snowed in Oslo.", "莫斯科", NO),
    ("公路通往黑龙江省。", "The road leads to Heilongjiang.", "黑龙江省", YES),
    ("公路通往黑龙江省。", "The road leads to Guizhou.", "黑龙江省", NO),
    ("普安县产茶。", "Tea grows in Pu'an county.", "普安县", YES),
    ("发展中国家受益。", "Developing countries gain.", "中国", UNSURE),  # not the country
    ("今日本报讯。", "Our paper reports.", "日本", UNSURE),
    ("加西亚赢了。", "Garcia won.", "西亚", None),
    ("美国在线降价。", "AOL cut its prices.", "美国", UNSURE),
    ("英国广播公司报道。", "The BBC reported.", "英国", UNSURE),
    ("研究员卢思齐说，可以。", "Yes, said the researcher Lu Siqi.", "卢思齐", YES),
    ("研究员卢思齐说，可以。", "Yes, said the researcher Wang Bo.", "卢思齐", NO),
    ("研究员许正宇说，可以。", "Yes, said Christopher Hui, a researcher.", "许正宇", UNSURE),
    ("何大勇说，可以。", "He said yes.", "何大勇", NO),  # He is a pronoun
    ("何大勇说，可以。", "Yes, said He Dayong.", "何大勇", YES),
    ("于是说，可以。", "So, yes.", "于是", None),
    ("安内格蕾特·佐尔姆斯签字。", "Annegret Solms signed.", "安内格蕾特·佐尔姆斯", YES),
    ("安内格蕾特·佐尔姆斯签字。", "Robert Lindqvist signed.", "安内格蕾特·佐尔姆斯", NO),
    ("总经理汤姆·哈里森签字。", "Tom Harrison signed.", "汤姆·哈里森", YES),
    ("维尔科拉（Velkora）获利。", "Velkora made a profit.", "维尔科拉", YES),
    ("维尔科拉（Velkora）获利。", "Velkora made a profit.", "Velkora", YES),
    ("维尔科拉（Velkora）获利。", "Nerolith made a profit.", "Velkora", NO),
    ("他在IBM工作。", "He works at IBM.", "IBM", YES),
    ("他在IBM工作。", "He works for International Business Machines.", "IBM", YES),
    ("他在IBM工作。", "He works at Nokia.", "IBM", NO),
    ("Mistral AI融资。", "MistralAI raised money.", "Mistral AI", YES),
    ("Østensjø区最大。", "Ostensjo is largest.", "Østensjø", YES),
    ("他用app付款。", "He pays by phone.", "app", None),
    ("法國同意了。", "France agreed.", "法國", YES),
    ("德國同意了。", "France agreed.", "德國", NO),
]  # fmt: skip
# Both in one language.
WITHIN = [
    ("en", "Annegret Solms resigned.", "The chief, Ms Solms (Annegret to friends), resigned.", "Annegret Solms", YES),
    ("en", "Annegret Solms resigned.", "Ms Falk resigned.", "Annegret Solms", NO),
    ("en", "Later Annegret Falk resigned.", "Later Annegret Solms resigned.", "Annegret Falk", NO),
    ("en", "It rose in Velkora's plant.", "VELKORA has a plant.", "Velkora", YES),
    ("en", "She met Sigurd Åsvold.", "Sigurd Asvold met her.", "Sigurd Åsvold", YES),
    ("en", "The Bank of England paused.", "The BoE paused.", "Bank of England", YES),
    ("en", "The WFP paused.", "The World Food Programme paused.", "WFP", YES),
    ("en", "The WFP paused.", "The agency paused.", "WFP", NO),
    ("en", "American troops left.", "U.S. troops left.", "American", YES),
    ("en", "American troops left.", "French troops left.", "American", NO),
    ("en", "London agreed.", "Britain agreed.", "London", YES),
    ("en", "On Monday in March, President Solms left.", "Solms left.", "Monday", None),
    ("en", "New Housing Rules Take Effect In Kamenz", "Rules on housing change.", "Kamenz", UNSURE),  # a title
    ("en", "The rules apply in Kamenz.", "Rules on housing change.", "Kamenz", NO),
    ("en", "THE RULES APPLY IN KAMENZ.", "Rules on housing change.", "KAMENZ", UNSURE),
    ("zh", "美国同意了。", "美方表示同意。", "美国", YES),
    ("zh", "美国同意了。", "法方表示同意。", "美国", NO),
    ("zh", "佛罗里达州停电。", "佛州停电。", "佛罗里达州", YES),
    ("zh", "研究员卢思齐说。", "卢思齐是研究员。", "卢思齐", YES),
    ("zh", "研究员卢思齐说。", "卢思远是研究员。", "卢思齐", NO),
    ("zh", "安内格蕾特·佐尔姆斯签字。", "佐尔姆斯签字。", "安内格蕾特·佐尔姆斯", YES),
    ("zh", "安内格蕾特·佐尔姆斯签字。", "林德奎斯特签字。", "安内格蕾特·佐尔姆斯", NO),
    ("zh", "维尔科拉（Velkora）获利。", "公司Velkora获利。", "维尔科拉", YES),
    ("zh", "他在IBM工作。", "他在诺基亚工作。", "IBM", UNSURE),
    ("zh", "中國同意了。", "中国同意了。", "中國", YES),
]  # fmt: skip


def standing(candidate: str, language: str, source: str, other: str, name: str) -> Standing | None:
    """Say what a source says of the first name of a candidate that holds these words; None where it is no name."""
    index = NameIndex(source, other)
    found = next((item for item in names(candidate, language) if name in item.text), None)
    return None if found is None else index.verdict(found).standing


@pytest.mark.parametrize(("candidate", "source", "name", "expected"), ENGLISH_TO_CHINESE)
def test_english_names_in_a_chinese_text(candidate: str, source: str, name: str, expected: Standing | None) -> None:
    assert standing(candidate, "en", source, "zh", name) is expected


@pytest.mark.parametrize(("candidate", "source", "name", "expected"), CHINESE_TO_ENGLISH)
def test_chinese_names_in_an_english_text(candidate: str, source: str, name: str, expected: Standing | None) -> None:
    assert standing(candidate, "zh", source, "en", name) is expected


@pytest.mark.parametrize(("language", "candidate", "source", "name", "expected"), WITHIN)
def test_names_within_a_language(
    language: str, candidate: str, source: str, name: str, expected: Standing | None
) -> None:
    assert standing(candidate, language, source, language, name) is expected


def test_the_span_is_the_place_of_support() -> None:
    source = "据报道，美方与周敏仪会谈，维尔科拉缺席。"
    index = NameIndex(source, "zh")
    found = {name.text: index.find(name) for name in names("Zhou Minyi met American diplomats; Velkora did not.", "en")}
    places = {text: source[slice(*span)] for text, span in found.items() if span}
    assert places == {"Zhou Minyi": "周敏仪", "American": "美", "Velkora": "维尔科拉"}


def test_what_is_not_checkable_is_never_absent() -> None:
    name = names("They met in Kamenz.", "en")[0]
    assert NameIndex("A text of nothing.", "en").verdict(name).standing is NO
    assert NameIndex("A text of nothing.", "en").verdict(name._replace(checkable=False)).standing is UNSURE


SENTENCES = [row[0] for row in ENGLISH_TO_CHINESE] + [row[1] for row in CHINESE_TO_ENGLISH]
CHINESE = [row[1] for row in ENGLISH_TO_CHINESE] + [row[0] for row in CHINESE_TO_ENGLISH]


@pytest.mark.parametrize(("language", "sentences"), [("en", SENTENCES), ("zh", CHINESE)])
def test_a_text_has_its_own_names(language: str, sentences: list[str]) -> None:
    for text in sentences:
        index = NameIndex(text, language)
        assert all(index.verdict(name).standing is YES for name in names(text, language)), text


@given(st.text(st.sampled_from("ABab Zz.·-'’德国佐尔姆斯美说（）()\n李12\ud83d")), st.sampled_from(["en", "zh"]))
@settings(max_examples=300, deadline=None)
def test_names_stand_where_they_say_in_order_and_apart(text: str, language: str) -> None:
    found = names(text, language)
    assert found == names(text, language)
    assert all(text[name.start : name.end] == name.text and name.text for name in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for other in ("en", "zh"):
        index = NameIndex(text, other)
        for name in found:
            verdict = index.verdict(name)
            assert (verdict.span is not None) == (verdict.standing is YES)
            assert verdict.span is None or 0 <= verdict.span[0] < verdict.span[1] <= len(text)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_lower_case_has_no_names_and_capitals_accuse_nobody() -> None:
    for candidate, source, _, _ in ENGLISH_TO_CHINESE:
        assert not names(candidate.lower(), "en")
        index = NameIndex(source, "zh")
        shouted = [name for name in names(candidate.upper(), "en") if index.verdict(name).standing is NO]
        plain = [name.text.upper() for name in names(candidate, "en") if index.verdict(name).standing is NO]
        assert {name.text for name in shouted} <= set(plain), candidate


def test_the_ear_hears_the_dictionarys_transliterations_and_little_else() -> None:
    """CC-CEDICT's one-word names against their own transliteration, and against another's."""
    pairs = [
        (gloss.names[0], gloss.chinese)
        for gloss in glosses()
        if gloss.names and gloss.names[0].isalpha() and not syllables(folded(gloss.names[0]))
        and len(gloss.chinese) > 2 and transliterating().issuperset(gloss.chinese)
        and weight(sounds(gloss.names[0])) >= 2
    ]  # fmt: skip
    others = random.Random(0).sample([chinese for _, chinese in pairs], len(pairs))
    own = [SoundIndex(chinese).nearest(name)[0] <= ALIKE for name, chinese in pairs]
    strange = [SoundIndex(other).nearest(name)[0] <= ALIKE for (name, _), other in zip(pairs, others, strict=True)]
    assert len(pairs) > 1200
    assert sum(own) / len(own) > 0.9  # some are translations in part: 牛津, Oxford
    assert sum(strange) / len(strange) < 0.1


HOSTILE = {
    "digits": "1" * 300_000,
    "万": "万" * 300_000,
    "brackets": "（(" * 150_000,
    "capitals": "A" * 300_000,
    "capitals apart": "A " * 150_000,
    "apostrophes": "A'" * 150_000,
    "stops": "A." * 150_000,
    "quotation marks": '"' * 300_000 + "A",
    "surrogates": "\ud83d" * 300_000,
    "transliterations": "德" * 300_000,
    "dots": "德·" * 150_000,
    "given names": "佐尔姆斯（Solms）" * 27_000,
    "countries": "中国" * 150_000,
    "speakers": "张三丰说" * 75_000,
    "short forms": "美" * 300_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_seconds_not_minutes(text: str) -> None:
    wanted = names("Zhou Minyi met Annegret Solms of Turkey, and Peter Quarrington of the WHO, in America.", "en")
    wanted += names("研究员卢思齐说，安内格蕾特·佐尔姆斯（Solms）在美国见IBM。", "zh")
    begun = time.process_time()
    for language in ("en", "zh"):
        names(text, language)
        index = NameIndex(text, language)
        for name in wanted:
            index.verdict(name)
    # Six passes over 300,000 characters: less than a second, and more when traced. What is quadratic takes minutes.
    assert time.process_time() - begun < 20


def lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode().split("\n")[:-1]


def flagged(pairs: list[tuple[str, str]], language: str, other: str) -> float:
    accused = 0
    for candidate, source in pairs:
        index = NameIndex(source, other)
        accused += any(index.verdict(name).standing is NO for name in names(candidate, language))
    return accused / len(pairs)


@pytest.mark.parametrize(
    ("candidate", "source", "language", "other"),
    [
        ("wmt23/zh-en/ref.refA.en.gz", "wmt23/zh-en/src.zh.gz", "en", "zh"),
        ("wmt23/en-zh/ref.refA.zh.gz", "wmt23/en-zh/src.en.gz", "zh", "en"),
        ("flores-dev/zh-en/ref.A.en.gz", "flores-dev/zh-en/src.zh.gz", "en", "zh"),
        ("flores-dev/en-zh/ref.A.zh.gz", "flores-dev/en-zh/src.en.gz", "zh", "en"),
    ],
)
def test_faithful_translations_are_hardly_ever_accused(
    shared: Path, candidate: str, source: str, language: str, other: str
) -> None:
    data = shared / "data"
    pairs = list(zip(lines(data / candidate), lines(data / source), strict=True))
    assert flagged(pairs, language, other) <= 0.02


def test_replaced_names_are_found_and_good_sentences_let_pass(shared: Path) -> None:
    path = shared / "data" / "contrastive_zh_en" / "demetr_even.jsonl.gz"
    rows = [json.loads(line) for line in lines(path)]
    spoilt = [(row["bad"], row["src"]) for row in rows if "ne_replaced" in row["id"]]
    good = sorted({(row[kind], row["src"]) for row in rows for kind in ("good", "ref")})
    assert flagged(spoilt, "en", "zh") >= 0.7
    assert flagged(good, "en", "zh") <= 0.02
