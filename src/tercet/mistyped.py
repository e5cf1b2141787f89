"""What is wrong with words of the command line, said to somebody who types them for the first time."""

from collections.abc import Sequence
from pathlib import Path

from tercet.credentials import masked
from tercet.errors import ConfigError

_QUOTED = "Expected key=value; spaces and characters beyond ASCII stand in quotes of their own: 'key=\"value\"'."
_WHOLE = "Expected key=value without spaces: summarizer=lead. Quote what has brackets or spaces: 'metric=[rouge,bleu]'."
_COMMENT = "This shell hands comments on: leave out what begins with '#', or, in zsh, setopt interactive_comments."
_LISTS = frozenset({"metric", "languages"})  # keys that take several at once


def unreadable(overrides: Sequence[str], message: str) -> ConfigError:
    """Word what cannot be parsed: a comment, a word that is no option, or what Hydra's grammar does not know.

    Args:
        overrides: What was typed.
        message: The first line that Hydra has to say of it.

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
        return ConfigError(f"'{masked((cut or bare)[0])}' is no option.", _WHOLE)
    return ConfigError(f"An override cannot be read: {masked(message)}", _QUOTED)


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
