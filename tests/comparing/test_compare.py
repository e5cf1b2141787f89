"""Comparing whole runs: what is paired, tested, refused."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result

from tercet.comparing.compare import Settings, compare
from tercet.comparing.records import Comparison, Difference
from tercet.errors import ConfigError, IncompleteError, NotComparableError, RunError
from tercet.runs import load_run
from tests.runs import articles, command, faithful, furnish, scored

Call = Callable[..., Result]
Pair = tuple[Path, Path]
QUICK = Settings(replicates=999)


def found(comparison: Comparison, score: str, language: str, candidate: int = 0) -> Difference:
    (one,) = [d for d in comparison.versus[candidate].differences if d.key == (score, language)]
    return one


def compared(*folders: Path, settings: Settings = QUICK, labels: list[str] | None = None) -> Comparison:
    return compare([load_run(folder) for folder in folders], settings, labels)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Two systems over the same news; who changes a run takes a copy."""
    with chdir(tmp_path_factory.mktemp("pair")):
        made = articles(16)
        furnish(made)
        a, b = (scored(command, name, faithful(made, name)).resolve() for name in "ab")
    return a, b


@pytest.fixture
def news(tercet: Call) -> list[dict[str, Any]]:
    made = articles(16)
    furnish(made)
    return made


def test_scores_and_deltas_are_those_of_the_runs(pair: Pair) -> None:
    a, b = pair
    result = compared(a, b)
    for score in ("rouge1", "chrf", "fact_precision"):
        for language in ("en", "zh"):
            one = found(result, score, language)
            assert one.baseline == pytest.approx(load_run(a).scores[language][score], rel=1e-12)
            assert one.candidate == pytest.approx(load_run(b).scores[language][score], rel=1e-12)
            assert one.delta is not None
            assert one.baseline is not None
            assert one.candidate is not None
            assert one.delta == pytest.approx(one.candidate - one.baseline, abs=1e-12)
            assert (one.pairs, one.total, one.articles) == (16, 16, 16)
            assert one.wins + one.ties + one.losses == 16
            assert one.interval is not None
            assert one.interval[0] <= one.delta <= one.interval[1]
            assert one.p is not None
            assert one.adjusted is not None
            assert 0 < one.p <= one.adjusted <= 1


def test_a_run_does_not_differ_from_one_with_the_same_outputs(tercet: Call, news: list[dict[str, Any]]) -> None:
    a, b = (scored(tercet, name, faithful(news)) for name in "ab")
    for one in compared(a, b).versus[0].differences:
        assert (one.delta, one.interval, one.differing) == (0, (0, 0), 0)
        assert (one.wins, one.losses) == (0, 0)
        if one.higher_is_better is not None:
            assert (one.p, one.adjusted) == (1, 1)


def test_swapping_the_sides_turns_the_signs_and_keeps_p(pair: Pair) -> None:
    a, b = pair
    there, back = compared(a, b), compared(b, a)
    for one in there.versus[0].differences:
        other = found(back, *one.key)
        assert one.delta is not None
        assert other.delta == pytest.approx(-one.delta, abs=1e-15)
        assert one.p == other.p
        assert (one.wins, one.losses) == (other.losses, other.wins)


def test_what_one_run_lost_is_not_compared_and_counted(tercet: Call, news: list[dict[str, Any]]) -> None:
    """A candidate without its worst outputs must not look better than it is."""
    texts = faithful(news, "b")
    texts["item-000:en"] = None
    a, b = scored(tercet, "a", faithful(news, "a")), scored(tercet, "b", texts)
    result = compared(a, b)
    one = found(result, "rouge1", "en")
    assert (one.pairs, one.total, one.articles) == (15, 16, 15)
    ((reason, count),) = one.unpaired.items()
    assert reason.startswith("candidate: no output: ")
    assert count == 1
    assert found(result, "rouge1", "zh").pairs == 16
    assert (result.baseline.failures, result.versus[0].candidate.failures) == (0, 1)
    # The baseline's value is over the same pairs, and not that of its run.
    rows = [row for row in load_run(a).rows().to_pylist() if row["metric"] == "rouge" and row["language"] == "en"]
    kept = [dict(row["scores"])["rouge1"] for row in rows if row["segment"] != "item-000:en"]
    assert one.baseline == pytest.approx(np.mean(kept), rel=1e-12)


def test_gaps_of_single_scores_are_unpaired_for_these_alone(tercet: Call, news: list[dict[str, Any]]) -> None:
    texts = faithful(news, "b")
    texts["item-001:en"] = "It opened."
    a, b = scored(tercet, "a", faithful(news, "a")), scored(tercet, "b", texts)
    result = compared(a, b)
    assert found(result, "fact_precision", "en").unpaired == {"candidate: nothing in it can be checked": 1}
    assert found(result, "rouge1", "en").pairs == 16


def test_new_and_repaired_facts_stand_at_their_articles(tercet: Call, news: list[dict[str, Any]]) -> None:
    good = faithful(news)
    bad, other = dict(good), dict(good)
    cost = "11 million euros"
    bad["item-000:en"] = f"It cost {cost.replace('million', 'billion')}."
    other["item-001:en"] = "They cost 12 billion euros."
    a, b = scored(tercet, "a", other), scored(tercet, "b", bad)
    versus = compared(a, b, settings=Settings(replicates=99, primary="fact_precision")).versus[0]
    (new,) = versus.new
    (repaired,) = versus.repaired
    assert (new.case_id, new.kind, new.label) == ("item-000:en", "contradicted", "magnitude")
    assert new.place is not None
    assert new.other is not None
    assert cost in new.other.text
    assert repaired.case_id == "item-001:en"
    assert versus.worse[0].case_id == "item-000:en"
    assert versus.worse[0].new == (new,)
    assert versus.better[0].repaired == (repaired,)


def test_a_fact_that_both_have_is_not_new_and_one_more_is(tercet: Call, news: list[dict[str, Any]]) -> None:
    once, twice = dict(faithful(news)), dict(faithful(news))
    once["item-000:en"] = "It cost 11 billion euros."
    twice["item-000:en"] = "In all it cost 11 billion euros. It cost 11 billion euros. "
    a, b = scored(tercet, "a", once), scored(tercet, "b", twice)
    versus = compared(a, b).versus[0]
    assert len(versus.new) == 1
    assert not versus.repaired


def test_few_articles_are_tested_exactly(tercet: Call) -> None:
    made = articles(7)
    furnish(made)
    a, b = (scored(tercet, name, faithful(made, name)) for name in "ab")
    result = compared(a, b, settings=Settings(correction="none"))
    assert result.method.exact
    for one in result.versus[0].differences:
        if one.p is not None:
            assert (one.p * 2**7) == pytest.approx(round(one.p * 2**7), abs=1e-9)


def test_several_candidates_pay_for_each_other(tercet: Call, news: list[dict[str, Any]], pair: Pair) -> None:
    folders = [*pair, scored(tercet, "c", faithful(news, "c"))]
    alone, together = compared(*folders[:2]), compared(*folders)
    assert [v.candidate.label for v in together.versus] == [load_run(f).system for f in folders[1:]]
    assert together.method.tests == 2 * alone.method.tests
    for one in alone.versus[0].differences:
        if one.adjusted is not None:
            assert found(together, *one.key).adjusted == pytest.approx(min(1, 2 * one.adjusted))


def test_a_primary_score_pays_for_its_languages_alone(pair: Pair) -> None:
    a, b = pair
    holm = compared(a, b, settings=Settings(replicates=999, primary="chrf", correction="holm"))
    p = sorted(found(holm, "chrf", language).p or 0 for language in ("en", "zh"))
    adjusted = sorted(found(holm, "chrf", language).adjusted or 0 for language in ("en", "zh"))
    assert adjusted == pytest.approx([min(1, 2 * p[0]), max(min(1, 2 * p[0]), p[1])])


def test_slices_are_parts_of_the_cases(pair: Pair) -> None:
    a, b = pair
    versus = compared(a, b, settings=Settings(replicates=99, sliced=True)).versus[0]
    names = {(part.by, part.value): part for part in versus.slices}
    assert {("tag", "north"), ("tag", "south")} <= set(names)
    assert not [part for part in versus.slices if part.by == "source language"]  # it is the whole
    for part in (names["tag", "north"], names["tag", "south"]):
        assert {d.pairs for d in part.differences} == {8}
        assert all(d.p is None for d in part.differences)
    lengths = [part.differences[0].pairs for part in versus.slices if part.by == "length"]
    assert len(lengths) > 1
    assert 14 <= sum(lengths) <= 16  # a part with one article says nothing


def test_the_order_of_the_articles_is_no_part_of_the_result(
    tercet: Call, news: list[dict[str, Any]], pair: Pair
) -> None:
    a, b = pair
    furnish(news[::-1])
    back = scored(tercet, "back", faithful(news, "b"))
    one, other = compared(a, b, labels=["x", "y"]), compared(a, back, labels=["x", "y"])
    assert one.versus[0].differences == other.versus[0].differences


def test_other_texts_are_refused_or_left_out(tercet: Call, news: list[dict[str, Any]]) -> None:
    a = scored(tercet, "a", faithful(news, "a"))
    changed = [dict(article) for article in news]
    changed[3]["source"] += " It rained."
    changed.pop()
    furnish(changed)
    b = scored(tercet, "b", faithful(changed, "b"))
    with pytest.raises(NotComparableError) as caught:
        compared(a, b)
    assert "2 cases only in the baseline (item-015:en, item-015:zh)" in caught.value.problem
    assert "2 cases of another text, reference or date (item-003:en, item-003:zh)" in caught.value.problem
    result = compared(a, b, settings=Settings(replicates=99, on="common"))
    assert found(result, "rouge1", "en").total == 14
    assert len(result.method.left_out) == 2


def test_other_signatures_are_refused_by_name(tercet: Call, news: list[dict[str, Any]]) -> None:
    a = scored(tercet, "a", faithful(news, "a"))
    b = scored(tercet, "b", faithful(news, "b"), "metrics.chrf.beta=1")
    with pytest.raises(NotComparableError, match=r"chrf en: beta: 2 against 1"):
        compared(a, b)
    result = compared(a, b, settings=Settings(replicates=99, on="common"))
    assert {d.metric for d in result.versus[0].differences} == {"rouge", "facts"}


def test_nothing_in_common_is_incomplete(tercet: Call, news: list[dict[str, Any]]) -> None:
    a = scored(tercet, "a", faithful(news, "a"))
    furnish([{**article, "id": "other-" + str(article["id"])} for article in news])
    texts = {f"other-{case}": text for case, text in faithful(news, "b").items()}
    b = scored(tercet, "b", texts)
    with pytest.raises(NotComparableError):
        compared(a, b)
    with pytest.raises(IncompleteError, match="Nothing can be compared"):
        compared(a, b, settings=Settings(on="common"))


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (Settings(scores=("rogue1",)), "rogue1"),
        (Settings(primary="rogue1"), "rogue1"),
    ],
)
def test_unknown_scores_are_named(pair: Pair, settings: Settings, word: str) -> None:
    a, b = pair
    with pytest.raises(ConfigError, match=f"'{word}'.*Did you mean 'rouge1'"):
        compared(a, b, settings=settings)


@pytest.mark.parametrize("wrong", [{"alpha": 0}, {"level": 1.5}, {"seed": -1}, {"replicates": 0}, {"power": 1}])
def test_settings_are_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Settings(**wrong)


def test_one_run_is_no_comparison(pair: Pair) -> None:
    with pytest.raises(ConfigError, match="two runs"):
        compared(pair[0])


@pytest.mark.parametrize("name", ["cases.jsonl", "outputs.jsonl", "scores.parquet", "evidence.jsonl"])
def test_a_file_that_was_changed_is_refused(pair: Pair, name: str, tmp_path: Path) -> None:
    a, b = pair[0], shutil.copytree(pair[1], tmp_path / "b")
    with (b / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(RunError, match=f"{name}: changed since the run was made"):
        compared(a, b)


def test_a_score_that_is_not_what_the_rows_come_to_is_refused(pair: Pair, tmp_path: Path) -> None:
    a, b = pair[0], shutil.copytree(pair[1], tmp_path / "b")
    info = json.loads((b / "run.json").read_text("utf-8"))
    info["scores"][0]["value"] += 0.1
    (b / "run.json").write_text(json.dumps(info), "utf-8")
    with pytest.raises(RunError, match="is not what its rows come to"):
        compared(a, b)


SCRIPT = """
import sys
from tercet.comparing.compare import Settings, compare
from tercet.runs import load_run
print(compare([load_run(f) for f in sys.argv[1:]], Settings(replicates=499, sliced=True)))
"""


def test_the_same_seed_gives_the_same_bytes(pair: Pair) -> None:
    a, b = pair
    results = set()
    for seed, threads in (("0", "1"), ("1", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads}
        words = [sys.executable, "-c", SCRIPT, str(a), str(b)]
        results.add(subprocess.run(words, check=True, capture_output=True, env=environment).stdout)
    assert len(results) == 1
    zero, one = (compared(a, b, settings=Settings(seed=seed, replicates=499)) for seed in (0, 1))
    assert found(zero, "chrf", "en").p != found(one, "chrf", "en").p
