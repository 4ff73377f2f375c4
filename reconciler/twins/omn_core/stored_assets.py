"""Which assets stand in which directory, and the one question about them that is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute, text
from reconciler.twins.omn_core.dam_things import Asset, Directory
from reconciler.twins.omn_core.directories import Tree
from reconciler.twins.omn_core.guids import new_guid

PATH = "/dam/assets/query"


@dataclass(slots=True)
class StoredAssets:
    """A view of the table of assets, which it changes along with itself. `tids` are theirs by directory."""

    call: Call
    table: dict[str, Asset]
    tids: dict[str, list[str]]

    @classmethod
    def of(cls, call: Call) -> StoredAssets:
        table, tids = call.table(Asset), dict[str, list[str]]()
        for asset in table.values():
            tids.setdefault(asset.dir_tid, []).append(asset.tid)
        return cls(call, table, tids)

    def within(self, dir_tid: str) -> list[str]:
        """The assets right in a directory."""
        return list(self.tids.get(dir_tid, ()))

    def drop(self, dir_tids: list[str]) -> None:
        """Remove all assets right in these directories."""
        for dir_tid in dir_tids:
            for tid in self.tids.pop(dir_tid, []):
                del self.table[tid]

    def copy(self, dir_tid: str, to: str) -> None:
        """Copy the assets right in a directory into another one."""
        for tid in self.within(dir_tid):
            guid = new_guid(self.call.twin, self.call.traffic).upper()
            self.table[guid] = replace(self.table[tid], tid=guid, id=self.call.new_id(), dir_tid=to)
            self.tids.setdefault(to, []).append(guid)


def query(call: Call) -> Answer:
    """The assets right in one directory; an unknown directory has none."""
    asked = call.body.get("directory")
    if not isinstance(asked, Mapping):
        raise Refused(400, "directory should be provided")
    tree = Tree(call.table(Directory))
    ways = {"tid": tree.get, "id": tree.by_id, "path": tree.by_path}
    given = [(way, value) for name, way in ways.items() if (value := text(asked, name)) is not None]
    if len(given) != 1:
        raise Refused(400, "directory should have one of path, tid and id")
    ((way, value),) = given
    found = way(value)
    tids = StoredAssets.of(call).within(found.tid) if found is not None else []
    return call.plain({"tids": tids, "retrieveHistory": False, "retrievePreviews": False})


KIND: Kind[OmnRoute] = Kind(routes=(OmnRoute(method="POST", path=PATH, safe=True, answer=query, plain=True),))
