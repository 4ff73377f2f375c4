"""The three collections as the list had them, for what is sent back around a write (OC-R68, OC-R69)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Resource
from reconciler.providers.omn_core import domain
from reconciler.providers.omn_core.class_kept import LABELS, live_labels
from reconciler.providers.omn_core.class_list import FLAGS, Node, Tree
from reconciler.providers.omn_core.class_pieces import ATTRIBUTE, CLASS, NODE, chain


def tree_of(live: Mapping[str, Collection]) -> Tree:
    """The three collections as the list has them, as far as anything of it is sent back."""
    classes = {r.id: live_labels(r.fields.get(LABELS)) for r in live[CLASS].resources}
    attributes: dict[str, dict[str, JsonObject]] = {}
    for one in live[ATTRIBUTE].resources:
        attributes.setdefault(str(one.fields["nodeId"]), {})[str(one.key)] = _record(one)
    nodes = {
        r.id: Node(r.id, chain(r.key), r.parent, live_labels(r.fields.get(LABELS)), attributes.get(r.id, {}))
        for r in live[NODE].resources
    }
    return Tree(classes, nodes, {n.chain: n for n in nodes.values()})


def _record(one: Resource) -> JsonObject:
    """An attribute as the list has it."""
    flags: JsonObject = {n: _flag(one.fields[n]) for n in FLAGS if n in one.fields}
    held = domain.wire(one.fields.get("domain"), full=False)
    return {"key": one.key, **flags, **({"domainVals": held} if held else {})}


def _flag(value: Json) -> Json:
    return ("true" if value else "false") if isinstance(value, bool) else value
