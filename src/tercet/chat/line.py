"""The line to an endpoint: a body goes out, a whole HTTP answer comes back, or a fault.

The transport is ``aiohttp``. A model answers in seconds, and a caller with many questions open is limited by its
own work for each of them, all of it in one thread. Measured with all that is around it, 500 questions of 1.3 kB at
a server of 100 ms, 32 at once, Python 3.11: 0.35 ms of CPU a question and 0.15 s of import with aiohttp, 1.5 ms and
0.4 s with the client of the package ``openai``, which is built on httpx.
"""

from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from tercet import __version__
from tercet.chat import Endpoint
from tercet.chat.faults import Fault, Kind, Received
from tercet.chat.proxies import proxy_for

_CONNECT = 10.0  # seconds; a host that is there answers sooner
_LARGEST = 32 * 2**20  # bytes of an answer; a model's has some thousands


class Line:
    """An open session, within one loop.

    Redirects are not followed, since the key would go where they lead. Proxies are found by ``proxies`` and not
    by aiohttp's ``trust_env``, which also takes names and passwords from ``~/.netrc``, and sends them.

    Args:
        endpoint: Where it leads to.
        key: What is sent as a bearer's; empty for none.
        aiohttp: The package.
    """

    def __init__(self, endpoint: Endpoint, key: str, aiohttp: ModuleType) -> None:
        self._aiohttp: Any = aiohttp
        self._url = f"{(endpoint.base_url or '').rstrip('/')}/chat/completions"
        self._timeout = endpoint.timeout
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # answers are small, and nothing can swell
            "Content-Type": "application/json",
            "User-Agent": f"tercet/{__version__}",
        }
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        proxy = proxy_for(self._url)
        self._proxy = None if proxy is None else proxy.url
        credentials = {} if proxy is None or proxy.credentials is None else {"Proxy-Authorization": proxy.credentials}
        # Through a tunnel, the request for the tunnel is the proxy's to read, and nothing else.
        tunnelled = urlsplit(self._url).scheme == "https"
        self._headers |= {} if tunnelled else credentials
        self._tunnel = (credentials if tunnelled else {}) or None

    async def open(self) -> None:
        """Make the session; connections are made as they are needed.

        It has no headers of its own: it would send them to a proxy too, and the key as if it were the proxy's.
        """
        aiohttp = self._aiohttp
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),  # the gate counts
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._timeout, connect=min(_CONNECT, self._timeout)),
        )

    async def close(self) -> None:
        """End what is open."""
        await self._session.close()

    async def send(self, body: bytes) -> Received:
        """Post a body.

        Raises:
            Fault: There is no whole answer.
        """
        try:
            return await self._post(body)
        except (self._aiohttp.ClientError, OSError, UnicodeError) as error:  # a TimeoutError is an OSError
            fault = self._fault(error)
        raise fault  # here, where it does not take the other error along, which holds the request's headers

    async def _post(self, body: bytes) -> Received:
        async with self._session.post(
            self._url,
            data=body,
            headers=self._headers,
            allow_redirects=False,
            proxy=self._proxy,
            proxy_headers=self._tunnel,
        ) as response:
            parts, size = [], 0
            async for part in response.content.iter_any():
                parts.append(part)
                size += len(part)
                if size > _LARGEST:
                    raise Fault(Kind.DENIED, f"an answer of more than {_LARGEST >> 20} MB", status=response.status)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Received(status=response.status, headers=headers, body=b"".join(parts).decode("utf-8", "replace"))

    def _fault(self, error: BaseException) -> Fault:
        """Read an error of aiohttp's; the words of some would show the request, and are not taken."""
        aiohttp = self._aiohttp
        if isinstance(error, aiohttp.ConnectionTimeoutError):
            return Fault(Kind.ABSENT, f"no connection within {min(_CONNECT, self._timeout):g} seconds")
        if isinstance(error, TimeoutError):
            return Fault(Kind.LATE, f"no answer within timeout={self._timeout:g} seconds")
        kind, said = Kind.CUT, str(error) or type(error).__name__
        if isinstance(error, aiohttp.ClientConnectorError):
            kind, said = Kind.ABSENT, str(error.os_error)
        elif isinstance(error, aiohttp.ClientHttpProxyError):
            kind, said = Kind.ABSENT, f"the proxy says {error.status}"
        elif isinstance(error, aiohttp.InvalidURL | UnicodeError):
            kind, said = Kind.ABSENT, "there is no such host"
        elif isinstance(error, aiohttp.ClientResponseError):
            said = "what came is no HTTP"
        return Fault(kind, said)
