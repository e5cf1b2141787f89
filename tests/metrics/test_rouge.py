"""ROUGE against rouge-score itself, its own golden values, and the promises for Chinese."""

import random
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from rouge_score.rouge_scorer import RougeScorer

import tercet
from tercet.errors import ConfigError
from tercet.kernels import choice
from tercet.metrics.rouge import Rouge
from tercet.records import Segment
from tests.untraced import untraced

TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
PATHS = ["library", "kernels"]
# The two pairs of rouge-score's own tests (testdata/target.txt and prediction.txt), random letters
# that were scored by ROUGE-1.5.5; target_multi.0.txt and prediction_multi.0.txt have two lines more.
TARGETS = (
    "ZfbCUIUuePaiLVUlCaUXxkpu XPeWing tUHfPMuZ',-Xd Y BrUgVJing M-HV.-DgdDaY.rFDJCRing Ht-LM EKBDXkME,yz'RBr q'wtion"
    " wIojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxer tKM L",
    "KsJdPByEtAor fE-Qg Dpdbring cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMtion psing sbKao Q m qiing LMmer"
    " HqqLFXe,XPY,J XsurkMer ,ed nB'wH'bWVHjWFEing tQ.saefZwJtKrTlixYpMMsJing UCAPwNHeYVjDing c T BUySKtion gMPfJpwGw"
    " p'NvxAoping eu pBwMBKV'I DNxqelhu,PHPxDEq,mtion SN",
    "NhETebUbBk'er WOvoHMTjSRizKgH'vHiing Xu,hWxfs VkNE QhgKiLHE -HidivzoM.dO anhtion jbLQiSGDTCsuhREebUaKM dv J dVN"
    " tmbOT",
    "vMR HDm,xOAetion D,tion HJtodT.mHl UIv-p VjWH'BdyWjnfGU-OjT aEMdFICyLWfQMtion wEMfdOKing AwkeKbO 'DxqNOHBH"
    " qKtVvm OYJl mM",
)
PREDICTIONS = (
    "rFDJCRtion Ht-LM EKtDXkME,yz'RBr q'wer wrojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxi",
    "n cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMer pstion sbKao Q m qier LMmed HqqLFXe,XPY,J XsurkMeo ,ed"
    " nB'wH'bWVHjWFEer tQ.saefZwJtKrTlixYpMMNJtion UCAPwNHeYVjD",
    "xfs VkJE QhgKiLHE -HidivzoM.dO anhing jbLQiSGDTCsuhREebUaKM dv J",
    "VjWH'BdyWjnfGU-OjTNaEMdFICyLWfQMing wEMfdOKijg AwkeKbO 'DxqNO",
)
# precision, recall, F1, to five decimals
ROUGE_155 = [
    (0, False, "rouge1", (0.68750, 0.40741, 0.51163)),
    (1, False, "rouge1", (0.65385, 0.40476, 0.50000)),
    (1, True, "rouge1", (0.69231, 0.42857, 0.52941)),
    (0, False, "rouge2", (0.53333, 0.30769, 0.39024)),
    (1, True, "rouge2", (0.48000, 0.29268, 0.36364)),
    (0, False, "rougeL", (0.68750, 0.40741, 0.51163)),
    (1, False, "rougeL", (0.65385, 0.40476, 0.50000)),
]


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the kernels, where no process has, without coverage's trace: it takes half as long."""
    if find_spec("numba") is None:
        return
    from tercet.kernels import rouge, words

    for cut in (words.by_script, partial(words.english, stem=True)):
        untraced(rouge.statistics)([("a", ("a",))], cut, mean=False)


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to the numbers."""
    name: str = request.param
    if name == "kernels":
        pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    monkeypatch.setattr(choice, "worthwhile", lambda module, seconds: name == "kernels")
    return name


def score(candidate: str, references: str | Sequence[str], language: str = "en", **options: Any) -> dict[str, float]:
    several = [references] if isinstance(references, str) else list(references)
    found = tercet.measure("rouge", candidates=[candidate], references=[several], language=language, **options)
    (segment,) = found.segments
    assert segment.scores is not None, segment.unscored
    return segment.scores


def triple(scores: dict[str, float], kind: str) -> tuple[float, float, float]:
    return scores[f"{kind}_p"], scores[f"{kind}_r"], scores[kind]


@pytest.mark.parametrize(("pair", "stem", "kind", "expected"), ROUGE_155)
def test_the_golden_values_of_rouge_155(
    path: str, pair: int, stem: bool, kind: str, expected: tuple[float, float, float]
) -> None:
    found = score(PREDICTIONS[pair], TARGETS[pair], use_stemmer=stem)
    assert triple(found, kind) == pytest.approx(expected, abs=5e-6)


def test_the_golden_rouge_lsum_of_rouge_155(path: str) -> None:
    found = score("\n".join(PREDICTIONS), "\n".join(TARGETS), use_stemmer=True)
    assert triple(found, "rougeLsum") == pytest.approx((0.66667, 0.36538, 0.47205), abs=5e-6)


@pytest.mark.parametrize(
    ("candidate", "references", "kind", "expected"),
    [  # rouge_scorer_test.py of rouge-score 0.1.2
        ("testing", "testing one two", "rouge1", (1, 1 / 3, 1 / 2)),
        ("testing one", "testing one two", "rouge2", (1, 1 / 2, 2 / 3)),
        ("testing one", "testing one two", "rougeL", (1, 2 / 3, 4 / 5)),
        ("testing two", "testing one two", "rougeL", (1, 2 / 3, 4 / 5)),
        ("text first", ["first text", "first something"], "rouge1", (1, 1, 1)),
        ("text first", ["first text", "first something"], "rouge2", (0, 0, 0)),
        ("text first", ["first text", "first something"], "rougeL", (1 / 2, 1 / 2, 1 / 2)),
        ("w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", "w1 w2 w3 w4 w5", "rougeLsum", (2 / 5, 4 / 5, 8 / 15)),
        ("Second sentence.\nFirst Sentence.", "First sentence.\nSecond Sentence.", "rougeLsum", (1, 1, 1)),
        ("/", "w1 w2 w3 w4 w5", "rougeLsum", (0, 0, 0)),
        ("", "testing one two", "rougeLsum", (0, 0, 0)),
    ],
)
def test_rouge_scores_own_cases(
    path: str, candidate: str, references: str | list[str], kind: str, expected: tuple[float, float, float]
) -> None:
    assert triple(score(candidate, references), kind) == pytest.approx(expected, abs=1e-12)


def test_the_walk_back_takes_rouge_scores_path(path: str) -> None:
    """Another of the longest subsequences would give other hits."""
    found = score("b a\na", "a b a")
    expected = RougeScorer(["rougeLsum"]).score("a b a", "b a\na")["rougeLsum"]
    assert triple(found, "rougeLsum") == (expected.precision, expected.recall, expected.fmeasure)


def generated(rng: random.Random) -> str:
    """A text of any kind: empty, one token, repeats, many sentences, beyond ASCII, long."""
    size = rng.choice([0, 1, 2, 5, 9, 14, 25])
    if rng.random() < 0.004:
        size = rng.randint(70, 200)
    words = rng.choice(
        [
            ["a", "b"],
            ["the", "running", "hopped", "relational", "a", "of", "Sky", "skies"],
            ["café", "naïve", "好", "€60", "3.5%", "x-y", "İ", "ﬁ", "don't"],
            [f"w{i}" for i in range(40)],
        ]
    )
    ends = rng.choice([[" "], [" ", " ", "\n"], [" ", ", ", ".\n", "\n\n"], [" ", "\u00a0", "\t"]])
    return "".join(rng.choice(words) + rng.choice(ends) for _ in range(size))


@untraced
def by_rouge_score(pairs: Sequence[tuple[str, str]], *, stem: bool) -> tuple[npt.NDArray[np.float64], list[int]]:
    """Score pairs by the library: their rows, and the places of those whose reference has no token."""
    scorer = RougeScorer(TYPES, use_stemmer=stem)
    found = [scorer.score(reference, candidate) for candidate, reference in pairs]
    empty = [i for i, (_, reference) in enumerate(pairs) if not scorer._tokenizer.tokenize(reference)]
    return np.array([[part for kind in TYPES for part in scores[kind]] for scores in found]), empty


@pytest.mark.parametrize("stem", [False, True])
def test_tens_of_thousands_of_pairs_are_rouge_scores(stem: bool) -> None:
    pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    from tercet.kernels import rouge, words

    rng = random.Random(11 + stem)
    pairs = untraced(lambda: [(generated(rng), generated(rng)) for _ in range(15_000)])()
    values, unscored = rouge.statistics(
        ((candidate, (reference,)) for candidate, reference in pairs),
        lambda texts: words.english(texts, stem=stem),
        mean=False,
    )
    expected, empty = by_rouge_score(pairs, stem=stem)
    assert sorted(unscored) == empty
    np.testing.assert_array_equal(values, expected)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("options", [{}, {"several": "mean"}, {"use_stemmer": True}, {"chinese": "all"}])
def test_both_ways_give_the_same_rows(language: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    rng = random.Random(3)
    texts = ["公司获得6亿欧元的融资，增长3.5%。估值近60亿。", "他走了。\n她没走。", "Mistral AI获得€600mn。", "。", ""]
    segments = [
        Segment(
            id=str(i),
            candidate=rng.choice([generated(rng), rng.choice(texts)]),
            references=tuple(rng.choice([generated(rng), rng.choice(texts)]) for _ in range(rng.randint(1, 3))),
            language=language,
        )
        for i in range(400)
    ]
    metric = Rouge(**options)
    found = []
    for name in PATHS:
        monkeypatch.setattr(choice, "worthwhile", lambda module, seconds, name=name: name == "kernels")
        found.append(metric.measure(segments))
    np.testing.assert_array_equal(found[0].values, found[1].values)
    assert found[0].unscored == found[1].unscored
    assert found[0].scored.sum() > 100


def test_long_texts_are_scored_by_kernels_and_named_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    long = " ".join(f"w{i % 977}" for i in range(30_000))
    monkeypatch.setattr(choice, "worthwhile", lambda module, seconds: True)
    found = score(long, long)
    assert found["rougeL"] == found["rougeLsum"] == 1.0
    monkeypatch.setattr(choice, "worthwhile", lambda module, seconds: False)
    (segment,) = tercet.measure("rouge", candidates=[long], references=[long], language="en").segments
    assert segment.unscored is not None
    assert "fast" in segment.unscored


def test_lsum_of_one_line_is_split_by_sentences(path: str) -> None:
    """Where nothing is split, Lsum is L: the commonest mistake."""
    found = score("It fell. They left early.", "They left early. It fell.")
    assert found["rougeLsum"] == 1.0
    assert found["rougeL"] == pytest.approx(3 / 5)


def test_several_references_count_by_the_best_or_the_mean(path: str) -> None:
    references = ["a b c d", "a b"]
    one, two = (score("a b", reference) for reference in references)
    assert score("a b", references)["rouge1"] == max(one["rouge1"], two["rouge1"])
    mean = score("a b", references, several="mean")
    for name in one:
        assert mean[name] == pytest.approx((one[name] + two[name]) / 2, abs=1e-15)


def test_identical_but_for_the_last_full_stop(path: str) -> None:
    assert score("公司获得6亿欧元的融资", "公司获得6亿欧元的融资。", "zh")["rougeL"] >= 0.95


def test_a_mixed_sentence_with_its_meaning_reversed_is_not_similar(path: str) -> None:
    """Numbers and Latin words count whole: single letters of them would match by chance."""
    found = score("OpenAI裁员800人，亏损$20mn", "Mistral融资600人，获利€60mn", "zh")
    assert all(found[kind] < 0.667 for kind in TYPES)
    found = score("Mistral 的营收 rose 3.5%，达到€600mn", "Mistral 的亏损 fell 9.5%，降至€60n", "zh")
    assert all(found[kind] < 0.667 for kind in TYPES)


def test_chinese_words_are_jiebas_and_the_rest_stays_whole(path: str) -> None:
    pytest.importorskip("rjieba", reason="the extra 'zh' is not installed")
    from tercet.chinese import words

    assert words("Mistral获得了€600mn融资，增长3.5%。") == ["mistral", "获得", "了", "€600mn", "融资", "增长", "3.5%"]
    by_word = score("公司获得融资", "公司取得融资", "zh", chinese="words")
    assert by_word["rouge1"] == pytest.approx(2 / 3)
    assert "rjieba" in Rouge(chinese="words").signature("zh")


def test_scripts_are_folded_on_request_only(path: str) -> None:
    pytest.importorskip("opencc", reason="the extra 'zh' is not installed")
    assert score("公司獲得融資", "公司获得融资", "zh")["rouge1"] < 1
    assert score("公司獲得融資", "公司获得融资", "zh", fold=True)["rouge1"] == 1
    assert "fold:yes" in Rouge(fold=True).signature("zh")


def test_an_unknown_way_to_cut_is_named() -> None:
    with pytest.raises(ConfigError, match="chinese is 'word'") as caught:
        Rouge(chinese="word")
    assert "words" in caught.value.remedy


def test_a_reference_of_a_million_words_is_unscored(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    monkeypatch.setattr(choice, "worthwhile", lambda module, seconds: True)
    words = " ".join(map(str, range((1 << 20) + 5)))
    found = tercet.measure("rouge", candidates=["1 2", "1 2"], references=[words, "1 2"], language="en")
    assert "too long" in (found.segments[0].unscored or "")
    assert found.scores["rouge1"] == 1.0
