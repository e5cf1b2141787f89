"""The package as users get it: the wheel in an environment of its own, and what it depends on."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest

from tests.docs.blocks import blocks
from tests.test_cli import LOUD

ROOT = Path(__file__).parents[1]


def core(name: str, seen: set[str]) -> set[str]:
    """Every distribution that installing ``name`` without extras brings here."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in seen:
        return seen
    try:
        needed = requires(name) or []
    except PackageNotFoundError:  # for another platform
        return seen
    seen.add(key)
    for line in needed:
        if "extra ==" not in line:
            core(re.split(r"[\s;<>=!~\[(]", line, maxsplit=1)[0], seen)
    return seen


def test_the_core_stays_light() -> None:
    found = core("tercet", set()) - {"tercet"}
    assert len(found) <= 30, sorted(found)
    assert not found & {"torch", "pandas", "datasets", "evaluate", "bert-score", "transformers", "scipy"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with tercet's wheel, and this one's dependencies on its path."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("tercet-*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    into = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(into, check=True, capture_output=True)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return python.parent / "tercet"


def test_an_installed_wheel_runs_a_users_own_metric(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf" / "metric").mkdir(parents=True)
    (tmp_path / "conf" / "metric" / "loud.yaml").write_text(
        "# @package metrics.loud\n_target_: loud.Loud\nmark: '!'\n", "utf-8"
    )
    (tmp_path / "loud.py").write_text(LOUD, "utf-8")
    where = [str(installed.parent / "python"), "-c", "import tercet; print(tercet.__file__)"]
    place = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert str(installed.parents[1]) in place, "the wheel's own code, not the repository's"
    words = ["run", "--config-dir", "conf", "translator=copy", "metric=[chrf,loud]", "limit=2"]
    done = subprocess.run([str(installed), *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "loud" in done.stdout
    assert "2/2" in done.stdout
    listed = subprocess.run([str(installed), "list"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "loud" in listed.stdout


# A corpus of a user's own, as the pages' metric and backend are; judgements of people; a table of articles.
OWN = {
    "conf/corpus/two.yaml": "_target_: two.Two\nyear: 2024\n",
    "two.py": """
from dataclasses import dataclass

from tercet.articles import Loaded
from tercet.records import Article, Summary


@dataclass(frozen=True, kw_only=True)
class Two:
    year: int = 2024

    def load(self):
        texts = {"en": f"A bridge opened in {self.year}.", "zh": f"一座桥于{self.year}年通车。"}
        references = {code: (Summary(language=code, abstract=text),) for code, text in texts.items()}
        return Loaded(
            articles=tuple(Article(id=id, source=texts["en"], language="en", references=references) for id in "ab"),
            problems=(),
        )
""",
    "stars.jsonl": "".join(
        json.dumps({"segment": item, "system": system, "output": text, "gold": "The bridge opened.", "stars": stars})
        + "\n"
        for item in range(4)
        for system, text, stars in (("a", "The bridge opened!", 5), ("b", "A boat!", 2), ("c", "The bridge", 3))
    ),
}
# What the README and the pages it leads to promise without a network, a server or a GPU, in one process: the words of
# each command, and the exit code that it must have.
EVERYTHING = """
import os
import sys
from glob import glob
from pathlib import Path

import tercet as library
from tercet.cli import main

def tercet(*words, code=0):
    try:
        found = main([*words], prog_name="tercet", standalone_mode=False) or 0
    except SystemExit as end:
        found = end.code or 0
    assert found == code, (words, found)

def one(pattern):
    (path,) = glob(pattern)
    return path

tercet("list")
tercet("doctor")
tercet("doctor", "metric=[rouge]")
tercet("completion", "bash")
few = ["metric=[rouge,facts,shape]", "translator=copy", "limit=1"]
tercet("show", *few)
tercet("run", *few, "--cfg")
tercet("run", *few, "--dry-run")
tercet("run", "-m", "experiment=demo", "summarizer=lead,textrank", *few)
lead, textrank = one("results/lead-*"), one("results/textrank-*")
tercet("show", one("results/demo-*"), "--format", "markdown")
tercet("compare", lead, textrank)
tercet("verify", lead)
tercet("score", one("results/lead-*/outputs.jsonl"), "limit=1", "metric=[chrf]", "results=scored")
tercet("report", one("results/demo-*"), "-o", "report.html")
tercet("audit", "limit=2")
tercet("cache", "stats")
for part in ("1/2", "2/2"):
    tercet("run", "translator=copy", "metric=[rouge]", "limit=2", "results=parts", f"part={part}")
tercet("merge", *sorted(glob("parts/*-part-*-of-2")))

copied = ["translator=copy", "metric=[chrf,loud]"]
tercet("run", "summarizer=figures", "corpus=two", "corpus.year=2023", "results=own", *copied)
tercet("run", "corpus=markdown", "corpus.path=my_articles", "results=own", *copied)
tercet("run", "corpus=jsonl", "corpus.path=news.jsonl", "results=own", *copied)
from pyarrow import json, parquet
parquet.write_table(json.read_json("news.jsonl"), "news.parquet")
columns = ["corpus.columns.id=id", "corpus.columns.source=source"]
columns += ["corpus.references.en=references.en", "corpus.references.zh=references.zh"]
tercet("run", "corpus=parquet", "corpus.path=news.parquet", "results=own", *columns, *copied)
lines = ["corpus=parallel", "corpus.source=src.zh", "corpus.references=[ref.en]", "corpus.source_language=zh"]
lines += ["corpus.target_language=en", "metric=[bleu,chrf,ter]"]
tercet("score", "a.txt", "b.txt", *lines, "results=own")
tercet("compare", "a.txt", "b.txt", *lines)
tercet("audit", "corpus=markdown", "corpus.path=drafts", code=1)
people = ["judgement.path=stars.jsonl", "judgement.columns.candidate=output", "judgement.columns.references=gold"]
people += ["judgement.columns.item=segment", "judgement.human.quality=stars", "metric=[chrf,loud]"]
tercet("meta", *people, "--replicates", "20", "-o", "agreement.md")
assert "loud" in Path("agreement.md").read_text("utf-8")

found = library.measure("rouge", candidates=["公司获得6亿欧元。"], references=["公司筹得6亿欧元。"], language="zh")
assert found.scores["rouge1"] > 0.5 and found.signature
assert library.load_run(Path(lead)).system == "lead + copy"

tercet("init", "evals", "--ci", "github")
assert Path("evals/.github/workflows/tercet.yaml").is_file()
os.chdir("evals")
change = ["experiment=ci", "translator=copy", "metric=[rouge,facts]"]
tercet("run", *change)
tercet("bless", one("results/lead-copy-*"), "--why", "the first")
tercet("gate", *change)
tercet("gate", *change, "summarizer=textrank", "gate.scores.rouge1.floor=0.9", code=1)
files = ["--markdown", "comment.md", "--junit", "gate.xml", "--json", "gate.json"]
tercet("gate", "--candidate", one("results/textrank-copy-*"), "gate=ci", *files)
assert all(Path(file).is_file() for file in files[1::2])
strangers = [
    file for module in list(sys.modules.values())
    if (file := getattr(module, "__file__", None) or "").startswith(sys.argv[1]) and "site-packages" not in file
]
assert not strangers, strangers
print("everything")
"""


def write_pages(folder: Path) -> None:
    """Write what the pages have a reader write: articles, outputs, a metric, a backend; and what they only name."""
    pages = [ROOT / "docs" / f"{name}.md" for name in ("my-articles", "write-a-metric", "write-a-backend")]
    files = {block.file: block.text for page in pages for block in blocks(page) if block.file} | OWN
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def test_an_installed_wheel_does_what_the_readme_promises(installed: Path, tmp_path: Path) -> None:
    python = str(installed.parent / "python")
    write_pages(tmp_path)
    words = [python, "-W", "error", "-c", EVERYTHING, str(ROOT)]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("everything\n")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count("<script") == page.count("</script>") > 4, "the viewer and the data are in the wheel's report"
    gate = [python, "-m", "pytest", "-p", "no:cacheprovider"]
    config = tmp_path / "evals" / "conf" / "experiment" / "ci.yaml"
    text = config.read_text("utf-8").replace("/translator: glossary", "/translator: copy")
    config.write_text(text.replace("[rouge, chrf, facts, shape]", "[rouge, facts]"), "utf-8")
    tested = subprocess.run(gate, cwd=tmp_path / "evals", env=env, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "1 passed" in tested.stdout


def test_the_wheel_holds_what_users_are_told_of(installed: Path) -> None:
    (wheel,) = installed.parents[2].glob("tercet-*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    package = {
        path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src" / "tercet").rglob("*") if path.is_file()
    }
    package = {name for name in package if "__pycache__" not in name}
    configs = {f"tercet/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "conf").rglob("*.yaml")}
    assert package | configs <= names
    assert {"tercet/py.typed", "tercet/sample/LICENSE", "tercet/starter/readme.md"} <= names
    assert any(name.startswith("tercet/viewing/assets/") for name in names)
    others = {name for name in names if not name.startswith(("tercet/", "tercet-"))}
    assert not others, "tests, tools and benchmarks stay at home"
