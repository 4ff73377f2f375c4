"""`reconciler completion SHELL`: what a shell needs to complete our words."""

from __future__ import annotations

import click

from reconciler.cli.exit_codes import FINE, USAGE, explained
from reconciler.cli.output import say
from reconciler.model.faults import UsageWrong

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", epilog=explained(FINE, USAGE))
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.pass_context
def command(ctx: click.Context, shell: str | None) -> int:
    """Print the completion script of a shell.

    \b
    bash:  reconciler completion bash > ~/.local/share/bash-completion/completions/reconciler
    zsh:   reconciler completion zsh > a file on your $fpath, named _reconciler
    fish:  reconciler completion fish > ~/.config/fish/completions/reconciler.fish
    """
    from click.shell_completion import get_completion_class

    if shell is None:
        raise UsageWrong(
            f"for which shell? {', '.join(SHELLS)}",
            hint="write `reconciler completion bash`; --help says where its output belongs",
        )
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    say(found(ctx.find_root().command, {}, "reconciler", "_RECONCILER_COMPLETE").source())
    return FINE
