"""`reconciler twin serve`: local stand-ins for a project's systems, to plan and apply against."""

from __future__ import annotations

import errno
import json
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, INVALID, USAGE, explained
from reconciler.cli.options import PROJECT
from reconciler.cli.output import say
from reconciler.cli.twin_access import Served, introduce, refuse_second, withdraw
from reconciler.model.document import Target
from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from reconciler.twins import Twin

PORTS = range(8700, 8800)
TRIES = 5
"""So often free ports are looked for anew where somebody took one meanwhile."""
SEVERAL_ORGANISATIONS = "ST-P14"


@click.group("twin", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Local twins of the systems: real HTTP on this machine, with state, no account and no network."""
    if ctx.invoked_subcommand is None:
        say(ctx.get_help() + "\n")


@command.command(
    "serve", short_help="Serve one twin per target of the project.", epilog=explained(FINE, INVALID, USAGE)
)
@PROJECT
@click.option("--provider", help="Serve one twin of this provider, without a project.")
@click.option(
    "--port", "ports", type=click.IntRange(1, 65535), multiple=True, help="Ports, in order; else free ones."
)
@click.option("--profile", type=click.Choice(["plain", "adversarial"]), default="plain", show_default=True)
@click.option("--seed/--empty", default=True, show_default=True, help="Begin with a small world, or with nothing.")
@click.option(
    "--large", is_flag=True, help="Begin with the organisation that `manifests/` of the sources declares."
)
def serve(
    project: Path | None,
    provider: str | None,
    ports: tuple[int, ...],
    profile: str,
    seed: bool,
    large: bool,
) -> int:
    """Serve one twin per target of the project until Ctrl-C; what they hold is kept in memory only.

    Writes an operator's file and the twins' keys below .reconciler/twins of the project, and prints the line that
    makes plan and apply go there; the operator's file goes away with the twins. `adversarial` answers every open
    question about an API in the hardest way.
    """
    from reconciler.twins import serve as serve_twins

    if large and not seed:
        raise UsageWrong("--empty begins with nothing, --large with much", hint="give one of the two")
    world = "large" if large else "small" if seed else ""
    if provider is not None:
        root, targets = None, [Target(provider, provider)]
        twins = {provider: _twin(provider, profile, world)}
    else:
        root, targets = _project(project)
        refuse_second(root)
        twins = {t.name: _of_target(t, profile, world) for t in targets}
    served: list[str] = []

    def ready(urls: list[str]) -> None:
        served.extend(urls)
        introduce([Served(t, twins[t.name], url) for t, url in zip(targets, urls, strict=True)], root)

    def begin(left: int = TRIES) -> None:
        try:
            serve_twins(list(twins.values()), ports=_ports(len(twins), ports), ready=ready)
        except OSError as error:
            if served or not left or error.errno != errno.EADDRINUSE:
                raise UsageWrong(
                    f"a port cannot be had: {error.strerror}", hint="give others with --port"
                ) from error
            begin(left - 1)  # somebody else took a free one just before us

    try:
        begin()
    finally:
        if root is not None:
            withdraw(root, served)
    say("stopped; what the twins held is gone\n")
    return FINE


def _project(folder: Path | None) -> tuple[Path, list[Target]]:
    """The project's folder and targets. Raises UsageWrong, ManifestInvalid."""
    from reconciler.workflow import Options, catalog
    from reconciler.workflow.setup import project_of

    found = project_of(Options(project=folder), catalog())
    return found.root.resolve(), list(found.targets.values())


def _of_target(target: Target, profile: str, world: str) -> Twin:
    """The twin of a target; it has the organisation that the project names, or just one if the project says so."""
    plain = [SEVERAL_ORGANISATIONS] if target.settings.get("singleOrganisation") is True else []
    twin = _twin(target.provider, profile, world, plain)
    wanted, own = target.settings.get("organisation"), getattr(twin, "org_id", None)
    if isinstance(wanted, str) and isinstance(own, str):
        state = json.dumps(twin.dump()).replace(json.dumps(own), json.dumps(wanted))
        twin.load(json.loads(state))
    return twin


def _twin(provider: str, profile: str, world: str, plain: Sequence[str] = ()) -> Twin:
    """A twin with its world (`small`, `large`, or none); `plain`: questions that get their benign reading. Raises
    UsageWrong."""
    from reconciler.load.nearest import did_you_mean
    from reconciler.twins import TWINS

    if provider not in TWINS:
        hint = did_you_mean(provider, TWINS, f"known: {', '.join(TWINS)}")
        raise UsageWrong(f"there is no twin of '{provider}'", hint=hint)
    twin = TWINS[provider](profile, knobs=dict.fromkeys(plain, "plain"))
    if world == "large":
        twin.seed_organisation()
    elif world:
        twin.seed_world()
    return twin


def _ports(count: int, given: Sequence[int]) -> list[int]:
    """The given ports, then the first free ones of our range. Raises UsageWrong: too many, too few."""
    if len(given) > count:
        raise UsageWrong(f"{len(given)} ports for {count} twins", hint="give at most one --port per twin")
    free = (port for port in PORTS if port not in given and _is_free(port))
    found = [*given, *(port for port, _ in zip(free, range(count - len(given)), strict=False))]
    if len(found) < count:
        raise UsageWrong(f"no free port from {PORTS[0]} to {PORTS[-1]}", hint="name ports with --port")
    return found


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
