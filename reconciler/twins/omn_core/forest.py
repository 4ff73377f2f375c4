"""The keywords as trees: who stands below whom, and the paths that follow from it (OC-R15)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

from reconciler.twins.omn_core.things import Keyword

ROOT = "/"


class Forest:
    """A view of a table of keywords, which it changes along with itself. Siblings stand in order of creation."""

    def __init__(self, table: dict[str, Keyword]) -> None:
        self._table = table
        self._below: dict[str | None, list[Keyword]] = {}
        for keyword in sorted(table.values(), key=_order):
            self._below.setdefault(keyword.parent_id, []).append(keyword)

    def get(self, key: str) -> Keyword | None:
        return self._table.get(key)

    def children(self, parent_id: str | None) -> list[Keyword]:
        """The keywords right below one, or the roots."""
        return list(self._below.get(parent_id, ()))

    def place(self, keyword: Keyword) -> int:
        """Which of its siblings it is, from 1."""
        return bisect_left(self._below[keyword.parent_id], _order(keyword), key=_order) + 1

    def path(self, keyword: Keyword) -> str:
        """`/Seasons/Summer`: the unlocalized values from the root down."""
        return "".join(f"/{above.value}" for above in self.chain(keyword))

    def chain(self, keyword: Keyword) -> list[Keyword]:
        """The keywords from the root down to this one."""
        found = [keyword]
        while (parent_id := found[-1].parent_id) is not None:
            found.append(self._table[parent_id])
        return found[::-1]

    def find(self, path: str) -> Keyword | None:
        """The first keyword with this path. A value may have a slash within, if a person gave it one."""
        left: list[tuple[str | None, str]] = [(None, path)]
        while left:
            parent_id, rest = left.pop(0)
            for keyword in self._below.get(parent_id, ()):
                step = f"/{keyword.value}"
                if rest == step:
                    return keyword
                if rest.startswith(step + "/"):
                    left.append((keyword.id, rest[len(step) :]))
        return None

    def branch(self, keyword: Keyword, levels: int | None = None) -> Iterator[Keyword]:
        """The keyword and what stands below it, parents first, `levels` deep (None: all of it)."""
        left = [(keyword, 1)]
        while left:
            one, level = left.pop()
            yield one
            if levels is None or level < levels:
                left.extend((child, level + 1) for child in reversed(self._below.get(one.id, ())))

    def put(self, keyword: Keyword) -> None:
        """Add a keyword, or replace the one of its id, where it stood or under another parent."""
        self._take_out(keyword.id)
        insort(self._below.setdefault(keyword.parent_id, []), keyword, key=_order)
        self._table[keyword.id] = keyword

    def drop(self, keyword: Keyword) -> None:
        """Remove a keyword with all that stands below it."""
        for one in list(self.branch(keyword)):
            self._take_out(one.id)
            del self._table[one.id]

    def _take_out(self, key: str) -> None:
        if (old := self._table.get(key)) is not None:
            self._below[old.parent_id] = [other for other in self._below[old.parent_id] if other.id != key]


def _order(keyword: Keyword) -> int:
    return int(keyword.id)
