"""Plain YAML: data that others wrote, read so that it runs nothing, swells to nothing, and drops nothing.

PyYAML's safe loader makes plain values only, and refuses tags such as ``!!python/object/apply``. Three things that it
lets through are refused here:

- a key that stands twice: the safe loader keeps the last and says nothing of the first;
- a merge (``<<: [*a, *a]``) that doubles a mapping with each line, so that 400 bytes fill the memory;
- a number of thousands of digits, above all of base 60 (``1:1:1:...``), which takes the square of its length to read.

An alias that stands for a list of aliases (the "billion laughs") is harmless as long as nobody walks through it: it is
one object, however often it is named.
"""

from typing import Any

import yaml

_LONGEST_NUMBER = 400  # characters; no date, count or id has as many
_MOST_KEYS = 10_000  # of a mapping, with what is merged into it


def load_yaml(text: str) -> Any:
    r"""Read YAML.

    Args:
        text: One document.

    Raises:
        YAMLError: It is no plain YAML, with its place.
        ValueError, LookupError, AttributeError, RecursionError: A value is amiss for its tag, or it is nested too
            deeply.

    >>> load_yaml("title: A bridge\ntags: [a, b]")
    {'title': 'A bridge', 'tags': ['a', 'b']}
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader, with less)


class _Loader(yaml.SafeLoader):
    """The safe loader, without what it does silently or at any cost."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """Refuse a key that stands twice, while merged keys are still apart from a mapping's own."""
        node = super().compose_mapping_node(anchor)
        assert node is not None  # noqa: S101 (for the types: it is never None)
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key '{key.value}' stands twice", key.start_mark
                    )
                seen.add(key.value)
        return node

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge mappings, as long as they stay small."""
        super().flatten_mapping(node)
        if len(node.value) > _MOST_KEYS:
            raise yaml.constructor.ConstructorError(
                None, None, f"a merge makes a mapping of over {_MOST_KEYS} keys", node.start_mark
            )

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        """Read a whole number that is no longer than numbers are."""
        return super().construct_yaml_int(_short(node))

    def construct_yaml_float(self, node: yaml.ScalarNode) -> float:
        """Read a decimal number that is no longer than numbers are."""
        return super().construct_yaml_float(_short(node))


def _short(node: yaml.ScalarNode) -> yaml.ScalarNode:
    if len(node.value) > _LONGEST_NUMBER:
        raise yaml.constructor.ConstructorError(
            None, None, f"a number of {len(node.value)} characters", node.start_mark
        )
    return node


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)
_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.construct_yaml_float)
