"""Texts to measure with: as long as the sample corpus's, of its sentences, by a seed."""

import random

from tercet.corpora.sample import Sample
from tercet.text.sentences import sentences


def pool(language: str) -> list[str]:
    """All sentences of the sample corpus in a language, of sources and summaries."""
    articles = Sample().load().articles
    texts = [article.references[language][0].text for article in articles]
    texts += [article.source or "" for article in articles if article.language == language]
    return [sentence for text in texts for sentence in sentences(text, language)]


def pairs(language: str, count: int, lines: tuple[int, int], seed: int) -> tuple[list[str], list[str]]:
    """Candidates and references: of each candidate's lines two in five are the reference's, all thinned out.

    Args:
        language: Of both.
        count: How many pairs.
        lines: Fewest and most sentences of a text, one a line.
        seed: Of the random choices.
    """
    rng = random.Random(seed)
    known = pool(language)
    glue = "" if language == "zh" else " "
    candidates, references = [], []
    for _ in range(count):
        reference = [rng.choice(known) for _ in range(rng.randint(*lines))]
        chosen = [line if rng.random() < 0.4 else rng.choice(known) for line in reference]
        thinned = [
            glue.join(word for word in (line if language == "zh" else line.split(" ")) if rng.random() > 0.1)
            for line in chosen
        ]
        candidates.append("\n".join(thinned))
        references.append("\n".join(reference))
    return candidates, references
