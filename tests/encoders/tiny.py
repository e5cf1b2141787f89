"""Tiny transformers with random weights, saved as any other model is."""

import json
from pathlib import Path
from typing import Any

import torch
import transformers

WORDS = "the a company raised money profit rose fell by percent in june said it was not new old bank plan".split()  # noqa: SIM905
LETTERS = list("abcdefghijklmnopqrstuvwxyz0123456789.,%€-") + list("公司获得融资上涨下跌银行计划新旧年月日的了在")
LENGTH = 24


def save_bert(folder: Path, *, seed: int = 0, layers: int = 3, longest: int = LENGTH, positions: int = 64) -> Path:
    """Save a BERT of hidden size 32 with a WordPiece vocabulary."""
    folder.mkdir(parents=True)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(pieces)) + "\n", "utf-8")
    settings: dict[str, Any] = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": longest}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    config = transformers.BertConfig(
        vocab_size=len(set(pieces)),
        hidden_size=32,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=positions,
        initializer_range=0.3,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        transformers.BertModel(config).save_pretrained(folder)
    return folder
