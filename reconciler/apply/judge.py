"""What an answer proves, and what it tells the ledger. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reconciler.model.call import Request, quoted
from reconciler.model.entries import entry_text
from reconciler.model.json import Json, JsonObject, Missing, agrees, pick
from reconciler.model.outcome import Fact
from reconciler.model.plan import Call, Phase, Role
from reconciler.model.values import Riders, resolved, told_at


def request_of(call: Call, results: Mapping[str, Mapping[str, Json]], riders: Riders | None = None) -> Request:
    """The call with everything known filled in, its path percent-encoded (OA-R10). Raises KeyError where an
    answer it needs is not known."""
    path = call.path
    for name, value in call.args.items():
        path = path.replace("{" + name + "}", quoted(str(resolved(value, results))))
    query = tuple((k, str(resolved(v, results, riders))) for k, v in call.query.items())
    body = resolved(call.body, results, riders)
    return Request(
        call.target, call.method, path, query, body, safe=harmless(call), media=call.media, repeat=call.repeat
    )


def harmless(call: Call) -> bool:
    """Whether the request changes nothing: it may be repeated, and is never in doubt."""
    return call.role in (Role.GATE, Role.FIND) or call.method == "GET"


def creates(call: Call) -> bool:
    """Whether a thing comes about by this call that was not there before."""
    return call.phase is Phase.CREATE and call.set_field is None and not harmless(call)


def differences(
    call: Call, body: Json, results: Mapping[str, Mapping[str, Json]], riders: Riders | None = None
) -> list[str]:
    """What the answer shows otherwise than planned, in a sentence each. Numbers and texts compare as JSON; names
    whose case the server may keep are looked at again by a reading. A pointer may name several places, `a|b`: the
    first that is in the answer counts."""
    said = []
    for places, value in call.expect.items():
        pointer = _place(body, places)
        found, wanted = pick(body, pointer.partition("/*")[0]), resolved(value, results, riders)
        if isinstance(found, Missing):
            said.append(f"{pointer} is not in it")
        elif not agrees(body, pointer, wanted):
            hidden = call.sink is not None and pointer.startswith(call.sink.at)
            said.append(f"{pointer} is {'something else' if hidden else _brief(found)}, not {_brief(wanted)}")
    return said


def _place(body: Json, places: str) -> str:
    first, *others = places.split("|")
    found = (at for at in (first, *others) if not isinstance(pick(body, at.partition("/*")[0]), Missing))
    return next(found, first)


LONGEST = 80


def _brief(value: Json) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def answered(call: Call, body: Json, results: Mapping[str, Mapping[str, Json]]) -> bool:
    """Whether the answer itself shows what was planned."""
    return not differences(call, body, results)


def facts(
    call: Call, body: Json, results: Mapping[str, Mapping[str, Json]], wanted: Collection[str] = ()
) -> dict[str, Json]:
    """What other calls and the ledger need from a call that worked. `wanted`: pointers that others name."""
    found = _pointed_at(call, body, wanted)
    if call.new_id is not None and (new_id := _new_id(call, call.new_id, body, results)):
        found |= created(call, new_id)
    if call.becomes is not None:
        found[Fact.BECOMES] = call.becomes
        found[Fact.KEY] = call.effect.key
    if call.phase is Phase.DELETE:
        found[Fact.GONE] = True
    if call.once:
        found[Fact.ONCE] = dict(call.once)
    # A fall-back puts back what it takes away; but what was to be added, it adds in another way.
    if call.set_field is not None and (not call.contingent or call.phase is Phase.ADD):
        found |= _entries(call, call.set_field, results)
    return found


def _new_id(call: Call, at: str, body: Json, results: Mapping[str, Mapping[str, Json]]) -> str:
    """As the answer tells it, in the first of the places where it may; `{name}`: what stands in that place of the
    call's own path."""
    if at.startswith("{"):
        return id_text(resolved(call.args[at[1:-1]], results))
    return next((found for place in at.split("|") if (found := id_text(pick(body, place)))), "")


def id_text(value: Json | Missing) -> str:
    """An id as the text we keep and compare: `812` and `"812"` are one; empty for what is no id (OP-R9)."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _pointed_at(call: Call, body: Json, wanted: Collection[str]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for pointer in {*wanted} - {call.new_id}:
        value = pick(body, pointer)
        once_shown = call.sink is not None and (pointer + "/").startswith(call.sink.at + "/")
        if not isinstance(value, Missing) and value is not None and not once_shown:
            found[pointer] = value
    return found


def _entries(call: Call, field: str, results: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
    added: list[Json] = [resolved(i, results) for i, _ in call.effect.present] if call.phase is Phase.ADD else []
    found: dict[str, Json] = {Fact.ADDED: [field, added]} if added else {}
    if call.effect.absent:
        found[Fact.REMOVED] = [field, [resolved(i, results) for i in call.effect.absent]]
    if call.keeps:
        found[Fact.KEPT] = [field, {entry_text(i): dict(call.keeps) for i in call.effect.absent}]
    return found


def said_of_entries(call: Call, told: Mapping[str, JsonObject]) -> dict[str, Json]:
    """The facts of what an answer said of entries, under the names too by which other calls ask for it. The call's
    values are filled in."""
    entries: Json = {i: dict(one) for i, one in told.items()}
    found: dict[str, Json] = {Fact.TOLD: [call.set_field, entries]} if told else {}
    for place, (entry, _) in enumerate(call.effect.present):
        found |= {told_at(place, name): value for name, value in told.get(entry_text(entry), {}).items()}
    return found


def created(call: Call, new_id: str) -> dict[str, Json]:
    """The facts of a create, its id being known."""
    found: dict[str, Json] = {Fact.ID: new_id, Fact.KEY: call.effect.key, Fact.LABEL: label_of(call)}
    if call.new_id is not None:
        found[call.new_id] = new_id
    return found


def label_of(call: Call) -> str:
    """The name for people of the thing that a create makes."""
    return call.summary.removeprefix(f"create {call.kind} ")
