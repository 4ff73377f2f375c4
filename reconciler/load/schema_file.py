"""A schema file being read: typed access to its words, and every problem with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, TypeVar

from reconciler.load.nearest import did_you_mean, listed
from reconciler.load.positions import Positions
from reconciler.model.json import Json, JsonObject
from reconciler.model.place import Problem, SpecPath
from reconciler.model.record import Record, field

_NAMES: Final[Mapping[type, str]] = {str: "text", bool: "true or false", dict: "a mapping", list: "a list"}
Texts: TypeAlias = "tuple[str, ...]"
_T = TypeVar("_T")


class SchemaFile(Record, frozen=True):
    """`problems` grows while the file is read; nothing read from a file with problems is used."""

    positions: Positions
    problems: list[Problem] = field(default_factory=list)

    def say(self, path: SpecPath, message: str, hint: str = "") -> None:
        where = ".".join(map(str, path))
        text = f"{where}: {message}" if where else message
        self.problems.append(Problem(self.positions.key(path), text, hint, rule="kind-schema"))

    def mapping(self, node: JsonObject, path: SpecPath, word: str) -> JsonObject:
        value = node.get(word, {})
        return value if isinstance(value, dict) else self._expected({}, (*path, word), dict)

    def text(self, node: JsonObject, path: SpecPath, word: str, default: str = "") -> str:
        value = node.get(word, default)
        return value if isinstance(value, str) else self._expected(default, (*path, word), str)

    def flag(self, node: JsonObject, path: SpecPath, word: str) -> bool:
        value = node.get(word, False)
        return value if isinstance(value, bool) else self._expected(default=False, path=(*path, word), wanted=bool)

    def texts(self, node: JsonObject, path: SpecPath, word: str) -> Texts:
        """A text or a list of texts."""
        value = node.get(word, [])
        items = value if isinstance(value, list) else [value]
        if all(isinstance(i, str) for i in items):
            return tuple(str(i) for i in items)
        return self._expected((), (*path, word), list)

    def texts_by_name(self, node: JsonObject, path: SpecPath, word: str) -> dict[str, str]:
        value = self.mapping(node, path, word)
        if all(isinstance(v, str) for v in value.values()):
            return {k: str(v) for k, v in value.items()}
        return self._expected({}, (*path, word), dict)

    def one_of(self, word: str, choices: Iterable[str], path: SpecPath) -> bool:
        names = list(choices)
        if word not in names:
            self.say(path, f"unknown '{word[:60]}'", did_you_mean(word, names, f"known: {listed(names, 20)}"))
        return word in names

    def only(self, node: Mapping[str, Json], path: SpecPath, known: Iterable[str]) -> None:
        """Every key of the node must be a known word."""
        names = list(known)
        for word in node:
            self.one_of(word, names, (*path, word))

    def _expected(self, default: _T, path: SpecPath, wanted: type) -> _T:
        self.say(path, f"expected {_NAMES[wanted]}")
        return default
