"""Names that a sweep or a system is given: each makes one folder, where it should be."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

NAMES = ["../../x", "x" * 300, "名" * 120, "..", "/etc/x", "a b|c", "con", "\u202ea\x1b[2J", "-rf", "a\nb"]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_the_folder_of_a_sweep_lies_in_the_results_whatever_its_name(name: str) -> None:
    from tercet.sweep import _slug, part_name

    made = _slug(name)
    path = Path("results") / f"{part_name(f'{made}-1a2b3c4d', (100, 100))}.partial"
    assert path.parent == Path("results")
    assert len(path.name.encode()) <= 255
    assert made == _slug(made)
    assert made.isprintable()
    assert not made.startswith(("-", "."))


def test_an_output_file_with_the_longest_name_can_be_scored(tercet: Callable[..., Result]) -> None:
    name = "名" * 80
    Path("src.txt").write_text("开放了。\n", "utf-8")
    Path("ref.txt").write_text("It opened.\n", "utf-8")
    Path(f"{name}.txt").write_text("It opened.\n", "utf-8")
    corpus = ("corpus=parallel", "corpus.source=src.txt", "corpus.references=[ref.txt]", "corpus.source_language=zh")
    done = tercet("score", f"{name}.txt", *corpus, "corpus.target_language=en", "metric=[shape]")
    assert done.exit_code == 0, done.output
    (folder,) = Path("results").iterdir()
    assert (folder / "run.json").is_file()
