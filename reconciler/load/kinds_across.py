"""Whether what a kind's schema says of other kinds leads to any."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reconciler.load.access_words import access_problems
from reconciler.load.nesting import nested_problems
from reconciler.load.schema_file import SchemaFile
from reconciler.model.kind import Field, Kind
from reconciler.model.place import SpecPath


def across(source: SchemaFile, kind: Kind, kinds: Mapping[tuple[str, str], Kind]) -> None:
    """References lead to kinds of the same provider."""
    here = (one for (provider, _), one in kinds.items() if provider == kind.provider)
    known = [one.name for one in here if one.source or not one.refused]
    for name, field in kind.fields.items():
        below = ("items", "properties") if "array" in field.type else ("properties",)
        subs: dict[SpecPath, Field] = {("properties", name, *below, n): sub for n, sub in field.entries.items()}
        for at, one in {("properties", name): field, **subs}.items():
            for word, other in (("x-ref", one.ref), ("x-mentions", one.mentions)):
                if other:
                    source.one_of(other, known, (*at, word))
        _names_known(source, field, known, ("properties", name))
    nested_problems(source, kind, kinds)
    access_problems(source, kind, known)
    _others_known(source, kind, kinds, known)
    if kind.name in _scopes(kind, kinds):
        source.say(("x-key",), f"a {kind.name} would be singled out by a {kind.name}")
    if kind.name in _closure(kind, lambda one: _read_before(one, kinds), kinds):
        source.say(("x-rest",), f"a {kind.name} would be read after a {kind.name}")


def _others_known(
    source: SchemaFile, kind: Kind, kinds: Mapping[tuple[str, str], Kind], known: Sequence[str]
) -> None:
    """Whether each word of a kind that names others leads to one that can be meant."""
    others = [one for one in known if one != kind.name]
    for followed, by in kind.follows.items():
        source.one_of(followed, others, ("x-follows",))
        source.one_of(by, ["", *kind.fields], ("x-follows", followed))
    if kind.makes:
        source.one_of(kind.makes, known, ("x-makes",))
    if kind.roots:
        source.one_of(kind.roots, others, ("x-tree",))
    if kind.joins:
        source.one_of(kind.joins, [one for one in others if not kinds[kind.provider, one].joins], ("x-joins",))
    for after in kind.rest.list.after if kind.rest.list else ():
        source.one_of(after, known, ("x-rest", "list", "after"))


def _names_known(source: SchemaFile, field: Field, known: Sequence[str], at: SpecPath) -> None:
    """Whether each `x-names` leads to a kind, however deep it stands."""
    if field.names:
        source.one_of(field.names, known, (*at, "x-names"))
    below = ("items", "properties") if "array" in field.type else ("properties",)
    for name, sub in field.entries.items():
        _names_known(source, sub, known, (*at, *below, name))


def _read_before(kind: Kind, kinds: Mapping[tuple[str, str], Kind]) -> set[str]:
    """The kinds whose reading comes first: those it is read after, and those whose things may be made anew and
    mention one of it, which is asked for then."""
    here = [one for (provider, _), one in kinds.items() if provider == kind.provider and one.name != kind.name]
    mention = {one.name for one in here if one.remade and kind.name in _mentioned(one)}
    return mention | {*(kind.rest.list.after if kind.rest.list else ())}


def _mentioned(kind: Kind) -> set[str]:
    return {one.mentions for one in kind.fields.values() if one.mentions is not None}


def _scopes(kind: Kind, kinds: Mapping[tuple[str, str], Kind]) -> set[str]:
    """The kinds that a kind's scope refers to, and those that theirs do."""

    def refs(one: Kind) -> set[str]:
        return {ref for name in one.scope if name in one.fields and (ref := one.fields[name].ref)}

    return _closure(kind, refs, kinds)


def _closure(kind: Kind, of: Callable[[Kind], set[str]], kinds: Mapping[tuple[str, str], Kind]) -> set[str]:
    """Whatever a kind leads to, and what those lead to."""
    found: set[str] = set()
    waiting = [kind]
    while waiting:
        more = of(waiting.pop()) - found
        found |= more
        waiting += [kinds[kind.provider, ref] for ref in sorted(more) if (kind.provider, ref) in kinds]
    return found
