"""The numbers of all calls, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reconciler.model.change import Value
from reconciler.model.holding import CARRIED
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.plan.promised import mapped


def numbered(calls: Sequence[Call]) -> list[Call]:
    """The calls under their numbers, from 1."""
    names = {call.id: str(n) for n, call in enumerate(calls, 1)}

    def rename(value: Value) -> Value:
        if isinstance(value, dict):
            [word] = value if len(value) == 1 else [""]
            source = value.get(word)
            if word in ("$from", "$find") and isinstance(source, dict):
                at = "call" if word == "$from" else "read"
                return {word: {**{k: rename(v) for k, v in source.items()}, at: names[str(source[at])]}}
            if word in CARRIED:
                return {word: names[str(source)]}
            return {k: rename(v) for k, v in value.items()}
        return [rename(v) for v in value] if isinstance(value, list) else value

    sets: dict[frozenset[str], frozenset[str]] = {}  # what many wait for in common stays one set

    def known(ids: frozenset[str]) -> frozenset[str]:
        if ids not in sets:
            sets[ids] = frozenset(names[i] for i in ids if i in names)
        return sets[ids]

    return [_renamed(mapped(call, rename), names, known) for call in calls]


def _renamed(call: Call, names: Mapping[str, str], known: Callable[[frozenset[str]], frozenset[str]]) -> Call:
    trigger = call.trigger
    return replace(
        call,
        id=names[call.id],
        after=known(call.after),
        waits=known(call.waits),
        follows=known(call.follows),
        carrier=names[call.carrier] if call.carrier else None,
        trigger=replace(trigger, refused=names[trigger.refused], chain=names.get(trigger.chain or ""))
        if trigger
        else None,
    )
