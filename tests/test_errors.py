from pathlib import Path

import pytest

from tercet import errors
from tercet.errors import CorpusError, IncompleteError, MissingExtraError, NotComparableError, TercetError, nearest

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, TercetError)]


@pytest.mark.parametrize(
    ("problem", "remedy", "shown"),
    [
        ("It broke.", "Mend it.", "It broke. Mend it."),
        ("It broke.", "", "It broke."),
        ("坏了。", "修。", "坏了。 修。"),
    ],
)
def test_an_error_shows_problem_and_remedy(problem: str, remedy: str, shown: str) -> None:
    error = TercetError(problem, remedy)
    assert str(error) == shown
    assert (error.problem, error.remedy) == (problem, remedy)


@pytest.mark.parametrize(
    ("path", "line", "shown"),
    [
        (None, None, "It broke. Mend it."),
        (Path("a/b.md"), None, "a/b.md: It broke. Mend it."),
        (Path("a/b.md"), 7, "a/b.md:7: It broke. Mend it."),
        (None, 7, "It broke. Mend it."),
    ],
)
def test_a_corpus_error_begins_with_its_place(path: Path | None, line: int | None, shown: str) -> None:
    error = CorpusError("It broke.", "Mend it.", path=path, line=line)
    assert str(error) == shown
    assert (error.path, error.line) == (path, line)


def test_a_missing_extra_carries_the_pip_line() -> None:
    error = MissingExtraError("datasets", "hf", "corpus=hf")
    assert str(error) == (
        "corpus=hf needs the package 'datasets', which is not installed. Run: pip install 'tercet[hf]'"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_the_exit_code_that_the_tree_names(kind: type[TercetError]) -> None:
    assert kind.exit_code == {IncompleteError: 4, NotComparableError: 3}.get(kind, 2)


def test_the_tree_in_the_docstring_is_whole() -> None:
    assert errors.__doc__ is not None
    drawn = {line.split()[1] for line in errors.__doc__.splitlines() if line[:1] in "├└" and line}
    assert drawn == {kind.__name__ for kind in KINDS} - {"TercetError"}


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("leed", ["textrank", "lead"], "Did you mean 'lead'? Known: lead, textrank."),
        ("lead", ["lead"], "Did you mean 'lead'? Known: lead."),
        ("qqq", ["b", "a"], "Known: a, b."),
        ("", ["a"], "Known: a."),
        ("x", [], "Known: none."),
    ],
)
def test_nearest_names_what_is_near_and_all_that_is_known(name: str, known: list[str], expected: str) -> None:
    assert nearest(name, known) == expected
    assert nearest(name, iter(known)) == expected
