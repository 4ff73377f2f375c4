"""The live things of one collection, by id and by normal key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.normalise import normal
from reconciler.model.record import Record, field


def key_text(kind: Kind, key: Json, scope: Sequence[Json] = ()) -> str:
    """One text per key, in normal form, in its scope."""
    field = kind.fields[kind.key]
    text = canonical(normal(field, key) if field.normalise else key)
    return f"{canonical(list(scope))}{text}" if kind.scope else text


def same_key(kind: Kind, a: Json, b: Json) -> bool:
    """Whether two keys are one, in one scope."""
    return (type(a) is str and type(b) is str and a == b) or key_text(kind, a) == key_text(kind, b)


def _last_name(kind: Kind, key: Json) -> str:
    chain = normal(kind.key_field, key)
    return canonical(chain[-1] if isinstance(chain, list) and chain else chain)


def _chain(key: Json) -> list[Json]:
    return key if isinstance(key, list) else [key]


def _depth(resource: Resource) -> int:
    return len(_chain(resource.key))


class Shelf(Record):
    """One collection, looked up in constant time. `chains`: in a tree, the chains of names of the things whose
    own or whose ancestors' place is about to change, as they will be."""

    kind: Kind
    collection: Collection
    by_id: dict[str, Resource] = field(default_factory=dict)
    by_key: dict[str, list[Resource]] = field(default_factory=dict)
    by_live_key: dict[str, list[Resource]] = field(default_factory=dict)
    by_last_name: dict[str, list[Resource]] = field(default_factory=dict)
    chains: dict[str, Json] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        kind, findable = self.kind, self.kind.findable
        for resource in self.collection.resources:
            self.by_id[resource.id] = resource
            if findable:
                text = key_text(kind, resource.key, resource.scope)
                self.by_live_key.setdefault(text, []).append(resource)
            if not resource.placed:
                self.by_last_name.setdefault(_last_name(kind, resource.key), []).append(resource)
        self.by_key = self.by_live_key

    def _text(self, key: Json, scope: Sequence[Json]) -> str:
        return key_text(self.kind, key, scope)

    def keyed(self, key: Json, scope: Sequence[Json] = ()) -> list[Resource]:
        """The things with this key, where they will be once what is above them in a tree has moved."""
        return self.by_key.get(self._text(key, scope), [])

    def live(self, key: Json, scope: Sequence[Json] = ()) -> list[Resource]:
        """The things with this key as it is live."""
        return self.by_live_key.get(self._text(key, scope), [])

    def formerly(self, key: Json, scope: Sequence[Json] = ()) -> list[Resource]:
        """The things with this key as it is live, else as it will be once what is above has moved."""
        return self.live(key, scope) or self.keyed(key, scope)

    def key(self, resource: Resource) -> Json:
        """The thing's key, once what is above it has moved."""
        return self.chains.get(resource.id, resource.key)

    def move(self, places: Mapping[str, Json]) -> None:
        """In a tree: these things will have these chains of names, and what is beneath them goes along."""
        self.chains |= places
        self.moved |= places.keys()
        for resource in sorted(self.collection.resources, key=_depth):
            above = self.by_id.get(resource.parent or "")
            if resource.id not in self.moved and above is not None and above.id in self.chains:
                self.chains[resource.id] = [*_chain(self.chains[above.id]), *_chain(resource.key)[-1:]]
        self.by_key = {}
        for resource in self.collection.resources:
            self.by_key.setdefault(self._text(self.key(resource), resource.scope), []).append(resource)

    def unplaced(self, key: Json) -> list[Resource]:
        """The things of the same last name whose place in the tree is not known."""
        return self.by_last_name.get(_last_name(self.kind, key), []) if self.by_last_name else []

    def recorded(self, remote_id: str) -> Resource | None:
        """A recorded id; where the id is the name itself, its spelling may have changed."""
        found = self.by_id.get(remote_id)
        if found is None and self.kind.rest.id == self.kind.key_field.wire:
            found = next(iter(self.keyed(remote_id)), None)
        return found
