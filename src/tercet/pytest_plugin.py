"""The pytest plugin: a marker, a fixture and an option.

It is imported by every pytest run where tercet is installed, so that it imports nothing of tercet; the work is in
``tercet.pytest_gate``, which comes with the first gate.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tercet.gating.records import Ruling

_MARKER = (
    "tercet(*overrides, baseline=None, candidate=None, config_dir=None, on='all', **keys): run a system, compare it "
    "with the baseline and fail where it is worse, before the test's body. Each key is an override: experiment='ci', "
    "gate='strict', limit=5."
)
_RULING = pytest.StashKey["Ruling"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the baseline."""
    group = parser.getgroup("tercet")
    group.addoption(
        "--tercet-baseline",
        metavar="FOLDER",
        help="Compare with this run or blessed baseline, whatever the tests name.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and settle where the option's folder lies: workers may start elsewhere."""
    config.addinivalue_line("markers", _MARKER)
    if (given := config.getoption("tercet_baseline")) is not None:
        config.option.tercet_baseline = str(config.invocation_params.dir / given)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Let the gate rule before the body of a marked test: within the call, so that the test fails and is no error."""
    marker = item.get_closest_marker("tercet")
    if marker is not None:
        from tercet.pytest_gate import judged

        item.stash[_RULING] = judged(item, *marker.args, **marker.kwargs)


@pytest.fixture
def tercet_gate(request: pytest.FixtureRequest) -> "Callable[..., Ruling]":
    """A callable that runs a system, compares it with the baseline and fails the test where it is worse.

    It takes what the marker takes and returns the ruling; in a marked test, without arguments, the marker's.
    """
    item: pytest.Item = request.node

    def gate(*overrides: str, **words: Any) -> "Ruling":
        if not overrides and not words and _RULING in item.stash:
            return item.stash[_RULING]
        from tercet.pytest_gate import judged

        return judged(item, *overrides, **words)

    return gate
