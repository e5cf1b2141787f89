"""Templates: what a prompt says, with the places that a request fills, in Jinja's sandbox.

A text of others reaches a template only as a value: what stands in it that looks like a template is shown
as it stands. The template itself comes from a config, whose author may run code anyway (``_target_``); the
sandbox is there so that a prompt taken over from elsewhere reads nothing of the process that it runs in, and
does not fill its memory. How long a template works is not limited: nested loops may take for ever, and do so
before anything is asked.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from traceback import extract_tb
from typing import Any

from tercet.errors import ConfigError, nearest
from tercet.extras import require
from tercet.fencing import fence

_FILE = "<template>"  # Jinja's name of a template that has no file, in tracebacks
# NameError: Jinja's own, of a number so large that it is written as "inf".
_FAULTS = (
    ArithmeticError, AttributeError, LookupError, MemoryError, NameError, RecursionError, TypeError, ValueError,
)  # fmt: skip
_LONGEST = 10_000_000  # characters of a prompt, and of a text that an expression makes; no model reads as many
_LARGEST_POWER = 1_000
_UNKNOWN = re.compile(r"No (?P<kind>filter|test) named '(?P<name>.*)'")


def check(source: str, place: str, variables: frozenset[str]) -> frozenset[str]:
    """Read a template, and find what is wrong with it before it is filled, also where no request will lead.

    Args:
        source: The template.
        place: Where it stands, for messages, as ``prompt.summarize``.
        variables: The names that it may use.

    Returns:
        The variables that it uses.

    Raises:
        ConfigError: It is no template, uses a name that is not there, or wants to read another template.
        MissingExtraError: Jinja is not installed.
    """
    _compiled(source, place)
    environment = _environment()
    from jinja2 import meta, nodes

    tree = environment.parse(source)
    for other in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        raise ConfigError(f"{place}, line {other.lineno}: a prompt reads no other template.", "Write it out.")
    used: frozenset[str] = frozenset(meta.find_undeclared_variables(tree)) - environment.globals.keys()
    for name in sorted(used - variables):
        line = next((found.lineno for found in tree.find_all(nodes.Name) if found.name == name), 1)
        raise ConfigError(f"{place}, line {line}: there is no variable '{name}'.", nearest(name, variables))
    return used


def fill(source: str, place: str, values: Mapping[str, str]) -> str:
    """Fill a template; the line break that a block in a yaml ends with is left out.

    Args:
        source: The template.
        place: Where it stands, for messages.
        values: By variable.

    Raises:
        ConfigError: The template cannot be filled, with its line.
        MissingExtraError: Jinja is not installed.

    >>> fill("Name: {{ text }}", "prompt.summarize", {"text": "{{ 7*7 }}"})
    'Name: {{ 7*7 }}'
    """
    template = _compiled(source, place)
    from jinja2 import TemplateError

    try:
        filled = _rendered(template.generate(values))
    except (TemplateError, *_FAULTS) as error:
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == _FILE]
        where = f"{place}, line {lines[-1]}" if lines else place
        raise ConfigError(
            f"{where}: {str(error).rstrip('.') or type(error).__name__}.", "Mend the template."
        ) from error
    return filled


def _rendered(parts: Iterable[str]) -> str:
    """Join what a template gives, as long as it is a prompt."""
    found, length = [], 0
    for part in parts:
        found.append(part)
        length += len(part)
        if length > _LONGEST:
            raise ValueError(f"it gives over {_LONGEST} characters")
    return "".join(found)


@lru_cache(maxsize=128)
def _compiled(source: str, place: str) -> Any:
    environment = _environment()
    from jinja2 import TemplateSyntaxError

    try:
        return environment.from_string(source)
    except RecursionError as error:
        raise ConfigError(f"{place}: it is nested too deeply.", "Mend the template.") from error
    except ValueError as error:  # thousands of digits
        raise ConfigError(f"{place}: {str(error).partition(';')[0]}.", "Mend the template.") from error
    except TemplateSyntaxError as error:
        problem = str(error.message).rstrip(".")
        raise ConfigError(f"{place}, line {error.lineno}: {problem}.", _remedy(problem, environment)) from error


def _remedy(problem: str, environment: Any) -> str:
    match = _UNKNOWN.match(problem)
    if match is None:
        return "Templates are written as Jinja reads them."
    return nearest(match["name"], environment.filters if match["kind"] == "filter" else environment.tests)


@lru_cache(maxsize=1)
def _environment() -> Any:
    """Set Jinja up so that the same values always give the same text."""
    sandbox = require("jinja2.sandbox", package="jinja2", extra="openai", purpose="A prompt")
    from jinja2 import StrictUndefined

    class Environment(sandbox.ImmutableSandboxedEnvironment):  # type: ignore[misc, name-defined]
        """The sandbox, which bounds range() and not what ``*`` and ``**`` make."""

        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if operator == "**" and not (abs(left) <= _LARGEST_POWER and abs(right) <= _LARGEST_POWER):
                raise ValueError(f"a power of over {_LARGEST_POWER}")
            sized, times = (left, right) if hasattr(left, "__len__") else (right, left)
            if operator == "*" and hasattr(sized, "__len__") and len(sized) * times > _LONGEST:
                raise ValueError(f"a text or list of over {_LONGEST} items")
            return super().call_binop(context, operator, left, right)

    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # a model reads it, no browser
        trim_blocks=True,  # a line that holds only {% ... %} leaves none behind
        lstrip_blocks=True,
        keep_trailing_newline=False,  # of the template; a text's own stays
    )
    del environment.globals["lipsum"], environment.filters["random"]  # a prompt says the same each time
    environment.filters["fence"] = _fence
    return environment


def _fence(text: str, label: str = "TEXT") -> str:
    return fence([(label, text)])
