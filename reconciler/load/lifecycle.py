"""What `metadata` says about a thing's life, checked against what its kind allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.load.explain import Where, check
from reconciler.load.kinds import PRUNES
from reconciler.load.nearest import did_you_mean, listed
from reconciler.load.sentences import shown
from reconciler.load.validators import Validators
from reconciler.model.document import Lifecycle, Manage
from reconciler.model.json import Json, same
from reconciler.model.kind import REPLACE, Kind
from reconciler.model.place import Problem, SpecPath
from reconciler.model.record import Record

_AT: SpecPath = ("metadata", "lifecycle")


class Metadata(Record, frozen=True):
    """Typed access to a `metadata` that its schema has accepted."""

    node: Mapping[str, Json]

    def below(self, name: str) -> Mapping[str, Json]:
        value = self.node.get(name)
        return value if isinstance(value, dict) else {}

    def text(self, name: str) -> str | None:
        value = self.node.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> dict[str, str]:
        return {k: v for k, v in self.below(name).items() if isinstance(v, str)}

    @property
    def lifecycle(self) -> Lifecycle:
        life = self.below("lifecycle")
        if not life:
            return _USUAL
        on_remove = life.get("onRemove")
        return Lifecycle(
            manage=Manage(str(life.get("manage", Manage.FULL.value))),
            on_remove=on_remove if isinstance(on_remove, str) else None,
            protect=life.get("protect") is True,
            ignore=_words(life.get("ignore")),
            allow=_words(life.get("allow")),
        )


_USUAL: Final = Lifecycle()
"""Of whoever says nothing: one for all of them, since there may be very many."""
_NONE: Final[frozenset[str]] = frozenset()


def _words(value: Json) -> frozenset[str]:
    return frozenset(str(v) for v in value) if isinstance(value, list) else _NONE


def life_problems(
    metadata: Metadata, spec: Mapping[str, Json], kind: Kind, validators: Validators, where: Where
) -> Iterator[Problem]:
    """Everything in `metadata` that contradicts the kind."""
    yield from _removal(metadata.lifecycle, kind, where)
    yield from _ignored(metadata, kind, where)
    yield from _previously(metadata, spec, kind, validators, where)
    yield from _one_identity(metadata, spec, kind, where)
    for token in metadata.below("once"):
        if token not in kind.tokens:
            text = f"{kind.name} knows no one-shot token '{token[:60]}'"
            hint = (
                did_you_mean(token, kind.tokens, f"known: {listed(kind.tokens)}") if kind.tokens else "remove it"
            )
            yield where.problem(("metadata", "once", token), text, hint, rule="once", at_key=True)


def _one_identity(metadata: Metadata, spec: Mapping[str, Json], kind: Kind, where: Where) -> Iterator[Problem]:
    """Where a thing may be found by other fields than its key, exactly one says which it is."""
    if not kind.lookups:
        return
    choices = (kind.key, *kind.lookups)
    given = [f"`{name}`" for name in choices if name in spec] + ["metadata.id"] * (metadata.text("id") is not None)
    if len(given) == 1:
        return
    text = f"{' and '.join(given)} both say which {kind.name} it is" if given else f"which {kind.name} is it?"
    wanted = " or ".join([*(f"`{name}`" for name in choices), "metadata.id"])
    yield where.problem(("spec",), text, f"write exactly one of {wanted}", rule="identity", at_key=True)


def _removal(life: Lifecycle, kind: Kind, where: Where) -> Iterator[Problem]:
    """An `onRemove` stronger than the kind's default needs a second word of consent."""
    wanted = life.on_remove
    if wanted is None:
        return
    if PRUNES.index(wanted) > PRUNES.index(kind.prune.default) and wanted not in life.allow:
        text = f"'{wanted}' goes further than '{kind.prune.default}', the default for a {kind.name}"
        yield where.problem((*_AT, "onRemove"), text, f"add `allow: [{wanted}]` beside it", rule="on-remove")


def _ignored(metadata: Metadata, kind: Kind, where: Where) -> Iterator[Problem]:
    entries = metadata.below("lifecycle").get("ignore")
    open_ = ((n, f) for n, f in kind.fields.items() if not (f.read_only or f.local or f.refused))
    fields = {f"spec.{n}": f for n, f in open_}
    for i, entry in enumerate(entries if isinstance(entries, list) else []):
        path = (*_AT, "ignore", i)
        if entry == f"spec.{kind.key}" and kind.findable:
            text = f"'{entry}' is what a {kind.name} is recognised by; it cannot be ignored"
            yield where.problem(path, text, rule="ignore")
        elif entry not in fields:
            bare = str(entry).split(".", 1)[0] if not str(entry).startswith("spec.") else ""
            near = f"write spec.{bare}" if bare in kind.fields else did_you_mean(entry, fields)
            hint = near or f"known: {listed(fields)}"
            yield where.problem(
                path, f"{shown(entry)} is no field of {kind.name} that can be ignored", hint, rule="ignore"
            )


def _previously(
    metadata: Metadata, spec: Mapping[str, Json], kind: Kind, validators: Validators, where: Where
) -> Iterator[Problem]:
    before = metadata.below("previously")
    path: SpecPath = ("metadata", "previously")
    if before.get("name") is not None and before["name"] == metadata.text("name"):
        yield where.problem((*path, "name"), "is the name it has now", "remove it", rule="previously")
    if "key" not in before:
        return
    if kind.rename not in {"yes", "consent"}:
        text = f"{'an' if kind.name[0] in 'AEIO' else 'a'} {kind.name} cannot be renamed from here"
        anew = "remove it: under another key it is made anew, with `lifecycle.allow: [replace]`"
        remedy = anew if kind.rename == REPLACE else kind.rename
        yield where.problem((*path, "key"), text, remedy, rule="previously", at_key=True)
    elif kind.key not in spec and kind.lookups:
        text = f"changes `{kind.key}`, which is not written"
        yield where.problem((*path, "key"), text, f"write the new `{kind.key}`", rule="previously", at_key=True)
    elif same(before["key"], spec.get(kind.key)):
        yield where.problem((*path, "key"), "is the key it has now", "remove it", rule="previously")
    else:
        below = Where(where.positions, (*where.base, *path, "key"), where.said)
        yield from check(validators.key(kind), before["key"], below)
