"""Attacks on the gate: each changes a pair of run folders and gives the words of the gate."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from tests.blessed_runs import change_lines, change_rows, rewrite
from tests.runs import Texts, articles, furnish, scored

Call = Callable[..., Result]
Info = dict[str, Any]
News = list[dict[str, Any]]
# Changes what lies in "base" and "cand", two folders of one system, and gives the words of the gate.
Attack = Callable[[Call], tuple[object, ...]]
COUNT = 12
BASE, CAND = Path("base"), Path("cand")
SIDES = ("--baseline", BASE, "--candidate", CAND)


def plain(found: News) -> Texts:
    """The outputs of the system: short, true, and with figures in them."""
    texts: Texts = {}
    for article in found:
        texts[f"{article['id']}:en"] = article["references"]["en"].replace(", which cost", " for")
        texts[f"{article['id']}:zh"] = article["references"]["zh"].partition("，")[0] + "。"
    return texts


def policy(*words: str) -> Attack:
    """Judge the same outputs by another policy, so that only the policy can be the reason."""
    return lambda _: (*SIDES, *words)


def judged_by(text: str, *words: str) -> Attack:
    """Judge by a file."""

    def attack(_: Call) -> tuple[object, ...]:
        Path("conf/gate").mkdir(parents=True)
        Path("conf/gate/mine.yaml").write_text(text, "utf-8")
        return (*SIDES, "gate=mine", *words)

    return attack


def outputs(change: Callable[[Texts], object], *more: str) -> Attack:
    """Score other outputs; ``more`` are words of the scoring."""

    def attack(tercet: Call) -> tuple[object, ...]:
        texts = plain(articles(COUNT))
        change(texts)
        return ("--baseline", BASE, "--candidate", scored(tercet, "after", texts, *more))

    return attack


def each(change: Callable[[str, str], str | None]) -> Callable[[Texts], object]:
    """Change every text: of its case and itself."""
    return lambda texts: texts.update({case: change(case, text or "") for case, text in texts.items()})


def news(change: Callable[[News], News], *words: str) -> Attack:
    """Score the same outputs on other news; ``words`` are the gate's."""

    def attack(tercet: Call) -> tuple[object, ...]:
        changed = change(articles(COUNT))
        furnish(changed)
        texts = plain(articles(COUNT))
        kept = {
            f"{item['id']}:{code}": texts.get(f"{item['id']}:{code}", "It opened.")
            for item in changed
            for code in ("en", "zh")
        }
        return ("--baseline", BASE, "--candidate", scored(tercet, "after", kept), *words)

    return attack


def both_on(change: Callable[[News], News]) -> Attack:
    """Score the same outputs on other news, on both sides."""

    def attack(tercet: Call) -> tuple[object, ...]:
        changed = change(articles(COUNT))
        furnish(changed)
        before, after = (scored(tercet, name, plain(changed)) for name in ("before", "after"))
        return ("--baseline", before, "--candidate", after)

    return attack


def with_words(attack: Attack, *words: str) -> Attack:
    """Attack, and add words of the gate."""
    return lambda tercet: (*attack(tercet), *words)


def lines(name: str, change: Callable[[list[Info]], object], folder: Path = CAND) -> Attack:
    """Change a file of JSON lines, and its hash."""

    def attack(_: Call) -> tuple[object, ...]:
        change_lines(folder, name, change)
        return SIDES

    return attack


def rows(change: Callable[[list[Info]], object], folder: Path = CAND) -> Attack:
    """Change the rows, and their hash."""

    def attack(_: Call) -> tuple[object, ...]:
        change_rows(folder, change)
        return SIDES

    return attack


def info(change: Callable[[Info], object], folder: Path = CAND) -> Attack:
    """Change run.json."""

    def attack(_: Call) -> tuple[object, ...]:
        rewrite(folder, change)
        return SIDES

    return attack


def files(change: Callable[[], object]) -> Attack:
    """Change the folders by hand, without any hash."""

    def attack(_: Call) -> tuple[object, ...]:
        change()
        return SIDES

    return attack


def emptied() -> None:
    shutil.rmtree(CAND)
    CAND.mkdir()


def run_json_alone() -> None:
    for file in CAND.iterdir():
        if file.name != "run.json":
            file.unlink()


def cut(name: str) -> None:
    data = (CAND / name).read_bytes()
    (CAND / name).write_bytes(data[: len(data) // 2])


def statistic(value: float) -> Callable[[list[Info]], None]:
    """Put a number into a row of the first metric."""

    def change(found: list[Info]) -> None:
        name, _ = found[3]["statistics"][0]
        found[3]["statistics"][0] = (name, value)

    return change


def swapped(found: list[Info]) -> None:
    """Swap the statistics of two cases of the first metric: the scores stay what they are."""
    other = next(row for row in found if row["statistics"] != found[0]["statistics"])
    found[0]["statistics"], other["statistics"] = other["statistics"], found[0]["statistics"]
    found[0]["scores"], other["scores"] = other["scores"], found[0]["scores"]


def shifted(texts: Texts) -> None:
    """Off by one line: every article has the text of the next."""
    for code in ("en", "zh"):
        cases = [case for case in texts if case.endswith(code)]
        moved = [texts[case] for case in cases]
        texts.update(zip(cases, moved[1:] + moved[:1], strict=True))


def lost(found: list[Info]) -> None:
    """Say of a case that its output failed, and take its statistics."""
    found[0].update(unscored="no output: 500", statistics=None, scores=None, gaps=None)


def copies(found: News) -> News:
    """Two articles six times, under ids of their own."""
    return [{**item, "id": f"copy-{i:02}"} for i, item in enumerate(found[:2] * 6)]


def renamed(found: News) -> News:
    return [{**item, "id": f"other-{item['id']}"} for item in found]


def self_made(found: News) -> News:
    """Take the system's own outputs for the references."""
    texts = plain(found)
    return [{**item, "references": {code: texts[f"{item['id']}:{code}"] for code in ("en", "zh")}} for item in found]


def figureless(case: str, text: str) -> str:
    return re.sub(r"\d+", "many" if case.endswith("en") else "多", text)


def billions(texts: Texts) -> None:
    texts["item-003:en"] = (texts["item-003:en"] or "").replace("million", "billion")


def in_english(texts: Texts) -> None:
    for case in texts:
        if case.endswith(":zh"):
            texts[case] = texts[case.replace(":zh", ":en")]


def halved(texts: Texts) -> None:
    texts.update({case: (text or "")[: len(text or "") // 2] for case, text in texts.items() if case.endswith(":en")})


def whole_source(times: int) -> Callable[[Texts], object]:
    return lambda texts: texts.update({f"{item['id']}:en": item["source"] * times for item in articles(COUNT)})


def hidden(attack: Attack, change: Callable[[Path], object]) -> Attack:
    """Hide what an attack did to the candidate, the last word of the gate."""

    def both(tercet: Call) -> tuple[object, ...]:
        words = attack(tercet)
        change(Path(str(words[3])))
        return words

    return both


def no_failures(folder: Path) -> None:
    rewrite(folder, lambda found: found.update(status="complete", failures=0))


def running(folder: Path) -> None:
    """Leave what a run says that has not ended."""
    rewrite(folder, lambda found: found.update(status="running"))


def no_evidence(folder: Path) -> None:
    change_lines(folder, "evidence.jsonl", lambda found: found.clear())


def other_signature(folder: Path) -> None:
    theirs = json.loads((BASE / "run.json").read_text("utf-8"))["signatures"]
    rewrite(folder, lambda found: found.update(signatures=theirs))


def nothing_anywhere() -> None:
    """Take all cases from both runs, so that they agree."""
    for folder in (BASE, CAND):
        change_rows(folder, lambda found: found.clear())
        for name in ("cases.jsonl", "outputs.jsonl"):
            change_lines(folder, name, lambda found: found.clear())
        rewrite(folder, lambda found: found.update(scores=[], cases=0))


def link() -> None:
    shutil.rmtree(CAND)
    CAND.symlink_to(BASE.resolve())


def killed(folder: Path) -> Callable[[], object]:
    """Leave what a killed attempt to make a run again leaves."""
    return lambda: shutil.copytree(folder, f"{folder}.partial")


def swapped_sides(tercet: Call) -> tuple[object, ...]:
    assert tercet("bless", BASE, "--to", "blessed", "--why", "it is good").exit_code == 0
    return ("--baseline", CAND, "--candidate", "blessed")


def sides(baseline: object, candidate: object) -> Attack:
    return lambda _: ("--baseline", baseline, "--candidate", candidate)


# Facts that nothing can be checked in are incomplete in what is halved; here another cause is looked for.
