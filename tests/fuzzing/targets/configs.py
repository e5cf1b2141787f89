"""Configs: composition, prompts with their templates, prices, the gate's policy, components."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tercet.components import component
from tercet.composing import compose, config_folder, config_folders
from tercet.config import _part
from tercet.gating.policy import Policy
from tercet.prompts import Prompt
from tercet.spending import read_prices
from tests.fuzzing.grammar import text, yaml_matter
from tests.fuzzing.target import Read, Target, demand


def _node(data: bytes) -> Any:
    """Read YAML as Hydra hands it on: plain values. What is no YAML is the composition's to tell."""
    try:
        return yaml.load(data.decode("utf-8", "replace"), yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return None


def _built(kind: type[Any], use: Callable[[Any], str]) -> Callable[[Path], Read]:
    def ready(folder: Path) -> Read:
        def case(data: bytes) -> str:
            node = _node(data)
            if not isinstance(node, dict):
                return "no case"
            path = f"{kind.__module__}.{kind.__qualname__}"
            return use(component({**{str(key): value for key, value in node.items()}, "_target_": path}, "it"))

        return case

    return ready


def _asked(prompt: Prompt) -> str:
    said = [prompt.refuses(role) or "" for role in ("summarize", "translate")]
    mark = "{{ 7*7 }} 文 \ud83d"
    for role, refusal in zip(("summarize", "translate"), said, strict=True):
        if not refusal:
            prompt.messages(role, mark, "en", "zh", ())
    return f"{bool(said[0])} {bool(said[1])}"


def _judging(policy: Policy) -> str:
    for score in (*policy.scores, "rouge1"):
        for code in ("en", "zh"):
            policy.terms(str(score), code)
    demand(policy.replicates * policy.alpha >= 0.99, "a policy by which no gate can fail")
    policy.settings(["rouge1"])
    return f"{len(policy.demanded())} demanded"


def _prices(folder: Path) -> Read:
    def case(data: bytes) -> str:
        node = _node(data)
        if not isinstance(node, dict):
            return "no case"
        found = read_prices(node)
        demand(len(found) == len({str(key) for key in node}), "a price is lost")
        return f"{min(len(found), 3)} prices"

    return case


def _composed(folder: Path) -> Read:
    """A user's folder of configs: an experiment and a metric of theirs, one of them the case."""
    own = folder / "conf"
    for group in ("experiment", "metric"):
        (own / group).mkdir(parents=True)
    (own / "experiment" / "mine.yaml").write_text("# @package _global_\nlimit: 1\n", "utf-8")
    folders = config_folders(str(own))

    def case(data: bytes) -> str:
        (own / "experiment" / "case.yaml").write_bytes(data)
        return str(len(compose(["experiment=case"], multirun=False, folders=folders, config_name="run")) > 1)

    return case


def _overridden(folder: Path) -> Read:
    folders = [config_folder().resolve()]

    def case(data: bytes) -> str:
        words = [word for word in data.decode("utf-8", "replace").split("\n") if word][:4]
        return str(len(compose(words, multirun=True, folders=folders, config_name="run")) > 1)

    return case


def _parts(folder: Path) -> Read:
    def case(data: bytes) -> str:
        number, parts = _part(data.decode("utf-8", "surrogatepass") if _is_text(data) else None)
        demand(1 <= number <= parts, "a part that is none")
        return "read"

    return case


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _conf(*names: str) -> Callable[[], list[bytes]]:
    return lambda: [(config_folder() / name).read_bytes() for name in names]


def _make(chance: Random) -> bytes:
    return yaml_matter(chance).encode("utf-8", "surrogatepass")


def _make_prompt(chance: Random) -> bytes:
    marks = (
        "{{ text }}", "{{ text | fence }}", "{% if role %}", "{% endif %}", "{% for x in text %}", "{% endfor %}",
        "{{ x.__class__ }}", "{# #}", "{{ text[0] }}", "{{ text * 3 }}", "{{ 1 / 0 }}", "{{ text.format(1) }}",
        "{% set x = 1 %}", "{% include 'a' %}",
    )  # fmt: skip
    parts = [chance.choice(marks) if chance.random() < 0.6 else text(chance, 2) for _ in range(chance.randrange(6))]
    return yaml.safe_dump({"summarize": "".join(parts) + "{{ text }}", "shape": "text"}, allow_unicode=True).encode()


_JINJA = (
    b"{{ text }}",
    b"{% if role %}",
    b"{% endif %}",
    b"| fence",
    b"{{ text.__class__ }}",
    b"{% for a in text %}{% endfor %}",
    b"shape: json",
    b"examples: 2",
)
_KEYS = (
    b"alpha: 0.05\n",
    b"margin:",
    b"scores:\n",
    b"languages:",
    b"primary: rouge1\n",
    b"replicates:",
    b"null",
    b"[a, b]",
    b"${",
    b"???",
    b"${oc.env:HOME}",
)

_EXPERIMENT = b"""# @package _global_
# What is tried
defaults:
- override /metric: [rouge, chrf]
- override /summarizer: textrank
limit: 5
languages: [en]
metrics:
  rouge: {stemmer: true}
"""

TARGETS = (
    Target(
        name="prompt",
        reads="prompt yaml with Jinja templates",
        ready=_built(Prompt, _asked),
        seeds=_conf("prompt/zero_shot.yaml", "prompt/structured.yaml", "prompt/one_example.yaml"),
        words=_JINJA,
        make=_make_prompt,
        weight=0.4,
    ),
    Target(
        name="policy",
        reads="gate policy yaml",
        ready=_built(Policy, _judging),
        seeds=_conf("gate/default.yaml", "gate/strict.yaml"),
        words=_KEYS,
        make=_make,
        weight=0.4,
        oracle="no policy by which a gate cannot fail",
    ),
    Target(
        name="prices",
        reads="prices yaml",
        ready=_prices,
        seeds=lambda: [b"gpt: {prompt: 0.5, answer: 2.0}\nother:\n  prompt: 1\n  answer: 0\n"],
        words=(b"prompt:", b"answer:", b"{prompt: 1, answer: 2}"),
        make=_make,
        weight=1.0,
        oracle="each model has its price",
    ),
    Target(
        name="composed",
        reads="a user's conf yaml, composed by Hydra",
        ready=_composed,
        seeds=lambda: [_EXPERIMENT, *_conf("gate/default.yaml", "metric/rouge.yaml")()],
        words=(*_KEYS, b"# @package _global_\n", b"defaults:\n- override /metric: [rouge]\n"),
        make=_make,
        weight=0.01,
    ),
    Target(
        name="overrides",
        reads="overrides on the command line",
        ready=_overridden,
        seeds=lambda: [
            b"summarizer=lead,textrank",
            b"metric=[rouge,chrf]\nlimit=5",
            b"+x.y={a:1,b:[2,3]}",
            b"~limit\ncorpus.path='a b'",
        ],
        words=(b"=", b",", b"[", b"{a:1}", b"~", b"++", b"choice(1,2)", b"range(1,3)", b"\\,", b"'"),
        weight=0.01,
    ),
    Target(
        name="parts",
        reads="part=i/n",
        ready=_parts,
        seeds=lambda: [b"1/1", b"2/8", b"10/10"],
        words=(b"/",),
        weight=3,
        oracle="1 <= i <= n",
    ),
)
