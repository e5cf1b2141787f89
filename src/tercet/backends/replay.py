"""Replay: outputs that something else made."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from tercet.backends import Reply, Request
from tercet.errors import BackendError, CorpusError
from tercet.files import read_lines, read_records

_JSON_LINES = (".jsonl", ".ndjson", ".jsonlines", ".json")


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Read finished outputs from a file, in any role and any pair of languages.

    JSON lines (``.jsonl``, ``.ndjson`` or ``.json``, also with ``.gz``):
    ``{"id": "<article>:<language>", "text": "..."}``, or
    ``{"article": ..., "language": ..., "text": ...}``; ``"failure": "reason"`` in the place of a
    text keeps a failed call what it is. Any other ending: plain text, one output a line, in the
    order of the cases: by target language, then by article.

    Args:
        path: The file.
    """

    path: str | None = None
    reads: ClassVar[frozenset[str]] = frozenset({"case_id"})
    bound: ClassVar[str | None] = None
    cacheable: ClassVar[bool] = False

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Serve everything, once the file is named."""
        return None if self.path else "'replay' has no file: set its path"

    def identity(self) -> str:
        """The file's bytes decide."""
        return f"{self!r} sha256:{self._digest}"

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answer by case id, or by line.

        Raises:
            BackendError: The file has lines that answer no case, or too few or too many.
        """
        path = Path(self.path or "")
        if not self._by_id:
            yield from self._by_line(path, requests)
            return
        replies = self._replies
        for index, request in enumerate(requests):
            missing = Reply(failure=f"{path.name} has no output for the case '{request.case_id}'")
            yield index, replies.get(request.case_id or "", missing)

    def unknown(self, case_ids: Sequence[str]) -> list[str]:
        """List the ids in the file that name no case: misspelt, renamed, or of another corpus."""
        if not self._by_id:
            return []
        known = set(case_ids)
        return [case_id for case_id in self._replies if case_id not in known]

    @property
    def _by_id(self) -> bool:
        return Path((self.path or "").lower().removesuffix(".gz")).suffix in _JSON_LINES

    def _by_line(self, path: Path, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        lines = read_lines(path)
        if len(lines) != len(requests):
            raise BackendError(
                f"{path}: {len(lines)} lines for {len(requests)} cases.",
                "Plain text must have one output a line, in the order of the cases.",
            )
        for index, line in enumerate(lines):
            yield index, Reply(text=line)

    @cached_property
    def _digest(self) -> str:
        try:
            return hashlib.sha256(Path(self.path or "").expanduser().read_bytes()).hexdigest()
        except OSError as error:
            raise BackendError(f"{self.path}: cannot be read: {error.strerror}.", "Check the path.") from error

    @cached_property
    def _replies(self) -> Mapping[str, Reply]:
        path = Path(self.path or "")
        replies: dict[str, Reply] = {}
        for line, record in read_records(path):
            if isinstance(record, CorpusError):
                raise record
            case_id, reply = _reply(record, path, line)
            if case_id in replies:
                raise CorpusError(f"A second output for the case '{case_id}'.", path=path, line=line)
            replies[case_id] = reply
        if not replies:
            raise CorpusError("The file holds no output.", "Expected one object a line.", path=path)
        return replies


def _reply(record: dict[str, Any], path: Path, line: int) -> tuple[str, Reply]:
    case_id = record.get("id")
    if case_id is None and "article" in record and "language" in record:
        case_id = f"{record['article']}:{record['language']}"
    if not isinstance(case_id, str):
        raise CorpusError(
            "The line names no case.",
            'Expected {"id": "<article>:<language>", "text": "..."}.',
            path=path,
            line=line,
        )
    text, failure = record.get("text"), record.get("failure")
    if isinstance(text, str) and failure is None:
        return case_id, Reply(text=text)
    if isinstance(failure, str) and text is None:
        return case_id, Reply(failure=failure)
    raise CorpusError(
        f"The case '{case_id}' has neither a text nor a failure, or both.",
        'Expected "text": "..." or "failure": "reason".',
        path=path,
        line=line,
    )
