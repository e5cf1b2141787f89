"""Mistakes of somebody's first hour, and what is said: the worst of them, each with the words that get one further."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.conftest import ARTICLE, SOURCE

Call = Callable[..., Result]

FILES = {
    "articles/bridge.md": ARTICLE,
    "articles/bridge.source.md": SOURCE,
    "sourceless/bridge.md": ARTICLE,
    "titled/a.md": "# A title\n\nA text.\n",
    "outputs.jsonl": '{"id": "x:en", "text": "A bridge."}\n',
    "table.csv": "id,text\nx,A bridge.\n",
    "one.txt": "A bridge.\n",
    "conf/experiment/unpackaged.yaml": "limit: 2\n",
    "conf/experiment/choosing.yaml": "defaults:\n  - override /summarizer: textrank\n",
    "conf/experiment/plain.yaml": "# @package _global_\nsummarizer: textrank\n",
    "conf/experiment/bare.yaml": "# @package _global_\ndefaults:\n  - override /metric: rouge, chrf\n",
    "conf/metric/lost.yaml": "# @package metrics.lost\n_target_: nowhere_to_be_found.Lost\n",
    "conf/metric/unnamed.yaml": "_target_: tercet.metrics.rouge.Rouge\n",
}
# What is typed, split as a shell does -> what stands in the message: the problem, then the remedy.
MISTAKES: dict[str, tuple[str, ...]] = {
    # words of the command line
    "run demo": ("'demo' is no option", "Did you mean experiment=demo?"),
    "run articles": ("'articles' is no option", "corpus=markdown corpus.path=articles"),
    "run summarizer = lead": ("'summarizer' is no option", "Expected key=value without spaces"),
    "run --limit 3": ("No such option '--limit'", "limit=VALUE"),
    "run metric=[rouge, chrf]": ("'metric=[rouge,' is no option", "Quote what has brackets"),
    "run metric=[rouge,]": ("cannot be read", "no comma before its bracket"),
    "run metric=rouge,chrf": ("is a list of choices", "'metric=[rouge,chrf]'"),
    "run “summarizer=lead”": ("cannot be read", "Quotes are straight"),
    "run corpus=markdown corpus.path=~/articles": ("cannot be read: corpus.path=~/articles", "write $HOME"),
    "run -m summarizer=choice(lead,oracle),textrank": ("is no list of choices", "Expected key=a,b,c"),
    "run languages=en": ("languages is no list", "'languages=[en]'"),
    "rnu": ("No such command 'rnu'", "Did you mean 'run'?"),
    # keys
    "run sumarizer=lead": ("no key 'sumarizer'", "Did you mean 'summarizer'?"),
    "run model=gpt-4.1": ("no key 'model'", "'summarizer.model' belongs to summarizer=", "ollama"),
    "run summarizer.model=gpt-4.1": ("no key 'summarizer.model'", "that is chosen is lead", "ollama"),
    "run corpus.path=articles": ("no key 'corpus.path'", "is chosen, sample,", "corpus=hf|jsonl|markdown|parquet"),
    "run corpus=markdown path=articles": ("no key 'path'", "Did you mean 'corpus.path'?"),
    "run metric.rouge=true": ("no key 'metric.rouge'", "metrics.rouge.use_stemmer=true"),
    "run use_stemmer=true": ("no key 'use_stemmer'", "'metrics.rouge.use_stemmer'"),
    "run limit.x=1": ("no key 'limit.x'", "'limit' is a value"),
    "gate gate.rouge1.floor=0.5": ("no key 'gate.rouge1'", "Did you mean 'gate.scores.rouge1'?"),
    "meta judgement.colums.id=x": ("no key 'judgement.colums'", "Did you mean 'columns'?"),
    # options and files
    "run corpus=articles": ("no corpus 'articles'", "corpus=markdown corpus.path=articles"),
    "run corpus=./articles": ("no corpus './articles'", "corpus=markdown corpus.path=./articles"),
    "run corpus=markdown corpus.path=titled": ("does not begin with front matter", "Mend what is named above"),
    "run corpus=markdown corpus.path=sourceless": ("the article has no source text", "NAME.source.md"),
    "doctor corpus=markdown corpus.path=sourceless": ("'bridge' has no source text", "NAME.source.md"),
    "score articles": ("'articles' is a folder", "Name its files"),
    "score table.csv": ("is a table", '{"id": "ARTICLE:LANGUAGE"'),
    "score one.txt limit=1": ("1 line for 2 cases", "one output a line"),
    "score outputs.jsonl corpus=markdown corpus.path=articles metric=[chrf]": ("no case: x:en", "bridge:en"),
    "compare outputs.jsonl": ("A comparison needs two runs", "Name a baseline and a candidate"),
    "bless articles outputs.jsonl --why new": ("One run becomes the baseline, and 2 are named", "Name the one"),
    # configs of one's own
    "run experiment=unpackaged": ("sets nothing of a run", "'# @package _global_'"),
    "run experiment=choosing": ("chooses a summarizer for 'experiment.summarizer'", "'# @package _global_'"),
    "run experiment=plain": ("it is the text 'textrank'", "- override /summarizer: textrank"),
    "run experiment=bare": ("no metric 'rouge, chrf'", "in brackets: [rouge, chrf]"),
    "run metric=[lost]": ("there is no module 'nowhere_to_be_found'", "working directory"),
    "run metric=[unnamed]": ("describes no metric 'unnamed'", "'# @package metrics.unnamed'"),
}
FINE = {"doctor corpus=markdown corpus.path=sourceless": 0}
NOTHING_SCORED = re.compile(r"^(score outputs|run .*=sourceless)")


@pytest.mark.parametrize("typed", MISTAKES)
def test_a_mistake_is_told_with_the_way_on(
    typed: str, tercet: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    done = tercet(*typed.split(" "))
    said = " ".join(done.output.split())
    assert done.exit_code == FINE.get(typed, 4 if NOTHING_SCORED.match(typed) else 2), done.output
    for words in MISTAKES[typed]:
        assert words in said, done.output
    assert "Known: none" not in said
    assert len(max(done.output.splitlines(), key=len)) < 600, "what is longer is not read"
