"""Examples for prompts: articles that are held apart for it, and are never evaluated."""

import hashlib
from array import array
from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

import numpy as np

from tercet.records import Article, Example
from tercet.routes import SUMMARIZE
from tercet.stats.hashing import key_of


def hold_apart(articles: Sequence[Article], count: int, seed: int) -> tuple[list[Article], list[Article]]:
    """Take articles of each source language out of a corpus; see ``drawn_apart``.

    Returns:
        What is left, in its order, and what was taken, in the order of the draw.
    """
    taken = drawn_apart(lambda: articles, count, seed)
    ids = {article.id for article in taken}
    return [article for article in articles if article.id not in ids], taken


def drawn_apart(articles: Callable[[], Iterable[Article]], count: int, seed: int) -> list[Article]:
    """Draw articles of each source language that are to be examples.

    They are drawn by a hash of seed and id, so that one more article in the corpus moves as few as can be; first of
    those with a source text, and then of those with references in the most languages. An article that has its text or
    a reference in common with another stays out of the draw: it would show the other's text, or its answer.

    Args:
        articles: Gives all of them, and gives them twice: a large corpus is not held.
        count: How many of each source language.
        seed: Another one draws others.

    Returns:
        In the order of the draw.
    """
    keys = array("Q", (key_of(text) for article in articles() for text in _texts(article)))
    found, counts = np.unique(np.frombuffer(keys, dtype=np.uint64) if keys else (), return_counts=True)
    double = set(found[counts > 1].tolist())
    best: dict[str, list[tuple[tuple[bool, int, bytes], Article]]] = {}
    for article in articles():
        if not double.isdisjoint(map(key_of, _texts(article))):
            continue
        drawn = best.setdefault(article.language, [])
        insort(drawn, ((*_shown_last(article), _place(seed, article.id)), article), key=itemgetter(0))
        del drawn[count:]
    return [article for _, drawn in sorted(best.items()) for _, article in drawn]


def _texts(article: Article) -> set[str]:
    """What of an article would be shown, where it were an example."""
    references = (summary.text for summaries in article.references.values() for summary in summaries)
    return {text.strip() for text in (article.source or "", *references)} - {""}


def _shown_last(article: Article) -> tuple[bool, int]:
    return not (article.source or "").strip(), -sum(map(bool, article.references.values()))


def _place(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}:{name}".encode("utf-8", "surrogatepass")).digest()


def examples_of(held: Sequence[Article], role: str, source: str, target: str) -> tuple[Example, ...]:
    """Make examples of a stage from the articles that are held apart.

    A summary is shown with its article; a translation with the summary in the other language, or, in a parallel
    corpus, with the source text.

    Args:
        held: From ``hold_apart``.
        role: ``summarize`` or ``translate``.
        source: Language of what is given.
        target: Language of the answer.
    """
    found: list[Example] = []
    for article in held:
        answers = article.references.get(target, ())
        text = article.source if article.language == source else None
        if role != SUMMARIZE and article.references.get(source):
            text = article.references[source][0].text
        if answers and text and text.strip():
            found.append(Example(text=text, answer=answers[0]))
    return tuple(found)
