"""What an answer proves, and what it tells the ledger. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.call import Request, quoted
from reconciler.model.json import Json, Missing, pick, same
from reconciler.model.outcome import Fact
from reconciler.model.plan import Call, Phase
from reconciler.model.plan_json import resolved


def request_of(call: Call, results: Mapping[str, Mapping[str, Json]]) -> Request:
    """The call with everything known filled in, its path percent-encoded (OA-R10). Raises KeyError where an
    answer it needs is not known."""
    path = call.path
    for name, value in call.args.items():
        path = path.replace("{" + name + "}", quoted(str(resolved(value, results))))
    query = tuple((k, str(resolved(v, results))) for k, v in call.query.items())
    return Request(call.target, call.method, path, query, resolved(call.body, results))


def answered(call: Call, body: Json, results: Mapping[str, Mapping[str, Json]]) -> bool:
    """Whether the answer itself shows what was planned. Numbers and texts compare as JSON; names whose case the
    server may keep are looked at again by a reading."""
    for pointer, wanted in call.expect.items():
        found = pick(body, pointer)
        if isinstance(found, Missing) or not same(found, resolved(wanted, results)):
            return False
    return True


def facts(call: Call, body: Json, results: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
    """What other calls and the ledger need from a call that worked."""
    found: dict[str, Json] = {}
    if call.new_id is not None:
        new_id = pick(body, call.new_id)
        if isinstance(new_id, str) and new_id:
            found |= created(call, new_id)
    if call.becomes is not None:
        found[Fact.BECOMES] = call.becomes
        found[Fact.KEY] = call.effect.key
    if call.phase is Phase.DELETE:
        found[Fact.GONE] = True
    if call.set_field is not None and not call.contingent:  # a fall-back puts back what it takes away
        added: list[Json] = (
            [resolved(i, results) for i, _ in call.effect.present] if call.phase is Phase.ADD else []
        )
        if added:
            found[Fact.ADDED] = [call.set_field, added]
        if call.effect.absent:
            found[Fact.REMOVED] = [call.set_field, [resolved(i, results) for i in call.effect.absent]]
    return found


def created(call: Call, new_id: str) -> dict[str, Json]:
    """The facts of a create, its id being known."""
    return {
        str(call.new_id): new_id,
        Fact.ID: new_id,
        Fact.KEY: call.effect.key,
        Fact.LABEL: call.summary.removeprefix(f"create {call.kind} "),
    }
