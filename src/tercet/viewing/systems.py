"""Systems: what a page says of each run as a whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tercet.cache import digest
from tercet.comparing.facts import EVERY_KIND, false_facts, worst_first
from tercet.comparing.tables import Contents
from tercet.metrics.contract import LOST
from tercet.runs import Run, keeps_outputs
from tercet.viewing.quoting import listed

_DIGITS = 16  # of a hash
_WORST = 20
_TIMES = ("generating_s", "scoring_s")
_CALLS = ("p50", "p90", "p99", "tokens_per_second", "made", "cached", "failed")
_GROUPS = ("summarizer", "translator", "prompt")


def system(run: Run, label: str, notes: Sequence[str]) -> dict[str, Any]:
    """Describe a run: who made it of what, what it took, and what fixes its numbers.

    Args:
        run: A run.
        label: Its name in the report.
        notes: What a reader must know of it.
    """
    info = run.info
    choices = {**_by_stage(info), **(info.get("choices") or {})}
    time = info.get("time") or {}
    calls = time.get("calls") or {}
    return {
        "label": label,
        "system": run.system,
        "folder": run.folder.name,
        "bound": info["bound"],
        "status": run.status,
        "cases": info["cases"],
        "failures": info["failures"],
        "failed": _failed(run),
        "repeats": info.get("repeats", 1),
        **{group: choices.get(group) for group in _GROUPS},
        "route": list((info["config"].get("route") or {}).get("stages") or ()),
        "usage": info.get("usage"),
        "times": {**{name: time.get(name) for name in _TIMES}, **{name: calls.get(name) for name in _CALLS}},
        "flaws": info.get("flaws") or {},
        "started": time.get("started"),
        "git": info.get("git"),
        "versions": info.get("versions") or {},
        "signatures": info["signatures"],
        "hashes": _hashes(info),
        "seed": info.get("seed"),
        "config": yaml.safe_dump(dict(info["config"]), allow_unicode=True, sort_keys=False),
        "heldApart": info["corpus"].get("held_apart") or [],
        "problems": info["corpus"].get("problems") or [],
        "blessed": None if not (told := info.get("blessed")) else {key: str(value) for key, value in told.items()},
        "notes": [*([] if keeps_outputs(info) else ["It was blessed without its outputs: no text is shown."]), *notes],
    }


def _failed(run: Run) -> dict[str, int]:
    """Count the failures by reason; where outputs are not kept, scores have the same reasons, each in its language."""
    counts = Counter(output.failure for output in run.outputs if output.failure is not None)
    if not keeps_outputs(run.info):
        reasons = {item["language"]: item["reasons"] for item in run.info["scores"]}
        for found in reasons.values():
            counts.update({why.removeprefix(LOST): n for why, n in found.items() if why.startswith(LOST)})
    return dict(counts.most_common())


def _by_stage(info: Mapping[str, Any]) -> dict[str, str]:
    """Name the options by the system's own name, for a run that does not say them."""
    stages = (info["config"].get("route") or {}).get("stages") or []
    names = str(info["system"]).split(" + ")
    groups = {"summarize": "summarizer", "translate": "translator"}
    if len(names) != len(stages):
        return {}
    return {groups.get(str(stage), str(stage)): name for stage, name in zip(stages, names, strict=True)}


def _hashes(info: Mapping[str, Any]) -> dict[str, str]:
    found = {
        "config": digest(info["config"]),
        "corpus": info["corpus"]["hash"],
        "cases": info.get("cases_hash") or "",
        "fingerprint": info.get("fingerprint") or "",
        **{f"prompt {role}": value for role, value in (info.get("prompts") or {}).items()},
        **(info.get("files") or {}),
    }
    return {name: value[:_DIGITS] for name, value in found.items() if value}


def facts(read: Contents) -> dict[str, Any]:
    """Count the facts that a system's outputs state and their sources do not, and give the worst."""
    found = false_facts(read.run, kinds=EVERY_KIND)
    every = [fact for items in found.values() for fact in items]
    counts = Counter(fact.kind for fact in every)
    worst = [fact for fact in worst_first(every) if fact.kind != "not_found"][:_WORST]
    return {
        "measured": any(name == "facts" for name, _ in read.tables),
        "contradicted": counts["contradicted"],
        "malformed": counts["malformed"],
        "notFound": counts["not_found"],
        "cases": sum(any(fact.kind != "not_found" for fact in items) for items in found.values()),
        "worst": [listed(fact, read.cases[fact.case_id].article, read.cases[fact.case_id].language) for fact in worst],
    }
