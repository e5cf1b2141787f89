"""The page: what is known of the runs of a report as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

import tercet
from tercet.audit import Fault
from tercet.comparing.settings import Settings
from tercet.comparing.tables import Contents
from tercet.report.board import Cell, Leaderboard
from tercet.report.leaderboard import leaderboard
from tercet.report.notices import unlike
from tercet.runs import labels_of
from tercet.viewing.contested import Contest, chosen_pairs, contest, leaders, ranks
from tercet.viewing.correlations import correlations
from tercet.viewing.packing import finite
from tercet.viewing.systems import facts, system


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A run of a report.

    Args:
        read: What it holds.
        label: Its name.
        place: Its place on the command line: of two that are compared, the one named first is the baseline.
        notes: What a reader must know of it.
    """

    read: Contents
    label: str
    place: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What an audit of the references came to.

    Args:
        faults: The mistakes.
        checked: How many articles were looked at.
        reason: Why the others were not; None where all were.
    """

    faults: Sequence[Fault] = ()
    checked: int = 0
    reason: str | None = None


def named(read: Sequence[Contents], labels: Sequence[str] | None) -> list[str]:
    """Name runs, no two alike: by their systems, or with their folders, or with the whole paths of these."""
    names = list(labels or labels_of([found.run for found in read]))
    if len(set(names)) < len(names):
        names = [f"{found.run.system} ({found.run.folder})" for found in read]
    return names if len(set(names)) == len(names) else [f"{name} #{i + 1}" for i, name in enumerate(names)]


def ordered(read: Sequence[Contents], labels: Sequence[str], primary: str | None) -> tuple[Leaderboard, list[int]]:
    """Make the leaderboard, and give the places of its rows among the runs."""
    board = leaderboard([found.run for found in read], primary, labels)
    return board, [list(labels).index(row.system) for row in board.rows]


def page(entries: Sequence[Entry], board: Leaderboard, settings: Settings) -> dict[str, Any]:
    """Put the page together, but for what the articles are needed for.

    Args:
        entries: The runs, in the order of the leaderboard.
        board: It.
        settings: How they are compared.
    """
    read = [entry.read for entry in entries]
    bounds = [row.bound for row in board.rows]
    pairs = [(a, b) if entries[a].place < entries[b].place else (b, a) for a, b in chosen_pairs(bounds, 0)]
    contested = contest(read, [entry.label for entry in entries], pairs, settings)
    return {
        "kind": "report",
        "tercet": tercet.__version__,
        "languages": board.languages,
        "systems": [system(entry.read.run, entry.label, entry.notes) for entry in entries],
        "scores": _scores(board, read),
        "primary": board.primary,
        "cells": _cells(board, contested),
        "notCompared": [found._asdict() for found in unlike(board)],
        "leaders": leaders(board, bounds, contested),
        "pairs": contested.pairs,
        "method": contested.method,
        "correlations": {code: correlations(read, code) for code in board.languages},
        "facts": [facts(found) for found in read],
    }


def corpus(entries: Sequence[Entry], notes: Sequence[str]) -> dict[str, Any]:
    """Describe the corpus of the first run; other runs' hashes stand with them."""
    info = entries[0].read.run.info
    config = yaml.safe_dump(dict(info["config"].get("corpus") or {}), allow_unicode=True, sort_keys=False)
    return {
        "config": config,
        "hash": info["corpus"]["hash"],
        "articles": info["corpus"]["articles"],
        "notes": list(notes),
    }


def _scores(board: Leaderboard, read: Sequence[Contents]) -> list[dict[str, Any]]:
    owner = {spec.name: name for found in read for (name, _), table in found.tables.items()
             for spec in table.metric.scores}  # fmt: skip
    columns = {column.score: column for column in board.columns}
    return [
        {
            "name": column.score,
            "metric": owner.get(column.score, ""),
            "higherIsBetter": column.higher_is_better,
            "headline": column.headline,
            "decimals": column.decimals,
            "warning": column.warning,
        }
        for column in columns.values()
    ]


def _cells(board: Leaderboard, contested: Contest) -> Mapping[str, Mapping[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = {}
    for column in board.columns:
        key = (column.score, column.language)
        cells = [row.cells.get(key) for row in board.rows]
        tested = [
            i
            for i, (row, cell) in enumerate(zip(board.rows, cells, strict=True))
            if row.bound != "upper" and cell is not None and cell.value is not None
        ]
        places = ranks(contested, tested, *key) if column.headline else {}
        found.setdefault(column.language, {})[column.score] = [
            None if cell is None else _cell(cell, places.get(i)) for i, cell in enumerate(cells)
        ]
    return found


def _cell(cell: Cell, rank: tuple[int, int] | None) -> dict[str, Any]:
    return {
        "value": finite(cell.value),
        "interval": None if cell.interval is None else [finite(end) for end in cell.interval],
        "scored": cell.scored,
        "total": cell.total,
        "reasons": dict(cell.reasons),
        "best": cell.best,
        "rank": None if rank is None else list(rank),
    }
