"""Slices: the same comparison over parts of the cases."""

from collections.abc import Iterator, Sequence

import numpy as np

from tercet.cases import CaseInfo
from tercet.comparing.differing import pairings
from tercet.comparing.matching import Match
from tercet.comparing.records import Slice
from tercet.comparing.settings import Settings
from tercet.comparing.testing import with_intervals
from tercet.text.languages import language

_LENGTHS = ("short", "medium", "long")


def slices(matched: Match, settings: Settings) -> tuple[Slice, ...]:
    """Compare parts of the cases: by tag, by the length of the source, by its language.

    A part that holds all cases, or one article, says nothing new or nothing at all, and is left out.

    Args:
        matched: What of two runs is compared.
        settings: How.
    """
    infos = [matched.baseline.cases[case] for case in matched.cases]
    everything = {info.id for info in infos}
    found = []
    for by, value, part in _parts(infos):
        cases = {info.id for info in part}
        if cases == everything or len({info.cluster for info in part}) < 2:
            continue
        paired = [
            pairing
            for key in matched.tables
            for pairing in pairings(matched.baseline.tables[key], matched.candidate.tables[key], sorted(cases))
            if settings.wants(pairing.difference.score, headline=pairing.difference.headline)
            and pairing.difference.pairs
        ]
        found.append(Slice(by=by, value=value, differences=tuple(with_intervals(paired, settings))))
    return tuple(found)


def _parts(infos: Sequence[CaseInfo]) -> Iterator[tuple[str, str, list[CaseInfo]]]:
    for tag in sorted({tag for info in infos for tag in info.tags}):
        yield "tag", tag, [info for info in infos if tag in info.tags]
    yield from _by_length(infos)
    for code in sorted({info.source_language for info in infos}):
        yield "source language", language(code).name, [info for info in infos if info.source_language == code]


def _by_length(infos: Sequence[CaseInfo]) -> Iterator[tuple[str, str, list[CaseInfo]]]:
    """Cut at the terciles of the articles' lengths, in characters, within each source language."""
    lengths: dict[str, dict[str, int]] = {}
    for info in infos:
        if info.source_chars is not None:
            lengths.setdefault(info.source_language, {})[info.article] = info.source_chars
    bounds = {code: np.quantile(list(found.values()), (1 / 3, 2 / 3)) for code, found in lengths.items()}
    parts: dict[str, list[CaseInfo]] = {name: [] for name in _LENGTHS}
    for info in infos:
        if info.source_chars is not None:
            place = int((info.source_chars > bounds[info.source_language]).sum())
            parts[_LENGTHS[place]].append(info)
    for name, part in parts.items():
        yield "length", name, part
