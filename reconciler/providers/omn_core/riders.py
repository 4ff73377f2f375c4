"""The calls of a schedule: one request each for many keywords, which ride along in it, and the repair of new
ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.change import Change, Value
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.model.nouns import plural
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.providers.omn_core import listing
from reconciler.providers.omn_core.batch import batch_size
from reconciler.providers.omn_core.carriers import Writer
from reconciler.providers.omn_core.forest import Forest
from reconciler.providers.omn_core.piece import PLAIN, ROOT, Values, pieces
from reconciler.providers.omn_core.schedule import schedule
from reconciler.providers.omn_core.steps import Step


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """At most five kinds of requests, each for as many keywords as the target takes: deletes that free a value, a
    persist, moves, a second persist, deletes; and for every level of new keywords beneath new ones a repair
    (OC-R27 to OC-R31)."""
    forest = Forest(pieces(kind, changes))
    if not forest.pieces:
        return []
    return list(_Writer(kind, forest, schedule(forest), batch_size(changes)).calls())


class _Writer(Writer):
    persist = "/common/keywords/persist"
    perform = "/common/keywords/perform"
    box, naming, word = "kwds", "id", "keyword"

    def calls(self) -> Iterator[Call]:
        yield from self.requests(self.plan.freeing, self.perform)
        yield from self.requests(self.plan.first, self.persist)
        yield from self.requests(self.plan.moves, self.perform)
        yield from self.requests(self.plan.second, self.persist)
        yield from self.requests(self.plan.deletes, self.perform)

    def written(self, common: Call, step: Step) -> Call:
        return self._create(common, step) if step.piece.created else self._update(common, step)

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

    def move(self, common: Call, step: Step) -> Call:
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

    def repairs(self, steps: Sequence[Step], riders: Sequence[Call]) -> Iterator[Call]:
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
        carrier, refused = self.carrier(self.persist, lost[0][0]), str(lost[0][1].carrier)
        find = replace(
            carrier,
            id=f"{carrier.id}:find",
            path=listing.PATH,
            body={"path": "/", "level": listing.WHOLE},
            role=Role.FIND,
            media="json",
            trigger=Trigger(refused, on=On.UNDONE),
            after=frozenset({before} if before else ()),
            summary=f"if any is refused: list the {plural(self.kind.name)}",
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
