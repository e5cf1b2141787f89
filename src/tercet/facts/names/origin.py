"""What language a name in Latin letters may come from, where Chinese does not write it by its sound."""

import re
from collections.abc import Iterable

_LONGEST = 40
# Hepburn's romanization: a consonant and a vowel, a long vowel as oh, a doubled consonant, and n.
_JAPANESE = re.compile(
    r"(?:(?:k(?=k)|p(?=p)|s(?=s)|t(?=t|ch))?(?:[bgkmnpr][aeiou]|h[aeio]|[sz][aeou]|[td][aeo]|j[aeiou]|y[aou]|wa|fu"
    r"|[sc]h[aeiou]|tsu|[bghkmnpr]y[aou]|[aeiou])h?|n(?![aeiouy]))+"
)
_KOREAN = re.compile(
    r"(?:(?:kk|tt|pp|ss|jj|ch|sh|[bcdghjklmnprstwy])?"
    r"(?:yeo|yoo|wae|you|ae|ya|eo|ye|oe|wa|wo|we|wi|yo|yu|eu|ui|oo|ee|[aeiou])(?:ng|[nmklpt](?![aeiouyw]))?)+"
)
# One syllable, as Korean, Vietnamese, Cantonese names and the older spellings of Chinese ones have them.
_ONE_SYLLABLE = re.compile(
    r"(?:[bcdfghjklmnpqrstvwxyz]|ch|kw|ng|nh|ph|th|tr|ts|sh|hs|gw|kh|gi|zh)?[aeiouy]{1,3}(?:ng|nh|ch|[nmkpthc])?"
)


def may_be_japanese(words: Iterable[str]) -> bool:
    """Say whether every folded word can be read as Japanese in Hepburn's romanization.

    >>> may_be_japanese(["shinzo", "abe"]), may_be_japanese(["annegret", "solms"])
    (True, False)
    """
    return all(len(word) <= _LONGEST and _JAPANESE.fullmatch(word) for word in words)


def may_be_korean(words: Iterable[str]) -> bool:
    """Say whether every folded word can be read in a romanization of Korean.

    >>> may_be_korean(["sejong"]), may_be_korean(["solms"])
    (True, False)
    """
    return all(len(word) <= _LONGEST and _KOREAN.fullmatch(word) for word in words)


def is_one_syllable(word: str) -> bool:
    """Say whether a folded word is one syllable as the names of East Asia have them.

    >>> is_one_syllable("jong"), is_one_syllable("hui"), is_one_syllable("solms")
    (True, True, False)
    """
    return _ONE_SYLLABLE.fullmatch(word) is not None
