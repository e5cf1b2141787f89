"""A language model that answers by a rule, as the tests of generation need one, and what to ask it."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tercet.backends import Forecast, Reply, Request
from tercet.cache import Cache
from tercet.census import census_of
from tercet.generating import Asking, System, generate
from tercet.planning import plan
from tercet.records import Article, Output, Summary, Usage
from tercet.routes import Route
from tercet.spending import Price, Spending

Answer = Callable[[Request], Reply]


def echo(request: Request) -> Reply:
    """Answer with what was asked; the answer is one token a character."""
    text = f"{request.role[0]}>{request.target_language}({request.text})"
    return Reply(text=text, prompt="hash", usage=Usage(prompt=len(request.text), answer=len(text)), seconds=0.5)


@dataclass
class Model:
    """Draws requests one by one, keeps some open at once, and remembers what it was asked.

    Args:
        answer: The rule.
        wide: How many requests are open at once.
        backwards: Whether those are answered last first.
        most: Tokens of an answer at most, by its forecast.
        on_wait: Called each time that there is nothing to ask yet.
        script: Takes the place of all that, for a model at fault.
    """

    answer: Answer = echo
    model: str | None = "tiny"
    wide: int = 1
    backwards: bool = False
    most: int = 50
    on_wait: Callable[[], None] = lambda: None
    examples: int = 0
    local: bool = False
    reads: frozenset[str] = frozenset({"text"})
    bound: str | None = None
    cacheable: bool = True
    costly: bool = True
    script: Callable[[Any], Any] | None = None
    asked: list[Request] = field(default_factory=list)
    waits: int = 0

    def refuses(self, role: str, source: str, target: str) -> str | None:
        return None

    def identity(self) -> str:
        return f"model {self.model}"

    def key(self, request: Request) -> object:
        return [self.model, request.role, request.text, request.target_language, request.repeat]

    def forecast(self, request: Request) -> Forecast:
        return Forecast(prompt=len(request.text), answer=self.most)

    def generate(self, requests: Iterable[Request | None]) -> Iterator[tuple[int, Reply]]:
        found: Iterator[tuple[int, Reply]] = (self.script or self._answers)(requests)
        return found

    def _answers(self, requests: Iterable[Request | None]) -> Iterator[tuple[int, Reply]]:
        drawing = iter(requests)
        open_now: list[tuple[int, Request]] = []
        drawn, more = 0, True
        while more or open_now:
            while more and len(open_now) < self.wide:
                try:
                    request = next(drawing)
                except StopIteration:
                    more = False
                    break
                if request is None:
                    self.waits += 1
                    self.on_wait()
                    time.sleep(0.005)
                    break
                self.asked.append(request)
                open_now.append((drawn, request))
                drawn += 1
            if open_now:
                index, request = open_now.pop(-1 if self.backwards else 0)
                reply = self.answer(request)
                if reply.text is not None and reply.kept is None:
                    reply = Reply(**{**shallow(reply), "kept": json.dumps({**asdict(reply), "kept": None})})
                yield index, reply

    def restore(self, request: Request, kept: str) -> Reply:
        record = json.loads(kept)
        usage = record.pop("usage")
        return Reply(**record, usage=Usage(**usage) if usage else None)


# Of a class of ours the code is not hashed; of the tests' own it would be, with all that stands beside it, each stage.
Model.__module__ = "tercet.fake_model"


def shallow(reply: Reply) -> dict[str, Any]:
    """The fields of a reply, as they are."""
    return {name: getattr(reply, name) for name in Reply.__dataclass_fields__}


def article(name: str, source: str | None = None, language: str = "en", **more: Any) -> Article:
    """An article with a reference in both languages; its text is its own where none is given."""
    references = {code: (Summary(language=code, abstract=f"{name} {code}"),) for code in ("en", "zh")}
    known = {"id": name, "language": language, "source": f"Text {name}." if source is None else source}
    return Article(**{**known, "references": references, **more})


def system(
    stages: str,
    summarizer: Any = None,
    translator: Any = None,
    prices: Mapping[str, Price] | None = None,
    held: Sequence[Article] = (),
) -> System:
    """A system of models; each answers by ``echo`` where none is given."""
    backends: dict[str, Any] = {"summarize": summarizer or Model(), "translate": translator or Model()}
    names = {"summarize": "sum", "translate": "tra"}
    return System(route=Route(stages=stages.split()), backends=backends, names=names, prices=prices or {}, held=held)


def run(
    articles: Sequence[Article],
    who: System,
    cache: Cache,
    languages: Sequence[str] | None = None,
    *,
    repeats: int = 1,
    spending: Spending | None = None,
) -> tuple[list[Output], Asking]:
    """Bring the cases of articles through their stages."""
    asking = Asking(cache, lambda what, done, total: None, spending or Spending())
    return generate(plan(census_of(tuple(articles)), who, languages, None, repeats), who, asking), asking


def dollar_a_token() -> dict[str, Price]:
    """Prices that make a cost a number of tokens."""
    return {"tiny": Price(prompt=1e6, answer=1e6)}
