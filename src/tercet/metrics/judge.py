"""Judge: a language model lists what a summary claims, and judges each claim by the source."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from math import inf
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tercet.cache import Cache, digest
from tercet.chat import Answer, Decoding, Endpoint, Question
from tercet.chat.calling import Chat, transport
from tercet.components import component
from tercet.errors import ConfigError
from tercet.metrics.contract import PASSING, Array, Batch, Need, Rows, ScoreSpec, measure_together, ratio, sign
from tercet.metrics.judge_answer import Claim, Fault, as_text, read_claims
from tercet.metrics.judge_prompt import VERDICTS, VERSION, prompt_hash, question
from tercet.records import Evidence, Quote, Segment
from tercet.text.quoting import Quoted

_BESIDE = {"scores": False}  # an option that changes no score
_SAID = {"supported": "Supported", "contradicted": "Contradicted", "not_found": "Not in the source"}
_MISQUOTED = "misquoted"
_PURPOSE = "metric=judge"
Ask = Callable[[Sequence[Question]], Iterator[tuple[int, Answer]]]


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Claims of a candidate that the source supports, as a language model judges them.

    - ``judge_precision``: supported of all claims, from 0 to 1.
    - ``judge_contradictions``: claims that the source contradicts, for each summary.
    - ``judge_misquoted``: share of claims for which the model quotes words that the source has not; it
      should be 0, and tells how far the model itself can be trusted.

    The model is reached through any chat endpoint that speaks as OpenAI's does: vLLM, Ollama, llama.cpp,
    LM Studio, a hosted provider; or through a backend that asks a model otherwise. It answers by a schema
    where the server knows schemas, and an answer that breaks it is asked for again, with the fault. Every
    claim is evidence, with its place in the candidate and in the source.

    The texts are data. They stand behind fences that they cannot close, and an instruction in them is
    none; a model may still be taken in by a false but well-meant sentence, as by any other.

    What is unscored, each with the reason: a candidate without words, texts over ``max_source_chars``,
    a question that failed, an answer that stayed malformed, a list without claims. A verdict is kept,
    by everything that decides it and not by the endpoint; failures are not, and are asked again.

    Args:
        backend: A backend that asks a model, such as one of ``conf/summarizer``: it brings the options from
            ``base_url`` to ``seed`` and those of its calls, which stay as they are here. None asks an endpoint.
        base_url: The endpoint, up to the version, as ``http://localhost:8000/v1``.
        model: Its name there. Two models of one name are one to the cache and the signature.
        key_variable: The environment variable that holds the key; None sends no key.
        temperature: 0, so that the same is answered again; None for models that refuse to be told.
        max_tokens: Of an answer.
        seed: None leaves it out.
        repairs: How often a malformed answer is asked for again.
        max_source_chars: Longer sources, and candidates, are unscored; none is cut.
        timeout: Seconds for one try.
        retries: Further tries where a server fails.
        concurrency: Questions that are open at once.
        cache: File of the verdicts; None keeps none.

    References:
        Claims by a model, judged one by one: Min et al., FActScore, 2023,
        https://aclanthology.org/2023.emnlp-main.741.
    """

    backend: Any = None
    base_url: str | None = field(default=None, metadata=_BESIDE)
    model: str | None = None
    key_variable: str | None = field(default=None, metadata=_BESIDE)
    temperature: float | None = 0.0
    max_tokens: int = 4096
    seed: int | None = None
    repairs: int = 2
    max_source_chars: int = 60_000
    timeout: float = field(default=120.0, metadata=_BESIDE)
    retries: int = field(default=2, metadata=_BESIDE)
    concurrency: int = field(default=8, metadata=_BESIDE)
    cache: str | None = field(default=".tercet/judge.sqlite", metadata=_BESIDE)
    place: ClassVar[str] = "here"  # an endpoint is asked from one process
    needs: ClassVar[frozenset[Need]] = frozenset({Need.SOURCE})
    columns: ClassVar[tuple[str, ...]] = (*VERDICTS, "claims", _MISQUOTED, "summaries")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="judge_precision", low=0, high=1, higher_is_better=True),
        ScoreSpec(name="judge_contradictions", low=0, high=inf, higher_is_better=False, decimals=2),
        ScoreSpec(
            name="judge_misquoted",
            low=0,
            high=1,
            higher_is_better=None,
            headline=False,
            warning="were judged by words that the source does not have",
        ),
    )

    def __post_init__(self) -> None:
        _ = self._endpoint, self._decoding  # they check their part of the options
        found = component(self.backend, "backend") if isinstance(self.backend, dict) else self.backend
        if found is not None and not hasattr(found, "ask"):
            raise ConfigError(
                "backend is none that asks a language model.", "Name one, as conf/summarizer/openai.yaml does."
            )
        object.__setattr__(self, "backend", found)
        if self.repairs < 0:
            raise ConfigError(f"repairs is {self.repairs}.", "It must be at least 0.")
        if self.max_source_chars < 1:
            raise ConfigError(f"max_source_chars is {self.max_source_chars}.", "It must be at least 1.")

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Count claims by verdict, what is misquoted, and 1."""
        return measure_together(self, segments, self._together)

    def reduce(self, sums: Array) -> Array:
        """Divide by the claims, and contradictions by the summaries."""
        supported, contradicted, _, claims, misquoted, summaries = np.moveaxis(sums, -1, 0)
        pairs = ((supported, claims), (contradicted, summaries), (misquoted, claims))
        return np.stack([ratio(above, below) for above, below in pairs], axis=-1)

    def signature(self, language: str) -> str:
        """Name the model, how it writes, and the prompt.

        Raises:
            MissingExtraError: There is an endpoint, and the package that calls it is not installed.
        """
        if self.base_url is not None:
            transport(_PURPOSE)
        backend = {} if self.backend is None else {"backend": digest(self.backend.speaker())[:12]}
        return sign(
            "judge",
            lang=language,
            model=_shown(self.model if self.backend is None else self.backend.model),
            **backend,
            temperature=_shown(self._decoding.temperature),
            max_tokens=self.max_tokens,
            seed=_shown(self.seed),
            repairs=self.repairs,
            max_source=self.max_source_chars,
            prompt=f"{VERSION},{prompt_hash()[:12]}",
            version=1,
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts; it has no endpoint, and knows what is in the cache.

        Raises:
            ValueError: It asked a backend, which no signature describes.
        """
        if "backend" in parts:
            raise ValueError("it asked a backend, which a signature does not describe")
        return cls(
            model=None if parts["model"] == "none" else parts["model"],
            temperature=None if parts["temperature"] == "none" else float(parts["temperature"]),
            max_tokens=int(parts["max_tokens"]),
            seed=None if parts["seed"] == "none" else int(parts["seed"]),
            repairs=int(parts["repairs"]),
            max_source_chars=int(parts["max_source"]),
        )

    @property
    def _endpoint(self) -> Endpoint:
        return Endpoint(
            base_url=self.base_url,
            key_variable=self.key_variable,
            timeout=self.timeout,
            retries=self.retries,
            concurrency=self.concurrency,
        )

    @property
    def _decoding(self) -> Decoding:
        temperature = None if self.temperature is None else float(self.temperature)  # 0 and 0.0 are one key
        return Decoding(temperature=temperature, max_tokens=self.max_tokens, seed=self.seed)

    def _together(self, segments: list[Segment]) -> Batch:
        unscored = {i: reason for i, segment in enumerate(segments) if (reason := self._unfit(segment))}
        speaker = [self.model, asdict(self._decoding)] if self.backend is None else self.backend.speaker()
        identity = [*speaker, self.repairs, prompt_hash()]
        keys = {i: _key(identity, segment) for i, segment in enumerate(segments) if i not in unscored}
        judged = self._judge({key: segments[i] for i, key in keys.items()})
        values = np.zeros((len(segments), len(self.columns)))
        evidence: dict[int, tuple[Evidence, ...]] = {}
        for i, key in keys.items():
            found = judged[key]
            if isinstance(found, str):
                unscored[i] = found
            else:
                evidence[i] = _evidence(found, segments[i])
                values[i] = _row(evidence[i])
        return Batch(values=values, unscored=unscored, evidence=evidence)

    def _unfit(self, segment: Segment) -> str | None:
        """Say why the model is not asked at all."""
        if not any(character.isalnum() for character in segment.candidate or ""):
            return "the output has no words, and claims nothing"
        for name, text in (("source", segment.source), ("output", segment.candidate)):
            if len(text or "") > self.max_source_chars:
                return f"the {name} has more than max_source_chars={self.max_source_chars} characters"
        return None

    def _judge(self, wanted: Mapping[str, Segment]) -> dict[str, tuple[Claim, ...] | str]:
        """Look verdicts up, and ask for those that are not there: claims, or the reason why there are none."""
        if not wanted:
            return {}
        with Cache(Path(self.cache) if self.cache else None) as cache:
            kept = {key: read_claims(text) for key, text in cache.find(wanted).items()}
            found: dict[str, tuple[Claim, ...] | str]
            found = {key: claims for key, claims in kept.items() if not isinstance(claims, Fault)}
            missing = {key: segment for key, segment in wanted.items() if key not in found}
            obstacle = self._obstacle()
            if missing and obstacle is None:
                found |= self._ask(missing, cache)
        return found | {key: PASSING + obstacle for key in missing if obstacle is not None}

    def _obstacle(self) -> str | None:
        """Say why nobody can be asked."""
        if self.backend is not None:
            refused: str | None = self.backend.refuses("summarize", "en", "en")
            return refused
        return self._endpoint.obstacle or (None if self.model else "no model: set model, as the endpoint names it")

    @contextmanager
    def _asking(self) -> Iterator[Ask]:
        if self.backend is not None:
            yield self.backend.ask
            return
        with Chat(self._endpoint, self.model or "", self._decoding, purpose=_PURPOSE) as chat:
            yield chat.ask

    def _ask(self, wanted: Mapping[str, Segment], cache: Cache) -> dict[str, tuple[Claim, ...] | str]:
        """Ask, and ask again where an answer is malformed."""
        found: dict[str, tuple[Claim, ...] | str] = {}
        faults: dict[str, Fault] = {}
        pending = list(wanted)
        with self._asking() as ask:
            for _ in range(self.repairs + 1):
                questions = [question(wanted[key], faults[key].words if key in faults else None) for key in pending]
                for index, answer in ask(questions):
                    result = self._read(answer)
                    key = pending[index]
                    if isinstance(result, Fault):
                        faults[key] = result
                        continue
                    found[key] = result
                    if not isinstance(result, str):
                        cache.store(key, as_text(result))
                pending = [key for key in pending if key not in found]
        return found | {key: f"the judge's answer is malformed: {faults[key].words}" for key in pending}

    def _read(self, answer: Answer) -> tuple[Claim, ...] | Fault | str:
        if answer.failure is not None:
            return f"{PASSING}no verdict: {answer.failure}"
        found = read_claims(answer.text or "")
        if isinstance(found, Fault) and answer.cut:
            return Fault(f"it was cut off at max_tokens={self.max_tokens}")
        return found


def _key(identity: Sequence[object], segment: Segment) -> str:
    """Hash all that decides a verdict."""
    texts = [segment.source_language, segment.source, segment.language, segment.candidate]
    return digest("judge", identity, texts)


def _shown(value: object) -> object:
    return "none" if value is None else value


def _row(evidence: Sequence[Evidence]) -> list[float]:
    counts = [sum(item.kind == verdict for item in evidence) for verdict in VERDICTS]
    return [*counts, len(evidence), sum(item.label == _MISQUOTED for item in evidence), 1]


def _evidence(claims: Sequence[Claim], segment: Segment) -> tuple[Evidence, ...]:
    """Find the place of each claim in the candidate, and of what decides it in the source."""
    candidate, source = Quoted(segment.candidate or ""), Quoted(segment.source or "")
    return tuple(_item(claim, candidate.find(claim.quote), source.find(claim.evidence), segment) for claim in claims)


def _item(claim: Claim, mine: tuple[int, int] | None, theirs: tuple[int, int] | None, segment: Segment) -> Evidence:
    start, end = mine or (None, None)
    misquoted = bool(claim.evidence) and theirs is None
    beside = "The judge quotes what the source does not say" if misquoted else "The source"
    shown = f" ({beside}: {claim.evidence})" if claim.evidence else ""
    return Evidence(
        kind=claim.verdict,
        message=f"{_SAID[claim.verdict]}: {claim.claim}{shown}",
        start=start,
        end=end,
        label=_MISQUOTED if misquoted else "",
        value=claim.claim,
        quote=theirs
        and Quote(text=(segment.source or "")[slice(*theirs)], offset=theirs[0], start=theirs[0], end=theirs[1]),
    )
