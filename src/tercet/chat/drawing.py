"""Drawing questions one by one, for those who answer them one by one."""

import time
from collections.abc import Iterable, Iterator

from tercet.chat import Question

_NOTHING_NOW = 0.02  # seconds until it is looked again whether there is a question


def drawn(questions: Iterable[Question | None]) -> Iterator[tuple[int, Question]]:
    """Number questions as they come; None, where there is none yet, is waited out and not counted."""
    index = 0
    for question in questions:
        if question is None:
            time.sleep(_NOTHING_NOW)
        else:
            yield index, question
            index += 1
