"""Articles as JSON lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tercet.articles import Loaded, as_date, as_tags, collect
from tercet.errors import CorpusError, TercetError, nearest
from tercet.files import read_records
from tercet.records import Article, KeyPoint, Summary
from tercet.text.languages import detect, language

_KEYS = frozenset(
    {
        "id",
        "title",
        "date",
        "description",
        "tags",
        "author",
        "link",
        "language",
        "source",
        "references",
        "cluster",
    }
)
_SUMMARY_KEYS = frozenset({"headline", "abstract", "key_points", "closing"})


@dataclass(frozen=True, kw_only=True)
class Jsonl:
    """One article a line: id, language, source, and ``references`` by language.

    A reference is a text; or ``{"abstract", "key_points": [{"label", "text"}], "closing"}``; or a
    list of either, where there are several.

    Args:
        path: The file; ``.gz`` is unpacked.
        source_language: Language of the articles where neither ``language`` nor the source says.
        strict: Whether one broken line is an error for all.
    """

    path: str | None = None
    source_language: str = "en"
    strict: bool = False

    def load(self) -> Loaded:
        """Read the lines in order."""
        return collect(self.stream(), strict=self.strict)

    def stream(self) -> Iterator[Article | CorpusError]:
        """Read the lines in order, one at a time."""
        if self.path is None:
            raise CorpusError("corpus.path is not set.", "Add corpus.path=FILE.")
        path = Path(self.path)
        for line, record in read_records(path):
            if isinstance(record, CorpusError):
                yield record
                continue
            try:
                yield article(record, path, line, self.source_language)
            except CorpusError as error:
                yield error


def article(record: dict[str, Any], path: Path, line: int, default_language: str) -> Article:
    """Read one article from its JSON object.

    Raises:
        CorpusError: A key is unknown, or a value is of the wrong kind.
    """
    for key in record:
        if key not in _KEYS:
            raise CorpusError(f"Unknown key '{key}'.", nearest(str(key), _KEYS), path=path, line=line)
    try:
        source = _text(record, "source")
        code = _text(record, "language") or (detect(source) if source else None) or default_language
        return Article(
            id=_id(record, line),
            language=language(code).code,
            source=source.strip() or None if source else None,
            references=_references(record.get("references")),
            title=_text(record, "title"),
            description=_text(record, "description"),
            date=as_date(record.get("date"), path, line),
            tags=as_tags(record.get("tags"), path, line),
            author=_text(record, "author"),
            link=_text(record, "link"),
            cluster=_text(record, "cluster"),
        )
    except CorpusError as error:
        if error.line is not None:
            raise
        raise CorpusError(error.problem, error.remedy, path=path, line=line) from error
    except TercetError as error:
        raise CorpusError(error.problem, error.remedy, path=path, line=line) from error


def _id(record: dict[str, Any], line: int) -> str:
    value = record.get("id")
    if value is None or value == "":
        return str(line)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise CorpusError(f"'id' is neither a text nor a number but {type(value).__name__}.")
    return str(value)


def _references(value: object) -> dict[str, tuple[Summary, ...]]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise CorpusError("'references' is no object by language.")
    found: dict[str, tuple[Summary, ...]] = {}
    for key, items in value.items():
        code = language(key).code
        if code in found:
            raise CorpusError(f"'references' names '{code}' twice.", "Write several references as one list.")
        found[code] = tuple(_summary(item, code) for item in _listed(items))
    return found


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    if value is None or isinstance(value, str):
        return value
    raise CorpusError(f"'{key}' is no text but {type(value).__name__}.")


def _summary(value: object, code: str) -> Summary:
    if isinstance(value, str):
        if not value.strip():
            raise CorpusError(f"The reference in '{code}' is empty.", "Leave it out, or fill it.")
        return Summary(language=code, abstract=value)
    if not isinstance(value, dict):
        raise CorpusError(f"The reference in '{code}' is neither a text nor an object.")
    for key in value:
        if key not in _SUMMARY_KEYS:
            raise CorpusError(f"Unknown key '{key}' in a reference.", nearest(str(key), _SUMMARY_KEYS))
    abstract = _text(value, "abstract")
    if not abstract or not abstract.strip():
        raise CorpusError(f"The reference in '{code}' has no abstract.")
    points = value.get("key_points")
    points = [] if points is None else points
    if not isinstance(points, list):
        raise CorpusError(f"'key_points' is no list but {type(points).__name__}.")
    return Summary(
        language=code,
        headline=_text(value, "headline"),
        abstract=abstract,
        key_points=tuple(_key_point(point) for point in points),
        closing=_text(value, "closing"),
    )


def _key_point(value: object) -> KeyPoint:
    if isinstance(value, str):
        return KeyPoint(label="", text=value)
    if isinstance(value, dict) and set(value) <= {"label", "text"} and isinstance(value.get("text"), str):
        return KeyPoint(label=_text(value, "label") or "", text=value["text"])
    raise CorpusError("A key point is neither a text nor an object with 'label' and 'text'.")
