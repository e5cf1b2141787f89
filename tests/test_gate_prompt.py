"""A prompt change, gated from the command that a user would type: a real endpoint, a model that does as it is told."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.counting_server import Body, CountingServer, said_in
from tests.sweeping import PROMPT, article, furnish

Call = Callable[..., Result]
COUNT = 12


def model(body: Body) -> str:
    """Repeat the sentences that it is given; told to be bold, with every sum a thousand times as large."""
    said = said_in(body)
    found = re.search(r"The town of .*", said)
    assert found is not None
    bold = "Be bold" in said
    return found[0].replace("million", "billion") if bold else found[0]


def words(server: CountingServer, prompt: str) -> list[str]:
    return [
        *("--config-dir", "mine", "corpus=jsonl", "corpus.path=news.jsonl", "languages=[en]", "route=direct"),
        *("summarizer=openai", "summarizer.model=large", f"summarizer.base_url={server.url}", f"prompt={prompt}"),
        "metric=[chrf,facts]",
    ]


@pytest.fixture
def blessed(tercet: Call) -> Call:
    furnish(Path.cwd(), map(article, range(COUNT)))
    for name, system in {"plain": "You are an editor.", "bold": "Be bold.", "same": "You are a good editor."}.items():
        (Path("mine/prompt") / f"{name}.yaml").write_text(PROMPT.format(system=system), "utf-8")
    return tercet


def test_a_worse_prompt_fails_and_the_same_asks_nothing(blessed: Call) -> None:
    with CountingServer(model) as server:
        made = blessed("run", *words(server, "plain"))
        assert made.exit_code == 0, made.output
        assert len(server.forget()) == COUNT
        (folder,) = Path("results").iterdir()
        assert blessed("bless", folder, "--why", "what we ship", "--by", "me").exit_code == 0

        worse = blessed("gate", *words(server, "bold"), "--markdown", "gate.md", "--json", "gate.json")
        assert worse.exit_code == 1, worse.output
        assert len(server.forget()) == COUNT
        assert "12 new false facts" in worse.output
        comment = Path("gate.md").read_text("utf-8")
        assert comment.startswith("<!-- tercet-gate -->\n")
        assert "<b>item-0:en</b>" in comment
        assert "<b>«3 billion euros»</b>" in comment
        assert "<b>«3 million euros»</b>" in comment
        ruling: dict[str, Any] = json.loads(Path("gate.json").read_text("utf-8"))
        regressed = {check["name"] for check in ruling["checks"] if check["verdict"] == "regressed"}
        assert {"fact_precision en", "contradictions en"} <= regressed

        for more in ([], ["fresh=true"]):
            same = blessed("gate", *words(server, "plain"), *more)
            assert same.exit_code == 0, same.output
        harmless = blessed("gate", *words(server, "same"))
        assert harmless.exit_code == 0, harmless.output
        assert len(server.forget()) == COUNT, "only the changed prompt is asked"


def test_a_model_that_is_gone_never_passes(blessed: Call) -> None:
    with CountingServer(model) as server:
        assert blessed("run", *words(server, "plain")).exit_code == 0
        (folder,) = Path("results").iterdir()
        assert blessed("bless", folder, "--why", "what we ship", "--by", "me").exit_code == 0
        server.status = 401
        gone = blessed("gate", *words(server, "bold"))
    assert gone.exit_code == 4, gone.output
    assert "12 outputs" in gone.output or "12 of 12" in gone.output, gone.output
