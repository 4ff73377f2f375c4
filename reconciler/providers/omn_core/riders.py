"""The calls of a schedule: one request each for many keywords, which ride along in it, and the repair of new
ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.model.change import Change, Value
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.providers.omn_core import listing
from reconciler.providers.omn_core.forest import Forest
from reconciler.providers.omn_core.piece import PLAIN, ROOT, Values, pieces
from reconciler.providers.omn_core.schedule import Schedule, Step, schedule

PERSIST, PERFORM = "/common/keywords/persist", "/common/keywords/perform"
BATCH = 200
"""Objects in one call, at most (OC-R10, OC-A17)."""


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """At most five kinds of requests, each for up to `BATCH` keywords: deletes that free a value, a persist,
    moves, a second persist, deletes; and for every level of new keywords beneath new ones a repair (OC-R27 to
    OC-R31)."""
    forest = Forest(pieces(kind, changes))
    if not forest.pieces:
        return []
    return list(_Writer(kind, forest, schedule(forest)).calls())


@dataclass(slots=True)
class _Writer:
    kind: Kind
    forest: Forest
    plan: Schedule
    batches: int = 0

    def calls(self) -> Iterator[Call]:
        yield from self._requests(self.plan.freeing, PERFORM)
        yield from self._requests(self.plan.first, PERSIST)
        yield from self._requests(self.plan.moves, PERFORM)
        yield from self._requests(self.plan.second, PERSIST)
        yield from self._requests(self.plan.deletes, PERFORM)

    def _requests(self, steps: Sequence[Step], path: str) -> Iterator[Call]:
        for start in range(0, len(steps), BATCH):
            some = steps[start : start + BATCH]
            carrier = self._carrier(path, some[0])
            yield carrier
            riders = [replace(r, waits=self._relies(s)) for s in some for r in [self._rider(s, carrier)]]
            yield from riders
            yield from self._repairs(some, riders)

    def _carrier(self, path: str, step: Step) -> Call:
        """One request for many. Its place in the plan is after its riders."""
        self.batches += 1
        at = step.piece.change.address
        box = "kwds" if path == PERSIST else "actions"
        name = "(batch)" if self.batches == 1 else f"(batch {self.batches})"
        one = f"{at.target}/{at.kind}#{name}"
        return Call(
            id=one,
            target=at.target,
            kind=self.kind.name,
            address=Address(at.target, at.kind, name),
            method="POST",
            path=path,
            phase=Phase.UPDATE if path == PERSIST else Phase.CHANGE,
            body={box: {"entries": [{"$riders": one}]}},
            media="xml",
            summary=f"{'persist' if path == PERSIST else 'perform'} {self.kind.name}s",
        )

    def _rider(self, step: Step, carrier: Call) -> Call:
        word = step.id.rpartition("#")[2]
        common = Call(
            id=step.id,
            target=carrier.target,
            kind=carrier.kind,
            address=step.piece.change.address,
            method="POST",
            path=carrier.path,
            phase=Phase.UPDATE,
            media="xml",
            after=step.after,
            carrier=carrier.id,
            verify=word != "aside",
            live_id=step.piece.change.live.id if step.piece.change.live else None,
        )
        if word in ("free", "delete"):
            return self._delete(common, step)
        if word == "move":
            return self._move(common, step)
        return self._create(common, step) if step.piece.created else self._update(common, step)

    def _relies(self, step: Step) -> frozenset[str]:
        """The moves into new keywords that are named by a path which this step is to change afterwards."""
        if step.piece.created or all(step is not other for other in self.plan.second):
            return frozenset()
        into_new = (m for m in self.plan.moves if m.piece.into.startswith("$") and m.piece is not step.piece)
        return frozenset(m.id for m in into_new if step.piece in self.forest.above(m.piece))

    def _create(self, common: Call, step: Step) -> Call:
        change = step.piece.change
        return replace(
            common,
            phase=Phase.CREATE,
            args=_echoes(self.forest, step),
            body={**self._above(step), "name": _name(step.values)},
            summary=f"create {self.kind.name} {spoken(change.key)}",
            effect=_shown(Effect(key=change.key), step),
        )

    def _above(self, step: Step) -> JsonObject:
        """By id where the keyword above is live, by path where it is made before in this plan (OC-R24)."""
        into = step.piece.into
        if into == ROOT:
            return {"parentPath": "/"}
        if into in self.forest.by_name and into.startswith("$"):
            return {"parentPath": _path(step.path[:-1])}
        return {"parentId": {"$id": into[1:]} if into.startswith("$") else into}

    def _update(self, common: Call, step: Step) -> Call:
        live, name = step.piece.change.live, step.values.get(PLAIN, "")
        was = spoken(live.key) if live else ""
        renamed = step.piece.was.get(PLAIN) != name
        return replace(
            common,
            body={"id": step.piece.name, "name": _name(step.values)},
            summary=f"rename {self.kind.name} {was} to {name}" if renamed else f"update {self.kind.name} {was}",
            effect=_shown(Effect(fields={"value": name} if renamed else {}), step),
            clobbers=("labels",),
        )

    def _move(self, common: Call, step: Step) -> Call:
        into = step.piece.into
        meta: JsonObject = {"destinationKwdId": into}
        effect = Effect(fields={"parent": into})
        if into.startswith("$"):
            known = into in self.forest.by_name
            meta = (
                {"destinationKwdPath": _path(step.path[:-1])} if known else {"destinationKwdId": {"$id": into[1:]}}
            )
            effect = Effect(key=list(step.path))
            common = replace(common, verify=step.path == step.piece.path)
        elif into == ROOT:
            meta = {"destinationKwdPath": "/"}
        return replace(
            common,
            phase=Phase.CHANGE,
            body={"dataType": "keyword", "id": step.piece.name, "type": "move", "meta": meta},
            summary=f"move {self.kind.name} {'/'.join(step.piece.old_path)} to {_path(step.path[:-1])}",
            effect=effect,
        )

    def _delete(self, common: Call, step: Step) -> Call:
        """After everything beneath it has gone or moved out, whatever the delete would do to that (OC-R28)."""
        leaving = self.forest.leaving(step.piece)
        live = step.piece.change.live
        there = live.contents.get("children") if live else None
        stays = there is None or there > sum(p.out_of == step.piece.name for p in leaving)
        path = "/".join(step.piece.old_path)
        return replace(
            common,
            phase=Phase.DELETE,
            args={"beneath": {"$id": f"a keyword beneath {path}"}} if stays else {},
            after=common.after | {f"{p.change.address}#move" for p in leaving if p.moved},
            body={"dataType": "keyword", "id": step.piece.name, "type": "delete"},
            summary=f"delete {self.kind.name} {'/'.join(step.piece.old_path)}",
            effect=Effect(gone=True),
        )

    def _repairs(self, steps: Sequence[Step], riders: Sequence[Call]) -> Iterator[Call]:
        """For each level of keywords created beneath others in one request: the list once more, then those that
        were refused, by the ids of what is above them (OC-R30)."""
        creators = {s.piece.name: r for s, r in zip(steps, riders, strict=True) if s.piece.created}
        levels: dict[int, list[tuple[Step, Call]]] = {}
        depth: dict[str, int] = {}
        for step, rider in zip(steps, riders, strict=True):
            if step.piece.created:
                depth[step.piece.name] = depth.get(step.piece.into, 0) + 1
                levels.setdefault(depth[step.piece.name], []).append((step, rider))
        before: str | None = None
        for level in sorted(levels)[1:]:
            found = list(self._repair(levels[level], creators, before))
            before = found[1].id
            yield from found

    def _repair(
        self, lost: Sequence[tuple[Step, Call]], creators: dict[str, Call], before: str | None
    ) -> Iterator[Call]:
        """The reading, the request, and what goes along in it. `before`: the repair of the level above."""
        carrier, refused = self._carrier(PERSIST, lost[0][0]), str(lost[0][1].carrier)
        find = replace(
            carrier,
            id=f"{carrier.id}:find",
            path=listing.PATH,
            body={"path": "/", "level": listing.WHOLE},
            role=Role.FIND,
            media="json",
            trigger=Trigger(refused, on=On.UNDONE),
            after=frozenset({before} if before else ()),
            summary=f"if any is refused: list the {self.kind.name}s",
        )
        yield find
        yield replace(
            carrier,
            role=Role.CONTINGENT,
            trigger=Trigger(refused, find.id, On.UNDONE),
            after=frozenset({find.id}),
            summary=f"if any is refused: {carrier.summary}",
        )
        for step, rider in lost:
            above: Json = {"$find": {"read": find.id, "key": list(step.path[:-1]), "scope": []}}
            name = rider.body.get("name") if isinstance(rider.body, dict) else None
            yield replace(
                rider,
                id=f"{rider.id}:again",
                role=Role.CONTINGENT,
                trigger=Trigger(rider.id, find.id, On.UNDONE),
                after=frozenset({find.id, creators[step.piece.into].id}),
                carrier=carrier.id,
                body={"parentId": above, "name": name},
                summary=f"if refused: {rider.summary}",
            )


def _name(values: Values) -> JsonObject:
    """All values of a keyword, the unlocalized one first: what is left out might be taken away (OC-R23)."""
    locales = sorted(locale for locale in values if locale != PLAIN)
    items: list[Json] = [values.get(PLAIN, "")]
    items.extend({"loc": locale, "value": values[locale]} for locale in locales)
    return {"itm": items}


def _shown(effect: Effect, step: Step) -> Effect:
    """The labels it is sent with besides; what others may have added since is nobody's business (OC-A20)."""
    labels = {locale: value for locale, value in step.values.items() if locale != PLAIN}
    present: tuple[tuple[Value, JsonObject], ...] = tuple(
        (locale, {"locale": locale, "text": value}) for locale, value in sorted(labels.items())
    )
    return replace(effect, set_field="labels", present=present) if present else effect


def _path(names: Sequence[str]) -> str:
    return "/" + "/".join(names)


def _echoes(forest: Forest, step: Step) -> JsonObject:
    """The paths by which an answer may speak of a new keyword: as they are, as they were before anything moved,
    and before anything above it was renamed, which may be in the same request (OC-R7)."""
    path = step.piece.path
    above = [forest.by_path.get(path[:n]) for n in range(1, len(path))]
    named = [p.was.get(PLAIN, name) if p else name for p, name in zip(above, path[:-1], strict=True)]
    before = forest.old_place(path[:-1])
    return {"path": _path(step.path), "before": _path((*before, path[-1])), "between": _path((*named, path[-1]))}
