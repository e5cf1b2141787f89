"""Replay: outputs that something else made."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from tercet.backends import Reply, Request
from tercet.backends.line_index import LineIndex
from tercet.backends.output_index import OutputIndex
from tercet.errors import BackendError
from tercet.files import iterate_lines

_JSON_LINES = (".jsonl", ".ndjson", ".jsonlines", ".json")


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Read finished outputs from a file, in any role and any pair of languages.

    JSON lines (``.jsonl``, ``.ndjson`` or ``.json``, also with ``.gz``):
    ``{"id": "<article>:<language>", "text": "..."}``, or
    ``{"article": ..., "language": ..., "text": ...}``; ``"failure": "reason"`` in the place of a
    text keeps a failed call what it is. Any other ending: plain text, one output a line, in the
    order of the cases: by target language, then by article.

    The outputs stay in the file; each process that asks for one goes through it once, to know where they are.

    Args:
        path: The file.
    """

    path: str | None = None
    reads: ClassVar[frozenset[str]] = frozenset({"case_id", "place"})
    bound: ClassVar[str | None] = None
    cacheable: ClassVar[bool] = False

    def __getstate__(self) -> dict[str, Any]:
        """Leave out where the outputs are and the open file; keep the hash, by which a copy checks its own file."""
        return {name: value for name, value in vars(self).items() if name not in {"_outputs", "_lines"}}

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Serve everything, once the file is named."""
        return None if self.path else "'replay' has no file: set its path"

    def identity(self) -> str:
        """The file's bytes decide."""
        return f"{self!r} sha256:{self._digest}"

    def check(self, cases: int) -> None:
        """Compare the lines of a plain text with the cases; JSON lines may answer any number of them.

        Args:
            cases: How many the whole run has.

        Raises:
            BackendError: There are too few lines or too many.
            CorpusError: The file cannot be read, or is empty.
        """
        if not self._by_id and len(self._lines) != cases:
            raise self._miscounted(str(cases))

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answer by case id, or by place.

        Raises:
            BackendError: A case has a place beyond the file, or the file is not the one that ``identity`` named.
            CorpusError: The file cannot be read, or has a line that is no output, or two for one case.
        """
        if not requests:
            return
        if not self._by_id:
            yield from self._by_place(requests)
            return
        path = Path(self.path or "")
        found = self._outputs.find([request.case_id or "" for request in requests])
        for index, reply in enumerate(found):
            yield index, reply or _missing(path)

    def unknown(self, case_ids: Iterable[str], shown: int = 3) -> tuple[int, list[str]]:
        """Find the ids in the file that name no case: misspelt, renamed, or of another corpus.

        Args:
            case_ids: Those of all cases of the run.
            shown: How many of the ids are wanted, from 0.

        Returns:
            How many there are, and the first of them.
        """
        return self._outputs.others(case_ids, shown) if self._by_id else (0, [])

    @property
    def _by_id(self) -> bool:
        return Path((self.path or "").lower().removesuffix(".gz")).suffix in _JSON_LINES

    def _by_place(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        lines = self._lines
        for index, request in enumerate(requests):
            if not 0 <= request.place < len(lines):
                raise self._miscounted(f"at least {request.place + 1}")
            yield index, Reply(text=lines[request.place])

    def _miscounted(self, cases: str) -> BackendError:
        return BackendError(
            f"{self.path}: {len(self._lines)} line{'' if len(self._lines) == 1 else 's'} for {cases} cases.",
            "Plain text must have one output a line, in the order of the cases.",
        )

    @cached_property
    def _digest(self) -> str:
        return _hashed(self.path)

    @cached_property
    def _lines(self) -> LineIndex:
        self._check_file()
        path = Path(self.path or "")
        deque(iterate_lines(path), maxlen=0)  # it raises where a line is not UTF-8, or there is none
        return LineIndex(path)

    @cached_property
    def _outputs(self) -> OutputIndex:
        self._check_file()
        return OutputIndex(Path(self.path or ""))

    def _check_file(self) -> None:
        """Compare the file with the one that was named by its hash: in another process, or on another machine."""
        if "_digest" in vars(self) and _hashed(self.path) != self._digest:
            raise BackendError(f"{self.path}: the file was changed since the run was planned.", "Run it again.")


def _missing(path: Path) -> Reply:
    """Say it in the same words for each case, so that a leaderboard says it once."""
    return Reply(failure=f"{path.name} has no output for the case")


def _hashed(path: str | None) -> str:
    try:
        with Path(path or "").expanduser().open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BackendError(f"{path}: cannot be read: {error.strerror}.", "Check the path.") from error
