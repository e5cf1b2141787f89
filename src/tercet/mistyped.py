"""What is wrong with words of the command line, said to somebody who types them for the first time."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tercet.credentials import masked
from tercet.errors import ConfigError, nearest

Groups = Mapping[str, Mapping[str, str]]  # as composing.options lists them

_QUOTED = "Expected key=value; spaces and characters beyond ASCII stand in quotes of their own: 'key=\"value\"'."
_WHOLE = "Expected key=value without spaces: summarizer=lead. Quote what has brackets or spaces: 'metric=[rouge,bleu]'."
_COMMENT = "This shell hands comments on: leave out what begins with '#', or, in zsh, setopt interactive_comments."
_LISTS = frozenset({"metric", "languages"})  # keys that take several at once
# Signs of a mistake, and what to do about it.
_SIGNS = (
    (re.compile(r"=~"), "No shell knows '~' behind '=': write $HOME."),
    (re.compile(r"[“”‘’]"), "Quotes are straight: ' or \"."),
    (re.compile(r",\s*\]"), "A list has no comma before its bracket."),
)
# What an option's yaml is made of: "- openai", "- /summarizer@_here_: ollama".
_BASE = re.compile(r"^\s+- (?:/(\w+)@_here_: )?(\w+)\s*$", re.MULTILINE)
# Groups whose choice has no keys by the group's name.
_INSTEAD = {
    "metric": "A metric's options stand under metrics.NAME: metrics.rouge.use_stemmer=true.",
    "experiment": "What an experiment sets are keys of the run: they have no 'experiment.' before them.",
}
_DEEPEST = 4  # of options that are made of options
_PACKAGE = "An experiment's file begins with the line '# @package _global_'."
_SHOWN = 10  # of options that have a key
_READERS = {".jsonl": "jsonl", ".json": "jsonl", ".parquet": "parquet"}


def unreadable(overrides: Sequence[str], message: str, groups: Groups | None = None) -> ConfigError:
    """Word what cannot be parsed: a comment, a word that is no option, or what Hydra's grammar does not know.

    Args:
        overrides: What was typed.
        message: The first line that Hydra has to say of it.
        groups: The options that there are.

    Returns:
        The error to raise.

    >>> print(unreadable(["metric=[rouge,", "bleu]"], "no viable alternative").problem)
    'metric=[rouge,' is no option.
    """
    if any(word.startswith("#") for word in overrides):
        return ConfigError("'#' is no option.", _COMMENT)
    cut = [word for word in overrides if word.count("[") != word.count("]")]
    bare = [word for word in overrides if "=" not in word and not word.startswith("~")]
    if cut or bare:
        word = (cut or bare)[0]
        return ConfigError(f"'{masked(word)}' is no option.", f"{'' if cut else _meant(word, groups or {})}{_WHOLE}")
    remedy = next((told for sign, told in _SIGNS if any(map(sign.search, overrides))), _QUOTED)
    reason = message.removeprefix("LexerNoViableAltException: ")
    return ConfigError(f"An override cannot be read: {masked(reason)}", remedy)


def _meant(word: str, groups: Groups) -> str:
    """Guess what a word without '=' is: the name of an option, or articles."""
    keys = [f"{group}={word}" for group, names in groups.items() if word in names]
    if keys:
        return f"Did you mean {' or '.join(keys)}? "
    return _of_files(word)


def _of_files(word: str) -> str:
    """Say how a file or folder of articles is read, where there is one of that name."""
    path = Path(word)
    if not os.path.exists(path):  # noqa: PTH110 (Path.exists fails on a name that is too long)
        return ""
    return f"To read it, write corpus={_READERS.get(path.suffix.lower(), 'markdown')} corpus.path={word}. "


def unswept(override: str) -> ConfigError:
    """Word that a list of choices stands where one is expected.

    Args:
        override: As ``metric=rouge,bleu``.

    Returns:
        The error to raise.

    >>> print(unswept("metric=rouge,bleu").remedy)
    Add -m to run them all. For all of them in one run write 'metric=[rouge,bleu]'.
    """
    key, _, values = override.partition("=")
    whole = f" For all of them in one run write '{key}=[{values}]'." if key in _LISTS else ""
    return ConfigError(f"'{override}' is a list of choices.", f"Add -m to run them all.{whole}")


def looked(folders: Sequence[Path]) -> str:
    """Say where configs of one's own would be found, where there are none.

    Args:
        folders: From ``config_folders``.
    """
    return " Your own are read from a folder conf/ where tercet is called: there is none." if len(folders) == 1 else ""


def unknown_option(name: str, groups: Groups, folders: Sequence[Path]) -> ConfigError:
    """Word that a group has no such option, or that there is no such root config.

    Args:
        name: As Hydra names the file: ``corpus/articles``.
        groups: The options that there are.
        folders: From ``config_folders``.

    Returns:
        The error to raise.
    """
    group, _, option = name.partition("/")
    if group not in groups:
        group, _, option = name.rpartition("/")
    known = groups.get(group, ()) if group else [file.stem for folder in folders for file in folder.glob("*.yaml")]
    told = _of_files(option) if group == "corpus" else ""
    if "," in option:
        told = f"Several stand in brackets: [{option}]. "
    return ConfigError(
        f"There is no {group or 'root config'} '{option}'.", f"{told}{nearest(option, known)}{looked(folders)}"
    )


def misplaced(experiment: str, keys: Sequence[object]) -> ConfigError:
    """Word that an experiment's keys would land where nobody reads them.

    Args:
        experiment: Its name.
        keys: What it sets.

    Returns:
        The error to raise.
    """
    named = ", ".join(map(str, keys))
    return ConfigError(
        f"experiment/{experiment}.yaml sets nothing of a run: its keys land under 'experiment' ({named}).",
        _PACKAGE,
    )


def unknown_key(key: str, config: Mapping[str, Any], groups: Groups, folders: Sequence[Path]) -> ConfigError:
    """Word that there is no such key: the first part of it that is not there, and what is.

    Args:
        key: As Hydra names it: ``summarizer.modle``.
        config: What is composed without it, with Hydra's ``choices``; empty where nothing could be.
        groups: The options that there are.
        folders: From ``config_folders``.

    Returns:
        The error to raise.

    >>> print(unknown_key("gate.rouge1.floor", {"gate": {"scores": {"rouge1": {}}}}, {}, []))
    There is no key 'gate.rouge1'. Did you mean 'gate.scores.rouge1'? Known: scores.
    """
    if "@" in key:
        group, _, place = key.partition("@")
        return ConfigError(
            f"A config chooses a {group} for '{place}', where none belongs.",
            _PACKAGE,
        )
    parent, name, node = _missing(key, {group: {} for group in groups} | dict(config))
    missing = f"{parent}.{name}" if parent else name
    if not isinstance(node, Mapping):
        return ConfigError(f"There is no key '{key}'.", f"'{parent}' is a value, and has no keys.")
    known = {str(item) for item in node} - {"choices", "_target_"}
    if not parent and "judgement" not in config:  # which only some commands have
        known.discard("judgement")
    return ConfigError(f"There is no key '{missing}'.", _remedy(parent, name, known, config, groups, folders))


def _missing(key: str, config: Mapping[str, Any]) -> tuple[str, str, Any]:
    """Find the first part of a key that is not there: what stands before it, the part, and what there is."""
    *before, last = key.split(".")
    node: Any = config
    for place, part in enumerate(before):
        if not isinstance(node, Mapping) or part not in node:
            return ".".join(before[:place]), part, node
        node = node[part]
    return ".".join(before), last, node


def _remedy(  # noqa: PLR0913, PLR0917 (what a key can be mistaken for)
    parent: str, name: str, known: set[str], config: Mapping[str, Any], groups: Groups, folders: Sequence[Path]
) -> str:
    if parent in _INSTEAD:
        return _INSTEAD[parent]
    chosen = config.get("choices", {}).get(parent)
    if parent in groups and not known:
        told = f"The {parent} that is chosen, {chosen}, has no options. "
        return f"{told}{_held(name, [parent], folders)}Name another one, as {parent}=NAME: tercet list."
    listed = nearest(name, known)
    if parent and listed.startswith("Did you mean"):
        return listed
    within = f"{parent}." if parent else ""
    if places := [place for place in _places(config) if place.endswith(f".{name}") and place.startswith(within)]:
        named = " or ".join(f"'{place}'" for place in places[:3])
        return f"Did you mean {named}? Known: {', '.join(sorted(known))}."
    if parent in groups:
        return f"The {parent} that is chosen is {chosen}. {_held(name, [parent], folders)}{listed}"
    return f"{_held(name, [] if parent else ['corpus', 'summarizer', 'translator'], folders)}{listed}"


def _places(node: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """List the keys of a config, those of the outer mappings first."""
    inner = [(f"{at}{key}", value) for key, value in node.items() if key != "choices"]
    yield from (place for place, _ in inner)
    for place, value in inner:
        if isinstance(value, Mapping):
            yield from _places(value, f"{place}.")


def _held(name: str, groups: Sequence[str], folders: Sequence[Path]) -> str:
    """Say which options of groups have a key."""
    told = ""
    for group in groups:
        options = sorted({file.stem for folder in folders for file in folder.glob(f"{group}/*.yaml")})
        if names := [option for option in options if _has(name, group, option, folders)]:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            told += f"'{group}.{name}' belongs to {group}={'|'.join(names[:_SHOWN])}{more}. "
    return told


def _has(name: str, group: str, option: str, folders: Sequence[Path], deep: int = 0) -> bool:
    """Tell whether a key stands in an option's yaml, or in one that it is made of."""
    file = next((path for folder in folders if (path := folder / group / f"{option}.yaml").is_file()), None)
    if file is None or deep > _DEEPEST:
        return False
    text = file.read_text("utf-8", "replace")
    if re.search(rf"^{re.escape(name)}:", text, re.MULTILINE):
        return True
    bases = _BASE.findall(text)
    return any(_has(name, other or group, base, folders, deep + 1) for other, base in bases if base != "_self_")
