"""The gate as a function: make or load a candidate, compare it with the baseline, and rule."""

from collections.abc import Sequence
from pathlib import Path

from tercet.comparing.compare import compare
from tercet.comparing.told import check_told
from tercet.config import RunSpec, load
from tercet.errors import ConfigError, RunError, nearest
from tercet.gating.gate import judge
from tercet.gating.policy import Policy
from tercet.gating.records import Ruling
from tercet.planned import Nobody, Watcher
from tercet.runs import Run, load_run, unfinished
from tercet.sweep import plan_sweep, run_sweep

BASELINE = "baselines/default"
# Rules that no yaml holds yet may be given on the command line.
_OPEN = "gate.scores."


def gate(  # noqa: PLR0913 (both sides, the policy, and who is told)
    overrides: Sequence[str] = (),
    *,
    baseline: str | Path = BASELINE,
    candidate: str | Path | None = None,
    own: str | None = None,
    on: str = "all",
    watcher: Watcher | None = None,
) -> Ruling:
    """Decide whether a candidate may take the baseline's place.

    Args:
        overrides: Hydra's, that describe the candidate and the policy: ``prompt=terse``, ``gate=strict``,
            ``gate.scores.rouge1.languages.zh.margin=0.03``. With ``candidate`` only those of the policy.
        baseline: A run folder, or one that was blessed.
        candidate: A run that is there; None makes the run that the overrides describe, or finds it.
        own: The user's folder of configs.
        on: ``all``, or ``common`` to leave out what the runs do not both have.
        watcher: Who is told how the run goes on; None tells nobody.

    Returns:
        The ruling, also where it is that the candidate is incomplete.

    Raises:
        NotComparableError: The runs differ in cases, texts or signatures.
        IncompleteError: There is nothing to compare.
        ConfigError: A key or an option is wrong; the policy asks for what no run has; both sides are one folder.
        RunError: A run is not there, or is damaged.
    """
    if on not in {"all", "common"}:
        raise ConfigError(f"on is '{on}'.", nearest(on, ("all", "common")))
    specs = load([_open(word) for word in overrides], own=own)
    if len(specs) != 1:
        raise ConfigError(f"The overrides describe {len(specs)} runs.", "Name one with --candidate.")
    before = _baseline(Path(baseline))
    after = _made(specs[0], before, watcher or Nobody()) if candidate is None else _loaded(candidate, before, overrides)
    policy = specs[0].policy
    settings = policy.settings(_compared(policy, [before, after]), on=on)
    return judge(compare([before, after], settings), policy, specs[0].policy_name)


def _open(word: str) -> str:
    """Let a rule be added where there is none; the policy checks its keys."""
    return f"++{word}" if word.startswith(_OPEN) else word


def _baseline(folder: Path) -> Run:
    if not folder.exists():
        raise RunError(f"There is no baseline '{folder}'.", "Make one of a run: tercet bless RUN.")
    return _told(folder)


def _told(folder: str | Path) -> Run:
    run = load_run(folder)
    check_told(run)
    return run


def _loaded(candidate: str | Path, baseline: Run, overrides: Sequence[str]) -> Run:
    """Load a candidate that is there; overrides that would describe another are refused."""
    for word in overrides:
        if word.partition("=")[0].lstrip("+~").split(".")[0] not in {"gate", "experiment"}:
            raise ConfigError(f"'{word}' describes a run, and --candidate names one.", "Leave out one of the two.")
    _refuse_same(baseline.folder, Path(candidate))
    run = _told(candidate)
    if unfinished(run.folder):
        raise RunError(
            f"{run.folder}: an attempt to make it again did not finish, and this is the older one.",
            "Repeat the command to finish it; or delete what is left of the attempt beside it.",
        )
    if "blessed" in run.info and "blessed" not in baseline.info:
        raise ConfigError(
            f"The candidate '{candidate}' is a baseline, and '{baseline.folder}' is none.",
            "Are the sides swapped? --baseline names the one that was blessed, --candidate the run to judge.",
        )
    return run


def _made(spec: RunSpec, baseline: Run, watcher: Watcher) -> Run:
    """Make the run that a config describes; one that is there and up to date is taken."""
    names = [score.name for metric in spec.metrics.values() for score in metric.scores]
    known = _known([baseline])
    spec.policy.check_known(known | {(name, code) for name in names for _, code in known})  # before anything is asked
    planned = plan_sweep([spec], watcher)
    _refuse_same(baseline.folder, planned[0].folder)
    return run_sweep(planned, watcher)[0]


def _refuse_same(baseline: Path, candidate: Path) -> None:
    if baseline.resolve() == candidate.resolve():
        raise ConfigError(
            f"'{candidate}' is both baseline and candidate, and would always pass.",
            "Bless it, so that the baseline is a folder of its own (tercet bless RUN), or name another run.",
        )


def _compared(policy: Policy, runs: Sequence[Run]) -> list[str]:
    """Choose what is compared: scores that tables show unasked, and those that the policy names.

    Raises:
        ConfigError: The policy demands a score that no run has.
    """
    policy.check_known(_known(runs))
    items = [item for run in runs for item in run.info["scores"]]
    named = {*policy.scores, policy.primary}
    return list(dict.fromkeys(item["score"] for item in items if item["headline"] or item["score"] in named))


def _known(runs: Sequence[Run]) -> set[tuple[str, str]]:
    """Scores and languages that a run has."""
    return {(item["score"], item["language"]) for run in runs for item in run.info["scores"]}
