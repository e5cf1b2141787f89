"""Compile every kernel, so that no later process has to: ``python -m tercet.kernels``."""

import time

from tercet.kernels import bleu, bleu_tokens, chrf, rouge, ter, words

_TEXTS = ["A first text.\nIt has two lines.", "第一篇文章，3.5%。"]


def main() -> None:
    """Run each kernel on two short texts, which compiles it and keeps it on disk."""
    began = time.monotonic()
    references = [(text, text) for text in _TEXTS]
    pairs = list(zip(_TEXTS, references, strict=True))
    rouge.statistics(pairs, lambda texts: words.english(texts, stem=True), mean=False)
    rouge.statistics(pairs, words.by_script, mean=False)
    for tokenizer in bleu_tokens.TOKENIZERS:
        bleu.statistics(_TEXTS, references, tokenizer=tokenizer)
    chrf.statistics(_TEXTS, references)
    ter.statistics(_TEXTS, references, normalized=True, asian=True)
    print(f"The kernels are compiled ({time.monotonic() - began:.1f} s).")  # noqa: T201


if __name__ == "__main__":
    main()
