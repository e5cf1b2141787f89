"""A starting project: two articles, configs, a gate and a test, written where nothing stands in the way."""

import re
from collections.abc import Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path

import tercet
from tercet.beside import followed
from tercet.errors import ConfigError

# Where each file goes -> its name in the package, where that differs: no tool may take a starter for the real thing.
_FILES = {
    "README.md": "readme.md",
    ".gitignore": "gitignore",
    "requirements.txt": "",
    "pytest.ini": "",
    "articles/mountain-library.md": "",
    "articles/mountain-library.source.md": "",
    "articles/zh-night-farm.md": "",
    "articles/zh-night-farm.source.md": "",
    "conf/corpus/mine.yaml": "",
    "conf/experiment/ci.yaml": "",
    "conf/gate/ci.yaml": "",
    "conf/prompt/mine.yaml": "",
    "tests/test_summaries.py": "summaries.txt",
}
_WORKFLOW = ".github/workflows/tercet.yaml"
# What stands unquoted in a workflow's paths and keys.
_PLAIN = re.compile(r"[\w./-]+")


def starting_files(folder: Path, *, ci: str | None = None) -> dict[Path, str]:
    """Say what a starting project is made of.

    Args:
        folder: Where it will lie.
        ci: ``github`` adds a workflow. GitHub reads those at the repository's root, so that it goes there, and works in
            the folder.

    Returns:
        Path -> text.

    Raises:
        ConfigError: The folder's name cannot stand in a workflow.
    """
    files = {folder / name: _text(source or name) for name, source in _FILES.items()}
    if ci == "github":
        root = _repository(folder)
        below = followed(folder).relative_to(root).as_posix()
        if _PLAIN.fullmatch(below) is None:
            raise ConfigError(
                f"'{below}' cannot stand in a workflow.", "Name the folder with letters, digits, '.', '_' and '-'."
            )
        prefix = "" if below == "." else f"{below}/"
        place = folder if below == "." else root
        files[place / _WORKFLOW] = _text("workflow.yaml").replace("@PREFIX@", prefix)
    return files


def write_starting(files: dict[Path, str]) -> None:
    """Write files that are not there yet: all of them, or none.

    Args:
        files: From ``starting_files``.

    Raises:
        ConfigError: One of them is there already; it is named, and nothing is written. Or the disk refuses.
    """
    there = [path for path in files if path.exists() or path.is_symlink()]
    if there:
        named = ", ".join(map(str, there))
        raise ConfigError(
            f"Nothing is written: {named} {'is' if len(there) == 1 else 'are'} there already.",
            "Name a new folder, as in tercet init FOLDER, or move what is there.",
        )
    made: list[Path] = []
    for path, text in files.items():
        try:
            _make_folder(path.parent, made)
            with path.open("x", encoding="utf-8", newline="\n") as file:  # "x": what came in between is left alone
                made.append(path)
                file.write(text)
        except OSError as error:
            _remove(made)
            raise ConfigError(
                f"{path}: cannot be written: {error.strerror or error}.",
                "Nothing is left of it. Free some space, or name another folder: tercet init FOLDER.",
            ) from error


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, and note which were not there."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(exist_ok=True)
        made.append(place)


def _remove(made: Sequence[Path]) -> None:
    """Remove what was made, the last first; a folder in which somebody has put something stays."""
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def _text(name: str) -> str:
    text = resources.files("tercet").joinpath("starter", *name.split("/")).read_text("utf-8")
    return text.replace("@VERSION@", tercet.__version__)


def _repository(folder: Path) -> Path:
    """Find the root of the git repository that a folder is in or will be in; the folder itself where there is none."""
    whole = followed(folder)
    return next((place for place in (whole, *whole.parents) if (place / ".git").exists()), whole)
