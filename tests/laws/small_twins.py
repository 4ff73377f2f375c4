"""A twin as a value: what it remembers before and after a call, whatever the ids of what is new, and how far that
is from a goal. Nothing is served: a call is performed on a copy of the state, whose records are shared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, NamedTuple

from reconciler.twins import Twin
from reconciler.twins.core.state import State
from reconciler.twins.core.values import Answer, Request, encode

TIMES = frozenset(
    {"created_at", "updated_at", "last_modified", "created", "modified", "edited", "values_modified"}
)
"""What says when a thing was written says nothing of the thing."""
ORDERED = frozenset({"filter_order", "controls", "attributes"})
"""All other lists are compared as sets; those of a person's attributes in order (OA-R52)."""
IDS = ("id", "tid", "uuid", "identifier")
Key = frozenset[tuple[str, str, str]]
"""Collection, id, record: of all that is not as it was at the start; a record that is gone is empty."""


class Sent(NamedTuple):
    """One call: `path` below the base path, with its query; `content` as it goes over the line."""

    method: str
    path: str
    content: bytes = b""
    media: str = "application/json"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.content.decode(errors='replace')}"


def sent(method: str, path: str, body: Any = None) -> Sent:
    return Sent(method, path, b"" if body is None else encode(body))


@dataclass(frozen=True, slots=True)
class Node:
    """A state, and the numbers that the next ids come from."""

    state: State
    counters: Mapping[str, int]

    def table(self, collection: str) -> dict[str, Any]:
        """The records of a collection by id."""
        return next(t for kind, t in self.state._tables.items() if kind.collection == collection)


@dataclass(slots=True)
class Board:
    """A twin whose states are compared with the one it begins in."""

    twin: Twin
    start: Node
    performed: int = 0
    _texts: dict[int, tuple[Any, str]] = field(default_factory=dict)

    def node(self) -> Node:
        return Node(self.twin.state.copy(), self.twin.counters.dump())

    def after(self, node: Node, call: Sent) -> tuple[Node, Answer]:
        """The state after a call, and what is answered."""
        twin, self.performed = self.twin, self.performed + 1
        twin.state = node.state.copy()
        twin.counters.load(dict(node.counters))
        path, _, query = call.path.partition("?")
        headers = {name.lower(): value for name, value in twin.default_headers.items()}
        headers |= {"content-type": call.media} if call.content else {}
        answer = twin.perform(Request(call.method, twin.base_path + path, query, headers, call.content))
        return Node(twin.state, twin.counters.dump()), answer

    def changes(self, node: Node) -> dict[tuple[str, str], str]:
        """What is not as it was, ids of new things as they are."""
        found: dict[tuple[str, str], str] = {}
        for kind, table in node.state._tables.items():
            before = self.start.state._tables[kind]
            for own, record in table.items():
                if before.get(own) is not record:
                    text = self.text(record)
                    if own not in before or text != self.text(before[own]):
                        found[kind.collection, own] = text
            found.update({(kind.collection, own): "" for own in before.keys() - table.keys()})
        return found

    def text(self, record: Any) -> str:
        known = self._texts.get(id(record))
        if known is None or known[0] is not record:
            values = {f.name: getattr(record, f.name) for f in fields(record) if f.name not in TIMES}
            shown = {name: _flat(value, sort=name not in ORDERED) for name, value in values.items()}
            known = self._texts[id(record)] = (record, repr(shown))
        return known[1]

    def key(self, node: Node) -> Key:
        """The same for two states that differ in the ids of what is new alone."""
        found = self.changes(node)
        ids = self._new(node)
        if not ids:
            return frozenset((c, own, text) for (c, own), text in found.items())
        blank = _renamed(dict.fromkeys(chain.from_iterable(ids), "~"))
        texts = {own: f"{c} {blank(text)}" for (c, own), text in found.items()}
        rank = sorted(ids, key=lambda names: texts[names[0]])
        named = _renamed({name: f"~{n}" for n, names in enumerate(rank) for name in names})
        return frozenset((c, named(own), named(text)) for (c, own), text in found.items())

    def _new(self, node: Node) -> list[tuple[str, ...]]:
        """Of each new thing the key in its table, and whatever else it is called by the server alone."""
        found = []
        for kind, table in node.state._tables.items():
            for own in table.keys() - self.start.state._tables[kind].keys():
                others = [getattr(table[own], name, None) for name in IDS]
                if own in others:
                    found.append((own, *(o for o in others if isinstance(o, str) and o != own)))
        return found


def _flat(value: Any, *, sort: bool = True) -> Any:
    """Without order: names sorted, and lists too, since most of them are sets. `sort` False: lists as they are."""
    if isinstance(value, Mapping):
        return sorted((k, _flat(v, sort=sort)) for k, v in value.items() if k not in TIMES)
    if isinstance(value, list | tuple | set | frozenset):
        found = [_flat(v, sort=sort) for v in value]
        return sorted(found, key=repr) if sort or isinstance(value, set | frozenset) else found
    return value


def _renamed(to: Mapping[str, str]) -> Callable[[str], str]:
    found = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, to)) + r")(?![\w-])")
    return lambda text: found.sub(lambda m: to[m[1]], text)


@contextmanager
def heard(twin: Twin) -> Iterator[list[tuple[Request, Answer]]]:
    """Every request that the twin performs while the block lasts, with its answer."""
    found: list[tuple[Request, Answer]] = []
    perform = twin.perform

    def listening(request: Request) -> Answer:
        answer = perform(request)
        found.append((request, answer))
        return answer

    twin.perform = listening  # type: ignore[method-assign]
    try:
        yield found
    finally:
        twin.perform = perform  # type: ignore[method-assign]
