"""Python packages, each in a virtual environment of its own."""

import subprocess
import sys
from pathlib import Path


def install(folder: Path, *packages: str) -> Path:
    """Make an environment in a folder and install packages; return where their programs are."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    programs = folder / "bin"
    words = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(words, check=True)
    return programs


def version(program: Path, package: str) -> str:
    """Ask the environment that a program stands in for the version of a package."""
    script = f"import importlib.metadata; print(importlib.metadata.version({package!r}))"
    words = [str(program.with_name("python")), "-c", script]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
