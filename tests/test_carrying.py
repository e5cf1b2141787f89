import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.carrying import pack, unpack
from tercet.errors import (
    ConfigError,
    CorpusError,
    IncompleteError,
    MissingExtraError,
    NotComparableError,
    TercetError,
)

ERRORS = {
    "corpus": CorpusError("no title.", "Add one.", path=Path("a.md"), line=3),
    "corpus, no place": CorpusError("empty."),
    "extra": MissingExtraError("pack", "extra", "corpus=x"),
    "not comparable": NotComparableError("other cases.", "Run both."),
    "incomplete": IncompleteError("1 of 2 failed."),
    "base": TercetError("wrong."),
}


def carried(error: BaseException) -> BaseException:
    """An error that has been to another process."""
    return unpack(pickle.loads(pickle.dumps(pack(error))))  # noqa: S301


@pytest.mark.parametrize("name", list(ERRORS))
def test_an_error_of_ours_comes_back_the_same(name: str) -> None:
    error = ERRORS[name]
    found = carried(error)
    assert type(found) is type(error)
    assert isinstance(found, TercetError)
    assert vars(found) == vars(error)
    assert (str(found), found.args, found.exit_code) == (str(error), error.args, error.exit_code)


@given(st.text(), st.text(), st.one_of(st.none(), st.integers(), st.text(), st.lists(st.floats(allow_nan=False))))
def test_whatever_it_says_and_holds(problem: str, remedy: str, more: Any) -> None:
    error = ConfigError(problem, remedy)
    error.more = more  # type: ignore[attr-defined]
    assert vars(carried(error)) == {"problem": problem, "remedy": remedy, "more": more}


def test_notes_are_kept() -> None:
    error = ConfigError("wrong.")
    error.add_note("Seen twice.")
    assert carried(error).__notes__ == ["Seen twice."]


def test_a_class_that_is_not_there_keeps_its_exit_code() -> None:
    class OwnError(TercetError):
        exit_code = 7

    found = carried(OwnError("own.", "Mend it."))
    assert type(found) is TercetError
    assert (found.problem, found.remedy, found.exit_code) == ("own.", "Mend it.", 7)


@pytest.mark.parametrize("path", ["json:loads", "json:JSONDecodeError", "json:nothing", "tercet_missing:X", "no path"])
def test_a_path_to_anything_else_is_not_followed(path: str) -> None:
    found = unpack(pack(ConfigError("wrong.")) | {"class": path})
    assert type(found) is TercetError
    assert str(found) == "wrong."


def test_what_cannot_travel_is_told_in_words() -> None:
    error = ConfigError("wrong.")
    error.seen = {1: (Path("a"), object)}  # type: ignore[attr-defined]
    assert vars(carried(error))["seen"] == {"1": [Path("a"), "<class 'object'>"]}


def test_any_other_error_is_told_with_its_traceback() -> None:
    def fail() -> None:
        error = KeyError("missing")
        error.add_note("Seen twice.")
        raise error

    with pytest.raises(KeyError) as raised:
        fail()
    found = carried(raised.value)
    assert type(found) is RuntimeError
    assert str(found).startswith("KeyError: 'missing' (test_carrying.py:")
    assert found.__notes__[0] == "Seen twice."
    assert "in fail" in found.__notes__[1]
