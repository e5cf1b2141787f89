"""The nouns: what every other module passes on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPoint:
    """One bulleted point of a summary: a short bold label and its text."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A summary in one language: abstract, key points, closing line.

    A plain text without that shape is a summary that has only an abstract.
    """

    language: str
    abstract: str
    key_points: tuple[KeyPoint, ...] = ()
    closing: str | None = None
    headline: str | None = None

    @property
    def text(self) -> str:
        """The plain text that metrics see: one line each for abstract, points and closing."""
        colon = "：" if self.language == "zh" else ": "
        points = (f"{p.label}{colon}{p.text}" if p.label else p.text for p in self.key_points)
        lines = (self.abstract, *points, self.closing or "")
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news item, or one segment of a parallel corpus.

    Args:
        id: Unique within the corpus.
        language: Language of the source text.
        source: The full text; None where the corpus has none.
        references: Reference summaries (or translations) by language; one or more each.
        cluster: What is resampled as one, such as the document of a segment; the id by default.
    """

    id: str
    language: str
    source: str | None = None
    references: Mapping[str, tuple[Summary, ...]] = field(default_factory=dict)
    title: str | None = None
    description: str | None = None
    date: dt.date | None = None
    tags: tuple[str, ...] = ()
    author: str | None = None
    link: str | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """How a request is answered well: shown to a model before it is asked.

    Args:
        text: What was given.
        answer: The reference for it.
    """

    text: str
    answer: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that a model read and wrote, as the server counts them."""

    prompt: int
    answer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing to produce: an article in a target language, from a text in a given language.

    ``repeat`` counts the times that the same is asked for, from 0, and ``place`` is the case's among all of its run.
    """

    article: Article
    given: str | None
    given_language: str
    target_language: str
    repeat: int = 0
    place: int = 0

    @property
    def id(self) -> str:
        """The article's id and the target language, as in ``mistral:zh``; ``mistral:zh#2`` the second time."""
        again = f"#{self.repeat + 1}" if self.repeat else ""
        return f"{self.article.id}:{self.target_language}{again}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step that led to an output.

    Args:
        role: What was done.
        backend: Who did it.
        source_language: From which language.
        target_language: Into which.
        text: What came of it; None where it failed.
        answer: A model's own words, where the text was read out of them.
        flaw: Why the answer has not the shape that was asked for, and is the text as it stands.
        prompt: Hash of what a model was asked.
        usage: Tokens that it took.
        attempts: How often it was tried, where it failed.
        status: The last HTTP status, where it failed.
    """

    role: str
    backend: str
    source_language: str
    target_language: str
    text: str | None
    answer: str | None = None
    flaw: str | None = None
    prompt: str | None = None
    usage: Usage | None = None
    attempts: int | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a system produced for a case: a text, or the reason why there is none."""

    case_id: str
    article_id: str
    target_language: str
    text: str | None
    failure: str | None = None
    stages: tuple[Stage, ...] = ()
    repeat: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What a metric sees.

    Args:
        id: The case's id.
        candidate: The text to score; None where there is none, and then ``absent`` says why.
        references: Reference texts in the candidate's language; may be empty.
        source: What the candidate must be faithful to; None where the corpus has none.
        language: Language that the candidate should be in.
        source_language: Language of the source; None where there is no source.
        cluster: What is resampled as one; the id by default.
        repeat: Which time the same was asked for, from 0.
        absent: Why there is no candidate.
        date: The article's; None where it is not known.
        parallels: By language, the same system's candidates for the same article in other languages.
        key_points: By language, those of the article's first reference summary.
    """

    id: str
    candidate: str | None
    references: tuple[str, ...] = ()
    source: str | None = None
    language: str
    source_language: str | None = None
    cluster: str | None = None
    repeat: int = 0
    absent: str | None = None
    date: dt.date | None = None
    parallels: Mapping[str, str] = field(default_factory=dict)
    key_points: Mapping[str, tuple[KeyPoint, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A place in another text, with the words about it.

    Args:
        text: The words, as they stand.
        offset: Where they begin in the text.
        start: First character of what is meant, in the text.
        end: One past the last.
    """

    text: str
    offset: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a person would want to see behind a segment's row.

    Args:
        kind: A short key of the metric, such as ``wrong_language``.
        message: One sentence for people.
        start: First character in the candidate; None where no place is meant.
        end: One past the last character.
        label: What is wrong, in a word, where a kind has several.
        value: The normalized value of what stands in the candidate.
        quote: The place in the source, or in the other language's candidate, that speaks against it.
    """

    kind: str
    message: str
    start: int | None = None
    end: int | None = None
    label: str = ""
    value: str = ""
    quote: Quote | None = None
