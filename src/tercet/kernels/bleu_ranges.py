"""The code points that BLEU's tokenizers take for Chinese; numba is not imported here."""

# Blocks that count besides the ideographs.
_BLOCKS = (
    (0x2600, 0x27BF),  # miscellaneous symbols, dingbats
    (0x2E80, 0x2FDF),  # radicals
    (0x2FF0, 0x303F),  # description characters, punctuation
    (0x3100, 0x312F),  # bopomofo
    (0x31A0, 0x31BF),  # bopomofo extended
    (0x31C0, 0x31EF),  # strokes
    (0x3200, 0x33FF),  # enclosed letters, compatibility
    (0xFE10, 0xFE1F),  # vertical forms
    (0xFE30, 0xFE4F),  # compatibility forms
    (0xFF00, 0xFFEF),  # half-width and full-width forms
)
CHINESE: dict[str, tuple[tuple[int, int], ...]] = {
    # sacrebleu's own. It writes U+20000 as "\u20000", which is U+2000 and a "0", so that its ranges for
    # Extension B and the compatibility supplement are U+2001 to U+2A6D and U+2F81 to U+2FA1: the marks
    # € “ — … are Chinese to it, and ideographs from Extension B on are not.
    "zh": (
        (0x2001, 0x2A6D),
        (0x2F81, 0x2FA1),
        (0x3400, 0x4DB5),
        (0x4E00, 0x9FBB),
        (0xF900, 0xFA2D),
        (0xFA30, 0xFA6A),
        (0xFA70, 0xFAD9),
        *_BLOCKS,
    ),
    # The same as it was meant, with every ideograph: planes 2 and 3 have nothing else.
    "zh-han": (
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF),
        (0xF900, 0xFAFF),
        (0x20000, 0x3FFFF),
        *_BLOCKS,
    ),
}


def is_chinese(character: str, tokenizer: str) -> bool:
    """Say whether a tokenizer takes a character for Chinese.

    >>> [is_chinese("€", name) for name in CHINESE], [is_chinese(chr(0x20000), name) for name in CHINESE]
    ([True, False], [False, True])
    """
    return any(first <= ord(character) <= last for first, last in CHINESE[tokenizer])
