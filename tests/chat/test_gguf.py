import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tercet.chat.gguf import cache_folder, sha256_of, weights
from tercet.errors import BackendError

DATA = b"GGUF" + bytes(range(256)) * 4096
HASH = hashlib.sha256(DATA).hexdigest()
# A package as the one of Gemma's weights: it writes in place, and so is never whole before its end.
MODULE = f"""
import os, time
from pathlib import Path
EXPECTED_SHA256 = "{HASH}"
def assemble(output_path, overwrite=False):
    data = b"GGUF" + bytes(range(256)) * 4096
    with open(Path(__file__).with_name("calls.txt"), "a") as calls:
        print(os.getpid(), file=calls)
    with open(output_path, "wb") as out:
        out.write(data[:100])
        out.flush()
        time.sleep(float(os.environ.get("SLOWLY", 0)))
        out.write(data[100:])
"""
CALL = (
    "import sys; from tercet.chat.gguf import weights; print(weights('package:toy-weights', sys.argv[1]), flush=True)"
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages with ``toy-weights``, and an empty cache folder."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delitem(sys.modules, "toy_weights", raising=False)
    install(folder, "toy-weights", MODULE)
    return folder


def install(folder: Path, name: str, code: str) -> None:
    (folder / f"{name.replace('-', '_')}.py").write_text(code, "utf-8")
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")


def calls(site: Path) -> int:
    return len((site / "calls.txt").read_text("utf-8").splitlines())


def test_a_file_is_taken_as_it_is_and_checked_where_a_hash_is_given(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(DATA)
    assert weights(str(file), None) == weights(str(file), HASH) == weights(str(file), HASH.upper()) == file
    with pytest.raises(BackendError, match=f"has the SHA-256 {HASH}, not {'0' * 64}"):
        weights(str(file), "0" * 64)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("nothing.gguf", "'nothing.gguf' cannot be read: No such file"),
        (".", "cannot be read: Is a directory"),
        (__file__, "is no GGUF file"),
        ("package:no-such-weights", "the package 'no-such-weights', which is not installed"),
        ("package:pytest", "'pytest' has no function 'assemble'"),
        ("package:../x", "names no package"),
        ("package:", "names no package"),
    ],
)
def test_what_is_no_model_is_refused_with_its_reason(model: str, reason: str) -> None:
    with pytest.raises(BackendError, match=reason):
        weights(model, None)


def test_a_file_that_changes_is_hashed_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(DATA)
    assert sha256_of(file) == HASH
    file.write_bytes(DATA + b"more")
    assert sha256_of(file) != HASH


def test_a_package_is_put_together_once_in_the_cache_folder(site: Path) -> None:
    path = weights("package:toy-weights", None)
    assert path == weights("package:toy-weights", HASH) == cache_folder() / "toy-weights-1.0.gguf"
    assert path.read_bytes() == DATA
    assert calls(site) == 1


def test_a_damaged_file_in_the_cache_folder_is_put_together_anew(site: Path) -> None:
    weights("package:toy-weights", None).write_bytes(DATA[:-1])
    assert weights("package:toy-weights", None).read_bytes() == DATA
    assert calls(site) == 2


def test_a_package_with_another_hash_than_the_config_is_refused(site: Path) -> None:
    with pytest.raises(BackendError, match=f"has the SHA-256 {HASH}, not {'0' * 64}"):
        weights("package:toy-weights", "0" * 64)


def test_a_package_that_finds_itself_damaged_says_how_to_mend_it(site: Path) -> None:
    install(site, "torn-weights", "def assemble(output_path, overwrite):\n    raise ValueError('bad hash')\n")
    with pytest.raises(BackendError, match=r"'torn-weights' is damaged: bad hash.* --force-reinstall torn-weights"):
        weights("package:torn-weights", None)


def test_a_cache_folder_that_cannot_be_written_is_named(site: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder", "utf-8")
    with pytest.raises(BackendError, match=r"cannot be put together.* XDG_CACHE_HOME"):
        weights("package:toy-weights", None)


def test_a_relative_cache_folder_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert cache_folder() == Path.home() / ".cache" / "tercet" / "models"


def test_two_processes_at_once_get_one_whole_file(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOWLY", "0.3")
    both = [
        subprocess.Popen([sys.executable, "-c", CALL, HASH], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=20) for process in both]
    assert [error for _, error in said] == ["", ""]
    paths = {Path(out.strip()) for out, _ in said}
    assert [path.read_bytes() for path in paths] == [DATA]
    assert calls(site) == 1


def test_who_is_killed_while_writing_leaves_nothing_that_passes_for_the_model(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOWLY", "20")
    with subprocess.Popen([sys.executable, "-c", CALL, HASH]) as process:
        part = cache_folder() / "toy-weights-1.0.part"
        while process.poll() is None and not (part.exists() and part.stat().st_size):
            pass
        process.send_signal(signal.SIGKILL)
    assert not part.with_suffix(".gguf").exists()
    monkeypatch.delenv("SLOWLY")
    assert weights("package:toy-weights", HASH).read_bytes() == DATA
    assert not part.exists()
