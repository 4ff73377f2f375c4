"""All commands under one name, and the one place where a command's end becomes an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from reconciler.cli import exit_codes
from reconciler.cli.output import say, tolerant

COMMANDS = {
    "init": ("init_project", "Make a starter project."),
    "validate": ("validate", "Check every file, offline."),
    "plan": ("plan", "Show what apply would change, call by call."),
    "apply": ("apply", "Carry out a plan."),
    "resume": ("resume", "Answer what only a person can tell."),
    "drift": ("drift", "Show what was changed elsewhere, and why."),
    "access": ("access", "Show who can do what, and why."),
    "history": ("history", "Show who ran what, and what became of it."),
    "ledger": ("ledger", "Look into the ledger, verify it, correct it."),
    "lease": ("lease", "Show who may write to a target, or end that."),
    "import": ("import_manifests", "Write manifests for what is live."),
    "doctor": ("doctor", "Check what a set-up needs; ask an API about our assumptions."),
    "show": ("show", "Show a saved plan."),
    "kinds": ("kinds", "List every kind of thing there is."),
    "explain": ("explain", "Explain a kind or a field."),
    "twin": ("twin", "Serve local twins of the systems."),
    "demo": ("demo", "Plan, apply and repair a sample, locally."),
    "completion": ("completion", "Print a shell's completion script."),
}
"""Each command: the module that holds it, imported when it is called for, and what it does in a few words."""


class Commands(click.Group):
    """A group whose commands are imported only when one of them is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, does = COMMANDS[cmd_name]
        found = import_module(f"reconciler.cli.{module}").command
        if not isinstance(found, click.Command):
            return None
        found.short_help = does
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """As click does it, but without importing each of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, does) for name, (_, does) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from reconciler.load.nearest import did_you_mean

            known = f"known: {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command '{args[0]}'; {did_you_mean(args[0], COMMANDS, known)}", ctx)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's
    if value:
        from reconciler.version import __version__

        say(f"reconciler {__version__}\n")
        ctx.exit()


@click.group(
    cls=Commands,
    no_args_is_help=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=exit_codes.explained(*exit_codes.MEANINGS),
)
@click.option(
    "--debug", is_flag=True, help="Show where an error came from; secrets are masked. May stand anywhere."
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="The version.")
@click.pass_context
def app(ctx: click.Context, debug: bool) -> None:  # noqa: ARG001 - `run` reads --debug itself
    """Make SaaS systems look as the manifests say, in the fewest API calls.

    Start with `reconciler init DIR`, then read its README.
    """
    if ctx.invoked_subcommand is None:
        say(ctx.get_help() + "\n")


def run(args: Sequence[str]) -> int:
    """Run one command. Returns its exit code; raises nothing."""
    tolerant()
    words = [word for word in args if word != "--debug"]
    debug = len(words) < len(args)
    try:
        found = app.main(words, prog_name="reconciler", standalone_mode=False)
    except click.exceptions.Abort:
        return _interrupted()
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if isinstance(context, click.Context) else "reconciler"
        from reconciler.cli import ending

        ending.misused(error, f"{path} --help")
        return exit_codes.USAGE
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:  # noqa: BLE001 - the last one who can say what happened
        from reconciler.cli import ending

        return ending.failed(error, debug=debug)
    return found if isinstance(found, int) else exit_codes.FINE


def _interrupted() -> int:
    say("\ninterrupted\n", sys.stderr)
    return exit_codes.INTERRUPTED
