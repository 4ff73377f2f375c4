"""Options that several commands share, gathered into one value."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from reconciler.workflow import Options

Command = TypeVar("Command", bound=Callable[..., object])

PROJECT = click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    help="The project's folder; else the nearest one upwards that holds a reconciler.yaml.",
)
FILES = (
    PROJECT,
    click.option("-e", "--environment", help="Which environment's variables apply."),
    click.option(
        "--var", "variables", multiple=True, metavar="NAME=VALUE", help="A variable's value; repeatable."
    ),
)
SELECTION = (
    click.option(
        "--only",
        multiple=True,
        metavar="PATTERN",
        help="Only these: target/Kind/name with *, kind:Label, label:team=x, path:manifests/x/*; repeatable.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Not these; patterns as for --only, or field:Folder.permissions for one field.",
    ),
    click.option("--changed-since", metavar="REV", help="Only documents that changed since this git revision."),
)
READING = (
    click.option(
        "--expect-missing",
        multiple=True,
        metavar="TARGET/KIND",
        help="Recorded things of this kind really are gone; do not take it for a wrong tenant. Repeatable.",
    ),
    click.option(
        "--expect-moved",
        multiple=True,
        metavar="TARGET",
        help="This target is at another URL than before, with all its ids; do not take it for a wrong tenant.",
    ),
    click.option(
        "--ephemeral-ledger", "ephemeral", is_flag=True, help="Work with a ledger that ends with the run."
    ),
)


def with_options(
    *groups: Sequence[Callable[[Command], Command]],
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command these options; it receives them as one `Options` value, its first argument."""

    def decorated(command: Callable[..., int]) -> Callable[..., int]:
        @functools.wraps(command)
        def called(
            project: Path | None = None,
            environment: str | None = None,
            variables: tuple[str, ...] = (),
            only: tuple[str, ...] = (),
            exclude: tuple[str, ...] = (),
            changed_since: str | None = None,
            expect_missing: tuple[str, ...] = (),
            expect_moved: tuple[str, ...] = (),
            ephemeral: bool = False,
            **words: object,
        ) -> int:
            from reconciler.workflow import Options

            values = dict(_pair(text) for text in variables)
            options = Options(
                project,
                environment,
                values,
                only,
                exclude,
                changed_since,
                expect_missing,
                expect_moved,
                ephemeral,
            )
            return command(options, **words)

        found: Callable[..., int] = called
        for option in reversed([option for group in groups for option in group]):
            found = option(found)
        return found

    return decorated


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageWrong(f"--var {text}: there is no value", hint="write --var NAME=VALUE")
    return name, value


def apply_command(options: Options, saved: Path | None) -> str:
    """The command that carries out a plan made with these options; `saved`: the file it is in."""
    words = ["reconciler", "apply", *([str(saved)] if saved else [])]
    words += ["--project", str(options.project)] if options.project else []
    words += ["--environment", options.environment] if options.environment else []
    for name, value in options.variables.items():
        words += ["--var", f"{name}={value}"]
    if saved is None:
        for pattern in options.only:
            words += ["--only", pattern]
        for pattern in options.exclude:
            words += ["--exclude", pattern]
        words += ["--changed-since", options.changed_since] if options.changed_since else []
    for kind in options.expect_missing:
        words += ["--expect-missing", kind]
    for target in options.expect_moved:
        words += ["--expect-moved", target]
    words += ["--ephemeral-ledger"] if options.ephemeral else []
    return shlex.join(words)


def output_option(*formats: str) -> Callable[[Command], Command]:
    """`--output`, the first format being the default."""
    return click.option(
        "--output",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How the result is written to standard output.",
    )


PROGRESS = click.option(
    "--progress", type=click.Choice(["auto", "json", "none"]), default="auto", help="Progress on standard error."
)
CALLS = click.option("--calls", is_flag=True, help="Show every request with its body, in order.")
SUMMARY = click.option("--summary", is_flag=True, help="Only a table by kind, destroys, access changes and holds.")
DETAILED = click.option(
    "--detailed-exitcode", "detailed", is_flag=True, help="End with 2 instead of 0 where changes are pending."
)
