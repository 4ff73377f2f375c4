"""The nodes as trees, one below each classification, and the paths that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reconciler.twins.omn_core.pim_things import Node


def segments_of(path: str) -> tuple[str, ...]:
    """`/Standard/Shoes`, with or without slashes at its ends, as its steps."""
    return tuple(path.strip("/").split("/")) if path.strip("/") else ()


class NodeTree:
    """A view of a table of nodes, which it changes along with itself. Siblings stand in order of creation."""

    def __init__(self, table: dict[str, Node], hidden: Collection[str] = ()) -> None:
        self._table = table
        self._hidden = hidden
        self._below: dict[str | None, dict[str, Node]] = {}
        self._steps: dict[tuple[str | None, str], dict[str, Node]] = {}
        for node in table.values():
            if node.id not in hidden:
                self._take_in(node)

    def get(self, key: str | None) -> Node | None:
        return self._table.get(key) if key is not None else None

    def shows(self, node: Node) -> bool:
        """Is it among those that are seen?"""
        return node.id not in self._hidden

    def find(self, steps: tuple[str, ...]) -> Node | None:
        """The node at the end of these steps, the first of them a root."""
        found: Node | None = None
        for step in steps:
            found = self.child(found.id if found is not None else None, step)
            if found is None:
                return None
        return found

    def child(self, parent_id: str | None, tid: str) -> Node | None:
        """The first node of this tid right below one, or among the roots."""
        return next(iter(self._steps.get((parent_id, tid), {}).values()), None)

    def steps(self, node: Node) -> tuple[str, ...]:
        """From the root down to this node."""
        return tuple(one.tid for one in self.chain(node))

    def path(self, node: Node) -> str:
        """`/Standard/Shoes`."""
        return "/" + "/".join(self.steps(node))

    def chain(self, node: Node) -> list[Node]:
        """The nodes from the root down to this one."""
        found = [node]
        while (parent_id := found[-1].parent_id) is not None:
            found.append(self._table[parent_id])
        return found[::-1]

    def root(self, class_tid: str) -> Node | None:
        return self.child(None, class_tid)

    def children(self, key: str | None) -> list[Node]:
        """The nodes right below one, or the roots."""
        return list(self._below.get(key, {}).values())

    def branch(self, node: Node, levels: int | None = None) -> Iterator[tuple[Node, str]]:
        """The node and what stands `levels` deep below it (None: all), parents first, each with its path."""
        left = [(node, self.path(node), 0)]
        while left:
            one, path, level = left.pop()
            yield one, path
            if levels is None or level < levels:
                below = self.children(one.id)[::-1]
                left.extend((child, f"{path}/{child.tid}", level + 1) for child in below)

    def put(self, node: Node) -> None:
        """Add a node, or replace the one of its id, where it stands."""
        self._table[node.id] = node
        self._take_in(node)

    def drop(self, node: Node) -> None:
        """Remove a node that nothing stands below."""
        del self._table[node.id]
        del self._below[node.parent_id][node.id]
        del self._steps[node.parent_id, node.tid][node.id]

    def _take_in(self, node: Node) -> None:
        self._below.setdefault(node.parent_id, {})[node.id] = node
        self._steps.setdefault((node.parent_id, node.tid), {})[node.id] = node
