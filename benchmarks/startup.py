"""Cold processes: help, import, and the demonstration sweep, first and repeated.

Run: ``make bench``, or ``python -m benchmarks.startup``.
"""

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.clock import median_seconds, print_table


def call(*words: str, cwd: str | None = None) -> None:
    """Run a Python process to its end, silently."""
    subprocess.run([sys.executable, *words], check=True, capture_output=True, cwd=cwd)


def main() -> None:
    """Print two tables: start-up against a bare interpreter and peers, and the demonstration."""
    cases = {
        "python -c pass": ["-c", "pass"],
        "import tercet": ["-c", "import tercet"],
        "tercet --help": ["-m", "tercet", "--help"],
        "import sacrebleu": ["-c", "import sacrebleu"],
        "import rouge_score.rouge_scorer": ["-c", "import rouge_score.rouge_scorer"],
    }
    taken = {name: median_seconds(partial(call, *words)) for name, words in cases.items()}
    bare = taken["python -c pass"]
    print_table(("cold process", "seconds", "to bare Python"), [(n, s, s / bare) for n, s in taken.items()])

    rows = []
    with tempfile.TemporaryDirectory() as folder:
        demo = ["-m", "tercet", "run", "experiment=demo"]
        first = median_seconds(partial(call, *demo, cwd=folder), repeats=1)
        again = median_seconds(partial(call, *demo, cwd=folder))
        fresh = median_seconds(partial(call, *demo, "fresh=true", cwd=folder), repeats=3)
        files = sum(file.stat().st_size for file in (Path(folder) / "results").rglob("*") if file.is_file())
        rows = [
            ("first time", first, 1.0),
            ("every reply from the cache", fresh, fresh / first),
            ("nothing changed", again, again / first),
        ]
    print_table(("demonstration: 6 runs, 288 outputs", "seconds", "to the first"), rows)
    print(f"Result files: {files / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
