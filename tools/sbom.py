"""Write the bill of materials (CycloneDX, JSON) of what is installed, and validate it.

    .venv-tools/bin/python -m tools.sbom .venv/bin/python sbom.json

The packages with versions, licences and dependencies are cyclonedx-bom's reading of the environment. Added are the
hashes that the lock allows, the weights that packages carry, with their own hashes, and the code that is bundled
into the report's viewer.
"""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.locked import LOCK, read

ROOT = Path(__file__).parents[1]
_BUNDLED = ROOT / "src" / "tercet" / "viewing" / "assets" / "LICENSES.txt"
_PACKAGE = re.compile(r"^={20,}\n(?P<name>\S+) (?P<version>\S+) \((?P<licence>[^)]+)\)\n={20,}$", re.MULTILINE)
# Files of weights and data, by what ends their names; and what they are where the package does not say it.
_WEIGHTS = re.compile(r"\.(?:bin|gguf|gguf\.part\d+|npz|safetensors|model|onnx|txt\.gz)$")
_SMALLEST = 500_000  # bytes: what is smaller is a table of some test
# Asks an interpreter for the large files of its packages; their hashes are those that the installer wrote down.
_LIST = """
import json
from importlib.metadata import distributions
print(json.dumps([
    [found.metadata["Name"], found.version, str(file), file.hash.value]
    for found in distributions() for file in found.files or ()
    if file.hash is not None and file.hash.mode == "sha256" and (file.size or 0) > SMALLEST
]))
"""


def main(arguments: Sequence[str]) -> None:
    """Write the bill, and fail where it breaks its schema."""
    python, target = arguments
    bill = described(python)
    add_hashes(bill["components"])
    bill["components"] += [*weights(python), *bundled(_BUNDLED.read_text("utf-8"))]
    bill["components"].sort(key=lambda component: component["bom-ref"])
    text = json.dumps(bill, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    check(text)
    Path(target).write_text(text, "utf-8")
    sys.stdout.write(f"{target}: {len(bill['components'])} components; it holds to the schema.\n")


def described(python: str) -> dict[str, Any]:
    """Let cyclonedx-bom read an environment, given by its interpreter."""
    command = [
        sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--spec-version", "1.6",
        "--pyproject", str(ROOT / "pyproject.toml"), python,
    ]  # fmt: skip
    bill: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return bill


def add_hashes(components: Sequence[dict[str, Any]]) -> None:
    """Give each package the hashes of the files that the lock lets in."""
    locked = {(_key(item.name), item.version): item.hashes for item in read(ROOT / LOCK)}
    for component in components:
        public = component["version"].partition("+")[0]  # a local build is locked by the public version
        if hashes := locked.get((_key(component["name"]), public)):
            component.setdefault("externalReferences", []).append(
                {
                    "type": "distribution",
                    "url": component["purl"],
                    "comment": f"the files that {LOCK} lets in",
                    "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
                }
            )


def weights(python: str) -> Iterator[dict[str, Any]]:
    """List weights and data that packages carry, as components of their own."""
    code = _LIST.replace("SMALLEST", str(_SMALLEST))
    listed = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout
    for name, version, path, digest in json.loads(listed):
        if _WEIGHTS.search(path):
            whole = base64.urlsafe_b64decode(digest + "=" * (-len(digest) % 4)).hex()
            data = path.endswith(".txt.gz")
            yield {
                "bom-ref": f"{name}=={version}/{path}",
                "type": "data" if data else "machine-learning-model",
                "name": Path(path).name,
                "version": version,
                "description": f"carried by the package {name} as {path}",
                "hashes": [{"alg": "SHA-256", "content": whole}],
            }


def bundled(licences: str) -> Iterator[Mapping[str, Any]]:
    """List the packages that are bundled into the viewer, by the file of their licences."""
    for found in _PACKAGE.finditer(licences):
        name, version = found["name"], found["version"]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        yield {
            "bom-ref": purl,
            "type": "library",
            "name": name,
            "version": version,
            "purl": purl,
            "description": "bundled into the report's viewer",
            "licenses": [{"license": {"id": found["licence"]}}],
        }


def check(text: str) -> None:
    """Hold a bill to CycloneDX's schema.

    Raises:
        SystemExit: It breaks it.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise SystemExit(f"The bill breaks the schema: {fault}")


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main(sys.argv[1:])
