"""A small set of judgements that tests make up: four systems, ten segments in five documents."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.judgements.written import write_rows

SYSTEMS = ("able", "bold", "calm", "dull")
_WORDS = [*"abcdefghijklmnopqr"]
OPTIONS = (
    "judgement.columns.item=seg", "judgement.columns.cluster=doc", "judgement.columns.system=sys",
    "judgement.columns.candidate=out", "judgement.columns.references=ref", "judgement.human.mark=mark",
)  # fmt: skip


def rows(seed: int = 1) -> Iterator[dict[str, Any]]:
    """Give judged texts: a system loses the more words the later its name comes, and a mark follows what is lost."""
    draw = random.Random(seed)
    for segment in range(10):
        words = draw.sample(_WORDS, len(_WORDS))
        for place, system in enumerate(SYSTEMS):
            lost = draw.randint(place, place + 4)
            yield {
                "seg": segment,
                "doc": segment // 2,
                "sys": system,
                "out": " ".join(words[lost:]),
                "ref": " ".join(words),
                "mark": -lost + draw.choice((-1, 0, 1)),
                "penalty": lost,
                "fine": int(lost < 3),
                "other": -float(lost),
            }


def written(folder: Path, seed: int = 1) -> str:
    """Write them; returns the path."""
    return write_rows(folder / "made.jsonl", rows(seed))
