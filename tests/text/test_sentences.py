"""Where sentences end, in English and Chinese news prose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.text.sentences import sentences

# Expected splits are written by hand; a bar stands between two sentences.
ENGLISH = [
    "Dr. Amara Osei said the trial worked. | Ms. Voss disagreed.",
    "Officials in St. Gallen met on Friday. | Nothing was decided.",
    "About 40 per cent of St. Louis voted. | The rest stayed home.",
    "The U.S. government sued on Monday. | The firm denied wrongdoing.",
    "Talks ended in the U.S. on Friday. | No deal came.",
    "He moved to the U.S. | He never returned.",
    "The U.K. economy grew by 0.2%. | Economists had expected 0.3%.",
    "Unit No. 4 failed at 2 a.m. on Sunday. | It was restarted by noon.",
    "Nos. 3 and 4 failed. | No. 5 ran.",
    "She lives at No. 10. | He does not.",
    "Did he pay? | No. | He refused.",
    "The store opens at 9 a.m. | Shoppers queued from dawn.",
    "The attack began at 2:47 a.m. on Saturday, Jan. 11. | Nobody noticed.",
    "Sales rose 3.5% to €1.2bn. | Profit fell.",
    "Shares fell to $21.40 from $24.75. | They later recovered.",
    "Version 2.0.1 is out. | It fixes 12 bugs.",
    "“It works,” said Ms. Voss. | “We were surprised.”",
    "“It works.” | She smiled.",
    '"We won." | The crowd cheered.',
    '"It is a new start," she said. | Work began in 2021.',
    "He asked, “Is it safe?” | Nobody answered.",
    "“Stop!” he shouted. | The train went on.",
    "Prices rose (by 3.5%). | Wages did not.",
    "Velkora Ltd. and Harrow Co. merged. | The price was secret.",
    "J. K. Rowling wrote it. | It sold well.",
    "Gov. Lena Ortiz signed the bill. | Sen. Paul Hite opposed it.",
    "Prof. Dr. Hans Meier of ETH spoke first. | Capt. Lee spoke last.",
    "Col. Reyes led the search; Lt. Park stayed behind. | It took 41 hours.",
    "The dam (built ca. 1950) leaks. | Repairs cost Rmb 5.6mn.",
    "Fewer than 5 per cent failed, vs. 9 per cent in 2020. | That is progress.",
    "See e.g. the report of 2023. | It is long.",
    "What happened? | Nobody knows! | The search continues.",
    "Visit example.org for more. | It is free.",
    "Central bank holds rates at 4.75%",
    "Hospital group back online after 18 days",
]
CHINESE = [
    "央行周三将基准利率维持在4.75%不变。|这是七次降息后的首次暂停。",
    "销售额403.2万元，增长26%。|均价420元/公斤。",
    "他说：“赢了。”|价格上涨3.5%。",
    "“分光了，大家高兴一年；留下三成，才买得起明年的机器。”|理事长罗永贵说。",
    "“价格贴在墙上，”她说，“心里有数。”",
    "“地养好了，芽头才壮。”|不过他也提醒，采茶工平均年龄已有57岁，“再过十年谁来采，现在就得想”。",
    "“这安全吗？”|记者问道。|没有人回答。",
    "“为什么？”|“因为便宜。”|他答。",
    "他喊道：“快跑！”|人群散开了。",
    "「我們贏了。」|他說。|觀眾歡呼。",
    "『真的？』|她問。",
    "【真的？】|她问。",
    "《真的？》出版了。|书评不一。",
    "《财经》杂志报道了此事。|公司没有回应。",
    "股价为什么下跌？|分析师看法不一！|市场仍在等待。",
    "真的吗？！|没有人相信。",
    "他停顿了一下……然后继续说。|大家都笑了。",
    "英伟达（Nvidia）投资了1500万美元。|微软没有参与。",
    "首批鲜叶2月11日开采。|（完）",
    "【本报讯】大桥周五通车。|市长出席了仪式。",
    "Mistral AI获得6亿欧元融资。|估值接近60亿欧元。",
    "气温降至零下2摄氏度；28台风扇运转到次日早上7点。|损失不足3%。",
    "贵州山村茶叶合作社第一季度销售额增长26%",
    "一座桥通车",
]


@pytest.mark.parametrize("marked", ENGLISH)
def test_english_sentences(marked: str) -> None:
    expected = marked.split(" | ")
    assert sentences(" ".join(expected), "en") == expected


@pytest.mark.parametrize("marked", CHINESE)
def test_chinese_sentences(marked: str) -> None:
    expected = marked.split("|")
    assert sentences("".join(expected), "zh") == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", " \n ", "\u2028"])
def test_a_line_break_ends_a_sentence_without_a_stop(end: str) -> None:
    assert sentences(f"A headline{end}The text begins. It ends.", "en") == [
        "A headline",
        "The text begins.",
        "It ends.",
    ]
    assert sentences(f"一座桥通车{end}大桥周五通车。", "zh") == ["一座桥通车", "大桥周五通车。"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000", "\t\r\n"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_text_without_words_has_no_sentences(text: str, language: str) -> None:
    assert sentences(text, language) == []


MARKS = st.text(alphabet="aB1 .,!?…“”\"'’()（）《》【】「」『』。！？；：、中文\n\u3000No.St ", max_size=60)


@settings(deadline=None)
@given(st.one_of(MARKS, st.text()), st.sampled_from(["en", "zh"]))
def test_no_character_is_lost_and_no_sentence_is_empty(text: str, language: str) -> None:
    found = sentences(text, language)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence and sentence == sentence.strip() for sentence in found)


@settings(deadline=None)
@given(st.one_of(MARKS, st.text()), st.sampled_from(["en", "zh"]))
def test_splitting_is_deterministic_and_leaves_lines_apart(text: str, language: str) -> None:
    found = sentences(text, language)
    assert found == sentences(text, language)
    assert found == [sentence for line in text.splitlines() for sentence in sentences(line, language)]


def test_a_line_longer_than_any_paragraph_is_cut_at_the_same_places() -> None:
    zh, en = "公司获得6亿欧元。他说：“好。”", "It rose 3.5%, said Ms. Voss. “Good,” she said. "
    assert sentences(zh * 2000, "zh") == sentences(zh, "zh") * 2000
    assert sentences(en * 2000, "en") == sentences(en, "en") * 2000
    assert sentences("x" * 9_000, "en") == ["x" * 9_000]
    assert [len(piece) for piece in sentences("x" * 50_000, "en")] == [20_000, 20_000, 10_000]


# What str.isspace calls a space beside the common one, and sentencex 1.0.32 panics over behind a letter.
WIDE = "\t\u00a0\u1680\u2003\u2009\u202f\u205f\u3000"


@pytest.mark.parametrize("space", WIDE)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wide_space_before_a_full_stop_is_kept_and_no_harm(space: str, language: str) -> None:
    assert sentences(f"A{space}. Bob said so. He left.", language) == [f"A{space}. Bob said so.", "He left."]


@pytest.mark.parametrize("end", ["b", " .", "\u00a0."])
def test_a_long_space_takes_no_longer_than_it_is(end: str) -> None:
    """A cubic pattern would take hours."""
    text = f"a{WIDE * 2_000}{end}"
    assert "".join("".join(sentences(text, "en")).split()) == "".join(text.split())


@given(st.lists(st.sampled_from([*"AbÉ文1.。!”,", *WIDE]), max_size=12).map("".join), st.sampled_from(["en", "zh"]))
def test_wide_spaces_anywhere_lose_nothing(text: str, language: str) -> None:
    assert "".join("".join(sentences(text, language)).split()) == "".join(text.split())
