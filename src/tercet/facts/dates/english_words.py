"""English names of months, weekdays and small numbers, and the patterns of dates that they stand in."""


def word_list(words: str) -> tuple[str, ...]:
    """Cut words at their spaces."""
    return tuple(words.split())


def word_set(words: str) -> frozenset[str]:
    """Cut words at their spaces, for looking them up."""
    return frozenset(words.split())


_UNITS = word_list(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = word_list("twenty thirty forty fifty sixty seventy eighty ninety")
_FIRST = word_list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"
)
_MONTHS = word_list("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
_WEEKDAYS = word_list("Mon Tue Wed Thu Fri Sat Sun")

# By their first three letters.
MONTH_OF = {form: n for n, stem in enumerate(_MONTHS, 1) for form in (stem, stem.lower())}
WEEKDAY_OF = {form: n for n, stem in enumerate(_WEEKDAYS) for form in (stem, stem.lower())}
STEPS = {"last": -1, "this": 0, "next": 1}
NUMBERS = {word: n for n, word in enumerate(_UNITS, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
NUMBERS |= {"a": 1, "an": 1}
ORDINALS = {word: n for n, word in enumerate(_FIRST, 1)}
DECADES = {word[:-1] + "ies": 10 * n for n, word in enumerate(_TENS, 2)}

MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b"
)
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
DAY = r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?\b(?![.,:]?[0-9]|%)"
JOIN = r"(?:,? and |,? or | to | through | until | ?[-–—] ?| ?& ?)"
YEAR = r"(?:1[0-9]|20|21)[0-9]{2}\b(?![.,][0-9]|%)"
NUMBER = "(?:[0-9]{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
ORDINAL = "(?:[0-9]{1,2}(?:st|nd|rd|th)|" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + ")"


def number(word: str) -> int:
    """Read a number of at most three digits, or a number word up to ninety."""
    return int(word) if word.isdecimal() else NUMBERS[word.lower()]


def ordinal(word: str) -> int:
    """Read an ordinal, such as 19th or nineteenth."""
    return int(word[:-2]) if word[0].isdecimal() else ORDINALS[word.lower()]
