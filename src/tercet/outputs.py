"""The outputs of a run, read back: one after another, or all at once."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from tercet.lines import read_json_lines
from tercet.records import Output, Stage, Usage

_TEXTS = frozenset({"text", "answer", "flaw", "prompt"})


def read_outputs(folder: Path) -> Iterator[Output]:
    """Read what the system of a run produced, one output at a time, in the order of the cases.

    Args:
        folder: The run's.

    Raises:
        RunError: The file cannot be read, or a line is damaged.
    """
    return read_json_lines(folder / "outputs.jsonl", _output)


class StoredOutputs(Sequence[Output]):
    """The outputs of a run folder: not read before they are asked for, and then kept.

    Whoever needs them once, one after another, takes ``each``, which keeps none: those of a large run are larger than
    memory.

    Args:
        folder: The run's.

    Raises:
        RunError: From whatever reads them: the file cannot be read, or a line is damaged.
    """

    __slots__ = ("_folder", "_kept")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: tuple[Output, ...] | None = None

    def each(self) -> Iterator[Output]:
        """Read them one at a time; they are read from the file again each time, unless they are kept already."""
        return read_outputs(self._folder) if self._kept is None else iter(self._kept)

    def _all(self) -> tuple[Output, ...]:
        if self._kept is None:
            self._kept = tuple(read_outputs(self._folder))
        return self._kept

    def __len__(self) -> int:
        """Count them."""
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> Output: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Output, ...]: ...
    def __getitem__(self, index: int | slice) -> Output | tuple[Output, ...]:
        """Give one, or those of a slice."""
        return self._all()[index]

    def __iter__(self) -> Iterator[Output]:
        """Go through them; they are all read first, so that a damaged line is found before anything is done."""
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        """Whether another sequence, as a tuple, holds the same."""
        return self._all() == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of a list: it is equal to tuples, and reads a file to know

    def __repr__(self) -> str:
        """Name the folder; nothing is read."""
        return f"StoredOutputs({str(self._folder)!r})"


def _output(record: dict[str, Any]) -> Output:
    text, failure = record.get("text"), record.get("failure")
    if not (isinstance(text, str) and failure is None) and not (isinstance(failure, str) and text is None):
        raise TypeError("neither a text nor a failure, or both")
    return Output(
        case_id=_text(record, "id"),
        article_id=_text(record, "article"),
        target_language=_text(record, "language"),
        text=text,
        failure=failure,
        stages=tuple(_stage_of(stage, text) for stage in record["stages"]),
        repeat=_number(record, "repeat"),
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record[name]
    if not isinstance(value, str):
        raise TypeError(f"'{name}' is no text but {type(value).__name__}")
    return value


def _number(record: Mapping[str, Any], name: str) -> int:
    value = record.get(name, 0)
    if type(value) is not int:
        raise TypeError(f"'{name}' is no whole number but {type(value).__name__}")
    return value


def _stage_of(record: Mapping[str, Any], text: str | None) -> Stage:
    fields = {**record}
    if fields.get("text") == text:
        fields["text"] = text  # one text in memory, and not two alike
    for name in _TEXTS & fields.keys():
        if not isinstance(fields[name], str | None):
            raise TypeError(f"a stage's '{name}' is no text but {type(fields[name]).__name__}")
    for name in ("role", "backend", "source_language", "target_language"):
        _text(fields, name)
    usage = fields.get("usage")
    return Stage(**{**fields, **({"usage": Usage(**usage)} if usage else {})})
