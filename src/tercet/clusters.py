"""Clusters of Ray: joining one, or starting one of this machine, and what Ray says where something goes wrong."""

import logging
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from tercet.errors import ConfigError

# Read by Ray when it starts: nothing is reported to its makers; who asks for no GPUs sees none.
_ENVIRONMENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1"}
_ALONE = "local"  # what Ray calls a cluster of this machine, started for this program
_LOG = logging.getLogger(__name__)


@contextmanager
def joined(ray: ModuleType, address: str | None, *, owner: str, cpus: int | None = None) -> Iterator[bool]:
    """Join a cluster, or start one of this machine, for as long as the context lasts.

    Where the program has joined one itself, that one is used, and left as it is.

    Args:
        ray: The module.
        address: The cluster's, as ``auto`` or ``10.0.0.1:6379``; None: that in the variable RAY_ADDRESS, else one is
            started.
        owner: The group of the config that has the address, for the error: ``executor`` or ``launcher``.
        cpus: Of a cluster that is started; None: as many as the machine has.

    Yields:
        Whether a cluster was started: then it has what this machine has, and will never have more.

    Raises:
        ConfigError: There is none at the address.
    """
    if ray.is_initialized():
        yield False
        return
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    place = address or os.environ.get("RAY_ADDRESS") or _ALONE
    alone = place == _ALONE
    with _quiet():
        try:
            _check_reachable(place)
            options = {"include_dashboard": False, "num_cpus": cpus} if alone else {}
            ray.init(address=place, log_to_driver=False, logging_level=logging.ERROR, **options)
        except (OSError, OverflowError, RuntimeError, ValueError) as error:  # among them versions that differ
            raise ConfigError(
                f"Ray cannot be reached at '{place}': {first_line(error)}.",
                f"Start it with 'ray start --head', or leave {owner}.address and RAY_ADDRESS empty.",
            ) from error
        try:
            yield alone
        finally:
            ray.shutdown()


def ending(ray: Any, error: Exception) -> str:
    """Say how a process of a cluster ended, as far as Ray says it; its own words are a page.

    Args:
        ray: The module.
        error: What Ray raised in its place.
    """
    kinds = ray.exceptions
    if isinstance(error, kinds.OutOfMemoryError):
        return "its machine ran out of memory"
    if isinstance(error, kinds.NodeDiedError | kinds.ObjectLostError) or "node has died" in str(error):
        return "its machine was lost"
    if isinstance(error, kinds.ActorUnavailableError):
        return "its machine was out of reach"
    if isinstance(error, kinds.ActorDiedError | kinds.WorkerCrashedError):
        return "its process ended unexpectedly"
    return f"{type(error).__name__}: {first_line(error)}"


def first_line(error: Exception) -> str:
    r"""Take the first line of an error, without its full stop.

    >>> first_line(RuntimeError("The head is gone.  \nOf all that follows, nothing helps."))
    'The head is gone'
    """
    return str(error).strip().partition("\n")[0].rstrip(". ")


def _check_reachable(address: str) -> None:
    """Try the port first: Ray itself tries for minutes, tells the terminal so, and may end the process.

    Raises:
        OSError: Nothing answers there.
        OverflowError: It is no port.
    """
    host, _, port = address.rpartition(":")
    if host and "/" not in host and port.isdigit():  # else a word, as "auto", or a URL: Ray knows what is meant
        socket.create_connection((host, int(port)), timeout=10).close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Log what Ray would print to the standard output when a process or a machine dies: it has no option for that."""
    module = import_module("ray._private.worker")
    before = getattr(module, "print_to_stdstream", None)
    if before is None:
        yield
        return

    def log(data: Mapping[str, Any], **_: Any) -> None:
        _LOG.info("%s", "\n".join(map(str, data.get("lines", ()))))

    module.print_to_stdstream = log  # type: ignore[attr-defined]
    try:
        yield
    finally:
        module.print_to_stdstream = before  # type: ignore[attr-defined]
