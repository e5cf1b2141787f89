"""chrF, chrF++ and chrF for Chinese: both ways to their statistics, and sacrebleu's score bit by bit."""

from typing import Any

import numpy as np
import pytest
from sacrebleu.metrics.chrf import CHRF

import tercet
from tercet.config import load
from tercet.errors import ConfigError
from tercet.metrics.character_f import CharacterF
from tercet.metrics.chrf import Chrf
from tercet.metrics.chrf_zh import ChrfZh
from tercet.metrics.chrfpp import Chrfpp
from tercet.signatures import parse
from tests.metrics.test_bleu import segments

METRICS = [Chrf(), Chrfpp(), ChrfZh(), Chrf(character_order=8, beta=3, lowercase=True, whitespace=True)]
NAMES = ["chrf", "chrfpp", "chrf_zh", "options"]


def oracle(metric: CharacterF) -> CHRF:
    return CHRF(metric.character_order, metric.word_order, metric.beta, metric.lowercase, metric.whitespace)


@pytest.mark.parametrize("metric", METRICS, ids=NAMES)
def test_kernel_and_library_give_the_same(metric: CharacterF, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    found = []
    for answer in (True, False):
        monkeypatch.setattr("tercet.metrics.character_f.worthwhile", lambda module, seconds, answer=answer: answer)
        found.append(metric.measure(segments(600)))
    np.testing.assert_array_equal(found[0].values, found[1].values)
    assert found[0].unscored == found[1].unscored
    assert {"a reference is empty", "there is no candidate"} < set(found[0].unscored)
    assert found[0].values.shape[1] == len(metric.columns)


@pytest.mark.parametrize("metric", METRICS, ids=NAMES)
def test_scores_are_sacrebleu_s_to_the_last_bit(metric: CharacterF) -> None:
    found = metric.measure(segments(300))
    rows = found.values[found.scored]
    sums = np.random.default_rng(4).integers(0, 3, size=(400, len(rows))).astype(float) @ rows
    sums = np.concatenate([sums, rows])
    for row, (score,) in zip(sums, metric.reduce(sums), strict=True):
        assert score == oracle(metric)._compute_f_score([int(value) for value in row])


@pytest.mark.parametrize("metric", METRICS, ids=NAMES)
def test_the_signature_has_sacrebleu_s_keys_and_comes_back(metric: CharacterF) -> None:
    parts = parse(metric.signature("en")).parts
    theirs = oracle(metric)
    theirs.corpus_score(["a"], [["a"]])
    for key in ("case", "eff", "nc", "nw", "space"):
        assert parts[key] == str(theirs.get_signature().info[key])
    assert type(metric).from_parts(parts) == metric


def test_all_three_stand_in_one_run() -> None:
    (spec,) = load(["metric=[chrf,chrfpp,chrf_zh]"])
    names = [score.name for metric in spec.metrics.values() for score in metric.scores]
    assert names == ["chrf", "chrfpp", "chrf_zh"]


def test_pairs_of_characters_by_hand() -> None:
    found = tercet.measure("chrf_zh", candidates=["公司获得"], references=["公司筹得"])
    # 3 of 4 characters and 1 of 3 pairs, either way: the mean of both is precision, recall and F.
    assert found.scores["chrf_zh"] == pytest.approx(100 * (3 / 4 + 1 / 3) / 2)


@pytest.mark.parametrize("options", [{"character_order": 0}, {"word_order": -1}, {"beta": 0}])
def test_orders_and_beta_have_their_least(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="at least"):
        Chrf(**options)
