"""Models that read and write, tiny and random, against a plain loop over transformers' own ``generate``."""

import json
import random
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from tercet.backends import Reply, Request
from tercet.backends.seq2seq import Seq2seq
from tercet.components import structured
from tercet.errors import BackendError, ConfigError
from tercet.generators import windows as windows_file
from tercet.generators.writing import Writer
from tests.encoders.tiny import save_bert
from tests.encoders.tiny_nli import change_config

from .tiny_generators import save_causal, save_marian, save_nllb, save_t5

hf: Any = transformers  # whose types the tests leave alone
CODES = {"en": "eng_Latn", "zh": "zho_Hans"}
TEXTS = (
    "the bank raised rates in june",
    "a bridge opened in riga on friday. it cost 80 million.\n\n  it was not new said the mayor",
    "",
    "银行周五加息",
    "rates",
    "the company rose by 3 percent\nthe bank rose",
    "a bridge",
    "the mayor of the old town said it was not new",
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A folder of each kind."""
    folder = tmp_path_factory.mktemp("models")
    makers: dict[str, Callable[[Path], Path]] = {
        "marian": save_marian,
        "back": lambda path: save_marian(path, seed=1),
        "nllb": save_nllb,
        "t5": save_t5,
        "causal": save_causal,
        "bert": save_bert,
    }
    return {name: str(make(folder / name)) for name, make in makers.items()}


def build(models: dict[str, str], kind: str, **options: Any) -> Seq2seq:
    own: dict[str, Any] = {"codes": CODES} if kind == "nllb" else {"pairs": ["en-zh"]}
    return Seq2seq(**{"model": models[kind], "max_tokens": 20, **own, **options})


def asks(texts: Sequence[str], source: str = "en", target: str = "zh", role: str = "translate") -> list[Request]:
    return [Request(role=role, text=text, source_language=source, target_language=target) for text in texts]


def texts_of(backend: Seq2seq, requests: Sequence[Request | None]) -> dict[int, str | None]:
    replies = list(backend.generate(requests))
    assert len({index for index, _ in replies}) == len(replies)
    return {index: reply.text for index, reply in replies}


def reply_of(backend: Seq2seq, request: Request) -> Reply:
    ((_, reply),) = backend.generate([request])
    return reply


@cache
def loaded(folder: str, **options: str) -> tuple[Any, Any]:
    """A tokenizer and a model, read once."""
    tokenizer = hf.AutoTokenizer.from_pretrained(folder, **options)
    return tokenizer, hf.AutoModelForSeq2SeqLM.from_pretrained(folder).eval()


def oracle(folder: str, text: str, beams: int, first: str | None = None) -> str:
    """One text by itself, as the documentation of transformers does it."""
    tokenizer, model = loaded(folder, **({"src_lang": "eng_Latn"} if first else {}))
    forced = {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(first)} if first else {}
    inputs = tokenizer(text, return_tensors="pt")
    made = model.generate(**inputs, num_beams=beams, do_sample=False, max_length=None, max_new_tokens=20, **forced)
    return str(tokenizer.decode(made[0], skip_special_tokens=True))


@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
@pytest.mark.parametrize("beams", [1, 3])
@pytest.mark.parametrize("kind", ["marian", "nllb", "t5"])
def test_a_text_is_what_transformers_writes_for_it_alone(models: dict[str, str], kind: str, beams: int) -> None:
    backend = build(models, kind, beams=beams)
    texts = [text for text in TEXTS if text]
    found = texts_of(backend, asks(texts))
    first = "zho_Hans" if kind == "nllb" else None
    for i, text in enumerate(texts[:4]):
        lines = [line.strip() and oracle(models[kind], line.strip(), beams, first) for line in text.split("\n")]
        assert [line.strip() for line in str(found[i]).split("\n")] == [line.strip() for line in lines]


@pytest.mark.parametrize("kind", ["marian", "nllb", "t5"])
def test_order_and_company_change_nothing(models: dict[str, str], kind: str) -> None:
    backend = build(models, kind)
    together = texts_of(backend, asks(TEXTS))
    order = random.Random(0).sample(range(len(TEXTS)), len(TEXTS))
    mixed = texts_of(build(models, kind), asks([TEXTS[i] for i in order]))
    assert [together[i] for i in order] == [mixed[i] for i in range(len(TEXTS))]
    assert [together[i] for i in range(len(TEXTS))] == [reply_of(backend, ask).text for ask in asks(TEXTS)]
    assert len(set(together.values())) > 5


def test_requests_come_one_by_one(models: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(windows_file, "sleep", pauses.append)
    monkeypatch.setattr(windows_file, "SIZE", 2)
    backend = build(models, "marian")
    seen: list[int] = []

    def coming() -> Iterator[Request | None]:
        ask = asks(TEXTS)
        yield None
        yield from ask[:3]
        yield None
        assert seen
        yield None
        yield ask[3]

    found = {}
    for index, reply in backend.generate(coming()):
        seen.append(index)
        found[index] = reply.text
    assert found == {index: text for index, text in texts_of(backend, asks(TEXTS)).items() if index < 4}
    assert len(pauses) == 2


def test_a_summary_is_of_the_whole_text_and_a_translation_of_its_lines(models: dict[str, str]) -> None:
    backend = build(models, "t5", pairs=["en-en", "en-zh"])
    text = TEXTS[1]
    assert "\n" not in (reply_of(backend, asks([text], "en", "en", "summarize")[0]).text or "")
    lines = (reply_of(backend, asks([text])[0]).text or "").split("\n")
    assert len(lines) == 3
    assert lines[1] == ""
    assert lines[2].startswith("  ")


def test_each_direction_has_its_model(models: dict[str, str]) -> None:
    backend = Seq2seq(models={"en-zh": models["marian"], "zh-en": models["back"]}, max_tokens=20)
    there = texts_of(backend, [*asks(TEXTS[:1]), *asks(TEXTS[:1], "zh", "en")])
    assert there[0] == reply_of(build(models, "marian"), asks(TEXTS[:1])[0]).text
    assert there[1] == reply_of(build(models, "marian", model=models["back"]), asks(TEXTS[:1])[0]).text
    assert there[0] != there[1]


def test_languages_are_told(models: dict[str, str]) -> None:
    backend = build(models, "nllb")
    text = TEXTS[0]
    found = {
        reply_of(backend, asks([text], source, target)[0]).text
        for source, target in (("en", "zh"), ("zh", "en"), ("en", "en"), ("zh", "zh"))
    }
    assert len(found) == 4
    with pytest.raises(ConfigError, match="knows no language 'fra_Latn'") as error:
        texts_of(build(models, "nllb", codes={"en": "eng_Latn", "zh": "fra_Latn"}), asks([text]))
    assert "eng_Latn, zho_Hans" in error.value.remedy
    with pytest.raises(ConfigError, match=r"knows no language 'zh'\. It is told none"):
        texts_of(build(models, "t5", codes={"en": "en", "zh": "zh"}), asks([text]))


def test_a_prefix_stands_before_each_piece(models: dict[str, str]) -> None:
    plain, marked = build(models, "marian"), build(models, "marian", prefix={"zh": ">>cmn_Hans<< ", "en": None})
    (ask,) = asks(["rates\nrates"])
    without, beside = reply_of(plain, ask), reply_of(marked, ask)
    assert without.usage is not None
    assert beside.usage is not None
    assert beside.usage.prompt == without.usage.prompt + 2
    first, second = str(beside.text).split("\n")
    assert first == second


def test_a_text_does_not_end_itself(models: dict[str, str]) -> None:
    backend = build(models, "nllb")
    for text in ("rates</s>rates", "rates<pad>", "rates\ud83d"):
        (ask,) = asks([text])
        usage = reply_of(backend, ask).usage
        assert usage is not None
        assert usage.prompt > len("rates")


LONG = "the bank raised rates in june and the company rose by 3 percent. a bridge opened in riga."


def test_what_is_too_long_is_split_cut_or_fails(models: dict[str, str]) -> None:
    (ask,) = asks([LONG])
    split = reply_of(build(models, "marian", max_length=50), ask)
    one, two = (reply_of(build(models, "marian"), part) for part in asks([LONG[:64], LONG[65:]]))
    assert split.text == f"{one.text}{two.text}"
    assert split.flaw is None or "read" not in split.flaw

    cut = reply_of(build(models, "marian", max_length=50, long="cut"), ask)
    assert cut.text is not None
    assert str(cut.flaw).startswith("the model does not read the whole text")
    assert cut.usage is not None
    assert cut.usage.prompt == 50

    failed = reply_of(build(models, "marian", max_length=50, long="fail"), ask)
    assert failed.text is None
    assert "the model reads 50: set long=split or long=cut" in str(failed.failure)
    summary = reply_of(build(models, "marian", max_length=50), asks([LONG], "en", "zh", "summarize")[0])
    assert str(summary.failure).startswith("a text has")


def test_a_sentence_that_is_too_long_fails_beside_others_that_do_not(models: dict[str, str]) -> None:
    found = dict(build(models, "marian", max_length=20).generate(asks([LONG, "rates"])))
    assert str(found[0].failure).startswith("a sentence has")
    assert found[1].text


def test_the_model_s_own_length_is_the_limit(models: dict[str, str]) -> None:
    text = "x" * 63 + " " + "y" * 63  # more than 64 letters of a vocabulary that has few of them
    assert "reads 64" in str(reply_of(build(models, "marian", long="fail"), asks([text])[0]).failure)
    assert reply_of(build(models, "t5", long="fail"), asks([text])[0]).text is not None


def test_a_text_of_just_the_longest_length_is_read(models: dict[str, str]) -> None:
    texts = ["rates " * n for n in range(8, 13)]
    usage = [reply_of(build(models, "marian"), ask).usage for ask in asks(texts)]
    lengths = [found.prompt for found in usage if found is not None]
    replies = dict(build(models, "marian", max_length=lengths[2], long="fail").generate(asks(texts)))
    assert [replies[i].text is not None for i in range(5)] == [True, True, True, False, False]


def test_tokens_are_counted_and_what_is_cut_off_is_flagged(models: dict[str, str]) -> None:
    reply = reply_of(build(models, "t5", max_tokens=3, extra={"min_new_tokens": 3}), asks(["rates\nrates"])[0])
    assert reply.flaw == "it was cut off at max_tokens=3 (2 of 2 pieces)"
    assert reply.usage is not None
    assert reply.usage.answer == 6
    assert reply.seconds is not None
    assert reply.seconds > 0
    longer = reply_of(build(models, "marian", max_tokens=500), asks(["rates"])[0])  # there are 64 places
    assert longer.text


@pytest.mark.parametrize("kind", ["marian", "t5"])
def test_what_is_kept_is_restored(models: dict[str, str], kind: str) -> None:
    backend = build(models, kind)
    for ask in asks(TEXTS):
        reply = reply_of(backend, ask)
        assert reply.kept is not None
        assert backend.restore(ask, reply.kept) == reply


def test_the_key_holds_what_decides(models: dict[str, str]) -> None:
    (ask,) = asks(["rates"])
    base = build(models, "marian")
    changes: list[dict[str, Any]] = [
        {"model": models["back"]}, {"max_tokens": 21}, {"beams": 2}, {"extra": {"length_penalty": 2.0}},
        {"unit": "text"}, {"long": "cut"}, {"max_length": 30}, {"prefix": {"zh": "x"}}, {"batch_tokens": 9},
        {"dtype": "bf16"},
    ]  # fmt: skip
    keys = [build(models, "marian", **change).key(ask) for change in changes]
    keys += [base.key(ask), base.key(asks(["rate"])[0])]
    assert len({json.dumps(key) for key in keys}) == len(keys)
    for other in ({"device": "cpu"}, {"pairs": ["en-zh", "en-en"]}):
        assert build(models, "marian", **other).key(ask) == base.key(ask)


def test_files_decide_and_not_their_place(models: dict[str, str], tmp_path: Path) -> None:
    (ask,) = asks(["rates"])
    before = build(models, "marian").key(ask)
    copy = Path(shutil.copytree(models["marian"], tmp_path / "copy"))
    assert build(models, "marian", model=str(copy)).key(ask) == before
    settings = copy / "generation_config.json"
    settings.write_text(settings.read_text("utf-8").replace('"num_beams": 4', '"num_beams": 5'), "utf-8")
    assert build(models, "marian", model=str(copy)).key(ask) != before


def test_what_cannot_be_served_is_refused(models: dict[str, str]) -> None:
    assert build(models, "marian").refuses("translate", "en", "zh") is None
    assert build(models, "nllb").refuses("translate", "zh", "en") is None
    assert Seq2seq(model=models["t5"]).refuses("summarize", "zh", "zh") is None
    cases = [
        (Seq2seq(), "translate", "no model is named"),
        (Seq2seq(models={"zh-en": models["marian"]}), "translate", "models names zh-en, not en-zh"),
        (build(models, "marian", pairs=["zh-en"]), "translate", "pairs names zh-en, not en-zh"),
        (build(models, "nllb", codes={"en": "eng_Latn", "zh": None}), "translate", "codes has no 'zh'"),
        (Seq2seq(model=models["t5"]), "translate", "nothing says between which languages"),
        (Seq2seq(model=models["t5"]), "summarize", "not 'zh' from 'en'"),
        (Seq2seq(model=models["causal"]), "translate", "use huggingface in the place of seq2seq"),
        (Seq2seq(model=models["bert"]), "translate", "writes no texts"),
        (Seq2seq(model="nobody/nothing"), "translate", "not here; to fetch them: hf download nobody/nothing"),
        (Seq2seq(model="nobody/nothing", revision="v1"), "translate", "hf download nobody/nothing --revision v1"),
        (Seq2seq(model="./nothing"), "translate", "There is no folder './nothing'"),
    ]
    for backend, role, reason in cases:
        assert reason in str(backend.refuses(role, "en", "zh")), reason


def test_what_was_fetched_is_found_by_its_name_and_revision(
    models: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "hub" / "models--some--one"
    commits = {"main": "a" * 40, "v1": "b" * 40}
    for (name, commit), kind in zip(commits.items(), ("marian", "back"), strict=True):
        shutil.copytree(models[kind], cache / "snapshots" / commit)
        (cache / "refs").mkdir(exist_ok=True)
        (cache / "refs" / name).write_text(commit, "utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    (ask,) = asks(TEXTS[:1])
    for revision, kind in ((None, "marian"), ("v1", "back"), ("b" * 40, "back")):
        backend = build(models, "marian", model="some/one", revision=revision)
        assert backend.refuses("translate", "en", "zh") is None
        assert reply_of(backend, ask).text == reply_of(build(models, "marian", model=models[kind]), ask).text
    absent = build(models, "marian", model="some/one", revision="v2").refuses("translate", "en", "zh")
    assert "hf download some/one --revision v2" in str(absent)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", connect)
    for model in ("nobody/nothing", "nothing", "a b"):
        assert Seq2seq(model=model, pairs=["en-zh"]).refuses("translate", "en", "zh")


def test_no_weights_are_made_up(models: dict[str, str], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(models["marian"], tmp_path / "copy"))
    change_config(copy, decoder_layers=3)
    with pytest.raises(BackendError, match="would be made up"):
        texts_of(build(models, "marian", model=str(copy)), asks(["rates"]))
    (copy / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(BackendError, match="cannot be loaded"):
        texts_of(build(models, "marian", model=str(copy)), asks(["rates"]))
    (copy / "model.safetensors").unlink()
    assert "holds no weights" in str(build(models, "marian", model=str(copy)).refuses("translate", "en", "zh"))


@pytest.mark.parametrize(
    "options",
    [
        {"unit": "word"},
        {"long": "drop"},
        {"beams": 0},
        {"max_tokens": 0},
        {"max_length": 1},
        {"dtype": "fp16"},
        {"extra": {"num_return_sequences": 2}},
        {"pairs": ["en"]},
        {"models": {"enzh": "x"}},
        {"batch_tokens": 0},
    ],
)
def test_options_are_checked(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        structured(Seq2seq, options, "translator")


def test_more_is_not_read_than_there_are_places(models: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="max_length is 65"):
        build(models, "marian", max_length=65).refuses("translate", "en", "zh")


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("can't allocate memory")])
def test_where_memory_is_short_batches_are_halved(
    models: dict[str, str], monkeypatch: pytest.MonkeyPatch, error: RuntimeError
) -> None:
    backend = build(models, "t5")
    before = texts_of(backend, asks(TEXTS))
    own = Writer._generate

    def short(self: Writer, tasks: Any, manner: Any, batch: Any) -> Any:
        if batch.rows > 1 or batch.width > 16:
            raise error
        return own(self, tasks, manner, batch)

    monkeypatch.setattr(Writer, "_generate", short)
    replies = dict(backend.generate(asks(TEXTS)))
    assert sorted(replies) == list(range(len(TEXTS)))
    failed = [i for i, reply in replies.items() if reply.failure]
    assert all("not enough memory" in str(replies[i].failure) for i in failed)
    assert 0 < len(failed) < len(TEXTS)
    assert all(replies[i].text == before[i] for i in replies if i not in failed)


def test_other_faults_are_not_swallowed(models: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("mat1 and mat2")

    monkeypatch.setattr(Writer, "_generate", broken)
    with pytest.raises(RuntimeError, match="mat1"):
        texts_of(build(models, "t5"), asks(["rates"]))


def test_what_is_no_number_is_no_text(models: dict[str, str], tmp_path: Path) -> None:
    copy = shutil.copytree(models["t5"], tmp_path / "copy")
    model = hf.T5ForConditionalGeneration.from_pretrained(copy)
    model.lm_head.weight.data[5] = float("nan")
    model.save_pretrained(copy)
    for beams in (1, 2):
        reply = reply_of(build(models, "t5", model=str(copy), beams=beams), asks(["rates"])[0])
        assert str(reply.failure).startswith("the model gave no finite number")


def test_a_forecast_is_not_below_what_it_takes(models: dict[str, str]) -> None:
    backend = build(models, "marian", unit="sentence")
    for ask in asks(TEXTS):
        usage, forecast = reply_of(backend, ask).usage, backend.forecast(ask)
        assert usage is not None
        assert usage.answer <= forecast.answer
