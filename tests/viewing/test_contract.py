"""What is written has exactly the fields that the viewer's ``model.ts`` names, and values of their kinds."""

import re
from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from tests.counting_server import CountingServer
from tests.runs import command
from tests.sweeping import article, one_run
from tests.sweeping import furnish as furnish_prompts
from tests.viewing.unpacking import parts, two_runs

MODEL = Path(__file__).parents[2] / "src" / "viewer" / "src" / "model.ts"
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_INTERFACE = re.compile(r"export interface (\w+) (\{)")
_WORD = re.compile(r"[A-Za-z_]\w*")
Fields = dict[str, str]  # name -> type


def block(text: str, start: int) -> str:
    """Give what stands within the braces that open at a place."""
    depth = 0
    for i in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[i], 0)
        if not depth:
            return text[start + 1 : i]
    raise AssertionError(f"no end: {text[start : start + 40]}")


def split(text: str, mark: str) -> list[str]:
    """Cut at marks that stand in no brackets."""
    found, depth, last = [], 0, 0
    for i, character in enumerate(text):
        depth += {"{": 1, "[": 1, "(": 1, "<": 1, "}": -1, "]": -1, ")": -1, ">": -1}.get(character, 0)
        if character == mark and not depth:
            found.append(text[last:i])
            last = i + 1
    return [part.strip() for part in [*found, text[last:]] if part.strip()]


def fields(body: str) -> Fields:
    return {name.strip(): kind.strip() for name, _, kind in (part.partition(":") for part in split(body, ";"))}


@pytest.fixture(scope="module")
def model() -> dict[str, Fields]:
    """The fields of each interface."""
    text = _COMMENT.sub("", MODEL.read_text("utf-8"))
    found = {match[1]: fields(block(text, match.start(2))) for match in _INTERFACE.finditer(text)}
    aliases = {name: kind for name, kind in re.findall(r"export type (\w+) = ([^;]+);", text) if name != "Page"}
    return found | {name: {"": kind} for name, kind in aliases.items()}


class Checker:
    """Checks values against types of TypeScript, as far as the model has them.

    Attributes:
        seen: The interfaces that a value was checked against.
    """

    def __init__(self, model: Mapping[str, Fields]) -> None:
        self._model = model
        self.seen: set[str] = set()

    def check(self, value: Any, kind: str, place: str) -> None:
        options = split(kind, "|")
        if len(options) > 1:
            errors = []
            for option in options:
                try:
                    self.check(value, option, place)
                except AssertionError as error:
                    errors.append(str(error))
                else:
                    return
            raise AssertionError(max(errors, key=len))
        self._one(value, options[0], place)

    def _one(self, value: Any, kind: str, place: str) -> None:
        simple = {"string": str, "boolean": bool, "number": (int, float), "null": type(None)}
        if kind in simple:
            assert isinstance(value, simple[kind]), f"{place}: {value!r} is no {kind}"  # type: ignore[arg-type]
            assert kind == "boolean" or not isinstance(value, bool), f"{place}: {value!r} is no {kind}"
        elif kind.startswith('"'):
            assert value == kind.strip('"'), f"{place}: {value!r} is not {kind}"
        elif kind.endswith("[]"):
            assert isinstance(value, list), f"{place}: no list"
            inner = kind[:-2].strip()
            inner = inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
            for i, item in enumerate(value):
                self.check(item, inner, f"{place}[{i}]")
        elif kind.startswith("["):
            kinds = split(kind[1:-1], ",")
            assert isinstance(value, list), f"{place}: no list"
            assert len(value) == len(kinds), f"{place}: {len(value)} items"
            for item, each in zip(value, kinds, strict=True):
                self.check(item, each, place)
        elif kind.startswith("Record<"):
            _, each = split(kind[len("Record<") : -1], ",")
            assert isinstance(value, dict), f"{place}: no object"
            for name, item in value.items():
                self.check(item, each, f"{place}.{name}")
        elif kind.startswith("{"):
            self._object(value, fields(kind[1:-1]), place)
        else:
            self._named(value, kind, place)

    def _named(self, value: Any, kind: str, place: str) -> None:
        assert _WORD.fullmatch(kind), f"{place}: the test cannot read the type {kind}"
        found = self._model[kind]
        if set(found) == {""}:
            self.check(value, found[""], place)
            return
        self._object(value, found, f"{place}:{kind}")
        self.seen.add(kind)

    def _object(self, value: Any, found: Fields, place: str) -> None:
        assert isinstance(value, dict), f"{place}: no object"
        assert set(value) == set(found), f"{place}: {sorted(set(value) ^ set(found))} only on one side"
        for name, kind in found.items():
            self.check(value[name], kind, f"{place}.{name}")


def test_the_model_can_be_read(model: dict[str, Fields]) -> None:
    assert set(model["Score"]) == {"name", "metric", "higherIsBetter", "headline", "decimals", "warning"}
    assert model["MarkQuote"]["words"] == "[string, string, string]"
    assert model["Bound"] == {"": '"upper" | "floor" | null'}
    assert model["Leader"]["outcome"] == '"better" | "unshown" | "alone" | "untested"'


def test_the_checker_finds_what_does_not_fit(model: dict[str, Fields]) -> None:
    good = {"in": "source", "start": 0, "end": 1, "words": ["", "a", ""]}
    Checker(model).check(good, "MarkQuote", "it")
    for bad in (
        {**good, "in": "nowhere"},
        {**good, "start": None},
        {**good, "end": True},
        {**good, "words": ["a", "b"]},
        {**good, "more": 1},
        {name: value for name, value in good.items() if name != "in"},
        None,
    ):
        with pytest.raises(AssertionError, match="it"):
            Checker(model).check(bad, "MarkQuote", "it")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """Reports with all that there is: two systems, one that asks models, a baseline, an upper bound, no corpus."""
    with chdir(tmp_path_factory.mktemp("contract")), CountingServer() as server:
        good, wrong = two_runs()
        reports: dict[str, list[object]] = {"two": [good, wrong], "one": [wrong]}
        assert command("bless", good, "--why", "x", "--by", "y", "--to", "base").exit_code == 0
        reports["mixed"] = ["base", wrong]
        words = ["corpus=jsonl", "corpus.path=news.jsonl", "metric=[chrf,shape]", "results=bounds"]
        assert command("run", "-m", "summarizer=oracle,lead", "translator=copy", "limit=2", *words).exit_code == 0
        reports["bounds"] = [path for path in Path("bounds").iterdir() if (path / "sweep.json").exists()]
        for name, folders in reports.items():
            _report(name, folders)
        Path("news.jsonl").rename("gone.jsonl")
        _report("gone", [good, wrong])
        furnish_prompts(Path.cwd(), map(article, range(3)))
        assert command(*one_run(server, "repeats=2", "results=asked", "prices=own")).exit_code == 0
        _report("asked", list(Path("asked").iterdir()))
        yield [parts(Path(f"{name}.html")) for name in [*reports, "gone", "asked"]]


def _report(name: str, folders: list[object]) -> None:
    done = command("report", *folders, "-o", f"{name}.html", "--replicates", "99")
    assert done.exit_code == 0, done.output


def test_reports_fit_the_model(made: list[dict[str, Any]], model: dict[str, Fields]) -> None:
    checker = Checker(model)
    for number, report in enumerate(made):
        for name, value in report.items():
            kinds = {"page": "Report", "cases": "CaseTable", "shared": "Shared", "licences": "{ text: string }"}
            checker.check(value, kinds.get(name, "Block"), f"{number}:{name}")
    expected = {name for name, found in model.items() if set(found) != {""} and not name.startswith("History")}
    assert expected - checker.seen == set()


def test_numbers_of_systems_and_cases_agree(made: list[dict[str, Any]]) -> None:
    for report in made:
        page, table = report["page"], report["cases"]
        systems, cases, articles = len(page["systems"]), len(table["article"]), len(table["articles"])
        assert page["counts"] == {"articles": articles, "cases": cases}
        assert len(table["language"]) == len(table["repeat"]) == cases
        assert len(table["audit"]) == articles
        assert all(
            len(found) == systems for found in (table["facts"], table["unfound"], table["failed"], page["facts"])
        )
        for columns in (*table["values"].values(), table["facts"], table["unfound"]):
            assert [len(column) for column in columns] == [cases] * systems
        for by_score in page["cells"].values():
            assert all(len(cells) == systems for cells in by_score.values())
        blocks = [report[f"block-{i}"] for i in range(sum(name.startswith("block-") for name in report))]
        assert [article["id"] for block in blocks for article in block] == [found["id"] for found in table["articles"]]
        assert [len(block) for block in blocks[:-1]] == [table["blockSize"]] * (len(blocks) - 1)
        assert sum(len(article["cases"]) for block in blocks for article in block) == cases
        for pair in page["pairs"]:
            assert {pair["baseline"], pair["candidate"]} <= set(range(systems))


def test_pieces_of_prompts_are_there(made: list[dict[str, Any]]) -> None:
    asked = made[-1]
    stages = [stage for block in (asked["block-0"],) for article in block for case in article["cases"]
              for output in case["outputs"] for stage in output["stages"]]  # fmt: skip
    numbers = {piece for stage in stages for message in stage["prompt"] for piece in message["pieces"]
               if isinstance(piece, int)}  # fmt: skip
    assert numbers == set(range(len(asked["shared"]["pieces"])))
    assert len(numbers) < len(stages)
