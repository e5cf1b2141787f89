"""Names of runs: by their systems, by what systems that are alike differ in, by their folders."""

from pathlib import Path
from typing import Any

import pytest

from tercet.runs import Run, labels_of

GEMMA = "gemma + gemma"
Given = tuple[str, dict[str, str] | None]


def run(system: str, choices: object, folder: str) -> Run:
    info: dict[str, Any] = {"system": system} if choices is None else {"system": system, "choices": choices}
    return Run(folder=Path("results") / folder, info=info, outputs=())


def chosen(prompt: str, route: str = "two_steps") -> dict[str, str]:
    return {"summarizer": "gemma", "translator": "gemma", "prompt": prompt, "route": route}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([(GEMMA, chosen("plain"))], [GEMMA]),
        ([(GEMMA, chosen("plain")), ("lead + copy", None)], [GEMMA, "lead + copy"]),
        ([(GEMMA, chosen("plain")), (GEMMA, chosen("continued"))], [f"{GEMMA} (plain)", f"{GEMMA} (continued)"]),
        (
            [(GEMMA, chosen("plain", "one")), (GEMMA, chosen("continued", "two"))],
            [f"{GEMMA} (one, plain)", f"{GEMMA} (two, continued)"],
        ),
        (
            [(GEMMA, chosen("plain")), (GEMMA, chosen("other")), (GEMMA, chosen("plain"))],
            [f"{GEMMA} (plain, run-0)", f"{GEMMA} (other)", f"{GEMMA} (plain, run-2)"],
        ),
        ([(GEMMA, chosen("plain")), (GEMMA, chosen("plain"))], [f"{GEMMA} (run-0)", f"{GEMMA} (run-1)"]),
        ([(GEMMA, None), (GEMMA, None)], [f"{GEMMA} (run-0)", f"{GEMMA} (run-1)"]),
        ([(GEMMA, None), (GEMMA, chosen("plain"))], [f"{GEMMA} (run-0)", f"{GEMMA} (two_steps, plain)"]),
        ([(f"{GEMMA} (plain)", None), (GEMMA, chosen("plain")), (GEMMA, chosen("other"))],
         [f"{GEMMA} (plain) (run-0)", f"{GEMMA} (plain, run-1)", f"{GEMMA} (other)"]),
    ],
    ids=["none", "one", "unlike", "prompts", "routes", "three", "alike", "unsaid", "half-said", "taken"],
)  # fmt: skip
def test_runs_are_told_apart_by_what_they_differ_in(given: list[Given], expected: list[str]) -> None:
    runs = [run(system, choices, f"run-{i}") for i, (system, choices) in enumerate(given)]
    assert labels_of(runs) == expected


@pytest.mark.parametrize("choices", [[], "plain", 3, {"prompt": None}], ids=["list", "text", "number", "null"])
def test_choices_that_are_none_are_as_if_nothing_were_said(choices: object) -> None:
    assert labels_of([run(GEMMA, choices, "a"), run(GEMMA, choices, "b")]) == [f"{GEMMA} (a)", f"{GEMMA} (b)"]
