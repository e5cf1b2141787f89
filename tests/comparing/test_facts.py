"""False facts read in step with the outputs: the same as with all texts at hand, in whatever order the files are."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.comparing.facts import EVERY_KIND, each_false_fact, false_facts
from tercet.comparing.texts import Texts
from tercet.errors import RunError
from tercet.outputs import StoredOutputs
from tercet.records import Output
from tercet.runs import Run

TEXTS = {f"item-{number}:{code}": f"Text {number} of {code}." for code in ("en", "zh") for number in range(4)}


def output(case_id: str, text: str | None) -> Output:
    return Output(case_id=case_id, article_id=case_id.partition(":")[0], target_language="en", text=text)


class Counted(StoredOutputs):
    """Outputs that count how often they are gone through, and that nobody reads all at once."""

    __slots__ = ("given", "times")

    def __init__(self, given: Sequence[Output]) -> None:
        super().__init__(Path("nowhere"))
        self.given, self.times = given, 0

    def each(self) -> Any:
        self.times += 1
        return iter(self.given)


def counted(*outputs: Output) -> tuple[Run, Counted]:
    given = Counted(outputs)
    return Run(folder=Path("nowhere"), info={}, outputs=given), given


@given(
    st.lists(st.sampled_from(sorted(TEXTS))), st.permutations(sorted(TEXTS)), st.sets(st.sampled_from(sorted(TEXTS)))
)
def test_a_text_is_found_whatever_the_order(asked: list[str], there: list[str], gone: set[str]) -> None:
    run, given = counted(*(output(case, TEXTS[case]) for case in there if case not in gone))
    texts = Texts(run)
    assert [texts.of(case) for case in asked] == [None if case in gone else TEXTS[case] for case in asked]
    assert given.times <= 2


def test_in_the_order_of_the_outputs_each_is_read_once() -> None:
    run, given = counted(*(output(*item) for item in TEXTS.items()))
    texts = Texts(run)
    for case in list(TEXTS)[::2]:
        assert texts.of(case) == texts.of(case) == TEXTS[case]
    assert given.times == 1


def item(case: str, *, metric: str = "facts", kind: str = "contradicted", start: int | None = 5) -> dict[str, Any]:
    end = None if start is None else start + 1
    return {"id": case, "metric": metric, "kind": kind, "message": "no", "start": start, "end": end, "value": case}


def run_of(folder: Path, items: Sequence[dict[str, Any]], *outputs: Output) -> Run:
    (folder / "evidence.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items), "utf-8")
    return Run(folder=folder, info={}, outputs=outputs)


def test_false_facts_are_by_case_with_their_places(tmp_path: Path) -> None:
    items = [
        item("item-0:en"),
        item("item-2:en", kind="not_found"),
        item("item-0:zh", start=None),
        item("item-0:en", metric="agreement"),
        item("item-2:zh", kind="supported"),
        item("item-3:zh"),
        item("item-1:en"),
        item("item-1:en", start=0),
        item("gone:en"),
    ]
    run = run_of(tmp_path, items, *(output(case, TEXTS[case]) for case in TEXTS if case != "item-3:zh"))
    found = false_facts(run, kinds=EVERY_KIND)
    assert list(found) == ["item-0:en", "item-2:en", "item-0:zh", "item-3:zh", "item-1:en", "gone:en"]
    places = {case: [fact.place and (fact.place.start, fact.place.text) for fact in found[case]] for case in found}
    assert places == {
        "item-0:en": [(5, "Text 0 of en.")],
        "item-2:en": [(5, "Text 2 of en.")],
        "item-0:zh": [None],
        "item-3:zh": [None],
        "item-1:en": [(5, "Text 1 of en."), (0, "Text 1 of en.")],
        "gone:en": [None],
    }
    assert [fact.case_id for fact in false_facts(run)["item-1:en"]] == ["item-1:en"] * 2
    assert "item-2:en" not in false_facts(run), "what is not found may be true"
    assert [fact.metric for facts in false_facts(run, "agreement").values() for fact in facts] == ["agreement"]


@pytest.mark.parametrize(
    "change", [{"start": "5"}, {"id": ["item-1:en"]}, {"quote": {"words": "x"}}, {"quote": [1]}], ids=str
)
def test_a_damaged_item_is_an_error_after_those_before_it(change: dict[str, Any], tmp_path: Path) -> None:
    run = run_of(
        tmp_path, [item("item-0:en"), {**item("item-1:en"), **change}], *(output(*pair) for pair in TEXTS.items())
    )
    facts = each_false_fact(run)
    assert next(facts).case_id == "item-0:en"
    with pytest.raises(RunError, match=r"evidence\.jsonl: an item of .*item-1:en.* is damaged"):
        next(facts)


@pytest.mark.parametrize("key", ["kind", "message"])
def test_an_item_that_lacks_something_is_an_error(key: str, tmp_path: Path) -> None:
    lacking = {name: value for name, value in item("item-0:en").items() if name != key}
    with pytest.raises(RunError, match=rf"an item of item-0:en is damaged: KeyError\('{key}'\)"):
        false_facts(run_of(tmp_path, [lacking], output("item-0:en", "Text 0")))
