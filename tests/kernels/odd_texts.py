"""Random texts that try every rule of sacrebleu's tokenizers, and real ones."""

import gzip
import random
from pathlib import Path

from tests.untraced import untraced

PIECES = [
    *"ab01 .,-.,-09\n\t&;<>'\"%$(){}~`^_|\\/:@[]+*=?!#",
    *"公司。，“”—…€é \u3000\x85\x1c\ud800\U00020000\u200b\u2001\u2a6eſİ０．,",
    *["&quot;", "&amp;", "&lt;", "&gt;", "&amp;quot;", "&amp;lt;", "<skipped>", "<ski", "pped>", "-\n"],
    *["1.5", "3,000", "10-20", "..", "...", ",,,", "(hi)", "word", "words", "company"],
]


@untraced
def cases(count: int, seed: int) -> tuple[list[str], list[list[str]]]:
    """Candidates, and one to three references of each that share much with it."""
    rng = random.Random(seed)
    candidates, references = [], []
    for _ in range(count):
        parts = _parts(rng)
        candidates.append("".join(parts))
        found = []
        for _ in range(rng.randint(1, 3)):
            if rng.random() < 0.5:
                rng.shuffle(parts)
            found.append("".join(parts[: rng.randint(0, len(parts))] + _parts(rng)))
        references.append(found)
    return candidates, references


def _parts(rng: random.Random) -> list[str]:
    size = rng.choice([0, 1, 2, 3, 5, 8, 13, 30] if rng.random() < 0.99 else [300])
    return rng.choices(rng.sample(PIECES, rng.choice([2, 6, len(PIECES)])), k=size)


def lines(path: Path) -> list[str]:
    """Read a compressed text, one segment a line."""
    return gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[:-1]
