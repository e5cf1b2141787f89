"""Articles kept as files: YAML front matter, one summary a language, the source text beside it."""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tercet.errors import ConfigError, CorpusError
from tercet.files import read_text
from tercet.plain_yaml import load_yaml
from tercet.records import Article, Summary
from tercet.summaries import Block, blocks, is_link, link_in, split_at_rules, summary
from tercet.text.languages import detect, language

SUFFIXES = (".md", ".txt")
_SOURCE_SUFFIX = ".source"
#: Where a corpus looks for the text that an article was written from.
SOURCE_PLACE = (
    "It stands beside NAME.md in NAME.source.md, or in its front matter as 'source'; of a table, corpus.columns.source "
    "names its column."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a corpus gives: its articles, what could not be read, and what it was read from."""

    articles: tuple[Article, ...]
    problems: tuple[CorpusError, ...] = field(default=())


def collect(attempts: Iterable[Article | CorpusError], *, strict: bool) -> Loaded:
    """Keep what could be read apart from what could not.

    Raises:
        CorpusError: The first problem, where ``strict``; or two articles share an id.
    """
    articles: dict[str, Article] = {}
    problems: list[CorpusError] = []
    for item in attempts:
        if isinstance(item, CorpusError):
            if strict:
                raise item
            problems.append(item)
        elif item.id in articles:
            raise CorpusError(f"Two articles have the id '{item.id}'.", "Give each article an id of its own.")
        else:
            articles[item.id] = item
    return Loaded(articles=tuple(articles.values()), problems=tuple(problems))


def article_files(path: Path) -> list[Path]:
    """List the article files of a folder (in the order of their names), or the one file.

    Source texts (``name.source.md``) and files whose names begin with a dot are no articles.

    Raises:
        CorpusError: Nothing is there, or a folder cannot be read.
    """
    return list(_article_files(path))


def _article_files(path: Path) -> Iterator[Path]:
    """Find them one by one, holding the names of one folder a level."""
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise CorpusError("There is no such file or folder.", "Set corpus.path.", path=path)
    empty = True
    for file in _files_below(path):
        if file.suffix in SUFFIXES and Path(file.stem).suffix != _SOURCE_SUFFIX and file.is_file():
            empty = False
            yield file
    if empty:
        raise CorpusError("The folder holds no .md or .txt file.", "Set corpus.path.", path=path)


def _files_below(folder: Path) -> Iterator[Path]:
    """Walk a folder in the order of its files' paths as texts; hidden names and linked folders are passed over."""
    left = [f"{folder}/"]
    while left:
        path = left.pop()
        if path.endswith("/"):
            left += (path + name for name in reversed(_names(path)))
        else:
            yield Path(path)


def _names(folder: str) -> list[str]:
    """List a folder; with its slash a folder stands where its files' paths do: after "a-b.md", before "a0.md"."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                f"{entry.name}/" if entry.is_dir(follow_symlinks=False) else entry.name
                for entry in entries
                if not entry.name.startswith(".")
            )
    except OSError as error:
        raise CorpusError(f"Cannot be read: {error.strerror or error}.", path=Path(folder)) from error


def load_articles(path: Path, *, default_language: str) -> Iterator[Article | CorpusError]:
    """Read the articles of a file or a folder one by one; a file that cannot be read yields its error."""
    root = path if path.is_dir() else path.parent
    for file in _article_files(path):
        try:
            yield read_article(file, root=root, default_language=default_language)
        except CorpusError as error:
            yield error


def read_article(file: Path, *, root: Path, default_language: str) -> Article:
    """Read one article file.

    Args:
        file: Front matter between two ``---`` lines, then one summary a language with ``---``
            between them.
        root: The corpus; the article's id is the file's path below it, without its ending.
        default_language: Language of the article where neither the front matter nor the source
            text tells it.

    Raises:
        CorpusError: With the file, the line, what was found and what was expected.
    """
    text = read_text(file)
    matter, body, body_line = _front_matter(text, file)
    parts = split_at_rules(blocks(body, body_line, file))
    source = _source_text(file, matter)
    return Article(
        id=_optional_text(matter, "id", file) or _id(file, root),
        language=_language(matter, source, default_language, file),
        source=source,
        references=_references(parts, file, body_line),
        title=_optional_text(matter, "title", file),
        description=_optional_text(matter, "description", file),
        date=as_date(matter.get("date"), file),
        tags=as_tags(matter.get("tags"), file),
        author=_optional_text(matter, "author", file),
        link=_optional_text(matter, "link", file) or next(filter(None, map(link_in, parts)), None),
    )


def _id(file: Path, root: Path) -> str:
    """Name an article by its path below the corpus."""
    name = file.relative_to(root).with_suffix("").as_posix()
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise CorpusError("The file's name is not UTF-8.", "Rename it, or give it an 'id: ...'.", path=file) from error
    return name


def _references(parts: Iterable[Sequence[Block]], file: Path, first_line: int) -> dict[str, tuple[Summary, ...]]:
    """Read the summaries; parts that hold only links are passed over."""
    kept = [part for part in parts if not all(map(is_link, part))]
    if not any(block.kind != "heading" for part in kept for block in part):
        raise CorpusError(
            "There is no summary below the front matter.",
            "Expected a summary in each language, with a line '---' between them.",
            path=file,
            line=first_line,
        )
    references: dict[str, tuple[Summary, ...]] = {}
    for part in kept:
        found = summary(part, file)
        if found.language in references:
            raise CorpusError(
                f"A second summary in {language(found.language).name}.",
                "Expected one summary a language, with a line '---' between them.",
                path=file,
                line=part[0].line,
            )
        references[found.language] = (found,)
    return references


def _front_matter(text: str, file: Path) -> tuple[dict[str, Any], str, int]:
    """Cut a file into its front matter, its body and the body's first line number."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise CorpusError(
            "The file does not begin with front matter.",
            "Expected a line '---', then title, date, tags and so on, then '---'.",
            path=file,
            line=1,
        )
    try:
        end = next(i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---")
    except StopIteration:
        raise CorpusError(
            "The front matter is not closed.", "Expected a second line '---'.", path=file, line=len(lines)
        ) from None
    return _mapping("\n".join(lines[1:end]), file), "\n".join(lines[end + 1 :]), end + 2


def _mapping(text: str, file: Path) -> dict[str, Any]:
    """Read the YAML of the front matter, which begins in the file's second line."""
    try:
        matter = load_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or error
        raise CorpusError(
            f"The front matter is not plain YAML: {reason}.",
            "Put values that hold ': ' or begin with a sign into quotes.",
            path=file,
            line=2 + (mark.line if mark else text.count("\n", 0, getattr(error, "position", 0))),
        ) from error
    except RecursionError as error:
        raise CorpusError("The front matter is nested too deeply.", path=file, line=2) from error
    except (ValueError, LookupError, AttributeError) as error:  # what PyYAML lets through of a value amiss for its tag
        raise CorpusError(
            f"The front matter holds a value that cannot be: {error}.",
            "Expected dates as 2024-06-11 or 2024-06-11T19:53:40Z.",
            path=file,
            line=2,
        ) from error
    matter = {} if matter is None else matter
    if not isinstance(matter, dict):
        raise CorpusError("The front matter is no mapping.", "Expected 'key: value' lines.", path=file, line=2)
    return matter


def _source_text(file: Path, matter: Mapping[str, Any]) -> str | None:
    """Find the source text: the front matter's, or a sibling ``<name>.source.md`` or ``.txt``."""
    given = _optional_text(matter, "source", file)
    siblings = [file.with_name(f"{file.stem}{_SOURCE_SUFFIX}{suffix}") for suffix in SUFFIXES]
    present = [sibling for sibling in siblings if os.path.isfile(sibling)]  # noqa: PTH113 (a name may be too long)
    if len(present) + (given is not None) > 1:
        raise CorpusError(
            "The source text stands in more than one place.",
            "Keep one of: the front-matter key 'source', the sibling .source.md, the sibling .source.txt.",
            path=file,
        )
    text = read_text(present[0]).strip() if present else (given or "").strip()
    if (present or given is not None) and not text:
        raise CorpusError("The source text is empty.", "Remove it or fill it.", path=present[0] if present else file)
    return text or None


def _language(matter: Mapping[str, Any], source: str | None, default: str, file: Path) -> str:
    code = _optional_text(matter, "language", file)
    if code is not None:
        try:
            return language(code).code
        except ConfigError as error:
            raise CorpusError(error.problem, error.remedy, path=file) from error
    return (detect(source) if source else None) or language(default).code


def _optional_text(matter: Mapping[str, Any], key: str, file: Path) -> str | None:
    value = matter.get(key)
    if value is None:
        return None
    if isinstance(value, str | int | float | dt.date):
        try:
            str(value).encode()
        except ValueError as error:  # half a character ("\ud83d"), or a number of thousands of digits
            raise CorpusError(f"'{key}' holds no text: {error}.", "Write the text itself.", path=file) from error
        return str(value)
    raise CorpusError(f"'{key}' is no text but {type(value).__name__}.", f"Expected '{key}: text'.", path=file)


def as_date(value: object, file: Path | None, line: int | None = None) -> dt.date | None:
    """Read a date, or a date and time with its zone.

    Raises:
        CorpusError: It is neither.
    """
    if value is None or isinstance(value, dt.date):
        return value
    try:
        text = str(value) if isinstance(value, str | int) else ""
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CorpusError(
            f"'{value}' is no date." if isinstance(value, str) else f"'date' is no date but {type(value).__name__}.",
            "Expected 2024-06-11 or 2024-06-11T19:53:40Z.",
            path=file,
            line=line,
        ) from error


def as_tags(value: object, file: Path | None, line: int | None = None) -> tuple[str, ...]:
    """Read tags: a list, or one text.

    Raises:
        CorpusError: It is neither.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and not any(isinstance(tag, list | dict) for tag in value):
        return tuple(str(tag) for tag in value)
    raise CorpusError("'tags' is no list of texts.", "Expected '- tag' lines.", path=file, line=line)
