"""How many tokens a text has, about: no model's tokenizer is at hand before a server has answered."""

import re

_PLAIN = re.compile(r"[\x00-\x7f]+")
_CHARACTERS_A_TOKEN = 4  # of English, in the vocabularies of today's models; of Chinese one, a little less


def about_tokens(text: str) -> int:
    """Estimate the tokens of a text: one for four ASCII characters, one for each other character.

    >>> about_tokens("Four words, two signs."), about_tokens("六亿欧元"), about_tokens("")
    (6, 4, 0)
    """
    plain = sum(len(run) for run in _PLAIN.findall(text))
    return -(-plain // _CHARACTERS_A_TOKEN) + len(text) - plain
