"""chrF for Chinese: characters and pairs of characters."""

from dataclasses import dataclass
from typing import ClassVar

from tercet.metrics.character_f import CharacterF


@dataclass(frozen=True, kw_only=True)
class ChrfZh(CharacterF):
    """chrF with character n-grams up to 2, 0 to 100, higher is better; for any language, meant for Chinese.

    A Chinese word has one or two characters, and six of them are a clause: with the standard's six
    orders, chrF asks for whole clauses. Compare it with nobody's ``chrf``.

    References:
        Popović, chrF, 2015, https://aclanthology.org/W15-3049; implementation: sacrebleu, with its
        option ``char_order``.
    """

    character_order: int = 2
    name: ClassVar[str] = "chrf_zh"
