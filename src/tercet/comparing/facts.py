"""False facts of two runs: which are new, which are repaired."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tercet.comparing.records import FalseFact
from tercet.comparing.texts import Texts
from tercet.errors import RunError
from tercet.records import Quote
from tercet.runs import Run, read_evidence
from tercet.text.excerpts import quote

# Contradicted or malformed is wrong; what is not found may be true.
KINDS = ("contradicted", "malformed")
EVERY_KIND = (*KINDS, "not_found")
# What a reader is harmed by most comes first: wrong by orders of magnitude, or turned round.
_ERRORS = ("magnitude", "direction", "malformed", "multiple", "currency", "points", "unit", "number", "approximator")


def false_facts(run: Run, metric: str = "facts", kinds: Collection[str] = KINDS) -> dict[str, list[FalseFact]]:
    """Read the false facts of a run, by case.

    Args:
        run: A finished run.
        metric: The metric whose evidence is read.
        kinds: Which kinds of evidence are false facts.

    Raises:
        RunError: The evidence or an output is damaged.
    """
    found: dict[str, list[FalseFact]] = {}
    for fact in each_false_fact(run, metric, kinds):
        found.setdefault(fact.case_id, []).append(fact)
    return found


def each_false_fact(run: Run, metric: str = "facts", kinds: Collection[str] = KINDS) -> Iterator[FalseFact]:
    """Read the false facts of a run one after another, in the order of its evidence; one text is held at a time.

    Args:
        run: A finished run.
        metric: The metric whose evidence is read.
        kinds: Which kinds of evidence are false facts.

    Raises:
        RunError: The evidence or an output is damaged.
    """
    texts = Texts(run)
    for item in read_evidence(run.folder):
        if item["metric"] != metric:
            continue
        try:
            fact = _fact(item, texts.of(item["id"])) if item["kind"] in kinds else None
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(
                f"{run.folder}/evidence.jsonl: an item of {item['id']} is damaged: {error!r}.",
                "Repeat the command that made it.",
            ) from error
        if fact is not None:
            yield fact


def _fact(item: Mapping[str, Any], text: str | None) -> FalseFact:
    start, end = item["start"], item["end"]
    if start is not None and text is not None and not 0 <= start <= end <= len(text):
        raise ValueError(f"it stands from {start} to {end}, and the output has {len(text)} characters")
    return FalseFact(
        case_id=item["id"],
        kind=item["kind"],
        label=item.get("label", ""),
        value=item.get("value", ""),
        message=item["message"],
        place=None if text is None or start is None else quote(text, start, end),
        other=Quote(**item["quote"]) if item.get("quote") else None,
        metric=item["metric"],
    )


def changed(
    before: Mapping[str, Sequence[FalseFact]], after: Mapping[str, Sequence[FalseFact]], cases: Iterable[str]
) -> dict[str, list[FalseFact]]:
    """Find, by case, the facts of ``after`` that ``before`` has not; one that stands there twice counts twice.

    A fact is the same where kind, error and normalized value are, wherever in the text it stands and however it is
    worded.
    """
    found: dict[str, list[FalseFact]] = {}
    for case in cases:
        there = Counter(map(_identity, before.get(case, ())))
        for fact in after.get(case, ()):
            there[_identity(fact)] -= 1
            if there[_identity(fact)] < 0:
                found.setdefault(case, []).append(fact)
    return found


def worst_first(facts: Iterable[FalseFact]) -> tuple[FalseFact, ...]:
    """Sort facts: contradicted before malformed, and those first that are wrong by most."""
    return tuple(sorted(facts, key=rank))


def _identity(fact: FalseFact) -> tuple[str, str, str]:
    return fact.kind, fact.label, fact.value or fact.message


def rank(fact: FalseFact) -> tuple[int, int, str, int]:
    """Give the place of a fact among others: by kind, by error, by case, by where it stands."""
    kind = KINDS.index(fact.kind) if fact.kind in KINDS else len(KINDS)
    error = _ERRORS.index(fact.label) if fact.label in _ERRORS else len(_ERRORS)
    return kind, error, fact.case_id, fact.place.start if fact.place else 0
