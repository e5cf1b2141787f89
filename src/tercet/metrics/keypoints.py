"""Key points: how many of the reference's the candidate covers, in its own language and across languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from tercet.encoders.aligning import aligner, nearest
from tercet.errors import ConfigError
from tercet.facts import Finding, check, rules
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, measure_each, ratio, sign
from tercet.records import Evidence, KeyPoint, Segment
from tercet.text.languages import language as lookup
from tercet.text.sentences import sentences

_SCORES = ("keypoints", "keypoints_across")
_SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class Keypoints:
    """Share of the reference summary's key points that the candidate covers.

    - ``keypoints``: of the points in the candidate's language, from 0 to 1.
    - ``keypoints_across``: of the points in the other languages, from 0 to 1.

    A point is covered where the candidate states enough of its checkable facts. A point that has none is
    covered where the candidate's sentences are near to its own: of each sentence of the point the nearest
    one's cosine is taken, and their mean must reach the threshold. Coverage says nothing of what else the
    candidate claims.

    Both bounds were chosen on the sample corpus (``python -m benchmarks.keypoints``): a point against a text
    that has it, the source or the reference in the other language, and against a reference that it was taken
    out of. With bounds chosen on half of the articles, balanced accuracy on the others is above .98 by facts;
    by sentences it is .98 in one language and .95 across. These texts are written with care and dense with
    figures; what systems write is neither.

    Args:
        share: Which part of a point's checkable facts is enough, above 0 to 1.
        threshold: Cosine from which on a point without facts is covered; None leaves such points out, and
            needs no encoder.
    """

    share: float = 0.6
    threshold: float | None = 0.46
    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = tuple(f"{name}_{part}" for name in _SCORES for part in ("covered", "points"))
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="keypoints", low=0, high=1, higher_is_better=True),
        ScoreSpec(name="keypoints_across", low=0, high=1, higher_is_better=True, headline=False),
    )

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ConfigError(f"share is {self.share}.", "It must be above 0, and at most 1.")
        if self.threshold is not None and not -1 <= self.threshold <= 1:
            raise ConfigError(f"threshold is {self.threshold}.", "It must be from -1 to 1, or null.")

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Count covered points and points, in the candidate's language and in others."""
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        """Divide the covered points by the points."""
        return ratio(sums[..., 0::2], sums[..., 1::2])

    def signature(self, language: str) -> str:
        """Name what is enough, the rules of the facts, and the encoder where there is one."""
        aligned = {} if self.threshold is None else {"encoder": aligner()}
        return sign(
            "keypoints", lang=language, share=self.share, threshold=self.threshold, rules=rules(), **aligned, version=1
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts."""
        threshold = None if parts["threshold"] == "None" else float(parts["threshold"])
        return cls(share=float(parts["share"]), threshold=threshold)

    def _one(self, segment: Segment) -> Measured:
        own = {code: points for code, points in segment.key_points.items() if code == segment.language}
        others = {code: points for code, points in sorted(segment.key_points.items()) if code != segment.language}
        row: list[float] = []
        gaps: dict[str, str] = {}
        missed: list[Evidence] = []
        for name, where, by_language in zip(_SCORES, ("this language", "another language"), (own, others), strict=True):
            found = [self._point(point, code, segment) for code, points in by_language.items() for point in points]
            counted = [item for item in found if item is not None]
            if not counted:
                gaps[name] = f"the reference has no key points in {where}"
                if found:
                    gaps[name] = f"none of the key points in {where} has a fact that can be checked"
            row += [float(sum(item is True for item in counted)), float(len(counted))]
            missed += [item for item in counted if isinstance(item, Evidence)]
        if not (segment.candidate or "").strip():
            missed.insert(0, Evidence(kind="empty", message="The output is empty."))
        return Measured(row=row, gaps=gaps, evidence=tuple(missed))

    def _point(self, point: KeyPoint, code: str, segment: Segment) -> Evidence | bool | None:
        """Tell whether a point is covered: True, what is missing, or None where there is no telling."""
        text = segment.candidate or ""
        report = check(point.text, code, text, segment.language, segment.date)
        facts = [verdict for verdict in report.verdicts if verdict.finding is not Finding.MALFORMED]
        if facts:
            absent = [verdict.fact for verdict in facts if verdict.finding is not Finding.SUPPORTED]
            if len(facts) - len(absent) >= self.share * len(facts):
                return True
            words = ", ".join(f"«{point.text[fact.start : fact.end].strip()}»" for fact in absent)
            return _missed(point, code, f"{len(absent)} of its {len(facts)} facts are not stated: {words}")
        if self.threshold is None:
            return None
        near = nearness(point.text, code, text, segment.language)
        return near >= self.threshold or _missed(point, code, f"the nearest sentences have a cosine of {near:.2f}")


def nearness(point: str, code: str, candidate: str, language: str) -> float:
    """Take the mean over a point's sentences of the cosine of the candidate's nearest one, from -1 to 1."""
    found = nearest(sentences(point, code), code, sentences(candidate, language), language, 1)
    cosines = [item.cosines[0] for item in found if item.cosines]
    return sum(cosines) / len(cosines) if cosines else 0.0


def _missed(point: KeyPoint, code: str, why: str) -> Evidence:
    return Evidence(kind="missed", message=f"{_named(point, code)}{why}.", label=point.label)


def _named(point: KeyPoint, code: str) -> str:
    name = point.label or (point.text if len(point.text) <= _SHOWN else f"{point.text[:_SHOWN]}…")
    return f"{lookup(code).name} key point «{name}»: "


def missed_point(message: str, point: KeyPoint, language: str) -> bool:
    """Whether a message of evidence says that a key point of a language is missed."""
    return message.startswith(_named(point, language))
