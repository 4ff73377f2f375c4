"""Classifications, their nodes and the attributes of these, all in one answer (OC-R60 to OC-R63)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reconciler.model.call import Request
from reconciler.model.json import Json, JsonObject, canonical, digest, pick
from reconciler.model.live import Replies
from reconciler.model.record import Record, field
from reconciler.providers.omn_core import domain
from reconciler.providers.omn_core.notation import localized

LIST: Final = "/pim/classes/retrieve"
FLAGS: Final = ("level", "inheritance", "restriction", "localized")
"""What an attribute has besides its domain and its default, in the order of sending."""

Chain = tuple[str, ...]
"""Identifiers from the root node downwards; that of the classification first."""


def everything(target: str) -> Request:
    """The one request that lists all of the three kinds."""
    return Request(target, "POST", LIST, body={"withNodes": True}, safe=True)


class Node(Record, frozen=True):
    """A live node. `attributes`: its own, by definition, as the answer has them."""

    id: str
    chain: Chain
    parent: str | None
    labels: Mapping[str, str]
    attributes: Mapping[str, JsonObject]


class Tree(Record, frozen=True):
    """All that is live. `classes`: identifier -> labels; `nodes`: by id, `at`: by chain. Where one kind has no
    label at all, nobody knows whether the list shows any (OC-R63)."""

    classes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=dict)
    at: Mapping[Chain, Node] = field(default_factory=dict)

    @property
    def class_labels(self) -> bool:
        return any(self.classes.values())

    @property
    def node_labels(self) -> bool:
        return any(node.labels for node in self.nodes.values())


def tree(replies: Replies) -> Tree:
    """What the list shows, each thing once. Raises ValueError on another shape."""
    body = next((b for r, b in replies if r.path == LIST), None)
    classes = {tid: localized(pick_name(one)) for one in _entries(body, "classes") if (tid := _text(one, "tid"))}
    records = _records(body)
    chains = _chains(records)
    nodes = {i: _node(i, one, chains[i], records) for i, one in records.items()}
    return Tree(classes, nodes, {node.chain: node for node in nodes.values()})


def _records(body: Json) -> dict[str, JsonObject]:
    found: dict[str, JsonObject] = {}
    for one in _entries(body, "nodes"):
        own = _text(one, "id")
        if not own:
            raise ValueError("a node has no id")
        found.setdefault(own, one)
    return found


def _entries(body: Json, name: str) -> Iterator[JsonObject]:
    held = pick(body, f"/{name}/entries")
    if not isinstance(held, list):
        raise ValueError(f"the answer holds no list of {name}")  # noqa: TRY004 - the server's mistake
    yield from (one for one in held if isinstance(one, dict))


def _node(own: str, record: JsonObject, chain: Chain, records: Mapping[str, JsonObject]) -> Node:
    attributes = (a for a in as_list(record.get("attr")) if isinstance(a, dict))
    parent = _text(record, "parentId")
    return Node(
        own,
        chain,
        parent if parent in records else None,
        localized(pick_name(record)),
        {key: a for a in attributes if (key := _text(a, "key"))},
    )


def _chains(records: Mapping[str, JsonObject]) -> dict[str, Chain]:
    """Every node's chain, by those of the nodes above it: the path of a root node has two spellings, and so may
    those beneath it (OC-Q8)."""
    found: dict[str, Chain] = {}
    for start in records:
        trail: list[str] = []
        here = start
        while here in records and here not in found and here not in trail:
            trail.append(here)
            here = _text(records[here], "parentId")
        above = found.get(here) if here not in trail else None
        for one in reversed(trail):
            above = found[one] = _chain(records[one], above)
    return found


def _chain(record: JsonObject, above: Chain | None) -> Chain:
    own, names = _text(record, "class"), tuple(filter(None, _text(record, "path").split("/")))
    if above is not None and names:
        return (*above, names[-1])
    return names if names and own in ("", names[0]) else (own, *names)


def pick_name(record: JsonObject) -> Json:
    return record.get("name")


def _text(record: JsonObject, name: str) -> str:
    found = record.get(name)
    return found if isinstance(found, str) else ""


def as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


# As the server takes it.


def path_of(chain: Iterable[Json]) -> str:
    """`/Standard/Shoes`, as a persist names a node (OC-R66)."""
    return "/" + "/".join(map(str, chain))


def name_of(labels: Mapping[str, str]) -> JsonObject:
    """`{"name": …}` with all labels, nothing where there is none: nothing empty is ever sent."""
    items: list[Json] = [{"loc": locale, "value": labels[locale]} for locale in sorted(labels)]
    return {"name": {"itm": items}} if items else {}


def attribute_of(record: Mapping[str, Json]) -> JsonObject:
    """A live attribute, complete; what no list shows is left out."""
    flags = {name: record[name] for name in ("key", *FLAGS) if name in record}
    held = domain.wire(domain.parsed(dict(record)), full=False)
    return {**flags, **({"domainVals": held} if held else {})}


def looks(live: Tree, chain: Chain) -> str:
    """One digest of all that is sent back when this node is written to: its labels, its attributes, the labels of
    its classification; of a node that is not there, of the latter alone."""
    node = live.at.get(chain)
    own: Json = None
    if node is not None:
        held = sorted(canonical(attribute_of(a)) for a in node.attributes.values())
        own = [dict(sorted(node.labels.items())), list[Json](held)]
    return digest([dict(sorted(live.classes.get(chain[0], {}).items())), own])
