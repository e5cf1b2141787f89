"""Does a learned blend of tercet's cheap signals tell consistent summaries better than the best single one?

A ridge logistic regression over all signals of ``benchmarks.facts_consistency`` that need no model of entailment,
fitted on all sets of labelled summaries but one, and judged on that one by AUC. Each training set weighs the same.
It is held against the single signal with the highest mean AUC over the same training sets, so that neither has seen
the set that it is judged on; and, for orientation, against the signal that is best on the judged set, which nobody
could have known. Signals that a summary lacks (no fact to check) take the mean of the training sets.

Two ways of leaving out: one set, while other sets of its family are fitted on; and its whole family (QAGS, CLIFF,
SummEdits). Intervals of 95 %: a bootstrap over sources, in each set by itself; the mean over sets takes the same
replicates of each. The rule, fixed before anything was fitted: a blend is shipped where the interval of the mean
difference excludes zero when families are left out.

Run: ``python -m benchmarks.blend [DATA] [--signals FILE]``; FILE keeps the signals for another run.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.clock import print_table
from benchmarks.facts_consistency import SIGNALS, summaries
from benchmarks.intervals import auc, replicates
from benchmarks.shared import argument

Array = NDArray[np.float64]
LEFT_OUT = ("nli", "embedding, whole text", "BERTScore F, embedded encoder")  # a model to fetch; twins of others
RIDGE = 1.0  # of standardized signals, with the sets' weights adding up to the number of rows


class Set(NamedTuple):
    """Labelled summaries and their signals.

    ``signals`` is (n, signals) with NaN where there is none, ``labels`` (n,) of 1 and 0, ``sources`` n texts.
    """

    signals: Array
    labels: NDArray[np.int64]
    sources: list[str]


class Fitted(NamedTuple):
    """A blend: what signals are centred and scaled by, and their coefficients, the constant last."""

    means: Array
    scales: Array
    coefficients: Array

    def __call__(self, signals: Array) -> Array:
        """Blend (n, signals) into (n,) log-odds of being consistent."""
        filled = np.where(np.isfinite(signals), signals, self.means)
        blended: Array = (filled - self.means) / self.scales @ self.coefficients[:-1] + self.coefficients[-1]
        return blended


def family(name: str) -> str:
    """Name the family of a set: its first word."""
    return name.split("_", maxsplit=1)[0].split(maxsplit=1)[0]


def fit(sets: Sequence[Set]) -> Fitted:
    """Fit a ridge logistic regression by Newton's method; each set weighs the same."""
    signals = np.vstack([one.signals for one in sets])
    labels = np.concatenate([one.labels for one in sets]).astype(np.float64)
    weights = np.concatenate([np.full(len(one.labels), len(labels) / len(sets) / len(one.labels)) for one in sets])
    means = np.nanmean(signals, axis=0)
    scales = np.nanstd(signals, axis=0)
    scales[scales == 0] = 1
    design = (np.where(np.isfinite(signals), signals, means) - means) / scales
    design = np.column_stack([design, np.ones(len(design))])
    penalty = np.full(design.shape[1], RIDGE)
    penalty[-1] = 0
    coefficients = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ coefficients))
        gradient = design.T @ (weights * (labels - chance)) - penalty * coefficients
        curvature = (design * (weights * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10:
            break
    return Fitted(means, scales, coefficients)


def area(values: Array, one: Set, weights: Array) -> Array:
    """(replicates,) AUC of (n,) values, of which those that are missing count as the mean of the rest."""
    filled = np.where(np.isfinite(values), values, np.nanmean(values))
    return auc(filled.tolist(), one.labels.tolist(), weights)


def best_of(sets: Sequence[Set]) -> int:
    """Choose the signal with the highest mean AUC."""
    means = [
        np.mean([area(one.signals[:, signal], one, np.ones((1, len(one.labels))))[0] for one in sets])
        for signal in range(sets[0].signals.shape[1])
    ]
    return int(np.argmax(means))


def compared(sets: Mapping[str, Set], names: Sequence[str], *, families: bool) -> list[tuple[str, ...]]:
    """Judge blend and single signals on each set that they were not chosen on."""
    made: list[tuple[str, ...]] = []
    blends: list[Array] = []
    differences: list[Array] = []
    for name, judged in sets.items():
        training = [
            one for other, one in sets.items() if (family(other) != family(name) if families else other != name)
        ]
        weights = replicates(judged.sources)
        single, hindsight = best_of(training), best_of([judged])
        blend = area(fit(training)(judged.signals), judged, weights)
        chosen, known = (area(judged.signals[:, each], judged, weights) for each in (single, hindsight))
        blends.append(blend)
        differences.append(blend - chosen)
        made.append(
            (
                name,
                _shown(blend),
                f"{_shown(chosen)} {names[single]}",
                _shown(blend - chosen),
                f"{known[0]:.3f} {names[hindsight]}",
            )
        )
    always = best_of(list(sets.values()))
    fixed = [area(one.signals[:, always], one, replicates(one.sources)) for one in sets.values()]
    made.append(("mean", _shown(np.mean(blends, axis=0)), "", _shown(np.mean(differences, axis=0)), ""))
    gain = np.mean(blends, axis=0) - np.mean(fixed, axis=0)
    made.append(("mean", "", f"{_shown(np.mean(fixed, axis=0))} {names[always]}, everywhere", _shown(gain), ""))
    return made


def _shown(values: Array) -> str:
    drawn = values[1:][np.isfinite(values[1:])]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{values[0]:.3f} [{low:.3f}, {high:.3f}]"


def measured(data: Path, kept: Path | None) -> tuple[dict[str, Set], list[str]]:
    """Measure the signals of all sets, or read them from where they were kept."""
    found = summaries(data)
    names = [name for name in SIGNALS if name not in LEFT_OUT]
    if kept is not None and kept.is_file():
        with np.load(kept, allow_pickle=False) as stored:
            tables = {name: stored[name] for name in found}
    else:
        tables = {
            name: np.array([SIGNALS[signal](rows) for signal in names], dtype=np.float64).T
            for name, rows in found.items()
        }
        if kept is not None:
            keyed: dict[str, Any] = tables
            np.savez(kept, **keyed)
    return {
        name: Set(tables[name], np.array([row["label"] for row in rows]), [row["source"] for row in rows])
        for name, rows in found.items()
    }, names


def main() -> None:
    """Print both tables, and the coefficients of a blend of all sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argument(parser)
    parser.add_argument("--signals", type=Path, help="where signals are kept (.npz)")
    chosen = parser.parse_args()
    sets, names = measured(chosen.data, chosen.signals)
    head = ("AUC on", "blend", "best single signal of the training sets", "difference", "best in hindsight")
    for families in (True, False):
        print(f"\nLeft out of fitting and choosing: {'its whole family' if families else 'the set itself'}\n")
        print_table(head, compared(sets, names, families=families))
    everything = fit(list(sets.values()))
    print("\nFitted on all sets; per standard deviation\n")
    print_table(("signal", "coefficient"), list(zip(names, everything.coefficients.tolist(), strict=False)))


if __name__ == "__main__":
    main()
