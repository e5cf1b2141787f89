"""The embedded corpus: articles written for tercet, in the public domain."""

from dataclasses import dataclass
from pathlib import Path

import tercet
from tercet.articles import Loaded, collect, load_articles


@dataclass(frozen=True, kw_only=True)
class Sample:
    """News articles in English and Chinese, with reference summaries in both."""

    def load(self) -> Loaded:
        """Read the articles that come with the package; a broken one is an error."""
        folder = Path(tercet.__file__).parent / "sample"
        return collect(load_articles(folder, default_language="en"), strict=True)
