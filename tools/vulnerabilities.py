"""Ask an advisory service whether a weakness is known of anything that the lock names.

    .venv-tools/bin/python -m tools.vulnerabilities [--vulnerability-service osv]

Exit code 1: one is known, or a package could not be asked about, which is no better. Options are pip-audit's.
"""

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.locked import LOCK, Locked, read

ROOT = Path(__file__).parents[1]
#: Advisory -> why it is left aside. Each says what would have to be true for it to matter, and that it is not.
IGNORED: dict[str, str] = {}


def main(options: Sequence[str]) -> int:
    """Ask for every version; those of other platforms and Pythons too."""
    ignored = [word for advisory in IGNORED for word in ("--ignore-vuln", advisory)]
    codes = []
    for part in parts(read(ROOT / LOCK)):
        with TemporaryDirectory() as folder:
            listed = Path(folder) / "requirements.txt"
            listed.write_text("".join(f"{item.name}=={item.version}\n" for item in part), "utf-8")
            how = ["--no-deps", "--disable-pip", "--strict", "--progress-spinner", "off", "-r", str(listed)]
            codes.append(subprocess.run([sys.executable, "-m", "pip_audit", *how, *ignored, *options], check=False))
    return max(done.returncode for done in codes)


def parts(items: Iterable[Locked]) -> list[list[Locked]]:
    """Part packages so that each part has one version of each: that is what pip-audit takes."""
    found: list[dict[str, Locked]] = []
    for item in items:
        place = next((part for part in found if item.name not in part), None)
        if place is None:
            found.append(place := {})
        place[item.name] = item
    return [list(part.values()) for part in found]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
