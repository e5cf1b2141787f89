"""`tercet meta` meets the figures that others computed on public sets, from the command line to the JSON.

The expected figures stand in the README beside the sets, which are no part of this repository; they were computed there
with sacrebleu, rouge-score and scipy, or published by WMT.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tercet.cli import main
from tests.conftest import SHARED

DATA = SHARED / "data"
OWN = Path(__file__).parent / "own" / "conf"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the development data ../shared is not here")


@cache
def asked(*words: str) -> dict[str, dict[str, Any]]:
    """Ask once: by set and judgement, its table. One resample, for points are what is looked at."""
    result = CliRunner().invoke(main, ["meta", "--format", "json", "--replicates", "1", *words])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    return {f"{part['name']}/{table['human']}": table for part in found["sets"] for table in part["tables"]}


def figure(table: dict[str, Any], score: str, measure: str) -> float:
    (row,) = [row for row in table["rows"] if row["score"] == score]
    value: float = row["cells"][measure]["value"]
    return value


def only(*measures: str) -> Sequence[str]:
    return [word for measure in measures for word in ("--measure", measure)]


TED = (
    "judgement=ted_mqm",
    f"judgement.path={DATA}/ted-mqm/ted_zh_en.jsonl.gz",
    "metric=[bleu,chrf]",
    *only("system.pearson", "system.pairwise", "text.kendall"),
)


@pytest.mark.parametrize(
    ("score", "pearson", "pairwise", "kendall"), [("bleu", 0.332, 0.615, 0.119), ("chrf", 0.340, 0.615, 0.125)]
)
def test_ted_mqm(score: str, pearson: float, pairwise: float, kendall: float) -> None:
    (table,) = asked(*TED).values()
    found = [figure(table, score, measure) for measure in ("system.pearson", "system.pairwise", "text.kendall")]
    assert found == [pytest.approx(expected, abs=0.0005) for expected in (pearson, pairwise, kendall)]
    (row,) = [row for row in table["rows"] if row["score"] == score]
    assert row["cells"]["text.kendall"]["used"] == 6877
    assert len(table["systems"]) == 13


def test_the_means_of_ted_s_systems() -> None:
    (table,) = asked(*TED).values()
    found = {name: round(table["systems"][name], 3) for name in ("DIDI-NLP", "metricsystem2")}
    assert found == {"DIDI-NLP": -1.651, "metricsystem2": -1.760}


@pytest.mark.parametrize("pair", ["en-zh", "zh-en"])
def test_flores_meets_each_recorded_bleu_to_its_printed_decimal(pair: str) -> None:
    tables = asked(
        "judgement=flores", f"judgement.path={DATA}/flores-dev/*-*", "metric=[bleu]", *only("system.pearson")
    )
    rows = {row["score"]: row["systems"] for row in tables[f"{pair}/comet"]["rows"]}
    assert len(rows["bleu"]) == 7
    assert {name: round(value, 1) for name, value in rows["bleu"].items()} == rows["bleu_recorded"]


@pytest.mark.parametrize(
    ("pair", "score", "pearson"),
    [("zh-en", "bleu", 0.616), ("zh-en", "chrf", 0.733), ("en-zh", "bleu", 0.932), ("en-zh", "chrf", 0.934)],
)
def test_wmt23(pair: str, score: str, pearson: float) -> None:
    tables = asked("judgement=wmt", f"judgement.path={DATA}/wmt23/*-*", "metric=[bleu,chrf]", *only("system.pearson"))
    table = tables[f"{pair}/da_sqm"]
    assert figure(table, score, "system.pearson") == pytest.approx(pearson, abs=0.0005)
    (row,) = [row for row in table["rows"] if row["score"] == score]
    assert (row["cells"]["system.pearson"]["used"], row["cells"]["system.pearson"]["total"]) == (14, 15)


HWTSC = [("zh-en", "bleu", 33.646667487349845), ("zh-en", "chrf", 57.471511200218494)]
HWTSC += [("en-zh", "bleu", 58.57847789112131), ("en-zh", "chrf", 53.78036432157221)]


@pytest.mark.parametrize(("pair", "score", "official"), HWTSC)
def test_a_system_s_score_is_its_official_one(pair: str, score: str, official: float) -> None:
    tables = asked("judgement=wmt", f"judgement.path={DATA}/wmt23/*-*", "metric=[bleu,chrf]", *only("system.pearson"))
    (row,) = [row for row in tables[f"{pair}/da_sqm"]["rows"] if row["score"] == score]
    assert row["systems"]["HW-TSC"] == pytest.approx(official, abs=1e-9)


SUMMEVAL = {
    "rouge1": (0.209, 0.178, 0.101, 0.323),
    "rouge2": (0.216, 0.177, 0.120, 0.277),
    "overlap3": (0.210, 0.409, 0.332, 0.122),  # a user's metric; it is not recorded how its words were cut
}


@pytest.mark.parametrize("score", SUMMEVAL)
def test_summeval_by_document(score: str) -> None:
    tables = asked(
        "judgement=summeval",
        f"judgement.path={DATA}/summ_en/summeval_odd.jsonl.gz",
        "metric=[rouge,trigram]",
        "metrics.rouge.several=mean",
        "metrics.rouge.use_stemmer=true",
        "metrics.trigram.decimals=false",
        *("--config-dir", str(OWN), *only("item.spearman")),
    )
    names = ("coherence", "consistency", "fluency", "relevance")
    found = [figure(tables[f"summeval_odd/{name}"], score, "item.spearman") for name in names]
    near = 0.001 if score == "overlap3" else 0.0005
    assert found == [pytest.approx(expected, abs=near) for expected in SUMMEVAL[score]]


MULTI = {
    "rouge1": (0.7793, 0.7570),
    "rouge1_r": (0.7473, 0.7638),
    "rougeL": (0.7658, 0.7573),
    "bleu": (0.6705, 0.6796),
    "chrf": (0.7095, 0.6995),
}


@pytest.mark.parametrize("score", MULTI)
def test_multi_summeval(score: str) -> None:
    scores = [word for name in MULTI for word in ("--score", name)]
    tables = asked(
        "judgement=multi_summeval",
        f"judgement.path={DATA}/summ_zh/multi_summeval_zh.jsonl",
        "metric=[rouge,bleu,chrf]",
        "metrics.rouge.chinese=all",
        *(*scores, *only("text.pearson")),
    )
    found = [figure(tables[f"multi_summeval_zh/{name}"], score, "text.pearson") for name in ("focus", "coverage")]
    assert found == [pytest.approx(expected, abs=0.00005) for expected in MULTI[score]]


LABELS = {
    "qags_cnn/label": (0.601, 0.807, 0.474),
    "cliff_val, cnndm/label": (0.722, 0.711, 0.530),
    "cliff_val, xsum/label": (0.669, 0.649, 0.672),
    "summedits_samsum/label": (0.558, 0.571, 0.511),
    "summedits_sales_call/label": (0.420, 0.438, 0.566),
    "summedits_scitldr/label": (0.434, 0.440, 0.500),
    "summedits_podcast/label": (0.475, 0.532, 0.533),
}


def labels(name: str) -> dict[str, dict[str, Any]]:
    words = {
        "qags": ("judgement=qags", f"judgement.path={DATA}/factual_en/qags_cnn.jsonl.gz"),
        "cliff": (
            "judgement=summedits",
            f"judgement.path={DATA}/factual_en/cliff_val.jsonl.gz",
            "judgement.sets=detail.origin",
        ),
        "summedits": ("judgement=summedits", f"judgement.path={DATA}/factual_en/summedits_*.jsonl.gz"),
    }[name.partition("_")[0]]
    own = ("metric=[unigram,trigram,numbers]", "--config-dir", str(OWN))
    return asked(*words, *own, *only("label.auc", "text.pearson"))


@pytest.mark.parametrize("name", LABELS)
def test_a_user_s_metrics_join_by_name_and_tell_labels(name: str) -> None:
    found = [figure(labels(name)[name], score, "label.auc") for score in ("overlap1", "overlap3", "new_numbers")]
    assert found == [pytest.approx(expected, abs=0.0005) for expected in LABELS[name]]


def test_qags_as_a_share_of_sentences() -> None:
    assert figure(labels("qags")["qags_cnn/share"], "overlap3", "text.pearson") == pytest.approx(0.6786, abs=0.00005)


DEMETR = {
    "numbers_replaced": (96.2, 88.5),
    "ne_replaced": (97.5, 82.5),
    "negation": (84.0, 92.0),
    "antonym": (83.3, 62.5),
}


@pytest.mark.parametrize("category", DEMETR)
def test_demetr_by_what_was_spoilt(category: str) -> None:
    (table,) = asked(
        "judgement=demetr",
        f"judgement.path={DATA}/contrastive_zh_en/demetr_even.jsonl.gz",
        "metric=[chrf,bleu]",
        *only("pair.preference"),
    ).values()
    found = [100 * figure(table, score, f"pair.preference:{category}") for score in ("chrf", "bleu")]
    assert found == [pytest.approx(expected, abs=0.05) for expected in DEMETR[category]]
