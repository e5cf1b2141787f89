"""What came of campaigns: as JSON, as a table for people, and each finding with its bytes."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.fuzzing.campaign import Tally
from tests.fuzzing.targets import TARGETS


def as_json(tallies: Sequence[Tally], **about: Any) -> str:
    """Write all of it.

    Args:
        tallies: Of the targets.
        about: What else there is to say: engine, seed.
    """
    rows = [
        {
            "target": tally.target,
            "reads": TARGETS[tally.target].reads,
            "cases": tally.cases,
            "read": tally.read,
            "refused": tally.refused,
            "outcomes": len(tally.kinds),
            "coverage": tally.coverage,
            "seconds": round(tally.seconds, 1),
            "slowest": round(tally.slowest, 3),
            "findings": [
                {
                    "kind": found.outcome.kind,
                    "place": found.outcome.place,
                    "detail": found.outcome.detail,
                    "times": found.times,
                    "bytes": len(found.data),
                    "file": file_of(tally.target, found.data),
                }
                for found in tally.findings.values()
            ],
        }
        for tally in tallies
    ]
    return json.dumps({**about, "cases": sum(tally.cases for tally in tallies), "targets": rows}, indent=1) + "\n"


def as_markdown(tallies: Sequence[Tally]) -> str:
    """Write a table."""
    lines = [
        "| target | reads | cases | read | refused | outcomes | slowest, s | findings | also noticed |",
        "|---|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    lines += [
        f"| {tally.target} | {TARGETS[tally.target].reads} | {tally.cases:,} | {tally.read:,} | {tally.refused:,}"
        f" | {len(tally.kinds)} | {tally.slowest:.2f} | {len(tally.findings)} | {TARGETS[tally.target].oracle} |"
        for tally in tallies
    ]
    total = sum(tally.cases for tally in tallies)
    found = sum(len(tally.findings) for tally in tallies)
    return "\n".join([*lines, f"| all | | {total:,} | | | | | {found} | |"]) + "\n"


def file_of(target: str, data: bytes) -> str:
    """Name the file of a finding: its target, and its bytes' hash."""
    return f"{target}-{sha256(data).hexdigest()[:12]}.bin"


def save(folder: Path, tallies: Sequence[Tally]) -> None:
    """Keep each finding's bytes, for ``--replay``."""
    for tally in tallies:
        for found in tally.findings.values():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file_of(tally.target, found.data)).write_bytes(found.data)
