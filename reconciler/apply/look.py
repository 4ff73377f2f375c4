"""Fresh readings during a run, and what they are good for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from reconciler.apply.judge import creates
from reconciler.model.catalog import Catalog, Verbs, Verdict
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.outcome import Fact
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.record import replace
from reconciler.model.shows import Touched, asked_again, find, still_live
from reconciler.model.values import resolved, waiting_for


class Look(Protocol):
    """Read one collection afresh. `group` says for what: `preconditions`, `calls`, `settle` or `verify`."""

    async def __call__(self, demand: Demand, group: str) -> Collection:
        """Raises RemoteFault."""
        ...


class Kinds:
    """The kinds of a plan's targets, and what the plan wants to know of its calls."""

    def __init__(self, catalog: Catalog, plan: Plan) -> None:
        self._catalog = catalog
        self._providers = {t.name: t.provider for t in plan.targets}
        self._readings = {(p.demand.target, p.demand.kind): p for p in plan.preconditions}
        self._keys = {c.address: c.key for p in plan.preconditions for c in p.checks}
        self._trees: dict[tuple[str, str], tuple[str, ...]] = {}
        self._wanted: dict[str, set[str]] = {}
        for call in plan.calls:
            for word, at in waiting_for([dict(call.args), dict(call.query), call.body, dict(call.expect)]):
                if word == "$from":
                    self._wanted.setdefault(str(at["call"]), set()).add(str(at["path"]))

    def of(self, call: Call) -> Kind:
        return self._catalog.kind(self._providers[call.target], call.kind)

    def trees(self, address: Address) -> tuple[str, ...]:
        """The kinds in whose trees things lie beneath one of this address."""
        at = (self._providers.get(address.target, ""), address.kind)
        if at not in self._trees:
            every = self._catalog.of(at[0])
            self._trees[at] = tuple(k.name for k in every if k.tree and address.kind in (k.name, k.roots))
        return self._trees[at]

    def wanted(self, call: Call) -> set[str]:
        """Pointers into a call's answer that other calls name."""
        return self._wanted.get(call.id, set())

    def demand(self, call: Call) -> Demand:
        """How the collection of a call is read. A kind that nothing of can be checked beforehand has no reading in
        the plan."""
        found = self._readings.get((call.target, call.kind))
        return found.demand if found else Demand(call.target, call.kind)

    def narrowed(self, call: Call, ids: Sequence[str | None]) -> Demand:
        """The least reading that shows the things with these ids, of the kind of this call. Where one has no id
        yet, the whole reading."""
        found = self._readings.get((call.target, call.kind))
        known = [i for i in ids if i is not None]
        if len(known) < len(ids):
            return self.demand(call)
        return self._verbs(call).narrow(self.of(call), self.demand(call), known, found.requests if found else 1)

    def showing(self, calls: Sequence[Call], ids: Sequence[str | None]) -> Demand:
        """The least reading that shows what these calls of one kind have written, to the things with these ids. Of
        riders, what the list can show."""
        pairs = list(zip(calls, ids, strict=True))
        own = self._verbs(calls[0]).showing
        if own is not None:
            known = [replace(c, live_id=i) for c, i in pairs]
            return own(self.of(calls[0]), self.demand(calls[0]), known)
        touched = [self._touched(listed(self.of(c), c), i) for c, i in pairs]
        return self._asked_again(self.narrowed(calls[0], ids), touched, calls[0])

    def finding(self, call: Call) -> Demand:
        """The reading that tells what is there, and nothing that is asked thing by thing, or before a delete."""
        return replace(self._asked_again(self.demand(call), (), call), removing=False)

    def _asked_again(self, demand: Demand, touched: Sequence[Touched], call: Call) -> Demand:
        return asked_again(self.of(call), demand, touched)

    def _touched(self, call: Call, own: str | None) -> Touched:
        """By its id, and by the keys it has or had."""
        keys = (k for k in (call.effect.key, self._keys.get(call.address)) if k is not None)
        fields = {*call.effect.fields, *([call.set_field] if call.set_field else [])}
        return Touched(own, tuple(keys), frozenset(fields))

    def readings(self, calls: Sequence[Call]) -> list[list[Call]]:
        """Calls of one kind, in the groups that one reading tells of. Their values are filled in. Where a kind
        says itself what shows a write, that reading knows what was sent, also what no plan could name yet; of what
        is made or deleted only the whole reading tells, which would say of the others that they did not happen.
        A kind that is asked for one by one has no whole reading: what was asked for knows nothing of those whose
        place was not there yet."""
        if not calls or self._verbs(calls[0]).showing is None:
            return [[*calls]] if calls else []
        shown = [c for c in calls if self._shown(c)]
        others = [c for c in calls if not self._shown(c)]
        return [group for group in (others, shown) if group]

    def settling(self, calls: Sequence[Call]) -> Demand:
        """The reading that tells whether these calls of one kind have happened. Their values are filled in."""
        own = self._verbs(calls[0]).showing
        if own is not None and all(map(self._shown, calls)):
            return own(self.of(calls[0]), self.demand(calls[0]), calls)
        return self._asked_again(self._settling(calls), [self._touched(c, c.live_id) for c in calls], calls[0])

    def _shown(self, call: Call) -> bool:
        """Whether what its kind says itself to show a write tells of this one."""
        listing = self.of(call).rest.list
        return _stays(call) or (listing is not None and "{" in listing.call)

    def _settling(self, calls: Sequence[Call]) -> Demand:
        if all(c.live_id and c.becomes is None and c.phase not in (Phase.CREATE, Phase.DELETE) for c in calls):
            return self.narrowed(calls[0], [c.live_id for c in calls])
        if not self.of(calls[0]).findable:
            return self.narrowed(calls[0], [c.live_id for c in calls if c.live_id])
        return self.demand(calls[0])

    def settled(self, call: Call, live: Collection) -> bool | None:
        return self._verbs(call).settled(self.of(call), call, live)

    def made(self, call: Call, live: Collection) -> list[Resource]:
        """The live things that may be what a create made, or that have the key which the call is about."""
        return self.begun(call, live) or find(self.of(call), live, call.effect.key, call.effect.scope)

    def begun(self, call: Call, live: Collection) -> list[Resource]:
        """The live things that a create has made at least in part, where its kind can tell."""
        own = self._verbs(call).made
        return own(self.of(call), call, live) if own is not None and creates(call) else []

    def verdicts(self, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:
        return self._verbs(carrier).verdicts(self.of(carrier), carrier, riders, body)

    def told(self, call: Call, body: Json) -> Mapping[str, JsonObject]:
        """What an answer alone says of the entries that a call has written. The call's values are filled in."""
        own = self._verbs(call).told
        return own(self.of(call), call, body) if own is not None and call.set_field is not None else {}

    def _verbs(self, call: Call) -> Verbs:
        return self._catalog.verbs[(self._providers[call.target], call.kind)]


def _stays(call: Call) -> bool:
    """Whether it writes to a thing that is known and is there afterwards."""
    return bool(call.live_id) and call.phase not in (Phase.CREATE, Phase.DELETE)


def thing(kind: Kind, call: Call, live: Collection, result: Mapping[str, Json]) -> Resource | None:
    """The live thing that a call is about, by the id it has now; what was created without an id being told, by its
    key. The call's values are filled in, `result` is what it told."""
    own = result.get(Fact.ID) or result.get(Fact.BECOMES) or call.live_id
    if own is not None:
        return still_live(kind, live, str(own))
    found = find(kind, live, call.effect.key, call.effect.scope) if creates(call) else []
    return found[0] if len(found) == 1 else None


def listed(kind: Kind, call: Call) -> Call:
    """The call; a rider without what only a single read would show of its effect. Where an answer to many says
    that they are done, it stands for that; where it does not, each is read (ST-R49)."""
    if call.carrier is None:
        return call
    fields = {n: v for n, v in call.effect.fields.items() if n not in kind.rest.when}
    return replace(call, effect=replace(call.effect, fields=fields))


def with_values(call: Call, results: Mapping[str, Mapping[str, Json]]) -> Call:
    """The call with its effect's values, and the id of its thing, filled in. What nobody knows yet is left out:
    nothing can be said about it."""
    own, place = call.live_id, _own_place(call)
    if own is None and place in call.args and _known(call.args[place], results):
        own = str(resolved(call.args[place], results))
    effect = call.effect
    present = tuple(
        (resolved(i, results), _filled(wire, results)) for i, wire in effect.present if _known(i, results)
    )
    return replace(
        call,
        args={k: resolved(v, results) if _known(v, results) else v for k, v in call.args.items()},
        live_id=own,
        effect=replace(
            effect,
            fields=_filled(effect.fields, results),
            present=present,
            absent=tuple(resolved(i, results) for i in effect.absent if _known(i, results)),
            scope=tuple(resolved(v, results) if _known(v, results) else None for v in effect.scope),
        ),
    )


def _own_place(call: Call) -> str:
    """Where in the call's path the id of its thing stands, if it does."""
    at = call.new_id or ""
    return at[1:-1] if at.startswith("{") else "id"


def _filled(values: Mapping[str, Json], results: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
    return {k: resolved(v, results) for k, v in values.items() if _known(v, results)}


def _known(value: Json, results: Mapping[str, Mapping[str, Json]]) -> bool:
    """Whether every id to come that a value names is known by now."""
    try:
        return not _promises(resolved(value, results))
    except KeyError:
        return False


def _promises(value: Json) -> bool:
    if isinstance(value, dict):
        return set(value) == {"$id"} or any(map(_promises, value.values()))
    return isinstance(value, list) and any(map(_promises, value))
