"""No harness at all: the prompts of a file are asked, and the answers dropped.

It shows what server and machine allow. Run by ``benchmarks.calling``.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp

from benchmarks.peers import Command, Work


def command(work: Work) -> Command:
    """Write the prompts and say how this module is run."""
    path = work.folder / "prompts.json"
    path.write_text(json.dumps(work.prompts), "utf-8")
    words = (sys.executable, "-m", "benchmarks.peers.bare", str(path), work.address, work.model)
    return Command(words=(*words, str(work.concurrency)), variables={"PYTHONPATH": str(Path(__file__).parents[2])})


async def _ask(prompts: Iterator[str], options: argparse.Namespace) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def work() -> None:
            for prompt in prompts:  # shared by the workers, who take turns in one thread
                body = {"model": options.model, "messages": [{"role": "user", "content": prompt}]}
                async with session.post(f"{options.address}/chat/completions", json=body) as reply:
                    await reply.json()

        await asyncio.gather(*(work() for _ in range(options.concurrency)))


def main() -> None:
    """Ask, and say nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompts", type=Path)
    parser.add_argument("address")
    parser.add_argument("model")
    parser.add_argument("concurrency", type=int)
    options = parser.parse_args()
    asyncio.run(_ask(iter(json.loads(options.prompts.read_text("utf-8"))), options))


if __name__ == "__main__":
    main()
