"""A comparison made by hand: figures that are easy to check, Chinese facts, and texts that mean no good."""

from dataclasses import replace
from typing import Any

from tercet.comparing.records import Comparison, Difference, FalseFact, Method, Mover, Side, Slice, Versus
from tercet.records import Quote

HOSTILE = "a|b `c` <img src=x onerror=y> @everyone #12 *d* [e](http://f) \x1b[2Jg\nh $1 and $2 \\ &lt; \ud83d"
NO_TEST = "neither direction is better, so that nothing is tested"


def side(label: str, failures: int = 0) -> Side:
    return Side(label=label, folder=f"results/{label}", cases=48, failures=failures, config="0123")


def difference(score: str, language: str, values: tuple[float, float] | None, **more: Any) -> Difference:
    """A difference of 24 articles with interval and p, where nothing else is said."""
    baseline, candidate = values or (None, None)
    delta = None if baseline is None or candidate is None else round(candidate - baseline, 9)
    known: dict[str, Any] = {
        "metric": score.rstrip("12"),
        "higher_is_better": True,
        "interval": None if delta is None else (delta - 0.02, delta + 0.02),
        "p": 0.5,
        "adjusted": 0.9,
        "wins": 12,
        "ties": 2,
        "losses": 10,
        "pairs": 24,
        "total": 24,
        "articles": 24,
        "differing": 22,
        "error": 0.01,
        "detectable": 0.0294,
    }
    return Difference(
        score=score, language=language, baseline=baseline, candidate=candidate, delta=delta, **(known | more)
    )


MAGNITUDE = FalseFact(
    case_id="mistral:zh",
    kind="contradicted",
    label="magnitude",
    value="EUR 60,000,000",
    message="'6000万欧元' is EUR 60,000,000; the source says EUR 600,000,000.",
    place=Quote(text="该公司融资6000万欧元，估值翻番。", offset=10, start=15, end=22),
    other=Quote(text="raised €600mn from investors", offset=0, start=7, end=13),
)
MALFORMED = FalseFact(
    case_id="ferry:en",
    kind="malformed",
    label="malformed",
    value="",
    message="'1,0,00' is no number.",
    place=Quote(text="cost 1,0,00 in all", offset=0, start=5, end=11),
    other=None,
)
UNPLACED = replace(MAGNITUDE, case_id="bridge:zh", label="currency", place=None, other=None)
EVIL = FalseFact(
    case_id=HOSTILE,
    kind="contradicted",
    label="number",
    value="2",
    message=HOSTILE,
    place=Quote(text=HOSTILE, offset=0, start=0, end=3),
    other=Quote(text=HOSTILE, offset=0, start=4, end=7),
)


def mover(case_id: str, before: float, after: float, **more: Any) -> Mover:
    article, _, language = case_id.rpartition(":")
    return Mover(
        case_id=case_id,
        article=article,
        language=language,
        score="rouge1",
        baseline=before,
        candidate=after,
        delta=after - before,
        **more,
    )


def differences() -> tuple[Difference, ...]:
    """One of each kind: better, worse, not shown, hidden by rounding, not tested, without a value."""
    lower = {"higher_is_better": False, "decimals": 2}
    return (
        difference("rouge1", "en", (0.312, 0.343), p=0.0004, adjusted=0.0021, wins=19, ties=1, losses=4),
        difference("rouge2", "en", (0.1, 0.1004), interval=(-0.0104, 0.0112)),
        difference("contradictions", "en", (0.5, 0.75), p=0.00002, adjusted=0.00009, **lower),
        difference("length_ratio", "en", (1.0, 1.1), higher_is_better=None, p=None, adjusted=None, reason=NO_TEST),
        difference("rouge1", "zh", (0.4, 0.4), error=0.0, detectable=0.0, interval=(0.0, 0.0), adjusted=1.0),
        difference(
            "fact_precision",
            "zh",
            (0.9, 0.78),
            metric="facts",
            adjusted=0.05,
            pairs=21,
            articles=20,
            unpaired={"candidate: no output: 429": 2, "both: the article has no source text": 1},
        ),
        difference(
            "comet",
            "zh",
            None,
            p=None,
            adjusted=None,
            pairs=0,
            articles=0,
            wins=0,
            ties=0,
            losses=0,
            detectable=None,
            error=None,
            reason="no case is scored in both runs",
        ),
    )


def versus(label: str = "B", **more: Any) -> Versus:
    worse = (
        mover("mistral:zh", 0.412, 0.201, new=(MAGNITUDE,)),
        mover("bridge:zh", 0.3, 0.2999, new=(UNPLACED,)),
    )
    known: dict[str, Any] = {
        "differences": differences(),
        "worse": worse,
        "better": (mover("ferry:en", 0.2, 0.25, repaired=(MALFORMED,)),),
        "new": (MAGNITUDE, UNPLACED, EVIL),
        "repaired": (MALFORMED,),
    }
    return Versus(candidate=side(label, failures=2), **(known | more))


SLICES = (
    Slice(by="tag", value="economy", differences=(difference("rouge1", "en", (0.3, 0.32), p=None, adjusted=None),)),
    Slice(by="length", value="short", differences=(difference("rouge1", "en", (0.3, 0.29), p=None, adjusted=None),)),
)


def comparison(*candidates: Versus, **method: Any) -> Comparison:
    known: dict[str, Any] = {"tests": 5, "primary": "rouge1"}
    return Comparison(baseline=side("A"), versus=candidates or (versus(),), method=Method(**(known | method)))
