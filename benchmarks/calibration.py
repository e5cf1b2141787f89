"""Do the tests, intervals and power of ``tercet.stats`` keep what they promise? By simulation.

    python -m benchmarks.calibration [--quick] [--only type-one coverage familywise power]

Five things are measured, each over thousands of pairs of systems whose true difference is known:

- how often a test finds a difference where there is none (5 % is promised), beside sacrebleu's two tests on
  the same draws;
- how often an interval of 95 % holds the true difference;
- how often any of 12 correlated tests finds a difference where there is none, and what a correction costs;
- how often a true difference is found, beside what ``power`` predicts.

Designs: ``normal`` values; ``clustered``: 1 to 7 segments an article, whose differences correlate by 0.7;
``heavy``: differences with Student's t of 3 degrees of freedom; ``zeros``: counts of contradictions, 72 % of
them 0; ``precision``: supported facts over checked ones, both sums; ``bleu``: n-gram counts; ``skewed``: lognormal
differences of mean 0, where the systems are not exchangeable and no test is promised to be right.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from time import perf_counter
from typing import Any

from benchmarks.calibration_cells import ENDS, coverage, familywise, named, powers, type_one
from benchmarks.clock import print_table

_KINDS = ("type-one", "coverage", "familywise", "power")
_DESIGNS = ("normal", "clustered", "heavy", "zeros", "precision", "bleu", "skewed")
_POWERED = ("normal", "clustered", "heavy", "zeros", "precision")
_TESTS = ("randomization", "bootstrap", "t", "Wilcoxon", "by segment", "sacrebleu ar", "sacrebleu bs")
_SLOW = "bleu"  # its reduce has logarithms; fewer simulations, and none with 1,000 articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured.

    Args:
        articles: Numbers of articles.
        simulations: Of each cell, for our tests and power.
        intervals: Of each cell of coverage, which cuts four intervals.
        peers: For sacrebleu's tests, which take them one by one.
    """

    articles: tuple[int, ...] = (20, 50, 200, 1000)
    simulations: int = 4000
    intervals: int = 2000
    peers: int = 1000

    def cells(self, designs: Sequence[str]) -> list[tuple[str, int]]:
        """Pair designs with numbers of articles."""
        return [(name, n) for name in designs for n in self.articles if name != _SLOW or n <= 200]

    def counted(self, name: str, simulations: int) -> int:
        """Say how many simulations a design gets."""
        return min(simulations, 1000) if name == _SLOW else simulations


QUICK = Plan(articles=(20, 200), simulations=400, intervals=200, peers=100)
Ask = Callable[..., "Future[Any]"]


def type_ones(plan: Plan, ask: Ask) -> Callable[[], None]:
    """Ask for the rates of false differences; the answer prints them."""
    found = {
        cell: ask(type_one, *cell, plan.counted(cell[0], plan.simulations), plan.peers) for cell in plan.cells(_DESIGNS)
    }

    def show() -> None:
        print(f"False differences at 0.05, percent of {plan.simulations} ({plan.peers} for sacrebleu)\n")
        rows = [(*cell, *(_cell(rates.result().get(test)) for test in _TESTS)) for cell, rates in found.items()]
        print_table(("design", "articles", *_TESTS), rows)

    return show


def coverages(plan: Plan, ask: Ask) -> Callable[[], None]:
    """Ask how often intervals hold the truth."""
    found = {cell: ask(coverage, *cell, plan.counted(cell[0], plan.intervals)) for cell in plan.cells(_DESIGNS)}

    def show() -> None:
        print(f"Intervals of 95 % that hold the true difference, percent of {plan.intervals}\n")
        ways = [named(*ends) for ends in ENDS]
        rows = [(*cell, *(_cell(held.result()[way]) for way in ways)) for cell, held in found.items()]
        print_table(("design", "articles", *ways), rows)

    return show


def familywises(plan: Plan, ask: Ask) -> Callable[[], None]:
    """Ask for the rates over 12 tests."""
    found = {n: ask(familywise, n, plan.simulations) for n in plan.articles}

    def show() -> None:
        print(
            f"12 correlated tests at 0.05, percent of {plan.simulations}: any is found where all are null; "
            "one is found that is true, and that a single test finds in 80 %\n"
        )
        columns = list(next(iter(found.values())).result())
        rows = [(n, *(_cell(rates.result()[column]) for column in columns)) for n, rates in found.items()]
        print_table(("articles", *columns), rows)

    return show


def power_rates(plan: Plan, ask: Ask) -> Callable[[], None]:
    """Ask how often true differences are found."""
    found = {cell: ask(powers, *cell, plan.simulations) for cell in plan.cells(_POWERED)}

    def show() -> None:
        print(
            f"Power of randomization, percent of {plan.simulations}: predicted from the true spread / "
            "from each run's own (mean) / found\n"
        )
        aims = (50.0, 80.0, 90.0)
        rows = [
            (*cell, *(" / ".join(map(_cell, rates.result()[aim])) for aim in aims)) for cell, rates in found.items()
        ]
        print_table(("design", "articles", *(f"aimed at {aim:.0f}" for aim in aims)), rows)

    return show


def _cell(percent: float | None) -> str:
    return "" if percent is None else f"{percent:.1f}"


def main() -> None:
    """Measure in two processes and print tables; the figures do not depend on how many there are."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer simulations, to see that it works")
    parser.add_argument("--only", nargs="+", choices=_KINDS, default=_KINDS, help="what to measure")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the processes that are started: one core each
    start = perf_counter()
    kinds = dict(zip(_KINDS, (type_ones, coverages, familywises, power_rates), strict=True))
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        shows = [kinds[kind](QUICK if options.quick else Plan(), pool.submit) for kind in options.only]
        for show in shows:
            show()
    print(f"{perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
