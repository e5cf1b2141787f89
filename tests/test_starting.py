"""A starting project: what is written, that nothing is overwritten, and that its workflow is one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import tercet
from tercet.audit import audit
from tercet.corpora.markdown import Markdown
from tercet.errors import ConfigError
from tercet.starting import starting_files, write_starting

WORKFLOW = Path(".github/workflows/tercet.yaml")


def test_every_file_of_the_package_is_written_somewhere(tmp_path: Path) -> None:
    files = starting_files(tmp_path, ci="github")
    starter = Path(tercet.__file__).parent / "starter"
    assert len(files) == sum(path.is_file() for path in starter.rglob("*"))
    assert not [path for path, text in files.items() if re.search("@[A-Z]+@", text)]
    assert f"tercet[report]=={tercet.__version__}" in files[tmp_path / "requirements.txt"]


def test_the_articles_are_faithful_to_their_sources_and_agree(tmp_path: Path) -> None:
    write_starting(starting_files(tmp_path))
    loaded = Markdown(path=str(tmp_path / "articles"), strict=True).load()
    assert [article.language for article in loaded.articles] == ["en", "zh"]
    assert all(article.source and set(article.references) == {"en", "zh"} for article in loaded.articles)
    assert [fault for article in loaded.articles for fault in audit(article)] == []


def test_nothing_is_written_where_one_file_is_there(tmp_path: Path) -> None:
    mine = tmp_path / "conf" / "gate" / "ci.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", "utf-8")
    with pytest.raises(ConfigError, match=r"conf/gate/ci\.yaml is there already"):
        write_starting(starting_files(tmp_path))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text("utf-8") == "mine"


def test_a_link_that_points_nowhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "gone.md")
    with pytest.raises(ConfigError, match=r"README\.md is there already"):
        write_starting(starting_files(tmp_path))
    assert not (tmp_path / "gone.md").exists()


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "evals").write_text("", "utf-8")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_starting(starting_files(tmp_path / "evals"))


def test_the_workflow_goes_to_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    files = starting_files(tmp_path / "evals", ci="github")
    text = files[tmp_path / WORKFLOW]
    job = yaml.safe_load(text)["jobs"]["gate"]
    assert job["defaults"]["run"]["working-directory"] == "./evals/"
    assert job["env"]["PREFIX"] == "evals/"
    assert "hashFiles('evals/conf/**', 'evals/articles/**')" in text
    inside = starting_files(tmp_path, ci="github")
    assert yaml.safe_load(inside[tmp_path / WORKFLOW])["jobs"]["gate"]["defaults"]["run"]["working-directory"] == "./"


def test_a_folder_that_a_workflow_cannot_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(ConfigError, match="cannot stand in a workflow"):
        starting_files(tmp_path / "my $evals", ci="github")
    assert starting_files(tmp_path / "my $evals"), "without a workflow it may have any name"


@pytest.mark.parametrize("below", [".", "evals"])
def test_the_workflow_follows_githubs_schema(below: str, tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema")
    (tmp_path / ".git").mkdir()
    write_starting(starting_files(tmp_path / below, ci="github"))
    words = ["--builtin-schema", "vendor.github-workflows", str(tmp_path / WORKFLOW)]
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_is_careful(tmp_path: Path) -> None:
    text = starting_files(tmp_path, ci="github")[tmp_path / WORKFLOW]
    flow = yaml.safe_load(text)
    assert flow["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "pull_request_target" not in text, "it would give forks the secrets"
    job = flow["jobs"]["gate"]
    assert job["timeout-minutes"] <= 60
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w/-]+@v\d+", name) for name in used), used
    # What others write (a title, a branch's name) is no part of a script: it would be run.
    assert not [step for step in job["steps"] if "${{" in step.get("run", "")]


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not here")
def test_the_comment_is_found_by_its_first_line_and_its_author(tmp_path: Path) -> None:
    text = starting_files(tmp_path, ci="github")[tmp_path / WORKFLOW]
    (query,) = re.findall(r"'(\.\[\] \| select.*)'", text)
    comments = """[
        {"id": 1, "user": {"type": "User"}, "body": "<!-- tercet-gate --> quoted"},
        {"id": 2, "user": {"type": "Bot"}, "body": "another bot"},
        {"id": 3, "user": {"type": "Bot"}, "body": "<!-- tercet-gate -->\\nfail"}]"""
    found = subprocess.run(["jq", "-r", query], input=comments, capture_output=True, text=True, check=True)
    assert found.stdout == "3\n"
