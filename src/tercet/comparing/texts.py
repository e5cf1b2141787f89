"""The texts of a run's outputs, looked up by case in the order in which they lie."""

import json
from collections.abc import Iterator

from tercet.runs import Run


class Texts:
    """Looks up the texts of a run's outputs, each time further on in the file, and holds one at a time.

    The evidence of a metric is in the order of the outputs. Where a case is asked for that does not come further on,
    the order is another, or the case has no output: then all texts are read and held.

    Args:
        run: A finished run.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._ahead = _lines(run)
        self._case: str | None = None
        self._text: str | None = None
        self._all: dict[str, str | None] | None = None

    def of(self, case_id: str) -> str | None:
        """Give the text of a case; None where it has none.

        Raises:
            RunError: An output is damaged.
        """
        if case_id == self._case:
            return self._text
        if self._all is None:
            begin = _begin(case_id)  # most lines are not of this case, and need not be read for that
            for line in self._ahead:
                if line.startswith(begin):
                    try:
                        self._text = json.loads(line.decode("utf-8", "surrogatepass"))["text"]
                    except (ValueError, KeyError):
                        break  # a failure, or damaged: reading them all says which
                    self._case = case_id
                    return self._text
            self._all = {output.case_id: output.text for output in self._run.each_output()}
        return self._all.get(case_id)


def _lines(run: Run) -> Iterator[bytes]:
    path = run.folder / "outputs.jsonl"
    if path.is_file():
        with path.open("rb") as lines:
            yield from lines


def _begin(case_id: str) -> bytes:
    """Say how the line of a case begins, as runs are written."""
    return f'{{"id": {json.dumps(case_id, ensure_ascii=False)}, '.encode("utf-8", "surrogatepass")
