"""The lock: whole, in agreement with pyproject.toml, and held to by pip."""

import base64
import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from tools.lock import written
from tools.locked import BUILD, CUDA, LOCK, REST, TORCH, Locked, read
from tools.vulnerabilities import parts

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
_APART = {"comet"}  # has an environment of its own


def key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def lock() -> list[Locked]:
    return read(ROOT / LOCK)


def environment(python: str, system: str = "linux", machine: str = "x86_64") -> dict[str, str]:
    names = {"linux": "Linux", "darwin": "Darwin"}
    return {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
        "platform_system": names[system],
        "platform_machine": machine,
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


def chosen(lock: list[Locked], where: Mapping[str, str]) -> dict[str, str]:
    """The versions that are installed somewhere; none may stand there twice."""
    found: dict[str, str] = {}
    for item in lock:
        requirement = Requirement(item.requirement)
        if requirement.marker is None or requirement.marker.evaluate(dict(where)):
            assert key(item.name) not in found, f"{item.name} would be installed twice"
            found[key(item.name)] = item.version
    return found


def test_every_package_has_hashes(lock: list[Locked]) -> None:
    assert len(lock) > 150
    for item in lock:
        assert item.hashes, f"{item.requirement} has none"
        assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in item.hashes)
        assert item.hashes == sorted(set(item.hashes))
    text = (ROOT / LOCK).read_text("utf-8")
    assert text.count("--hash=sha256:") == sum(len(item.hashes) for item in lock), "none is lost in reading"
    assert {item.section for item in lock} == {BUILD, REST, TORCH, CUDA}


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(("system", "machine"), [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")])
def test_it_agrees_with_the_project(lock: list[Locked], python: str, system: str, machine: str) -> None:
    where = environment(python, system, machine)
    versions = chosen(lock, where)
    extras = PROJECT["project"]["optional-dependencies"]
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    lines += [line for name, found in extras.items() if name not in _APART for line in found]
    for requirement in map(Requirement, lines):
        if requirement.name != "tercet" and (requirement.marker is None or requirement.marker.evaluate(where)):
            found = versions.get(key(requirement.name))
            assert found is not None, f"{requirement} is not locked: run make lock"
            assert requirement.specifier.contains(found, prereleases=True), f"{requirement}, and {found} is locked"


def test_what_is_installed_is_what_is_locked(lock: list[Locked]) -> None:
    here = {key(item.name): item for item in lock if item.section != CUDA}
    for name in ("numpy", "torch", "transformers", "pyarrow", "hydra-core", "sacrebleu", "hatchling", "pytest"):
        found = [
            item.version
            for item in lock
            if key(item.name) == name
            and ((marker := Requirement(item.requirement).marker) is None or marker.evaluate({"extra": ""}))
        ]
        assert name in here
        assert [Version(version(name)).public] == found, "run make setup"


def wheel(folder: Path, payload: str) -> Path:
    """A package of one module."""
    path = folder / "toy_locked-1.0-py3-none-any.whl"
    files = {
        "toy_locked.py": payload,
        "toy_locked-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: toy-locked\nVersion: 1.0\n",
        "toy_locked-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},"
        for name, text in files.items()
    ]
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # without the hour, which would change the hash
        archive.writestr(zipfile.ZipInfo("toy_locked-1.0.dist-info/RECORD"), "\n".join(record) + "\n")
    return path


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    digest = hashlib.sha256(wheel(tmp_path, "x = 1\n").read_bytes()).hexdigest()
    item = Locked(REST, "toy-locked==1.0", [digest])
    (tmp_path / "requirements.txt").write_text(f"{item.line}\n", "utf-8")

    def install() -> "subprocess.CompletedProcess[str]":
        how = ["--isolated", "install", "--no-deps", "--require-hashes", "--no-index", "--find-links", str(tmp_path)]
        command = [sys.executable, "-m", "pip", *how, "--target", str(tmp_path / "site"), "-r", "requirements.txt"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    wheel(tmp_path, "import evil\n")
    done = install()
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "site" / "toy_locked.py").exists()
    wheel(tmp_path, "x = 1\n")
    done = install()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "toy_locked.py").read_text("utf-8") == "x = 1\n"


def test_only_files_that_can_be_installed_are_let_in() -> None:
    def file(name: str, digest: str) -> dict[str, object]:
        return {"url": f"https://files.example/{name}", "hashes": {"sha256": digest}}

    packages: list[dict[str, Any]] = [
        {
            "name": "a",
            "version": "1.0",
            "sdist": file("a-1.0.tar.gz", "0"),
            "wheels": [
                file("a-1.0-cp311-cp311-manylinux_2_28_x86_64.whl", "1"),
                file("a-1.0-cp310-cp310-manylinux_2_28_x86_64.whl", "2"),
                file("a-1.0-cp39-abi3-macosx_11_0_arm64.whl", "3"),
                file("a-1.0-cp311-cp311-win_amd64.whl", "4"),
                file("a-1.0-cp313-cp313t-manylinux_2_28_aarch64.whl", "5"),
                file("a-1.0-cp311-cp311-musllinux_1_2_x86_64.whl", "6"),
            ],
        },
        {"name": "b", "version": "2", "marker": "sys_platform == 'linux'", "sdist": file("b-2.tar.gz", "7")},
        {"name": "nvidia-c", "version": "3", "wheels": [file("nvidia_c-3-py3-none-manylinux_2_27_x86_64.whl", "8")]},
    ]
    text = written(packages)
    assert "a==1.0 \\\n    --hash=sha256:1 \\\n    --hash=sha256:3\n" in text
    assert "b==2 ; sys_platform == 'linux' \\\n    --hash=sha256:7\n" in text
    assert text.index(f"# [{REST}]") < text.index("b==2") < text.index(f"# [{CUDA}]") < text.index("nvidia-c==3")


def test_a_line_that_is_no_requirement_is_named(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("# [packages] the rest\na==1 \\\n    --hash=sha256:00\n-e .\n", "utf-8")
    with pytest.raises(ValueError, match=rf"{LOCK}:4: no requirement"):
        read(tmp_path / LOCK)


def test_an_audit_asks_for_every_version(lock: list[Locked]) -> None:
    found = parts(lock)
    assert sorted(item.requirement for part in found for item in part) == sorted(item.requirement for item in lock)
    assert all(len({item.name for item in part}) == len(part) for part in found)
    assert len(found) == 2, "numpy and a few others have a version for Python 3.11 and one for newer ones"
