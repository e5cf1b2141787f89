"""Components: what a yaml names by ``_target_`` is a dataclass, and the dataclass is the schema."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from tercet.credentials import masked
from tercet.errors import ConfigError, TercetError, is_absent, located, nearest

_NAMED: set[str] = set()  # the classes that a config of this process has named


def named_here(path: str) -> bool:
    """Whether a config of this process has named a class, by its dotted path."""
    return path in _NAMED


def component(node: Any, place: str) -> Any:
    """Build what a config's ``_target_`` names; its dataclass is the schema.

    Args:
        node: The mapping: ``_target_`` and the fields.
        place: Where it stands, for messages.

    Raises:
        ConfigError: The class is not there, a key is unknown, or a value is of the wrong type.
    """
    if not isinstance(node, dict) or not node.get("_target_"):
        if node is None or (isinstance(node, dict) and "_target_" in node):
            return None
        if isinstance(node, str):
            raise ConfigError(
                f"'{place}' names no class: it is the text '{masked(node)}'.",
                f"A config chooses an option in its list 'defaults': - override /{place}: {masked(node)}",
            )
        raise ConfigError(f"'{place}' names no class.", "Its yaml needs a line '_target_: module.Class'.")
    cls = target(str(node["_target_"]), place)
    _NAMED.add(str(node["_target_"]))
    return structured(cls, {key: value for key, value in node.items() if key != "_target_"}, place)


def target(path: str, place: str) -> type[Any]:
    """Import a class by its dotted path.

    Raises:
        ConfigError: The module or the class is not there, or it is no dataclass.
    """
    module_name, _, class_name = path.rpartition(".")
    try:
        module = import_module(module_name)
    except Exception as error:  # a user's file may raise whatever it likes
        absent = isinstance(error, ModuleNotFoundError) and is_absent(error, module_name)
        if module_name and not absent:
            raise ConfigError(f"{place}: '{module_name}' cannot be imported: {located(error)}.") from error
        raise ConfigError(
            f"{place}: there is no module '{module_name}'.",
            "Put its file into the working directory, beside the config folder, or into it.",
        ) from error
    found = getattr(module, class_name, None)
    if found is None:
        known = [name for name, value in vars(module).items() if isinstance(value, type) and is_dataclass(value)]
        raise ConfigError(f"{place}: '{module_name}' has no '{class_name}'.", nearest(class_name, known))
    if not is_dataclass(found) or not isinstance(found, type):
        raise ConfigError(f"{place}: '{path}' is no dataclass.", "Its fields are its options.")
    return found


@lru_cache(maxsize=256)  # it takes as long to make as to fill, and a gate's policy has one for each score
def _schema(cls: Any) -> Any:
    """Make what values are merged into; a merge copies it."""
    from omegaconf import OmegaConf

    schema = OmegaConf.structured(cls)
    OmegaConf.set_readonly(schema, False)
    return schema


_KINDS = {"Integer": "a whole number, such as 5", "Float": "a number, such as 0.5", "Boolean": "true or false"}


def _expected(message: str) -> str:
    """Say what a value of the right type looks like; nothing where OmegaConf's words say it."""
    kind = message.splitlines()[0].rpartition(" ")[2].strip(".")
    return f"Expected {_KINDS[kind]}." if kind in _KINDS else ""


def structured(cls: type[Any], values: Mapping[str, Any], place: str) -> Any:
    """Check values against a dataclass's fields and build it.

    Raises:
        ConfigError: A key is unknown, or a value is of the wrong type or out of range.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    known = [item.name for item in fields(cls) if item.init]
    at = f"{place}." if place else ""
    for key in values:
        if key not in known:
            raise ConfigError(f"There is no key '{at}{key}'.", nearest(str(key), known))
    # Values come resolved, or from a run's file: what looks like "${oc.env:KEY}" in them is a text, and no number.
    texts = {key: value.replace("$", "") for key, value in values.items() if isinstance(value, str) and "${" in value}
    try:
        kind: Any = cls
        OmegaConf.merge(_schema(kind), texts)
        merged = OmegaConf.merge(_schema(kind), dict(values))
        built: dict[str, Any] = OmegaConf.to_container(merged, resolve=False)  # type: ignore[assignment]
    except OmegaConfBaseException as error:
        key = getattr(error, "full_key", None) or getattr(error, "key", None) or ""
        if "ListConfig" in str(error):
            given = values.get(str(key))
            shown = given if isinstance(given, str) and given.replace("_", "").isalnum() else "a,b"
            raise ConfigError(f"{at}{key} is no list.", f"Write '{at}{key}=[{shown}]'.") from error
        raise ConfigError(f"{at}{key}: {masked(str(error).splitlines()[0])}", _expected(str(error))) from error
    try:
        return cls(**built)
    except TercetError as error:
        raise ConfigError(f"{place}: {error.problem}", error.remedy) from error
