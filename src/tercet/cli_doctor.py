"""The command ``tercet doctor``."""

import sys
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from tercet.text.printable import printable

if TYPE_CHECKING:
    from tercet.doctor import Finding

_UNFIT = 2
_MARKS = {
    "ok": ("✓", "green"),
    "off": ("·", "bright_black"),
    "unknown": ("?", "yellow"),
    "warning": ("!", "yellow"),
    "missing": ("✗", "red"),
}


@click.command()
@click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--config-dir", metavar="DIR", help="Your own configs; conf/ is taken where it is there.")
@click.option("--online", is_flag=True, help="Also ask endpoints and the hub; without it nothing leaves this machine.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def doctor(overrides: tuple[str, ...], config_dir: str | None, online: bool, form: str) -> None:
    """Say what is installed and which weights are there; or what a run would need.

    \b
    tercet doctor
    tercet doctor summarizer=ollama summarizer.model=qwen3:8b 'metric=[rouge,bertscore]'
    tercet doctor experiment=ci --online

    No run is made and nothing is fetched; what a config names is loaded, as for a run: also classes and scripts of
    your own. A key is never shown, only whether its variable is set.
    Exit code 2: something that is needed is missing.
    """
    from tercet.doctor import sound

    findings = _of_a_run(overrides, config_dir, online=online) if overrides or config_dir else _of_this_machine()
    if form == "json":
        click.echo(_as_json(findings))
    else:
        _print(findings, run=bool(overrides or config_dir))
    if not sound(findings):
        sys.exit(_UNFIT)


def _of_this_machine() -> "list[Finding]":
    from tercet.doctor.kernels import compiled
    from tercet.doctor.machine import folders, machine, models_folder
    from tercet.doctor.packages import packages
    from tercet.doctor.weights import weights

    places = [*folders("results", ".tercet/replies.sqlite"), models_folder()]
    return [*machine(), *places, *packages(), compiled(), *weights()]


def _of_a_run(overrides: Sequence[str], config_dir: str | None, *, online: bool) -> "list[Finding]":
    """Look at what a config needs; one that cannot be built is a finding by itself."""
    from tercet.doctor import Finding, State
    from tercet.doctor.offline import offline
    from tercet.errors import TercetError

    with offline(not online):
        from tercet.config import load
        from tercet.doctor.needs import needs

        try:
            specs = load(overrides, multirun=True, own=config_dir)
        except TercetError as error:
            return [Finding(area="Config", name="config", state=State.MISSING, said=error.problem, remedy=error.remedy)]
        labels = [spec.label for spec in specs]
        shown = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")
        said = f"{len(labels)} {'run' if len(labels) == 1 else 'runs'}: {shown}"
        return [Finding(area="Config", name="config", state=State.OK, said=said), *needs(specs, online=online)]


def _print(findings: "Sequence[Finding]", *, run: bool) -> None:
    for area, group in groupby(sorted(findings, key=lambda item: _place(item, findings)), lambda item: item.area):
        click.secho(area, bold=True)
        shown = list(group)
        width = max(len(finding.name) for finding in shown)
        for finding in shown:
            mark, color = _MARKS[finding.state.value]
            click.echo(f"  {click.style(mark, fg=color)} {printable(finding.name):{width}}  {printable(finding.said)}")
            if finding.remedy:
                click.echo(f"    {'':{width}}  → {printable(finding.remedy)}")
    click.echo(_verdict(findings, run=run))


def _place(finding: "Finding", findings: "Sequence[Finding]") -> int:
    """Areas stand in the order in which each first comes."""
    return next(number for number, other in enumerate(findings) if other.area == finding.area)


def _verdict(findings: "Sequence[Finding]", *, run: bool) -> str:
    missing = [finding for finding in findings if finding.state.value == "missing"]
    unknown = [finding for finding in findings if finding.state.value == "unknown"]
    if missing:
        what = "The run lacks" if run else "tercet lacks"
        return f"{what} {len(missing)} {'thing' if len(missing) == 1 else 'things'} (✗)."
    if not run:
        return "tercet can run. What is marked · is optional. For a run of your own: tercet doctor KEY=VALUE..."
    if unknown:
        return f"Nothing is missing; {len(unknown)} could not be told (?)."
    return "Nothing is missing. To see what it would take: tercet run --dry-run with the same words."


def _as_json(findings: "Sequence[Finding]") -> str:
    import json
    from dataclasses import asdict

    from tercet.doctor import sound

    records = [asdict(finding) | {"state": finding.state.value} for finding in findings]
    return json.dumps({"sound": sound(findings), "findings": records}, ensure_ascii=False, indent=2)
