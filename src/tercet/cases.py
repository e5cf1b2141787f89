"""Cases as a run folder keeps them: what one must know of them without the corpus."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tercet.cache import digest
from tercet.records import Case

_DIGITS = 16  # of a hash: enough to tell the articles of any corpus apart


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInfo:
    """A case of a run.

    Args:
        id: The case's, as ``mistral:zh``.
        article: Its article's id.
        cluster: What is resampled as one.
        language: The target language.
        repeat: Which time the same was asked for, from 0.
        source_language: The article's language.
        source_chars: Length of the source text; None where there is none.
        title: The article's.
        date: In ISO 8601.
        tags: The article's.
        content: Hash of what metrics see of it beside the candidate: source, references, key points, date.
    """

    id: str
    article: str
    cluster: str
    language: str
    repeat: int = 0
    source_language: str
    source_chars: int | None = None
    title: str | None = None
    date: str | None = None
    tags: tuple[str, ...] = ()
    content: str

    @classmethod
    def of(cls, case: Case) -> "CaseInfo":
        """Describe a case."""
        article = case.article
        return cls(
            id=case.id,
            article=article.id,
            cluster=article.cluster or article.id,
            language=case.target_language,
            repeat=case.repeat,
            source_language=article.language,
            source_chars=None if article.source is None else len(article.source),
            title=article.title,
            date=None if article.date is None else article.date.isoformat(),
            tags=article.tags,
            content=_content(case),
        )

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "CaseInfo":
        """Read what ``as_json`` wrote.

        Raises:
            TypeError: A field is missing or unknown.
        """
        for name in ("id", "article", "cluster", "language", "source_language", "content"):
            if not isinstance(record.get(name), str):
                raise TypeError(f"'{name}' is no text but {type(record.get(name)).__name__}")
        if type(record.get("repeat", 0)) is not int:
            raise TypeError("'repeat' is no whole number")
        tags = record.get("tags", [])
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise TypeError("'tags' is no list of texts")
        return cls(**{**record, "tags": tuple(tags)})

    def as_json(self) -> dict[str, Any]:
        """Write it, without what is as if nothing were said."""
        found = {name: getattr(self, name) for name in self.__slots__}
        if not self.repeat:
            del found["repeat"]
        return {name: value for name, value in found.items() if value not in (None, ())}


def _content(case: Case) -> str:
    article = case.article
    references = article.references.get(case.target_language, ())
    points = {
        code: [[point.label, point.text] for point in summaries[0].key_points]
        for code, summaries in article.references.items()
        if summaries
    }
    date = None if article.date is None else article.date.isoformat()
    texts = [reference.text for reference in references]
    return digest(article.source, article.language, texts, points, date)[:_DIGITS]
