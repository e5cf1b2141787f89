"""Greedy matching of two texts' token vectors: BERTScore's precision, recall and F."""

from collections.abc import Mapping, Sequence
from typing import Any

from tercet.encoders import Vectors


def weigh(ids: Sequence[int], known: Mapping[int, float], unseen: float) -> Any:
    """Weigh a text's tokens.

    Args:
        ids: n token ids.
        known: Weight by id.
        unseen: Weight of every other id.

    Returns:
        (1, n) float32 tensor that sums to 1; NaN where nothing has a weight.
    """
    import torch

    raw = [known.get(i, unseen) for i in ids]
    weighed = torch.tensor([raw], dtype=torch.float32)
    return weighed / weighed.sum(dim=1, keepdim=True)


def match(candidate: Vectors, reference: Vectors, weights: tuple[Any, Any]) -> Any:
    """Match each token with the nearest one of the other text.

    The operations, their order and their type are bert_score's for a batch of one pair, so that the
    numbers are the same to the last bit where the vectors are.

    Args:
        candidate: (n, d) vectors of length 1.
        reference: (m, d) vectors of length 1.
        weights: (1, n) and (1, m), each of sum 1.

    Returns:
        (3,) float32 tensor: precision, recall, F, each from -1 to 1 for usual vectors, higher is better;
        NaN where no token of a text has a weight.

    References:
        Zhang et al., BERTScore, 2020, https://openreview.net/forum?id=SkeHuCVFDr; implementation:
        ``greedy_cos_idf`` of bert_score 0.3.13.
    """
    import torch

    similar = torch.bmm(candidate[None], reference[None].transpose(1, 2))
    precision = (similar.max(dim=2)[0] * weights[0]).sum(dim=1)
    recall = (similar.max(dim=1)[0] * weights[1]).sum(dim=1)
    return torch.cat((precision, recall, 2 * precision * recall / (precision + recall)))
