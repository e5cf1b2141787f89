"""The long run: ``python -m tests.fuzzing TARGET|all --cases N --seed S``."""

from pathlib import Path

import click

from tercet.kernels.__main__ import main as compile_kernels
from tests.fuzzing.campaign import Tally, lent
from tests.fuzzing.folders import runs
from tests.fuzzing.guided import guided
from tests.fuzzing.outcomes import observe
from tests.fuzzing.summary import as_json, as_markdown, save
from tests.fuzzing.supervising import supervised
from tests.fuzzing.targets import TARGETS


@click.command()
@click.argument("names", nargs=-1, metavar="TARGET...|all")
@click.option(
    "--cases", type=click.IntRange(min=1), default=10_000, show_default=True, help="Of each target; of all, together."
)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--engine", type=click.Choice(["random", "atheris"]), default="random", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("findings"), show_default=True
)
@click.option("--replay", type=click.Path(path_type=Path, exists=True), help="Run the bytes of a finding again.")
def main(names: tuple[str, ...], cases: int, seed: int, engine: str, output: Path, replay: Path | None) -> None:
    """Fuzz readers of tercet. Without a name: list them. Exit code 1 where something was found."""
    if replay is not None:
        _replay(replay, names)
        return
    if not names:
        for target in TARGETS.values():
            click.echo(f"{target.name:18} {target.reads}")
        return
    runs()
    compile_kernels()  # or the first case of a metric would take the compiler's time
    run = supervised if engine == "random" else guided
    tallies: list[Tally] = []
    for name, share in _shares(names, cases).items():
        tallies.append(run(name, share, seed))
        click.echo(_line(tallies[-1]))
        output.mkdir(parents=True, exist_ok=True)
        save(output, tallies[-1:])
        (output / "summary.json").write_text(as_json(tallies, engine=engine, seed=seed), "utf-8")
        (output / "summary.md").write_text(as_markdown(tallies), "utf-8")
    raise SystemExit(1 if any(tally.findings for tally in tallies) else 0)


def _shares(names: tuple[str, ...], cases: int) -> dict[str, int]:
    """Divide the cases among all targets by their weights; of named ones each has them all."""
    if names != ("all",):
        if strange := [name for name in names if name not in TARGETS]:
            raise click.BadParameter(f"there is no target '{strange[0]}': {', '.join(TARGETS)}")
        return dict.fromkeys(names, cases)
    whole = sum(target.weight for target in TARGETS.values())
    return {name: max(1, round(cases * target.weight / whole)) for name, target in TARGETS.items()}


def _line(tally: Tally) -> str:
    found = "; ".join(
        f"{each.outcome.kind} {each.outcome.place} {each.outcome.detail[:90]}" for each in tally.findings.values()
    )
    rate = tally.cases / max(tally.seconds, 1e-9)
    return f"{tally.target:18} {tally.cases:8,} cases, {rate:6,.0f}/s, {len(tally.kinds):4} outcomes  {found}"


def _replay(path: Path, names: tuple[str, ...]) -> None:
    """Say what comes of a finding's bytes; its file's name begins with the target's."""
    name = names[0] if names else path.name.rpartition("-")[0]
    if name not in TARGETS:
        raise click.BadParameter(f"'{name}' is no target; name one before --replay")
    data = path.read_bytes()
    with lent(TARGETS[name]) as read:
        outcome = observe(read, data)
    click.echo(f"{outcome.kind} {outcome.place} {outcome.detail or outcome.words}")
    raise SystemExit(1 if outcome.is_finding else 0)


if __name__ == "__main__":
    main()
