"""The key: held in one place, shown in none."""

import json


class Secret:
    r"""A key, and the way to strike it out of what others say: some servers repeat it.

    Args:
        key: Empty where there is none.

    >>> Secret("k/3").strike("the keys k/3 and k\\/3"), Secret("k/3")
    ('the keys *** and ***', Secret(***))
    """

    def __init__(self, key: str) -> None:
        # Also as JSON may write it, with or without a stroke before a solidus.
        forms = {key, json.dumps(key)[1:-1], json.dumps(key)[1:-1].replace("/", "\\/")} if key else set()
        self._forms = sorted(forms, key=len, reverse=True)
        self.key = key

    def strike(self, text: str) -> str:
        """Put ``***`` for the key."""
        for form in self._forms:
            text = text.replace(form, "***")
        return text

    def __repr__(self) -> str:
        return "Secret(***)"
