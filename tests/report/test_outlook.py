"""What a dry run prints."""

import io

import pytest
from rich.console import Console

from tercet.dry_run import Outlook
from tercet.report.outlook import render_outlook
from tercet.spending import FREE, Price


def printed(found: list[Outlook], width: int = 120) -> list[list[str]]:
    """The words of each line that says something."""
    console = Console(width=width, file=io.StringIO(), record=True)
    render_outlook(found, console)
    lines = console.export_text().splitlines()
    return [line.split() for line in lines if line.strip() and set(line) - set(" ─━")]


def row(role: str = "summarize", name: str = "openai", model: str = "m", price: Price | None = None) -> Outlook:
    found = Outlook(role, name, model, price)
    found.calls, found.cached, found.prompt, found.answer, found.most = 1_200, 34, 1_500_000, 250_000, 4_000_000
    return found


def test_a_row_a_stage_and_the_sums() -> None:
    dear, free = Price(prompt=2.0, answer=8.0), FREE
    lines = printed([row(price=dear), row("translate", "gemma", price=free)])
    assert " ".join(lines[0]) == "stage calls in the cache prompt tokens answer tokens cost at most"
    assert lines[1] == ["summarize", "by", "openai", "1,200", "34", "1,500,000", "250,000", "$5.00", "$35.00"]
    assert lines[2] == ["translate", "by", "gemma", "1,200", "34", "1,500,000", "250,000", "$0.00", "$0.00"]
    assert lines[3] == ["all", "2,400", "68", "3,000,000", "500,000", "$5.00", "$35.00"]
    assert " ".join(lines[4]).endswith("Nothing was asked.")
    assert len(lines) == 5


def test_a_cost_that_is_not_known_is_no_number() -> None:
    lines = printed([row(price=Price(prompt=2.0, answer=8.0)), row("translate", "other")])
    assert lines[2][-2:] == lines[3][-2:] == ["unknown", "unknown"]
    assert lines[5][-3:] == ["conf/prices/mine.yaml,", "add", "prices=mine."]


def test_models_that_answer_under_one_name_are_told_apart() -> None:
    lines = printed([row(model="small"), row(model="[/large]"), row("translate", model="small")])
    assert [line[2:4] for line in lines[1:4]] == [["openai", "(small)"], ["openai", "([/large])"], ["openai", "1,200"]]


@pytest.mark.parametrize(
    ("price", "shown"), [(0.001, "<$0.0001"), (0.1, "$0.0015"), (10.0, "$0.1500"), (80.0, "$1.20"), (0.0, "$0.00")]
)
def test_small_costs_have_their_digits(price: float, shown: str) -> None:
    found = row(price=Price(prompt=price, answer=0.0))
    found.prompt = 15_000
    assert printed([found])[1][-2] == shown


def test_a_sweep_without_models_costs_nothing() -> None:
    assert [" ".join(line) for line in printed([])] == ["No language model is asked: nothing is spent."]
