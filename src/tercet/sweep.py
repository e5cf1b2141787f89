"""Runs and sweeps: what is planned first, what is run, what is there already."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tercet.cache import Cache, digest
from tercet.census import Census, census
from tercet.config import RunSpec, as_json
from tercet.dry_run import Outlook, outlook
from tercet.errors import ConfigError, CorpusError, nearest
from tercet.examples import drawn_apart
from tercet.generating import Asking
from tercet.making import make_apart, make_run, portable
from tercet.pipeline import check_metrics
from tercet.planned import Planned, Watcher
from tercet.planning import plan
from tercet.provenance import fingerprint
from tercet.runs import Run, finished, load_run, unfinished
from tercet.spending import Spending

__all__ = ["Planned", "Watcher", "forecast", "nothing_scored", "plan_sweep", "run_sweep", "sweep_name"]
_LONGEST = 120  # bytes of a name of a folder, to which a hash, a part and ".partial" are added


@dataclass(slots=True)
class _Corpora:
    """Each corpus is read once in a sweep."""

    watcher: Watcher
    read: dict[str, Census] = field(default_factory=dict)

    def of(self, spec: RunSpec) -> Census:
        key = as_json({"corpus": spec.config["corpus"]})
        if key not in self.read:
            found = census(spec.corpus)
            for problem in found.problems:
                self.watcher.problem(problem)
            if not len(found) and found.problems:
                count = len(found.problems)
                raise CorpusError(
                    f"No article could be read: {'the only one' if count == 1 else f'all {count}'} of the corpus "
                    f"{'is' if count == 1 else 'are'} broken.",
                    "Mend what is named above, or choose the corpus=... that reads such files: tercet list.",
                )
            self.read[key] = found
        return self.read[key]


def plan_sweep(specs: Sequence[RunSpec], watcher: Watcher) -> list[Planned]:
    """Load the corpora and check every run of a sweep before the first one begins.

    Runs that come out the same (a choice that the route does not use) are made once.

    Raises:
        TercetError: Any run cannot be made.
    """
    for spec in specs:
        _check_spending(spec)
    corpora = _Corpora(watcher)
    apart = max((_examples(spec) for spec in specs), default=0)
    found: dict[Path, Planned] = {}
    for spec in specs:
        planned = _planned(spec, apart if spec.settings.held_apart is None else spec.settings.held_apart, corpora)
        found.setdefault(planned.folder, planned)
    return list(found.values())


def _examples(spec: RunSpec) -> int:
    """How many examples the prompts of a run show at most: every run of a sweep leaves as many articles out."""
    return max(getattr(spec.system.backends[role], "examples", 0) for role in spec.system.route.stages)


def _planned(spec: RunSpec, apart: int, corpora: _Corpora) -> Planned:
    settings = spec.settings
    corpus = corpora.of(spec)
    held = drawn_apart(corpus.articles, apart, settings.seed) if apart else []
    if held and len(held) == len(corpus):
        raise ConfigError(
            f"All {len(corpus)} articles are held apart as examples.", f"Set held_apart to less than {apart}."
        )
    system = replace(spec.system, held=tuple(held))
    cases = plan(corpus, system, settings.languages, settings.limit, settings.repeats, spec.part)
    _check_prices(spec)
    signatures = check_metrics(spec.metrics.values(), sorted({case.target_language for case in cases.samples}))
    backends = {role: system.backends[role] for role in system.route.stages}
    identities = {role: backend.identity() for role, backend in backends.items()}
    config = {**spec.config, "held_apart": apart}
    name = f"{_slug(system.name)}-{digest(as_json(config), corpus.hash, identities)[:8]}"
    prices = [None if (price := system.price(role)) is None else asdict(price) for role in backends]
    return Planned(
        spec=spec,
        system=system,
        corpus=corpus,
        config=config,
        cases=cases,
        name=name,
        folder=Path(settings.results) / part_name(name, spec.part),
        fingerprint=digest(
            fingerprint(type(part) for part in (*backends.values(), *spec.metrics.values())), signatures, prices
        ),
    )


def part_name(name: str, part: tuple[int, int]) -> str:
    """Name the folder of a part of a run.

    >>> part_name("lead-glossary-1a2b3c4d", (2, 8))
    'lead-glossary-1a2b3c4d-part-2-of-8'
    """
    return name if part == (1, 1) else f"{name}-part-{part[0]}-of-{part[1]}"


def _check_spending(spec: RunSpec) -> None:
    """Refuse a limit of cost where runs are made by processes that do not know each other's cost."""
    if spec.launcher.concurrent and spec.settings.max_cost is not None:
        raise ConfigError(
            "max_cost is set, and the launcher makes runs in processes of their own.", "Set launcher=basic."
        )


def _check_prices(spec: RunSpec) -> None:
    """Refuse a limit of cost where a model's price is not known."""
    system = spec.system
    for role in system.route.stages if spec.settings.max_cost is not None else ():
        if system.price(role) is None:
            model = str(getattr(system.backends[role], "model", ""))
            raise ConfigError(
                f"max_cost is set, and the price of '{model}' is not known.",
                f"Add '+prices.{model}={{prompt:1,answer:4}}', in US dollars a million tokens, or a table prices=mine. "
                f"{nearest(model, system.prices)}",
            )


def forecast(planned: Sequence[Planned]) -> list[Outlook]:
    """Say what a sweep would ask of models; a run that is there and up to date asks nothing."""
    settings = planned[0].spec.settings
    path = Path(settings.cache) if settings.cache and Path(settings.cache).is_file() else None
    with Cache(path) as cache:
        missing = [item for item in planned if settings.fresh or finished(item.folder, item.fingerprint) is None]
        return outlook([(item.cases, item.system) for item in missing], cache)


def run_sweep(planned: Sequence[Planned], watcher: Watcher) -> list[Run]:
    """Make the runs; one that is there and up to date is not made again.

    Replies are shared through the cache, so that a summarizer is asked once an article, whatever the number of
    translators behind it, and a killed sweep goes on where it stopped. Where the launcher makes runs beside each
    other, each process claims in the cache what it asks, and the others wait for it.

    Raises:
        TercetError: A run could not be made; the others were.
    """
    watcher.planned(len(planned), sum(len(item.cases) for item in planned))
    settings, launcher = planned[0].spec.settings, planned[0].spec.launcher
    if not launcher.concurrent:
        spending = Spending(limit=settings.max_cost)
        with Cache(Path(settings.cache) if settings.cache else None) as cache:
            asking = Asking(cache, watcher.step, spending)
            made = dict(launcher.launch(lambda item: _run(item, asking, watcher), planned))
        return [made[index] for index in range(len(planned))]
    there = {index: run for index, item in enumerate(planned) if (run := _there(item, watcher)) is not None}
    missing = [index for index in range(len(planned)) if index not in there]
    there.update(zip(missing, _made_elsewhere([planned[index] for index in missing], watcher), strict=True))
    return [there[index] for index in range(len(planned))]


def _made_elsewhere(planned: Sequence[Planned], watcher: Watcher) -> list[Run]:
    """Let a launcher make runs in other processes."""
    if not planned:
        return []
    for item in planned:
        if unfinished(item.folder):
            watcher.resumed(item.spec.label)
    found: dict[int, Run] = {}
    with watcher.elsewhere(len(planned)) as made:
        for index, folder in planned[0].spec.launcher.launch(make_apart, [portable(item) for item in planned]):
            found[index] = load_run(folder)
            made(planned[index].spec.label)
    return [found[index] for index in range(len(planned))]


def _run(item: Planned, asking: Asking, watcher: Watcher) -> Run:
    there = _there(item, watcher)
    if there is not None:
        return there
    if unfinished(item.folder):
        watcher.resumed(item.spec.label)
    with watcher.run(item.spec.label) as told:
        return make_run(item, replace(asking, tell=told.step, calls={}), told)


def _there(item: Planned, watcher: Watcher) -> Run | None:
    """Find a run that need not be made."""
    found = None if item.spec.settings.fresh else finished(item.folder, item.fingerprint)
    if found is not None:
        watcher.reused(item.spec.label, item.folder)
    return found


def sweep_name(planned: Sequence[Planned]) -> str:
    """Name the folder of a sweep by what it is made of."""
    name = planned[0].spec.settings.name or "sweep"
    return f"{_slug(name)}-{digest(sorted(item.folder.name for item in planned))[:8]}"


def nothing_scored(runs: Iterable[Run]) -> list[Run]:
    """The runs in which no metric has a single score."""
    return [run for run in runs if not any(item["scored"] for item in run.info["scores"])]


def _slug(name: str) -> str:
    """Make a name of a folder; a long one is cut, for a file system takes 255 bytes, and a hash follows it anyway."""
    plain = re.sub(r"[^\w.]+", "-", name).lower().encode()[:_LONGEST].decode("utf-8", "ignore")
    return plain.strip("-.") or "run"
