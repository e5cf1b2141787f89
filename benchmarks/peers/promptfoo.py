"""promptfoo: https://www.promptfoo.dev/docs/usage/command-line/."""

import json
import os
import subprocess
from pathlib import Path

from benchmarks.peers import Command, Work


class Promptfoo:
    """Without its database, which is the fastest that it can be: the answers go to a file."""

    name = "promptfoo"

    def install(self, folder: Path) -> Path:
        """Install the newest version that the node at hand can run."""
        words = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder), "promptfoo"]
        subprocess.run(words, check=True)
        return folder / "node_modules" / ".bin" / "promptfoo"

    def version(self, program: Path) -> str:
        """Ask for its version; what else it prints comes before."""
        done = subprocess.run(
            [str(program), "--version"],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, **_variables(program, program.parent)},
        )
        return done.stdout.split()[-1]

    def command(self, program: Path, work: Work) -> Command:
        """Write a config and a test a prompt, each with one assertion."""
        tests = [
            {"vars": {"input": prompt}, "assert": [{"type": "contains", "value": work.expected}]}
            for prompt in work.prompts
        ]
        (work.folder / "tests.jsonl").write_text("\n".join(map(json.dumps, tests)) + "\n", "utf-8")
        options = {"apiBaseUrl": work.address, "apiKey": "none", "temperature": 0, "max_tokens": 128}
        config = {
            "prompts": ["{{input}}"],
            "providers": [{"id": f"openai:chat:{work.model}", "config": options}],
            "tests": f"file://{work.folder / 'tests.jsonl'}",
        }
        (work.folder / "config.json").write_text(json.dumps(config), "utf-8")
        words = (
            *(str(program), "eval", "-c", str(work.folder / "config.json"), "-j", str(work.concurrency)),
            *("-o", str(work.folder / "answers.jsonl"), "--no-cache", "--no-write", "--no-table"),
            *("--no-progress-bar", "--no-share"),
        )
        return Command(words=words, variables=_variables(program, work.folder))


def _variables(program: Path, folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",  # a node that stands beside it goes first
        "PROMPTFOO_CONFIG_DIR": str(folder / ".promptfoo"),
        "PROMPTFOO_DISABLE_TELEMETRY": "1",
        "PROMPTFOO_DISABLE_UPDATE": "1",
    }
