"""Comparing runs that are read in step: the numbers of the comparison in memory, without the memory."""

import json
import shutil
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from tercet.comparing import compare as comparing
from tercet.comparing.compare import Settings, compare
from tercet.comparing.records import Comparison, Difference
from tercet.comparing.streaming import drawing, newfacts, reading, sharing
from tercet.errors import ConfigError, IncompleteError, NotComparableError, RunError
from tercet.gating.gate import judge
from tercet.gating.policy import Policy
from tercet.runs import file_hash, load_run
from tests.runs import articles, command, faithful, furnish, scored, swept

Call = Callable[..., Result]
QUICK = Settings(replicates=999)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Three systems over news in which an article is there twice; two lack an output, and one has false facts."""
    with chdir(tmp_path_factory.mktemp("made")):
        news = articles(40)
        news[17] = {**news[3], "id": "item-017"}
        furnish(news)
        a, b, c = (faithful(news, name) for name in "abc")
        a["item-009:zh"] = None
        b |= {"item-001:en": "It opened.", "item-005:en": None, "item-000:en": "It cost 11 billion euros."}
        return tuple(scored(command, name, texts).resolve() for name, texts in (("a", a), ("b", b), ("c", c)))  # type: ignore[return-value]


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Comparison]:
    """Compare as if the runs were large, in pieces of a few rows."""

    def found(*folders: Path, settings: Settings = QUICK, rows: int = 7) -> Comparison:
        with monkeypatch.context() as patch:
            patch.setattr(comparing, "LARGE", 1)
            for module in (reading, sharing, drawing):
                patch.setattr(module, "ROWS", rows)
            return compare([load_run(folder) for folder in folders], settings)

    return found


def in_memory(*folders: Path, settings: Settings = QUICK) -> Comparison:
    return compare([load_run(folder) for folder in folders], settings)


def _sure(found: Difference) -> Difference:
    """Leave out intervals, which are from other draws, and errors, whose sums are in another order."""
    return replace(found, interval=None, error=None, detectable=None)


def _near(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else one == pytest.approx(other, rel=1e-9, abs=1e-15)


def check_same(one: Comparison, other: Comparison) -> None:
    """All but intervals is the same to the last bit; the errors are but for the order of their sums."""
    assert one.baseline == other.baseline
    assert replace(one.method, resampling="multinomial") == other.method
    for mine, theirs in zip(one.versus, other.versus, strict=True):
        for a, b in zip(mine.differences, theirs.differences, strict=True):
            assert _sure(a) == _sure(b)
            assert _near(a.error, b.error)
            assert _near(a.detectable, b.detectable)
            assert (a.interval is None) == (b.interval is None)
        told = ("candidate", "worse", "better", "new", "repaired", "all_new", "all_repaired")
        assert [getattr(mine, name) for name in told] == [getattr(theirs, name) for name in told]


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_a_large_comparison_has_the_numbers_of_a_small_one(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison], rows: int
) -> None:
    a, b, _ = made
    found = streamed(a, b, rows=rows)
    check_same(found, in_memory(a, b))
    assert found.method.resampling == "poisson"
    assert found.versus[0].new
    assert found.versus[0].worse[0].case_id != found.versus[0].better[0].case_id


@pytest.mark.parametrize(
    "settings",
    [
        Settings(replicates=99, correction="holm", primary="chrf"),
        Settings(replicates=130, correction="bh", seed=3, scores=("rouge1_p", "malformed")),
        Settings(replicates=64, correction="none", movers=0, fact_kinds=("contradicted", "not_found")),
    ],
    ids=["holm", "bh", "none"],
)
def test_settings_mean_the_same(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison], settings: Settings
) -> None:
    a, b, _ = made
    check_same(streamed(a, b, settings=settings), in_memory(a, b, settings=settings))


def test_several_candidates_share_their_draws(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison]
) -> None:
    check_same(streamed(*made), in_memory(*made))


def test_intervals_are_those_of_the_multinomial_up_to_chance(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison]
) -> None:
    """Over 40 articles both are the same but for the draws and the spread of how many are drawn."""
    a, _, c = made
    for one, other in zip(streamed(a, c).versus[0].differences, in_memory(a, c).versus[0].differences, strict=True):
        assert one.interval is not None
        assert other.interval is not None
        width = other.interval[1] - other.interval[0]
        assert one.interval == pytest.approx(other.interval, abs=0.2 * width)
        assert one.delta is not None
        assert one.interval[0] <= one.delta <= one.interval[1]


def test_few_articles_that_differ_are_permuted_exactly(tercet: Call, streamed: Callable[..., Comparison]) -> None:
    news = articles(30)
    furnish(news)
    texts = faithful(news)
    other = dict(texts)
    for i in (3, 4, 11, 20, 29):
        other[f"item-{i:03}:en"] = f"{i} opened."
        other[f"item-{i:03}:zh"] = "开通了。"
    a, b = scored(tercet, "a", texts), scored(tercet, "b", other)
    found = streamed(a, b)
    assert found.method.exact
    check_same(found, in_memory(a, b))


def test_the_same_outputs_do_not_differ(tercet: Call, streamed: Callable[..., Comparison]) -> None:
    news = articles(12)
    furnish(news)
    a, b = (scored(tercet, name, faithful(news)) for name in "ab")
    found = streamed(a, b)
    check_same(found, in_memory(a, b))
    assert {d.interval for d in found.versus[0].differences} == {(0, 0)}


def test_documents_are_drawn_as_one(tmp_path: Path, streamed: Callable[..., Comparison]) -> None:
    """Ten segments a document, of which some are apart."""
    with chdir(tmp_path):
        lines = [f"Town {i} opened {i % 7 + 2} bridges, at {i * 3} euros." for i in range(60)]
        Path("source.txt").write_text("\n".join(lines) + "\n", "utf-8")
        theirs = [f"第{i}镇开通了{i % 7 + 2}座桥，耗资{i * 3}欧元。" for i in range(60)]
        Path("reference.txt").write_text("\n".join(theirs) + "\n", "utf-8")
        Path("documents.txt").write_text("\n".join(f"d{(i // 5) % 6}" for i in range(60)) + "\n", "utf-8")
        folders = []
        for name, step in (("a", 3), ("b", 4)):
            texts = [line.replace("桥", "桥" if i % step else "渡船") for i, line in enumerate(theirs)]
            Path(f"{name}.txt").write_text("\n".join(texts) + "\n", "utf-8")
            words = ("corpus=parallel", "corpus.source=source.txt", "corpus.references=[reference.txt]",
                     "corpus.documents=documents.txt",
                     "metric=[bleu,chrf,rouge]", f"results={name}", "route=translate")  # fmt: skip
            done = command("score", f"{name}.txt", *words)
            assert done.exit_code == 0, done.output
            folders.append(next(Path(name).iterdir()).resolve())
    found = streamed(*folders)
    check_same(found, in_memory(*folders))
    assert {(d.pairs, d.articles) for d in found.versus[0].differences} == {(60, 6)}


def test_repeats_of_an_article_are_drawn_as_one(tmp_path: Path, streamed: Callable[..., Comparison]) -> None:
    results = swept(tmp_path / "results", "repeats=2", "limit=8", "metric=[rouge,chrf,facts]")
    a, b = (next(results.glob(name)) for name in ("lead-*", "textrank-*"))
    found = streamed(a, b, rows=3)
    check_same(found, in_memory(a, b))
    assert {(d.pairs, d.articles) for d in found.versus[0].differences if d.metric == "rouge"} == {(16, 8)}


def _rewritten(run: Path, change: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
    """Let ``run.json`` say what its files are now."""
    info = json.loads((run / "run.json").read_text("utf-8"))
    change(info)
    info["files"] = {name: file_hash(run / name) for name in info["files"]}
    (run / "run.json").write_text(json.dumps(info), "utf-8")


def test_other_cases_are_refused_whatever_is_left_out(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison], tmp_path: Path
) -> None:
    a, other = made[0], Path(shutil.copytree(made[1], tmp_path / "b"))
    lines = (other / "cases.jsonl").read_text("utf-8").splitlines(keepends=True)
    (other / "cases.jsonl").write_text("".join([*lines[2:], *lines[:2]]), "utf-8")
    _rewritten(other)
    for on in ("all", "common"):
        with pytest.raises(NotComparableError, match=r"b has other cases than a.*equal cases only"):
            streamed(a, other, settings=Settings(replicates=9, on=on))


def test_other_signatures_are_refused_or_left_out(tercet: Call, streamed: Callable[..., Comparison]) -> None:
    news = articles(8)
    furnish(news)
    a = scored(tercet, "a", faithful(news, "a"))
    b = scored(tercet, "b", faithful(news, "b"), "metrics.chrf.beta=1")
    with pytest.raises(NotComparableError, match=r"chrf en: beta: 2 against 1"):
        streamed(a, b)
    settings = Settings(replicates=99, on="common")
    check_same(streamed(a, b, settings=settings), in_memory(a, b, settings=settings))
    with pytest.raises(IncompleteError, match="none of the scores"):
        streamed(a, b, settings=replace(settings, scores=("chrf",)))


def test_slices_are_left_out_and_it_is_said(made: tuple[Path, Path, Path], streamed: Callable[..., Comparison]) -> None:
    found = streamed(*made[:2], settings=Settings(replicates=99, sliced=True))
    assert not found.versus[0].slices
    assert found.method.left_out == ("slices: runs of so many cases are compared as a whole",)


def test_unknown_scores_are_named(made: tuple[Path, Path, Path], streamed: Callable[..., Comparison]) -> None:
    with pytest.raises(ConfigError, match=r"'rogue1'.*Did you mean 'rouge1'"):
        streamed(*made[:2], settings=Settings(scores=("rogue1",)))


@pytest.mark.parametrize("name", ["cases.jsonl", "outputs.jsonl", "scores.parquet", "evidence.jsonl"])
def test_a_file_that_was_changed_is_refused(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison], name: str, tmp_path: Path
) -> None:
    b = shutil.copytree(made[1], tmp_path / "b")
    with (b / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(RunError, match=f"{name}: changed since the run was made"):
        streamed(made[0], b)


def _swapped(table: pa.Table) -> pa.Table:
    places = [1, 0, *range(2, len(table))]
    return table.take(places)


def _without_last(table: pa.Table) -> pa.Table:
    return table.slice(0, len(table) - 1)


def _other(name: str, value: Any) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        values = table[name].to_pylist()
        column = pa.array([value, *values[1:]], table.schema.field(name).type)
        return table.set_column(table.schema.get_field_index(name), name, column)

    return change


def _apart(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table.slice(1), table.slice(0, 1)])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_swapped, "the rows are not of the cases, in their order"),
        (_without_last, "rows, and the run has 40 cases; each needs one"),
        (_other("cluster", "nobody"), "a row has another cluster than its case"),
        (_other("repeat", 1), "a row has another repeat than its case"),
        (_other("statistics", [("hits", 1.0)]), "a statistic is missing"),
        (_apart, "the rows of a metric are not together"),
        (lambda table: table.drop_columns(["gaps"]), "there is no column 'gaps'"),
        (lambda table: table.slice(80), "there are no rows for"),
    ],
    ids=["order", "count", "cluster", "repeat", "statistics", "apart", "column", "metric"],
)
def test_rows_that_cannot_be_are_refused(
    made: tuple[Path, Path, Path],
    streamed: Callable[..., Comparison],
    tmp_path: Path,
    change: Callable[[pa.Table], pa.Table],
    message: str,
) -> None:
    b = shutil.copytree(made[1], tmp_path / "b")
    pq.write_table(change(pq.read_table(b / "scores.parquet")), b / "scores.parquet")
    _rewritten(b)
    with pytest.raises((RunError, NotComparableError), match=message):
        streamed(made[0], b, settings=Settings(replicates=9, on="common"))


def test_a_score_that_is_not_what_the_rows_come_to_is_refused(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison], tmp_path: Path
) -> None:
    b = shutil.copytree(made[1], tmp_path / "b")
    _rewritten(b, lambda info: info["scores"][-1].update(scored=1))
    with pytest.raises(RunError, match="is not what its rows come to"):
        streamed(made[0], b)


def test_outputs_of_other_cases_are_refused(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison], tmp_path: Path
) -> None:
    b = shutil.copytree(made[1], tmp_path / "b")
    lines = (b / "outputs.jsonl").read_text("utf-8").splitlines(keepends=True)
    (b / "outputs.jsonl").write_text("".join([lines[1], lines[0], *lines[2:]]), "utf-8")
    _rewritten(b)
    with pytest.raises(RunError, match="not the outputs of the cases"):
        streamed(made[0], b)


def test_of_many_false_facts_the_worst_are_named_and_all_are_counted(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, _ = made
    everything = in_memory(a, b).versus[0]
    monkeypatch.setattr(newfacts, "KEPT", 2)
    found = streamed(a, b)
    versus = found.versus[0]
    assert len(everything.new) > 4
    assert versus.new == everything.new[:2]
    assert versus.all_new == everything.all_new
    assert [mover.new for mover in versus.worse] == [mover.new for mover in everything.worse]
    ruling = judge(found, Policy(max_missing=9), "test")
    assert f"{len(everything.new)} new false facts" in ruling.verdict
    (check,) = [check for check in ruling.checks if check.kind == "facts"]
    assert check.fails
    assert check.message.startswith(f"{len(everything.new)} new false facts in {everything.all_new.cases} cases (")


def test_the_gate_rules_as_on_small_runs(made: tuple[Path, Path, Path], streamed: Callable[..., Comparison]) -> None:
    a, b, _ = made
    policy = Policy(max_missing=9)
    settings = policy.settings([])
    one, other = (
        judge(found, policy, "test")
        for found in (streamed(a, b, settings=settings), in_memory(a, b, settings=settings))
    )
    assert (one.exit_code, one.verdict) == (other.exit_code, other.verdict)
    assert [(c.name, c.verdict, c.fails) for c in one.checks] == [(c.name, c.verdict, c.fails) for c in other.checks]


def test_a_disk_that_is_full_is_told(
    made: tuple[Path, Path, Path], streamed: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tercet.comparing.streaming.spool.tempfile.TemporaryFile", full)
    with pytest.raises(RunError, match=r"No space left on device.*TMPDIR"):
        streamed(*made[:2])


def test_the_limit_is_what_decides(made: tuple[Path, Path, Path]) -> None:
    assert comparing.LARGE == 50_000
    assert in_memory(*made[:2]).method.resampling == "multinomial"
