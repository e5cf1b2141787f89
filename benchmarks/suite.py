"""What a user waits for: the lexical suite over a large sweep, small jobs from cold, and memory.

Each job is a process of its own, started anew, so that start-up is in it; compiled code is on disk
from an earlier process, as after a first use. Run: ``make bench``, or ``python -m benchmarks.suite``.
"""

import json
import random
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.clock import median_seconds, print_table
from benchmarks.texts import pairs, pool

ARTICLES, SYSTEMS = 1000, 4
SMALL, LARGE = 200, 100_000
METRICS = ("rouge", "bleu", "chrf", "ter", "shape")

LIBRARY = """
import json, sys
from rouge_score.rouge_scorer import RougeScorer
candidates, references = json.load(open(sys.argv[1]))
scorer = RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"])
found = [scorer.score(r, c) for c, r in zip(candidates, references)]
print(sum(scores["rouge1"].fmeasure for scores in found) / len(found))
"""
OURS = """
import json, sys, tercet
candidates, references = json.load(open(sys.argv[1]))
print(tercet.measure(sys.argv[2], candidates=candidates, references=references, language="en").scores)
"""
MEMORY = OURS + "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"


def python(*words: object) -> str:
    """Run a Python process to its end and return what it prints."""
    done = subprocess.run([sys.executable, *map(str, words)], check=True, capture_output=True, text=True)
    return done.stdout


def corpus(folder: Path) -> list[str]:
    """Write 1,000 sample-like articles and the outputs of four systems; return the words of the command."""
    rng = random.Random(0)
    known = {code: pool(code) for code in ("en", "zh")}
    glue = {"en": " ", "zh": ""}
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for i in range(ARTICLES):
            record = {
                "id": str(i),
                "language": "en",
                "source": "\n".join(rng.choices(known["en"], k=20)),
                "references": {code: "\n".join(rng.choices(known[code], k=9)) for code in ("en", "zh")},
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    references = [
        json.loads(line)["references"] for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()
    ]
    for system in range(SYSTEMS):
        with (folder / f"system{system}.jsonl").open("w", encoding="utf-8") as file:
            for i in range(ARTICLES):
                for code in ("en", "zh"):
                    lines = [
                        line if rng.random() < 0.3 + 0.1 * system else rng.choice(known[code])
                        for line in references[i][code].split("\n")
                    ]
                    output = {"id": f"{i}:{code}", "text": glue[code].join(lines)}
                    file.write(json.dumps(output, ensure_ascii=False) + "\n")
    outputs = [str(folder / f"system{system}.jsonl") for system in range(SYSTEMS)]
    return ["score", *outputs, "corpus=jsonl", f"corpus.path={folder / 'articles.jsonl'}"]


def suite(folder: Path) -> None:
    """Time the whole command for all metrics, and for each alone."""
    words = ["-m", "tercet", *corpus(folder), f"results={folder / 'results'}", "cache=null", "fresh=true"]
    python(*words, f"metric=[{','.join(METRICS)}]")
    rows = [("all of them", median_seconds(partial(python, *words, f"metric=[{','.join(METRICS)}]")))]
    rows += [(name, median_seconds(partial(python, *words, f"metric=[{name}]"), repeats=1)) for name in METRICS]
    print_table((f"{ARTICLES} articles x {SYSTEMS} systems x 2 languages, whole command", "seconds"), rows)


def small(folder: Path) -> None:
    """Time 200 pairs from cold, against a script with the reference library."""
    file = folder / "small.json"
    file.write_text(json.dumps(pairs("en", SMALL, (2, 4), seed=1)), "utf-8")
    theirs = median_seconds(partial(python, "-c", LIBRARY, file), repeats=7)
    ours = median_seconds(partial(python, "-c", OURS, file, "rouge"), repeats=7)
    rows = [("rouge-score", theirs, theirs / ours), ("tercet", ours, 1.0)]
    print_table((f"ROUGE of {SMALL} pairs, cold process", "seconds", "to tercet"), rows)


def memory(folder: Path) -> None:
    """Print the largest memory of a process that scores 100,000 pairs, and what it is before."""
    file = folder / "large.json"
    file.write_text(json.dumps(pairs("en", LARGE, (1, 3), seed=2)), "utf-8")
    read = float(python("-c", "import json, sys; json.load(open(sys.argv[1]))\n" + MEMORY.splitlines()[-1], file))
    rows = [("the texts alone", read)]
    rows += [(name, float(python("-c", MEMORY, file, name).splitlines()[-1])) for name in METRICS[:4]]
    print_table((f"{LARGE} pairs", "MB at most"), rows)


def main() -> None:
    """Print three tables."""
    python("-m", "tercet.kernels")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small(folder)
        suite(folder)
        memory(folder)


if __name__ == "__main__":
    main()
