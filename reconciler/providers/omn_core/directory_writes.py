"""The calls of changes of directories: one request each for many, and a reading where values wait for ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.change import Change
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from reconciler.providers.omn_core import directory_list
from reconciler.providers.omn_core.batch import batch_size
from reconciler.providers.omn_core.carriers import Writer
from reconciler.providers.omn_core.custom_values import wire
from reconciler.providers.omn_core.forest import Forest
from reconciler.providers.omn_core.need import least
from reconciler.providers.omn_core.piece import OWN_VALUES, PLAIN, ROOT, Piece, pieces
from reconciler.providers.omn_core.schedule import schedule
from reconciler.providers.omn_core.steps import Step

LOOK_UP = "(look up)"


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """At most eight kinds of requests, each for as many directories as the target takes: deletes that free a name,
    a persist, new paths, moves, a second persist, deletes; new paths that had to wait; and a reading before values
    of what was made by its path (OC-R109 to OC-R116)."""
    ways = [(schedule(forest), forest) for forest in forests(kind, changes)]
    if not ways:
        return []
    plan, forest = min(ways, key=lambda way: way[0].cost)
    return list(_Writer(kind, forest, plan, batch_size(changes)).calls())


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """What is made by its path either joins what is persisted first, or all that is new is made so (OC-C41)."""
    most = batch_size(changes)
    return min((least(forest, most) for forest in forests(kind, changes)), default=0)


def forests(kind: Kind, changes: Sequence[Change]) -> list[Forest]:
    """The ways to make what is new (OC-R109, OC-R110): what lies in something live by a persist, and just what
    lies in something new by its path; or everything new by its path."""
    found = pieces(kind, changes)
    new = frozenset(p.name for p in found if p.created)
    nested = frozenset(p.name for p in found if p.created and p.into in new)
    ways = [nested, new] if nested else [nested]
    return [Forest(found, way) for way in ways] if found else []


class _Writer(Writer):
    persist = "/dam/dirs/persist"
    perform = "/dam/dirs/perform"
    box, naming, word = "dirs", "tid", "dir"
    reading: str = ""

    def calls(self) -> Iterator[Call]:
        plan = self.plan
        yield from self.requests(plan.freeing, self.perform)
        if plan.ahead:
            yield from self.requests(plan.sown, self.perform)
            yield from self._reading(plan.sown)
            yield from self.requests([*plan.first, *plan.values], self.persist)
        else:
            yield from self.requests(plan.first, self.persist)
            yield from self.requests(plan.sown, self.perform)
        yield from self.requests(plan.moves, self.perform)
        yield from self.requests(plan.grown, self.perform)
        moved = (*plan.sown, *plan.moves, *plan.grown)
        if plan.ahead or plan.late:
            yield from self.requests(plan.second, self.persist)
        else:
            yield from self._reading(moved)
            yield from self.requests([*plan.second, *plan.values], self.persist)
        yield from self.requests(plan.late, self.perform)
        if plan.late:
            yield from self._reading((*moved, *plan.second, *plan.late))
            yield from self.requests(plan.values, self.persist)
        yield from self.requests(plan.deletes, self.perform)

    def _reading(self, before: Sequence[Step]) -> Iterator[Call]:
        """Only a reading tells the ids of what was made by its path; whatever has ended by then, however it did
        (OC-R113)."""
        if not self.plan.values:
            return
        at = self.plan.values[0].piece.change.address
        rncs = sorted({p.path[0] for p in self.forest.pieces if p.created or p.spoken or p.moved or p.doomed})
        self.reading = f"{at.target}/{at.kind}#{LOOK_UP}"
        yield Call(
            id=self.reading,
            target=at.target,
            kind=self.kind.name,
            address=at._replace(name=LOOK_UP),
            method="POST",
            path=directory_list.PATH,
            phase=Phase.CREATE,
            body={"rncTid": rncs[0], "level": directory_list.WHOLE},
            role=Role.FIND,
            follows=frozenset(s.id for s in before),
            requests=len(rncs),
            summary="look up the new Directories",
        )

    def written(self, common: Call, step: Step) -> Call:
        if step.id.endswith("#values"):
            return self._values(common, step)
        if not step.piece.created:
            return self._update(common, step)
        return self._plant(common, step) if step.piece.name in self.forest.planted else self._create(common, step)

    def _create(self, common: Call, step: Step) -> Call:
        """In what is live (OC-R109)."""
        own = _own(step.piece)
        change = step.piece.change
        return replace(
            common,
            phase=Phase.CREATE,
            body={**_beneath(step.lies), "name": step.values[PLAIN], **_vals(own)},
            summary=f"create {self.kind.name} {spoken(change.key)}",
            effect=Effect(key=change.key, scope=change.scope, fields=_shown(own)),
        )

    def _plant(self, common: Call, step: Step) -> Call:
        """By its path, since what it lies in is new as well (OC-R110)."""
        change = step.piece.change
        return replace(
            common,
            phase=Phase.CREATE,
            body={"dataType": self.word, "path": _path(step.path), "type": "createPath"},
            summary=f"create {self.kind.name} {spoken(change.key)}",
            effect=Effect(key=change.key, scope=change.scope),
        )

    def _values(self, common: Call, step: Step) -> Call:
        """The values of what was made by its path, as soon as a reading tells its id."""
        own, into, tid = _own(step.piece), step.piece.into, self._find(step.path)
        above: JsonObject = _beneath(into)
        if into.startswith("$"):
            above = {"parent": self._find(step.path[:-1])}
        return replace(
            common,
            args={"id": tid},
            after=common.after | {self.reading},
            body={"tid": tid, **above, "name": step.values[PLAIN], **_vals(own)},
            summary=f"update {self.kind.name} {spoken(step.piece.change.key)}",
            effect=Effect(fields=_shown(own)),
        )

    def _find(self, path: Sequence[str]) -> JsonObject:
        key: list[Json] = list(path[1:])
        return {"$find": {"read": self.reading, "key": key, "scope": [path[0]]}}

    def _update(self, common: Call, step: Step) -> Call:
        """By its id, with the parent that it has just then, and the name (OC-R111)."""
        one, name = step.piece, step.values.get(PLAIN, "")
        live = one.change.live
        own = _own(one)
        renamed = live is not None and live.fields.get("name") != name
        was = spoken(live.key) if live else ""
        return replace(
            common,
            body={"tid": one.name, **_beneath(step.lies), "name": name, **_vals(own)},
            summary=f"rename {self.kind.name} {was} to {name}" if renamed else f"update {self.kind.name} {was}",
            effect=Effect(fields={**({"name": name} if renamed else {}), **(_shown(own) if one.more else {})}),
        )

    def move(self, common: Call, step: Step) -> Call:
        """Never over anything; to what is new by its path, right beneath the RNC by that of the RNC (OC-R112)."""
        into = step.piece.into
        meta: JsonObject = {"destinationDirTid": into}
        effect = Effect(fields={"parent": into})
        if into.startswith("$"):
            known = into in self.forest.by_name
            meta = (
                {"destinationDirPath": _path(step.path[:-1])}
                if known
                else {"destinationDirTid": {"$id": into[1:]}}
            )
            effect = Effect(key=list(step.path[1:]))
            common = replace(common, verify=step.path == step.piece.path)
        elif into.startswith("/"):
            meta, effect = {"destinationDirPath": f"{into}/"}, Effect(fields={"parent": ROOT})
        return replace(
            common,
            phase=Phase.CHANGE,
            body={
                "dataType": self.word,
                "tid": step.piece.name,
                "type": "move",
                "meta": {**meta, "overwrite": "false"},
            },
            summary=f"move {self.kind.name} {spoken(list(step.piece.old_path[1:]))} to {_path(step.path[:-1])}",
            effect=effect,
        )


def _own(one: Piece) -> JsonObject:
    """All declared custom values."""
    found = one.change.wire.get(OWN_VALUES)
    return found if isinstance(found, dict) else {}


def _beneath(lies: str) -> JsonObject:
    """What a directory lies in, as a persist says it: its RNC, or the directory above."""
    if lies.startswith("/"):
        return {"rnc": lies[1:]}
    return {"parent": {"$id": lies[1:]} if lies.startswith("$") else lies}


def _vals(own: JsonObject) -> JsonObject:
    return {"vals": wire(own)} if own else {}


def _shown(own: JsonObject) -> JsonObject:
    return {OWN_VALUES: own} if own else {}


def _path(names: Sequence[str]) -> str:
    """With the RNC, as the server writes paths."""
    return "/" + spoken(list(names))
