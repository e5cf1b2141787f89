"""Run folders, file by file: run.json, cases, outputs, evidence, scores; sums and pieces; baselines; sweeps."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from tercet.blessing import _changes, _older
from tercet.comparing.facts import false_facts
from tercet.comparing.tables import contents
from tercet.errors import RunError
from tercet.merging import merge
from tercet.outputs import read_outputs
from tercet.pieces import SUMS, Piece, added, calls_of, flaws_of
from tercet.records import Output
from tercet.runs import check_whole, labels_of, load_info, load_run, read_cases, read_evidence
from tercet.sweeps import run_folders
from tests.fuzzing.folders import BASE, BLESSED, CAND, PART, REST, piece, runs
from tests.fuzzing.grammar import changed
from tests.fuzzing.target import Read, Target, demand


def _file(name: str, use: Callable[[Path], str | None], of: str = BASE) -> Callable[[Path], Read]:
    """Make a target of one file of a run whose hash in run.json fits, as somebody would write who wants it to pass."""

    def ready(folder: Path) -> Read:
        run = Path(shutil.copytree(runs() / of, folder / of))
        original = (run / name).read_bytes()
        told = json.loads((run / "run.json").read_text("utf-8"))

        def case(data: bytes) -> str | None:
            (run / name).write_bytes(data)
            if name == "run.json":
                return use(run)
            (run / "run.json").write_text(json.dumps(told), "utf-8")
            if name != SUMS:  # whose hash is looked at where parts are merged
                _check_noticed(run, data == original)
            told["files"][name] = sha256(data).hexdigest()
            (run / "run.json").write_text(json.dumps(told), "utf-8")
            try:
                return use(run)
            finally:
                told["files"][name] = sha256(original).hexdigest()

        return case

    return ready


def _check_noticed(run: Path, same: bool) -> None:
    """A changed byte of a hashed file must be noticed."""
    try:
        check_whole(load_run(run))
    except RunError:
        demand(not same, "a whole run is refused")
    else:
        demand(same, "a changed file is not noticed by its hash")


def _info(run: Path) -> str:
    loaded = load_run(run)
    labels_of([loaded])
    contents(loaded)
    return loaded.status


def _cases(run: Path) -> str:
    found = read_cases(run)
    demand(len(found) == _lines(run / "cases.jsonl"), "a case is lost")
    for case in found:
        texts = (case.id, case.article, case.cluster, case.language, case.source_language, case.content)
        demand(all(isinstance(text, str) for text in texts), "a case whose texts are none")
    contents(load_run(run))
    return f"{min(len(found), 8)} cases"


def _outputs(run: Path) -> str:
    found = list(read_outputs(run))
    demand(len(found) == _lines(run / "outputs.jsonl"), "an output is lost")
    for output in found:
        _check_output(output)
    contents(load_run(run))
    return f"{min(len(found), 8)} outputs"


def _check_output(output: Output) -> None:
    texts = (output.case_id, output.article_id, output.target_language)
    demand(all(isinstance(text, str) for text in texts), "an output whose texts are none")
    demand(isinstance(output.text, str) is (output.failure is None), "an output with neither text nor failure, or both")
    for stage in output.stages:
        words = (
            stage.role,
            stage.backend,
            stage.source_language,
            stage.target_language,
            stage.text or "",
            stage.answer or "",
        )
        demand(all(isinstance(word, str) for word in words), "a stage whose texts are none")


def _evidence(run: Path) -> str:
    found = list(read_evidence(run))
    demand(len(found) == _lines(run / "evidence.jsonl"), "evidence is lost")
    false_facts(load_run(run), kinds=("contradicted", "malformed", "not_found"))
    return f"{min(len(found), 8)} items"


def _lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_bytes().split(b"\n"))


def _scores(run: Path) -> str:
    found = contents(load_run(run))
    return f"{len(found.tables)} tables"


def _baseline(run: Path) -> str:
    older = _older(run)
    new = load_info(run.with_name(BASE))
    _changes(older or {}, new)
    contents(load_run(run))
    return "read"


def _blessed(folder: Path) -> Read:
    shutil.copytree(runs() / BASE, folder / BASE)
    return _file("run.json", _baseline, BLESSED)(folder)


def _part(run: Path) -> str:
    return merge([run, run.with_name("other")], run.with_name("merged")).status


def _merging(name: str) -> Callable[[Path], Read]:
    def ready(folder: Path) -> Read:
        shutil.copytree(runs() / REST, folder / "other")
        shutil.copy(runs() / "news.jsonl", folder)
        return _file(name, _part, PART)(folder)

    return ready


def _piece(folder: Path) -> Read:
    path = folder / "000000000000-000000000002-0.zip"

    def case(data: bytes) -> str:
        path.write_bytes(data)
        found = Piece(path)
        found.check()
        demand(found.about["sections"] == _sections(data), "a section is lost")
        used = [found.passing, flaws_of([found]), calls_of([found])]
        for code in found.languages:
            used += [b"".join(found.cases(code)), list(found.ids(code)), b"".join(found.outputs(code))]
        for key in found.tables:
            used += [b"".join(found.evidence(key)), list(found.rows(key)), found.tally(key)]
        added([found], found.tables)
        return "whole"

    return case


def _sections(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [name for name in file.namelist() if name != "piece.json"]


def _sweep(folder: Path) -> Read:
    sweep = folder / "sweep-0"
    sweep.mkdir()

    def case(data: bytes) -> str:
        (sweep / "sweep.json").write_bytes(data)
        found, labels = run_folders([sweep])
        demand(all(path.parent == folder for path in found), "a sweep names a run that does not lie beside it")
        return f"{min(len(found), 4)} runs, {labels is not None}"

    return case


def _of(name: str, *folders: str) -> Callable[[], Iterable[bytes]]:
    return lambda: [(runs() / folder / name).read_bytes() for folder in folders]


def _record(name: str, *folders: str) -> Callable[[Random], bytes]:
    """Change a value of a file of JSON, which stays JSON; of JSON lines, of one line."""

    def make(chance: Random) -> bytes:
        data = (runs() / chance.choice(folders) / name).read_bytes()
        lines = [data] if name == "run.json" else data.splitlines()
        place = chance.randrange(len(lines))
        found = json.loads(lines[place])
        for _ in range(1 + chance.randrange(2)):
            if found:
                changed(found, chance)
        lines[place] = json.dumps(found, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
        return b"\n".join(lines) + b"\n"

    return make


_JSON_WORDS = (
    b'"id":',
    b'"text":',
    b'"stages":',
    b'"usage":{"prompt":1}',
    b'"repeat":1',
    b'"start":',
    b'"end":',
    b'"kind":"contradicted"',
)
_INFO_WORDS = (
    b'"status": "complete"',
    b'"scores": []',
    b'"config": {}',
    b'"metrics": null',
    b'"_target_":',
    b'"files":',
    b'"format": 2',
)
_HASH = "a changed byte of the file is noticed by its hash; "
_RUN = "of a run folder, with a hash that fits"

TARGETS = (
    Target(
        name="run_json",
        reads="run.json of a run folder",
        ready=_file("run.json", _info),
        seeds=_of("run.json", BASE, CAND, PART),
        words=_INFO_WORDS,
        make=_record("run.json", BASE, CAND),
        share=0.6,
        weight=0.4,
    ),
    Target(
        name="cases",
        reads=f"cases.jsonl {_RUN}",
        ready=_file("cases.jsonl", _cases),
        seeds=_of("cases.jsonl", BASE, CAND),
        words=_JSON_WORDS,
        make=_record("cases.jsonl", BASE, CAND),
        share=0.6,
        weight=0.8,
        oracle=_HASH + "lines given = cases",
    ),
    Target(
        name="run_outputs",
        reads=f"outputs.jsonl {_RUN}",
        ready=_file("outputs.jsonl", _outputs),
        seeds=_of("outputs.jsonl", BASE, PART),
        words=_JSON_WORDS,
        make=_record("outputs.jsonl", BASE, PART),
        share=0.6,
        weight=0.8,
        oracle=_HASH + "lines given = outputs, each with a text or a failure",
    ),
    Target(
        name="evidence",
        reads=f"evidence.jsonl {_RUN}",
        ready=_file("evidence.jsonl", _evidence),
        seeds=_of("evidence.jsonl", BASE, CAND),
        words=_JSON_WORDS,
        make=_record("evidence.jsonl", BASE, CAND),
        share=0.6,
        weight=0.8,
        oracle=_HASH + "lines given = items",
    ),
    Target(
        name="scores",
        reads=f"scores.parquet {_RUN}",
        ready=_file("scores.parquet", _scores),
        seeds=_of("scores.parquet", BASE, CAND),
        weight=0.5,
        oracle=_HASH + "scores are what the rows come to",
    ),
    Target(
        name="baseline",
        reads="run.json of a baseline",
        ready=_blessed,
        seeds=_of("run.json", BLESSED),
        words=(*_INFO_WORDS, b'"blessed":'),
        make=_record("run.json", BLESSED),
        share=0.6,
        weight=0.3,
    ),
    Target(
        name="part",
        reads="run.json of a part that is merged",
        ready=_merging("run.json"),
        seeds=_of("run.json", PART),
        words=(*_INFO_WORDS, b'"part":', b'"first":', b'"stop":'),
        make=_record("run.json", PART),
        share=0.6,
        weight=0.3,
    ),
    Target(
        name="sums",
        reads="sums.zip of a part that is merged",
        ready=_merging("sums.zip"),
        seeds=_of("sums.zip", PART),
        weight=0.3,
    ),
    Target(
        name="piece",
        reads="zip of a piece",
        ready=_piece,
        seeds=lambda: [piece()],
        weight=0.5,
        oracle="each section that the archive has is read",
    ),
    Target(
        name="sweep",
        reads="sweep.json",
        ready=_sweep,
        seeds=lambda: [b'{"runs": ["a", "b"], "labels": ["A", "B"]}'],
        words=(b'"runs":', b'"labels":', b'"../../x"'),
        weight=1.5,
        oracle="the runs lie beside the sweep",
    ),
)
