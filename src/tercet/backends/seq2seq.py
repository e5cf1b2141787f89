"""Models of transformers that read a text and write another: Opus-MT, NLLB, mT5, BART."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

from tercet.backends import Forecast, Reply, Request
from tercet.cache import digest
from tercet.errors import ConfigError, nearest
from tercet.generators import Manner, Task, Written
from tercet.generators.checkpoint import SEQ2SEQ, Checkpoint, writers
from tercet.generators.pieces import RULES, UNITS, Cut, cut
from tercet.generators.reading import Reader, language_token
from tercet.generators.windows import windows
from tercet.records import Usage
from tercet.routes import SUMMARIZE
from tercet.text.estimates import about_tokens

_LONG = ("split", "cut", "fail")


@dataclass(frozen=True, slots=True)
class _Work:
    """A request in pieces: what the model reads of each, and what it has written so far.

    ``too_long`` are the lengths, in tokens, of the pieces that it does not read whole.
    """

    index: int
    request: Request
    cut: Cut
    tasks: Sequence[Task]
    too_long: Sequence[int]
    written: dict[int, Written] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Seq2seq:
    """Give a text to a model that was trained to summarize or to translate, and take what it writes.

    A checkpoint's own settings hold (a least length, no repeated n-grams), except that nothing is drawn by chance
    and that ``beams`` and ``max_tokens`` stand here. Texts are computed in batches, and none depends on its
    company (``tercet.generators``). ``seconds`` of a reply are its share of its batches' time.

    Args:
        model: A folder, or a name on the hub whose files are in the local cache.
        models: Models by pair of languages, as ``en-zh``, where each serves one direction.
        revision: Branch, tag or commit of a name on the hub.
        pairs: The pairs of languages that ``model`` serves; None for those that ``codes`` names, and for
            summaries in the language of the text.
        codes: By language, the model's own code of it, where it is told from which language into which.
        prefix: By language of the answer, what stands before a text, as ``>>cmn_Hans<<`` or ``summarize:``.
        unit: What is given to the model at once: ``text``, ``line`` or ``sentence``; None for the text of a
            summary and the lines of a translation.
        long: What becomes of what is longer than the model reads: ``split`` into groups of sentences that are
            not, ``cut`` off, which is flagged, or ``fail``; None splits in translations and fails in summaries.
        max_length: Tokens that are read at once; None for all that the model can.
        max_tokens: Of an answer to one piece; a longer one is cut, and flagged.
        beams: Of beam search; None leaves it to the checkpoint.
        extra: Further options of transformers' ``generate``.
        dtype: ``fp32``, or ``bf16``, which is faster and rougher.
        device: As torch names it; None takes a GPU where there is one.
        batch_tokens: Tokens computed at once, padding included; None for what suits the device. It moves last
            bits, and is part of the key.

    References:
        Tiedemann and Thottingal, OPUS-MT, 2020, https://aclanthology.org/2020.eamt-1.61. NLLB team, No Language
        Left Behind, 2022, https://arxiv.org/abs/2207.04672. Hasan et al., XL-Sum, 2021,
        https://aclanthology.org/2021.findings-acl.413.
    """

    model: str | None = None
    models: dict[str, str | None] = field(default_factory=dict)
    revision: str | None = None
    pairs: list[str] | None = None
    codes: dict[str, str | None] = field(default_factory=dict)
    prefix: dict[str, str | None] = field(default_factory=dict)
    unit: str | None = None
    long: str | None = None
    max_length: int | None = None
    max_tokens: int = 512
    beams: int | None = 1
    extra: dict[str, Any] = field(default_factory=dict)
    dtype: str = "fp32"
    device: str | None = None
    batch_tokens: int | None = None
    reads: ClassVar[frozenset[str]] = frozenset({"text"})
    bound: ClassVar[str | None] = None
    cacheable: ClassVar[bool] = True
    costly: ClassVar[bool] = True
    local: ClassVar[bool] = True

    def __post_init__(self) -> None:
        for name in ("models", "codes", "prefix"):  # a config shows languages that are not set
            object.__setattr__(self, name, {key: value for key, value in getattr(self, name).items() if value})
        _ = self._manner  # it checks its part of the options
        self._described(self.model or "")
        for name, value, known in (("unit", self.unit, UNITS), ("long", self.long, _LONG)):
            if value is not None and value not in known:
                raise ConfigError(f"{name} is {value}.", nearest(value, known))
        for pair in (*self.models, *(self.pairs or ())):
            if pair.count("-") != 1:
                raise ConfigError(f"'{pair}' is no pair of languages.", "Write it as en-zh.")

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Say that no model is named for a pair of languages, or that it is not here."""
        checkpoint = self._checkpoint(source, target)
        if checkpoint is None:
            if not self.models:
                return "no model is named: set model, or models={en-zh: ...}"
            return f"models names {', '.join(self.models)}, not {source}-{target}"
        if checkpoint.obstacle is not None:
            return checkpoint.obstacle
        if checkpoint.kind != SEQ2SEQ:
            return f"'{checkpoint.model}' goes on from a prompt: use huggingface in the place of seq2seq"
        return self._refuses_pair(role, source, target)

    def _refuses_pair(self, role: str, source: str, target: str) -> str | None:
        pair = f"{source}-{target}"
        if pair in self.models:
            return None
        if self.pairs is not None:
            return None if pair in self.pairs else f"pairs names {', '.join(self.pairs)}, not {pair}"
        if self.codes:
            missing = [code for code in (source, target) if code not in self.codes]
            return f"codes has no '{missing[0]}'" if missing else None
        if role == SUMMARIZE:
            if source == target:
                return None
            return (
                f"a summary in the language of the text is not '{target}' from '{source}'; set pairs=[{pair}] if it is"
            )
        return f"nothing says between which languages '{self.model}' translates: set pairs=[{pair}], or codes"

    def identity(self) -> str:
        """The models' files, how they write, and how texts are cut decide."""
        checkpoints = [self._described(name) for name in dict.fromkeys((self.model, *self.models.values())) if name]
        names = [self.model if item.obstacle else item.names for item in checkpoints]
        options = {key: value for key, value in asdict(self).items() if key not in {"device", "revision"}}
        return digest(names, options, RULES)

    def key(self, request: Request) -> object:
        """The model's files, how it writes, what the text is cut into, and the text decide."""
        checkpoint = self._wanted(request)
        source, target = request.source_language, request.target_language
        return [
            checkpoint.names,
            asdict(self._manner),
            [self.codes.get(source), self.codes.get(target), self.prefix.get(target)],
            [self._unit(request), self._long(request), RULES],
            [source, target, request.text],
        ]

    def forecast(self, request: Request) -> Forecast:
        """Estimate the text's tokens; each piece of an answer has ``max_tokens`` at most."""
        pieces = cut(request.text, request.source_language, self._unit(request), None).pieces
        return Forecast(prompt=about_tokens(request.text), answer=len(pieces) * self.max_tokens)

    def generate(self, requests: Iterable[Request | None]) -> Iterator[tuple[int, Reply]]:
        """Answer requests, many at a time, those with shorter pieces first."""
        for window in windows(requests):
            groups: dict[tuple[str, str], list[tuple[int, Request]]] = {}
            for index, request in window:
                groups.setdefault((request.source_language, request.target_language), []).append((index, request))
            for group in groups.values():
                yield from self._answer(group)

    def restore(self, request: Request, kept: str) -> Reply:
        """Read a kept reply."""
        record = json.loads(kept)
        return Reply(**{**record, "usage": Usage(**record["usage"])}, kept=kept)

    def _answer(self, asked: Sequence[tuple[int, Request]]) -> Iterator[tuple[int, Reply]]:
        """Answer requests of one pair of languages; each as soon as all its pieces are there."""
        first = asked[0][1]
        writer = writers(self._wanted(first))
        code = self.codes.get(first.target_language)
        manner = self._manner if code is None else replace(self._manner, first=language_token(writer.tokenizer, code))
        reader = Reader(
            writer.tokenizer,
            longest=writer.longest,
            source=self.codes.get(first.source_language),
            prefix=self.prefix.get(first.target_language) or "",
        )
        open_works = []
        for index, request in asked:
            work = self._work(index, request, reader)
            if work.too_long and self._long(request) != "cut":
                yield index, Reply(failure=self._says_too_long(work, writer.longest))
            elif work.tasks:
                open_works.append(work)
            else:
                yield index, self._reply(work)
        places = [(work, i) for work in open_works for i in range(len(work.tasks))]
        for at, written in writer.write([work.tasks[i] for work, i in places], manner):
            work, i = places[at]
            work.written[i] = written
            if len(work.written) == len(work.tasks):
                yield work.index, self._reply(work)

    def _work(self, index: int, request: Request, reader: Reader) -> _Work:
        split = self._long(request) == "split"
        found = cut(request.text, request.source_language, self._unit(request), reader.fits if split else None)
        whole = [reader.tokens(piece) for piece in found.pieces]
        shown = [reader.shortened(piece) for piece in found.pieces]
        too_long = [len(ids) for ids, left in zip(whole, shown, strict=True) if len(left) < len(ids)]
        return _Work(index, request, found, [Task(ids) for ids in shown], too_long)

    def _says_too_long(self, work: _Work, longest: int | None) -> str:
        split = self._long(work.request) == "split"
        unit = "sentence" if split else self._unit(work.request)
        remedy = "long=cut" if unit == "sentence" else "long=split or long=cut"
        return f"a {unit} has {max(work.too_long)} tokens, and the model reads {longest}: set {remedy}"

    def _reply(self, work: _Work) -> Reply:
        written = [work.written[i] for i in range(len(work.tasks))]
        seconds = sum(item.seconds for item in written)
        failed = next((item.failure for item in written if item.failure is not None), None)
        if failed is not None:
            return Reply(failure=failed, seconds=seconds)
        text = work.cut.joined([item.text or "" for item in written], work.request.target_language)
        usage = Usage(prompt=sum(len(task.ids) for task in work.tasks), answer=sum(item.tokens for item in written))
        flaw = _flaw(len(work.too_long), sum(item.cut for item in written), len(written), self.max_tokens)
        record = {"text": text, "flaw": flaw, "seconds": seconds, "usage": asdict(usage)}
        return self.restore(work.request, json.dumps(record, ensure_ascii=False, sort_keys=True))

    def _unit(self, request: Request) -> str:
        return self.unit or ("text" if request.role == SUMMARIZE else "line")

    def _long(self, request: Request) -> str:
        return self.long or ("fail" if request.role == SUMMARIZE else "split")

    def _wanted(self, request: Request) -> Checkpoint:
        found = self._checkpoint(request.source_language, request.target_language)
        if found is None:
            raise ConfigError("No model is named.", "Set model.")
        return found

    def _checkpoint(self, source: str, target: str) -> Checkpoint | None:
        name = self.models.get(f"{source}-{target}", self.model)
        return None if not name else self._described(name)

    def _described(self, name: str) -> Checkpoint:
        if name not in self._checkpoints:
            self._checkpoints[name] = Checkpoint(
                model=name, revision=self.revision, dtype=self.dtype, device=self.device, max_length=self.max_length
            )
        return self._checkpoints[name]

    @cached_property
    def _checkpoints(self) -> dict[str, Checkpoint]:
        return {}

    @cached_property
    def _manner(self) -> Manner:
        return Manner(max_tokens=self.max_tokens, beams=self.beams, options=self.extra, batch_tokens=self.batch_tokens)


def _flaw(shortened: int, cut_off: int, pieces: int, max_tokens: int) -> str | None:
    """Say how many pieces were not read whole, and how many answers were not written to their end."""
    found = []
    if shortened:
        found.append(f"the model does not read the whole text{_share(shortened, pieces)}")
    if cut_off:
        found.append(f"it was cut off at max_tokens={max_tokens}{_share(cut_off, pieces)}")
    return "; ".join(found) or None


def _share(count: int, pieces: int) -> str:
    return f" ({count} of {pieces} pieces)" if pieces > 1 else ""
