"""Inspect: https://inspect.aisi.org.uk/."""

import json
from pathlib import Path

from benchmarks.peers import Command, Work, packages

_TASK = """
from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset
from inspect_ai.scorer import includes
from inspect_ai.solver import generate


@task
def calling():
    return Task(dataset=json_dataset({path!r}), solver=generate(), scorer=includes())
"""


class Inspect:
    """Without display, control server and events written as they come; all samples are open, as by default."""

    name = "inspect_ai"

    def install(self, folder: Path) -> Path:
        """Install it with the client that it asks such servers with."""
        return packages.install(folder, "inspect_ai", "openai") / "inspect"

    def version(self, program: Path) -> str:
        """Ask for the package's version."""
        return packages.version(program, "inspect_ai")

    def command(self, program: Path, work: Work) -> Command:
        """Write a task and a sample a prompt."""
        samples = [{"id": index, "input": prompt, "target": work.expected} for index, prompt in enumerate(work.prompts)]
        data, task = work.folder / "samples.jsonl", work.folder / "calling.py"
        data.write_text("\n".join(map(json.dumps, samples)) + "\n", "utf-8")
        task.write_text(_TASK.format(path=str(data)), "utf-8")
        words = (
            *(str(program), "eval", task.name, "--model", f"openai-api/local/{work.model}"),
            *("--max-connections", str(work.concurrency), "--temperature", "0", "--max-tokens", "128"),
            *("--display", "none", "--log-dir", str(work.folder / "logs"), "--no-log-realtime"),
            *("--cache", "false", "--ctl-server", "false"),
        )
        return Command(words=words, variables={"LOCAL_API_KEY": "none", "LOCAL_BASE_URL": work.address})
