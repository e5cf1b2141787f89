"""The evidence of a run by case: where its lines lie in the file, so that they need not be in memory."""

import json
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from tercet.errors import RunError

_AGAIN = "Repeat the command that made it."
_HEAD = '{"id": "'  # as a run writes a line


class EvidenceByCase:
    """Looks up the evidence of a case; a context manager that holds the file open.

    Args:
        folder: The run's.

    Raises:
        RunError: The file cannot be read, or a line is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "evidence.jsonl"
        self._spans: dict[str, list[int]] = {}  # case -> begin, end, begin, end, ...
        try:
            self._file: BinaryIO = self._path.open("rb")
        except OSError as error:
            raise RunError(f"{self._path}: cannot be read: {error.strerror}.", _AGAIN) from error
        try:
            self._scan()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def of(self, case: str) -> Iterator[dict[str, Any]]:
        """Give what metrics show of a case, in the order of the file."""
        spans = self._spans.get(case, [])
        for begin, end in zip(spans[::2], spans[1::2], strict=True):
            self._file.seek(begin)
            text = self._file.read(end - begin).decode("utf-8", "surrogatepass")
            for line in text.split("\n"):
                if line:
                    yield json.loads(line)

    def _scan(self) -> None:
        place = 0
        for number, line in enumerate(self._file, 1):
            try:
                case = _case_of(line.decode("utf-8", "surrogatepass"))
            except (ValueError, TypeError, KeyError) as error:
                raise RunError(f"{self._path}:{number}: damaged: {error}.", _AGAIN) from error
            spans = self._spans.setdefault(case, [])
            if spans and spans[-1] == place:
                spans[-1] = place + len(line)  # the lines of a case are mostly together
            else:
                spans += (place, place + len(line))
            place += len(line)


def _case_of(line: str) -> str:
    """Read the case's id alone: a run has ten lines a case."""
    if line.startswith(_HEAD):
        found: tuple[str, int] = scanstring(line, len(_HEAD), True)
        return found[0]
    return str(json.loads(line)["id"])
