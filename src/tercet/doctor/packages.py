"""Packages: the ones that tercet always needs, and those of each extra, by what their metadata says."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from typing import TYPE_CHECKING

from tercet.doctor import Finding, State

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# What an extra is for, in the order in which they are shown; ``all`` and ``dev`` are no features.
_FOR = {
    "fast": "compiled kernels",
    "bertscore": "metric=bertscore",
    "embedding": "metric=embedding",
    "nli": "metric=nli",
    "openai": "models behind an endpoint",
    "embedded": "models in this process (GGUF)",
    "huggingface": "models of transformers",
    "hf": "corpus=hf, metric=evaluate",
    "report": "the report as HTML",
    "ray": "clusters of Ray",
    "joblib": "launcher=joblib",
    "submitit": "launcher=submitit (Slurm)",
    "stats": "the Wilcoxon and t tests",
    "zh": "Chinese words; traditional and simplified",
    "comet": "metric=comet",
}
_NOT_SHOWN = {"all", "dev"}


def packages() -> Iterator[Finding]:
    """Hold what is installed to what tercet's metadata asks for; nothing is imported."""
    try:
        needed = [_read(line) for line in requires("tercet") or ()]
        extras = metadata("tercet").get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return
    yield _core([item for item in needed if _wanted(item, "")])
    for extra in sorted(set(extras) - _NOT_SHOWN, key=lambda name: list(_FOR).index(name) if name in _FOR else 99):
        yield _extra(extra, [item for item in needed if _wanted(item, extra) and not _wanted(item, "")])


def faults(needed: Sequence["Requirement"]) -> Mapping[str, str]:
    """Say what is wrong with requirements: package to reason, without those that are met."""
    return {item.name: reason for item in needed if (reason := _fault(item))}


def _core(needed: Sequence["Requirement"]) -> Finding:
    wrong = faults(needed)
    if not wrong:
        said = f"{len(needed)} packages, all there"
        return Finding(area="Packages", name="core", state=State.OK, said=said)
    return Finding(
        area="Packages",
        name="core",
        state=State.MISSING,
        said=_listed(wrong),
        remedy="Run: pip install --upgrade tercet",
    )


def _extra(extra: str, needed: Sequence["Requirement"]) -> Finding:
    wrong = faults(needed)
    purpose = _FOR.get(extra, "an extra")
    if not wrong:
        said = f"{purpose}: {', '.join(f'{item.name} {version(item.name)}' for item in needed)}"
        return Finding(area="Extras", name=extra, state=State.OK, said=said)
    # Whoever has all of it wants it: a version that does not fit may break where it is used.
    unfit = all(" is installed" in reason for reason in wrong.values())
    return Finding(
        area="Extras",
        name=extra,
        state=State.WARNING if unfit else State.OFF,
        said=f"{purpose}: {_listed(wrong)}",
        remedy=f"Run: pip install 'tercet[{extra}]'" + (" (in an environment of its own)" if extra == "comet" else ""),
    )


def _listed(wrong: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {reason}" for name, reason in wrong.items())


def _fault(item: "Requirement") -> str | None:
    try:
        found = version(item.name)
    except PackageNotFoundError:
        return "is not installed"
    if item.specifier.contains(found, prereleases=True):
        return None
    return f"{found} is installed, and {item.specifier} is needed"


def _read(line: str) -> "Requirement":
    from packaging.requirements import Requirement

    return Requirement(line)


def _wanted(item: "Requirement", extra: str) -> bool:
    """Tell whether a requirement holds here, with an extra or without one; an extra of extras is none."""
    return item.name != "tercet" and (item.marker is None or item.marker.evaluate({"extra": extra}))
