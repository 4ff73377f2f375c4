"""What each API is like: URL, headers, error words, and per kind the functions that its schema alone cannot give.

Holds: pure functions and values, one folder per provider, one module per kind that has oddities.
Never: sends anything, reads files, knows other rooms, or looks at a twin: both are readings of one reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from re import sub

from reconciler.model.catalog import Catalog, Provider, Verbs
from reconciler.model.kind import Kind
from reconciler.providers import rest

# fmt: off
VERBS = (
    "check", "reads", "parse", "same", "calls", "bound", "settled", "details", "narrow", "review", "verdicts",
)
# fmt: on


def catalog(kinds: Iterable[Kind]) -> Catalog:
    """The catalog of these kinds: a kind's module replaces the verbs it defines, the schema gives the rest."""
    known = {(k.provider, k.name): k for k in kinds}
    return Catalog(known, {at: _verbs(kind) for at, kind in known.items()}, providers())


def providers() -> dict[str, Provider]:
    """Every provider that has a folder here, by its name."""
    folders = (m.name for m in iter_modules(__path__) if m.ispkg and m.name != "rest")
    found = (import_module(f"{__name__}.{folder}").PROVIDER for folder in folders)
    return {p.name: p for p in found}


def _verbs(kind: Kind) -> Verbs:
    name = f"{__name__}.{kind.provider.replace('-', '_')}.{_snake(kind.name)}"
    if find_spec(name) is None:
        return rest.VERBS
    module = import_module(name)
    found = {verb: getattr(module, verb, getattr(rest.VERBS, verb)) for verb in VERBS}
    return Verbs(**found, showing=getattr(module, "showing", None))


def _snake(name: str) -> str:
    return sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
