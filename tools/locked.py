"""Read requirements.lock; with Python alone, for nothing is installed yet when it is first read."""

import re
from dataclasses import dataclass, field
from pathlib import Path

LOCK = "requirements.lock"
#: Sections, in the order in which they are installed.
BUILD, REST, TORCH, CUDA = "build", "packages", "torch", "cuda"
_SECTION = re.compile(r"# \[(?P<name>\w+)\]")


@dataclass
class Locked:
    """A package.

    Args:
        section: Where it stands.
        requirement: Name, version and marker, as pip reads them.
        hashes: SHA-256 of its files, in hex.
    """

    section: str
    requirement: str
    hashes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name."""
        return self.requirement.partition("==")[0]

    @property
    def version(self) -> str:
        """Its version."""
        return self.requirement.partition("==")[2].partition(" ;")[0]

    @property
    def line(self) -> str:
        """The line of a requirements file."""
        return " ".join([self.requirement, *(f"--hash=sha256:{each}" for each in self.hashes)])


def read(path: Path) -> list[Locked]:
    """Read a lock.

    Raises:
        ValueError: A line is none of a section's name, a requirement, and a hash.
    """
    found: list[Locked] = []
    section = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.removesuffix("\\").strip()
        if match := _SECTION.match(text):
            section = match["name"]
        elif text.startswith("--hash=sha256:"):
            found[-1].hashes.append(text.removeprefix("--hash=sha256:"))
        elif text and not text.startswith("#"):
            if not section or "==" not in text:
                raise ValueError(f"{path}:{number}: no requirement of a section: {text}")
            found.append(Locked(section, text))
    return found
