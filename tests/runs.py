"""Runs to compare: a corpus of articles with figures, and systems that are as good or as bad as a test wants."""

import json
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tercet.cli import main

Call = Callable[..., Result]
Texts = dict[str, str | None]
_TOWNS = ("Aveyron", "Belmont", "Carrick", "Dunmore", "Elsdorf", "Fairlie", "Glencoe", "Harwich")
_THINGS = ("bridges", "schools", "ferries", "libraries", "markets", "gardens", "stations", "museums")
_WORDS = (
    "quickly",
    "quietly",
    "late",
    "again",
    "at last",
    "in the rain",
    "with a fair",
    "without a word",
    "in the end",
)


def articles(count: int) -> list[dict[str, Any]]:
    """Make articles in English, each with its own figures, and a reference in both languages."""
    return [_article(number) for number in range(count)]


def _article(number: int) -> dict[str, Any]:
    draw = random.Random(f"article {number}")
    town, thing, how = draw.choice(_TOWNS), draw.choice(_THINGS), draw.choice(_WORDS)
    built, cost = number % 7 + 2, number % 23 + 11
    return {
        "id": f"item-{number:03}",
        "language": "en",
        "source": f"The town of {town} opened {built} {thing} {how}. They cost {cost} million euros. All came {how}.",
        "references": {
            "en": f"{town} opened {built} {thing} {how}, which cost {cost} million euros.",
            "zh": f"{town}开通了{built}座设施，耗资{cost * 100}万欧元。",
        },
        "tags": ["north" if number % 2 else "south"],
    }


def faithful(found: Iterable[Mapping[str, Any]], seed: object = 0) -> Texts:
    """Write candidates that lack a word of the reference now and then: a system as others are."""
    draw = random.Random(f"system {seed}")
    texts: Texts = {}
    for article in found:
        words = article["references"]["en"].split(" ")
        texts[f"{article['id']}:en"] = " ".join(word for word in words if draw.random() > 0.15) or words[0]
        characters = article["references"]["zh"]
        texts[f"{article['id']}:zh"] = "".join(c for c in characters if draw.random() > 0.1 or c.isdigit() or c == "万")
    return texts


def furnish(found: Iterable[Mapping[str, Any]], path: str = "news.jsonl") -> None:
    """Write the corpus into the working directory."""
    lines = [json.dumps(item, ensure_ascii=False) + "\n" for item in found]
    Path(path).write_text("".join(lines), "utf-8")


def command(*words: object) -> Result:
    """Run the command line where we stand."""
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="tercet")


def scored(tercet: Call, name: str, texts: Mapping[str, str | None], *more: str) -> Path:
    """Score outputs as a run of its own, and give its folder; an output that is None is left out."""
    lines = [
        json.dumps({"id": case, "text": text}, ensure_ascii=False) for case, text in texts.items() if text is not None
    ]
    Path(f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    words = ("corpus=jsonl", "corpus.path=news.jsonl", "metric=[rouge,chrf,facts]", f"results={name}", *more)
    result = tercet("score", f"{name}.jsonl", *words)
    assert result.exit_code in {0, 4}, result.output
    (folder,) = Path(name).iterdir()
    return folder


def two_runs(work: Path, count: int, names: tuple[str, str], *more: str) -> Path:
    """Make a folder of articles with two runs over them, into English, each in the folder of its name."""
    found = articles(count)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        furnish(found)
        for seed, name in enumerate(names, 1):
            run = scored(command, f"{name}-at", faithful(found, seed), "languages=[en]", *more)
            run.rename(name)
            Path(f"{name}-at").rmdir()
    return work


def swept(results: Path, *words: str) -> Path:
    """Make two runs, ``lead-*`` and ``textrank-*``, and their sweep; give the folder that holds them."""
    done = command("run", "-m", "summarizer=lead,textrank", *words, f"results={results}", "cache=null")
    assert done.exit_code == 0, done.output
    return results
