"""What a test does to directories and their assets without asking the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import Traffic
from reconciler.twins.omn_core.custom_values import written
from reconciler.twins.omn_core.dam_things import Asset, Directory, Rnc
from reconciler.twins.omn_core.directories import Place, Tree, segments
from reconciler.twins.omn_core.guids import new_guid, new_id
from reconciler.twins.omn_core.things import Token


class DirectorySetUp(Twin):
    """The twin, as far as its directories are moved by hand. They are named by path, the RNC first, or by tid."""

    traffic: Traffic

    def add_rnc(self, tid: str, meta: Mapping[str, str] | None = None) -> str:
        """Add a root node configuration, with this `meta` instead of the usual one; its tid."""
        with self.lock:
            usual = _usual_meta(tid, new_id(self), self.clock.tick())
            self.state.of(Rnc)[tid] = Rnc(tid, usual if meta is None else dict(meta))
            return tid

    def add_directory(self, path: str, *, vals: Mapping[str, Json] | None = None) -> str:
        """Add a directory such as `/MAM/products/2024`, and those above it that are missing; its tid.

        Raises KeyError for an unknown RNC.
        """
        with self.lock:
            (tid,) = self.add_directories(path)
            if vals is not None:
                self._change(tid, vals=written(vals))
            return tid

    def add_directories(self, *paths: str) -> list[str]:
        """The same for any number of them, at once."""
        with self.lock:
            tree = Tree(self.state.of(Directory))
            return [self._added(tree, path) for path in paths]

    def add_asset(self, directory: str, name: str = "cat.jpg") -> str:
        """Put an asset into a directory; its GUID. Raises KeyError."""
        with self.lock:
            guid = new_guid(self, self.traffic).upper()
            self.state.of(Asset)[guid] = Asset(guid, new_id(self), self.directory(directory).tid, name)
            return guid

    def rename_directory(self, directory: str, name: str) -> None:
        """Somebody renames a directory. Raises KeyError."""
        self._change(self.directory(directory).tid, name=name)

    def describe_directory(self, directory: str, vals: Mapping[str, Json]) -> None:
        """Somebody replaces all custom values of a directory. Raises KeyError."""
        self._change(self.directory(directory).tid, vals=written(vals))

    def move_directory(self, directory: str, to: str) -> None:
        """Somebody moves a directory with all below it into another one, or to the top of `/MAM`."""
        with self.lock:
            rnc = segments(to)[0] if len(segments(to)) == 1 and segments(to)[0] in self.state.of(Rnc) else None
            parent = None if rnc is not None else self.directory(to).tid
            self._change(self.directory(directory).tid, rnc=rnc, parent=parent)

    def remove_directory(self, directory: str) -> None:
        """Somebody deletes a directory with all in it. Raises KeyError."""
        with self.lock:
            self.clock.tick()
            gone = set(Tree(self.state.of(Directory)).drop(self.directory(directory)))
            assets = self.state.of(Asset)
            for tid in [tid for tid, one in assets.items() if one.dir_tid in gone]:
                del assets[tid]

    def deny_directory(self, directory: str, user: str | None = None) -> None:
        """Take a user's access to one directory; by default the default token's user."""
        with self.lock:
            found = self.directory(directory)
            who = user if user is not None else self.state.of(Token)[self.default_key].user
            self._change(found.tid, denied=(*found.denied, who))

    def delay_moves(self, reads: int) -> None:
        """From now on a directory that is moved is listed at its old place for so many lists."""
        with self.lock:
            self.traffic.move_delay = reads

    def directory(self, directory: str) -> Directory:
        """The directory of a path or tid. Raises KeyError."""
        with self.lock:
            tree = Tree(self.state.of(Directory))
            found = tree.by_path(directory) if "/" in directory else tree.get(directory)
            if found is None:
                raise KeyError(directory)
            return found

    def directory_paths(self) -> list[str]:
        """The path of every directory, parents first, by RNC."""
        with self.lock:
            tree = Tree(self.state.of(Directory))
            return [tree.path(one) for rnc in self.state.of(Rnc) for one in tree.branches((rnc, None))]

    def directories_without_ids(self) -> list[Json]:
        """All directories by path, without ids and times: equal for equal worlds."""
        with self.lock:
            table = self.state.of(Directory)
            tree = Tree(table)
            assets: dict[str, list[str]] = {}
            for asset in self.state.of(Asset).values():
                assets.setdefault(asset.dir_tid, []).append(asset.name)
            every = sorted((tree.path(one), tid) for tid, one in table.items())
            return [_plain(path, table[tid], assets.get(tid, [])) for path, tid in every]

    def _added(self, tree: Tree, path: str) -> str:
        rnc, *names = segments(path)
        place: Place = (self.state.of(Rnc)[rnc].tid, None)
        for name in names:
            found = tree.named(place, name)
            if found is None:
                found = self._made(place, name)
                tree.put(found)
            place = (None, found.tid)
        return place[1] or ""

    def _made(self, place: Place, name: str) -> Directory:
        moment, guid = self.clock.tick(), new_guid(self, self.traffic).upper()
        return Directory(guid, new_id(self), *place, name, moment, moment)

    def _change(self, tid: str, **fields: object) -> None:
        with self.lock:
            table = self.state.of(Directory)
            table[tid] = replace(table[tid], modified=self.clock.tick(), **fields)  # type: ignore[arg-type]


def _usual_meta(tid: str, key: str, moment: str) -> dict[str, str]:
    return {
        "rncCreationDate": moment,
        "rncEventBasePath": f"/localhost/omn/data/{tid}/",
        "rncIdentifier": tid,
        "rncIdentity": key,
        "rncLocalPathAsString": f"/omn/data/{tid}/",
        "rncModificationDate": moment,
        "rncVolumeName": tid,
        "serverHost": "localhost",
        "serverIdentifier": "localhost",
        "serverPort": "6900",
    }


def _plain(path: str, directory: Directory, assets: list[str]) -> Json:
    vals = dict(directory.vals or {})
    return {"path": path, "vals": vals, "assets": sorted(assets), "denied": sorted(directory.denied)}
