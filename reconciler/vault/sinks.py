"""The sinks of one run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json
from reconciler.vault import command, file

WORDS = ("toFile", "toKeyring", "toCommand")


def unheard(value: str) -> None:
    """Nobody has to know."""


class Vault:
    """Sinks named as `{toFile: path}`, `{toKeyring: name}` or `{toCommand: name}`.

    `root`: the project's folder. `folders`: absolute folders outside it that the operator allows. `commands`: name
    -> words of a command, the operator's too. `withheld`: environment names that no command gets. `met` hears of
    each value before anything else does. One file takes one value per run: a second would cover the first.
    """

    def __init__(
        self,
        root: Path,
        *,
        folders: Sequence[str] = (),
        commands: Mapping[str, Sequence[str]] | None = None,
        withheld: Collection[str] = (),
        met: Callable[[str], None] = unheard,
    ) -> None:
        self._withheld, self._met = withheld, met
        self._root, self._folders, self._commands = root, [Path(f) for f in folders], commands or {}
        self._taken: set[Path] = set()

    def prove(self, to: Mapping[str, Json]) -> None:
        """A value can be put there. Raises GuardRefused, with a way out."""
        word, name = _said(to)
        if word == "toFile":
            path = file.place(self._root, name, self._folders)
            if path in self._taken:
                text = f"the sink {path} takes another value in this run"
                raise GuardRefused(text, hint="name one file per value")
            file.prove(path)
            self._taken.add(path)
        else:
            command.prove(name, self._command(word, name))

    def look(self, to: Mapping[str, Json]) -> None:
        """A value could be put there, as far as looking tells: nothing is made. Raises GuardRefused."""
        word, name = _said(to)
        if word == "toFile":
            file.look(file.place(self._root, name, self._folders))
        else:
            command.prove(name, self._command(word, name))

    def put(self, to: Mapping[str, Json], value: str) -> None:
        """The value is there, durably, when this returns. Raises GuardRefused, with no part of the value."""
        self._met(value)
        word, name = _said(to)
        if word == "toFile":
            file.put(file.place(self._root, name, self._folders), value)
        else:
            command.put(name, self._command(word, name), value, self._withheld)

    def _command(self, word: str, name: str) -> Sequence[str]:
        if word != "toCommand":
            raise GuardRefused(f"{word} is not served by this version", hint="use toFile or toCommand")
        if name not in self._commands:
            hint = f"add `commands: {{{name}: [words]}}` to the file that RECONCILER_CONFIG names"
            raise GuardRefused(f"the operator has named no command '{name[:100]}'", hint=hint)
        return self._commands[name]


def _said(to: Mapping[str, Json]) -> tuple[str, str]:
    """The one sink that is named, and its name."""
    found = [(word, name) for word in WORDS if isinstance(name := to.get(word), str)]
    if len(found) != 1 or len(to) != 1:
        raise GuardRefused("a sink is one of {toFile: path}, {toKeyring: name}, {toCommand: name}")
    return found[0]
