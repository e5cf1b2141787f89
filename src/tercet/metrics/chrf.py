"""chrF: sacrebleu's statistics and score."""

from dataclasses import dataclass
from typing import ClassVar

from tercet.metrics.character_f import CharacterF


@dataclass(frozen=True, kw_only=True)
class Chrf(CharacterF):
    """Character n-gram F-score, 0 to 100, higher is better; the same for every language.

    White space does not count. With several references the best one counts, segment by segment.

    References:
        Popović, chrF, 2015, https://aclanthology.org/W15-3049; implementation: sacrebleu.
    """

    name: ClassVar[str] = "chrf"
