"""Verification: every row and every score of a run computed again from its outputs, and compared to the last bit.

The rows are written as a run writes them, by the same code, into a folder that is thrown away, and what can be read
there is compared with what the run has: so nothing that a run holds is left out of the comparison by mistake.

What a language model has judged is looked up in the cache and never asked again: it would cost, and might answer
otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from tercet.cache import digest_each
from tercet.cases import CaseInfo
from tercet.census import article_as_json
from tercet.comparing.tables import Contents, contents
from tercet.composing import config_folders, make_importable
from tercet.discrepancies import Discrepancy, Unknown, discrepancies
from tercet.errors import ConfigError, CorpusError, NotComparableError, RunError
from tercet.examples import hold_apart
from tercet.metrics.contract import Metric
from tercet.pipeline import Measurement, measure_segments, segments_of
from tercet.provenance import versions
from tercet.recalling import articles_of
from tercet.recorded import recorded
from tercet.records import Article, Case, Segment
from tercet.runs import Run, check_whole, keeps_outputs, load_run, read_cases
from tercet.signatures import differences
from tercet.tallying import Key

_AGAIN = "Repeat the command that made it."
_SHOWN = 3
_NEEDED = {"config": dict, "corpus": dict, "signatures": dict, "columns": dict, "scores": list, "seed": int}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of verifying a run.

    Args:
        folder: The run's.
        rows: How many it has.
        scores: How many it has.
        differing: What is otherwise than it was computed now; in the order of metrics.
        unknown: What could not be computed again, since a model would have to be asked.
        outputs: Whether the rows were computed again; False for a baseline without outputs, of which only the scores
            were, from the rows that it has.
        notes: What else one should know.
    """

    folder: Path
    rows: int
    scores: int
    differing: tuple[Discrepancy, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    outputs: bool = True
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all is equal, 1 something differs, 4 not everything could be computed again."""
        if self.differing:
            return 1
        return 0 if self.outputs and self.rows and not self.unknown else 4


def verify(folder: Path, own: str | None = None, *, trusted: bool = False) -> Verification:
    """Compute a run's rows and scores again, and compare.

    Args:
        folder: The run's.
        own: The user's folder of configs, beside which their classes lie.
        trusted: Whether what the run's options name may be run: a metric's script, a checkpoint that is a pickle.

    Raises:
        ConfigError: A metric would run what the run names, and it is not trusted.
        RunError: A file is missing, damaged, or not the one that was written with the run.
        NotComparableError: The corpus has other articles than the run's, or a metric signs otherwise.
        TercetError: The corpus cannot be loaded, or a metric cannot measure here.
    """
    run = load_run(folder)
    for key, kind in _NEEDED.items():
        if not isinstance(run.info.get(key), kind):
            raise RunError(f"{folder}/run.json: '{key}' is missing, or is no {kind.__name__}.", _AGAIN)
    check_whole(run)
    make_importable(config_folders(own))
    if not keeps_outputs(run.info):
        return _verified(run, _from_rows(contents(run)), outputs=False)
    cases, differing, notes = _cases(run)
    metrics = {
        name: _asking_nobody(recorded(node, f"metrics.{name}"))
        for name, node in (run.info["config"].get("metrics") or {}).items()
    }
    _check_trusted(run, metrics, trusted=trusted)
    notes += _from_caches(metrics)
    return _verified(run, _from_outputs(run, cases, metrics), differing, notes)


def _check_trusted(run: Run, metrics: Mapping[str, Metric], *, trusted: bool) -> None:
    """Refuse to run what a run folder names: it is data, and may come from anybody."""
    found = {name: what for name, metric in metrics.items() if (what := getattr(metric, "executes", None))}
    if found and not trusted:
        name, what = next(iter(found.items()))
        raise ConfigError(
            f"{run.folder}: to compute the metric '{name}' is to run {what} that the run names.",
            "Where you know the run, and what it names: add --trust.",
        )


def _verified(
    run: Run,
    measured: Mapping[Key, Measurement],
    differing: Sequence[Discrepancy] = (),
    notes: Sequence[str] = (),
    *,
    outputs: bool = True,
) -> Verification:
    found, unknown = discrepancies(run, measured, evidence=outputs)
    differing = (*differing, *found)
    return Verification(
        folder=run.folder,
        rows=run.rows().num_rows,
        scores=len(run.info["scores"]),
        differing=differing,
        unknown=unknown,
        outputs=outputs,
        notes=(*notes, *(_other_versions(run.info.get("versions") or {}) if differing else ())),
    )


def _from_rows(found: Contents) -> dict[Key, Measurement]:
    """Take the rows that a run has."""
    measured = {}
    for (name, language), table in found.tables.items():
        infos = [found.cases[case] for case in table.cases]
        measured[name, language] = Measurement(
            metric=table.metric,
            segments=[
                Segment(id=info.id, candidate=None, language=language, cluster=info.cluster, repeat=info.repeat)
                for info in infos
            ],
            rows=table.rows,
            by_segment=table.by_segment,
            signature=table.signature,
        )
    return measured


def _from_outputs(run: Run, cases: Sequence[Case], metrics: Mapping[str, Metric]) -> dict[Key, Measurement]:
    """Measure the outputs that a run has.

    Raises:
        NotComparableError: A metric signs otherwise than in the run.
    """
    segments = segments_of(cases, run.outputs)
    told = {(name, code): run.info["signatures"].get(name, {}).get(code, "") for name in metrics for code in segments}
    # What the segments add to a signature is known once they are measured; what differs before is told before.
    early = {key: differences(told[key], metrics[key[0]].signature(key[1])) for key in told}
    _check_signed(
        run, {key: [part for part in parts if not part.endswith(" against nothing")] for key, parts in early.items()}
    )
    measured = {(name, code): measure_segments(metrics[name], segments[code], code) for name, code in told}
    _check_signed(run, {key: differences(told[key], found.signature) for key, found in measured.items()})
    return measured


def _check_signed(run: Run, found: Mapping[tuple[str, str], Sequence[str]]) -> None:
    problems = [f"{name} {code}: {', '.join(parts)}" for (name, code), parts in found.items() if parts]
    if problems:
        more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        made = (run.info.get("versions") or {}).get("tercet", "the one it was made with")
        raise NotComparableError(
            f"{run.folder}: scored otherwise, in the run against here: {'; '.join(problems[:_SHOWN])}{more}.",
            f"Verify it with the versions that it was made with (tercet {made}); or repeat the run with these.",
        )


def _cases(run: Run) -> tuple[list[Case], list[Discrepancy], list[str]]:
    """Find the cases of a run in its corpus; what differs where the corpus is the same was changed in the run.

    Raises:
        NotComparableError: The corpus is another one.
        RunError: Cases and outputs do not belong together.
    """
    told = read_cases(run.folder)
    _check_outputs(run, told)
    corpus = _load(run)
    articles = {article.id: article for article in corpus}
    same = digest_each(map(article_as_json, corpus)) == run.info["corpus"].get("hash")
    cases, found = [], []
    for info in told:
        article = articles.get(info.article)
        if article is None:
            found.append(Discrepancy.of("cases.jsonl", "the article", info.article, None, case=info.id))
            continue
        case = Case(
            article=article,
            given=None,
            given_language=article.language,
            target_language=info.language,
            repeat=info.repeat,
        )
        cases.append(case)
        here, there = CaseInfo.of(case), info
        found += [
            Discrepancy.of("cases.jsonl", item.name, getattr(there, item.name), getattr(here, item.name), case=info.id)
            for item in fields(CaseInfo)
            if getattr(there, item.name) != getattr(here, item.name)
        ]
    if found and (not same or len(cases) < len(told)):
        raise _another(run, found)
    apart = _held_apart(run, corpus) if same else []
    notes = [] if same else ["The corpus has changed since; the articles of this run's cases are the same."]
    return cases, [*found, *apart], notes


def _another(run: Run, found: Sequence[Discrepancy]) -> NotComparableError:
    ids = list(dict.fromkeys(item.case for item in found))
    first = found[0]
    return NotComparableError(
        f"{run.folder}: the corpus is not the run's: {len(ids)} of its {run.info.get('cases')} cases are others; of "
        f"{first.case}, {first.what} was {first.stored}, and is {first.computed}.",
        "Verify it where the corpus is as it was, from the folder in which the run was made.",
    )


def _check_outputs(run: Run, told: Sequence[CaseInfo]) -> None:
    """Refuse a run whose outputs are not those of its cases, in their order."""
    mine = [(info.id, info.article, info.language, info.repeat) for info in told]
    theirs = [(item.case_id, item.article_id, item.target_language, item.repeat) for item in run.outputs]
    if mine != theirs:
        line = next((i for i, pair in enumerate(zip(mine, theirs, strict=False)) if pair[0] != pair[1]), None)
        line = min(len(mine), len(theirs)) if line is None else line
        raise RunError(f"{run.folder}/outputs.jsonl:{line + 1}: not the output of that case in cases.jsonl.", _AGAIN)


def _load(run: Run) -> Sequence[Article]:
    try:
        return articles_of(run.info["config"].get("corpus"))
    except CorpusError as error:
        raise CorpusError(
            f"{run.folder}: its corpus: {error.problem}", "Verify it from the folder in which the run was made."
        ) from error


def _held_apart(run: Run, corpus: Sequence[Article]) -> list[Discrepancy]:
    """Draw the examples again."""
    count, told = run.info["config"].get("held_apart") or 0, run.info["corpus"].get("held_apart")
    drawn = [article.id for article in hold_apart(corpus, count, run.info["seed"])[1]] if count else []
    return [] if told == drawn else [Discrepancy.of("run.json", "corpus.held_apart", told, drawn)]


def _asking_nobody(metric: Any) -> Any:
    """Cut a metric off from the model that it would ask; what was answered once stands in its cache."""
    if getattr(metric, "base_url", None) is not None:
        metric = replace(metric, base_url=None)
    if getattr(metric, "backend", None) is not None and hasattr(metric.backend, "ask"):
        metric = replace(metric, backend=_Silent(metric.backend))
    return metric


class _Silent:
    """A backend that asks a model, and does not: its answers are known by what would be asked, and of whom."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.model = backend.model

    def speaker(self) -> list[object]:
        """What decides the answers."""
        found: list[object] = self._backend.speaker()
        return found

    def refuses(self, *_: str) -> str:
        """Say that nobody is asked."""
        return "nobody is asked"

    def ask(self, questions: object) -> Iterator[Any]:
        """Never called: everything is refused."""
        raise NotImplementedError


def _from_caches(metrics: Mapping[str, Any]) -> Iterator[str]:
    """Say which numbers are looked up and not computed."""
    for name, metric in metrics.items():
        cache = getattr(metric, "cache", None)
        if isinstance(cache, str) and Path(cache).is_file():
            asks = hasattr(metric, "base_url")
            rest = "is unknown" if asks else "was computed; without the file all is"
            yield f"{name}: what stands in {cache} was taken from there; what does not {rest}."


def _other_versions(told: Mapping[str, str]) -> Iterator[str]:
    """Name the packages that are here in other versions: the first thing to suspect."""
    here = versions()
    other = [f"{name} {told[name]} -> {here[name]}" for name in here if told.get(name, here[name]) != here[name]]
    if other:
        yield f"Versions, then and now: {', '.join(other)}."
