"""What must be known of an agreement's tables: what is missing and why, what words mean, how figures are made."""

from collections.abc import Iterator, Sequence

from tercet.meta.records import Agreement, Level, Measure, SetFigures, Table, Verdict
from tercet.report.agreement_text import BY_INTERVAL, levels, shown
from tercet.report.comparison_text import percent
from tercet.text.counting import counted

_MEANING = {
    Level.SYSTEM: "systems: the metric's scores of whole systems against what people say of these.",
    Level.TEXT: "texts: over all texts at once.",
    Level.ITEM: "items: within each item, such as a source text, over its systems; then the mean.",
    Level.LABEL: "labels: people call a text good (1) or bad (0).",
    Level.PAIR: "pairs: a good text and the same one spoilt.",
}
_TERMS = {
    "system.pairwise": "pairs in order: the share of pairs of systems that the metric orders as people do; one that it"
    " ties is wrong.",
    "text.partial": "partial Pearson: Pearson when each system's own mean is taken away. Far below Pearson, a metric"
    " mostly tells which system wrote a text.",
    "item.acc_eq": "acc-eq: the share of pairs of texts that the metric orders as people do, ties included; it ties up"
    " to the difference that suits it best, one for all items.",
    "label.auc": "AUC: the chance that a good text scores above a bad one; 0.5 is no better than a coin.",
    "label.balanced_accuracy": "balanced accuracy: the mean of good texts passed and bad ones caught, at a threshold"
    " that is chosen on half of the clusters and judged on the others; the mean of 200 splits.",
    "pair.preference": "preferred: the share of pairs in which the good text scores higher; a tie counts against the"
    " metric.",
}


def notices(found: SetFigures, table: Table, measures: Sequence[Measure]) -> Iterator[str]:
    """Say what must be known of a table: what is not scored and why, what is missing and why.

    Args:
        found: The set.
        table: Its table.
        measures: The columns that are shown.
    """
    for score, why in found.unscored.items():
        yield f"{score}: not scored: {why}"
    for row in table.rows:
        if row.reasons:
            why = ", ".join(f"{reason} ({count})" for reason, count in row.reasons.items())
            yield f"{row.score}: {row.scored} of {row.total} scored: {why}"
    yield from _missing(table, measures)
    yield from found.notes
    if found.systems and found.fixed_systems and found.systems < 3:
        yield f"{counted(found.systems, 'system')}: too few to draw from; the intervals are about other texts alone"


def _missing(table: Table, measures: Sequence[Measure]) -> Iterator[str]:
    """Say why cells have no value or no interval, and what was otherwise than always, once for the same reason."""
    by_reason: dict[str, list[str]] = {}
    for measure in measures:
        for row in table.rows:
            cell = row.cells.get(measure.key)
            for reason in filter(None, () if cell is None else (cell.reason, *cell.notes)):
                by_reason.setdefault(f"{measure.level.value}, {measure.title}: {reason}", []).append(row.score)
    for reason, scores in by_reason.items():
        everyone = len(scores) == len(table.rows)
        yield reason if everyone else f"{reason} [{', '.join(scores)}]"
    yield from _left_out(table, measures)


def _left_out(table: Table, measures: Sequence[Measure]) -> Iterator[str]:
    """Say how many items a mean is made of, where some have no value; means of a few items one by one."""
    fewest: dict[str, tuple[int, int]] = {}
    for row in table.rows:
        cells = [row.cells[m.key] for m in measures if m.level is Level.ITEM and m.key in row.cells]
        counts = [(int(cell.details["groups"]), int(cell.details["groups_of"])) for cell in cells if cell.details]
        fewest[row.score] = min(counts, default=(0, 0))
    most = max((groups for groups, _ in fewest.values()), default=0)
    left = {score: counts for score, counts in fewest.items() if counts[0] < counts[1]}
    near = sorted(groups for groups, _ in left.values() if 2 * groups >= most)
    if near:
        span = f"{near[0]:,}" if near[0] == near[-1] else f"{near[0]:,} to {near[-1]:,}"
        every = max(every for _, every in left.values())
        yield f"items: one whose judgements, or scores, are all the same has no value: {span} of {every:,} are left"
    for score, (groups, every) in left.items():
        if 2 * groups < most:
            yield f"{score}: items: the mean of only {groups:,} of {every:,} that it says anything of"


def method(agreement: Agreement, *, every: bool, best: str = "*") -> list[str]:
    """Say how the figures of all tables were made, and what their words mean.

    Args:
        agreement: What was found.
        every: Whether every measure is shown.
        best: How the best of a column is marked.
    """
    measures = [m for found in agreement.sets for table in found.tables for m in shown(table, every=every)]
    there = {measure.key for measure in measures}
    notes = [_MEANING[level] for level in levels(measures)]
    notes += [text for key, text in _TERMS.items() if key in there and text]
    if "text.acc_eq" in there and "item.acc_eq" not in there:
        notes.append(_TERMS["item.acc_eq"])
    if any(found.clusters != found.texts for found in agreement.sets):
        notes.append("A cluster is what is drawn as one, such as all texts of a document.")
    notes.append(_resampled(agreement))
    notes += _tests(agreement, there, best)
    rows = [row for found in agreement.sets for table in found.tables for row in table.rows]
    if any(row.higher_is_better is False for row in rows):
        notes.append(
            "(turned): of the score less is better; its sign is turned, so that more agreement is better everywhere."
        )
    if any(row.higher_is_better is None for row in rows):
        notes.append(
            "(as it stands): of the score neither more nor less is better; a negative figure is no failure, and has no"
            " mark."
        )
    if any(row.of_systems for row in rows):
        notes.append("Where n is a dash, the score was recorded for whole systems.")
    return notes


def _resampled(agreement: Agreement) -> str:
    ways = {_drawn(found) for found in agreement.sets}
    drawn = ways.pop() if len(ways) == 1 else "clusters, and where there are enough of them systems, both,"
    return (
        f"Interval: {percent(1 - agreement.alpha)}, for each figure by itself; {drawn} drawn anew,"
        f" {agreement.replicates:,} times (seed {agreement.seed})."
    )


def _drawn(found: SetFigures) -> str:
    if not found.systems or found.fixed_systems:
        return "clusters are"
    return "systems and clusters are both"


def _tests(agreement: Agreement, there: set[str], best: str) -> Iterator[str]:
    against = [
        cell.against
        for found in agreement.sets
        for table in found.tables
        for row in table.rows
        for key, cell in row.cells.items()
        if cell.against and key in there
    ]
    base = agreement.baseline or "the best of its column"
    mark = f"{Verdict.BETTER.value} better, " if agreement.baseline else ""
    mark += f"{Verdict.WORSE.value} worse than {base}"
    if any(one.p is not None for one in against):
        yield (
            f"{mark}: p is at most {agreement.alpha:g}, from {agreement.replicates:,} random swaps of the two metrics'"
            " scores of a cluster, corrected by Holm for the scores of the column."
        )
    if any(one.by_interval for one in against):
        yield (
            f"{mark}, with {BY_INTERVAL}: the interval of the difference leaves out 0, not corrected for the number of"
            " scores; no test is made of scores of whole systems, and where a threshold is fitted."
        )
    if against:
        yield "No mark: no difference is shown, which is not the same as none."
    if against and not agreement.baseline:
        yield (
            f"The best ({best}) was chosen on the same texts, which flatters it, among scores that are made of at least"
            " half as many texts or items as any."
        )
