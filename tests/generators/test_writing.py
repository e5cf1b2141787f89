"""Writing: scores that do not depend on company, to the last bit, and draws that follow their distribution."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tercet.generators import Manner, Task, writing
from tercet.generators.checkpoint import Checkpoint
from tercet.generators.steering import Drawing, Stopping, Watching
from tests.backends.tiny_generators import save_causal, save_marian, save_nllb, save_t5

TASKS = [Task(tuple(range(5, 5 + n))) for n in (3, 9, 14, 7, 11, 4)]  # of one width, so that they are one batch


@pytest.fixture
def scores(monkeypatch: pytest.MonkeyPatch) -> list[torch.Tensor]:
    """The scores of each step, as they come from the model."""
    found: list[torch.Tensor] = []

    class Recording(Watching):
        def __call__(self, ids: Any, scores: torch.Tensor) -> torch.Tensor:
            found.append(scores.clone())
            return scores

    monkeypatch.setattr(writing, "Watching", Recording)
    return found


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
@pytest.mark.parametrize("save", [save_marian, save_nllb, save_t5, save_causal])
def test_scores_are_the_same_in_any_company(save: Any, dtype: str, tmp_path: Path, scores: list[torch.Tensor]) -> None:
    writer = Checkpoint(model=str(save(tmp_path / "model")), dtype=dtype).load()
    manner = Manner(max_tokens=8, options={"min_new_tokens": 8})

    def run(tasks: list[Task]) -> torch.Tensor:
        scores.clear()
        list(writer.write(tasks, manner))
        return torch.stack(scores, 1)

    together, reversed_, fewer = run(TASKS), run(TASKS[::-1]), run(TASKS[2:])
    for i, task in enumerate(TASKS):
        assert torch.equal(together[i], run([task])[0])
        assert torch.equal(together[i], reversed_[-1 - i + len(TASKS) - len(reversed_)])
        assert i < 2 or torch.equal(together[i], fewer[i - 2])


def test_draws_follow_the_distribution() -> None:
    logits = torch.tensor([2.0, 1.0, 0.0, -1.0, -4.0]).repeat(20_000, 1)
    ids = torch.zeros((len(logits), 1), dtype=torch.long)
    drawn = Drawing(range(len(logits)), 2.0, None)(ids, logits).argmax(dim=-1)
    shares = drawn.bincount(minlength=5) / len(drawn)
    assert torch.allclose(shares, (logits[0] / 2).softmax(dim=-1), atol=0.015)
    nucleus = Drawing(range(len(logits)), 1.0, 0.8)(ids, logits).argmax(dim=-1)
    assert set(nucleus.tolist()) == {0, 1}  # 0.64 and 0.24 of the probability


def test_what_is_no_number_is_noted_for_its_row() -> None:
    watching = Watching(2)
    watching(None, torch.tensor([[0.0, -torch.inf], [0.0, 1.0], [0.0, 1.0], [torch.nan, 1.0]]))
    watching(None, torch.zeros((4, 2)))
    assert watching.broken == [False, True]


def test_a_stop_is_found_in_what_was_written() -> None:
    class Letters:
        def decode(self, ids: list[int], **_: Any) -> str:
            return "".join(map(chr, ids))

    rows = ["ab|-----", "--|ab---", "--|-----" + "-" * 20 + "ab"]
    ids = torch.tensor([[ord(letter) for letter in row.ljust(30, ".")] for row in rows])
    assert Stopping(Letters(), ["ab", "zz"], 3)(ids, None).tolist() == [False, False, True]
    assert Stopping(Letters(), ["ab"], 3)(ids[:, :8], None).tolist() == [False, True, False]
