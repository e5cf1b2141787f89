"""How often is the gate wrong? By simulation, of whole rulings.

    python -m benchmarks.gate_rates [--seeds 1000]

Three things are measured, over articles with figures in English and Chinese, and a system that says the same in a few
ways (``tests/gating/simulated.py``):

- how often the gate fails a system that is compared with itself, and how often any of its scores differs at all
  (alpha is 5 %, and a regression is one side of two);
- how often it fails where every tenth summary, or each by a chance of one in ten, is cut in half, at the number of
  articles that ``tercet.stats.power`` says shows it in 80 % of cases; of a system that is sampled anew, and of one
  that says the same each time but for the damage;
- how often a margin is settled over the number of articles that an underpowered gate asks for (80 % is promised).
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from tests.gating.simulated import METRICS, Pool, Trial, effect, pool, ruling, the

from benchmarks.clock import print_table
from tercet.config import load
from tercet.gating.policy import Policy
from tercet.gating.records import Check, Ruling, Verdict
from tercet.stats.power import needed
from tercet.stats.power import power as predicted

ALPHA = 0.05
BARE = Policy(replicates=999)
ONE = replace(BARE, primary="rouge1")
MARGIN = replace(ONE, scores={"rouge1": {"margin": 0.02}})
_ROUGE1 = [spec.name for spec in METRICS["rouge"].scores].index("rouge1")
_PILOT, _APART = 300, 1_000_000  # articles of a pilot; seeds of pilots are no trial's


def rulings(texts: Pool, trial: Trial, seeds: int) -> Iterator[Ruling]:
    """Judge as often as there are seeds."""
    return (ruling(texts, trial, seed) for seed in range(seeds))


def percent(flags: Sequence[bool]) -> str:
    """Write a share, with its standard error."""
    share = float(np.mean(flags))
    return f"{100 * share:.1f} ± {100 * np.sqrt(share * (1 - share) / len(flags)):.1f}"


def differs(found: Ruling) -> bool:
    """Whether any score that decides differs by more than chance, in either direction."""
    primary = found.comparison.method.primary
    return any(
        one.adjusted is not None and one.adjusted <= ALPHA and primary in {"", one.score}
        for one in found.comparison.versus[0].differences
    )


def unchanged(texts: Pool, seeds: int) -> None:
    """A system against itself."""
    usual = replace(load([])[0].policy, replicates=BARE.replicates)
    policies = {"no margins": BARE, "conf/gate/default.yaml": usual, "one primary score": ONE}
    rows = []
    for (name, policy), articles in product(policies.items(), (20, 50, 100)):
        codes, any_differs = [], []
        for found in rulings(texts, Trial(articles=articles, policy=policy), seeds):
            codes.append(found.exit_code)
            any_differs.append(differs(found))
        wrong = [code == 1 for code in codes]
        rows.append((name, articles, percent(wrong), percent(any_differs), sum(code > 1 for code in codes)))
    print(f"A system against itself, {seeds} gates, percent\n")
    print_table(("policy", "articles", "exit code 1", "any score differs", "incomplete"), rows)


def planted(texts: Pool, seeds: int) -> None:
    """A tenth of the summaries is cut in half."""
    true, rows = float(effect(texts, "rouge", "en", 10)[_ROUGE1]), []
    for noisy, evenly in product((True, False), (True, False)):
        trial = Trial(articles=_PILOT, policy=ONE, damaged=10, evenly=evenly, noisy=noisy)
        pilots = [the(ruling(texts, trial, _APART + seed), "rouge1", "en").error or 0.0 for seed in range(20)]
        error = float(np.sqrt(np.mean(np.square(pilots))))
        enough = needed(true, error, _PILOT) or _PILOT
        caught = [one.exit_code == 1 for one in rulings(texts, replace(trial, articles=enough), seeds)]
        says = predicted(true, error * np.sqrt(_PILOT / enough), enough)
        rows.append(
            (
                "sampled anew" if noisy else "the same",
                "every tenth" if evenly else "one in ten",
                f"{true:.3f}",
                enough,
                f"{100 * says:.1f}",
                percent(caught),
            )
        )
    print(f"A tenth of the summaries cut in half, rouge1 en, {seeds} gates, percent\n")
    print_table(("system", "cut", "true loss", "articles", "predicted", "caught"), rows)


def asked(texts: Pool, seeds: int) -> None:
    """The articles that an underpowered gate asks for."""
    rows = []
    for articles in (20, 40, 80):
        few = [_decided(one) for one in rulings(texts, Trial(articles=articles, policy=MARGIN), seeds)]
        counts = [check.needed for check in few if check.needed]
        enough = int(np.median(counts))
        found = Counter(_decided(one).verdict for one in rulings(texts, Trial(articles=enough, policy=MARGIN), seeds))
        settled = [verdict is Verdict.PASSED for verdict in found.elements()]
        wrong = [verdict is Verdict.REGRESSED for verdict in found.elements()]
        low, high = np.percentile(counts, [10, 90]).astype(int).tolist()
        weak = percent([check.verdict is Verdict.UNDERPOWERED for check in few])
        rows.append((articles, weak, f"{enough} ({low} to {high})", percent(settled), percent(wrong)))
    print(f"A margin of 0.02 for rouge1 en, a system against itself, {seeds} gates, percent\n")
    print_table(("articles", "underpowered", "asks for (80 % of gates)", "settled over as many", "regressed"), rows)


def _decided(found: Ruling) -> Check:
    return next(check for check in found.checks if check.name == "rouge1 en")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000, help="gates of each row, 1000")
    seeds = parser.parse_args().seeds
    unchanged(pool(400, 12), seeds)
    texts = pool(400, 12, languages=("en",))
    planted(texts, seeds)
    asked(texts, seeds)


if __name__ == "__main__":
    main()
