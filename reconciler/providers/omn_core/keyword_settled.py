"""Whether a keyword was made though the answer was lost (OC-R32)."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.json import pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.plan import Call, Phase
from reconciler.providers.omn_core import answers
from reconciler.providers.omn_core.listing import chain


def made(kind: Kind, call: Call, live: Collection) -> list[Resource]:  # noqa: ARG001 - the verb's shape
    """Those of its value where it was sent to, wherever that may be by now: other keywords of the same request
    change the paths."""
    return [r for r in live.resources if _is_it(call)(r)] or [
        r for r in live.resources if r.key == call.effect.key
    ]


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A new keyword is there if exactly one may be it. All else is absolute."""
    if call.phase is not Phase.CREATE:
        return answers.settled(kind, call, live)
    found = made(kind, call, live)
    if len(found) > 1:
        return None
    return True if found else (False if live.proof.complete else None)


def _is_it(call: Call) -> Callable[[Resource], bool]:
    value, parent, path = (pick(call.body, at) for at in ("/name/itm/0", "/parentId", "/parentPath"))
    if isinstance(parent, str):
        return lambda one: one.parent == parent and one.fields.get("value") == value
    above = chain(path[1:]) if isinstance(path, str) and path != "/" else ()
    return lambda one: one.placed and chain(one.key) == (*above, value)
