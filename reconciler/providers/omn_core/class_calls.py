"""The requests of classifications, nodes and attributes: deletes of what is made anew, all that is written,
deletes (OC-R66 to OC-R77)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Value
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import Record, replace
from reconciler.providers.omn_core.batch import batch_size, batches
from reconciler.providers.omn_core.carrying import carrier
from reconciler.providers.omn_core.class_answers import OF, PERSIST
from reconciler.providers.omn_core.class_around import AROUND, AT
from reconciler.providers.omn_core.class_kept import LABELS, live_labels, wanted_labels
from reconciler.providers.omn_core.class_list import Chain, name_of, path_of
from reconciler.providers.omn_core.class_pieces import (
    ANEW,
    ATTRIBUTE,
    CLASS,
    NODE,
    at,
    creates,
    doomed_ones,
    early,
    freed,
    live_at,
    rooting,
    split,
    units,
)
from reconciler.providers.omn_core.classes_body import GOES_WITH, TREE
from reconciler.providers.omn_core.node_attribute_body import attribute_body, attribute_fields, comes_back

PERFORM: Final = {CLASS: "/pim/classes/perform", NODE: "/pim/nodes/perform", ATTRIBUTE: "/pim/attributes/perform"}
WORDS: Final = {CLASS: "classification", NODE: "classNode", ATTRIBUTE: "attribute"}


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """What is made anew, or is in the way of what is, goes first; then everything is persisted, batch after batch;
    then the rest goes."""
    going = doomed_ones(changes)
    makers = {at(c): c for c in changes if _makes_node(c)}
    writer = _Writer(kind, batch_size(changes), makers, going.along, early(changes), freed(changes))
    return list(writer.calls(changes, (going.attributes, going.nodes, going.classes)))


def _makes_node(change: Change) -> bool:
    """Whether a node comes about by it."""
    return rooting(change) or (change.address.kind == NODE and creates(change))


class _Writer(Record):
    """`makers`: chain -> what makes that node; `along`: address -> what goes with the delete of its thing;
    `early`: what goes before anything is written; `freed`: what is made -> what stands there before."""

    kind: Kind
    most: int
    makers: dict[Chain, Change]
    along: dict[str, list[Change]]
    early: frozenset[Address]
    freed: dict[Address, Address]
    count: int = 0

    def calls(self, changes: Sequence[Change], going: Sequence[list[Change]]) -> Iterator[Call]:
        anew, gone = zip(*(split(some, self.early) for some in going), strict=True)
        yield from self._deletes(anew)
        yield from self._persists(changes)
        yield from self._deletes(gone)

    # What is written.

    def _persists(self, changes: Sequence[Change]) -> Iterator[Call]:
        done: dict[str, Change] = {}
        for some in batches(units(changes), self.most):
            inside = [c for unit in some for c in unit.changes]
            carrier = self._carrier(PERSIST, inside[0], "persist")
            yield replace(carrier, body=self._tree(carrier.id, inside, done))
            for change in inside:
                own = self._rider(change, carrier)
                before = done.get(own.args[OF]) if isinstance(own.args[OF], str) else None
                yield replace(own, after=own.after | {_id(before)}) if before is not None else own
            done |= {str(c.key): c for c in inside if c.address.kind == CLASS}

    def _tree(self, carrier: str, inside: Sequence[Change], done: dict[str, Change]) -> JsonObject:
        """What is sent back around the riders: each live node they write to, and its classification; that as it is
        after an earlier request, where it was in one."""
        classes: dict[str, Json] = {}
        nodes: dict[Chain, Json] = {}
        for change in inside:
            where, known = at(change), change.beside
            now = _written_class(done[where[0]]) if where[0] in done else known.get("class")
            if now is not None:
                classes.setdefault(where[0], now)
            if known.get("node") is not None:
                nodes.setdefault(where, known["node"])
        live: JsonObject = {"classes": [*classes.values()]} if classes else {}
        live |= {"nodes": [*nodes.values()]} if nodes else {}
        return {TREE: {**({"live": live} if live else {}), "entries": [{"$riders": carrier}]}}

    def _rider(self, change: Change, carrier: Call) -> Call:
        where, new = at(change), creates(change)
        common = replace(self._common(change, carrier, "create" if new else "update"), args=_args(change))
        after = {f"{change.address}#delete"} if change.verb is ANEW else set[str]()
        after |= {f"{self.freed[change.address]}#delete"} if change.address in self.freed else set()
        maker = self.makers.get(where if change.address.kind == ATTRIBUTE else where[:-1])
        after |= {_id(maker)} if maker is not None and maker.address != change.address else set()
        common = replace(
            common,
            phase=Phase.CREATE if new else Phase.UPDATE,
            after=frozenset(after),
            live_id=None if new or change.live is None else change.live.id,
            summary=f"{'create' if new else 'update'} {change.address.kind} {_called(change)}",
        )
        key, scope = (change.key, change.scope) if new else (None, ())
        if change.address.kind == ATTRIBUTE:
            fields = attribute_fields(change)
            return replace(common, body=attribute_body(change), effect=Effect(key, fields=fields, scope=scope))
        fields = {"rooted": True} if rooting(change) else {}
        return replace(
            common,
            body=_body(change),
            effect=_with_labels(Effect(key, fields=fields), change),
            clobbers=() if new else (LABELS,),
        )

    # What goes.

    def _deletes(self, going: Sequence[Sequence[Change]]) -> Iterator[Call]:
        for kinds in going:
            for some in batches(kinds, self.most):
                own = some[0].address.kind
                carrier = self._carrier(PERFORM[own], some[0], "delete")
                yield carrier
                for change in some:
                    yield self._delete(change, carrier)
                    yield from (
                        self._goes_with(c, change, carrier) for c in self.along.get(str(change.address), ())
                    )

    def _delete(self, change: Change, carrier: Call) -> Call:
        own = change.address.kind
        live = change.live
        named: JsonObject = {"tid": live.id} if live and own == CLASS else {}
        if live is not None and own != CLASS:
            named = {"id": live.fields.get("attributeId") if own == ATTRIBUTE else live.id}
        return replace(
            self._gone(change, carrier), body={"dataType": WORDS[own], **named, "type": "delete"}, args=dict(named)
        )

    def _goes_with(self, change: Change, owner: Change, carrier: Call) -> Call:
        """No action of its own: it is gone with what it stands in (OC-R76, OC-R77)."""
        of = owner.live.id if owner.live else ""
        return replace(
            self._gone(change, carrier),
            body={GOES_WITH: path_of(live_at(owner))},
            args={OF: of},
            after=frozenset({f"{owner.address}#delete"}),
        )

    def _gone(self, change: Change, carrier: Call) -> Call:
        common = self._common(change, carrier, "delete")
        label = change.live.label if change.live else change.label
        return replace(
            common,
            phase=Phase.DELETE,
            verify=not (comes_back(change) or (change.address.kind == ATTRIBUTE and change.address in self.early)),
            live_id=change.live.id if change.live else None,
            effect=Effect(gone=True),
            summary=f"delete {change.address.kind} {label}",
        )

    # Both.

    def _common(self, change: Change, carrier: Call, word: str) -> Call:
        return Call(
            id=f"{change.address}#{word}",
            target=carrier.target,
            kind=change.address.kind,
            address=change.address,
            method="POST",
            path=carrier.path,
            phase=Phase.UPDATE,
            media=TREE,
            carrier=carrier.id,
            verify=True,
        )

    def _carrier(self, path: str, change: Change, word: str) -> Call:
        """One request for many, of whatever kind of the three."""
        self.count += 1
        what = f"{word} {'classifications' if path == PERSIST else f'{change.address.kind}s'}"
        one = carrier(self.kind, change.address.target, self.count, path, what, media=TREE)
        return replace(one, phase=Phase.UPDATE) if path == PERSIST else one


def _id(change: Change) -> str:
    return f"{change.address}#{'create' if creates(change) else 'update'}"


def _args(change: Change) -> JsonObject:
    """Whose answer speaks of it, and what must be as it was around it (OC-R69). Of a classification by itself its
    own labels say that."""
    where = at(change)
    found: JsonObject = {OF: where[0]}
    if change.address.kind != CLASS and "around" in change.beside:
        found |= {AT: path_of(where), AROUND: change.beside["around"]}
    return found


def _called(change: Change) -> str:
    """The thing as people know it."""
    where = spoken(list(at(change)))
    return f"{spoken(change.key)} at {where}" if change.address.kind == ATTRIBUTE else where


def _labels(change: Change) -> dict[str, str]:
    """All there are, the live ones overlaid with the declared (OC-R23)."""
    live = live_labels(change.live.fields.get(LABELS)) if change.live and change.verb is not ANEW else {}
    return {**live, **wanted_labels(change)}


def _body(change: Change) -> JsonObject:
    if change.address.kind == NODE:
        return {"node": path_of(at(change)), **name_of(_labels(change))}
    return {**_written_class(change, word="class"), **({"root": True} if rooting(change) else {})}


def _written_class(change: Change, word: str = "tid") -> JsonObject:
    return {word: str(change.key), **name_of(_labels(change))}


def _with_labels(effect: Effect, change: Change) -> Effect:
    """The declared labels, of all that are sent: what others have added is nobody's business."""
    present: tuple[tuple[Value, JsonObject], ...] = tuple(
        (locale, {"locale": locale, "text": text}) for locale, text in sorted(wanted_labels(change).items())
    )
    return replace(effect, set_field=LABELS, present=present) if present else effect
