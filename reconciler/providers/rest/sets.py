"""The calls that bring memberships and other sets to what is declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from reconciler.model.change import Change, Entry, Value, Verb
from reconciler.model.document import Address
from reconciler.model.json import canonical
from reconciler.model.kind import Kind, SetCalls, WriteCall
from reconciler.model.plan import Call, Effect, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.providers.rest.bodies import delta_of

PHASES = {"add": Phase.ADD, "change": Phase.CHANGE, "remove": Phase.REMOVE}
OUTSIDE = ", and so outside until the next call"
WORDS = {"add": "add {0} to", "change": "change {0} in", "remove": "remove {0} from"}


def own_id(change: Change) -> Value:
    """The thing's live id, else a promise of the id its create will answer."""
    if change.live is None or change.verb is Verb.REPLACE:
        return {"$id": str(change.address)}
    return change.live.id


def set_calls(kind: Kind, change: Change, objects: Sequence[Call]) -> list[Call]:
    """One call per entry that differs, with the fall-back for a refusal where the schema names one."""
    found: list[Call] = []
    for name in sorted(change.deltas):
        delta = delta_of(change, name)
        endpoints = kind.rest.sets.get(name, SetCalls())
        for verb, entries in (("add", delta.add), ("change", delta.change), ("remove", delta.remove)):
            endpoint: WriteCall | None = getattr(endpoints, verb)
            if endpoint is not None:
                for entry in entries:
                    call = _set_call(kind, change, name, verb, endpoint, entry, objects)
                    found += [call, *_fall_back(kind, change, name, endpoints, endpoint, entry, call, objects)]
    return found


def _set_call(
    kind: Kind,
    change: Change,
    name: str,
    verb: str,
    endpoint: WriteCall,
    entry: Entry,
    objects: Sequence[Call],
) -> Call:
    method, path = endpoint.call.split(" ", 1)
    removing = verb == "remove"
    content = _mapped(endpoint.body if isinstance(endpoint.body, Mapping) else {}, entry)
    moved = next((c.becomes for c in reversed(objects) if c.address == change.address and c.becomes), None)
    return Call(
        id=f"{change.address}#{name}:{verb}:{_text(entry.id)}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        args={"id": moved or own_id(change)},
        query=_mapped(endpoint.query, entry),
        body=content or None,
        phase=PHASES[verb],
        summary=f"{WORDS[verb].format(entry.shown)} {name} of {change.label}",
        expect={} if endpoint.answer is None else {f"{endpoint.answer}/{k}": v for k, v in content.items()},
        effect=Effect(
            set_field=name,
            present=() if removing else ((entry.id, entry.wire),),
            absent=(entry.id,) if removing else (),
        ),
        verify=endpoint.verify == "always",
        live_id=moved or (change.live.id if change.live and change.verb is not Verb.REPLACE else None),
        set_field=name,
        media=endpoint.media,
        repeat=endpoint.repeat,
    )


def _fall_back(
    kind: Kind,
    change: Change,
    name: str,
    endpoints: SetCalls,
    refused: WriteCall,
    entry: Entry,
    call: Call,
    objects: Sequence[Call],
) -> list[Call]:
    """Contingent calls, one after the other, for when the server refuses `call`."""
    chain: list[Call] = []
    for verb in refused.refused:
        endpoint: WriteCall | None = getattr(endpoints, verb)
        if endpoint is not None:
            step = _set_call(kind, change, name, verb, endpoint, entry, objects)
            previous = chain[-1].id if chain else None
            chain.append(
                replace(
                    step,
                    id=f"{call.id}:else:{verb}",
                    role=Role.CONTINGENT,
                    phase=call.phase,
                    trigger=Trigger(call.id, previous),
                    after=frozenset({previous} if previous else ()),
                    summary=f"if refused: {step.summary}{OUTSIDE if _to_return(verb, refused) else ''}",
                )
            )
    return chain


def _to_return(verb: str, refused: WriteCall) -> bool:
    """Whether what this step takes out is put back by a later one."""
    return verb == "remove" and "add" in refused.refused[refused.refused.index(verb) :]


def _mapped(names: Mapping[str, str], entry: Entry) -> dict[str, Value]:
    """Wire name -> the entry's subfield, those that are declared."""
    return {wire: entry.wire[sub] for wire, sub in names.items() if sub in entry.wire}


def _text(value: Value) -> str:
    return value if isinstance(value, str) else canonical(value)


def shift_edges(calls: Iterable[Call]) -> list[Call]:
    """Calls on a thing itself come before those on its sets; removals come last, and what one set gains, another
    loses only afterwards, so that nobody is without access in between."""
    calls = list(calls)
    own: defaultdict[Address, set[str]] = defaultdict(set)
    gains: defaultdict[Address, set[str]] = defaultdict(set)
    joins: defaultdict[tuple[str | None, str], set[str]] = defaultdict(set)
    for call in (c for c in calls if not c.trigger and c.phase < Phase.REMOVE):
        (gains if call.set_field else own)[call.address].add(call.id)
        for entry, _ in call.effect.present if call.phase is Phase.ADD else ():
            joins[call.set_field, _text(entry)].add(call.id)

    def earlier(call: Call) -> set[str]:
        if call.phase is not Phase.REMOVE:
            return own[call.address]
        elsewhere = (joins[call.set_field, _text(entry)] for entry in call.effect.absent)
        return own[call.address].union(gains[call.address], *elsewhere)

    return [replace(c, waits=c.waits | earlier(c)) if c.set_field and not c.trigger else c for c in calls]
