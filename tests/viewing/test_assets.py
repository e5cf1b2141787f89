"""The built viewer is up to date and whole; told without Node, which only those need who change it."""

import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parents[2] / "src" / "viewer"
ASSETS = files("tercet.viewing") / "assets"


def read(name: str) -> str:
    return (ASSETS / name).read_text("utf-8")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read("manifest.json"))
    return found


def test_it_is_built_from_the_sources_that_are_here(manifest: dict[str, Any]) -> None:
    if not SOURCES.is_dir():
        pytest.skip("the viewer's sources are not here")
    named = ["package.json", "package-lock.json", "build.mjs", "tsconfig.json"]
    there = [*(SOURCES / name for name in named), *(path for path in (SOURCES / "src").rglob("*") if path.is_file())]
    found = {path.relative_to(SOURCES).as_posix(): sha256(path.read_bytes()) for path in there}
    assert manifest["sources"] == found, "node build.mjs in src/viewer builds it anew"


def test_its_files_are_as_they_were_built(manifest: dict[str, Any]) -> None:
    assert set(manifest["outputs"]) == {"LICENSES.txt", "style.css", "viewer.js"}
    for name, digest in manifest["outputs"].items():
        assert sha256((ASSETS / name).read_bytes()) == digest, name


def test_every_package_in_it_is_there_with_its_licence(manifest: dict[str, Any]) -> None:
    licences = read("LICENSES.txt")
    heads = set(re.findall(r"(?m)^={80}\n(\S+) (\S+) \(([^)]+)\)\n={80}$", licences))
    assert {name for name, _, _ in heads} == set(manifest["packages"])
    assert {"preact", "vega", "vega-lite", "diff"} <= set(manifest["packages"])
    for name, versions in manifest["packages"].items():
        for version in versions.split(", "):
            assert (name, version) in {(found, number) for found, number, _ in heads}
    permissive = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"}
    assert {licence for _, _, licence in heads} <= permissive


def test_nothing_in_it_ends_the_element_that_holds_it() -> None:
    assert not re.search(r"</script|<!--|<script", read("viewer.js"), re.IGNORECASE)
    assert not re.search(r"</style|<!--|@import|url\(\s*[\"']?(?!data:)", read("style.css"), re.IGNORECASE)


def test_it_has_no_path_of_the_machine_that_built_it(manifest: dict[str, Any]) -> None:
    texts = [read("viewer.js"), read("style.css"), json.dumps(manifest)]
    assert not any(re.search(r"/home/|/work/|/root/|/Users/|[A-Z]:\\\\", text) for text in texts)
    assert all("\r" not in text for text in texts)
