"""What an answer says of each directory, and whether one was made though it was lost, or does not say
(OC-R114)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reconciler.model.catalog import Verdict
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core import answers
from reconciler.providers.omn_core.listing import chain

NOT_READY: Final = "File Management Synchronizer error"
LATER: Final = "the file system was not ready: retry later"


def verdicts(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:
    """As of every kind; a file system that fails is told as what it is. No text decides anything (OC-R119)."""
    found = answers.verdicts(kind, carrier, riders, body)
    return {i: replace(v, message=_told(v)) for i, v in found.items()}


def _told(verdict: Verdict) -> str:
    said = verdict.message
    return f"{said} ({LATER})" if NOT_READY in said and verdict.done is not True else said


def made(kind: Kind, call: Call, live: Collection) -> list[Resource]:  # noqa: ARG001 - the verb's shape
    """Those of its name where it was sent to, or where it is to be in the end: others of the same plan change its
    path."""
    return [r for r in live.resources if _is_it(call)(r)] or [
        r for r in live.resources if (r.key, r.scope) == (call.effect.key, tuple(call.effect.scope))
    ]


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A new directory is there if exactly one may be it. All else is absolute: values that no list shows are sent
    again."""
    if call.phase is not Phase.CREATE:
        return answers.settled(kind, call, live) is True
    found = made(kind, call, live)
    if len(found) > 1:
        return None
    return True if found else (False if live.proof.complete else None)


def _is_it(call: Call) -> Callable[[Resource], bool]:
    name, parent, rnc, path = (pick(call.body, at) for at in ("/name", "/parent", "/rnc", "/path"))
    if isinstance(path, str):
        return lambda one: one.placed and (*one.scope, *chain(one.key)) == tuple(path[1:].split("/"))
    if isinstance(parent, str):
        return lambda one: one.parent == parent and one.fields.get("name") == name
    return lambda one: one.placed and one.scope == (rnc,) and chain(one.key) == (name,)
