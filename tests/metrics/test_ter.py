"""TER by the kernel and by sacrebleu: the same rows and reasons."""

import random

import numpy as np
import pytest

from tercet.kernels import choice
from tercet.metrics.contract import Rows
from tercet.metrics.ter import Ter
from tercet.records import Segment
from tests.untraced import untraced

WORDS = ["the", "The", "U.S.", "it's.", "3.5%", "€600mn", "said,", "“yes”", "no.", "café", "(and)", "\n", "!"]
HAN = list("公司估值欧元上涨下跌的了在是6亿3.5%，。“”AI 翻")


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the kernel, where no process has, without coverage's trace: it takes half as long."""
    from tercet.kernels.ter import statistics

    untraced(statistics)(["a"], [["a"]])


def segments(count: int) -> list[Segment]:
    rng = random.Random(9)
    made = []
    for number in range(count):
        language = rng.choice(["en", "zh"])
        pool, glue = (HAN, "") if language == "zh" else (WORDS, " ")
        texts = [glue.join(rng.choices(pool, k=rng.choice([0, 1, 3, 8, 14]))) for _ in range(rng.choice([2, 2, 3]))]
        candidate = None if rng.random() < 0.05 else texts[0]
        references = () if rng.random() < 0.05 else tuple(texts[1:])
        made.append(Segment(id=str(number), candidate=candidate, references=references, language=language))
    return made


def rows(metric: Ter, taken: list[Segment], monkeypatch: pytest.MonkeyPatch, *, kernel: bool) -> Rows:
    monkeypatch.setattr(choice, "worthwhile", lambda module, seconds: kernel)
    return metric.measure(taken)


@pytest.mark.parametrize("metric", [Ter(), Ter(case_sensitive=True), Ter(no_punct=True)])
def test_both_ways_give_the_same_rows_and_reasons(metric: Ter, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = segments(600)
    ours = rows(metric, taken, monkeypatch, kernel=True)
    theirs = rows(metric, taken, monkeypatch, kernel=False)
    assert ours.unscored == theirs.unscored
    assert np.array_equal(ours.values, theirs.values, equal_nan=True)
    reasons = {"a reference is empty", "there is no candidate", "there is no reference in this language", None}
    assert reasons <= set(ours.unscored)


@pytest.mark.parametrize("kernel", [True, False])
def test_a_reference_of_punctuation_alone_is_unscored(kernel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = [Segment(id="0", candidate="a", references=("!?",), language="en")]
    assert rows(Ter(no_punct=True), taken, monkeypatch, kernel=kernel).unscored == (
        "a reference has no token that TER counts",
    )
    assert rows(Ter(), taken, monkeypatch, kernel=kernel).values.tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("metric", [Ter(), Ter(case_sensitive=True), Ter(no_punct=True)])
def test_a_signature_says_how_to_make_the_metric(metric: Ter) -> None:
    parts = dict(part.split(":") for part in metric.signature("zh").split("|")[1:])
    assert Ter.from_parts(parts) == metric


def test_small_jobs_go_to_sacrebleu_and_large_ones_to_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def worthwhile(module: str, seconds: float) -> bool:
        asked.append(seconds)
        return False

    monkeypatch.setattr(choice, "worthwhile", worthwhile)
    sentence = Segment(id="0", candidate="word " * 5, references=("word " * 5,), language="en")
    Ter().measure([sentence])
    Ter().measure([sentence] * 100)
    assert asked[1] > 10 * asked[0]
