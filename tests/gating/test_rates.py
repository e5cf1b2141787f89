"""How often the gate is wrong: where nothing changed, where something did, and where it asks for more articles.

The seeds are fixed, so that each test has one result. Its bounds are those of the binomial: at the rate that is
promised a count beyond them has a chance of less than one in a thousand, so that another rate is what it would show.
``python -m benchmarks.gate_rates`` prints the same with more seeds.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from tercet.config import load
from tercet.gating.policy import Policy
from tercet.gating.records import Ruling, Verdict
from tercet.stats import power
from tercet.stats.power import needed
from tests.gating import simulated
from tests.gating.simulated import METRICS, Pool, Trial, effect, pool, the
from tests.untraced import untraced

ALPHA, ARTICLES, SEEDS = 0.05, 40, 200
BARE = Policy(replicates=499)
ROUGE1 = [spec.name for spec in METRICS["rouge"].scores].index("rouge1")
ONE = replace(BARE, primary="rouge1")
MARGIN = replace(ONE, scores={"rouge1": {"margin": 0.02}})


@pytest.fixture(scope="module")
def texts() -> Pool:
    """Summaries in English of 240 articles, 8 of each."""
    return pool(240, 8, languages=("en",))


def ruling(texts: Pool, trial: Trial, seed: int) -> Ruling:
    """Simulate a gate; of the many, coverage measures the first one."""
    return (untraced(simulated.ruling) if seed else simulated.ruling)(texts, trial, seed)


@pytest.fixture(scope="module")
def unchanged(texts: Pool) -> list[Ruling]:
    """The system against itself, every score deciding."""
    return [ruling(texts, Trial(articles=ARTICLES, policy=BARE), seed) for seed in range(SEEDS)]


def significant(found: Ruling, score: str = "") -> bool:
    """Whether any score differs, in either direction."""
    return any(
        one.adjusted is not None and one.adjusted <= ALPHA
        for one in found.comparison.versus[0].differences
        if score in {"", one.score}
    )


def failed(found: list[Ruling]) -> int:
    return sum(one.exit_code == 1 for one in found)


def most(count: int, rate: float) -> int:
    """The largest count that the rate explains, but for one in a thousand."""
    return int(binom.ppf(0.999, count, rate))


def fewest(count: int, rate: float) -> int:
    return int(binom.ppf(0.001, count, rate))


def test_a_system_against_itself_fails_less_often_than_alpha(unchanged: list[Ruling]) -> None:
    assert failed(unchanged) <= ALPHA * SEEDS
    assert failed(unchanged) <= most(SEEDS, ALPHA / 2), "only one of the two sides is a regression"
    assert {one.exit_code for one in unchanged} <= {0, 1}


def test_any_of_its_scores_differs_as_often_as_alpha_says(unchanged: list[Ruling]) -> None:
    """A gate that never found anything would have no false alarms either."""
    assert fewest(SEEDS, ALPHA) <= sum(map(significant, unchanged)) <= most(SEEDS, ALPHA)


def test_nothing_in_it_is_false_so_that_facts_fail_nothing(texts: Pool) -> None:
    rows = texts.rows["facts", "en"].values
    assert not rows[:, [1, 3]].any(), "contradicted and malformed"
    assert rows[:, 0].any(), "supported"


def test_margins_raise_no_more_alarms(texts: Pool, unchanged: list[Ruling]) -> None:
    policy = replace(load([])[0].policy, replicates=BARE.replicates)
    found = [ruling(texts, Trial(articles=ARTICLES, policy=policy), seed) for seed in range(60)]
    assert all(one.exit_code <= other.exit_code for one, other in zip(found, unchanged, strict=False))


def spread_of(texts: Pool, trial: Trial) -> float:
    """Standard error of ROUGE-1 over so many articles, as gates find it: the root of the mean square."""
    errors = [the(ruling(texts, trial, 10_000 + seed), "rouge1", "en").error or 0.0 for seed in range(10)]
    return float(np.sqrt(np.mean(np.square(errors))))


@pytest.mark.parametrize("evenly", [True, False])
def test_a_planted_loss_is_caught_as_often_as_power_says(evenly: bool, texts: Pool) -> None:
    """Every tenth summary is cut in half: at the size that is said to show it in 80 %, it is shown.

    Where chance says which are cut, it is as many as predicted. Where it is always a tenth, it is more: their number
    is no source of error then, and the spread over articles holds that of a number that varies.
    """
    trial = Trial(articles=200, policy=ONE, damaged=10, evenly=evenly)
    true, error = float(effect(texts, "rouge", "en", 10)[ROUGE1]), spread_of(texts, trial)
    enough = needed(true, error, trial.articles)
    assert enough is not None
    assert 0.8 <= power.power(true, error * np.sqrt(trial.articles / enough), enough) < 0.81
    found = [ruling(texts, replace(trial, articles=enough), seed) for seed in range(100)]
    assert failed(found) >= (80 if evenly else fewest(100, 0.8))
    assert evenly or failed(found) <= most(100, 0.8)


def test_a_tenth_of_a_tenth_of_the_articles_is_not_enough(texts: Pool) -> None:
    """Ten articles, one of them cut: nothing can show it, and nothing says that all is well."""
    found = [ruling(texts, Trial(articles=10, policy=MARGIN, damaged=10, noisy=False), seed) for seed in range(20)]
    verdicts = Counter(check.verdict for one in found for check in one.checks if check.name == "rouge1 en")
    assert verdicts == {Verdict.UNDERPOWERED: 20}


def test_the_number_of_articles_that_is_asked_for_is_enough(texts: Pool) -> None:
    """A gate that is underpowered says how many articles settle its margin; over as many, 80 % are settled."""
    few = [ruling(texts, Trial(articles=ARTICLES, policy=MARGIN), seed) for seed in range(60)]
    asked = [check.needed for one in few for check in one.checks if check.verdict is Verdict.UNDERPOWERED]
    assert len(asked) > 20
    assert None not in asked
    enough = int(np.median([count for count in asked if count]))
    assert ARTICLES < enough <= len(texts.ids)
    found = [ruling(texts, Trial(articles=enough, policy=MARGIN), seed) for seed in range(100)]
    passed = sum(check.verdict is Verdict.PASSED for one in found for check in one.checks if check.name == "rouge1 en")
    assert passed >= fewest(100, 0.8)
    assert failed(found) <= most(100, ALPHA / 2)
