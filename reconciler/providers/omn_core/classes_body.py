"""The body of `classes/persist` and of what goes along with a delete: one flat entry per document, folded on the
edge into what the server takes (OC-R67, OC-R68).

`{"tree": {"live": {"classes": [...], "nodes": [...]}, "entries": [...]}}`: `live` holds what stands around the
entries, complete and as the server takes it, in the order of sending; it is sent as far as an entry concerns it.
An entry is one of

- `{"class": "Standard", "name": {…}}`, and `"root": true` where its root node is to come with it;
- `{"node": "/Standard/Shoes", "name": {…}}`;
- `{"attribute": "gender", "node": "/Standard/Shoes", "level": "p", …}`.

`{"actions": {"entries": [...]}}`: an entry `{"goesWith": "/Standard"}` is no action of its own, and not sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.model.json import Json, JsonObject
from reconciler.model.record import Record, field

TREE: Final = "tree"
"""The media of such bodies."""
GOES_WITH: Final = "goesWith"


def folded(body: Json) -> Json:
    """The body as the server takes it."""
    if not isinstance(body, dict):
        return body
    if isinstance(actions := body.get("actions"), dict):
        kept = [e for e in _list(actions.get("entries")) if not (isinstance(e, dict) and GOES_WITH in e)]
        return {**body, "actions": {**actions, "entries": kept}}
    tree = body.get(TREE)
    if not isinstance(tree, dict):
        return body
    found = _Fold(*_known(tree.get("live")))
    for entry in _list(tree.get("entries")):
        if isinstance(entry, dict):
            found.add(entry)
    return found.body()


class _Fold(Record):
    """`classes`, `nodes`: what is known of them, by identifier and by path; `sent_classes`, `sent_nodes`: those
    that an entry concerns, in their order."""

    classes: Mapping[str, JsonObject]
    nodes: Mapping[str, JsonObject]
    sent_classes: dict[str, JsonObject] = field(default_factory=dict)
    sent_nodes: dict[str, JsonObject] = field(default_factory=dict)
    attributes: dict[str, dict[str, Json]] = field(default_factory=dict)

    def add(self, entry: JsonObject) -> None:
        if "class" in entry:
            one = self._class(str(entry["class"]))
            one |= {k: v for k, v in entry.items() if k == "name"}
            if entry.get("root") is True:
                self._node(f"/{entry['class']}")
        elif "attribute" in entry:
            path, key = str(entry["node"]), str(entry["attribute"])
            self._node(path)
            own = {k: v for k, v in entry.items() if k not in ("attribute", "node")}
            self.attributes[path][key] = {"key": key, **own}
        else:
            one = self._node(str(entry["node"]))
            one |= {k: v for k, v in entry.items() if k == "name"}

    def _class(self, tid: str) -> JsonObject:
        if tid not in self.sent_classes:
            self.sent_classes[tid] = {"tid": tid, **self.classes.get(tid, {})}
        return self.sent_classes[tid]

    def _node(self, path: str) -> JsonObject:
        if path not in self.sent_nodes:
            names = path.strip("/").split("/")
            self._class(names[0])
            above: JsonObject = {"parentPath": "/" + "/".join(names[:-1])} if len(names) > 1 else {}
            known = self.nodes.get(path, {})
            self.sent_nodes[path] = {"class": names[0], "path": path, **above}
            self.sent_nodes[path] |= {k: v for k, v in known.items() if k == "name"}
            own = (a for a in _list(known.get("attr")) if isinstance(a, dict))
            self.attributes[path] = {str(a.get("key")): a for a in own}
        return self.sent_nodes[path]

    def body(self) -> JsonObject:
        nodes = [self._whole(path, node) for path, node in self.sent_nodes.items()]
        classes: JsonObject = {"classes": {"entries": list[Json](self.sent_classes.values())}}
        return {**classes, "nodes": {"entries": nodes}} if nodes else classes

    def _whole(self, path: str, node: JsonObject) -> Json:
        own = list(self.attributes[path].values())
        return {**node, "attr": own} if own else node


def _known(live: Json) -> tuple[dict[str, JsonObject], dict[str, JsonObject]]:
    held = live if isinstance(live, dict) else {}
    return dict(_by("tid", held.get("classes"))), dict(_by("path", held.get("nodes")))


def _by(name: str, entries: Json) -> Iterator[tuple[str, JsonObject]]:
    for one in _list(entries):
        if isinstance(one, dict):
            yield str(one.get(name)), one


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
