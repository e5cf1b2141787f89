"""Proxies, as the environment names them: ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from tercet.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """An HTTP proxy.

    Args:
        url: Its address, without name and password.
        credentials: The header ``Proxy-Authorization``; None where it wants none.
    """

    url: str
    credentials: str | None = field(default=None, repr=False)


def proxy_for(url: str) -> Proxy | None:
    """Find the proxy for an address; None where there is none.

    Raises:
        ConfigError: The environment names one that is no HTTP proxy.
    """
    parts = urlsplit(url)
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    if not found or proxy_bypass(parts.hostname or ""):
        return None
    proxy = _read(found)
    if proxy is None:
        raise ConfigError(
            "The proxy that the environment names is no HTTP proxy.", "Set HTTPS_PROXY to one, or NO_PROXY to the host."
        )
    credentials = None
    if proxy.username is not None:
        words = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        credentials = f"Basic {b64encode(words.encode()).decode()}"
    return Proxy(url=urlunsplit((proxy.scheme, proxy.netloc.rpartition("@")[2], "", "", "")), credentials=credentials)


def _read(found: str) -> SplitResult | None:
    """Split a proxy's address, which may lack its scheme; None where it is none. Errors would show its password."""
    try:
        proxy = urlsplit(found if "://" in found else f"http://{found}")
        sound = proxy.scheme in {"http", "https"} and bool(proxy.hostname) and proxy.port != 0
    except ValueError:
        return None
    return proxy if sound else None
