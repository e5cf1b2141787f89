"""The lexical metrics against the libraries themselves."""

import csv
import gzip
import random
from pathlib import Path

import numpy as np
import pytest
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

import tercet
from tercet.metrics.bleu import Bleu

WORDS = [
    *[
        "the",
        "a",
        "of",
        "in",
        "company",
        "rose",
        "fell",
        "3.5%",
        "€600mn",
        "Mistral's",
        "said,",
        "“yes”",
        "no.",
        "café",
        "naïve",
        "U.S.",
        "it's",
        "(and)",
    ],
    "\n",
]
HAN = list("公司估值欧元上涨下跌的了在是6亿3.5%，。“”Mistral AI 翻三番")


def texts(language: str, count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        size = rng.choice([0, 1, 2, 3, 4, 5, 8, 13, 30])
        made.append(("" if language == "zh" else " ").join(rng.choices(HAN if language == "zh" else WORDS, k=size)))
    return made


def pairs(language: str, count: int) -> tuple[list[str], list[list[str]]]:
    """Candidates, and references that share much with them; none of the references is blank."""
    rng = random.Random(7)
    candidates = texts(language, count, 1)
    glue = "" if language == "zh" else " "
    references = []
    for candidate, other in zip(candidates, texts(language, count, 2), strict=True):
        parts = list(candidate) if language == "zh" else candidate.split(" ")
        rng.shuffle(parts)
        both = [glue.join(parts[: rng.randint(0, len(parts))]) + glue + other, other + "x", "xy"]
        references.append([text if text.strip() else "x" for text in both[: rng.randint(1, 3)]])
    return candidates, references


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("count", [1500])
def test_bleu_segments_and_corpus_equal_sacrebleu(language: str, count: int) -> None:
    candidates, references = pairs(language, count)
    oracle = BLEU(tokenize="zh" if language == "zh" else "13a", effective_order=True)
    found = tercet.measure("bleu", candidates=candidates, references=references, language=language)
    for segment, candidate, refs in zip(found.segments, candidates, references, strict=True):
        assert segment.scores is not None
        assert segment.scores["bleu"] == pytest.approx(oracle.sentence_score(candidate, refs).score, abs=1e-9)
    streams = [[refs[i] if i < len(refs) else None for refs in references] for i in range(3)]
    expected = BLEU(tokenize="zh" if language == "zh" else "13a").corpus_score(candidates, streams)  # type: ignore[arg-type]
    assert found.scores["bleu"] == pytest.approx(expected.score, abs=1e-9)


def test_bleu_of_every_small_row_equals_compute_bleu() -> None:
    rng = np.random.default_rng(3)
    rows = []
    for _ in range(20_000):
        candidate = int(rng.integers(0, 7))
        total = [max(0, candidate - n) for n in range(4)]
        correct = [int(rng.integers(0, t + 1)) for t in total]
        rows.append([candidate, int(rng.integers(1, 9)), *correct, *total])
    scores = Bleu().reduce(np.array(rows, dtype=float))[:, 0]
    for row, score in zip(rows, scores, strict=True):
        expected = BLEU.compute_bleu(row[2:6], row[6:], row[0], row[1], smooth_method="exp", effective_order=True)
        assert score == pytest.approx(expected.score, abs=1e-9)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_chrf_segments_and_corpus_equal_sacrebleu(language: str) -> None:
    candidates, references = pairs(language, 1500)
    oracle = CHRF()
    found = tercet.measure("chrf", candidates=candidates, references=references, language=language)
    for segment, candidate, refs in zip(found.segments, candidates, references, strict=True):
        assert segment.scores is not None
        assert segment.scores["chrf"] == pytest.approx(oracle.sentence_score(candidate, refs).score, abs=1e-9)
    streams = [[refs[i] if i < len(refs) else None for refs in references] for i in range(3)]
    assert found.scores["chrf"] == pytest.approx(oracle.corpus_score(candidates, streams).score, abs=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_ter_segments_and_corpus_equal_sacrebleu(language: str) -> None:
    candidates, references = pairs(language, 200)
    oracle = TER(normalized=language == "zh", asian_support=language == "zh")
    found = tercet.measure("ter", candidates=candidates, references=references, language=language)
    scored = [segment.scores is not None for segment in found.segments]
    assert sum(scored) > 190
    for segment, candidate, refs in zip(found.segments, candidates, references, strict=True):
        if segment.scores is not None:
            assert segment.scores["ter"] == pytest.approx(oracle.sentence_score(candidate, refs).score, abs=1e-9)
    kept = [i for i, has in enumerate(scored) if has]
    streams = [[references[i][j] if j < len(references[i]) else None for i in kept] for j in range(3)]
    expected = oracle.corpus_score([candidates[i] for i in kept], streams)  # type: ignore[arg-type]
    assert found.scores["ter"] == pytest.approx(expected.score, abs=1e-9)


@pytest.mark.parametrize("stemmer", [False, True])
def test_english_rouge_equals_rouge_score(stemmer: bool) -> None:
    candidates, references = pairs("en", 400)
    oracle = RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"], use_stemmer=stemmer)
    found = tercet.measure("rouge", candidates=candidates, references=references, language="en", use_stemmer=stemmer)
    compared = 0
    for segment, candidate, refs in zip(found.segments, candidates, references, strict=True):
        if segment.scores is None:
            assert "no token" in (segment.unscored or "")
            continue
        compared += 1
        lines = all("\n" in text.strip() for text in [candidate, *refs])
        for name, score in oracle.score_multi(refs, candidate).items():
            if name == "rougeLsum" and not lines:
                continue  # one line is cut into sentences first
            assert segment.scores[f"{name}_p"] == pytest.approx(score.precision, abs=1e-12)
            assert segment.scores[f"{name}_r"] == pytest.approx(score.recall, abs=1e-12)
            assert segment.scores[name] == pytest.approx(score.fmeasure, abs=1e-12)
    assert compared > 350


def test_rouge_lsum_takes_sentences_where_there_are_no_lines() -> None:
    candidate, reference = "It fell. It rose.", "It rose. It fell."
    oracle = RougeScorer(["rougeLsum"]).score("It rose.\nIt fell.", "It fell.\nIt rose.")["rougeLsum"]
    found = tercet.measure("rouge", candidates=[candidate], references=[reference], language="en")
    assert found.scores["rougeLsum"] == oracle.fmeasure == 1.0
    assert found.scores["rougeL"] == 0.5


def test_chinese_rouge_counts_characters_by_hand() -> None:
    found = tercet.measure("rouge", candidates=["公司获得6亿欧元"], references=["公司筹得6亿欧元。"])
    # Tokens: 公 司 获 得 6 亿 欧 元 against 公 司 筹 得 6 亿 欧 元: 7 of 8, pairs 公司 得6 6亿 亿欧 欧元: 5 of 7.
    assert found.scores["rouge1"] == pytest.approx(7 / 8)
    assert found.scores["rouge2"] == pytest.approx(5 / 7)
    assert found.scores["rougeL"] == pytest.approx(7 / 8)


@pytest.mark.parametrize(("pair", "source", "reference"), [("zh-en", "zh", "en"), ("en-zh", "en", "zh")])
def test_wmt23_official_scores_to_the_digit(shared: Path, pair: str, source: str, reference: str) -> None:
    folder = shared / "data" / "wmt23"
    with (folder / "official_scores.tsv").open(encoding="utf-8") as file:
        official = [row for row in csv.DictReader(file, delimiter="\t") if row["pair"] == pair]
    references = lines(folder / pair / f"ref.refA.{reference}.gz")
    assert len(official) == 30
    for row in official:
        candidates = lines(folder / pair / f"hyp.{row['system']}.{reference}.gz")
        found = tercet.measure(row["metric"], candidates=candidates, references=references, language=reference)
        score = found.scores[row["metric"]]
        assert score == float(row["score"]), row
        assert found.counts[row["metric"]].scored == len(references)


def lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[:-1]
