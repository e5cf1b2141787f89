"""Gates by the hundred without files: systems drawn from a pool of measured texts, compared and judged as runs are.

A pool holds a few ways to summarize each article, all of one system: words are left out by chance, and never a figure
or its unit, so that nothing becomes false. Two draws from it are two runs of a system that does not always say the
same. The rows of all are measured once; a simulation picks articles and rows.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.differing import Pairing, pairings
from tercet.comparing.records import Comparison, Difference, Method, Side, Versus
from tercet.comparing.tables import Table
from tercet.comparing.testing import RESAMPLES, tested
from tercet.gating.gate import judge
from tercet.gating.policy import Policy
from tercet.gating.records import Ruling
from tercet.metrics.chrf import Chrf
from tercet.metrics.contract import Array, Metric, Rows
from tercet.metrics.facts import Facts
from tercet.metrics.rouge import Rouge
from tercet.records import Segment
from tercet.scores import segment_scores
from tests.runs import articles

Damage = Callable[[str], str]
METRICS: Mapping[str, Metric] = {"rouge": Rouge(), "chrf": Chrf(), "facts": Facts()}


def half(text: str) -> str:
    """Leave out the second half of a text: a limit of tokens that is too low."""
    return text[: len(text) // 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Measured texts.

    Args:
        ways: How many texts of the system each article has; as many more are these texts, damaged.
        rows: By metric and language, (articles, 2 ways) segments in order, flat.
        ids: Of the articles.
    """

    ways: int
    rows: Mapping[tuple[str, str], Rows]
    ids: tuple[str, ...]


def pool(count: int, ways: int, damage: Damage = half, languages: Sequence[str] = ("en", "zh")) -> Pool:
    """Write and measure a pool.

    Args:
        count: Articles.
        ways: Texts for each.
        damage: What is done to a text to make it worse.
        languages: Target languages.
    """
    found = articles(count)
    segments = {code: [one for item in found for one in _segments(item, code, ways, damage)] for code in languages}
    rows = {(name, code): METRICS[name].measure(segments[code]) for code in languages for name in METRICS}
    return Pool(ways=ways, rows=rows, ids=tuple(item["id"] for item in found))


def _segments(item: Mapping[str, Any], code: str, ways: int, damage: Damage) -> list[Segment]:
    draw = random.Random(f"{item['id']} {code}")
    texts = [_shortened(item["references"][code], draw) for _ in range(ways)]
    return [
        Segment(
            id=f"{item['id']}:{code}",
            candidate=text,
            references=(item["references"][code],),
            source=item["source"],
            language=code,
            source_language="en",
        )
        for text in [*texts, *map(damage, texts)]
    ]


def _shortened(reference: str, draw: random.Random) -> str:
    """Leave out words that are no part of a figure: one in four, of Chinese one character in six."""
    if reference.isascii():
        parts = re.findall(r"\d+ million euros\.?|\d+ \S+|\S+", reference)
        return " ".join(part for part in parts if part[0].isdigit() or draw.random() > 0.25)
    parts = re.findall(r"\d+(?:万欧元|.)|.", reference)
    return "".join(part for part in parts if part[0].isdigit() or draw.random() > 1 / 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How gates are simulated.

    Args:
        articles: Of each gate.
        policy: That they judge by; its replicates are drawn.
        damaged: One in how many articles of the candidate is damaged; None damages none.
        evenly: Whether it is every so many-th article; else each is damaged or not by chance.
        noisy: Whether the candidate is another draw of the system; else it says the same, but for the damage.
    """

    articles: int
    policy: Policy
    damaged: int | None = None
    evenly: bool = True
    noisy: bool = True


def ruling(drawn: Pool, trial: Trial, seed: int) -> Ruling:
    """Draw articles and two runs over them, compare and judge them.

    Args:
        drawn: A pool.
        trial: How.
        seed: Of the draws of articles and texts; the policy has its own.
    """
    draw = np.random.default_rng([seed, trial.articles])
    places = draw.choice(len(drawn.ids), trial.articles, replace=False)
    found: list[Pairing] = []
    ways = {code: draw.integers(drawn.ways, size=(2, len(places))) for code in sorted({c for _, c in drawn.rows})}
    worse = drawn.ways * _damaged(trial, draw)
    start = places * 2 * drawn.ways
    for name, code in drawn.rows:
        before, after = ways[code] if trial.noisy else (ways[code][0], ways[code][0])
        a, b = (_table(drawn, (name, code), places, start + way) for way in (before, after + worse))
        found += [one for one in pairings(a, b, sorted(a.cases)) if one.difference.headline]
    return judge(_comparison(found, trial), trial.policy, "simulated")


def _damaged(trial: Trial, draw: np.random.Generator) -> NDArray[np.bool_]:
    """Say which articles are damaged."""
    if trial.damaged is None:
        return np.zeros(trial.articles, dtype=bool)
    tenth = np.arange(trial.articles) % trial.damaged == trial.damaged - 1
    chosen: NDArray[np.bool_] = tenth if trial.evenly else draw.random(trial.articles) < 1 / trial.damaged
    return chosen


def _table(drawn: Pool, key: tuple[str, str], places: NDArray[np.intp], chosen: NDArray[np.intp]) -> Table:
    name, code = key
    everything, metric = drawn.rows[key], METRICS[name]
    rows = Rows(
        values=everything.values[chosen],
        unscored=tuple(everything.unscored[i] for i in chosen.tolist()),
        gaps=tuple(everything.gaps[i] for i in chosen.tolist()),
        evidence=((),) * len(chosen),
    )
    by_segment = segment_scores(metric, rows)
    ids = tuple(drawn.ids[i] for i in places.tolist())
    return Table(
        metric=metric,
        name=name,
        language=code,
        signature=metric.signature(code),
        cases=ids,
        clusters=ids,
        rows=rows,
        by_segment=by_segment,
        present=by_segment.present(),
    )


def _comparison(found: Sequence[Pairing], trial: Trial) -> Comparison:
    policy = trial.policy
    settings = policy.settings(sorted({one.difference.score for one in found}))
    (result,) = tested([found], settings)
    sides = [Side(label=name, folder=name, cases=trial.articles, failures=0) for name in ("baseline", "candidate")]
    method = Method(
        replicates=policy.replicates,
        resamples=RESAMPLES,
        exact=result.exact,
        level=settings.level,
        alpha=settings.alpha,
        correction=policy.correction,
        tests=result.tests,
        primary=policy.primary or "",
    )
    return Comparison(
        baseline=sides[0], versus=(Versus(candidate=sides[1], differences=result.differences),), method=method
    )


def the(found: Ruling, score: str, language: str) -> Difference:
    """Take one score of a ruling."""
    (one,) = [one for one in found.comparison.versus[0].differences if one.key == (score, language)]
    return one


def effect(drawn: Pool, metric: str, language: str, damaged: int) -> Array:
    """Give the true loss of each score, with so many-th articles damaged: over every text of the pool, and no sample.

    Args:
        drawn: A pool.
        metric: A metric whose scores are means over segments.
        language: A target language.
        damaged: One in how many articles is damaged.

    Returns:
        (m,) candidate minus baseline.
    """
    values = drawn.rows[metric, language].values
    sound, worse = (
        METRICS[metric].reduce(part.sum(axis=(0, 1)))
        for part in np.split(values.reshape(len(drawn.ids), 2 * drawn.ways, -1), 2, axis=1)
    )
    loss: Array = (worse - sound) / damaged
    return loss
