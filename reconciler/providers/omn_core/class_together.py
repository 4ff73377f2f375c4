"""What only all changes of classifications, nodes and attributes together tell, with everything that is live: what
a thing stands in, what stands in what goes, and what has to be sent back around what is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import Record, field, replace
from reconciler.providers.omn_core.class_kept import standing_labels
from reconciler.providers.omn_core.class_list import (
    Chain,
    Tree,
    attribute_of,
    looks,
    name_of,
    path_of,
)
from reconciler.providers.omn_core.class_parse import attribute_id
from reconciler.providers.omn_core.class_pieces import (
    ATTRIBUTE,
    CLASS,
    NODE,
    at,
    chain,
    creates,
    doomed,
    early,
    live_at,
    written,
)
from reconciler.providers.omn_core.class_standing import tree_of
from reconciler.providers.omn_core.classification_node import ADMIN

MOST: Final = 5
"""So many things are named; of the others is said how many they are."""
GUESSES: Final = 20
"""So many times the nearest path is looked for, which takes long among thousands."""
IN_IT: Final = "foreign-content"


def together(kind: Kind, changes: Sequence[Change], live: Mapping[str, Collection]) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """The changes with holds, with what each of them cannot do without, and with word for `calls`."""
    scene = Scene.of(changes, live)
    found = [scene.placed(change) for change in changes]
    return [scene.beside(scene.emptied(change)) for change in found]


class Scene(Record):
    """All that is live, and all changes by where they are to stand and by what they mean now. `seen`: see
    `classification_node`; `first`: what goes before anything is written."""

    nodes: Mapping[Chain, Resource]
    inside: Mapping[str, Sequence[Resource]]
    attributes: Mapping[Chain, Sequence[Resource]]
    coming: Mapping[tuple[str, Chain], Change]
    present: Mapping[tuple[str, str], Change]
    children: Mapping[str, Sequence[Resource]]
    tree: Tree
    seen: Mapping[str, Json]
    first: frozenset[Address]
    nodes_sent: dict[Chain, JsonObject] = field(default_factory=dict)
    classes_sent: dict[str, JsonObject] = field(default_factory=dict)
    guesses: int = GUESSES

    @classmethod
    def of(cls, changes: Sequence[Change], live: Mapping[str, Collection]) -> Scene:
        nodes = {chain(r.key): r for r in live[NODE].resources}
        inside: dict[str, list[Resource]] = {}
        attributes: dict[Chain, list[Resource]] = {}
        children: dict[str, list[Resource]] = {}
        for node in live[NODE].resources:
            children.setdefault(node.parent or "", []).append(node)
            if len(chain(node.key)) > 1:
                inside.setdefault(str(node.fields["classification"]), []).append(node)
        for one in live[ATTRIBUTE].resources:
            inside.setdefault(str(one.fields["classification"]), []).append(one)
            attributes.setdefault(chain(one.fields.get("node")), []).append(one)
        stays = [c for c in changes if c.verb is not Verb.DELETE and c.document is not None]
        coming = {(c.address.kind, at(c)): c for c in stays if c.address.kind != ATTRIBUTE}
        present = {(c.address.kind, c.live.id): c for c in changes if c.live is not None}
        return cls(
            nodes, inside, attributes, coming, present, children, tree_of(live), live[NODE].seen, early(changes)
        )

    # Where it is to stand.

    def placed(self, change: Change) -> Change:
        """With a hold where an attribute has no node to stand at (OC-R65); with what has to be made before it."""
        if not written(change) or change.address.kind == CLASS:
            return change
        where = at(change) if change.address.kind == ATTRIBUTE else at(change)[:-1]
        known = any(h.rule == "unresolved" for h in change.holds)
        if change.address.kind == ATTRIBUTE and not known and (hold := self._nowhere(change, where)) is not None:
            change = replace(change, holds=(*change.holds, hold))
        above = self._coming(where)
        missing = above is not None and (creates(above) or where not in self.nodes)
        needs = {above.address} if above is not None and missing else set[Address]()
        definition = change.wire.get("definition")
        if isinstance(definition, dict) and isinstance(made := definition.get("$id"), str):
            needs.add(Address.parse(made))
        return replace(change, needs=change.needs | needs) if needs else change

    def _coming(self, where: Chain) -> Change | None:
        return self.coming.get((CLASS if len(where) == 1 else NODE, where))

    def _nowhere(self, change: Change, where: Chain) -> Hold | None:
        """Its node is neither live nor declared, or is about to go."""
        place = change.document.at("spec", "node") if change.document else ""
        node, path = self.nodes.get(where), "/".join(where)
        going = self.present.get((NODE, node.id)) if node is not None else None
        anew = going is not None and going.verb is Verb.REPLACE and at(going) != where
        if going is not None and (going.verb is Verb.DELETE or anew):
            reason = f"{place}: the node '{path}' is about to be deleted ({going.address})"
            return Hold("unresolved", reason, "declare it again, or let go of this attribute, too", final=True)
        if node is not None or self._coming(where) is not None:
            return None
        if (by := change.aside.get("node")) is not None:
            reason = f"{place}: {by} is not live; it is declared, but left out by the selection"
            return Hold("unresolved", reason, f"select both: --only {change.address} --only {by}", final=True)
        near = self._near(path)
        more = f"; did you mean {' or '.join(near)}?" if near else ""
        reason = f"{place}: no node '{path}' is declared or live{more}"
        return Hold("unresolved", reason, "correct the path, or declare the node", final=True)

    def _near(self, path: str) -> list[str]:
        """The paths that it may have been meant to be; after so many misses nobody is helped by more."""
        self.guesses -= 1
        if self.guesses < 0:
            return []
        known = {"/".join(c) for c in self.nodes} | {"/".join(c) for _, c in self.coming}
        return get_close_matches(path, sorted(known), 3, 0.6)

    # What stands in what goes.

    def emptied(self, change: Change) -> Change:
        """With holds and notes about what would go along and is not to, or what the token may not do."""
        if not doomed(change) or change.live is None:
            return change
        staying = [r for r in self._in(change) if not self._goes(r)]
        names = _listed(staying)
        if staying and change.verb is Verb.REPLACE:
            reason = f"it would be deleted with what stands in it: {names}"
            way_out = "move or remove these first, or let it be as it is"
            change = replace(change, holds=(*change.holds, Hold(IN_IT, reason, way_out, final=True)))
        elif staying:
            change = replace(change, notes=(*change.notes, f"in it, and not to go: {names}"))
        return self._permitted(change)

    def _in(self, change: Change) -> Iterator[Resource]:
        """What a delete would take along, as far as a list tells."""
        where = live_at(change)
        if change.address.kind == CLASS:
            yield from self.inside.get(where[0], ())
        elif change.address.kind == NODE and change.live is not None:
            yield from self.attributes.get(where, ())
            yield from self.children.get(change.live.id, ())

    def _goes(self, one: Resource) -> bool:
        own = ATTRIBUTE if "definition" in one.fields else NODE
        change = self.present.get((own, one.id))
        return change is not None and doomed(change)

    def _permitted(self, change: Change) -> Change:
        """Nodes are deleted by administrators alone, unless their classification goes as a whole (OC-R75); and
        attributes by an id that is known."""
        own = self.present.get((CLASS, live_at(change)[0]))
        if own is not None and doomed(own):
            return change
        if change.address.kind == NODE and self.seen.get(ADMIN) is False:
            reason = "nodes are deleted with the admin role alone, which this token has not"
            return replace(
                change, holds=(*change.holds, Hold("no-admin", reason, "use an administrator's token", final=True))
            )
        if change.address.kind != ATTRIBUTE or change.live is None or "attributeId" in change.live.fields:
            return change
        node = self.nodes.get(live_at(change))
        if node is not None and self._goes(node):
            return change
        consents = change.document.lifecycle.allow if change.document else frozenset[str]()
        if change.verb is Verb.REPLACE and "replace" not in consents:  # the id is asked for with the consent alone
            holds = (replace(h, final=True) if h.rule == "replace" else h for h in change.holds)
            return replace(change, holds=tuple(holds))
        reason = "its id, which a delete needs, could not be told from those of others"
        return replace(change, holds=(*change.holds, Hold("no-id", reason, "delete it by hand", final=True)))

    # What is sent back around it.

    def beside(self, change: Change) -> Change:
        """With the live node that it writes to, complete, and the classification of that; and how these look
        now."""
        if not written(change):
            return change
        where = at(change)
        word: JsonObject = {"class": self._class(where[0]), "around": looks(self.tree, where)}
        if where in self.nodes and change.address.kind != CLASS and not self._goes(self.nodes[where]):
            word["node"] = self._node(where)
        return replace(change, beside=word)

    def _class(self, tid: str) -> Json:
        """None where it is not live."""
        if tid not in self.tree.classes:
            return None
        if tid not in self.classes_sent:
            labels = {**self.tree.classes[tid], **standing_labels(self.coming.get((CLASS, (tid,))))}
            self.classes_sent[tid] = {"tid": tid, **name_of(labels)}
        return self.classes_sent[tid]

    def _node(self, where: Chain) -> Json:
        """Without the attributes that are deleted before."""
        if where not in self.nodes_sent:
            node = self.tree.at[where]
            labels = {**node.labels, **standing_labels(self.coming.get((NODE, where)))}
            own = [attribute_of(a) for key, a in node.attributes.items() if not self._anew(node.id, key)]
            held: JsonObject = {"attr": list[Json](own)} if own else {}
            self.nodes_sent[where] = {"path": path_of(where), **name_of(labels), **held}
        return self.nodes_sent[where]

    def _anew(self, node: str, key: str) -> bool:
        change = self.present.get((ATTRIBUTE, attribute_id(node, key)))
        return change is not None and change.address in self.first


def _listed(some: Sequence[Resource]) -> str:
    """The first of them, and how many there are besides."""
    names = [r.label for r in some[:MOST]]
    more = [f"and {len(some) - MOST} more"] if len(some) > MOST else []
    return ", ".join([*names, *more])
