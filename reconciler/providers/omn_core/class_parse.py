"""What the one list shows, as things of each of the three kinds (OC-R60 to OC-R64)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Resource
from reconciler.providers.omn_core import domain
from reconciler.providers.omn_core.class_list import FLAGS, Chain, Node, Tree

NODES, ATTRIBUTES = "ClassificationNodes", "NodeAttributes"
"""What a delete would take along, under the names by which a guard counts what goes besides."""


def classifications(live: Tree) -> Iterator[Resource]:
    """One per classification. `rooted`: its root node is there; what it contains counts without that."""
    nodes = Counter(n.chain[0] for n in live.nodes.values() if len(n.chain) > 1)
    attributes = Counter(n.chain[0] for n in live.nodes.values() for _ in n.attributes)
    for tid, labels in live.classes.items():
        fields: JsonObject = {"identifier": tid, "rooted": (tid,) in live.at}
        fields |= _labels(labels, shown=live.class_labels)
        yield Resource(tid, tid, fields, tid, contents={NODES: nodes[tid], ATTRIBUTES: attributes[tid]})


def nodes(live: Tree) -> Iterator[Resource]:
    """One per node, root nodes included, so that others have a parent."""
    children = Counter(n.parent for n in live.nodes.values())
    shown = live.node_labels
    for node in live.nodes.values():
        path = list[Json](node.chain)
        fields: JsonObject = {"path": path, "classification": node.chain[0], **_labels(node.labels, shown=shown)}
        contents = {"children": children[node.id], ATTRIBUTES: len(node.attributes)}
        yield Resource(node.id, path, fields, "/".join(node.chain), node.parent, contents)


def attributes(
    live: Tree, ids: Mapping[tuple[Chain, str], str], defaults: Mapping[tuple[Chain, str], Json]
) -> Iterator[Resource]:
    """One per attribute of a node itself, what is inherited left out. `ids`, `defaults`: as far as they were asked
    for."""
    for node in live.nodes.values():
        for key, record in node.attributes.items():
            yield _attribute(node, key, record, ids, defaults)


def _attribute(
    node: Node,
    key: str,
    record: Mapping[str, Json],
    ids: Mapping[tuple[Chain, str], str],
    defaults: Mapping[tuple[Chain, str], Json],
) -> Resource:
    path, at = list[Json](node.chain), (node.chain, key)
    fields: JsonObject = {"node": "/".join(node.chain), "definition": key, "nodeId": node.id}
    fields["classification"] = node.chain[0]
    fields |= {name: record[name] for name in FLAGS if name in record}
    if "localized" in record:
        fields["localized"] = record["localized"] == "true"
    fields["domain"] = domain.parsed(dict(record))
    fields |= {"attributeId": ids[at]} if at in ids else {}
    fields |= {"default": defaults[at]} if at in defaults else {}
    return Resource(attribute_id(node.id, key), key, fields, f"{key} at {'/'.join(node.chain)}", scope=(path,))


def attribute_id(node: str, key: str) -> str:
    """An attribute's id as the ledger has it: no list shows one (OC-R64)."""
    return f"{node}/{key}"


def _labels(labels: Mapping[str, str], *, shown: bool) -> JsonObject:
    """Left out where nobody knows whether the list would show them (OC-R63)."""
    found: list[Json] = [{"locale": locale, "text": text} for locale, text in labels.items()]
    return {"labels": found} if shown else {}
