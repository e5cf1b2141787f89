"""The workflow of a starting project, its steps run as they stand: green, red, and what the comment says.

Steps that use actions are left out, and so is the installation: tercet is the one that is tested. ``gh`` is a script
that writes down what it is asked.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tercet.starting import starting_files, write_starting

BIN = Path(sys.executable).parent
# Answers with what stands in $GH/comments, and keeps its words and the body that it is to post.
GH = """\
#!/usr/bin/env bash
echo "$*" >> "$GH/asked"
for word in "$@"; do case "$word" in body=@*) cp "${word#body=@}" "$GH/body" ;; esac; done
case "$*" in *--jq*) cat "$GH/comments" ;; esac
"""
# Writes ten times as many books as there are: what a worse prompt would do, without a model.
WORSE = """\
from dataclasses import dataclass, replace

from tercet.backends.lead import Lead


@dataclass(frozen=True, kw_only=True)
class Worse(Lead):
    def generate(self, requests):
        for index, reply in super().generate(requests):
            yield index, replace(reply, text=reply.text.replace("1,400 books", "14,000 books"))
"""


def make_quick(project: Path, metrics: str) -> None:
    """Let the starting project's system translate nothing, and be scored by a few metrics: its tables take seconds."""
    config = project / "conf" / "experiment" / "ci.yaml"
    text = config.read_text("utf-8").replace("/translator: glossary", "/translator: copy", 1)
    config.write_text(text.replace("[rouge, chrf, facts, shape]", metrics, 1), "utf-8")


def plant_worse(project: Path) -> None:
    """Put a worse system in the place of the one that a starting project runs."""
    (project / "worse.py").write_text(WORSE, "utf-8")
    (project / "conf" / "summarizer").mkdir()
    (project / "conf" / "summarizer" / "worse.yaml").write_text("_target_: worse.Worse\n", "utf-8")
    config = project / "conf" / "experiment" / "ci.yaml"
    config.write_text(config.read_text("utf-8").replace("/summarizer: lead", "/summarizer: worse", 1), "utf-8")


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A repository as a job finds it, with the project in one of its folders."""

    root: Path
    below: str = "."

    @property
    def project(self) -> Path:
        return self.root / self.below

    def git(self, *words: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *who, *words], cwd=self.root, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "--allow-empty", "-qm", "a change")


@dataclass
class Job:
    """The job's steps, run in order as GitHub's runner does."""

    checkout: Checkout
    place: Path
    event: str = "pull_request"
    fork: bool = False
    comment: str = ""

    def __post_init__(self) -> None:
        self.place.mkdir()
        for name in ("env", "summary", "output", "comments", "asked"):
            (self.place / name).touch()
        (self.place / "comments").write_text(self.comment, "utf-8")
        (self.place / "bin").mkdir()
        (self.place / "bin" / "gh").write_text(GH, "utf-8")
        (self.place / "bin" / "gh").chmod(0o755)

    def run(self) -> dict[str, int]:
        """Run every step that is a script; a step without ``if: always()`` only where none has failed."""
        (job,) = yaml.safe_load((self.checkout.root / ".github/workflows/tercet.yaml").read_text("utf-8"))[
            "jobs"
        ].values()
        where = self.checkout.root / job["defaults"]["run"]["working-directory"]
        codes: dict[str, int] = {}
        for step in job["steps"]:
            if "uses" in step or step["name"] == "Install" or (any(codes.values()) and step.get("if") != "always()"):
                continue
            env = {**self.env(), **self.filled(job["env"]), **self.said(), **self.filled(step.get("env", {}))}
            words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-uc", step["run"]]
            done = subprocess.run(words, cwd=where, env=env, capture_output=True, text=True, check=False)
            codes[step["name"]] = done.returncode
            with (self.place / "log").open("a", encoding="utf-8") as log:
                log.write(f"== {step['name']}: {done.returncode}\n{done.stdout}{done.stderr}")
        return codes

    def env(self) -> dict[str, str]:
        return {
            "PATH": f"{self.place / 'bin'}:{BIN}:{os.environ['PATH']}",
            "HOME": str(self.place),
            "GH": str(self.place),
            "GITHUB_ACTIONS": "true",
            "GITHUB_BASE_REF": "main" if self.event == "pull_request" else "",
            "GITHUB_ENV": str(self.place / "env"),
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_OUTPUT": str(self.place / "output"),
            "GITHUB_REPOSITORY": "someone/evals",
            "GITHUB_STEP_SUMMARY": str(self.place / "summary"),
            "GITHUB_WORKSPACE": str(self.checkout.root),
            "RUNNER_TEMP": str(self.place),
        }

    def said(self) -> dict[str, str]:
        lines = (self.place / "env").read_text("utf-8").splitlines()
        return dict(line.partition("=")[::2] for line in lines)

    def filled(self, env: dict[str, str]) -> dict[str, str]:
        values = {
            "github.token": "no token",
            "github.event.pull_request.number": "7" if self.event == "pull_request" else "",
            "github.event.pull_request.head.repo.fork": str(self.fork).lower(),
        }
        return {key: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values[found[1]], text) for key, text in env.items()}

    def text(self, name: str) -> str:
        return (self.place / name).read_text("utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A repository with the starting project in its root, and nothing else yet."""
    made = Checkout(root=tmp_path / "repository")
    made.root.mkdir()
    made.git("init", "-q")
    write_starting(starting_files(made.root, ci="github"))
    make_quick(made.root, "[chrf]")
    made.commit()
    return made


def test_a_change_that_changes_nothing_is_green(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.root / "README.md").write_text("another text\n", "utf-8")
    checkout.commit()
    job = Job(checkout=checkout, place=tmp_path / "job")
    assert job.run() == {"Find the baseline": 0, "Gate": 0, "Report": 0, "Comment": 0}, job.text("log")
    assert "--method POST repos/someone/evals/issues/7/comments" in job.text("asked")
    assert job.text("body").startswith("<!-- tercet-gate")
    assert "<!-- tercet-gate" in job.text("summary")
    for name in ("gate.md", "gate.xml", "gate.json"):
        assert (checkout.root / "results" / name).is_file()


def test_a_worse_system_is_red_and_its_comment_names_the_false_fact(tmp_path: Path) -> None:
    checkout = Checkout(root=tmp_path / "repository", below="evals")
    checkout.root.mkdir()
    checkout.git("init", "-q")
    write_starting(starting_files(checkout.project, ci="github"))
    make_quick(checkout.project, "[chrf, facts]")
    checkout.commit()
    plant_worse(checkout.project)
    checkout.commit()
    job = Job(checkout=checkout, place=tmp_path / "job", comment="41\n")
    assert job.run() == {"Find the baseline": 0, "Gate": 1, "Report": 0, "Comment": 0}, job.text("log")
    assert "--method PATCH repos/someone/evals/issues/comments/41" in job.text("asked")
    assert "14,000" in job.text("body")
    assert "mountain-library:en" in job.text("body")
    assert "::error" in job.text("log")


def test_the_first_change_has_nothing_to_compare_with_and_says_so(checkout: Checkout, tmp_path: Path) -> None:
    checkout.git("checkout", "-q", "--orphan", "before")
    checkout.git("rm", "-rqf", "--cached", ".")
    checkout.git("-c", "user.name=a", "commit", "--allow-empty", "-qm", "empty")
    checkout.commit()
    job = Job(checkout=checkout, place=tmp_path / "job")
    assert job.run() == {"Find the baseline": 0, "Gate": 0, "Report": 0, "Comment": 0}, job.text("log")
    assert "::warning::The base commit has no conf/experiment/ci.yaml" in job.text("log")
    assert job.text("asked") == ""


def test_a_base_that_cannot_be_run_is_red_and_told(checkout: Checkout, tmp_path: Path) -> None:
    config = checkout.root / "conf" / "experiment" / "ci.yaml"
    whole = config.read_text("utf-8")
    config.write_text(whole.replace("/summarizer: lead", "/summarizer: leed", 1), "utf-8")
    checkout.commit()
    config.write_text(whole, "utf-8")
    checkout.commit()
    job = Job(checkout=checkout, place=tmp_path / "job", fork=True)
    assert job.run() == {"Find the baseline": 0, "Gate": 2, "Report": 0, "Comment": 0}, job.text("log")
    assert "ended with exit code 2" in job.text("log")
    assert "There is no baseline" in (checkout.root / "results" / "gate.md").read_text("utf-8")
    assert job.text("asked") == "", "a fork may not comment"


def test_a_push_makes_the_run_that_fills_the_cache(checkout: Checkout, tmp_path: Path) -> None:
    job = Job(checkout=checkout, place=tmp_path / "job", event="push")
    assert job.run() == {"Find the baseline": 0, "Gate": 0, "Report": 0, "Comment": 0}, job.text("log")
    assert (checkout.root / ".tercet" / "replies.sqlite").is_file()
    assert job.text("asked") == ""


def test_a_blessed_baseline_is_taken_where_there_is_one(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.root / "baselines" / "default").mkdir(parents=True)
    (checkout.root / "baselines" / "default" / "run.json").write_text("{}", "utf-8")
    checkout.commit()
    job = Job(checkout=checkout, place=tmp_path / "job")
    assert job.run()["Gate"] == 2, "this one is no run"
    assert job.said() == {"BASELINE": "baselines/default"}
    assert not (checkout.root / "results" / "base").exists()
