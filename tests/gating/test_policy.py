"""The policy: every field is checked, rules inherit, and the command line reaches each of them."""

from typing import Any

import pytest

from tercet.components import component, structured
from tercet.composing import compose, config_folder
from tercet.errors import ConfigError
from tercet.gating.policy import Policy
from tercet.gating.rules import Rule, ScoreRule

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "alpha": ({"alpha": 0}, "between 0 and 1"),
    "alpha as a percentage": ({"alpha": 5}, "between 0 and 1"),
    "power": ({"power": 0.01}, "between alpha, 0.05, and 1"),
    "one article": ({"min_articles": 1}, "at least 2"),
    "seed": ({"seed": -1}, "at least 0"),
    "max_missing": ({"max_missing": -1}, "at least 0"),
    "correction": ({"correction": "hom"}, "Did you mean 'holm'?"),
    "new_facts": ({"new_facts": "fial"}, "Did you mean 'fail'?"),
    "underpowered": ({"underpowered": "fall"}, "Did you mean 'fail'?"),
    "fact_kinds": ({"fact_kinds": ["malfomed"]}, "Did you mean 'malformed'?"),
    "no fact_kinds": ({"fact_kinds": []}, "new_facts=ignore"),
    "too few replicates for any p": ({"replicates": 10}, "no p is as small as alpha, 0.05"),
    "alpha that no p has": ({"alpha": 1e-320}, "No p of permutations is as small"),
    "too many replicates": ({"replicates": 10**12}, "take too long"),
    "too few for one score's alpha": ({"replicates": 100, "scores": {"chrf": {"alpha": 0.001}}}, "fewer than 1000"),
    "unknown key": ({"alfa": 0.1}, "Did you mean 'alpha'?"),
    "unknown key of a score": ({"scores": {"chrf": {"margn": 1}}}, "Did you mean 'margin'?"),
    "unknown key of a language": ({"scores": {"chrf": {"languages": {"zh": {"flor": 1}}}}}, "Did you mean 'floor'?"),
    "languages in a language": ({"scores": {"chrf": {"languages": {"zh": {"languages": {}}}}}}, "no key"),
    "negative margin": ({"scores": {"chrf": {"margin": -1}}}, "a number from 0"),
    "margin that is none": ({"scores": {"chrf": {"margin": float("nan")}}}, "a number from 0"),
    "infinite margin": ({"scores": {"chrf": {"margin": float("inf")}}}, "a number from 0"),
    "infinite floor": ({"scores": {"chrf": {"floor": float("-inf")}}}, "must be a number"),
    "no mapping": ({"scores": {"chrf": 1.5}}, "scores.chrf.margin"),
    "margin in words": ({"scores": {"chrf": {"margin": "small"}}}, "scores.chrf.margin"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_field_is_named_with_its_remedy(name: str) -> None:
    values, expected = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        structured(Policy, values, "gate")
    assert expected in str(caught.value)


def test_a_language_says_more_than_a_score_and_a_score_more_than_the_policy() -> None:
    zh = {"margin": 0.03, "min_articles": 40}
    policy = Policy(scores={"rouge1": {"margin": 0.02, "alpha": 0.01, "languages": {"zh": zh}}}, min_articles=20)
    en, chinese, other = (policy.terms(*key) for key in (("rouge1", "en"), ("rouge1", "zh"), ("chrf", "en")))
    assert (en.margin, en.alpha, en.min_articles, en.listed) == (0.02, 0.01, 20, True)
    assert (chinese.margin, chinese.alpha, chinese.min_articles) == (0.03, 0.01, 40)
    assert (other.margin, other.alpha, other.min_articles, other.listed) == (None, 0.05, 20, False)


def test_rules_may_be_made_in_python() -> None:
    rule = ScoreRule(margin=0.02, languages={"zh": Rule(floor=0.3)})
    assert Policy(scores={"rouge1": rule}) == Policy(
        scores={"rouge1": {"margin": 0.02, "languages": {"zh": {"floor": 0.3}}}}
    )


DECIDES = [  # policy, score, headline, directed, whether it decides
    ({}, "chrf", True, True, True),
    ({}, "chrf_p", False, True, False),
    ({}, "length", True, False, False),
    ({"scores": {"chrf_p": None}}, "chrf_p", False, True, True),
    ({"only_listed": True}, "chrf", True, True, False),
    ({"only_listed": True, "scores": {"chrf": {}}}, "chrf", True, True, True),
    ({"scores": {"chrf": {"gates": False}}}, "chrf", True, True, False),
    ({"primary": "bleu"}, "chrf", True, True, False),
    ({"primary": "bleu", "scores": {"chrf": {"gates": True}}}, "chrf", True, True, False),
    ({"primary": "bleu"}, "bleu", False, True, True),
]


@pytest.mark.parametrize(("values", "score", "headline", "directed", "expected"), DECIDES)
def test_which_scores_decide(
    values: dict[str, Any], score: str, headline: bool, directed: bool, expected: bool
) -> None:
    assert Policy(**values).decides(score, "en", headline=headline, directed=directed) is expected


@pytest.mark.parametrize(
    "values", [{"primary": "length"}, {"scores": {"length": {"margin": 1}}}, {"scores": {"length": {"floor": 1}}}]
)
def test_what_has_no_direction_cannot_decide(values: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="neither direction of it is better"):
        Policy(**values).decides("length", "en", headline=True, directed=False)


def test_what_is_demanded_must_be_known_and_a_margin_demands_nothing() -> None:
    policy = Policy(primary="rouge1", scores={"chrf": {"languages": {"zh": {"floor": 20}}}, "comet": {"margin": 0.01}})
    policy.check_known({("rouge1", "en"), ("chrf", "zh")})
    assert policy.undemanded() == [("chrf", None), ("comet", None)]
    with pytest.raises(ConfigError, match=r"'chrf', and no run has it in 'zh'. Did you mean 'chrf'"):
        policy.check_known({("rouge1", "en"), ("chrf", "en")})
    with pytest.raises(ConfigError, match=r"primary score is 'rouge1'.*Did you mean 'rougeL'"):
        policy.check_known({("rougeL", "en"), ("chrf", "zh")})


def test_a_comparison_is_made_as_the_policy_says() -> None:
    policy = Policy(alpha=0.1, correction="holm", seed=7, replicates=500, primary="chrf", fact_kinds=["malformed"])
    settings = policy.settings(["chrf", "bleu"], on="common")
    assert (settings.alpha, settings.level, settings.correction, settings.on) == (0.1, 0.9, "holm", "common")
    assert (settings.seed, settings.replicates, settings.primary) == (7, 500, "chrf")
    assert (settings.scores, settings.fact_kinds) == (("chrf", "bleu"), ("malformed",))


def built(*overrides: str) -> Policy:
    from omegaconf import OmegaConf

    ((config, _),) = compose(overrides, multirun=False, folders=[config_folder()], config_name="run")
    plain: Any = OmegaConf.to_container(config, resolve=True)
    policy = component(plain["gate"], "gate")
    assert isinstance(policy, Policy)
    return policy


def test_the_default_yaml_has_the_defaults_of_the_class_and_margins() -> None:
    policy = built()
    assert policy == Policy(scores=policy.scores)
    assert all(rule.margin for rule in policy.scores.values())


def test_the_strict_policy_is_stricter_in_everything() -> None:
    default, strict = built(), built("gate=strict")
    assert strict.underpowered == "fail"
    assert strict.min_articles > default.min_articles
    assert strict.scores.keys() == default.scores.keys()
    assert all(strict.scores[name].margin == rule.margin / 2 for name, rule in default.scores.items())


def test_a_rule_is_an_override_away() -> None:
    policy = built("gate.scores.rouge1.margin=0.05", "++gate.scores.rouge1.languages.zh.margin=0.03")
    assert [policy.terms("rouge1", code).margin for code in ("en", "zh")] == [0.05, 0.03]
