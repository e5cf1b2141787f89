"""Tiny models that write, with random weights, saved as any other model is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import sentencepiece
import tokenizers
import torch
import transformers

hf: Any = transformers  # whose types the tests leave alone
LINES = (
    "the bank raised rates in june and the company rose by 3 percent",
    "a bridge opened in riga on friday and cost 80 million",
    "公司获得融资 银行周五加息 一座桥在里加通车",
    "it was not new said the mayor of the old town",
)
NLLB_CODES = ["eng_Latn", "zho_Hans"]
CHAT = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}" + CHAT
_SIZES = {"d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64}
_LIVELY = {"no_repeat_ngram_size": 1}  # random weights write one token again and again, and never end
_HEADS = {"encoder_attention_heads": 4, "decoder_attention_heads": 4}


def save_marian(folder: Path, *, seed: int = 0, positions: int = 64) -> Path:
    """Save a Marian model with its own tokenizer of two SentencePiece files, as Opus-MT has them."""
    folder.mkdir(parents=True)
    model = _sentencepiece()
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(model)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    pieces = ["</s>", "<unk>", *(processor.id_to_piece(i) for i in range(3, len(processor))), ">>cmn_Hans<<", "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({piece: i for i, piece in enumerate(pieces)}), "utf-8")
    settings = {"tokenizer_class": "MarianTokenizer", "model_max_length": positions, "source_lang": "en"}
    (folder / "tokenizer_config.json").write_text(json.dumps({**settings, "target_lang": "zh"}), "utf-8")
    pad = len(pieces) - 1
    config = hf.MarianConfig(
        vocab_size=len(pieces), pad_token_id=pad, decoder_start_token_id=pad, eos_token_id=0, forced_eos_token_id=0,
        max_position_embeddings=positions, init_std=0.4, bos_token_id=None, **_SIZES, **_HEADS,
    )  # fmt: skip
    with seeded(seed):
        made = hf.MarianMTModel(config)
        made.generation_config.update(bad_words_ids=[[pad]], num_beams=4, max_length=positions, **_LIVELY)
        made.save_pretrained(folder)
    return folder


def save_nllb(folder: Path, *, seed: int = 0) -> Path:
    """Save a model of NLLB's type, which is told both languages."""
    letters = sorted({letter for line in LINES for letter in line if letter != " "})
    vocab = ["<s>", "<pad>", "</s>", "<unk>", "▁", *letters]
    tokenizer = hf.NllbTokenizer(
        vocab={piece: i for i, piece in enumerate(vocab)}, merges=[], extra_special_tokens=NLLB_CODES
    )
    tokenizer.save_pretrained(folder)
    config = hf.M2M100Config(
        vocab_size=len(tokenizer), max_position_embeddings=64, init_std=0.4, pad_token_id=1, eos_token_id=2,
        decoder_start_token_id=2, **_SIZES, **_HEADS,
    )  # fmt: skip
    with seeded(seed):
        made = hf.M2M100ForConditionalGeneration(config)
        made.generation_config.update(**_LIVELY)
        made.save_pretrained(folder)
    return folder


def save_t5(folder: Path, *, seed: int = 0) -> Path:
    """Save a model of T5's type, which has no last position."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=_sentencepiece())
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(processor.id_to_piece(i), processor.get_score(i)) for i in range(3, len(processor))]
    hf.T5Tokenizer(vocab=pieces, extra_ids=0).save_pretrained(folder)
    config = hf.T5Config(
        vocab_size=len(pieces), d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, decoder_start_token_id=0,
        initializer_factor=4.0, feed_forward_proj="gated-gelu", tie_word_embeddings=False,
    )  # fmt: skip
    with seeded(seed):
        made = hf.T5ForConditionalGeneration(config)
        made.generation_config.update(**_LIVELY)
        made.save_pretrained(folder)
    return folder


def save_causal(folder: Path, *, kind: str = "llama", template: str | None = CHAT, seed: int = 0) -> Path:
    """Save a causal model over bytes: ``llama`` with rotary positions, or ``gpt2`` with a table of them."""
    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    marks = ["<|endoftext|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
    made = tokenizers.Tokenizer(tokenizers.models.BPE({piece: i for i, piece in enumerate([*marks, *letters])}, []))
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    tokenizer = hf.PreTrainedTokenizerFast(
        tokenizer_object=made, additional_special_tokens=marks[2:], eos_token=marks[1], bos_token=marks[0]
    )
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    sizes: dict[str, Any] = {"vocab_size": len(tokenizer), "eos_token_id": 1, "bos_token_id": 0}
    with seeded(seed):
        model: Any
        if kind == "gpt2":
            config: Any = hf.GPT2Config(n_embd=32, n_layer=2, n_head=4, n_positions=256, initializer_range=0.4, **sizes)
            model = hf.GPT2LMHeadModel(config)
        else:
            config = hf.LlamaConfig(
                hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                num_key_value_heads=2, max_position_embeddings=512, initializer_range=0.4, **sizes,
            )  # fmt: skip
            model = hf.LlamaForCausalLM(config)
        model.generation_config.update(do_sample=True, temperature=0.6, top_k=20, repetition_penalty=1.3)
        model.save_pretrained(folder)
    return folder


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make random weights of a seed, and leave the random state as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def _sentencepiece() -> bytes:
    made = BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES * 4), model_writer=made, vocab_size=90, hard_vocab_limit=False,
        character_coverage=1.0, minloglevel=3, num_threads=1,
    )  # fmt: skip
    return made.getvalue()
