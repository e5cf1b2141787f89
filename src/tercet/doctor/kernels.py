"""The compiled kernels: whether they can be, and whether they already are."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from tercet.doctor import Finding, State


def compiled() -> Finding:
    """Look for what numba has kept of the kernels, without importing it: that takes half a second."""
    try:
        numba = version("numba")
    except PackageNotFoundError:
        said = "not installed: scores are the same, and take 30 to 1,000 times as long"
        return Finding(
            area="Extras", name="kernels", state=State.OFF, said=said, remedy="Run: pip install 'tercet[fast]'"
        )
    spec = find_spec("tercet.kernels")
    folder = Path(str(spec.origin)).parent if spec is not None else Path()
    newest = max((file.stat().st_mtime for file in folder.glob("*.py")), default=0.0)
    kept = [file for file in (folder / "__pycache__").glob("*.nbi") if file.stat().st_mtime >= newest]
    if kept:
        said = f"{len(kept)} compiled by numba {numba}, and kept"
        return Finding(area="Extras", name="kernels", state=State.OK, said=said)
    said = f"numba {numba} compiles them at the first large job, in about ten seconds"
    remedy = "To do it now: python -m tercet.kernels"
    return Finding(area="Extras", name="kernels", state=State.OK, said=said, remedy=remedy)
