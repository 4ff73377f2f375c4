"""What is asked thing by thing besides the list, and the least that must be read again of a few things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, Missing, canonical, same
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.normalise import normal
from reconciler.model.record import Record, replace
from reconciler.model.recorded import Bond


def details(
    kind: Kind, documents: Sequence[Document], bonds: Sequence[Bond], others: Mapping[str, Collection]
) -> tuple[JsonObject, ...]:
    """One entry `{key, scope, id, fields}` per document that declares a field which only a single read shows
    (`x-rest.read.when`). `id`: pinned or recorded, else None; `scope`: references as ids where they are known."""
    recorded = {b.address: b.id for b in bonds}
    declaring = ((d, [name for name in kind.rest.when if name in d.spec]) for d in documents)
    return tuple(
        {
            "key": normal(kind.key_field, document.spec.get(kind.key)),
            "scope": [_scope_value(kind, name, document, others) for name in kind.scope],
            "id": document.pinned_id or recorded.get(document.address),
            "fields": list[Json](declared),
        }
        for document, declared in declaring
        if declared
    )


def _scope_value(kind: Kind, name: str, document: Document, others: Mapping[str, Collection]) -> Json:
    """None where a reference leads to nothing that was read: then the scope tells nothing apart."""
    field, value = kind.fields[name], document.spec.get(name)
    if field.ref is None:
        return normal(field, value)
    there = others.get(field.ref)
    return there.names.get(str(value)) if there else None


class Asked(Record, frozen=True):
    """The details of a demand, by the ids and by the keys they name."""

    ids: frozenset[str]
    keys: Mapping[str, Sequence[Json]]

    @classmethod
    def by(cls, details: Sequence[JsonObject]) -> Asked:
        keys: dict[str, list[Json]] = {}
        for detail in details:
            keys.setdefault(canonical(detail.get("key")), []).append(detail.get("scope"))
        return cls(frozenset(i for d in details if isinstance(i := d.get("id"), str)), keys)

    def about(self, kind: Kind, remote_id: str, key: Json | Missing, scope: Sequence[Json]) -> bool:
        """Whether one of them asks about this live thing: by its id, else by its key and scope."""
        if remote_id in self.ids:
            return True
        scopes = () if isinstance(key, Missing) else self.keys.get(canonical(normal(kind.key_field, key)), ())
        own = [normal(kind.fields[name], value) for name, value in zip(kind.scope, scope, strict=True)]
        return any(not _apart(wanted, own) for wanted in scopes)


def _apart(wanted: Json, own: Sequence[Json]) -> bool:
    pairs = zip(wanted, own, strict=False) if isinstance(wanted, list) else ()
    return any(a is not None and b is not None and not same(a, b) for a, b in pairs)


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:
    """The list again, if anything but these things matters (`pages` 0); besides it, or in its place, the things
    themselves as far as the list does not show all of them, or may be late (`x-rest.read`). What was narrowed may
    be narrowed again."""
    wanted = tuple(sorted(set(ids)))
    if not kind.findable:
        return replace(demand, ids=wanted, fresh=wanted, singly=True)
    if kind.rest.read is None or not (kind.rest.fresh or demand.details):
        return demand
    details = tuple(d for d in demand.details if d.get("id") in (None, *wanted))
    singled = wanted if kind.rest.fresh else tuple(i for i in wanted if _may_ask(details, i))
    singly = pages > 0 and len(wanted) > 0 and singled == wanted
    known = tuple(i for i in demand.ids if i in wanted) if singly else demand.ids
    return replace(demand, details=details, fresh=singled, singly=singly, ids=known)


def _may_ask(details: Sequence[JsonObject], remote_id: str) -> bool:
    """A detail that names no id may ask about any thing."""
    return any(detail.get("id") in (None, remote_id) for detail in details)
