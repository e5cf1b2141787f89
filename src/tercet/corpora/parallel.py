"""Parallel text: one segment a line in a source file and one or more reference files."""

from dataclasses import dataclass, field
from pathlib import Path

from tercet.articles import Loaded, collect
from tercet.errors import CorpusError
from tercet.files import read_lines
from tercet.records import Article, Summary
from tercet.text.languages import language


@dataclass(frozen=True, kw_only=True)
class Parallel:
    """Plain text as WMT and FLORES have it, for the route ``translate``.

    Args:
        source: File of source segments; ``.gz`` is unpacked.
        references: Files of references, line by line with the source.
        documents: File that names each line's document, which is then resampled as one; optional.
        source_language: Language of the source.
        target_language: Language of the references.
    """

    source: str | None = None
    references: list[str] = field(default_factory=list)
    documents: str | None = None
    source_language: str = "en"
    target_language: str = "zh"

    def load(self) -> Loaded:
        """Read the files; ids are line numbers, from 1.

        Raises:
            CorpusError: A file is missing or has another number of lines than the source.
        """
        if self.source is None or not self.references:
            missing = "corpus.source" if self.source is None else "corpus.references"
            raise CorpusError(f"{missing} is not set.", f"Add {missing}=..., a text file with one segment a line.")
        given, target = language(self.source_language).code, language(self.target_language).code
        source = read_lines(Path(self.source))
        references = [self._aligned(Path(path), len(source)) for path in self.references]
        documents = self._aligned(Path(self.documents), len(source)) if self.documents else None
        return collect(
            (
                Article(
                    id=str(i + 1),
                    language=given,
                    source=text,
                    references={target: tuple(Summary(language=target, abstract=ref[i]) for ref in references)},
                    cluster=documents[i] if documents else None,
                )
                for i, text in enumerate(source)
            ),
            strict=True,
        )

    def _aligned(self, path: Path, expected: int) -> list[str]:
        lines = read_lines(path)
        if len(lines) != expected:
            raise CorpusError(
                f"{len(lines)} lines, but the source {self.source} has {expected}.",
                "The files must be aligned line by line.",
                path=path,
                line=min(len(lines), expected) + 1,
            )
        return lines
