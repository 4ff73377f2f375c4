"""What a hold holds: a call, whatever has no use without it, and a request all of whose riders stay behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from reconciler.model.change import Value
from reconciler.model.document import Address
from reconciler.model.plan import Call, Role
from reconciler.model.record import replace

CARRIED: Final = ("$riders", "$count")
"""Words that stand for what goes along in the request they name."""


def carriers_named(call: Call) -> set[str]:
    """The requests whose riders a call's body or expectation speaks of."""
    return {str(at) for value in (call.body, dict(call.expect)) for at in _carried(value)}


def _carried(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        for word, at in value.items():
            if len(value) == 1 and word in CARRIED:
                yield at
            else:
                yield from _carried(at)
    for item in value if isinstance(value, list) else []:
        yield from _carried(item)


def with_holds(calls: Sequence[Call], own: Callable[[Call], Iterable[str]]) -> dict[str, Call]:
    """Every call by its id, held by its own rules and by `depends on <id>` for every held call that it has no
    use without: those it comes after, the one whose refusal triggers it, and the writes to its own object; and
    a request that carries others, or its preview, where all of them are held."""
    objects: dict[Address, list[str]] = {}
    carriers = {c.carrier for c in calls}
    for call in calls:
        if call.set_field is None and call.role is Role.WRITE and call.id not in carriers:
            objects.setdefault(call.address, []).append(call.id)
    rules = {c.id: tuple(own(c)) for c in calls}
    held = {i for i, found in rules.items() if found}
    before = {c.id: _useless_without(c, objects.get(c.address, [])) & rules.keys() for c in calls}
    riders: dict[str, set[str]] = {}
    for call in calls:
        if call.carrier is not None:
            riders.setdefault(call.carrier, set()).add(call.id)
    carries = {c.id: {r for i in carriers_named(c) for r in riders.get(i, ())} for c in calls}
    _spread(held, before, carries)
    before = {i: needed | (carries[i] if carries[i] <= held else set()) for i, needed in before.items()}
    depends = {i: tuple(f"depends on {n}" for n in sorted(needed & held, key=int)) for i, needed in before.items()}
    return {c.id: replace(c, held=rules[c.id] + depends[c.id]) for c in calls}


def _useless_without(call: Call, objects: Sequence[str]) -> set[str]:
    return {*call.after, *objects, *([call.trigger.refused] if call.trigger else [])} - {call.id}


def _spread(
    held: set[str], before: Mapping[str, AbstractSet[str]], carries: Mapping[str, AbstractSet[str]]
) -> None:
    """Add to `held` what has no use without one that is in it (`before`), and what carries nothing but such; and
    so on, each looked at once."""
    useless: dict[str, list[str]] = {}
    carriers: dict[str, list[str]] = {}
    for found, by in ((before, useless), (carries, carriers)):
        for call_id, others in found.items():
            for other in others:
                by.setdefault(other, []).append(call_id)
    going = {i: len(riders) for i, riders in carries.items()}
    left = list(held)
    while left:
        here = left.pop()
        fresh = [*useless.get(here, ())]
        for carrier in carriers.get(here, ()):
            going[carrier] -= 1
            fresh += [carrier] if not going[carrier] else []
        left += dict.fromkeys(i for i in fresh if i not in held)
        held.update(fresh)
