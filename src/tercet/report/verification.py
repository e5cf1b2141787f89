"""What came of blessing and of verifying, in words and as JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tercet.report.escaping import in_json, in_line

if TYPE_CHECKING:
    from tercet.blessing import Baseline, Change
    from tercet.discrepancies import Discrepancy
    from tercet.errors import TercetError
    from tercet.verifying import Verification

_MOST = 10  # discrepancies that are shown
_WIDE = 120  # characters of a value that are shown


def verification_told(found: "Verification") -> Iterator[str]:
    """Say what came of a verification, line by line."""
    counted = f"{_counted(found.rows, 'row')}, {_counted(found.scores, 'score')}"
    if found.differing:
        yield in_line(f"{found.folder}: {_counted(len(found.differing), 'discrepancy')} in {counted}")
        for item in found.differing[:_MOST]:
            yield f"  {_discrepancy(item)}"
        if len(found.differing) > _MOST:
            yield f"  and {len(found.differing) - _MOST:,} more"
    elif not found.outputs:
        yield in_line(f"{found.folder}: {counted}: the scores are those of the rows")
        yield "  It was blessed without outputs, so that its rows cannot be computed again: bless it --with-outputs."
    elif not found.rows:
        yield in_line(f"{found.folder}: nothing to verify: it has no rows")
    elif not found.unknown:
        yield in_line(f"{found.folder}: verified: {counted}")
    else:
        yield in_line(f"{found.folder}: {counted}: what could be computed again is the same")
    for (metric, language, reason), count in Counter(
        (item.metric, item.language, item.reason) for item in found.unknown
    ).items():
        yield in_line(f"  {metric} {language}: {_counted(count, 'row')} could not be computed again: {reason}")
    for note in found.notes:
        yield in_line(f"  {note}")


def _discrepancy(item: "Discrepancy") -> str:
    place = " ".join(part for part in (item.metric, item.language, item.case) if part)
    stored, computed = _cut(item.stored), _cut(item.computed)
    return in_line(f"{item.file}: {place}{': ' if place else ''}{item.what}: stored {stored}, computed {computed}")


def _cut(value: str) -> str:
    return value if len(value) <= _WIDE else f"{value[:_WIDE]}..."


def verifications_as_json(found: "Mapping[str, Verification | TercetError]") -> str:
    """Write what came of verifying each run."""
    from tercet.errors import TercetError

    runs: list[dict[str, Any]] = []
    for folder, item in found.items():
        told = (
            {"error": item.problem, "remedy": item.remedy}
            if isinstance(item, TercetError)
            else {key: value for key, value in asdict(item).items() if key != "folder"}
        )
        runs.append({"run": folder, "exit_code": item.exit_code, "verified": item.exit_code == 0, **told})
    return in_json(json.dumps({"runs": runs}, ensure_ascii=False, indent=2) + "\n")


def baseline_told(found: "Baseline") -> Iterator[str]:
    """Say what was blessed and what it replaces, line by line."""
    scores = len(found.run.info["scores"])
    what = f"{_counted(len(found.run.outputs), 'output')}, {_counted(scores, 'score')}"
    yield in_line(f"{found.run.folder} ({found.run.system}; {what}) is now the baseline {found.folder}")
    if found.older is not None:
        said = found.older["blessed"]
        by, when, why = (said.get(key, "not told") for key in ("by", "when", "why"))
        yield in_line(f"It replaces {said.get('from', 'one')}, which {by} blessed on {when}: {why}")
        yield from _table(found.changes)
        if found.unchanged:
            yield f"  {_counted(found.unchanged, 'score')} unchanged"
    size = sum(found.sizes.values())
    yield f"{size / 1000:,.0f} kB: {', '.join(found.sizes)}"
    for note in found.notes:
        yield in_line(note)


def _table(changes: "Sequence[Change]") -> Iterator[str]:
    rows = [
        (f"{item.score} {item.language}", _number(item.before, item.decimals), _number(item.after, item.decimals))
        for item in changes
    ]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    for (name, before, after), item in zip(rows, changes, strict=True):
        moved = _moved(item)
        otherwise = f"  made otherwise: {', '.join(item.otherwise)}" if item.otherwise else ""
        yield in_line(f"  {name:{widths[0]}}  {before:>{widths[1]}} -> {after:>{widths[2]}}{moved}{otherwise}")


def _moved(item: "Change") -> str:
    if item.before is None or item.after is None:
        return ""
    return f"  {item.after - item.before:+.{item.decimals}f}"


def _number(value: float | None, decimals: int) -> str:
    return "none" if value is None else f"{value:.{decimals}f}"


def _counted(count: int, what: str) -> str:
    plural = what.removesuffix("y") + "ies" if what.endswith("y") else f"{what}s"
    return f"{count:,} {what if count == 1 else plural}"
