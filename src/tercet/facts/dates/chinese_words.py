"""Chinese numerals as dates use them, and the patterns of dates; characters are simplified, digits ASCII."""

from functools import lru_cache

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
NUMERALS = "〇○零一二三四五六七八九十"

_UNIT = "[一二三四五六七八九]"
DAY = f"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十{_UNIT}?|廿{_UNIT}?|{_UNIT})(?![0-9{NUMERALS}])"
MONTH = f"(?:1[0-2]|0?[1-9]|十[一二]?|{_UNIT})(?![0-9{NUMERALS}])"
YEAR = f"(?:(?:1[0-9]|20)[0-9]{{2}}|2100|[一二][{NUMERALS[:-1]}]{{3}})"
JOIN = "(?: ?[、和与及至到或~～–—-] ?|以及)"
QUARTER = "[一二三四1-4]"
WEEKDAY = "(?:周|星期|礼拜)[一二三四五六日天]"
WEEKDAY_OF = {character: number for number, character in enumerate("一二三四五六日")} | {"天": 6}


@lru_cache(maxsize=4096)
def number(word: str) -> int:
    """Read digits, digits in characters (二〇二四) or a numeral below a hundred (三十一); -1 for what is none.

    >>> number("二〇二四"), number("二十"), number("十一"), number("廿三"), number("07")
    (2024, 20, 11, 23, 7)
    """
    if word.isascii() and word.isdecimal():
        return int(word)
    word = word.replace("廿", "二十")
    if "十" not in word:
        value = 0
        for digit in word:
            if digit not in _DIGITS:
                return -1
            value = 10 * value + _DIGITS[digit]
        return value if word else -1
    tens, _, units = word.partition("十")
    if len(tens) > 1 or len(units) > 1:
        return -1
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(units, 0)
