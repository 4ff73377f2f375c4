"""How many writes classifications, nodes and attributes need at least: OC-C21, from what differs alone."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.json import pick
from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.providers.omn_core.batch import batch_size, requests
from reconciler.providers.omn_core.class_pieces import early


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """`⌈(n + c) / b⌉` persists; of nodes, attributes and classifications that go by themselves, each as many
    performs as batches, once for those that go before anything is written and once for the others."""
    most = batch_size(changes)
    count = requests(_persisted(changes), most)
    first = early(changes)
    for before in (True, False):
        going = [c for c in _going(changes) if (c.address in first) is before]
        for name in ("Classification", "ClassificationNode", "NodeAttribute"):
            count += requests(sum(c.address.kind == name for c in going), most)
    return count


def _persisted(changes: Sequence[Change]) -> int:
    """n: nodes that are written, themselves or by an attribute; c: classifications none of whose nodes is."""
    writing = [c for c in changes if c.writes and not c.removes]
    nodes = {spoken(c.key) for c in writing if c.address.kind == "ClassificationNode"}
    nodes |= {spoken(c.scope[0]) for c in writing if c.address.kind == "NodeAttribute"}
    classes = [c for c in writing if c.address.kind == "Classification"]
    nodes |= {str(c.key) for c in classes if c.live is None or c.verb is Verb.REPLACE or "rooted" in c.changed}
    with_nodes = {node.partition("/")[0] for node in nodes}
    return len(nodes) + sum(str(c.key) not in with_nodes for c in classes)


def _going(changes: Sequence[Change]) -> list[Change]:
    """What is deleted by itself: nothing that stands in a classification, and no attribute of a node, that
    goes."""
    going = [c for c in changes if c.live is not None and c.verb in (Verb.DELETE, Verb.REPLACE) and c.writes]
    ids = {(c.address.kind, c.live.id) for c in going if c.live}
    return [c for c in going if not _along(c) & ids]


def _along(change: Change) -> set[tuple[str, str]]:
    fields = dict(change.live.fields) if change.live else {}
    own = change.address.kind
    above = {("Classification", str(pick(fields, "/classification")))} if own != "Classification" else set()
    return above | ({("ClassificationNode", str(pick(fields, "/nodeId")))} if own == "NodeAttribute" else set())
