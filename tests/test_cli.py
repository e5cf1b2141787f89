"""The command line: what a user types, what comes back, and with which exit code."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Call = Callable[..., Result]

MISTAKES = {
    "summarizer=leed": "Did you mean 'lead'?",
    "summarizr=lead": "Did you mean 'summarizer'?",
    "lmit=3": "Did you mean 'limit'?",
    "+lmit=3": "Did you mean 'limit'?",
    "corpus=markdown corpus.pth=x": "Did you mean 'path'?",
    "metrics.chrf.betta=2": "Did you mean 'beta'?",
    "+metrics.chrf.betta=2": "Did you mean 'beta'?",
    "metrics.chrf.beta=two": "metrics.chrf.beta: Value 'two'",
    "metrics.chrf.beta=0": "It must be at least 1.",
    "metrics.bleu.tokenize=13": "Did you mean '13a'?",
    "summarizer.sentences=0": "It must be at least 1.",
    "summarizer=textrank summarizer.damping=1": "It must lie between 0 and 1.",
    "summarizer=lead,textrank": "Add -m",
    "-m summarizer=lead,leed": "Did you mean 'lead'?",
    "-m summarizer.sentences=interval(1,2)": "no list of choices",
    "summarizer=null": "GROUP=none",
    "translator=none": "The route needs a translator",
    "translator=replay": "has no file",
    "route=direct": "use route=summarize_translate",
    "route.stages=[sumarize]": "Did you mean 'summarize'?",
    "route.stages=[]": "Set route.stages.",
    "languages=[fr]": "Unknown language 'fr'",
    "languages=[]": "languages is empty",
    "languages=zh": "Write 'languages=[zh]'",
    "corpus=parallel corpus.references=r": "Write 'corpus.references=[r]'",
    "limit=0": "at least 1",
    "limit=x": "limit",
    "metric=[]": "No metric is chosen",
    "metric=[rouge,blue]": "Did you mean 'bleu'?",
    "experiment=dmo": "Did you mean 'demo'?",
    "primary=chrg": "Did you mean 'chrf'?",
    "corpus=markdown": "Add corpus.path=",
    "corpus=jsonl": "Add corpus.path=",
    "corpus=hf": "Add corpus.path=",
    "corpus=parallel": "corpus.source is not set",
    "corpus=markdown corpus.path=nowhere": "no such file",
    "x y": "Expected key=value",
    "--config-dir nowhere": "Check --config-dir",
    "--config-name runn": "Did you mean 'run'?",
    "results=/proc/nowhere limit=1": "Set results=FOLDER",
    "cache=/proc/nowhere/x limit=1": "cache=FILE",
    "summarizer._target_=tercet.backends.leed.Lead": "there is no module",
    "summarizer._target_=tercet.backends.lead.Leed": "Did you mean 'Lead'?",
    "summarizer._target_=json.JSONDecoder": "no dataclass",
    "~summarizer": "summarizer",
    "'limit=1": "",
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_named_with_its_remedy_and_exits_2(words: str, tercet: Call) -> None:
    result = tercet("run", *words.split())
    assert result.exit_code == 2, result.output
    assert MISTAKES[words] in result.output
    assert "Traceback" not in result.output
    assert result.output.count("\n") <= 4, "problem and remedy, no more"


def test_a_run_prints_a_leaderboard_and_writes_a_folder(tercet: Call) -> None:
    result = tercet("run", "limit=2")
    assert result.exit_code == 0, result.output
    (folder,) = Path("results").iterdir()
    assert sorted(file.name for file in folder.iterdir()) == [
        "cases.jsonl",
        "evidence.jsonl",
        "outputs.jsonl",
        "run.json",
        "scores.parquet",
    ]
    assert "lead + glossary" in result.output
    assert "2/2" in result.output
    assert str(folder) in result.output


def test_a_sweep_ends_with_one_leaderboard_in_four_forms(tercet: Call) -> None:
    result = tercet("run", "-m", "limit=2", "summarizer=lead,textrank", "translator=glossary,copy", "name=four")
    assert result.exit_code == 0, result.output
    (sweep,) = Path("results").glob("four-*")
    assert sorted(file.name for file in sweep.iterdir()) == [
        "leaderboard.csv",
        "leaderboard.json",
        "leaderboard.md",
        "sweep.json",
    ]
    systems = {"lead + glossary", "lead + copy", "textrank + glossary", "textrank + copy"}
    records = json.loads((sweep / "leaderboard.json").read_text("utf-8"))["scores"]
    assert {record["system"] for record in records} == systems
    assert {record["language"] for record in records} == {"en", "zh"}
    for system in systems:
        assert f"| {system} \\[floor\\] |" in (sweep / "leaderboard.md").read_text("utf-8")
    runs = json.loads((sweep / "sweep.json").read_text("utf-8"))["runs"]
    assert all((Path("results") / name / "run.json").is_file() for name in runs)


def test_a_metric_that_is_null_is_left_out(tercet: Call) -> None:
    result = tercet("run", "limit=1", "translator=copy", "metric=[chrf,shape]", "metrics.chrf=null")
    assert result.exit_code == 0, result.output
    (run,) = Path("results").glob("*/run.json")
    assert list(json.loads(run.read_text("utf-8"))["config"]["metrics"]) == ["shape"]
    none = tercet("run", "limit=1", "metric=[chrf]", "metrics.chrf=null")
    assert none.exit_code == 2
    assert "No metric" in none.output


def test_a_sweep_is_shown_as_it_was_sorted(tercet: Call) -> None:
    words = ("-m", "limit=2", "summarizer=lead,textrank", "translator=copy", "metric=[chrf,shape]", "name=two")
    made = tercet("run", *words, "primary=length_ratio")
    assert made.exit_code == 0, made.output
    (sweep,) = Path("results").glob("two-*")
    assert "Sorted by the mean of length_ratio" in made.stdout
    assert tercet("show", sweep).stdout == made.stdout
    assert "Sorted by the mean of chrf" in tercet("show", sweep, "--primary", "chrf").stdout


def test_runs_that_the_route_makes_equal_are_made_once(tercet: Call) -> None:
    result = tercet("run", "-m", "limit=2", "route=translate", "summarizer=lead,textrank,oracle")
    assert result.exit_code == 0, result.output
    assert len(list(Path("results").glob("*/run.json"))) == 1


def test_swept_options_are_told_apart_in_the_leaderboard(tercet: Call) -> None:
    result = tercet("run", "-m", "limit=2", "summarizer.sentences=1,2", "metric=[chrf]")
    assert "lead + glossary (summarizer.sentences=1)" in result.output
    assert "lead + glossary (summarizer.sentences=2)" in result.output


def test_a_run_is_the_same_whatever_sweep_it_is_made_in(tercet: Call) -> None:
    sweep = tercet("run", "-m", "limit=2", "summarizer.sentences=1,3", "metric=[chrf]")
    assert "lead + glossary (summarizer.sentences=3)" in sweep.output
    alone = tercet("run", "limit=2", "metric=[chrf]")
    assert "lead + glossary: there already, unchanged" in alone.output
    assert "summarizer.sentences" not in alone.stdout
    both = tercet("show", *(path.parent for path in Path("results").glob("*/run.json")))
    assert both.stdout.count("lead + glossary (lead-glossary-") == 2


def test_stages_are_shared_in_a_sweep_without_a_cache_too(tmp_path: Path, tercet: Call) -> None:
    own = tmp_path / "own"
    (own / "summarizer").mkdir(parents=True)
    (own / "summarizer" / "counted.yaml").write_text("# Counts its calls\n_target_: counted.Counted\n", "utf-8")
    (own / "counted.py").write_text(COUNTED.replace("LOG", str(tmp_path / "calls")), "utf-8")
    words = ["--config-dir", own, "-m", "limit=3", "summarizer=counted", "translator=glossary,copy"]
    result = tercet("run", *words, "cache=null")
    assert result.exit_code == 0, result.output
    assert len((tmp_path / "calls").read_text("utf-8").splitlines()) == 3, (
        "once an article, for 2 translators x 2 languages"
    )
    assert tercet("run", *words, "fresh=true").exit_code == 0
    assert tercet("run", *words, "fresh=true").exit_code == 0
    assert len((tmp_path / "calls").read_text("utf-8").splitlines()) == 6, "and never again from the cache"


COUNTED = """
from dataclasses import dataclass
from pathlib import Path

from tercet.backends import Reply


@dataclass(frozen=True)
class Counted:
    reads = frozenset({"text"})
    bound = None
    cacheable = True

    def refuses(self, role, source, target):
        return None

    def identity(self):
        return "counted 1"

    def generate(self, requests):
        for index, request in enumerate(requests):
            with Path("LOG").open("a") as file:
                file.write(request.text[:20].replace("\\n", " ") + "\\n")
            yield index, Reply(text=request.text[:100])
"""


def test_repeating_a_command_makes_nothing_anew_and_fresh_does(tercet: Call) -> None:
    first = tercet("run", "limit=2")
    again = tercet("run", "limit=2")
    fresh = tercet("run", "limit=2", "fresh=true")
    assert "there already" not in first.output + fresh.output
    assert "there already, unchanged" in again.output
    table = first.stdout
    assert table == again.stdout == fresh.stdout


def test_an_empty_corpus_is_an_error(tmp_path: Path, tercet: Call) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", "utf-8")
    result = tercet("run", "corpus=jsonl", f"corpus.path={tmp_path / 'empty.jsonl'}")
    assert result.exit_code == 2
    assert "The corpus is empty." in result.output


def test_nothing_scored_is_an_error(tmp_path: Path, tercet: Call) -> None:
    record = {"id": "a", "source": "It rose.", "references": {"en": "."}}
    (tmp_path / "a.jsonl").write_text(json.dumps(record), "utf-8")
    result = tercet("run", "corpus=jsonl", f"corpus.path={tmp_path / 'a.jsonl'}", "metric=[rouge]")
    assert result.exit_code == 4
    assert "Nothing was scored" in result.output
    assert "0 of 1 scored: a reference has no token that ROUGE counts (1)" in result.output


def test_a_missing_source_is_a_failure_and_exits_4(articles: Path, tercet: Call) -> None:
    (articles / "ferry.source.md").unlink()
    result = tercet("run", "corpus=markdown", f"corpus.path={articles}")
    assert result.exit_code == 4
    assert "incomplete: 2 failed" in result.output
    assert "the article has no source text" in result.output
    assert "1/2" in result.output
    run = json.loads(next(Path("results").glob("*/run.json")).read_text("utf-8"))
    assert run["status"] == "incomplete"
    assert run["failures"] == 2


def test_a_broken_article_is_left_out_unless_strict(articles: Path, tercet: Call) -> None:
    (articles / "broken.md").write_text("no front matter\n", "utf-8")
    result = tercet("run", "corpus=markdown", f"corpus.path={articles}")
    assert result.exit_code == 0, result.output
    assert "left out:" in result.output
    assert "broken.md:1:" in result.output
    strict = tercet("run", "corpus=markdown", f"corpus.path={articles}", "corpus.strict=true")
    assert strict.exit_code == 2
    assert "broken.md:1:" in strict.output


def test_translating_summaries_without_a_source_scores_and_says_what_is_not_scored(
    articles: Path, tercet: Call
) -> None:
    for file in articles.glob("*.source.md"):
        file.unlink()
    result = tercet("run", "corpus=markdown", f"corpus.path={articles}", "route=translate")
    assert result.exit_code == 0, result.output
    assert (
        "zh fact_precision, contradictions, compression, copied: 0 of 2 scored: the article has no source text (2)"
        in result.output
    )


def test_the_seed_file_is_translated_both_ways(shared: Path, tercet: Call) -> None:
    result = tercet("run", "corpus=markdown", f"corpus.path={shared / 'seed'}", "route=translate")
    assert result.exit_code == 0, result.output
    assert (
        "en fact_precision, contradictions, compression, copied: 0 of 1 scored: the article has no source text (1)"
        in result.output
    )
    outputs = next(Path("results").glob("*/outputs.jsonl")).read_text("utf-8").splitlines()
    records = {record["language"]: record for record in map(json.loads, outputs)}
    assert {code: record["stages"][0]["source_language"] for code, record in records.items()} == {
        "en": "zh",
        "zh": "en",
    }


def test_score_of_parallel_text(tmp_path: Path, tercet: Call) -> None:
    for name, text in {
        "src": "他走了。\n好。\n",
        "ref": "He left.\nGood.\n",
        "a.txt": "He left.\nGood.\n",
        "b.txt": "He\n\n",
        "c.txt": "He\n",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    words = [
        "corpus=parallel",
        f"corpus.source={tmp_path / 'src'}",
        f"corpus.references=[{tmp_path / 'ref'}]",
        "corpus.source_language=zh",
        "corpus.target_language=en",
        "metric=[bleu,chrf,ter]",
    ]
    result = tercet("score", tmp_path / "a.txt", tmp_path / "b.txt", *words)
    assert result.exit_code == 0, result.output
    assert "*100.0" in result.output
    assert "2/2" in result.output
    short = tercet("score", tmp_path / "c.txt", *words)
    assert short.exit_code == 2
    assert "1 line for 2 cases" in short.output


def test_outputs_of_a_run_score_the_same_as_the_run(articles: Path, tercet: Call) -> None:
    corpus = ["corpus=markdown", f"corpus.path={articles}"]
    assert tercet("run", *corpus, "results=made").exit_code == 0
    (outputs,) = Path("made").glob("*/outputs.jsonl")
    result = tercet("score", outputs, *corpus, "results=scored")
    assert result.exit_code == 0, result.output
    made = json.loads(next(Path("made").glob("*/run.json")).read_text("utf-8"))
    scored = json.loads(next(Path("scored").glob("*/run.json")).read_text("utf-8"))
    assert scored["scores"] == made["scores"]
    assert scored["system"] == "outputs"


def test_outputs_of_another_corpus_are_no_success(articles: Path, tmp_path: Path, tercet: Call) -> None:
    outputs = tmp_path / "o.jsonl"
    outputs.write_text('{"id": "brigde:en", "text": "A bridge."}\n', "utf-8")
    result = tercet("score", outputs, "corpus=markdown", f"corpus.path={articles}")
    assert result.exit_code == 4
    assert "Nothing was scored" in result.output
    assert "1 output answers no case: brigde:en" in result.output


def test_outputs_are_scored_where_the_articles_have_no_source(articles: Path, tmp_path: Path, tercet: Call) -> None:
    for file in articles.glob("*.source.md"):
        file.unlink()
    (tmp_path / "o.txt").write_text("A bridge.\nA ferry.\n桥。\n船。\n", "utf-8")
    result = tercet("score", tmp_path / "o.txt", "corpus=markdown", f"corpus.path={articles}")
    assert result.exit_code == 0, result.output
    assert "2/2" in result.output
    assert "compression, copied: 0 of 2 scored: the article has no source text (2)" in result.output


def test_files_of_one_name_are_told_apart_and_the_route_may_be_named(tmp_path: Path, tercet: Call) -> None:
    record = {"id": "a", "source": "He left.", "references": {"zh": "他走了。"}}
    (tmp_path / "c.jsonl").write_text(json.dumps(record), "utf-8")
    for name, text in (("x", "他走了。"), ("y", "她")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "hyp.txt").write_text(f"{text}\n", "utf-8")
    files = [tmp_path / "x" / "hyp.txt", tmp_path / "y" / "hyp.txt"]
    corpus = ["corpus=jsonl", f"corpus.path={tmp_path / 'c.jsonl'}"]
    for route in ("direct", "translate"):
        result = tercet("score", *files, *corpus, f"route={route}", "name=twins", f"results={route}")
        assert result.exit_code == 0, result.output
        (board,) = Path(route).glob("twins-*/leaderboard.csv")
        assert board.read_text("utf-8").count(f"{files[1]},") > 3


def test_show_reads_runs_back(tercet: Call) -> None:
    ran = tercet("run", "limit=2")
    (folder,) = Path("results").iterdir()
    assert tercet("show", folder).stdout == ran.stdout
    assert tercet("show", folder, "--format", "markdown").stdout.startswith("### en\n")
    assert tercet("show", folder, "--format", "csv").stdout.startswith("system,bound,status,score,")
    assert json.loads(tercet("show", folder, "--format", "json").stdout)["scores"]
    assert tercet("show", folder, "--primary", "bleu").exit_code == 0


def test_list_shows_every_group(tercet: Call) -> None:
    result = tercet("list")
    for word in ("corpus=", "summarizer=", "glossary", "Upper bound"):
        assert word in result.output


def test_cfg_prints_what_would_run(tercet: Call) -> None:
    result = tercet("run", "--cfg", "-m", "summarizer=lead,textrank")
    assert result.exit_code == 0
    assert result.output.count("_target_: tercet.backends.glossary.Glossary") == 2
    assert not Path("results").exists()


def test_own_configs_add_a_metric_and_change_defaults(tmp_path: Path, tercet: Call) -> None:
    own = tmp_path / "own"
    (own / "metric").mkdir(parents=True)
    (own / "metric" / "loud.yaml").write_text(
        "# @package metrics.loud\n# Share of exclamation marks\n_target_: loud.Loud\nmark: '!'\n", "utf-8"
    )
    (own / "loud.py").write_text(LOUD, "utf-8")
    result = tercet("run", "--config-dir", own, "limit=2", "metric=[chrf,loud]")
    assert result.exit_code == 0, result.output
    assert "loud" in result.output
    wrong = tercet("run", "--config-dir", own, "metric=[loud]", "metrics.loud.mrak=x")
    assert "Did you mean 'mark'?" in wrong.output


USERS_MISTAKES = {
    # name: (yaml, python, what the message says)
    "unpackaged": ("_target_: faulty.Faulty", "", "# @package metrics.unpackaged"),
    "misplaced": ("# @package metrics.chrf\n_target_: faulty.Faulty", "", "# @package metrics.misplaced"),
    "quoted": ("# @package metrics.quoted\n_target_: 'faulty", "", "quoted.yaml:3: no YAML"),
    "syntax": ("# @package metrics.syntax\n_target_: faulty.Faulty", "def (", "cannot be imported: SyntaxError"),
    "raising": (
        "# @package metrics.raising\n_target_: faulty.Faulty",
        "1 / 0",
        "ZeroDivisionError: division by zero (faulty.py:1)",
    ),
    "valued": ("# @package metrics.valued\n_target_: faulty.Faulty", "int('x')", "cannot be imported: ValueError"),
    "dotless": ("# @package metrics.dotless\n_target_: Faulty", "", "there is no module ''"),
    "importing": ("# @package metrics.importing\n_target_: faulty.Faulty", "import nowhere_to_be", "nowhere_to_be"),
    "absent": ("# @package metrics.absent\n_target_: faulty.Faultless", "LOUD", "Did you mean 'Faulty'?"),
    "shortrow": (
        "# @package metrics.shortrow\n_target_: faulty.Faulty",
        "LOUD row=[1]",
        "a row of 1 for its 2 columns",
    ),
    "reduce": ("# @package metrics.reduce\n_target_: faulty.Faulty", "LOUD return None", "reduced to shape ()"),
    "measure": ("# @package metrics.measure\n_target_: faulty.Faulty", "LOUD s.candidates", "AttributeError"),
    "chrf2": ("# @package metrics.chrf2\n_target_: tercet.metrics.chrf.Chrf", "", "both have a score 'chrf'"),
}


@pytest.mark.parametrize("name", USERS_MISTAKES)
def test_a_mistake_in_a_users_metric_is_named(
    name: str, tmp_path: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    yaml, code, message = USERS_MISTAKES[name]
    code = code.removeprefix("LOUD ") if code.startswith("LOUD ") else code
    if USERS_MISTAKES[name][1].startswith("LOUD"):
        faulty = LOUD.replace("Loud", "Faulty").replace('"loud"', '"faulty"')
        code = {
            "row=[1]": faulty.replace("row=[s.candidate.count(self.mark), len(s.candidate)]", "row=[1]"),
            "return None": faulty.replace("return ratio(sums[..., :1], sums[..., 1:])", "return None"),
            "s.candidates": faulty.replace("len(s.candidate)", "len(s.candidates)"),
        }.get(code, faulty)
    own = tmp_path / "own"
    (own / "metric").mkdir(parents=True)
    (own / "metric" / f"{name}.yaml").write_text(yaml + "\n", "utf-8")
    (own / "faulty.py").write_text(code, "utf-8")
    monkeypatch.delitem(sys.modules, "faulty", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    result = tercet("run", "--config-dir", own, f"metric=[chrf,{name}]", "limit=1")
    monkeypatch.delitem(sys.modules, "faulty", raising=False)
    assert result.exit_code == 2, result.output
    assert message in result.output
    assert "Traceback" not in result.output


def backend(own: Path, name: str, body: str) -> None:
    """Write a summarizer of a user's, whose ``generate`` is the given body."""
    (own / "summarizer").mkdir(parents=True, exist_ok=True)
    (own / "summarizer" / f"{name}.yaml").write_text(f"_target_: {name}.Mine\n", "utf-8")
    head = COUNTED.partition("    def generate")[0].replace("Counted", "Mine").replace("counted 1", "mine")
    (own / f"{name}.py").write_text(f"{head}    def generate(self, requests):\n        {body}\n", "utf-8")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise RuntimeError('API down')", "'broken0' failed: RuntimeError: API down (broken0.py:"),
        ("yield from enumerate(['a'] * len(requests))", "which is no Reply"),
        ("yield from ((i, Reply(text=[1])) for i, _ in enumerate(requests))", "which is no Reply"),
        ("yield 0, Reply(text='a')", "answered 1 of"),
    ],
)
def test_a_mistake_in_a_users_backend_is_named(
    body: str, message: str, tmp_path: Path, tercet: Call, request: pytest.FixtureRequest
) -> None:
    name = f"broken{0 if 'API' in message else abs(hash(body)) % 10**6 + 1}"
    backend(tmp_path, name, body)
    result = tercet("run", "--config-dir", tmp_path, f"summarizer={name}", "limit=2")
    assert result.exit_code == 2, result.output
    assert message in result.output


def test_a_backend_is_never_given_anothers_replies(tmp_path: Path, tercet: Call) -> None:
    for name, text in (("first", "One."), ("second", "Two.")):
        backend(tmp_path, name, f"yield from ((i, Reply(text={text!r})) for i, _ in enumerate(requests))")
        words = ["--config-dir", tmp_path, f"summarizer={name}", "route=direct", "limit=1", "metric=[shape]"]
        assert tercet("run", *words).exit_code == 0
        (outputs,) = Path("results").glob(f"{name}-*/outputs.jsonl")
        assert f'"text": "{text}"' in outputs.read_text("utf-8")


def test_a_run_is_made_again_when_a_users_code_changes(tmp_path: Path, tercet: Call) -> None:
    own = tmp_path / "own"
    (own / "metric").mkdir(parents=True)
    (own / "metric" / "eager.yaml").write_text("# @package metrics.eager\n_target_: eager.Eager\n", "utf-8")
    (own / "eager.py").write_text(
        "import eager_help\n" + LOUD.replace("Loud", "Eager").replace("loud", "eager"), "utf-8"
    )
    (own / "eager_help.py").write_text("VALUE = 1\n", "utf-8")
    words = [sys.executable, "-m", "tercet", "run", "--config-dir", str(own), "limit=1", "metric=[eager]"]
    said = []
    for value in (1, 1, 2):
        (own / "eager_help.py").write_text(f"VALUE = {value}\n", "utf-8")
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        said.append("there already" in done.stderr)
    assert said == [False, True, False]


def test_numbers_that_are_none_are_gaps(tmp_path: Path, tercet: Call) -> None:
    own = tmp_path / "own"
    (own / "metric").mkdir(parents=True)
    for name, value in (("nans", "float('nan') if s.id.startswith('a') else 1"), ("infs", "1")):
        (own / "metric" / f"{name}.yaml").write_text(f"# @package metrics.{name}\n_target_: {name}.Mine\n", "utf-8")
        code = (
            LOUD.replace("Loud", "Mine").replace('"loud"', f'"{name}"').replace("s.candidate.count(self.mark)", value)
        )
        code = code.replace("return ratio(", "return float('inf') * ratio(") if name == "infs" else code
        (own / f"{name}.py").write_text(code, "utf-8")
    result = tercet("run", "--config-dir", own, "limit=4", "metric=[chrf,nans,infs]")
    assert result.exit_code == 0, result.output
    info = json.loads(next(Path("results").glob("*/run.json")).read_text("utf-8"))
    found = {(item["score"], item["language"]): item for item in info["scores"]}
    assert found["nans", "en"]["scored"] < found["nans", "en"]["total"] == 4
    assert found["nans", "en"]["value"] is not None
    assert list(found["nans", "en"]["reasons"]) == ["the metric gave a row that is not finite"]
    assert (found["infs", "en"]["value"], found["infs", "en"]["scored"]) == (None, 0)


def test_an_interrupted_run_says_how_to_go_on(tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tercet.sharding.segments_of", interrupted)
        result = tercet("run", "limit=1")
    assert result.exit_code == 130
    assert "The same command goes on from here." in result.output
    assert "resumed" in tercet("run", "limit=1").output


@pytest.mark.parametrize("ending", [".json", ".ndjson", ".JSONL", ".jsonl.gz"])
def test_json_lines_of_any_ending_are_read_as_such(ending: str, articles: Path, tmp_path: Path, tercet: Call) -> None:
    records = [{"id": f"{a}:{code}", "text": "€80mn"} for a in ("bridge", "ferry") for code in ("en", "zh")]
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    (tmp_path / f"o{ending}").write_bytes(gzip.compress(data) if ending.endswith(".gz") else data)
    result = tercet("score", tmp_path / f"o{ending}", "corpus=markdown", f"corpus.path={articles}")
    assert result.exit_code == 0, result.output
    outputs = next(Path("results").glob("*/outputs.jsonl")).read_text("utf-8")
    assert outputs.count('"text": "€80mn", "stages"') == 4


LOUD = '''
from dataclasses import dataclass

from tercet.metrics import Measured, ScoreSpec, measure_each, ratio, sign


@dataclass(frozen=True, kw_only=True)
class Loud:
    """Share of exclamation marks."""

    mark: str = "!"
    needs = frozenset()
    columns = ("marks", "characters")
    scores = (ScoreSpec(name="loud", low=0, high=1, higher_is_better=False),)

    def measure(self, segments):
        return measure_each(self, segments, lambda s: Measured(row=[s.candidate.count(self.mark), len(s.candidate)]))

    def reduce(self, sums):
        return ratio(sums[..., :1], sums[..., 1:])

    def signature(self, language):
        return sign("loud", lang=language, mark=self.mark, version=1)
'''


def test_a_fault_of_ours_is_a_traceback_and_not_a_user_error() -> None:
    code = "import tercet.cli, tercet.config; tercet.config.load = None; tercet.cli.main(['run'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_help_and_import_load_nothing_heavy() -> None:
    heavy = "{'torch', 'datasets', 'pandas', 'numpy', 'hydra', 'omegaconf', 'pyarrow', 'rich', 'sacrebleu', 'nltk'}"
    for code in ("import tercet", "from tercet.cli import main; main(['--help'], standalone_mode=False)"):
        script = f"{code}\nimport sys\nfound = {heavy} & set(sys.modules)\nassert not found, found"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_python_m_tercet_and_version() -> None:
    done = subprocess.run([sys.executable, "-m", "tercet", "--version"], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("tercet, version 0.")


def test_a_fault_of_ours_is_told_apart_from_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own exit code for an exception is 1, which a job would take for a regression."""
    import gc

    from tercet import __main__

    def broken(**_: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(__main__, "main", broken)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    with pytest.raises(SystemExit) as caught:
        __main__.start()
    assert caught.value.code == __main__.FAULT == 70
    assert "ZeroDivisionError: a fault" in capsys.readouterr().err
