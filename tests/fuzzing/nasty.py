"""What breaks readers: half characters, invisible ones, numbers at the edge, names that mean something elsewhere."""

HALF = "\ud83d".encode("utf-8", "surrogatepass")
TEXTS = (
    "\0", "\x1b[31m", "\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u0301" * 3, "e\u0301", "\U0001f600",
    "\U00020000",
    "\U0010ffff", "\ufffe", "\ufffd", "\u2028", "\u2029", "\x85", "\x0b", "\x1c", "\r", "\r\n", "\n", "\n\n",
    "\t", " ", "\u3000", "\xa0",
    "\u0130", "\u1e9e", "ß", "ﬁ", "①", "²", "٣", "१", "〇", "亿", "萬", "半", "两", "。", "，", "：", "”", "“",
    "」", "…", "—",
)  # fmt: skip
NUMBERS = (
    "0", "-1", "1", "2", "-0", "255", "65536", "2147483648", "-2147483649", "9223372036854775808",
    "18446744073709551616",
    "1e309", "-1e309", "1e-400", "0.1", "NaN", "Infinity", "-Infinity", "9" * 40, "9" * 5000, "0x10", "1_000",
    "01", ".5", "1.",
    "inf", "nan", "1,450", "３", "²",
)  # fmt: skip
JSON = (
    "null",
    "true",
    "false",
    "{}",
    "[]",
    '""',
    '"a"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "\\",
    "\\ud83d",
    "\\u0000",
    "[" * 2000,
    '{"a":' * 2000,
)
WORDS: tuple[bytes, ...] = (
    *(text.encode() for text in (*TEXTS, *NUMBERS, *JSON)), HALF, b"\xff", b"\xc0\x80", b"\x80",
    b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\x1f\x8b",
)  # fmt: skip
