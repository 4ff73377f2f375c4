"""What safe calls can tell of our assumptions about classifications (OC-A34, OC-A35, OC-A38).

At most 5 calls: the list, the attributes of two nodes together and of each by itself, and the root of one
classification.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.doctor import Finding, Heard, Known, Probe, confirmed, refuted, untold
from reconciler.model.json import Json, JsonObject, pick
from reconciler.providers.omn_core import attribute_reads, class_list, classification_node
from reconciler.providers.probing import rows, settled, some, text


def _list(known: Known) -> Request:
    return class_list.everything(known.target)


def _list_asks(known: Known, heard: Heard) -> Sequence[Request]:  # noqa: ARG001 - always the same
    return [_list(known)]


def _flat(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _list(known))) is not None:
        return finding
    nodes = rows(heard, _list(known), "/nodes/entries")
    if nodes is None:
        return refuted("the answer has no list of nodes")
    ids = {text(n, "/id") for n in nodes}
    lost = sum(1 for n in nodes if text(n, "/parentId") not in ("", *ids))
    nested = sum(1 for n in nodes if pick(n, "/node"))
    used = sum(len(_keys(n)) for n in nodes)
    if lost or nested:
        return refuted(f"of {some(len(nodes), 'node')}, {lost} lie in one that is not shown, {nested} hold others")
    seen = f"{some(len(nodes), 'node')} with {some(used, 'attribute')}, and each with the one above it"
    return confirmed(seen) if used and any(text(n, "/parentId") for n in nodes) else untold(seen)


def _keys(node: Json) -> list[str]:
    held = pick(node, "/attr")
    return [text(a, "/key") for a in held] if isinstance(held, list) else []


def _pair(known: Known, heard: Heard) -> list[str]:
    """The paths of two nodes that have attributes, and none of one definition; fewer where there are none."""
    nodes = [n for n in rows(heard, _list(known), "/nodes/entries") or [] if _keys(n) and text(n, "/path") != "/"]
    for first in nodes[:20]:
        for second in nodes[:20]:
            if not {*_keys(first)} & {*_keys(second)}:
                return [text(first, "/path"), text(second, "/path")]
    return []


def _attributes(known: Known, paths: Sequence[str]) -> Request:
    body: JsonObject = {"nodePaths": list[Json](paths), "withDefaultValues": True}
    return Request(known.target, "POST", attribute_reads.RETRIEVE, body=body, safe=True)


def _attribute_asks(known: Known, heard: Heard) -> Sequence[Request]:
    pair = _pair(known, heard)
    if not pair:
        return [_list(known)]
    return [_list(known), _attributes(known, pair), *(_attributes(known, [path]) for path in pair)]


def _together(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _list(known))) is not None:
        return finding
    pair = _pair(known, heard)
    if not pair:
        return untold("there are no two nodes with attributes of different definitions")
    requests = [_attributes(known, pair), *(_attributes(known, [path]) for path in pair)]
    for request in requests:
        if (finding := settled(heard, request)) is not None:
            return finding
    both, *alone = (sorted(_ids(heard, request)) for request in requests)
    if not both and not any(alone):
        return untold("nothing comes back by paths with a slash")
    seen = f"{some(len(both), 'attribute')} of two nodes together, {sum(map(len, alone))} one by one"
    return confirmed(seen) if both == sorted(i for ids in alone for i in ids) else refuted(seen)


def _ids(heard: Heard, request: Request) -> list[str]:
    return [text(a, "/id") for a in rows(heard, request, "/attrs/entries") or []]


def _root(known: Known, heard: Heard) -> Request | None:
    tids = [text(c, "/tid") for c in rows(heard, _list(known), "/classes/entries") or []]
    body: JsonObject = {"classificationTid": min(tids)} if tids else {}
    return Request(known.target, "POST", classification_node.RETRIEVE, body=body, safe=True) if tids else None


def _root_asks(known: Known, heard: Heard) -> Sequence[Request]:
    root = _root(known, heard)
    return [_list(known), *([root] if root else [])]


def _admin(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, _list(known))) is not None:
        return finding
    root = _root(known, heard)
    answer = heard.of(root) if root is not None else None
    if answer is None:
        return untold("there is no classification to ask about")
    if answer.status == 403:
        return confirmed("it is refused to this token, so no node is deleted with it")
    return untold("it is not refused: nobody can tell without a delete whether that is allowed, too")


PROBES: Final = (
    Probe(
        "OC-A34",
        "`withNodes` shows all nodes with their own attributes, flat",
        "one that is missing is sent again, which changes nothing",
        _list_asks,
        _flat,
    ),
    Probe(
        "OC-A35",
        "`nodePaths` takes several nodes, and tells the attributes of each once",
        "a delete whose id is not known is held; a default is compared with what was sent last",
        _attribute_asks,
        _together,
    ),
    Probe(
        "OC-A38",
        "`nodes/retrieve` is refused to whoever may not delete nodes",
        "the deletes are refused one by one, and told",
        _root_asks,
        _admin,
    ),
)
