"""What is published beside the code is what the code computes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tercet.sweeps import SWEEP, run_folders

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "results" / "published"
SWEEPS = ("demo", "llm")


def sweep(name: str) -> Path:
    (folder,) = [file.parent for file in PUBLISHED.glob(f"{name}-*/{SWEEP}")]
    return folder


@pytest.mark.parametrize("name", SWEEPS)
def test_every_number_is_computed_again(name: str, tercet: Callable[..., Result]) -> None:
    done = tercet("verify", sweep(name))
    assert done.exit_code == 0, done.output


def test_nothing_else_is_published() -> None:
    named = {folder.resolve() for name in SWEEPS for folder in run_folders([sweep(name)])[0]}
    sweeps = {sweep(name).resolve() for name in SWEEPS}
    assert {file.resolve() for file in PUBLISHED.iterdir() if file.is_dir()} == named | sweeps
    size = sum(file.stat().st_size for file in PUBLISHED.rglob("*") if file.is_file())
    assert size < 3_000_000


def test_the_readme_shows_what_is_published(tercet: Callable[..., Result]) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = tercet("show", sweep("demo"))
    assert shown.exit_code == 0, shown.output
    assert "\n".join(line.rstrip() for line in shown.stdout.splitlines()).strip() in readme
