"""What each API is like: URL, headers, error words, and per kind the functions that its schema alone cannot give.

Holds: pure functions and values, one folder per provider, one module per kind that has oddities.
Never: sends anything, reads files, knows other rooms, or looks at a twin: both are readings of one reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from re import sub
from typing import TYPE_CHECKING, Any

from reconciler.model.catalog import Catalog, Provider, Verbs
from reconciler.model.kind import Kind
from reconciler.model.lazily import Lazily, names
from reconciler.model.record import replace
from reconciler.providers import rest

if TYPE_CHECKING:
    from reconciler.model.doctor import Probes

# fmt: off
VERBS = (
    "check", "reads", "parse", "same", "calls", "bound", "settled", "details", "narrow", "review", "verdicts",
)
# fmt: on
OPTIONAL = ("showing", "guarding", "told", "together", "made", "surely", "sift")
FOR_IMPORT = ("everything", "inquiry", "draft")


def catalog(kinds: Iterable[Kind]) -> Catalog:
    """The catalog of these kinds, as `catalog_as_needed` makes it."""
    return catalog_as_needed({(k.provider, k.name): k for k in kinds})


def catalog_as_needed(every: Mapping[tuple[str, str], Kind]) -> Catalog:
    """The catalog of these kinds: a kind's module replaces the verbs it defines, the schema gives the rest. What
    is refused and not even read is known as that alone. Kinds are taken, and modules imported, when they are first
    asked for."""

    def known(at: tuple[str, str]) -> Kind | None:
        return None if _only_refused(every[at]) else every[at]

    def refused(at: tuple[str, str]) -> Kind | None:
        return every[at] if _only_refused(every[at]) else None

    def verbs(at: tuple[str, str]) -> Verbs | None:
        return None if _only_refused(every[at]) else _verbs(every[at])

    at = tuple(names(every))
    return Catalog(Lazily(at, known), Lazily(at, verbs), providers(), Lazily(at, refused))


def _only_refused(kind: Kind) -> bool:
    return bool(kind.refused) and not kind.source


def providers() -> Mapping[str, Provider]:
    """Every provider that has a folder here, by its name, which is the folder's; imported when it is first asked
    for."""
    folders = {m.name.replace("_", "-"): m.name for m in iter_modules(__path__) if m.ispkg and m.name != "rest"}

    def found(name: str) -> Provider:
        one: Provider = import_module(f"{__name__}.{folders[name]}").PROVIDER
        return one

    return Lazily(sorted(folders), found)


def probes(provider: str) -> Probes:
    """What safe calls can be asked of one provider. Its module is imported here and not before: only `doctor`
    wants it. Raises KeyError for one that does not exist."""
    if provider not in providers():
        raise KeyError(provider)
    found: Probes = import_module(f"{__name__}.{provider.replace('-', '_')}.probes").PROBES
    return found


def for_import(known: Catalog, provider: str) -> Catalog:
    """The catalog with what an import wants to know of one provider's kinds besides. It stands beside a kind's own
    module, as `<kind>_import`, and is imported here and not before."""
    found = {at: _with_import(kind, known.verbs[at]) for at, kind in known.kinds.items() if at[0] == provider}
    return replace(known, verbs={**known.verbs, **found})


def _with_import(kind: Kind, verbs: Verbs) -> Verbs:
    name = f"{__name__}.{kind.provider.replace('-', '_')}.{_snake(kind.name)}_import"
    if find_spec(name) is None:
        return verbs
    module = import_module(name)
    more: dict[str, Any] = {verb: getattr(module, verb, None) for verb in FOR_IMPORT}
    return replace(verbs, **more)


def _verbs(kind: Kind) -> Verbs:
    name = f"{__name__}.{kind.provider.replace('-', '_')}.{_snake(kind.name)}"
    if find_spec(name) is None:
        return rest.VERBS
    module = import_module(name)
    found = {verb: getattr(module, verb, getattr(rest.VERBS, verb)) for verb in VERBS}

    more: dict[str, Any] = {verb: getattr(module, verb, None) for verb in OPTIONAL}
    more["expected"] = getattr(module, "expected", None) or rest.expecting(found["reads"])
    if found["reads"] is rest.reads:
        more["surely"] = more["surely"] or rest.surely
        more["sift"] = more["sift"] or (rest.sift if found["parse"] is rest.parse else None)
    return Verbs(**found, **more)


def _snake(name: str) -> str:
    return sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
