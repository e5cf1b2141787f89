"""chrF++: chrF with words and pairs of words."""

from dataclasses import dataclass
from typing import ClassVar

from tercet.metrics.character_f import CharacterF


@dataclass(frozen=True, kw_only=True)
class Chrfpp(CharacterF):
    """chrF++: character n-grams up to 6 and word n-grams up to 2, 0 to 100, higher is better.

    Words are what stands between white space, with one mark of punctuation cut off. A Chinese
    clause is one word then, so that in Chinese ``chrf`` or ``chrf_zh`` says more.

    References:
        Popović, chrF++, 2017, https://aclanthology.org/W17-4770; implementation: sacrebleu.
    """

    word_order: int = 2
    name: ClassVar[str] = "chrfpp"
