"""A sweep over language models, with all that it needs: a corpus, two prompts, and a server that counts."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.counting_server import CountingServer

PROMPT = """\
_target_: tercet.prompts.Prompt
system: {system}
examples: 0
summarize: |
  Summarize in {{{{ target_language }}}}:
  {{{{ text }}}}
translate: |
  Translate into {{{{ target_language }}}}:
  {{{{ text }}}}
"""
SYSTEMS = {"plain": "You are an editor.", "terse": "Be brief."}
PRICES = """\
# @package _global_
prices:
  large: {prompt: 500, answer: 2000}
  small: {prompt: 100, answer: 400}
"""
Tree = dict[str, object]


def article(number: int) -> dict[str, object]:
    """Make an article in English, with a reference in each language."""
    return {
        "id": f"item-{number}",
        "language": "en",
        "source": f"The town of Aveyron opened {number + 2} bridges in May. They cost {number + 3} million euros.",
        "references": {"en": f"Aveyron opened {number + 2} bridges.", "zh": f"阿韦龙开通了{number + 2}座桥。"},
    }


def furnish(work: Path, articles: Iterable[Mapping[str, object]]) -> Path:
    """Put a corpus and the user's own configs into a working directory."""
    lines = [json.dumps(item, ensure_ascii=False) + "\n" for item in articles]
    files = {"news.jsonl": "".join(lines), "mine/prices/own.yaml": PRICES}
    files |= {f"mine/prompt/{name}.yaml": PROMPT.format(system=system) for name, system in SYSTEMS.items()}
    for name, text in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, "utf-8")
    return work


def one_run(server: CountingServer, *more: str) -> list[str]:
    """Word a command: summaries by one model, translations by another."""
    return [
        *("run", "--config-dir", "mine", "corpus=jsonl", "corpus.path=news.jsonl", "prompt=plain"),
        *("summarizer=openai", "summarizer.model=large", f"summarizer.base_url={server.url}"),
        *("translator=openai", "translator.model=small", f"translator.base_url={server.url}"),
        *("metric=[chrf,shape]", *more),
    ]


def four_runs(server: CountingServer, *more: str) -> list[str]:
    """Word a sweep: two prompts, each by two summarizers; no two runs share a call."""
    return one_run(server, "-m", "prompt=plain,terse", "summarizer.model=large,small", "name=sweep", *more)


def tree(folder: Path) -> Tree:
    """Every file's bytes; of ``run.json`` everything but what the calls of this time took."""
    found: Tree = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data: object = file.read_bytes()
        if file.name == "run.json":
            record = json.loads(file.read_text("utf-8"))
            del record["time"]
            data = record
        found[file.relative_to(folder).as_posix()] = data
    return found


def finished(results: Path) -> Tree:
    """Every file's bytes as ``tree`` has them, of runs that were made to their end, and of leaderboards."""
    folders = [folder for folder in sorted(results.iterdir()) if not folder.name.endswith(".partial")]
    return {f"{folder.name}/{name}": data for folder in folders for name, data in tree(folder).items()}


def runs(results: Path) -> list[dict[str, Any]]:
    """What each run of a folder says of itself."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(results.glob("*/run.json"))]


def outputs(results: Path) -> list[dict[str, Any]]:
    """The outputs of all runs."""
    files = sorted(results.glob("*/outputs.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").split("\n") if line]


def calls_in(outlook: str) -> tuple[int, int]:
    """Read the sums of calls, and of those in the cache, out of what ``--dry-run`` prints."""
    match = re.search(r"^all +([\d,]+) +([\d,]+) ", outlook, re.MULTILINE)
    assert match is not None, outlook
    first, second = (int(number.replace(",", "")) for number in match.groups())
    return first, second


def begin(work: Path, words: Sequence[str], env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tercet", *words],
        cwd=work,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )


def end(process: subprocess.Popen[str]) -> str:
    """Wait for a process to end well; what it printed."""
    said, errors = process.communicate(timeout=90)
    assert process.returncode == 0, errors
    return said + errors
