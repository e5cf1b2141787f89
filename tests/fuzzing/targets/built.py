"""Articles that are written with known words, in every construct of Markdown: no word may be lost in silence."""

from pathlib import Path
from random import Random

from tercet.corpora.markdown import Markdown
from tests.fuzzing.outcomes import skeleton
from tests.fuzzing.target import Read, Target, demand

_FORMS = (
    "{}", "{}", "**{}:** {}", "**{}** {}", "- {}", "- **{}:** {}", "- {}\n  {}", "- {}\n\n  {}", "- {}\n  - {}",
    "* {}", "1. {}", "> {}",
    "```\n{}\n```", "~~~ {}\n{}\n~~~", "<div>{}</div>", "<p>\n{}\n</p>", "<b>{}</b> {}", "[{}]: {}",
    "[{}]: https://example.org/{}", "[^1]: {}",
    "| {} | {} |\n|---|---|\n| {} | {} |", "    {}", "{}\n===", "{}\\\n{}", "{}  \n{}", "![{}](a.png)",
    "{} [{}](https://example.org)", "+ [ ] {}",
    "`{}`", "$$\n{}\n$$", "{}&nbsp;{}", "&copy; {}", "<!-- {} --> {}", "<script>{}</script>", "<?{}?>",
    "{}<br>{}", "- ```\n  {}\n  ```",
    "- <p>{}</p>", "- > {}", "-\n  {}", "- [{}]: {}", "\\- {}", "- # {}", "> - {}", "> # {}", "- {}\n# {}",
    ">     {}", "- 1. {}",
)  # fmt: skip
_GAPS = ("\n", "\n\n", "\n\n", "\n\n\n", "\n \n")


def _built(folder: Path) -> Read:
    path = folder / "corpus" / "article.md"
    path.parent.mkdir()

    def case(data: bytes) -> str:
        chance = Random(data)
        words: list[str] = []
        english, chinese = _summary(chance, words, "word"), _summary(chance, words, "词")
        path.write_text(f"---\ntitle: t\n---\n\n{english}\n\n---\n\n{chinese}\n", "utf-8")
        loaded = Markdown(path=str(path.parent)).load()
        for article in loaded.articles:
            found = "\n".join(f"{item.headline}\n{item.text}" for (item,) in article.references.values())
            for word in words:
                demand(word in found, f"a word of a summary is lost: {word!r} of {english!r} {chinese!r}")
        return skeleton(loaded.problems[0].problem) if loaded.problems else "read"

    return case


def _summary(chance: Random, words: list[str], stem: str) -> str:
    """Write an abstract and key points, with more between and behind them; only comments and headings say nothing."""
    forms = ["{}", *_some(chance), "- {}", *_some(chance)]
    parts = []
    for form in forms:
        new = [f"{stem}{len(words) + i}x" for i in range(form.count("{}"))]
        words += [word for i, word in enumerate(new) if not _is_dropped(form, i)]
        parts.append(form.format(*(f"{stem} {word} {stem}" for word in new)) + chance.choice(_GAPS))
    return "".join(parts)


def _some(chance: Random) -> list[str]:
    return [chance.choice(_FORMS) for _ in range(chance.randrange(4))]


def _is_dropped(form: str, place: int) -> bool:
    """What a comment says, a heading, and a paragraph that only links, are passed over: the documentation says so."""
    return (form.startswith(("<!--", "**{}:**")) and place == 0) or "# {}" in form or form.endswith("example.org/{}")


TARGETS = (
    Target(
        name="markdown_built",
        reads="Markdown articles in every construct",
        ready=_built,
        seeds=lambda: [b"1", b"2", b"3"],
        make=lambda chance: chance.randbytes(8),
        share=1.0,
        weight=0.6,
        oracle="no word of a summary is lost",
    ),
)
