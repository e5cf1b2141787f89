"""The pytest plugin: what it loads, what fails a test and with which words, and where it looks for files.

Tests are run by ``pytester``. Where the gate is not the point, ``tercet.regression`` is a module of the test's own.
"""

import json
import shlex
import sys
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from tercet.cli import main
from tercet.comparing.records import Comparison, Difference, FalseFact, Method, Mover, Side, Versus
from tercet.gating.records import Check, Ruling, Verdict
from tercet.pytest_gate import judged, told
from tercet.records import Quote
from tercet.starting import starting_files, write_starting
from tests.test_starting_workflow import make_quick, plant_worse

pytest_plugins = ["pytester"]
# By its module's name, whether or not its entry point is installed.
PLUGIN = ("-p", "no:tercet", "-p", "tercet.pytest_plugin", "-p", "no:cacheprovider")
FAKE = """\
import json
import sys
from pathlib import Path
from types import ModuleType

from tercet.comparing.records import Comparison, Method, Side, Versus
from tercet.errors import NotComparableError
from tercet.gating.records import Ruling


def gate(overrides=(), *, baseline, candidate=None, own=None, on="all", watcher=None):
    asked = {"overrides": list(overrides), "baseline": str(baseline), "candidate": candidate and str(candidate),
             "own": own, "on": on, "cwd": str(Path.cwd())}
    with Path("asked.jsonl").open("a") as file:
        file.write(json.dumps(asked) + chr(10))
    if on == "common":
        raise NotComparableError("The corpora differ.", "Add --on common.")
    code = 1 if "limit=1" in overrides else 0
    side = Side(label="lead", folder="results/lead", cases=2, failures=0)
    base = Side(label="base", folder=str(baseline), cases=2, failures=0)
    versus = Versus(candidate=side, differences=())
    return Ruling(policy="ci", checks=(), exit_code=code, verdict="fail: x." if code else "pass: no regression seen.",
                  comparison=Comparison(baseline=base, versus=(versus,), method=Method()))


sys.modules["tercet.regression"] = ModuleType("tercet.regression")
sys.modules["tercet.regression"].gate = gate
sys.modules["tercet.regression"].BASELINE = "baselines/default"
"""


@pytest.fixture
def faked(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder whose gate writes down what it is asked: it fails with limit=1."""
    pytester.makeconftest(FAKE)
    pytester.makeini("[pytest]\n")
    (pytester.path / "baselines" / "default").mkdir(parents=True)
    (pytester.path / "baselines" / "default" / "run.json").write_text("{}", "utf-8")
    return pytester


def asked(folder: Path) -> list[dict[str, object]]:
    path = folder / "asked.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def test_a_run_without_the_marker_loads_nothing_of_tercet(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_it():
            ours = {name for name in sys.modules if name.partition(".")[0] == "tercet"}
            assert ours == {"tercet", "tercet.pytest_plugin"}
            assert not {"numpy", "hydra", "click", "rich", "pyarrow", "yaml"} & set(sys.modules)
    """)
    words = [sys.executable, "-m", "pytest", *PLUGIN, "-q"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        done = pytester.run(*words)
    assert done.ret == 0, done.stdout.str()


def test_the_marker_is_enough(faked: pytest.Pytester) -> None:
    faked.makepyfile("""
        import pytest

        @pytest.mark.tercet(experiment="ci")
        def test_it(): pass

        @pytest.mark.tercet("metrics.chrf.beta=1", experiment="ci", limit=1)
        def test_worse(): raise SystemExit("the body runs only where the gate passes")
    """)
    done = faked.runpytest_inprocess(*PLUGIN, "--strict-markers")
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(["tercet gate: fail: x."])
    assert [item["overrides"] for item in asked(faked.path)] == [
        ["experiment=ci"],
        ["metrics.chrf.beta=1", "experiment=ci", "limit=1"],
    ]
    assert {str(item["baseline"]) for item in asked(faked.path)} == {"baselines/default"}
    assert "Traceback" not in done.stdout.str()
    assert ".py:" not in done.stdout.str().partition("short test summary")[0].partition("FAILURES")[2], (
        "no code is shown"
    )


def test_the_fixture_gives_the_markers_ruling_once_and_others_when_asked(faked: pytest.Pytester) -> None:
    faked.makepyfile("""
        import pytest

        @pytest.mark.tercet(experiment="ci")
        def test_it(tercet_gate):
            assert tercet_gate().exit_code == 0
            assert tercet_gate() is tercet_gate()
            tercet_gate("limit=2", metric=["rouge", "chrf"], primary="a b", fresh=True, max_cost=None)

        def test_unmarked(tercet_gate):
            assert tercet_gate(candidate="results/x", config_dir="mine").policy == "ci"
    """)
    faked.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=2)
    first, second, third = asked(faked.path)
    assert first["overrides"] == ["experiment=ci"]
    assert second["overrides"] == ["limit=2", "metric=[rouge,chrf]", "primary='a b'", "fresh=true", "max_cost=null"]
    assert (third["candidate"], third["own"]) == ("results/x", "mine")


def test_an_override_of_no_kind_is_told(faked: pytest.Pytester) -> None:
    faked.makepyfile("def test_it(tercet_gate): tercet_gate(limit=object())")
    done = faked.runpytest_inprocess(*PLUGIN)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["tercet gate: 'limit' cannot be object.", "  Give a text, *"])


def test_what_cannot_be_compared_fails_with_its_remedy(faked: pytest.Pytester) -> None:
    faked.makepyfile("""
        import pytest

        @pytest.mark.tercet(on="common")
        def test_it(): pass
    """)
    done = faked.runpytest_inprocess(*PLUGIN)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["tercet gate: The corpora differ.", "  Add --on common."])


def test_an_expected_failure_is_one(faked: pytest.Pytester) -> None:
    faked.makepyfile("""
        import pytest

        @pytest.mark.xfail(strict=True)
        @pytest.mark.tercet(limit=1)
        def test_it(): pass
    """)
    faked.runpytest_inprocess(*PLUGIN).assert_outcomes(xfailed=1)


def test_the_command_line_chooses_the_baseline(faked: pytest.Pytester) -> None:
    other = faked.path / "other"
    other.mkdir()
    (other / "run.json").write_text("{}", "utf-8")
    faked.makepyfile("""
        import pytest

        @pytest.mark.tercet(baseline="baselines/default")
        def test_it(): pass
    """)
    faked.runpytest_inprocess(*PLUGIN, "--tercet-baseline", "other").assert_outcomes(passed=1)
    assert [item["baseline"] for item in asked(faked.path)] == [str(other)]


def test_paths_are_below_the_rootdir_wherever_pytest_starts(faked: pytest.Pytester, tmp_path: Path) -> None:
    faked.makepyfile("""
        from pathlib import Path
        import pytest

        @pytest.mark.tercet(experiment="ci")
        def test_it(): assert Path.cwd().name == "elsewhere"
    """)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(elsewhere)
        faked.runpytest_inprocess(*PLUGIN, str(faked.path)).assert_outcomes(passed=1)
    assert [item["cwd"] for item in asked(faked.path)] == [str(faked.path)]


def test_the_gates_verdict_stands_in_junit_xml(faked: pytest.Pytester) -> None:
    faked.makepyfile("""
        import pytest

        @pytest.mark.tercet(experiment="ci")
        def test_it(): pass
    """)
    faked.runpytest_inprocess(*PLUGIN, "--junit-xml=out.xml").assert_outcomes(passed=1)
    assert 'name="tercet" value="pass: no regression seen."' in (faked.path / "out.xml").read_text("utf-8")


def test_workers_gate_as_one_process_does(faked: pytest.Pytester) -> None:
    faked.makepyfile("""
        import pytest

        @pytest.mark.tercet(experiment="ci")
        @pytest.mark.parametrize("number", range(4))
        def test_it(number, tercet_gate): assert tercet_gate().exit_code == 0
    """)
    (faked.path / "other").mkdir()
    (faked.path / "other" / "run.json").write_text("{}", "utf-8")
    faked.runpytest_subprocess(*PLUGIN, "-n", "2", "--tercet-baseline", "other").assert_outcomes(passed=4)
    assert {str(item["baseline"]) for item in asked(faked.path)} == {str(faked.path / "other")}


def test_from_no_baseline_to_a_worse_system(tmp_path: Path) -> None:
    write_starting(starting_files(tmp_path))
    make_quick(tmp_path, "[chrf, facts]")
    config = SimpleNamespace(rootpath=tmp_path, getoption=lambda _: None)
    item: Any = SimpleNamespace(config=config, user_properties=[])
    with pytest.raises(pytest.fail.Exception, match="There is no baseline 'baselines/default'") as none:
        judged(item, experiment="ci")
    words = shlex.split(str(none.value).partition("Where the run is fine: ")[2])
    assert words[:2] == ["tercet", "bless"]
    with chdir(tmp_path):
        assert CliRunner().invoke(main, words[1:]).exit_code == 0
    assert judged(item, experiment="ci").exit_code == 0
    assert item.user_properties[0][0] == "tercet"

    plant_worse(tmp_path)
    with pytest.raises(pytest.fail.Exception) as worse:
        judged(item, experiment="ci")
    for part in (
        "mountain-library:en",
        "«14,000»",
        "«1,400»",
        "tercet compare baselines/default results/worse-copy-",
    ):
        assert part in str(worse.value), str(worse.value)


def fact(case: str, text: str, place: str) -> FalseFact:
    start = text.index(place)
    other = "there were 1,400 books"
    return FalseFact(
        case_id=case,
        kind="contradicted",
        label="number",
        value="14000",
        message="The source says 1,400.",
        place=Quote(text=text, offset=0, start=start, end=start + len(place)),
        other=Quote(text=other, offset=0, start=11, end=16),
    )


def test_the_message_names_figures_articles_facts_and_commands() -> None:
    new = fact("library:en", "it holds\x1b[2J 14,000\nbooks", "14,000")
    fell = Difference(metric="rouge", score="rouge1", language="zh", higher_is_better=True, baseline=0.5, candidate=0.4,
                      delta=-0.1)  # fmt: skip
    mover = Mover(case_id="farm:zh", article="farm", language="zh", score="rouge1", baseline=0.5, candidate=0.4,
                  delta=-0.1)  # fmt: skip
    versus = Versus(candidate=Side(label="b", folder="results/b", cases=4, failures=0), differences=(fell,),
                    worse=(mover,), new=(new,))  # fmt: skip
    base = Side(label="a", folder="baselines/my default", cases=4, failures=0)
    checks = (
        Check(name="new false facts", kind="facts", verdict=Verdict.REGRESSED, message="1 false fact is new.",
              fails=True, facts=(new,)),
        Check(name="rouge1 zh", kind="difference", verdict=Verdict.UNDERPOWERED, message="about 140 are needed."),
        Check(name="chrf zh", kind="difference", verdict=Verdict.PASSED, message="no regression seen."),
    )  # fmt: skip
    ruling = Ruling(policy="ci", checks=checks, exit_code=1, verdict="fail: a new false fact.",
                    comparison=Comparison(baseline=base, versus=(versus,), method=Method()))  # fmt: skip
    assert told(ruling).splitlines() == [
        "tercet gate: fail: a new false fact.",
        "  1 false fact is new.",
        "  Too few articles for a verdict, which does not fail the gate: rouge1 zh.",
        "",
        "Worst articles:",
        "  library:en",
        "    contradicted, number: The source says 1,400.",
        "      output  it holds\ufffd[2J «14,000» books",
        "      source  there were «1,400» books",
        "  farm:zh  rouge1 0.5 -> 0.4",
        "",
        "Look further:",
        "  tercet compare 'baselines/my default' results/b",
        "Where the change is meant:",
        "  tercet bless results/b --to 'baselines/my default' --why ...",
    ]
