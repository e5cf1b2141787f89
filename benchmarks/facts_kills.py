"""The kill matrix: which metric sees which kind of planted error.

Each of 60 errors is planted in one reference of the sample corpus, and the spoilt text is scored: by the
metrics of overlap against that reference as it was, by facts against the source, by agreement against the
reference in the other language. A metric of overlap sees an error where it loses more than 0.02 of its
range: half of the least difference that fifty articles can show between two systems. Its score is at the
maximum otherwise, since all else is equal: in real texts, that differ in wording too, it sees less.
Facts see an error where they find a fault in its place; agreement and audit where they find any, for in the
sound corpus they find none.

Run: ``python -m benchmarks.facts_kills``.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping

from tests.facts.planting import DROPPED, KINDS, Spoilt, all_spoilt

from benchmarks.clock import print_table
from tercet.api import measure
from tercet.audit import audit
from tercet.corpora.sample import Sample
from tercet.errors import MissingExtraError
from tercet.facts import Fact, compare, extract
from tercet.records import Article

SEEN = 0.02
_OVERLAP = {
    "ROUGE-1": ("rouge", "rouge1", 1.0),
    "ROUGE-L": ("rouge", "rougeLsum", 1.0),
    "BLEU": ("bleu", "bleu", 100.0),
    "chrF": ("chrf", "chrf", 100.0),
    "BERTScore": ("bertscore", "bertscore", 1.0),
    "embedding": ("embedding", "embedding", 1.0),
}
Way = Callable[[Spoilt, Article], float]  # how much of its range a metric loses, or 1 for an error that it names


def overlap(metric: str, score: str, top: float) -> Way:
    """Make a way that takes the loss of a score against the sound reference."""

    def lost(spoilt: Spoilt, sound: Article) -> float:
        code = spoilt.planted.language
        reference = sound.references[code][0].text
        values = [
            measure(metric, candidates=[text], references=[reference], language=code).scores[score]
            for text in (reference, spoilt.text)
        ]
        return (values[0] - values[1]) / top

    return lost


def against_source(spoilt: Spoilt, sound: Article) -> float:
    """Tell whether facts find a fault against the source, in the place of the error."""
    code = spoilt.planted.language
    report = compare(extract(spoilt.text, code, sound.date), extract(sound.source or "", sound.language, sound.date))
    return float(spoilt.planted.kind != DROPPED and any(_meet(verdict.fact, spoilt.span) for verdict in report.faults))


def against_other(spoilt: Spoilt, sound: Article) -> float:
    """Tell whether agreement finds a fault, from either language's side."""
    code = spoilt.planted.language
    (other,) = set(sound.references) - {code}
    mine, theirs = extract(spoilt.text, code, sound.date), extract(sound.references[other][0].text, other, sound.date)
    return float(bool(compare(mine, theirs, mutual=True).faults or compare(theirs, mine, mutual=True).faults))


def _meet(fact: Fact, span: tuple[int, int]) -> bool:
    return fact.start < span[1] and span[0] < fact.end


def audited(spoilt: Spoilt, sound: Article) -> float:  # noqa: ARG001 (all ways take the same)
    """Tell whether an audit finds a fault: in either text against the source, or between them."""
    return float(bool(audit(spoilt.article)))


def matrix(ways: Mapping[str, Way]) -> dict[str, dict[str, list[float]]]:
    """Measure every planted error in every way: kind -> way -> losses."""
    articles = {article.id: article for article in Sample().load().articles}
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for spoilt in all_spoilt(articles):
        for name, way in ways.items():
            found[spoilt.planted.kind][name].append(way(spoilt, articles[spoilt.planted.article]))
    return found


def main() -> None:
    """Print the matrix."""
    ways: dict[str, Way] = {}
    for name, (metric, score, top) in _OVERLAP.items():
        try:
            measure(metric, candidates=["a b"], references=["a b"], language="en")
        except MissingExtraError as error:
            print(f"{name} is left out: {error}")
            continue
        ways[name] = overlap(metric, score, top)
    ways |= {"facts": against_source, "agreement": against_other, "audit": audited}
    found = matrix(ways)
    rows = [[kind, *(_cell(found[kind][name]) for name in ways)] for kind in KINDS]
    rows.append(["all", *(_cell([x for kind in KINDS for x in found[kind][name]]) for name in ways)])
    rows.append(["mean loss", *(_mean([x for kind in KINDS for x in found[kind][name]], name) for name in ways)])
    print_table(["planted error", *ways], rows)
    print(f"A point that is {DROPPED} leaves nothing wrong against the source; the audit counts key points.")


def _cell(losses: list[float]) -> str:
    return f"{sum(loss > SEEN for loss in losses)} of {len(losses)}"


def _mean(losses: list[float], name: str) -> str:
    return "" if name in {"facts", "agreement", "audit"} else f"{sum(losses) / len(losses):.4f}"


if __name__ == "__main__":
    main()
