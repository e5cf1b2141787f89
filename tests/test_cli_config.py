"""``tercet show CONFIG``: every value with the file and line that set it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from tercet.composing import config_folder

Call = Callable[..., Result]


def shown(tercet: Call, *words: str) -> dict[str, dict[str, Any]]:
    done = tercet("show", *words, "--format", "json")
    assert done.exit_code == 0, done.output
    return {record["key"]: record for record in json.loads(done.stdout)}


def comment(text: str, key: str) -> str:
    return [line for line in text.splitlines() if line.strip().startswith(f"{key}:")][-1].partition("# ")[2]


def test_values_are_those_of_the_run(tercet: Call) -> None:
    words = ("summarizer=textrank", "metric=[rouge,chrf]", "metrics.chrf.beta=3", "seed=4")
    config = yaml.safe_load(tercet("run", "--cfg", *words).stdout)
    whole = yaml.safe_load(tercet("show", *words).stdout)
    assert {key: whole[key] for key in config} == config
    assert {"gate", "prompt", "results"} <= set(whole), "what is no part of a run's identity is shown too"


def test_every_line_that_is_named_sets_its_key(tercet: Call) -> None:
    found = shown(tercet, "experiment=llm", "hydra.mode=RUN", "prompt=continued")
    assert len(found) > 60
    for key, record in found.items():
        file, _, line = record["origin"].removeprefix("tercet's ").rpartition(":")
        text = (config_folder() / file).read_text("utf-8").splitlines()[int(line) - 1]
        name = text.strip().partition(":")[0]
        assert f"{key.rpartition('.')[2]}:" in text or f"{name}: ${{" in text, (key, record["origin"], text)


def test_the_last_one_to_set_a_key_is_named(tercet: Call) -> None:
    Path("conf/experiment").mkdir(parents=True)
    Path("conf/experiment/mine.yaml").write_text(
        "# @package _global_\ndefaults:\n  - override /summarizer: textrank\nseed: 7\nsummarizer:\n  sentences: 9\n"
    )
    words = ("experiment=mine", "limit=2", "summarizer.damping=0.5")
    found = shown(tercet, *words)
    assert found["seed"] == {"key": "seed", "value": 7, "origin": "conf/experiment/mine.yaml:4"}
    assert found["summarizer.sentences"]["origin"] == "conf/experiment/mine.yaml:6"
    assert found["summarizer.damping"] == {"key": "summarizer.damping", "value": 0.5, "origin": "command line"}
    assert found["summarizer._target_"]["origin"] == "tercet's summarizer/textrank.yaml:2"
    assert found["limit"]["origin"] == "command line"
    assert found["repeats"]["origin"].startswith("tercet's run.yaml:")
    head = tercet("show", *words).stdout.partition("corpus:\n")[0]
    assert "summarizer=textrank        experiment/mine.yaml" in head
    assert "experiment=mine            command line" in head


def test_a_sweep_shows_its_first_run_and_names_the_others(tercet: Call) -> None:
    done = tercet("show", "experiment=demo", "seed=5")
    assert done.exit_code == 0, done.output
    head = done.stdout.partition("corpus:\n")[0]
    assert "# The first of 6 runs; the others: lead + copy, textrank + glossary" in head
    assert "summarizer=lead" in head
    assert "the sweep" in head
    assert comment(done.stdout, "seed") == "command line"
    assert comment(tercet("show", "seed=1,2").stdout, "seed") == "command line"


def test_a_text_of_several_lines_is_a_block(tercet: Call) -> None:
    done = tercet("show", "prompt=zero_shot")
    assert comment(done.stdout, "system").startswith("tercet's prompt/zero_shot.yaml:")
    assert "\n    - Keep figures, units, currencies" in done.stdout


@pytest.mark.parametrize("word", ["summariser=lead", "summarizer=leed", "limit=many"])
def test_a_wrong_word_is_named(word: str, tercet: Call) -> None:
    done = tercet("show", word)
    assert done.exit_code == 2
    assert "error:" in done.stderr
    assert done.stdout == ""
