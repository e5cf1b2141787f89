"""Any model of transformers: cut, split and named as bert_score does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
import transformers

from tercet.encoders import transformer
from tercet.encoders.layers import cut
from tercet.encoders.pretrained import Pretrained, digest_of
from tercet.encoders.transformer import batches
from tercet.errors import ConfigError, MetricError
from tests.encoders.tiny import save_bert

SIZES: dict[str, Any] = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 16, "vocab_size": 30}


def model(name: str) -> Any:
    """A tiny model of an architecture."""
    configs: dict[str, Any] = {
        "bert": lambda: transformers.BertConfig(num_hidden_layers=3, **SIZES),
        "roberta": lambda: transformers.RobertaConfig(num_hidden_layers=3, **SIZES),
        "albert": lambda: transformers.AlbertConfig(num_hidden_layers=3, embedding_size=8, **SIZES),
        "distilbert": lambda: transformers.DistilBertConfig(
            n_layers=3, dim=16, n_heads=2, hidden_dim=16, vocab_size=30
        ),
        "xlnet": lambda: transformers.XLNetConfig(n_layer=3, d_model=16, n_head=2, d_inner=16, vocab_size=30),
        "xlm": lambda: transformers.XLMConfig(n_layers=3, emb_dim=16, n_heads=2, vocab_size=30),
        "t5": lambda: transformers.T5Config(
            num_layers=3, d_model=16, d_kv=8, num_heads=2, d_ff=16, vocab_size=30, num_decoder_layers=1
        ),
        "bart": lambda: transformers.BartConfig(
            encoder_layers=3,
            decoder_layers=1,
            d_model=16,
            encoder_attention_heads=2,
            encoder_ffn_dim=16,
            decoder_attention_heads=2,
            decoder_ffn_dim=16,
            vocab_size=30,
        ),
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        auto: Any = transformers.AutoModel
        return auto.from_config(configs[name]()).eval()


@pytest.mark.parametrize("name", ["bert", "roberta", "albert", "distilbert", "xlnet", "xlm", "t5", "bart"])
def test_a_cut_model_gives_the_hidden_state_of_its_last_layer(name: str) -> None:
    ids = torch.tensor([[5, 6, 7, 8]])
    whole = model(name)
    encoder = whole.encoder if name in {"t5", "bart"} else whole
    with torch.inference_mode():
        states = encoder(ids, output_hidden_states=True).hidden_states
        found = cut(model(name), 2)(ids)[0]
    if name == "t5":
        states = [whole.encoder.final_layer_norm(state) for state in states]  # the cut encoder ends with it too
    torch.testing.assert_close(found, states[2])
    with pytest.raises(MetricError, match="layer=0 to 3"):
        cut(model(name), 4)


def test_an_unknown_architecture_is_refused() -> None:
    with pytest.raises(MetricError, match="no known place"):
        cut(torch.nn.Linear(2, 2), 1)


def test_the_longest_input_is_the_tokenizers_or_the_positions(tmp_path: Path) -> None:
    longest = {}
    for name, said in (("said", 24), ("endless", 10**30), ("huge", 900)):
        save_bert(tmp_path / name, longest=said, positions=40)
        longest[name] = Pretrained(model=str(tmp_path / name), layer=1).parts["max"]
    assert longest == {"said": "24", "endless": "40", "huge": "40"}
    assert Pretrained(model=str(tmp_path / "said"), layer=1, max_length=30).parts["max"] == "30"
    with pytest.raises(ConfigError, match="40 tokens at most"):
        _ = Pretrained(model=str(tmp_path / "said"), layer=1, max_length=41).parts


def test_the_hash_follows_weights_and_tokenizer(tmp_path: Path) -> None:
    folder = save_bert(tmp_path / "a")
    same = save_bert(tmp_path / "b")
    assert digest_of(folder) == digest_of(same)
    with (same / "vocab.txt").open("a", encoding="utf-8") as stream:
        stream.write("more\n")
    assert digest_of(folder) != digest_of(same)
    for file in folder.glob("*.safetensors"):
        file.unlink()
    with pytest.raises(ConfigError, match="holds no weights"):
        digest_of(folder)


def test_a_broken_model_is_named(tmp_path: Path) -> None:
    folder = save_bert(tmp_path / "a")
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(MetricError, match="cannot be loaded"):
        Pretrained(model=str(folder), layer=1).load()
    (folder / "config.json").write_text("{", "utf-8")
    with pytest.raises(MetricError, match="cannot be read"):
        _ = Pretrained(model=str(folder), layer=1).parts


def test_roberta_reads_a_space_before_a_text(tmp_path: Path) -> None:
    bert_score = pytest.importorskip("bert_score.utils")
    folder = tmp_path / "roberta"
    folder.mkdir()
    letters = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *"abcdefgh", "Ġ", "Ġa", "Ġb"]
    (folder / "vocab.json").write_text(json.dumps({piece: i for i, piece in enumerate(letters)}), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\nĠ a\nĠ b\n", "utf-8")
    settings = {"tokenizer_class": "RobertaTokenizer", "model_max_length": 9}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    config = transformers.RobertaConfig(num_hidden_layers=2, max_position_embeddings=14, **SIZES)
    transformers.RobertaModel(config).save_pretrained(folder)
    encoder = Pretrained(model=str(folder), layer=1).load()
    tokenizer = bert_score.get_tokenizer(str(folder))
    texts = ["a b", "b", " abc ", "abcdefgh abcdefgh"]
    found = encoder.tokenize(texts)
    assert [list(tokens.ids) for tokens in found] == [bert_score.sent_encode(tokenizer, text) for text in texts]
    assert [tokens.truncated for tokens in found] == [False, False, False, True]
    assert encoder.tokenize([" "])[0].ids == (0, 2)


def test_batches_hold_every_text_once_within_the_budget() -> None:
    lengths = [3, 9, 3, 40, 10, 11, 3, 9]
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for budget, slack in ((20, 0.0), (20, 0.5), (1, 0.0)):
        found = list(batches(order, lengths, budget, slack))
        assert [i for batch in found for i in batch] == order
        for batch in found:
            longest = max(lengths[i] for i in batch)
            assert len(batch) == 1 or len(batch) * longest <= budget
            assert longest <= lengths[batch[0]] * (1 + slack)


def test_nothing_heavy_is_imported_with_the_metric() -> None:
    code = (
        "import sys, tercet.metrics.bertscore as m; m.Bertscore()\n"
        "print([name for name in ('torch', 'transformers', 'bert_score', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_where_company_moves_a_bit_each_text_is_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    steady = Pretrained(model=str(save_bert(tmp_path / "tiny")), layer=2).load()
    monkeypatch.setattr(transformer.Transformer, "_is_steady", lambda self, length: length != 16)
    assert steady._limits == transformer._ALONE
    monkeypatch.setattr(transformer.Transformer, "_is_steady", lambda self, length: True)
    del steady._limits
    assert steady._limits == transformer._EXACT
