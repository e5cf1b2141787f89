"""Figures that others have published, or that the data's own page states, from our metrics."""

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tercet

stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")


def records(path: Path) -> list[dict[str, Any]]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[:-1]


def by_segment(metric: str, score: str, candidates: Sequence[str], references: Any, language: str, **more: Any) -> Any:
    found = tercet.measure(metric, candidates=candidates, references=references, language=language, **more)
    return np.array([np.nan if item.scores is None else item.scores[score] for item in found.segments])


@pytest.mark.parametrize(
    ("metric", "score", "options", "focus", "coverage"),
    [
        ("rouge", "rouge1", {"chinese": "all"}, 0.7793, 0.7570),
        ("rouge", "rouge1_r", {"chinese": "all"}, 0.7473, 0.7638),
        ("rouge", "rougeL", {"chinese": "all"}, 0.7658, 0.7573),
        ("bleu", "bleu", {}, 0.6705, 0.6796),
        ("chrf", "chrf", {}, 0.7095, 0.6995),
    ],
)
def test_multi_summeval_chinese(
    shared: Path, metric: str, score: str, options: dict[str, Any], focus: float, coverage: float
) -> None:
    rows = records(shared / "data/summ_zh/multi_summeval_zh.jsonl")
    candidates = [row["candidate"].replace("[UNK]", "") for row in rows]
    values = by_segment(metric, score, candidates, [row["reference"] for row in rows], "zh", **options)
    for name, expected in (("focus", focus), ("coverage", coverage)):
        assert stats.pearsonr(values, [row[name] for row in rows]).statistic == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("score", "expected"), [("rouge1", (0.209, 0.178, 0.101, 0.323)), ("rouge2", (0.216, 0.177, 0.120, 0.277))]
)
def test_summeval_with_the_mean_over_eleven_references(shared: Path, score: str, expected: tuple[float, ...]) -> None:
    rows = records(shared / "data/summ_en/summeval_odd.jsonl.gz")
    candidates = [system["candidate"] for row in rows for system in row["systems"]]
    references = [row["references"] for row in rows for _ in row["systems"]]
    values = by_segment("rouge", score, candidates, references, "en", use_stemmer=True, several="mean")
    table = values.reshape(len(rows), -1)
    for name, published in zip(("coherence", "consistency", "fluency", "relevance"), expected, strict=True):
        human = [[system[name] for system in row["systems"]] for row in rows]
        within = [  # documents in which people judge all systems alike say nothing
            stats.spearmanr(mine, theirs).statistic
            for mine, theirs in zip(table, human, strict=True)
            if len(set(theirs)) > 1
        ]
        assert np.mean(within) == pytest.approx(published, abs=6e-4)


@pytest.mark.parametrize(
    ("pair", "metric", "expected"),
    [("zh-en", "bleu", 0.616), ("zh-en", "chrf", 0.733), ("en-zh", "bleu", 0.932), ("en-zh", "chrf", 0.934)],
)
def test_wmt23_systems(shared: Path, pair: str, metric: str, expected: float) -> None:
    folder = shared / "data/wmt23"
    with (folder / "human_da_sqm.tsv").open(encoding="utf-8") as file:
        human = {r["system"]: float(r["raw_mean"]) for r in csv.DictReader(file, delimiter="\t") if r["pair"] == pair}
    code = pair[-2:]
    references = lines(folder / pair / f"ref.refA.{code}.gz")
    systems = [name for name in human if (folder / pair / f"hyp.{name}.{code}.gz").is_file()]
    assert len(systems) == 14
    scores = [
        tercet.measure(
            metric, candidates=lines(folder / pair / f"hyp.{name}.{code}.gz"), references=references, language=code
        ).scores[metric]
        for name in systems
    ]
    assert stats.pearsonr(scores, [human[name] for name in systems]).statistic == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(("metric", "system", "segment"), [("bleu", 0.332, 0.119), ("chrf", 0.340, 0.125)])
def test_ted_mqm(shared: Path, metric: str, system: float, segment: float) -> None:
    rows = [row for row in records(shared / "data/ted-mqm/ted_zh_en.jsonl.gz") if not row["human"]]
    assert len(rows) == 6877
    found = tercet.measure(
        metric,
        candidates=[row["candidate"] for row in rows],
        references=[row["reference"] for row in rows],
        language="en",
    )
    values = np.array([item.scores[metric] if item.scores else np.nan for item in found.segments])
    mqm = np.array([row["mqm"] for row in rows])
    assert stats.kendalltau(values, mqm).statistic == pytest.approx(segment, abs=5e-4)
    names = np.array([row["system"] for row in rows])
    built, _ = tercet.metric_from(found.signature)
    systems = sorted(set(names))
    ours = [float(built.reduce(found.rows[names == name].sum(axis=0))[0]) for name in systems]
    theirs = [mqm[names == name].mean() for name in systems]
    assert stats.pearsonr(ours, theirs).statistic == pytest.approx(system, abs=5e-4)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("chrf", {"numbers_replaced": 0.962, "ne_replaced": 0.975, "negation": 0.840, "antonym": 0.833}),
        ("bleu", {"numbers_replaced": 0.885, "ne_replaced": 0.825, "negation": 0.920, "antonym": 0.625}),
    ],
)
def test_demetr_preferences(shared: Path, metric: str, expected: dict[str, float]) -> None:
    rows = records(shared / "data/contrastive_zh_en/demetr_even.jsonl.gz")
    for category, share in expected.items():
        chosen = [row for row in rows if row["category"] == category]
        references = [row["ref"] for row in chosen]
        good, bad = (
            by_segment(metric, metric, [row[side] for row in chosen], references, "en") for side in ("good", "bad")
        )
        assert (good > bad).mean() == pytest.approx(share, abs=5e-4), category


@pytest.mark.parametrize("pair", ["en-zh", "zh-en"])
def test_flores_bleu_to_the_printed_decimal(shared: Path, pair: str) -> None:
    folder = shared / "data/flores-dev"
    code = pair[-2:]
    with (folder / "recorded_scores.tsv").open(encoding="utf-8") as file:
        recorded = [
            row for row in csv.DictReader(file, delimiter="\t") if (row["pair"], row["metric"]) == (pair, "bleu")
        ]
    assert len(recorded) == 7
    references = lines(folder / pair / f"ref.A.{code}.gz")
    for row in recorded:
        candidates = lines(folder / pair / f"hyp.{row['system']}.{code}.gz")
        found = tercet.measure("bleu", candidates=candidates, references=references, language=code)
        assert round(found.scores["bleu"], 1) == float(row["score"]), row["system"]
