"""The worst facts: the few that are kept on the way are those that sorting all of them would find."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tercet.comparing.facts import EVERY_KIND, false_facts, rank
from tercet.records import Output
from tercet.report.worst import WorstFact, worst_facts
from tercet.runs import Run

CASES = [f"item-{number}:{code}" for code in ("en", "zh", "zh#2") for number in range(4)]
ITEMS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    id=st.sampled_from(CASES),
    kind=st.sampled_from([*EVERY_KIND, "supported"]),
    label=st.sampled_from(["magnitude", "number", "none"]),
    start=st.none() | st.integers(0, 3),
    value=st.integers(0, 9).map(str),
)
Items = list[dict[str, Any]]


def run_of(folder: Path, items: Items, bound: str | None = None) -> Run:
    """A run with evidence; the outputs of one article failed."""
    lines = [{"metric": "facts", "message": "no", "end": (item["start"] or 0) + 1, **item} for item in items]
    folder.mkdir(parents=True)
    (folder / "evidence.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    outputs = [
        Output(case_id=case, article_id="a", target_language="en", text=None if case.startswith("item-3") else "Text.")
        for case in CASES
    ]
    return Run(folder=folder, info={"system": folder.name, "bound": bound}, outputs=tuple(outputs))


def by_sorting(runs: list[Run], labels: list[str], count: int) -> list[WorstFact]:
    """All facts sorted, the first of each article, and of these the first."""
    found = [
        WorstFact(system=label, fact=fact)
        for run, label in zip(runs, labels, strict=True)
        for facts in false_facts(run, kinds=EVERY_KIND).values()
        for fact in facts
        if fact.place is not None
    ]
    first: dict[str, WorstFact] = {}
    for worst in sorted(found, key=lambda worst: (*rank(worst.fact)[:3], worst.system, rank(worst.fact)[3])):
        first.setdefault(worst.fact.case_id.rpartition(":")[0], worst)
    return list(first.values())[:count]


@given(
    st.lists(st.tuples(st.sampled_from(["b", "a"]), st.lists(ITEMS, max_size=30)), min_size=1, max_size=3),
    st.integers(0, 5),
)
def test_those_kept_are_the_first_of_all_sorted(given_runs: list[tuple[str, Items]], count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        runs = [run_of(Path(name) / str(i), items) for i, (_, items) in enumerate(given_runs)]
        labels = [label for label, _ in given_runs]
        assert worst_facts(runs, labels, count) == by_sorting(runs, labels, count)


def test_an_article_that_had_to_go_comes_back_with_a_worse_fact(tmp_path: Path) -> None:
    items: Items = [
        {"id": "item-0:en", "kind": "not_found", "label": "number", "start": 0},
        {"id": "item-1:en", "kind": "contradicted", "label": "number", "start": 0},
        {"id": "item-2:en", "kind": "contradicted", "label": "number", "start": 0},
        {"id": "item-0:zh", "kind": "contradicted", "label": "magnitude", "start": 2},
    ]
    found = worst_facts([run_of(tmp_path / "m", items)], count=2)
    assert [(worst.system, worst.fact.case_id) for worst in found] == [("m", "item-0:zh"), ("m", "item-1:en")]


def test_upper_bounds_are_left_aside(tmp_path: Path) -> None:
    items: Items = [{"id": "item-0:en", "kind": "contradicted", "label": "number", "start": 0}]
    assert worst_facts([run_of(tmp_path / "oracle", items, bound="upper")]) == []
    assert len(worst_facts([run_of(tmp_path / "copy", items, bound="floor")])) == 1
