"""Guided by coverage: atheris (libFuzzer) looks which inputs go new ways through tercet's code.

It is no dependency: ``pip install atheris``. What it finds is kept as in any other campaign.
"""

import json
import os
import re
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzzing.campaign import Tally, lent
from tests.fuzzing.mutating import LONGEST, Mutator
from tests.fuzzing.outcomes import Outcome, observe

_COVERAGE = re.compile(r"cov: (\d+)")
_OWN = 0.5  # share of the mutations that are ours; the rest are libFuzzer's
_EACH = 2.0  # seconds between two states that are written


def guided(name: str, cases: int, seed: int) -> Tally:
    """Run a target by atheris, in a process of its own.

    Args:
        name: The target's.
        cases: How many.
        seed: Of all chance.

    Raises:
        ModuleNotFoundError: atheris is not installed.
    """
    import_module("atheris")  # to say at once that it is not there

    began = time.monotonic()
    with TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tests.fuzzing.guided", name, str(cases), str(seed), folder]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        state = Path(folder) / "state.json"
        if not state.exists():
            raise RuntimeError(done.stderr[-2000:])
        tally = _read(json.loads(state.read_text("utf-8")))
    covered = _COVERAGE.findall(done.stderr)
    tally.coverage = int(covered[-1]) if covered else None
    tally.seconds = time.monotonic() - began
    return tally


def _read(state: dict[str, object]) -> Tally:
    findings = state.pop("findings")
    tally = Tally(**state)  # type: ignore[arg-type]
    assert isinstance(findings, list)
    for outcome, data in findings:
        tally.find(Outcome(*outcome), bytes.fromhex(data))
    return tally


def _written(tally: Tally) -> str:
    findings = [
        [[each.outcome.kind, each.outcome.words, each.outcome.place, each.outcome.detail], each.data.hex()]
        for each in tally.findings.values()
    ]
    told = {name: getattr(tally, name) for name in ("target", "cases", "read", "refused", "slowest", "kinds")}
    return json.dumps({**told, "findings": findings})


def _fuzz(name: str, cases: int, seed: int, folder: Path) -> None:
    """What the process does; libFuzzer ends it."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["tercet"], enable_loader_override=False):
        from tests.fuzzing.targets import TARGETS
    target = TARGETS[name]
    corpus = folder / "corpus"
    corpus.mkdir()
    seeds = list(target.seeds())
    for number, data in enumerate(seeds):
        (corpus / str(number)).write_bytes(data)
    mutator, tally, written = Mutator(target.words), Tally(name), [0.0]
    with lent(target) as read:

        def one(data: bytes) -> None:
            start = time.process_time()
            outcome = observe(read, data)
            tally.add(outcome, data, time.process_time() - start)
            if time.monotonic() - written[0] > _EACH or tally.cases >= cases:
                written[0] = time.monotonic()
                (folder / "state.tmp").write_text(_written(tally), "utf-8")
                (folder / "state.tmp").rename(folder / "state.json")

        def mutated(data: bytes, most: int, number: int) -> bytes:
            chance = Random(number)
            if chance.random() > _OWN:
                return bytes(atheris.Mutate(data, most))
            if target.make is not None and chance.random() < target.share:
                return target.make(chance)[:most]
            return mutator.mutate(data, seeds, chance)[:most]

        options = [f"-runs={cases}", f"-seed={seed}", f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=4096"]
        atheris.Setup([sys.argv[0], *options, str(corpus)], one, custom_mutator=mutated)
        atheris.Fuzz()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUTF8", "1")
    _fuzz(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
