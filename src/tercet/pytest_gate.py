"""The gate within pytest: what a test asks for, and what it says where it fails."""

import re
import shlex
from collections.abc import Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from tercet.comparing.records import FalseFact, Mover
from tercet.errors import ConfigError, TercetError
from tercet.gating.records import Ruling, Verdict
from tercet.records import Quote
from tercet.text.excerpts import pieces_of
from tercet.text.printable import printable

_WORST = 3
# What Hydra reads as the text that it is, and as nothing else.
_BARE = re.compile(r"[A-Za-z_][\w./-]*")
_WORDS = {"null", "true", "false", "nan", "inf"}


def judged(
    item: pytest.Item,
    *overrides: str,
    baseline: str | Path | None = None,
    candidate: str | Path | None = None,
    config_dir: str | None = None,
    on: str = "all",
    **keys: Any,
) -> Ruling:
    """Make the run that is asked for, compare it with the baseline, and fail the test where the gate does.

    All paths are relative to pytest's rootdir, wherever pytest was started.

    Args:
        item: The test. The option ``--tercet-baseline`` wins over ``baseline``: who starts the tests chooses.
        *overrides: Of the run, as ``limit=5``.
        baseline: A run's folder; None is ``baselines/default``.
        candidate: A run that is there, in place of the one that the overrides describe.
        config_dir: The configs; None is ``conf``.
        on: ``common`` compares only what both runs have.
        **keys: Further overrides by their keys: ``experiment="ci"``.
    """
    chosen = item.config.getoption("tercet_baseline") or baseline
    with chdir(item.config.rootpath):
        try:
            ruling = _ruling([*overrides, *_overrides(keys)], chosen, candidate, config_dir, on)
        except TercetError as error:
            pytest.fail(printable(f"tercet gate: {error.problem}\n  {error.remedy}".rstrip()), pytrace=False)
        item.user_properties.append(("tercet", ruling.verdict))
        if ruling.exit_code:
            pytest.fail(told(ruling), pytrace=False)
    return ruling


def _ruling(
    overrides: Sequence[str],
    baseline: str | Path | None,
    candidate: str | Path | None,
    own: str | None,
    on: str,
) -> Ruling:
    """Ask the gate; where there is no baseline yet, make the run and say how it becomes one."""
    from tercet.regression import BASELINE, gate

    base = Path(baseline or BASELINE)
    if not base.exists():
        run = Path(candidate) if candidate is not None else _made(overrides, own)
        raise ConfigError(f"There is no baseline '{base}'.", f"Where the run is fine: {_bless(run, base)}")
    return gate(overrides, baseline=base, candidate=candidate, own=own, on=on)


def _overrides(keys: Mapping[str, Any]) -> list[str]:
    return [f"{key}={_hydra(value, key)}" for key, value in keys.items()]


def _hydra(value: Any, key: str) -> str:
    """Write a value as Hydra reads it."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str | Path):
        text = str(value)
        if _BARE.fullmatch(text) and text.lower() not in _WORDS:
            return text
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    if isinstance(value, list | tuple):
        return f"[{','.join(_hydra(each, key) for each in value)}]"
    raise ConfigError(f"'{key}' cannot be {type(value).__name__}.", "Give a text, a number, a truth value or a list.")


def told(ruling: Ruling) -> str:
    """Say why the gate fails, where to look, and what to do if the change is meant."""
    versus = ruling.comparison.versus[0]
    baseline, candidate = ruling.comparison.baseline.folder, versus.candidate.folder
    failing = [check for check in ruling.checks if check.fails]
    unsure = [c.name for c in ruling.checks if c.verdict is Verdict.UNDERPOWERED and not c.fails]
    lines = [f"tercet gate: {ruling.verdict}", *(f"  {check.message}" for check in failing)]
    if unsure:
        lines.append(f"  Too few articles for a verdict, which does not fail the gate: {', '.join(unsure)}.")
    lines += _worst(versus.worse, [fact for check in failing for fact in check.facts])
    lines += ["", "Look further:", f"  {_command('tercet', 'compare', baseline, candidate)}"]
    if candidate and ruling.exit_code == 1:
        lines += ["Where the change is meant:", f"  {_bless(Path(candidate), Path(baseline))}"]
    return printable("\n".join(lines))


def _worst(worse: Sequence[Mover], facts: Sequence[FalseFact]) -> list[str]:
    """List the worst articles with their new false facts; first those with one, in the gate's order."""
    movers = {mover.case_id: mover for mover in worse}
    found: dict[str, list[FalseFact]] = {}
    for fact in facts:
        found.setdefault(fact.case_id, []).append(fact)
    cases = list(dict.fromkeys([*found, *movers]))[:_WORST]
    lines = ["", "Worst articles:"] if cases else []
    for case in cases:
        mover = movers.get(case)
        moved = "" if mover is None else f"  {mover.score} {mover.baseline:.3g} -> {mover.candidate:.3g}"
        lines.append(f"  {case}{moved}")
        for fact in found.get(case) or (mover.new if mover is not None else ()):
            label = "" if fact.label in {"", fact.kind} else f", {fact.label}"
            lines.append(f"    {fact.kind.replace('_', ' ')}{label}: {fact.message}")
            lines += [f"      {name}  {_marked(place)}" for name, place in _places(fact) if place is not None]
    return lines


def _places(fact: FalseFact) -> tuple[tuple[str, Quote | None], ...]:
    return ("output", fact.place), ("source", fact.other)


def _marked(place: Quote) -> str:
    before, middle, after = (piece.replace("\n", " ") for piece in pieces_of(place))
    return f"{before}«{middle}»{after}"


def _bless(run: Path, baseline: Path) -> str:
    return _command("tercet", "bless", str(run), "--to", str(baseline), "--why", "...")


def _command(*words: str) -> str:
    return " ".join(shlex.quote(word) for word in words)


def _made(overrides: Sequence[str], own: str | None) -> Path:
    """Make the run that would be compared, so that there is one to bless."""
    from tercet.config import load
    from tercet.progress import Narrator
    from tercet.report.console import Screen
    from tercet.sweep import plan_sweep, run_sweep

    watcher = Narrator(Screen(stderr=True))
    planned = plan_sweep(load(overrides, own=own), watcher)
    if len(planned) != 1:
        raise ConfigError(f"The config describes {len(planned)} runs.", "A test gates one: name the system.")
    return run_sweep(planned, watcher)[0].folder
