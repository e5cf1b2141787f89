"""Parallel text: one segment a line in a source file and one or more reference files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from tercet.articles import Loaded, collect
from tercet.errors import CorpusError
from tercet.files import iterate_lines
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
        return collect(self.stream(), strict=True)

    def stream(self) -> Iterator[Article | CorpusError]:
        """Read the files in step, a line of each at a time.

        Raises:
            CorpusError: A file is missing, or has another number of lines than the source: told where
                the shortest ends.
        """
        if self.source is None or not self.references:
            missing = "corpus.source" if self.source is None else "corpus.references"
            raise CorpusError(f"{missing} is not set.", f"Add {missing}=..., a text file with one segment a line.")
        given, target = language(self.source_language).code, language(self.target_language).code
        paths = [Path(path) for path in (self.source, *self.references, self.documents) if path]
        for number, (source, *others) in enumerate(_in_step(paths), 1):
            references = others[: len(self.references)]
            yield Article(
                id=str(number),
                language=given,
                source=source,
                references={target: tuple(Summary(language=target, abstract=text) for text in references)},
                cluster=others[-1] if self.documents else None,
            )


def _in_step(paths: Sequence[Path]) -> Iterator[list[str]]:
    """Read a line of each file at a time.

    Raises:
        CorpusError: One has another number of lines than the first.
    """
    files = [iterate_lines(path) for path in paths]
    number = 0
    for lines in zip_longest(*files):
        if None in lines:
            break
        yield list(lines)
        number += 1
    else:
        return
    # What is left is read and counted, so that the message has both numbers.
    counts = [number + (line is not None) + sum(1 for _ in file) for line, file in zip(lines, files, strict=True)]
    for path, lines_there in zip(paths, counts, strict=True):
        if lines_there != counts[0]:
            raise CorpusError(
                f"{lines_there} lines, but the source {paths[0]} has {counts[0]}.",
                "The files must be aligned line by line.",
                path=path,
                line=min(lines_there, counts[0]) + 1,
            )
