"""What a test does to classifications, nodes and attributes without asking the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.domains import Values
from reconciler.twins.omn_core.node_tree import NodeTree, segments_of
from reconciler.twins.omn_core.pim_things import Attribute, Classification, Node
from reconciler.twins.omn_core.set_up_definitions import DefinitionSetUp, a_domain, plain_domain


class NodeSetUp(DefinitionSetUp):
    """The twin, as far as these are moved by hand. Nodes are named by their paths or ids; of two nodes of one path
    the first is meant.
    """

    def add_class(self, tid: str, *, labels: Mapping[str, str] | None = None, root: bool = True) -> str:
        """Add a classification, with its root node unless told otherwise; its id."""
        with self.lock:
            self.clock.tick()
            made = Classification(self._next_id(), tid, dict(labels or {}))
            self.state.of(Classification)[tid] = made
            if root:
                self.add_node(f"/{tid}")
            return made.id

    def add_node(self, path: str, *, labels: Mapping[str, str] | None = None) -> str:
        """Add a node below one that is there, or a root, also a second one of the same path; its id.

        Raises KeyError for an unknown parent, or a root without its classification.
        """
        *above, tid = segments_of(path)
        with self.lock:
            self.clock.tick()
            parent = self.node("/" + "/".join(above)) if above else None
            class_tid = parent.class_tid if parent else self.classification(tid).tid
            made = Node(self._next_id(), tid, class_tid, parent.id if parent else None, dict(labels or {}))
            self.state.of(Node)[made.id] = made
            return made.id

    def add_nodes(self, parent: str, tids: Iterable[str]) -> list[str]:
        """Add any number of nodes below one that is there; their ids. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            above, table = self.node(parent), self.state.of(Node)
            made = [Node(self._next_id(), tid, above.class_tid, above.id, {}) for tid in tids]
            table.update({node.id: node for node in made})
            return [node.id for node in made]

    def add_attribute(
        self,
        node: str,
        key: str,
        *,
        level: str = "p",
        inheritance: str = "visible",
        restriction: str = "optional",
        localized: bool = False,
        values: Values | None = None,
        allow_new: bool = False,
        default: str | None = None,
    ) -> str:
        """Add an attribute at a node, with or without a definition of that key; its id. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            words = (key, level, inheritance, restriction, localized)
            domain = a_domain(values, allow_new=allow_new)
            made = Attribute(self._next_id(), self.node(node).id, *words, domain, default)
            self.state.of(Attribute)[made.id] = made
            return made.id

    def change_class(self, tid: str, labels: Mapping[str, str]) -> None:
        """Somebody replaces all labels of a classification. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            self.state.of(Classification)[tid] = replace(self.classification(tid), labels=dict(labels))

    def change_node(self, node: str, labels: Mapping[str, str]) -> None:
        """Somebody replaces all labels of a node. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            old = self.node(node)
            self.state.of(Node)[old.id] = replace(old, labels=dict(labels))

    def change_attribute(
        self, node: str, key: str, *, values: Values | None = None, allow_new: bool = False, **fields: str | bool
    ) -> None:
        """Somebody changes the whole domain, or any of the fields of an `Attribute`. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            old = self.attribute(node, key)
            domain = old.domain if values is None else a_domain(values, allow_new=allow_new)
            self.state.of(Attribute)[old.id] = replace(old, domain=domain, **fields)  # type: ignore[arg-type]

    def remove_class(self, tid: str) -> None:
        """Somebody deletes a classification with all in it. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            del self.state.of(Classification)[tid]
            self._drop({node.id for node in self.state.of(Node).values() if node.class_tid == tid})

    def remove_node(self, node: str) -> None:
        """Somebody deletes a node with all below it. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            branch = NodeTree(self.state.of(Node)).branch(self.node(node))
            self._drop({one.id for one, _ in branch})

    def remove_attribute(self, node: str, key: str) -> None:
        """Somebody deletes an attribute. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            del self.state.of(Attribute)[self.attribute(node, key).id]

    def deny_class(self, tid: str, user: str | None = None) -> None:
        """Take a user's access to a classification, not to what is in it; by default the default token's user."""
        with self.lock:
            old = self.classification(tid)
            self.state.of(Classification)[tid] = replace(old, denied=(*old.denied, self._who(user)))

    def deny_node(self, node: str, user: str | None = None) -> None:
        """As `deny_class`, of one node, not of those below it."""
        with self.lock:
            old = self.node(node)
            self.state.of(Node)[old.id] = replace(old, denied=(*old.denied, self._who(user)))

    def deny_attribute(self, node: str, key: str, user: str | None = None) -> None:
        """As `deny_class`, of one attribute."""
        with self.lock:
            old = self.attribute(node, key)
            self.state.of(Attribute)[old.id] = replace(old, denied=(*old.denied, self._who(user)))

    # Looking.

    def classification(self, tid: str) -> Classification:
        """Raises KeyError."""
        with self.lock:
            return self.state.of(Classification)[tid]

    def node(self, node: str) -> Node:
        """The node of a path or id. Raises KeyError."""
        with self.lock:
            table = self.state.of(Node)
            found = NodeTree(table).find(segments_of(node)) if node.startswith("/") else table.get(node)
            if found is None:
                raise KeyError(node)
            return found

    def attribute(self, node: str, key: str) -> Attribute:
        """The attribute of a node by the definition it uses. Raises KeyError."""
        with self.lock:
            at = self.node(node).id
            table = self.state.of(Attribute).values()
            found = next((one for one in table if one.node_id == at and one.key == key), None)
            if found is None:
                raise KeyError(f"{node}/{key}")
            return found

    def node_paths(self) -> list[str]:
        """The path of every node, in order of creation."""
        with self.lock:
            tree = NodeTree(self.state.of(Node))
            return [tree.path(node) for node in self.state.of(Node).values()]

    def classes_without_ids(self) -> list[Json]:
        """Every classification, node and attribute by tid, path and key, without ids: equal for equal worlds."""
        with self.lock:
            tree, at = NodeTree(self.state.of(Node)), self._attributes_plainly()
            nodes: dict[str, list[Json]] = {}
            for path, key, node in sorted((tree.path(one), one.id, one) for one in self.state.of(Node).values()):
                plain: dict[str, Json] = {"path": path, "labels": dict(node.labels)}
                plain |= {"attributes": at.get(key, []), "denied": sorted(node.denied)}
                nodes.setdefault(node.class_tid, []).append(plain)
            return [
                {
                    "tid": one.tid,
                    "labels": dict(one.labels),
                    "denied": sorted(one.denied),
                    "nodes": nodes.get(one.tid, []),
                }
                for _, one in sorted(self.state.of(Classification).items())
            ]

    def _attributes_plainly(self) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for one in sorted(self.state.of(Attribute).values(), key=lambda one: one.key):
            plain: dict[str, Json] = {"key": one.key, "level": one.level, "inheritance": one.inheritance}
            plain |= {"restriction": one.restriction, "localized": one.localized, "default": one.default}
            plain |= {"domain": plain_domain(one.domain), "denied": sorted(one.denied)}
            found.setdefault(one.node_id, []).append(plain)
        return found

    def _drop(self, nodes: set[str]) -> None:
        table, attributes = self.state.of(Node), self.state.of(Attribute)
        for key in nodes:
            del table[key]
        for one in [one for one in attributes.values() if one.node_id in nodes]:
            del attributes[one.id]
