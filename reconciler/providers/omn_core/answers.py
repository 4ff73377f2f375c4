"""What the answer to many says of each, and whether a lost one has happened all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from reconciler.model.catalog import Verdict
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.plan import Call, Phase
from reconciler.providers import rest
from reconciler.providers.omn_core.listing import chain


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:  # noqa: ARG001 - the verb's shape
    """Entries with a known id or, for a new keyword, path speak of that one; what nobody claims stands for those
    left over, where that is certain (OC-R6, OC-R7). No text decides anything."""
    entries = pick(body, "/responses/entries")
    said = list(entries) if isinstance(entries, list) else []
    claimed: dict[str, int] = {}
    for claims in (_same_id, _same_path):
        for rider in (r for r in riders if r.id not in claimed):
            free = (n for n, e in enumerate(said) if n not in claimed.values() and claims(rider, e))
            if (at := next(free, None)) is not None:
                claimed[rider.id] = at
    found = {r.id: _verdict(r, said[claimed[r.id]]) for r in riders if r.id in claimed}
    left = [r for r in riders if r.id not in claimed]
    rest_of_it = [e for n, e in enumerate(said) if n not in claimed.values()]
    agrees = all(riders[n].id == i for i, n in claimed.items()) and not any(map(_named, rest_of_it))
    in_order = len(said) == len(riders) and agrees
    return found | _left_over(left, rest_of_it, in_order=in_order)


def _left_over(left: Sequence[Call], entries: Sequence[Json], *, in_order: bool) -> dict[str, Verdict]:
    """Each its own where there is one of each, or all others came in the order sent; else as many errors as
    keywords say that none was done, and as many successes that all were."""
    texts = "; ".join(dict.fromkeys(map(_text, entries)))
    if len(left) != len(entries):
        return {r.id: Verdict(None, texts) for r in left}
    own = {r.id: _verdict(r, e) for r, e in zip(left, entries, strict=True)}
    if in_order or len(left) == 1 or all(v.done for v in own.values()):
        return own
    if all(v.done is False for v in own.values()):
        return {i: replace(v, message=texts) for i, v in own.items()}
    return {r.id: Verdict(None, texts) for r in left}


def _named(entry: Json) -> bool:
    """Whether it says whom it speaks of, or of whose parent."""
    return isinstance(entry, dict) and bool(entry.keys() & {"id", "path"})


def _same_id(rider: Call, entry: Json) -> bool:
    return rider.phase is not Phase.CREATE and pick(rider.body, "/id") == pick(entry, "/id")


def _same_path(rider: Call, entry: Json) -> bool:
    """Only a success tells the path of what was made; an error may tell that of the keyword above it."""
    done = rider.phase is Phase.CREATE and pick(entry, "/status") in ("SUCCESS", "WARNING")
    return done and pick(entry, "/path") in rider.args.values()


def _verdict(rider: Call, entry: Json) -> Verdict:
    status, issues = pick(entry, "/status"), pick(entry, "/issues")
    if status == "SUCCESS" and not issues:
        return Verdict(True, _text(entry))
    if status == "ERROR" or rider.phase is not Phase.CREATE:
        return _refused(rider, _text(entry))
    return Verdict(None, _text(entry))  # made, but not as it was sent: to be looked at, never to be made again


def _refused(rider: Call, text: str) -> Verdict:
    """Of a delete nobody knows yet: what is gone is refused too (OC-R28)."""
    return Verdict(None if rider.phase is Phase.DELETE else False, text)


def _text(entry: Json) -> str:
    """The server's words."""
    told = [pick(entry, "/description"), pick(entry, "/issues/0/description")]
    return "; ".join(t for t in told if isinstance(t, str) and t) or "refused without a word"


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A new keyword is there if one of its value lies where it was sent to, wherever that may be by now: other
    keywords of the same request change the paths (OC-R32). All else is absolute."""
    if call.phase is not Phase.CREATE:
        return rest.settled(kind, call, live)
    found = [r for r in live.resources if _is_it(call)(r)] or [
        r for r in live.resources if r.key == call.effect.key
    ]
    if len(found) > 1:
        return None
    return True if found else (False if live.proof.complete else None)


def _is_it(call: Call) -> Callable[[Resource], bool]:
    value, parent, path = (pick(call.body, at) for at in ("/name/itm/0", "/parentId", "/parentPath"))
    if isinstance(parent, str):
        return lambda one: one.parent == parent and one.fields.get("value") == value
    above = chain(path[1:]) if isinstance(path, str) and path != "/" else ()
    return lambda one: one.placed and chain(one.key) == (*above, value)
