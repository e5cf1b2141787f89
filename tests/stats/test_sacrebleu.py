"""Against sacrebleu's paired tests on real translations: the same where it is right, and where it is not, how not."""

import gzip
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sacrebleu import significance
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from tercet.metrics.bleu import Bleu
from tercet.metrics.chrf import Chrf
from tercet.stats.bootstrap import paired_bootstrap, resampled_deltas, resampled_scores
from tercet.stats.flips import Flips
from tercet.stats.paired import Array, Paired, Reduce, delta, paired
from tercet.stats.randomization import p_values, randomized
from tests.untraced import untraced

SEGMENTS = 400
LIBRARY: Any = significance  # its types ask for texts; here it is given their statistics
PAIRS = [
    ("zh-en", "ONLINE-A", "ONLINE-B"),
    ("zh-en", "ONLINE-Y", "ANVITA"),
    ("en-zh", "ONLINE-B", "GPT4-5shot"),
    ("en-zh", "ONLINE-A", "Lan-BridgeMT"),
]
REDUCE: dict[str, Reduce] = {"BLEU": Bleu().reduce, "chrF2": Chrf().reduce}
each_pair = pytest.mark.parametrize(("direction", "first", "second"), PAIRS)


class Given:
    """A metric of sacrebleu whose statistics are there already, in the place of texts."""

    def __init__(self, metric: Any) -> None:
        metric.num_refs = 1  # its signature asks
        self.get_signature = metric.get_signature
        self._aggregate_and_compute = metric._aggregate_and_compute
        self._compute_score_from_stats = metric._compute_score_from_stats

    def _extract_corpus_statistics(self, rows: list[list[int]], _references: object) -> list[list[int]]:
        return rows


def library(direction: str) -> dict[str, Any]:
    return {"BLEU": BLEU(tokenize="zh" if direction == "en-zh" else "13a"), "chrF2": CHRF()}


@cache
def statistics(folder: Path, direction: str, system: str) -> dict[str, list[list[int]]]:
    """Take the library's own rows of the first segments."""

    def lines(kind: str) -> list[str]:
        path = folder / direction / f"{kind}.{direction[-2:]}.gz"
        return gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()[:SEGMENTS]

    hypotheses, references = lines(f"hyp.{system}"), lines("ref.refA")
    return {
        name: metric._extract_corpus_statistics(hypotheses, [references]) for name, metric in library(direction).items()
    }


def pair_of(a: list[list[int]], b: list[list[int]]) -> Paired:
    """Each row is a cluster, in the order in which it stands."""
    names = [f"{i:04d}" for i in range(len(a))]
    return paired(np.array(a, dtype=np.float64), np.array(b, dtype=np.float64), names)


def theirs(a: list[list[int]], b: list[list[int]], metric: Any, kind: str, replicates: int) -> tuple[Any, Any]:
    """Run ``PairedTest`` on rows; what it says of the baseline and of the system."""
    test = LIBRARY.PairedTest([("a", a), ("b", b)], {"x": Given(metric)}, None, test_type=kind, n_samples=replicates)
    _, found = test()
    (results,) = (value for name, value in found.items() if name != "System")
    return results[0], results[1]


@each_pair
@pytest.mark.parametrize("score", ["BLEU", "chrF2"])
def test_approximate_randomization_agrees_within_monte_carlo_error(
    shared: Path, direction: str, first: str, second: str, score: str
) -> None:
    a, b = (statistics(shared / "data/wmt23", direction, system)[score] for system in (first, second))
    base, system = theirs(a, b, library(direction)[score], "ar", 1000)
    pair = pair_of(a, b)
    observed = delta(pair, REDUCE[score])
    assert observed[0] == pytest.approx(system.score - base.score, abs=1e-9)
    flips = Flips(clusters=tuple(pair.clusters[i] for i in pair.differing), seed=0, replicates=10_000)
    p = float(p_values(observed, randomized(pair, REDUCE[score], flips), exact=flips.exact)[0])
    error = math.sqrt(max(p * (1 - p), 1e-3) * (1 / 1000 + 1 / 10_000))
    assert system.p_value == pytest.approx(p, abs=5 * error + 1 / 1001)


@each_pair
@pytest.mark.parametrize("score", ["BLEU", "chrF2"])
def test_with_its_seed_the_bootstraps_resamples_are_its_own(
    shared: Path, direction: str, first: str, second: str, score: str
) -> None:
    a, b = (statistics(shared / "data/wmt23", direction, system)[score] for system in (first, second))
    base, system = theirs(a, b, library(direction)[score], "bs", 500)
    pair = pair_of(a, b)
    parts = pair.halves
    resamples = resampled_scores(parts, REDUCE[score], seed=12345, replicates=500)
    for result, scores in zip((base, system), resamples, strict=True):
        ends = np.sort(scores[:, 0])[[500 // 40, 500 - 500 // 40 - 1]]
        assert result.mean == pytest.approx(scores.mean(), abs=1e-4)  # it computes chrF in float32
        assert result.ci == pytest.approx((ends[1] - ends[0]) / 2, abs=1e-4)  # it computes chrF in float32
    # Its p-value from our resamples: it folds them, and then shifts them by their mean.
    folded = np.abs(resampled_deltas(pair, REDUCE[score], seed=12345, replicates=500)[:, 0])
    count = int((folded - folded.mean() > abs(system.score - base.score) + 1e-9).sum())
    assert system.p_value == pytest.approx((count + 1) / 501, abs=1 / 501 + 1e-12)


def test_sacrebleus_paired_bootstrap_rejects_a_true_null_far_more_often_than_it_says(shared: Path) -> None:
    # Segments swap sides at random, so that the two "systems" are the same. A test at 0.05 should reject 5 in 100
    # such pairs; |d*| - mean |d*| rejects 11 to 15. 400 pairs have a standard error of 1.1 (at 13: 1.7).
    a, b = (statistics(shared / "data/wmt23", "zh-en", system)["BLEU"][:150] for system in ("ONLINE-A", "ONLINE-B"))
    metric = Given(BLEU())
    generator = np.random.default_rng(0)
    rejected, library_test = np.zeros(3), untraced(LIBRARY._paired_bs_test)
    for seed in range(400):
        swaps = generator.random(len(a)) < 0.5
        first = [y if swap else x for x, y, swap in zip(a, b, swaps, strict=True)]
        second = [x if swap else y for x, y, swap in zip(a, b, swaps, strict=True)]
        baseline = {"x": (first, metric._aggregate_and_compute(first))}
        _, found = library_test(baseline, "b", second, None, {"x": metric}, n_samples=200, seed=seed)
        pair = pair_of(first, second)
        flips = Flips(clusters=pair.clusters, seed=seed, replicates=200)
        ours = paired_bootstrap(pair, Bleu().reduce, seed=seed, replicates=200)
        exact = p_values(delta(pair, Bleu().reduce), randomized(pair, Bleu().reduce, flips), exact=False)
        rejected += np.array([found["x"].p_value, ours[0], exact[0]]) <= 0.05
    library_rate, bootstrap_rate, randomization_rate = (rejected / 400).tolist()
    assert library_rate > 0.09
    assert 0.02 <= bootstrap_rate <= 0.085
    assert 0.02 <= randomization_rate <= 0.085


@pytest.mark.parametrize("kind", ["ar", "bs"])
def test_sacrebleu_finds_a_system_to_differ_from_itself(shared: Path, kind: str) -> None:
    rows = statistics(shared / "data/wmt23", "zh-en", "ONLINE-A")["BLEU"]
    _, system = theirs(rows, rows, BLEU(), kind, 200)
    assert system.p_value == pytest.approx(1 / 201)  # 0 is never larger than 0
    pair = pair_of(rows, rows)
    assert paired_bootstrap(pair, Bleu().reduce, seed=0).tolist() == [1.0]
    same = randomized(pair, Bleu().reduce, Flips(clusters=pair.clusters, seed=0, replicates=200))
    assert p_values(delta(pair, Bleu().reduce), same, exact=False).tolist() == [1.0]


def test_seed_0_is_no_seed_for_sacrebleu_and_one_here(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = (statistics(shared / "data/wmt23", "zh-en", system)["BLEU"] for system in ("ONLINE-A", "ONLINE-B"))

    def means(seed: str) -> set[float]:
        monkeypatch.setenv("SACREBLEU_SEED", seed)
        return {theirs(a, b, BLEU(), "bs", 50)[1].mean for _ in range(3)}

    assert (len(means("1")), len(means("0"))) == (1, 3)
    pair = pair_of(a, b)

    def drawn(seed: int) -> bytes:
        found: Array = resampled_deltas(pair, Bleu().reduce, seed=seed, replicates=50)
        return found.tobytes()

    assert drawn(0) == drawn(0) != drawn(1)
