"""lm-evaluation-harness: https://github.com/EleutherAI/lm-evaluation-harness."""

import json
from pathlib import Path

from benchmarks.peers import Command, Work, packages

_KIND = "local-chat-completions"


class LmEval:
    """Its own asynchronous client, without tokenizer; it makes no attempt to reach a hub."""

    name = "lm-evaluation-harness"

    def install(self, folder: Path) -> Path:
        """Install it with what its client for servers needs."""
        return packages.install(folder, "lm_eval[api]") / "lm-eval"

    def version(self, program: Path) -> str:
        """Ask for the package's version."""
        return packages.version(program, "lm_eval")

    def command(self, program: Path, work: Work) -> Command:
        """Write a task and a document a prompt."""
        documents = [{"input": prompt, "target": work.expected} for prompt in work.prompts]
        data, tasks = work.folder / "documents.jsonl", work.folder / "tasks"
        data.write_text("\n".join(map(json.dumps, documents)) + "\n", "utf-8")
        tasks.mkdir()
        task = {
            "task": "calling",
            "dataset_path": "json",
            "dataset_kwargs": {"data_files": {"test": str(data)}},
            "test_split": "test",
            "output_type": "generate_until",
            "doc_to_text": "{{input}}",
            "doc_to_target": "{{target}}",
            "generation_kwargs": {"until": [], "max_gen_toks": 128, "temperature": 0},
            "metric_list": [{"metric": "exact_match"}],
        }
        (tasks / "calling.yaml").write_text(json.dumps(task), "utf-8")  # JSON is YAML
        model = {
            "model": work.model,
            "base_url": f"{work.address}/chat/completions",
            "num_concurrent": work.concurrency,
            "max_retries": 1,
            "tokenized_requests": False,
            "tokenizer_backend": None,
        }
        words = (
            *(str(program), "run", "--model", _KIND),
            *("--model_args", ",".join(f"{key}={value}" for key, value in model.items())),
            *("--tasks", "calling", "--include_path", str(tasks), "--apply_chat_template"),
            *("--output_path", str(work.folder / "results"), "--log_samples"),
        )
        hub = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(work.folder / "hub")}
        return Command(words=words, variables=hub)
