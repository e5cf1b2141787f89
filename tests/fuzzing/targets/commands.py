"""Commands over run folders of which one file is damaged: whatever stands in it, that is no fault of tercet."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from random import Random

from click.testing import CliRunner

from tercet.cli import main
from tests.fuzzing.folders import BASE, BLESSED, CAND, PART, runs
from tests.fuzzing.grammar import changed
from tests.fuzzing.target import Read, Target

_FILES = ("run.json", "cases.jsonl", "outputs.jsonl", "evidence.jsonl", "scores.parquet")
_COMMANDS = (
    ("show", CAND),
    ("show", CAND, "--format", "json"),
    ("compare", BASE, CAND),
    ("gate", "--baseline", BASE, "--candidate", CAND),
    ("gate", "--baseline", BLESSED, "--candidate", BASE),
    ("verify", CAND),
    ("report", CAND, "--format", "md"),
    ("report", CAND, "-o", "report.html"),
    ("report", BASE, CAND, "--format", "csv"),
    ("bless", CAND, "--to", "new", "--why", "w", "--by", "b"),
    ("bless", BASE, "--to", BLESSED, "--why", "w", "--by", "b"),
    ("merge", PART, CAND, "--results", "merged"),
    ("report", "--index", ".", "-o", "index.html"),
)
_FOLDERS = (CAND, BLESSED, BASE)


def _commands(folder: Path) -> Read:
    fresh = [runs() / name for name in (BASE, CAND, PART, BLESSED)]

    def case(data: bytes) -> str:
        """The first three bytes choose command, folder and file; what follows is the file."""
        for source in fresh:
            shutil.rmtree(source.name, ignore_errors=True)
            shutil.copytree(source, source.name)
        shutil.copy(runs() / "news.jsonl", ".")
        choice = data[:3].ljust(3, b"\0")
        words, of = _COMMANDS[choice[0] % len(_COMMANDS)], Path(_FOLDERS[choice[1] % 3])
        name = _FILES[choice[2] % len(_FILES)]
        (of / name).write_bytes(data[3:])
        if choice[2] < 128 and name != "run.json":
            _rehash(of, name)
        done = CliRunner().invoke(main, [*words], prog_name="tercet")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return f"{words[0]} {done.exit_code}"

    return case


def _rehash(folder: Path, name: str) -> None:
    told = json.loads((folder / "run.json").read_text("utf-8"))
    told["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "run.json").write_text(json.dumps(told), "utf-8")


def _seeds() -> Iterable[bytes]:
    found = []
    for command in range(len(_COMMANDS)):
        for file, name in enumerate(_FILES):
            found.append(bytes([command, 0, file]) + (runs() / CAND / name).read_bytes())
    return found


def _make(chance: Random) -> bytes:
    """Change a value somewhere in run.json, which stays JSON."""
    of = chance.randrange(3)
    told = json.loads((runs() / _FOLDERS[of] / "run.json").read_text("utf-8"))
    for _ in range(1 + chance.randrange(2)):
        changed(told, chance)
    return bytes([chance.randrange(len(_COMMANDS)), of, 0]) + json.dumps(told).encode()


TARGETS = (
    Target(
        name="commands",
        reads="show, compare, gate, verify, report, bless, merge over a folder of which one file is damaged",
        ready=_commands,
        seeds=_seeds,
        words=(b'"_target_":', b"null", b'"x"'),
        make=_make,
        share=0.6,
        weight=0.15,
        oracle="an exit code with a sentence, never a traceback",
    ),
)
