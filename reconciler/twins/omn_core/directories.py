"""The directories as trees, one below each root node configuration."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.twins.omn_core.dam_things import Directory

Place = tuple[str | None, str | None]


def place_of(directory: Directory) -> Place:
    """Where a directory stands: the RNC at whose top it is, or the tid of the one above it."""
    return directory.rnc, directory.parent


class Tree:
    """A view of a table of directories, which it changes along with itself. Siblings stand by creation."""

    def __init__(self, table: dict[str, Directory]) -> None:
        self._table = table
        self._below: dict[Place, dict[str, Directory]] = {}
        self._names: dict[tuple[Place, str], str] = {}
        self._ids: dict[str, str] = {}
        for directory in table.values():
            self._put_in(directory)

    def get(self, tid: str) -> Directory | None:
        """Whatever the case of its letters."""
        return self._table.get(tid) or self._table.get(tid.upper())

    def by_id(self, key: str) -> Directory | None:
        return self._table.get(self._ids.get(key, ""))

    def by_path(self, path: str) -> Directory | None:
        """`/MAM/products/2024`: the RNC, then names from the top down."""
        rnc, *names = segments(path) or [""]
        place: Place = (rnc, None)
        found: Directory | None = None
        for name in names:
            if (found := self.named(place, name)) is None:
                return None
            place = (None, found.tid)
        return found

    def named(self, place: Place, name: str) -> Directory | None:
        """The directory of this name in a place."""
        return self._table.get(self._names.get((place, name), ""))

    def below(self, place: Place) -> list[Directory]:
        return list(self._below.get(place, {}).values())

    def chain(self, directory: Directory) -> list[Directory]:
        """The directories from the top down to this one."""
        found = [directory]
        while (parent := found[-1].parent) is not None:
            found.append(self._table[parent])
        return found[::-1]

    def path(self, directory: Directory) -> str:
        """With the RNC in front."""
        chain = self.chain(directory)
        return f"/{chain[0].rnc}" + "".join(f"/{one.name}" for one in chain)

    def branches(self, place: Place, levels: int | None = None) -> Iterator[Directory]:
        """What stands below a place, parents first, `levels` deep (None: all of it)."""
        left = [(one, 1) for one in reversed(self.below(place))]
        while left:
            one, level = left.pop()
            yield one
            if levels is None or level < levels:
                left.extend((child, level + 1) for child in reversed(self.below((None, one.tid))))

    def put(self, directory: Directory) -> None:
        """Add a directory, or replace the one of its tid, wherever that stood."""
        self._take_out(directory.tid)
        self._table[directory.tid] = directory
        self._put_in(directory)

    def drop(self, directory: Directory) -> list[str]:
        """Remove a directory with all that stands below it; the tids of all these."""
        gone = [directory.tid, *(one.tid for one in self.branches((None, directory.tid)))]
        for tid in gone:
            self._take_out(tid)
            del self._table[tid]
        return gone

    def _put_in(self, directory: Directory) -> None:
        place = place_of(directory)
        self._below.setdefault(place, {})[directory.tid] = directory
        self._names.setdefault((place, directory.name), directory.tid)
        self._ids[directory.id] = directory.tid

    def _take_out(self, tid: str) -> None:
        if (old := self._table.get(tid)) is None:
            return
        place = place_of(old)
        del self._below[place][tid]
        if self._names.get((place, old.name)) == tid:
            del self._names[place, old.name]


def segments(path: str) -> list[str]:
    """The parts of a path, whatever slashes stand at its ends."""
    return [part for part in path.split("/") if part]
