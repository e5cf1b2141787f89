"""What is said of files of outputs before they are scored."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tercet.backends.copy import Copy
from tercet.backends.replay import Replay
from tercet.cli_outputs import mention_strange_outputs


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ("abcde", ""),
        ("abcd", "o.jsonl: 1 output answers no case: e:en\n"),
        ("de", "o.jsonl: 3 outputs answer no case: a:en, b:en, c:en\n"),
        ("e", "o.jsonl: 4 outputs answer no case: a:en, b:en, c:en, ...\n"),
    ],
)
def test_outputs_that_answer_no_case_are_counted_and_three_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cases: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("o.jsonl").write_text("".join(f'{{"id": "{name}:en", "text": "x"}}\n' for name in "abcde"), "utf-8")
    backends = {"summarize": Replay(path="o.jsonl"), "translate": Copy()}
    planned: Any = SimpleNamespace(
        spec=SimpleNamespace(system=SimpleNamespace(backends=backends)),
        cases=(SimpleNamespace(id=f"{name}:en") for name in cases),  # read once, and not held
    )
    mention_strange_outputs([planned])
    assert capsys.readouterr().err == said
