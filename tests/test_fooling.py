"""Ways to fool the gate: on run folders, through the command line; each ends with the exit code that it should.

A gate reads rows and computes none, so that whoever forges a folder with all its hashes and sums comes through it.
``tercet verify`` computes the rows; the second table holds what it is for.
"""

import json
import math
import shutil
from pathlib import Path

import pytest

from tests.attacks import (
    BASE,
    CAND,
    COUNT,
    SIDES,
    Attack,
    Call,
    billions,
    both_on,
    copies,
    cut,
    each,
    emptied,
    figureless,
    files,
    halved,
    hidden,
    in_english,
    info,
    judged_by,
    killed,
    lines,
    link,
    lost,
    news,
    no_evidence,
    no_failures,
    nothing_anywhere,
    other_signature,
    outputs,
    plain,
    policy,
    renamed,
    rows,
    run_json_alone,
    running,
    self_made,
    shifted,
    sides,
    statistic,
    swapped,
    swapped_sides,
    whole_source,
    with_words,
)
from tests.runs import articles, command, furnish, scored


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with the news, and a run over them twice."""
    work = tmp_path_factory.mktemp("fooling")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        furnish(articles(COUNT))
        folder = scored(command, "system", plain(articles(COUNT)))
        shutil.copytree(folder, BASE)
        shutil.move(folder, CAND)
    return work


@pytest.fixture
def work(tercet: Call, made: Path) -> None:
    """The same in a directory of one's own."""
    for folder in (BASE, CAND):
        shutil.copytree(made / folder, folder)
    shutil.copy(made / "news.jsonl", ".")


FACTS_ARE_SHOWN = ("gate.scores.fact_precision.gates=false", "gate.scores.contradictions.gates=false")
NONE_DECIDES = tuple(
    f"gate.scores.{name}.gates=false"
    for name in (
        *("rouge1", "rouge2", "rougeL", "rougeLsum"),
        *("chrf", "fact_precision", "contradictions", "malformed"),
    )
)

# What is done, the exit code, and words of the message that name the cause.
FOOLING: dict[str, tuple[Attack, int, str]] = {
    # What a run lacks.
    "an empty folder": (files(emptied), 2, "there is no run.json"),
    "run.json alone": (files(run_json_alone), 2, "cases.jsonl is missing"),
    "run.json is cut short": (files(lambda: cut("run.json")), 2, "run.json: cannot be read"),
    "run.json is something else": (files(lambda: (CAND / "run.json").write_text("[]")), 2, "not written by tercet"),
    "no scores in run.json": (info(lambda found: found.pop("scores")), 2, "'scores' is missing"),
    "an empty list of scores": (info(lambda found: found.update(scores=[])), 2, "not what its rows come to"),
    "no signatures in run.json": (info(lambda found: found.pop("signatures")), 2, "'signatures' is missing"),
    "no signature of one metric": (
        info(lambda found: found["signatures"].pop("chrf")),
        2,
        "chrf en has no signature",
    ),
    "no hashes in run.json": (info(lambda found: found.pop("files")), 2, "'files' is missing"),
    "no metrics in the config": (info(lambda found: found.update(config={})), 2, "there is no metric 'rouge'"),
    "rows are cut short": (files(lambda: cut("scores.parquet")), 2, "its SHA-256 is not the one"),
    "no rows": (rows(lambda found: found.clear()), 2, "there are no rows for"),
    "no cases": (lines("cases.jsonl", lambda found: found.clear()), 2, "0 cases, and run.json has 24"),
    "nothing, in both runs": (files(nothing_anywhere), 4, "the baseline has no cases and no scores"),
    "half of the articles": (outputs(len, "limit=6"), 3, "12 cases only in the baseline"),
    "a metric less": (outputs(len, "metric=[rouge,chrf]"), 3, "facts en only in the baseline"),
    "a language less": (outputs(len, "languages=[en]"), 3, "rouge zh only in the baseline"),
    # What its outputs lack.
    "an output is missing": (
        outputs(lambda texts: texts.update({"item-003:en": None})),
        4,
        "1 of 24 outputs failed in the candidate",
    ),
    "a missing output is hidden in run.json": (
        hidden(outputs(lambda texts: texts.update({"item-003:en": None})), no_failures),
        4,
        "1 of 24 outputs failed in the candidate",
    ),
    "a missing output is excused": (
        with_words(
            outputs(lambda texts: texts.update({"item-003:en": None})),
            "gate.excused=['no output: there is no output for it']",
        ),
        4,
        "1 of 24 outputs failed in the candidate",
    ),
    "everything may be missing": (
        with_words(outputs(each(lambda case, text: text if case == "item-003:en" else None)), "gate.max_missing=99"),
        4,
        "rouge1 en was compared over 1 article",
    ),
    "all outputs are empty": (outputs(each(lambda *_: "")), 4, "24 of 24 outputs failed in the candidate, or came"),
    "all outputs are blank": (outputs(each(lambda *_: " \u3000")), 4, "24 of 24 outputs failed in the candidate, or"),
    "one output is empty": (outputs(lambda texts: texts.update({"item-003:en": ""})), 4, "1 of 24 outputs failed"),
    "an output is taken out": (lines("outputs.jsonl", lambda found: found.pop(3)), 2, "not the outputs of the cases"),
    "an output is emptied afterwards": (
        lines("outputs.jsonl", lambda found: found[3].update(text="")),
        4,
        "1 of 24 outputs failed in the candidate",
    ),
    # What its rows say.
    "NaN in a row": (rows(statistic(math.nan)), 2, "a statistic is missing, or no number"),
    "infinity in a row": (rows(statistic(math.inf)), 2, "a statistic is missing, or no number"),
    "a huge number in a row": (rows(statistic(1e300)), 2, "rouge1_p en is not what its rows come to"),
    "a negative number in a row": (rows(statistic(-1.0)), 2, "rouge1_p en is not what its rows come to"),
    "a statistic under another name": (
        rows(lambda found: found[0]["statistics"].reverse()),
        2,
        "a statistic is missing, or has another name",
    ),
    "rows in another order": (rows(lambda found: found.insert(0, found.pop(4))), 2, "in another order than the cases"),
    "a row twice": (rows(lambda found: found.insert(0, dict(found[0]))), 2, "13 rows, and the run has 12 cases"),
    "a row less": (rows(lambda found: found.pop(0)), 2, "11 rows, and the run has 12 cases"),
    "a row of another case": (rows(lambda found: found[0].update(segment="other:en")), 2, "each needs one"),
    "a row of another cluster": (rows(lambda found: found[0].update(cluster="one")), 2, "has another cluster"),
    "a row of another repeat": (rows(lambda found: found[0].update(repeat=1)), 2, "has another repeat"),
    "a row's statistics are taken out": (rows(lost), 2, "rouge1_p en is not what its rows come to"),
    "a case twice": (lines("cases.jsonl", lambda found: found.append(found[0])), 2, "a case is there twice"),
    "all articles in one cluster": (
        lines("cases.jsonl", lambda found: [case.update(cluster="one") for case in found]),
        2,
        "has another cluster",
    ),
    # What run.json says.
    "a better score in run.json": (
        info(lambda found: found["scores"][0].update(value=0.99)),
        2,
        "rouge1_p en is not what its rows come to",
    ),
    "another status": (info(lambda found: found.update(status="perfect")), 2, "the status is 'perfect'"),
    "failures, and complete": (info(lambda found: found.update(failures=3)), 2, "with 3 failures it is 'incomplete'"),
    "another version of the rules": (
        info(lambda found: found["signatures"]["facts"].update(en="facts|lang:en|version:0|nrefs:1")),
        3,
        "facts en: version:",
    ),
    "another option of a metric": (outputs(len, "metrics.chrf.beta=1"), 3, "chrf en: beta: 2 against 1"),
    # Other articles.
    "a source with a sentence more": (
        news(lambda found: [{**found[0], "source": found[0]["source"] + " It rained."}, *found[1:]]),
        3,
        "2 cases of another text, reference or date (item-000:en, item-000:zh)",
    ),
    "the candidate's outputs as references": (news(self_made), 3, "24 cases of another text, reference or date"),
    "other articles": (news(renamed), 3, "24 cases only in the candidate"),
    "nothing in common": (news(renamed, "--on", "common"), 4, "Nothing can be compared"),
    "one article in common": (
        news(lambda found: [found[0], *renamed(found[1:])], "--on", "common"),
        4,
        "compared over 1 article",
    ),
    "facts are no longer looked for": (
        with_words(outputs(len, "metric=[rouge,chrf]"), "--on", "common"),
        4,
        "False facts were not looked for in all that the baseline has: facts en only in the baseline",
    ),
    "the primary score is no longer measured": (
        with_words(outputs(len, "metric=[rouge,facts]"), "--on", "common", "gate.primary=chrf"),
        4,
        "The policy demands chrf",
    ),
    "three times the same": (outputs(len, "repeats=3"), 3, "48 cases only in the candidate (item-000:en#2"),
    "two articles, six times each": (both_on(copies), 4, "rouge1 en was compared over 2 articles"),
    # Other folders.
    "the baseline itself": (sides(BASE, BASE), 2, "both baseline and candidate"),
    "the baseline by another path": (sides(BASE, "cand/../base"), 2, "both baseline and candidate"),
    "a link to the baseline": (files(link), 2, "both baseline and candidate"),
    "the sides are swapped": (swapped_sides, 2, "Are the sides swapped?"),
    "no candidate": (sides(BASE, "nowhere"), 2, "nowhere: no run"),
    "no baseline": (sides("nowhere", CAND), 2, "tercet bless RUN"),
    "an attempt to make the candidate again was killed": (
        files(killed(CAND)),
        2,
        "did not finish, and this is the old",
    ),
    "the remains of a killed run": (
        hidden(sides(BASE, CAND), running),
        2,
        "it is still running, or it was killed",
    ),
    "the baseline failed": (
        info(lambda found: found.update(status="failed", reason="OSError: disk full"), BASE),
        2,
        "did not finish: OSError: disk full",
    ),
    "the baseline is of an older format": (info(lambda found: found.update(format=1), BASE), 2, "reads format 2"),
    "the baseline's rows were changed": (
        rows(lambda found: found[0]["statistics"].__setitem__(0, ("rouge1_precision", 0.0)), BASE),
        2,
        "base/run.json: rouge1_p en is not what its rows come to",
    ),
    # What a policy lets through.
    "an alpha that no p reaches": (policy("gate.alpha=0.00001"), 2, "no p is as small as alpha, 1e-05"),
    "an alpha that is nearly none": (policy("gate.alpha=1e-320"), 2, "No p of permutations is as small"),
    "an alpha that these articles never reach": (
        with_words(outputs(halved), "gate.alpha=0.0002", "gate.new_facts=report", *FACTS_ARE_SHOWN),
        4,
        "Nothing could have failed: over 12 articles no p is below 0.00049",
    ),
    "so many permutations that none ends": (policy("gate.replicates=1000000000000"), 2, "take too long"),
    "one permutation": (policy("gate.replicates=1"), 2, "no p is as small as alpha, 0.05"),
    "no articles are asked for": (policy("gate.min_articles=0"), 2, "at least 2"),
    "a margin below 0": (policy("gate.scores.rouge1.margin=-1"), 2, "a number from 0"),
    "a margin that is no number": (policy("gate.scores.rouge1.margin=nan"), 2, "a number from 0"),
    "an infinite margin": (policy("gate.scores.rouge1.margin=inf"), 2, "a number from 0"),
    "a margin larger than the score": (
        with_words(outputs(halved), "gate.primary=rouge1", "gate.scores.rouge1.margin=1", "gate.new_facts=report"),
        4,
        "rouge1 en decides nothing: its margin of 1 allows the loss of all that the baseline has, 0.863",
    ),
    "a primary score that is not there": (policy("gate.primary=rogue1"), 2, "Did you mean 'rouge1'?"),
    "no score decides": (policy("gate.only_listed=true", *NONE_DECIDES), 4, "No score that decides"),
    "an unknown key": (policy("gate.alfa=0.5"), 2, "Did you mean 'alpha'?"),
    "an unknown policy": (policy("gate=lenient"), 2, "gate"),
    "a policy that is no yaml": (judged_by("alpha: [0.05\n"), 2, "conf/gate/mine.yaml:2: no YAML"),
    "a policy that is a list": (judged_by("- alpha\n"), 2, "'gate' names no class"),
    "a policy that is something else": (judged_by("_target_: os.system\ncommand: ls\n"), 2, "no dataclass"),
    "an empty policy": (judged_by(""), 2, "'gate' names no class"),
    "an option of --on that is none": (policy("--on", "comon"), 2, "'comon' is not one of"),
    # Worse outputs.
    "each output beside its article": (outputs(shifted), 1, "new false facts"),
    "a million becomes a billion": (outputs(billions), 1, "1 new false fact"),
    "no figures, so that nothing is false": (outputs(each(figureless)), 4, "nothing in it can be checked"),
    "another language": (outputs(in_english), 1, "worse in rouge1 zh"),
    "the source instead of a summary": (outputs(whole_source(1)), 1, "worse in rouge1 en"),
    "the source three times": (outputs(whole_source(3)), 1, "worse in rouge1 en"),
    "half a summary": (with_words(outputs(halved), "gate.new_facts=report"), 1, "worse in rouge1 en"),
}


@pytest.mark.parametrize("name", FOOLING)
def test_ways_to_fool_the_gate(name: str, tercet: Call, work: None) -> None:
    attack, code, said = FOOLING[name]
    words = attack(tercet)
    result = tercet("gate", *words, "--json", "gate.json")
    told = " ".join(result.output.split())
    assert result.exit_code == code, told
    assert code != 0
    assert said in told
    assert "Traceback" not in told
    if "--on" not in words or "common" in words:  # a mistake in the usage comes before anything is written
        assert json.loads(Path("gate.json").read_text("utf-8"))["exit_code"] == code


# What is forged with every hash and sum: the exit code of `tercet verify`, and its words.
FORGED: dict[str, tuple[Attack, int, str]] = {
    "two cases have each other's rows": (rows(swapped), 1, "scores.parquet: rouge en item-000:en"),
    "better outputs beside the rows": (
        lines("outputs.jsonl", lambda found: [line.update(text="Nothing.") for line in found]),
        1,
        "rouge1 value: stored 0.86",
    ),
    "a false fact's evidence is taken out": (
        hidden(outputs(billions), no_evidence),
        1,
        "evidence.jsonl: facts item-003:en: items: stored 0, computed 1",
    ),
    "the signature of other options": (
        hidden(outputs(len, "metrics.chrf.beta=1"), other_signature),
        3,
        "chrf en: beta: 2 against 1",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_is_found_where_the_rows_are_computed(name: str, tercet: Call, work: None) -> None:
    attack, code, said = FORGED[name]
    words = attack(tercet)
    result = tercet("verify", words[3])
    assert result.exit_code == code, result.output
    assert said in " ".join(result.output.split())


def test_the_folders_that_are_attacked_pass_as_they_are(tercet: Call, work: None) -> None:
    result = tercet("gate", *SIDES)
    assert result.exit_code == 0, result.output
    assert tercet("verify", BASE, CAND).exit_code == 0
