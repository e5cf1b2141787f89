"""Scoring pairs of texts: each distinct text is embedded once, each distinct pair matched once."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan, log, nan
from typing import Any

from tercet.encoders import Description, TokenEncoder, Tokens, Vectors
from tercet.encoders.matching import match, weigh
from tercet.encoders.memory import Memory
from tercet.encoders.pairs import Pair, Pairs, Texts
from tercet.encoders.remembering import Keeping, Models, remembered
from tercet.encoders.transformer import in_one_thread

_MEGABYTE = 1 << 20
# Vectors of references, which wait for another system; and vectors that are worked on at once.
_MEMORY: Memory[tuple[Tokens, Vectors]] = Memory(1024 * _MEGABYTE)
_BLOCK = 256 * _MEGABYTE
# 200 bytes a pair.
_SEEN: Memory[Pair] = Memory(200 * _MEGABYTE)
_PAIR = 200
_loaded: Models[TokenEncoder] = Models()


@dataclass(frozen=True)
class Corpus:
    """References from which the weights of tokens are taken: the rarer, the heavier."""

    references: tuple[str, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the references, whatever their order."""
        found = hashlib.sha256()
        for reference in sorted(self.references):
            data = reference.encode("utf-8", "surrogatepass")
            found.update(len(data).to_bytes(8, "little") + data)
        return found.hexdigest()

    def weights(self, encoder: TokenEncoder) -> "Weights":
        """Take log((n + 1) / (m + 1)) for a token that m of the n references hold.

        References:
            ``get_idf_dict`` of bert_score 0.3.13.
        """
        total = len(self.references)
        counts = Counter(i for tokens in encoder.tokenize(self.references) for i in set(tokens.ids))
        return Weights({i: log((total + 1) / (count + 1)) for i, count in counts.items()}, log(total + 1))


@dataclass(frozen=True, slots=True)
class Weights:
    """What each token weighs: those that are known, and every other."""

    known: Mapping[int, float]
    unseen: float


def score_pairs(
    description: Description, pairs: Sequence[Texts], *, corpus: Corpus | None, store: Pairs | None
) -> list[Pair]:
    """Score candidates against references.

    Args:
        description: The encoder; it is loaded only where a pair was never scored.
        pairs: Candidate and reference; the same may come many times.
        corpus: References for the tokens' weights; None weighs all the same.
        store: What was scored by earlier processes.

    Returns:
        For each pair its scores; NaN where the reference has no token, or none has a weight.
    """
    keeping = Keeping(memory=_SEEN, size=_PAIR, store=store, whole=lambda pair: not isnan(pair.f1))
    identity = f"{description.identity}|{corpus.digest if corpus else 'unweighted'}"
    return remembered(identity, pairs, keeping, lambda missing: [_compute(description, missing, corpus)])


def _compute(description: Description, pairs: Mapping[bytes, Texts], corpus: Corpus | None) -> dict[bytes, Pair]:
    encoder = _loaded(description)
    weights = corpus.weights(encoder) if corpus else Weights(dict.fromkeys(encoder.silent, 0.0), 1.0)
    _MEMORY.begin_round()
    found: dict[bytes, Pair] = {}
    for block in _blocks(pairs, _BLOCK // encoder.width):
        vectors = _embedded(description.identity, encoder, block.values())
        found.update(_matched(block, vectors, encoder, weights))
    return found


def _blocks(pairs: Mapping[bytes, Texts], most: int) -> Iterator[dict[bytes, Texts]]:
    """Cut pairs into blocks of at most so many characters, which have about as many tokens or fewer."""
    block: dict[bytes, Texts] = {}
    texts: set[str] = set()
    size = 0
    for key, pair in pairs.items():
        new = sum(len(text) for text in set(pair) - texts)
        if block and size + new > most:
            yield block
            block, texts, size = {}, set(), 0
            new = sum(map(len, set(pair)))
        block[key] = pair
        texts.update(pair)
        size += new
    if block:
        yield block


def _embedded(identity: str, encoder: TokenEncoder, pairs: Any) -> dict[str, tuple[Tokens, Vectors]]:
    """Embed each distinct text that memory does not hold; it holds references, for they come again."""
    references = {reference for _, reference in pairs}
    texts = dict.fromkeys(text for pair in pairs for text in pair)
    found = {text: value for text in texts if (value := _MEMORY.find(f"{identity}|{text}")) is not None}
    missing = [text for text in texts if text not in found]
    tokens = encoder.tokenize(missing)
    for text, value in zip(missing, zip(tokens, encoder.embed(tokens), strict=True), strict=True):
        found[text] = value
        if text in references:
            _MEMORY.keep(f"{identity}|{text}", value, encoder.width * len(value[0].ids) + 2 * len(text))
    return found


def _matched(
    block: Mapping[bytes, Texts],
    vectors: Mapping[str, tuple[Tokens, Vectors]],
    encoder: TokenEncoder,
    weights: Weights,
) -> dict[bytes, Pair]:
    """Match the pairs of a block; their numbers come back from the device together."""
    import torch

    weighed = {
        text: weigh(tokens.ids, weights.known, weights.unseen).to(found.device)
        for text, (tokens, found) in vectors.items()
    }
    blank = {text: encoder.silent.issuperset(tokens.ids) for text, (tokens, _) in vectors.items()}
    matches = {}
    with in_one_thread(), torch.inference_mode():
        for key, (candidate, reference) in block.items():
            if not blank[candidate] and not blank[reference]:
                ours, theirs = vectors[candidate][1], vectors[reference][1]
                matches[key] = match(ours, theirs, (weighed[candidate], weighed[reference]))
        scores = dict(zip(matches, torch.stack(list(matches.values())).tolist() if matches else (), strict=True))
    found = {}
    for key, (candidate, reference) in block.items():
        truncated = vectors[candidate][0].truncated or vectors[reference][0].truncated
        # An empty candidate shares nothing; with an empty reference there is nothing to share.
        empty = nan if blank[reference] else 0.0
        precision, recall, f1 = scores.get(key, (empty, empty, empty))
        if isnan(f1) and not isnan(precision + recall):
            f1 = 0.0  # 0 / 0: bert_score's own number
        found[key] = Pair(precision, recall, f1, truncated, blank[candidate])
    return found
