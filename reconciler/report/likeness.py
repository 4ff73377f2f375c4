"""Which actions say the same but for the name of the thing, so that one line can stand for many. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reconciler.model.json import Json, Missing, canonical
from reconciler.model.normalise import spoken
from reconciler.model.plan import Action
from reconciler.report.values import value_text


def likeness(action: Action, remarks: Collection[str] = ()) -> str:
    """One text for all actions that differ only in what they are called. `remarks`: what is said of it besides."""
    own = {action.address.name, action.label, action.label.rsplit("/", 1)[-1]}
    fields: list[Json] = [
        [
            f.path[0],
            *("#" if step in own else step for step in f.path[1:]),
            _side(f.before, own),
            _side(f.after, own),
        ]
        for f in action.fields
    ]
    said: list[Json] = [[*action.notes], [*action.effects], [*remarks]]
    shape: Json = [str(action.verb), fields, [str(f.reason) for f in action.fields], said]
    return canonical(shape)


def _side(value: Json | Missing, own: Collection[str]) -> Json:
    if isinstance(value, Missing):
        return "absent"
    if isinstance(value, list) and spoken(value) in own:
        return "#"
    return _own_text(value, own) if isinstance(value, str) else value_text(_nameless(value, own))


def _own_text(text: str, own: Collection[str]) -> str:
    return "#" if text in own else value_text(text)


def _nameless(value: Json, own: Collection[str]) -> Json:
    """The value without the thing's own names, however deep they stand in it."""
    if isinstance(value, Mapping):
        return {k: _nameless(v, own) for k, v in value.items()}
    if isinstance(value, list):
        return [_nameless(v, own) for v in value]
    return _own_text(value, own) if isinstance(value, str) else value
