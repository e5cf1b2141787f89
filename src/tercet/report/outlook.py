"""What a sweep would take, on a terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tercet.dry_run import Outlook


def render_outlook(found: Sequence[Outlook], console: Console) -> None:
    """Print a row a model and role, and the sums."""
    if not found:
        console.print("No language model is asked: nothing is spent.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", show_footer=True)
    table.add_column("stage", footer="all")
    columns = [
        ("calls", sum(at.calls for at in found)),
        ("in the cache", sum(at.cached for at in found)),
        ("prompt tokens", sum(at.prompt for at in found)),
        ("answer tokens", sum(at.answer for at in found)),
    ]
    for name, total in columns:
        table.add_column(name, f"{total:,}", justify="right")
    costs, most = [at.cost for at in found], [at.dearest for at in found]
    table.add_column("cost", _sum(costs), justify="right")
    table.add_column("at most", _sum(most), justify="right")
    stages = Counter((at.role, at.name) for at in found)
    for at in found:
        several = f" ({at.model})" if stages[at.role, at.name] > 1 else ""
        numbers = [f"{value:,}" for value in (at.calls, at.cached, at.prompt, at.answer)]
        table.add_row(Text(f"{at.role} by {at.name}{several}"), *numbers, _dollars(at.cost), _dollars(at.dearest))
    console.print(table)
    console.print("\nTokens are estimates; answers are taken to be as long as the references. Nothing was asked.")
    if None in costs:
        console.print("A cost is unknown where a model has no price: write conf/prices/mine.yaml, add prices=mine.")


def _sum(costs: Sequence[float | None]) -> str:
    known = [cost for cost in costs if cost is not None]
    return _dollars(sum(known) if len(known) == len(costs) else None)


def _dollars(cost: float | None) -> str:
    if cost is None:
        return "unknown"
    if 0 < cost < 0.0001:
        return "<$0.0001"
    return f"${cost:.4f}" if 0 < cost < 1 else f"${cost:.2f}"
