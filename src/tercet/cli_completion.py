"""The command that writes a shell's completion script, and what bash needs besides."""

import os

import click
from click.shell_completion import BashComplete, CompletionItem, ZshComplete, add_completion_class, get_completion_class

# As click's own, but nothing is put after a word that goes on.
_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response type value
    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete $1)
    for completion in $response; do
        IFS=',' read type value <<< "$completion"
        if [[ $type == 'dir' ]]; then
            COMPREPLY=()
            compopt -o dirnames
        elif [[ $type == 'file' ]]; then
            COMPREPLY=()
            compopt -o default
        elif [[ $type == 'plain' ]]; then
            COMPREPLY+=("$value")
            [[ $value == *[=.] ]] && compopt -o nospace
        fi
    done
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_SHELLS = ("bash", "zsh", "fish")


@add_completion_class
class _Bash(BashComplete):
    """Puts together what bash cuts at ``=``, and gives it back what comes after."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        typed = os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]
        words: list[str] = []
        for word in typed[1:]:
            joined = words and (word.startswith("=") or words[-1].endswith("=")) and not words[-1].startswith("-")
            if joined:
                words[-1] += word
            else:
                words.append(word)
        *args, incomplete = words or [""]
        self._kept = incomplete.rfind("=") + 1
        return args, incomplete

    def format_completion(self, item: CompletionItem[str]) -> str:
        return f"{item.type},{item.value[self._kept :] if item.type == 'plain' else item.value}"


@add_completion_class
class _Zsh(ZshComplete):
    """Puts nothing after a word that goes on."""

    source_template = (
        ZshComplete.source_template.replace("for type key", "local -a unfinished\n    for type key")
        .replace(
            'completions+=("$key")',
            'if [[ $key == *[=.] ]]; then unfinished+=("$key"); else completions+=("$key"); fi',
        )
        .replace(
            'if [ -n "$completions" ]',
            '(( $#unfinished )) && compadd -S "" -U -V unsorted -a unfinished\n    if [ -n "$completions" ]',
        )
    )


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Write the script by which a shell completes tercet's commands, options, configs and runs.

    \b
    echo 'eval "$(tercet completion bash)"' >> ~/.bashrc
    echo 'eval "$(tercet completion zsh)"' >> ~/.zshrc
    tercet completion fish > ~/.config/fish/completions/tercet.fish
    """
    kind = get_completion_class(shell)
    if kind is None:  # pragma: no cover (click has all three)
        raise click.UsageError(f"There is no completion for {shell}.")
    root = click.get_current_context().find_root().command
    click.echo(f"# tercet's completion for {shell}; see tercet completion --help")
    click.echo(kind(root, {}, "tercet", "_TERCET_COMPLETE").source())
