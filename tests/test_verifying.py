"""Verification: whatever is changed in a run is found, and nothing else is."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from click.testing import CliRunner

from tercet.blessing import Blessed, bless
from tercet.cli import main
from tercet.corpora.jsonl import Jsonl
from tercet.errors import CorpusError, NotComparableError, RunError, TercetError
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, measure_each, ratio, sign
from tercet.records import Evidence, Segment
from tercet.verifying import Verification, verify
from tests.blessed_runs import Info, change_lines, change_rows, rehash, rewrite

ANN = Blessed(by="Ann", why="the first one")
OWN = """\
# @package metrics.letters
# Letters of a candidate
_target_: tests.test_verifying.Letters
"""
ARTICLES = [
    {
        "id": f"item-{number}",
        "language": "en",
        "title": f"Bridges {number}",
        "tags": ["transport"],
        "source": f"The town of Aveyron opened {number + 2} bridges in May. They cost {number} million. All came.",
        "references": {"en": f"Aveyron opened {number + 2} bridges.", "zh": f"阿韦龙开通了{number + 2}座桥。"},
    }
    for number in range(4)
]


@dataclass(frozen=True, kw_only=True)
class Letters:
    """Letters of a candidate; its version can be raised, and its server can be down."""

    version: ClassVar[int] = 1
    down: ClassVar[bool] = False
    base_url: str | None = None
    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = ("letters", "texts")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (ScoreSpec(name="letters", low=0, high=1e9, higher_is_better=None),)

    def measure(self, segments: Sequence[Segment]) -> Rows:
        rows = measure_each(self, segments, _counted)
        if self.down:
            values = rows.values.copy()
            values[0] = np.nan
            return Rows(
                values=values,
                unscored=("not now: nobody is asked", *rows.unscored[1:]),
                gaps=rows.gaps,
                evidence=rows.evidence,
            )
        return rows

    def reduce(self, sums: Array) -> Array:
        return ratio(sums[..., :1], sums[..., 1:])

    def signature(self, language: str) -> str:
        return sign("letters", lang=language, version=self.version)


def _counted(segment: Segment) -> Measured:
    text = segment.candidate or ""
    evidence = Evidence(kind="first", message="The first letter.", start=1, end=2, label=text[:1])
    return Measured(row=[len(text), 1], evidence=(evidence, evidence))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with a corpus and a run over it."""
    work = tmp_path_factory.mktemp("made")
    text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in ARTICLES)
    (work / "news.jsonl").write_text(text, "utf-8")
    (work / "conf" / "metric").mkdir(parents=True)
    (work / "conf" / "metric" / "letters.yaml").write_text(OWN, "utf-8")
    words = ["corpus=jsonl", "corpus.path=news.jsonl", "metric=[chrf,letters]", "held_apart=1", "seed=3"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        done = CliRunner().invoke(main, ["run", *words, "repeats=2", "cache=null"])
    assert done.exit_code == 0, done.output
    return work


@pytest.fixture
def run(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The run, where its corpus is."""
    shutil.copytree(made, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    (folder,) = Path("results").iterdir()
    return folder


def test_a_run_is_verified(run: Path) -> None:
    found = verify(run)
    assert found == Verification(folder=run, rows=2 * 2 * 3 * 2, scores=4)
    assert found.exit_code == 0


def test_a_baseline_with_outputs_is_verified(run: Path) -> None:
    bless(run, Path("baselines/default"), Blessed(by="Ann", why="w", outputs=True))
    found = verify(Path("baselines/default"))
    assert (found.exit_code, found.differing, found.rows) == (0, (), 24)


def test_of_a_baseline_without_outputs_the_scores_are(run: Path) -> None:
    baseline = Path("baselines/default")
    bless(run, baseline, ANN)
    found = verify(baseline)
    assert (found.exit_code, found.outputs, found.differing) == (4, False, ())
    rewrite(baseline, lambda info: score(info, "chrf", "zh")["interval"].__setitem__(1, 100.0))
    (item,) = verify(baseline).differing
    assert (item.what, item.stored) == ("chrf interval", f"[{item.stored[1:].split(',')[0]}, 100.0]")
    rewrite(baseline, lambda info: score(info, "chrf", "zh").update(value=1.0))
    with pytest.raises(RunError, match="is not what its rows come to"):
        verify(baseline)


def score(info: Info, name: str, language: str) -> Info:
    """Find a score in ``run.json``."""
    (found,) = (item for item in info["scores"] if (item["score"], item["language"]) == (name, language))
    item: Info = found
    return item


# One name, what is done to the run, and each discrepancy: file, metric, case, what.
Place = tuple[str, str, str, str]
CHANGED: dict[str, tuple[Callable[[Path], object], list[Place]]] = {
    "a score": (
        lambda f: rewrite(
            f, lambda info: score(info, "chrf", "zh").update(value=np.nextafter(score(info, "chrf", "zh")["value"], 99))
        ),
        [("run.json", "chrf", "", "chrf value")],
    ),
    "an interval": (
        lambda f: rewrite(f, lambda info: score(info, "chrf", "en").update(interval=None)),
        [("run.json", "chrf", "", "chrf interval")],
    ),
    "how many are scored": (
        lambda f: rewrite(f, lambda info: score(info, "letters", "en").update(scored=5)),
        [("run.json", "letters", "", "letters scored")],
    ),
    "a reason": (
        lambda f: rewrite(f, lambda info: score(info, "letters", "en").update(reasons={"no": 1})),
        [("run.json", "letters", "", "letters reasons")],
    ),
    "a direction": (
        lambda f: rewrite(f, lambda info: score(info, "chrf", "en").update(higher_is_better=False)),
        [("run.json", "chrf", "", "chrf higher_is_better")],
    ),
    "a variance": (
        lambda f: rewrite(f, lambda info: score(info, "chrf", "en")["variance"].update(repeats=0.5)),
        [("run.json", "chrf", "", "chrf variance")],
    ),
    "a score is taken away": (
        lambda f: rewrite(f, lambda info: info["scores"].pop(0)),
        [("run.json", "chrf", "", f"chrf {what}") for what in (
            "metric", "score", "language", "value", "interval", "scored", "total", "reasons", "higher_is_better",
            "variance",
        )],
    ),
    "a score is there twice": (
        lambda f: rewrite(f, lambda info: info["scores"].append(info["scores"][0])),
        [("run.json", "", "", "number of scores")],
    ),
    "the number of failures": (
        lambda f: rewrite(f, lambda info: info.update(failures=1)),
        [("run.json", "", "", "failures")],
    ),
    "the status": (
        lambda f: rewrite(f, lambda info: info.update(status="incomplete")),
        [("run.json", "", "", "status")],
    ),
    "the hash of the cases": (
        lambda f: rewrite(f, lambda info: info.update(cases_hash="0" * 64)),
        [("run.json", "", "", "cases_hash")],
    ),
    "what was held apart": (
        lambda f: rewrite(f, lambda info: info["corpus"].update(held_apart=[])),
        [("run.json", "", "", "corpus.held_apart")],
    ),
    "a statistic, by a bit": (
        lambda f: change_rows(f, lambda rows: rows[0].update(statistics=[
            (name, float(np.nextafter(value, 1e9)) if name == "match_1" else value)
            for name, value in rows[0]["statistics"]
        ])),
        [("scores.parquet", "chrf", "0", "statistics.match_1")],
    ),
    "a zero's sign": (
        lambda f: change_rows(f, lambda rows: rows[6].update(statistics=[
            (name, -0.0 if value == 0 and name == "match_6" else value) for name, value in rows[6]["statistics"]
        ])),
        [("scores.parquet", "chrf", "6", "statistics.match_6")],
    ),
    "a segment's score": (
        lambda f: change_rows(f, lambda rows: rows[-1].update(scores=[("letters", 3.0)])),
        [("scores.parquet", "letters", "-1", "scores.letters")],
    ),
    "a score is not there": (
        lambda f: change_rows(f, lambda rows: rows[-1].update(scores=[], gaps=[("letters", "why not")])),
        [("scores.parquet", "letters", "-1", what) for what in (
            "scores.letters", "number of scores", "number of gaps", "gaps.letters",
        )],
    ),
    "a row is not a number": (
        lambda f: change_rows(f, lambda rows: rows[-1].update(statistics=[("letters", float("nan")), ("texts", 1.0)])),
        [("scores.parquet", "letters", "-1", "statistics.letters")],
    ),
    "a cluster": (
        lambda f: change_rows(f, lambda rows: rows[2].update(cluster="another")),
        [("scores.parquet", "chrf", "2", "cluster")],
    ),
    "a row is unscored": (
        lambda f: change_rows(f, lambda rows: rows[-1].update(
            unscored="lost", statistics=None, scores=None, gaps=None
        )),
        [("scores.parquet", "letters", "-1", what) for what in (
            "unscored", "statistics.letters", "statistics.texts", "number of statistics", "scores.letters",
            "number of scores", "number of gaps",
        )],
    ),
    "a row is lost": (
        lambda f: change_rows(f, lambda rows: rows.pop()),
        [("scores.parquet", "letters", "-1", "rows of this case")],
    ),
    "a row is there twice": (
        lambda f: change_rows(f, lambda rows: rows.append(rows[-1])),
        [("scores.parquet", "letters", "-1", "rows of this case")],
    ),
    "a row of no case": (
        lambda f: change_rows(f, lambda rows: rows.append({**rows[-1], "segment": "nobody:zh"})),
        [("scores.parquet", "letters", "nobody:zh", "rows of this case")],
    ),
    "the rows' order": (
        lambda f: change_rows(f, lambda rows: rows.reverse()),
        [("scores.parquet", "", "", "the order of the rows")],
    ),
    "the evidence's place": (
        lambda f: change_lines(f, "evidence.jsonl", lambda items: items[0].update(start=0)),
        [("evidence.jsonl", "letters", "evidence", "start")],
    ),
    "evidence is taken away": (
        lambda f: change_lines(f, "evidence.jsonl", lambda items: items.pop(0)),
        [("evidence.jsonl", "letters", "evidence", "items")],
    ),
    "evidence of another case": (
        lambda f: change_lines(f, "evidence.jsonl", lambda items: items.append({**items[0], "id": "nobody:zh"})),
        [("evidence.jsonl", "letters", "nobody:zh", "items")],
    ),
    "a case's title": (
        lambda f: change_lines(f, "cases.jsonl", lambda cases: cases[0].update(title="Another")),
        [("cases.jsonl", "", "0", "title")],
    ),
    "a case's tags": (
        lambda f: change_lines(f, "cases.jsonl", lambda cases: cases[0].pop("tags")),
        [("cases.jsonl", "", "0", "tags")],
    ),
    "a case's content": (
        lambda f: change_lines(f, "cases.jsonl", lambda cases: cases[0].update(content="0" * 16)),
        [("cases.jsonl", "", "0", "content")],
    ),
}  # fmt: skip


def case_at(folder: Path, name: str) -> str:
    """Name the case that a table means: by the place of its row, or the first with evidence."""
    if name == "evidence":
        return str(json.loads((folder / "evidence.jsonl").read_text("utf-8").split("\n")[0])["id"])
    if name.lstrip("-").isdecimal():
        from pyarrow import parquet

        return str(parquet.read_table(folder / "scores.parquet")["segment"].to_pylist()[int(name)])
    return name


@pytest.mark.parametrize("name", CHANGED)
def test_what_is_changed_with_its_hash_is_found_and_nothing_else(name: str, run: Path) -> None:
    change, expected = CHANGED[name]
    places = [(file, metric, case_at(run, case), what) for file, metric, case, what in expected]
    change(run)
    found = verify(run)
    assert [(item.file, item.metric, item.case, item.what) for item in found.differing] == places
    assert all(item.stored != item.computed for item in found.differing)
    assert found.exit_code == 1


def test_an_output_that_is_changed_moves_rows_and_scores(run: Path) -> None:
    def shorten(outputs: list[Info]) -> None:
        outputs[0]["text"] = outputs[0]["text"][:-1]

    change_lines(run, "outputs.jsonl", shorten)
    found = verify(run).differing
    case = case_at(run, "0")
    assert {item.case for item in found if item.file == "scores.parquet"} == {case}
    (item,) = [item for item in found if item.what == "statistics.letters"]
    assert float(item.stored) == float(item.computed) + 1
    assert {item.what for item in found if item.metric == "letters" and item.file == "run.json"} >= {"letters value"}


def test_how_a_score_is_shown_is_no_result(run: Path) -> None:
    rewrite(run, lambda info: info["scores"][0].update(decimals=9, headline=False, warning="!"))
    assert verify(run).exit_code == 0


def longer(name: str) -> tuple[Callable[[Path], object], type[TercetError], str]:
    """Add a byte to a file."""

    def change(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes() + b"\n")

    return change, RunError, f"{name}: changed since the run was made"


def no_parquet(folder: Path) -> None:
    (folder / "scores.parquet").write_bytes(b"PAR1")
    rehash(folder)


DAMAGED: dict[str, tuple[Callable[[Path], object], type[TercetError], str]] = {
    **{
        f"a byte of {name}": longer(name)
        for name in ("cases.jsonl", "outputs.jsonl", "scores.parquet", "evidence.jsonl")
    },
    "a hash": (
        lambda f: rewrite(f, lambda info: info["files"].update({"scores.parquet": "0" * 64})),
        RunError,
        "changed since the run was made",
    ),
    "no hashes": (lambda f: rewrite(f, lambda info: info.pop("files")), RunError, "changed since the run was made"),
    "no scores": (lambda f: rewrite(f, lambda info: info.pop("scores")), RunError, "'scores' is missing"),
    "a score that is none": (lambda f: rewrite(f, lambda info: info["scores"].append(3)), RunError, "damaged"),
    "half of run.json": (lambda f: (f / "run.json").write_text('{"format": 2, "st'), RunError, "cannot be read"),
    "a file is missing": (lambda f: (f / "scores.parquet").unlink(), RunError, "is missing"),
    "no parquet": (no_parquet, RunError, "cannot be read"),
    "an output is lost": (
        lambda f: change_lines(f, "outputs.jsonl", lambda outputs: outputs.pop()),
        RunError,
        r"outputs\.jsonl:12: not the output of that case",
    ),
    "outputs are exchanged": (
        lambda f: change_lines(f, "outputs.jsonl", lambda outputs: outputs[2].update(id=outputs[4]["id"])),
        RunError,
        r"outputs\.jsonl:3: not the output of that case",
    ),
    "evidence that is none": (
        lambda f: change_lines(f, "evidence.jsonl", lambda items: items.append({"id": "a"})),
        RunError,
        "damaged",
    ),
    "another text": (
        lambda f: edit(lambda articles: articles[-1].update(source="Another text."), f),
        NotComparableError,
        r"4 of its 12 cases are others; of item-\d:en, source_chars was \d+, and is 13",
    ),
    "another reference": (
        lambda f: edit(lambda articles: articles[-1]["references"].update(zh="另一个。"), f),
        NotComparableError,
        r"2 of its 12 cases are others; of item-\d:zh, content was",
    ),
    "another title": (
        lambda f: edit(lambda articles: articles[-1].update(title="Else"), f),
        NotComparableError,
        r'title was "Bridges \d", and is "Else"',
    ),
    "an article is gone": (
        lambda f: edit(lambda articles: articles.pop(), f),
        NotComparableError,
        r'the article was "item-\d", and is nothing',
    ),
    "no corpus": (lambda _: Path("news.jsonl").unlink(), CorpusError, "its corpus: .*news.jsonl"),
    "a signature": (
        lambda f: rewrite(f, lambda info: info["signatures"]["chrf"].update(
            zh=info["signatures"]["chrf"]["zh"].replace("|nc:6|", "|nc:5|")
        )),
        NotComparableError,
        "chrf zh: nc: 5 against 6",
    ),
    "a signature's references": (
        lambda f: rewrite(f, lambda info: info["signatures"]["chrf"].update(
            zh=info["signatures"]["chrf"]["zh"].replace("|nrefs:1", "|nrefs:2")
        )),
        NotComparableError,
        "chrf zh: nrefs: 2 against 1",
    ),
    "no signature": (
        lambda f: rewrite(f, lambda info: info["signatures"].pop("letters")),
        NotComparableError,
        "letters en: signature: '' against 'letters|lang:en|version:1'",
    ),
}  # fmt: skip


def edit(change: Callable[[list[Any]], object], run: Path) -> None:
    """Change the corpus; the last article is one that is not held apart."""
    articles = [json.loads(line) for line in Path("news.jsonl").read_text("utf-8").splitlines()]
    apart = json.loads((run / "run.json").read_text("utf-8"))["corpus"]["held_apart"]
    articles.sort(key=lambda article: article["id"] not in apart)
    change(articles)
    Path("news.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")


@pytest.mark.parametrize("name", DAMAGED)
def test_what_cannot_be_compared_is_refused(name: str, run: Path) -> None:
    spoil, kind, words = DAMAGED[name]
    spoil(run)
    with pytest.raises(kind, match=words) as error:
        verify(run)
    assert error.value.remedy
    assert str(run) in error.value.problem


def test_a_corpus_whose_class_fails_is_refused(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jsonl, "load", lambda _: 1 / 0)
    with pytest.raises(CorpusError, match=r"its corpus: It failed: ZeroDivisionError"):
        verify(run)


def test_a_corpus_that_has_grown_is_said_and_does_no_harm(run: Path) -> None:
    edit(lambda articles: articles.insert(0, {**ARTICLES[0], "id": "new"}), run)
    found = verify(run)
    assert found.exit_code == 0
    assert found.notes == ("The corpus has changed since; the articles of this run's cases are the same.",)


def test_a_newer_version_of_a_metric_is_named(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Letters, "version", 2)
    with pytest.raises(NotComparableError, match="letters en: version: 1 against 2; letters zh: version: 1 against 2"):
        verify(run)


def test_a_fault_in_this_version_is_told_with_the_versions_that_changed(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(run, lambda info: info["versions"].update(numpy="1.0"))
    assert verify(run).notes == ()
    monkeypatch.setattr(Letters, "reduce", lambda _, sums: sums[..., :1])
    found = verify(run)
    assert {item.metric for item in found.differing} == {"letters"}
    assert found.notes == (f"Versions, then and now: numpy 1.0 -> {np.__version__}.",)


def test_what_a_model_would_have_to_be_asked_is_unknown(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Letters, "down", True)
    found = verify(run)
    assert found.exit_code == 4
    assert found.differing == ()
    assert [(item.metric, item.language, item.reason) for item in found.unknown] == [
        ("letters", "en", "nobody is asked"),
        ("letters", "zh", "nobody is asked"),
    ]
    change_rows(run, lambda rows: rows[-1].update(scores=[("letters", 3.0)]))
    assert [item.what for item in verify(run).differing] == ["scores.letters"], "what is known is compared"


def test_verdicts_are_looked_up_and_never_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("aiohttp")
    from tests.chat_server import ChatServer
    from tests.gullible import Gullible

    monkeypatch.chdir(tmp_path)
    text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in ARTICLES)
    Path("news.jsonl").write_text(text, "utf-8")
    with ChatServer(Gullible()) as server:
        words = [f"metrics.judge.base_url={server.url}", "metrics.judge.model=m", "metric=[judge]", "route=direct"]
        words += ["corpus=jsonl", "corpus.path=news.jsonl", "languages=[en]"]
        done = CliRunner().invoke(main, ["run", *words])
        assert done.exit_code == 0, done.output
        (run,) = [folder for folder in Path("results").iterdir() if folder.is_dir()]
        asked = len(server.headers)
        assert asked == len(ARTICLES)
        found = verify(run)
        assert (found.exit_code, found.differing) == (0, ())
        assert found.notes == (
            "judge: what stands in .tercet/judge.sqlite was taken from there; what does not is unknown.",
        )
        Path(".tercet/judge.sqlite").unlink()
        found = verify(run)
        assert (found.exit_code, found.differing, len(found.unknown)) == (4, (), len(ARTICLES))
        assert len(server.headers) == asked
