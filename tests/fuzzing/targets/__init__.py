"""The targets: every reader of tercet, by name."""

from tests.fuzzing.target import Target
from tests.fuzzing.targets import (
    answers,
    built,
    caches,
    commands,
    configs,
    corpora,
    judgements,
    outputs,
    runs,
    small,
    tables,
    texts,
)

TARGETS: dict[str, Target] = {
    target.name: target
    for module in (corpora, built, tables, outputs, runs, caches, configs, answers, small, texts, judgements, commands)
    for target in module.TARGETS
}
