"""Corpora of articles: Markdown with front matter, JSON lines, parallel text."""

import gzip
import io
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tercet.articles import Loaded
from tercet.corpora.jsonl import Jsonl
from tercet.corpora.markdown import Markdown
from tercet.corpora.parallel import Parallel
from tercet.records import Article
from tests.conftest import ARTICLE, SOURCE
from tests.fuzzing.grammar import json_lines, markdown_file
from tests.fuzzing.outcomes import skeleton
from tests.fuzzing.target import Read, Target, demand, kept_in
from tests.runs import articles

_MARK = b"\xef\xbb\xbf"
_SEPARATOR = b"\n=====\n"
_SAMPLE = Path(__file__).parents[3] / "src" / "tercet" / "sample"


def counted(loaded: Loaded, given: int) -> str:
    """Say what was read, and look that each item given became an article or a problem."""
    demand(
        len(loaded.articles) + len(loaded.problems) == given,
        f"{given} items gave {len(loaded.articles)} articles and {len(loaded.problems)} problems",
    )
    told = "; ".join(sorted({skeleton(problem.problem) for problem in loaded.problems}))
    return f"{min(len(loaded.articles), 3)} read; {told}"


def _markdown(folder: Path) -> Read:
    path = folder / "corpus" / "article.md"
    path.parent.mkdir()

    def read() -> str:
        loaded = Markdown(path=str(path.parent)).load()
        said = counted(loaded, 1)
        for article in loaded.articles:
            _check_matter(path.read_bytes(), article)
        return said

    return kept_in(path, read)


def _check_matter(data: bytes, article: Article) -> None:
    """What the front matter says must be in the article."""
    told = data.decode().removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    end = next(i for i, line in enumerate(told[1:], 1) if line.rstrip() == "---")
    try:
        matter: dict[str, Any] = yaml.load("\n".join(told[1:end]), yaml.CSafeLoader) or {}
    except yaml.YAMLError:  # in some corners of YAML libyaml is stricter
        return
    for name in ("title", "author", "description", "link"):
        if matter.get(name) not in {None, ""}:
            demand(getattr(article, name) == str(matter[name]), f"the front matter's {name} is not the article's")
    written = " ".join(reference.text for (reference,) in article.references.values())
    demand(bool(written.strip()), "an article without a summary")


def _source(folder: Path) -> Read:
    path = folder / "corpus" / "article.md"
    path.parent.mkdir()
    path.write_text(ARTICLE, "utf-8")
    beside = path.with_name("article.source.md")

    def read() -> str:
        loaded = Markdown(path=str(path.parent)).load()
        for article in loaded.articles:
            text = beside.read_bytes().decode().removeprefix("\ufeff").replace("\r\n", "\n").strip()
            demand(article.source == text, "the source text is not what stands in its file")
        return counted(loaded, 1)

    return kept_in(beside, read)


def _jsonl(folder: Path) -> Read:
    path = folder / "news.jsonl"

    def read() -> str:
        loaded = Jsonl(path=str(path)).load()
        lines = path.read_bytes().removeprefix(_MARK).split(b"\n")
        said = counted(loaded, sum(bool(line.decode().strip()) for line in lines))
        _check_fields(lines, loaded)
        return said

    return kept_in(path, read)


def _check_fields(lines: Iterable[bytes], loaded: Loaded) -> None:
    """What a line says must be in its article."""
    found = iter(loaded.articles)
    broken = {problem.line for problem in loaded.problems}
    demand(None not in broken, "a problem that does not say its line")
    for number, line in enumerate(lines, 1):
        if line.decode().strip() and number not in broken:
            _check_line(line, next(found))


def _check_line(line: bytes, article: Article) -> None:
    record: dict[str, Any] = json.loads(line, object_pairs_hook=_once)
    for name in ("title", "author", "link", "description", "cluster"):
        demand(getattr(article, name) == record.get(name), f"the line's {name} is not the article's")
    demand(article.source == ((record.get("source") or "").strip() or None), "the line's source is not the article's")
    references = record.get("references")
    if references is not None:
        demand(isinstance(references, dict), "references that are no object are passed over")
        given = sum(len(value) if isinstance(value, list) else 1 for value in references.values())
        read = sum(len(several) for several in article.references.values())
        demand(given == read, "a reference is lost")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    demand(len(dict(pairs)) == len(pairs), "a key stands twice in an object, and one of its values is lost")
    return dict(pairs)


def _packed(folder: Path) -> Read:
    path = folder / "news.jsonl.gz"

    def read() -> str:
        loaded = Jsonl(path=str(path)).load()
        whole = _unpacked(path.read_bytes())
        if whole == b"?":
            return "an odd header"
        demand(whole is not None, "a damaged or truncated .gz is read as if it were whole")
        return counted(
            loaded, sum(bool(line.decode().strip()) for line in (whole or b"").removeprefix(_MARK).split(b"\n"))
        )

    return kept_in(path, read)


def _unpacked(data: bytes) -> bytes | None:
    """Unpack by zlib itself, member by member; None where one is not whole, ``?`` where a header is odd."""
    found, rest = b"", data
    while rest:
        part = zlib.decompressobj(wbits=31)
        try:
            found += part.decompress(rest)
        except zlib.error as error:
            # zlib looks at the header's own flags and checksum, which say nothing of what is packed; Python does not.
            return b"?" if "header" in str(error) else None
        if not part.eof:
            return None
        rest = part.unused_data.lstrip(b"\0")
    return found


def _parallel(folder: Path) -> Read:
    paths = [folder / name for name in ("source.txt", "first.txt", "second.txt", "documents.txt")]

    def case(data: bytes) -> str:
        parts = data.split(_SEPARATOR, 3)
        for path, part in zip(paths, parts, strict=False):
            path.write_bytes(part)
        names = [str(path) for path in paths[: len(parts)]]
        loaded = Parallel(
            source=names[0], references=names[1:3], documents=names[3] if len(names) == 4 else None
        ).load()
        lines = [_lines(part) for part in parts]
        demand(all(len(lines[0]) == len(other) for other in lines), "files of other lengths are read as aligned")
        for i, article in enumerate(loaded.articles):
            texts = [reference.abstract for reference in article.references["zh"]]
            demand([article.source, *texts] == [found[i] for found in lines[:3]], "a line is not its segment")
        return counted(loaded, len(lines[0]))

    return case


def _lines(data: bytes) -> list[str]:
    lines = data.decode().removeprefix("\ufeff").split("\n")
    return [
        line.removesuffix("\r") if i < len(lines) - 1 else line
        for i, line in enumerate(lines)
        if line or i < len(lines) - 1
    ]


def _markdown_seeds() -> list[bytes]:
    found = [path.read_bytes() for path in sorted(_SAMPLE.rglob("*.md"))[:6]]
    return [ARTICLE.encode(), *found]


def _jsonl_seeds() -> list[bytes]:
    rich = {
        "id": 7, "language": "en", "source": "It cost 5 million.", "date": "2024-06-11T19:53:40Z",
        "tags": ["a"], "cluster": "c",
        "title": "t", "description": "d", "author": "x", "link": "https://example.org",
        "references": {"en": ["One.", {"abstract": "Two.", "key_points": [{"label": "l", "text": "t"}, "u"],
        "closing": "c"}]},
    }  # fmt: skip
    lines = [json.dumps(item, ensure_ascii=False) for item in (*articles(2), rich)]
    return ["\n".join(lines).encode(), lines[2].encode(), lines[0].encode() + b"\n"]


def _packed_seeds() -> list[bytes]:
    found = []
    for data in _jsonl_seeds():
        buffer = io.BytesIO()
        with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as file:
            file.write(data)
        found.append(buffer.getvalue())
    return [*found, found[0] + found[2]]


def _parallel_seeds() -> list[bytes]:
    english, chinese = b"It rose 3.5%.\nTwo.\nThree.\n", "涨了3.5%。\n二。\n三。\n".encode()
    return [_SEPARATOR.join(parts) for parts in ([english, chinese], [english, chinese, chinese, b"a\na\nb\n"])]


TARGETS = (
    Target(
        name="markdown",
        reads="Markdown corpus: front matter in YAML, summaries",
        ready=_markdown,
        seeds=_markdown_seeds,
        words=(
            b"---\n",
            b"\n---\n",
            b"- ",
            b"**",
            b":** ",
            "：**".encode(),
            b"# ",
            b"```\n",
            b"<p>",
            b"[a]: b",
            b"title: ",
            b"!!",
            b"&a ",
            b"*a",
        ),
        make=markdown_file,
        weight=1.2,
        oracle="one file is one article or one problem; the front matter's texts are the article's",
    ),
    Target(
        name="source",
        reads="source text beside a Markdown article",
        ready=_source,
        seeds=lambda: [SOURCE.encode(), SOURCE.replace("\n", "\r\n").encode()],
        weight=0.5,
        oracle="the source is the file's text",
    ),
    Target(
        name="jsonl",
        reads="JSONL corpus",
        ready=_jsonl,
        seeds=_jsonl_seeds,
        words=(
            b'"references":',
            b'"key_points":',
            b'"abstract":',
            b'"en":',
            b'"zh-CN":',
            b'"id":',
            b'"date":"2024-06-11"',
            b"},{",
        ),
        make=json_lines,
        weight=3,
        oracle="lines given = articles + problems; every field of a line is the article's; no key is there twice",
    ),
    Target(
        name="jsonl_gz",
        reads="the same, in gzip",
        ready=_packed,
        seeds=_packed_seeds,
        weight=1.5,
        oracle="a .gz that is cut or changed is noticed, by zlib's own reading",
    ),
    Target(
        name="parallel",
        reads="parallel text: source, references, documents",
        ready=_parallel,
        seeds=_parallel_seeds,
        words=(_SEPARATOR, b"\r\n"),
        weight=2,
        oracle="files of other lengths are noticed; every line is its segment",
    ),
)
