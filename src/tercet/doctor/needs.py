"""What the runs of a config would need: each thing is looked at, and what is missing does not end the search."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from tercet.articles import SOURCE_PLACE, Loaded
from tercet.census import Census, census
from tercet.chat import Endpoint
from tercet.config import RunSpec, as_json
from tercet.corpora import Corpus, streamed
from tercet.corpora.hf import Hf
from tercet.doctor import Finding, State, sound
from tercet.doctor.machine import folders
from tercet.doctor.weights import ENCODER, SENTENCES, checked
from tercet.encoders.embedded import Embedded
from tercet.errors import CorpusError, TercetError, located
from tercet.extras import check_installed
from tercet.metrics.bertscore import Bertscore
from tercet.metrics.contract import Metric
from tercet.metrics.embedding import Embedding
from tercet.metrics.nli import Nli
from tercet.pipeline import check_metrics
from tercet.planning import Cases
from tercet.routes import GROUPS

_LOOK = 1_000  # articles that are read: a doctor is quick, and a fault of a format shows in the first ones
# Where the work is done: module -> the package that it needs, which is also the extra's name.
_APART = {
    "tercet.executors.ray": "ray",
    "tercet.launchers.ray": "ray",
    "tercet.launchers.joblib": "joblib",
    "tercet.launchers.submitit": "submitit",
}


def needs(specs: Sequence[RunSpec], *, online: bool) -> list[Finding]:
    """Look at what runs need: corpus, backends, metrics, keys, packages, room on the disk.

    Args:
        specs: Of the runs.
        online: Whether the network may be used; else what would be fetched is told, and not tried.

    Returns:
        Each finding once, whatever the number of runs that share it.
    """
    found: dict[Finding, None] = {}
    read: dict[str, tuple[Census | None, list[Finding]]] = {}
    for spec in specs:
        key = as_json({"corpus": spec.config["corpus"]})
        if key not in read:
            read[key] = _corpus(spec.corpus, online=online)
        articles, told = read[key]
        cases = None if articles is None else _cases(articles, spec)
        found |= dict.fromkeys(told)
        found |= dict.fromkeys(_backends(spec, cases, online=online))
        targets = cases.targets if cases is not None else tuple(spec.settings.languages or ("en", "zh"))
        for name, metric in spec.metrics.items():
            found |= dict.fromkeys(_metric(name, metric, targets, online=online))
        found |= dict.fromkeys(_apart(spec))
        found |= dict.fromkeys(folders(spec.settings.results, spec.settings.cache))
    return list(found)


@dataclass(frozen=True)
class _Head:
    """The first articles of a corpus.

    Args:
        corpus: The whole one.
    """

    corpus: Any

    def load(self) -> Loaded:
        items = list(islice(streamed(self.corpus), _LOOK))
        articles = tuple(item for item in items if not isinstance(item, CorpusError))
        return Loaded(articles=articles, problems=tuple(item for item in items if isinstance(item, CorpusError)))


def _corpus(corpus: Corpus, *, online: bool) -> tuple[Census | None, list[Finding]]:
    name = type(corpus).__name__.lower()
    try:
        read = census(_Head(corpus))
    except TercetError as error:
        fetched = isinstance(corpus, Hf) and isinstance(error, CorpusError) and corpus.path is not None
        if fetched and not online:
            said = "it is not on this machine's disk; a run would fetch it from the hub"
            return None, [_finding("Corpus", name, State.UNKNOWN, said, "Look with --online.")]
        return None, [_finding("Corpus", name, State.MISSING, error.problem, error.remedy)]
    broken = [_finding("Corpus", name, State.WARNING, problem.problem, problem.remedy) for problem in read.problems[:3]]
    if not len(read):
        return None, [*broken, _finding("Corpus", name, State.MISSING, "there is no article", "Check corpus.path.")]
    more = len(read) + len(read.problems) == _LOOK
    languages = ", ".join(sorted({code for sample in read.samples for code in sample.references})) or "no language"
    noun = "article" if len(read) == 1 else "articles"
    said = f"{'the first ' if more else ''}{len(read):,} {noun} can be read; references in {languages}"
    if bare := next((sample.id for sample in read.samples if sample.source is None), None):
        broken.append(_finding("Corpus", name, State.WARNING, f"'{bare}' has no source text to be read", SOURCE_PLACE))
    return read, [_finding("Corpus", name, State.OK, said), *broken]


def _cases(articles: Census, spec: RunSpec) -> Cases:
    everything = np.ones(len(articles), dtype=np.bool_)
    return Cases(articles, spec.system.route, spec.settings.languages, everything)


def _backends(spec: RunSpec, cases: Cases | None, *, online: bool) -> Iterator[Finding]:
    """Ask each backend whether it can serve what its stage would ask."""
    system = spec.system
    for role in system.route.stages:
        backend: Any = system.backends[role]
        area, name = GROUPS[role].capitalize(), system.names[role]
        steps = {
            (step.source, step.target)
            for case in (cases.samples if cases is not None else ())
            for step in system.route.steps(case)
            if step.role == role
        }
        said = list(_refusals(area, name, backend, [(role, *pair) for pair in sorted(steps)]))
        said += _endpoint(area, name, backend, online=online)
        if not steps:
            yield _finding(area, name, State.UNKNOWN, "nothing is known of what it would be asked")
        elif sound(said):
            yield _finding(area, name, State.OK, "can serve")
        yield from said


def _refusals(area: str, name: str, backend: Any, steps: Iterable[tuple[str, str, str]]) -> Iterator[Finding]:
    try:
        refused = {backend.refuses(*step) for step in steps} - {None}
    except TercetError as error:
        yield _finding(area, name, State.MISSING, error.problem, error.remedy)
    except Exception as error:  # noqa: BLE001 (a user's class may raise whatever it likes)
        yield _finding(area, name, State.MISSING, f"it fails: {located(error)}", "This is a fault of the backend.")
    else:
        yield from (_finding(area, name, State.MISSING, reason) for reason in sorted(map(str, refused)))


def _metric(name: str, metric: Metric, languages: Sequence[str], *, online: bool) -> Iterator[Finding]:
    """Let a metric sign, which names what it lacks, and look at the weights that it brings."""
    area = "Metrics"
    try:
        check_metrics([metric], languages)
    except TercetError as error:
        if getattr(metric, "fetch", False) and not online:
            text = "what it needs is not here; it may fetch it, since fetch=true"
            yield _finding(area, name, State.UNKNOWN, text, "Look with --online.")
            return
        yield _finding(area, name, State.MISSING, error.problem, error.remedy)
        return
    said = list(_endpoint(area, name, getattr(metric, "backend", None) or metric, online=online))
    if isinstance(metric, Nli) and metric._entailment.absent is not None:
        said.append(_finding(area, name, State.MISSING, metric._entailment.absent))
    if sound(said):
        yield _finding(area, name, State.OK, "can measure")
    yield from said
    yield from (checked(package) for package in _carried(metric))


def _carried(metric: Metric) -> Iterable[str]:
    """Name the packages whose weights a metric loads."""
    if isinstance(metric, Bertscore) and metric.model in {None, Embedded.name}:
        yield ENCODER
    if isinstance(metric, Embedding) or (isinstance(metric, Nli) and metric.top_k is not None):
        yield SENTENCES


def _endpoint(area: str, name: str, asks: Any, *, online: bool) -> Iterator[Finding]:
    """Look at the key and the address of what asks a model over HTTP; a key itself is never told."""
    if not hasattr(asks, "base_url"):
        return
    endpoint = Endpoint(base_url=asks.base_url, key_variable=getattr(asks, "key_variable", None))
    if endpoint.obstacle is not None:
        yield _finding(area, f"{name}, key" if asks.base_url else name, State.MISSING, endpoint.obstacle)
    elif endpoint.key_variable is not None:
        yield _finding(area, f"{name}, key", State.OK, f"the environment variable {endpoint.key_variable} is set")
    if asks.base_url is not None:
        yield _reached(area, f"{name}, endpoint", str(asks.base_url), online=online)


def _reached(area: str, name: str, address: str, *, online: bool) -> Finding:
    """Ask an endpoint for its list of models, without a key; any answer shows that somebody is there."""
    if not online:
        return _finding(area, name, State.UNKNOWN, f"{address}: not asked", "Look with --online.")
    import urllib.error
    import urllib.request

    request = urllib.request.Request(f"{address.rstrip('/')}/models", method="GET")  # noqa: S310 (checked by Endpoint)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code  # also a refusal is an answer
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return _finding(
            area, name, State.MISSING, f"{address}: no answer: {reason}", "Start the server, or mend base_url."
        )
    return _finding(area, name, State.OK, f"{address}: answers (HTTP {status})")


def _apart(spec: RunSpec) -> Iterator[Finding]:
    """Look for the packages of an executor and a launcher."""
    for area, part in (("Executor", spec.executor), ("Launcher", spec.launcher)):
        module = type(part).__module__
        name = type(part).__name__.lower()
        package = _APART.get(module)
        try:
            check_installed([package] if package else [], extra=package or "", purpose=f"{area.lower()}={name}")
        except TercetError as error:
            yield _finding(area, name, State.MISSING, error.problem, error.remedy)
        else:
            if package is not None:
                yield _finding(area, name, State.OK, f"{package} is installed")


def _finding(area: str, name: str, state: State, said: str, remedy: str = "") -> Finding:
    return Finding(area=area, name=name, state=state, said=said.strip().rstrip("."), remedy=remedy)
