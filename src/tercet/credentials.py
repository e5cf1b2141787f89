"""Credentials: keys and passwords where none belongs, in a config, which is written beside the results, or in an error.

A key is named by its environment variable and read there, at the moment of the call. What looks like one in a config is
refused before anything runs, and never shown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tercet.errors import ConfigError

# By the beginnings that providers give to their keys, so that scanners find them: these are the commonest.
# https://docs.github.com/en/code-security/secret-scanning, https://github.com/gitleaks/gitleaks
_KEY = re.compile(
    r"""
    (?<![A-Za-z0-9])(?:
        sk-[A-Za-z0-9_-]{16,200}                                  # OpenAI, Anthropic, DeepSeek, OpenRouter
      | (?:hf|gsk|r8|tgp_v1|gh[pousr]|github_pat)_[A-Za-z0-9_]{16,200}  # Hugging Face, Groq, Replicate, GitHub
      | (?:xai|nvapi|pplx|glpat|xox[abprs])-[A-Za-z0-9_-]{16,200} # xAI, NVIDIA, Perplexity, GitLab, Slack
      | AIza[A-Za-z0-9_-]{30,200}                                 # Google
      | A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])                        # AWS
      | eyJ[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,4000}      # JSON web tokens
    )
    | -----BEGIN\ [A-Z ]{0,40}PRIVATE\ KEY-----
    | (?<=[Bb]earer\ )[A-Za-z0-9._~+/=-]{16,4000}
    | (?<=://)[^/\s:@]{1,200}:[^/\s@]{1,200}(?=@)                 # name and password of an address
    | (?<=[?&])(?:access_token|api_?key|key|token|sig|signature|x-amz-signature)=[^&\s]{8,4000}
    """,
    re.VERBOSE,
)
# Options by these names hold keys, whatever they look like.
_NAMES = frozenset(
    {
        "access_token", "api_key", "api_token", "apikey", "auth_token", "authorization", "bearer", "client_secret",
        "hf_token", "openai_api_key", "passwd", "password", "private_key", "secret", "secret_key", "token", "x_api_key",
    }
)  # fmt: skip


def masked(text: str) -> str:
    """Put ``***`` for what looks like a key.

    >>> masked("the key sk-0123456789abcdefXYZ is wrong"), masked("http://ann:pass@localhost/v1")
    ('the key *** is wrong', 'http://***@localhost/v1')
    """
    return _KEY.sub("***", text)


def refuse_credentials(config: Mapping[str, Any]) -> None:
    """Look through a config for keys.

    Args:
        config: Plain and resolved.

    Raises:
        ConfigError: An option holds what looks like a key; it is named, and what it holds is not shown.
    """
    for place, value in _texts(config, ""):
        if _NAMES.isdisjoint({_name(place)}) and _KEY.search(value) is None:
            continue
        raise ConfigError(
            f"{masked(place)} holds what looks like a key or a password.",
            "A config is written beside the results. Put the key into an environment variable, and name that: "
            "key_variable=NAME.",
        )


def _name(place: str) -> str:
    return place.rpartition(".")[2].partition("[")[0].lower().replace("-", "_")


def _texts(node: Any, at: str) -> Iterator[tuple[str, str]]:
    """Give every text that is no empty one, with its place."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _texts(value, f"{at}.{key}" if at else str(key))
    elif isinstance(node, list | tuple):
        for number, value in enumerate(node):
            yield from _texts(value, f"{at}[{number}]")
    elif isinstance(node, str) and node:
        yield at, node
