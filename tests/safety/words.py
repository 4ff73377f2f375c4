"""What a person can type, found out from the command line itself: a new command is tried like all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import click

from reconciler.cli.app import app

GIVEN: Mapping[str, Sequence[str]] = {
    "plan_file": ["plan.json"],
    "target": ["cms"],
    "targets": ["cms"],
    "address": ["cms/User/shop"],
    "old": ["cms/User/shop"],
    "new": ["cms/User/shopping"],
    "run": ["RUN"],
    "directory": ["made"],
    "shell": ["bash"],
    "what": ["User"],
    "who": ["*"],
}
"""Words for arguments and options by their names in the code; whatever is not here gets the word `something`."""
SPECIAL: Mapping[tuple[str, ...], Sequence[str]] = {("twin", "serve"): ["--provider", "nobody"]}
"""A command that would not end by itself."""
LONG = (("demo",),)
"""Commands that take seconds and live in a world of their own."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command that can be run: its words, and the words that may be added, one choice at a time."""

    path: tuple[str, ...]
    base: tuple[str, ...]
    more: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        return " ".join(self.path)


def leaves(group: click.Group = app, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every command, and every group by itself."""
    context = click.Context(group, info_name="reconciler")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        here = (*path, name)
        if isinstance(command, click.Group):
            yield _leaf(here, command)
            yield from leaves(command, here)
        else:
            yield _leaf(here, command)


def _leaf(path: tuple[str, ...], command: click.Command) -> Leaf:
    if path in SPECIAL:
        return Leaf(path, tuple(SPECIAL[path]))
    base: list[str] = []
    more: list[tuple[str, ...]] = []
    for one in command.params:
        words = GIVEN.get(one.name or "", ["something"])
        if isinstance(one, click.Argument):
            (base.extend(words) if one.required else more.append(tuple(words)))
        elif isinstance(one, click.Option):
            base += [one.opts[0], *words] if one.required else []
            base += ["--yes"] if "--yes" in one.opts else []
            more += _choices(one)
    return Leaf(path, tuple(base), tuple(more))


def _choices(option: click.Option) -> Iterator[tuple[str, ...]]:
    name = max(option.opts, key=len)
    if isinstance(option.type, click.Choice):
        yield from ((name, str(choice)) for choice in option.type.choices)
    elif option.is_flag and name not in ("--yes", "--help"):
        yield (name,)
    elif isinstance(option.type, click.Path) and {"-o", "--out"} & {*option.opts}:
        yield (name, "made.json")
