"""What summarizers that pick sentences share."""

from collections.abc import Callable, Iterator, Sequence

from tercet.backends import Reply, Request
from tercet.errors import ConfigError
from tercet.text.sentences import sentences

Pick = Callable[[list[str], Request], list[int]]


def refuse_other_than_summarizing(name: str, role: str, source: str, target: str) -> str | None:
    """Word why an extractive summarizer cannot serve a stage; None where it can."""
    if role != "summarize":
        return f"'{name}' picks sentences and cannot translate; use it as summarizer"
    if source != target:
        return (
            f"'{name}' picks sentences of the article and cannot write '{target}' from '{source}'; "
            "use route=summarize_translate or route=translate_summarize"
        )
    return None


def extract(requests: Sequence[Request], pick: Pick) -> Iterator[tuple[int, Reply]]:
    """Answer each request with the sentences that ``pick`` names, in the order of the text."""
    for index, request in enumerate(requests):
        parts = sentences(request.text, request.source_language)
        chosen = sorted(pick(parts, request))
        glue = "" if request.source_language == "zh" else " "
        yield index, Reply(text=glue.join(parts[i] for i in chosen))


def require_positive(name: str, value: int) -> None:
    """Refuse an option that must be at least 1.

    Raises:
        ConfigError: It is less.
    """
    if value < 1:
        raise ConfigError(f"{name} is {value}.", "It must be at least 1.")
