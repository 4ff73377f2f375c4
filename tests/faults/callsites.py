"""Every call that a kind can make: what the kind files say, and every path that stands in a provider's modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from reconciler.model.kind import Kind, WriteCall
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.twins.core.routes import HOLE, Found
from tests.world import PROVIDERS, TWINS, catalog

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ASIDE = ("probe", "endpoints", "notation", "_import")
"""Modules that name calls for something else than a run: of the doctor, of imports; a list of names."""
_CALL = re.compile(rf"(?:({'|'.join(METHODS)}) )?((?:/[^/ ]+)+)")


@dataclass(frozen=True, slots=True, order=True)
class CallSite:
    """A call as the API names it: `path` with `{}` for each id; `method` empty where a module does not say it
    beside the path; `kind` empty where it stands in a module."""

    target: str
    kind: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.target} {self.kind or 'module'}: {self.method or '*'} {self.path}"


@cache
def of_files() -> frozenset[CallSite]:
    """What the `x-rest` words of all kinds name."""
    every = catalog()
    return frozenset(
        CallSite(target, kind.name, method, shape(target, method, path))
        for target, provider in PROVIDERS.items()
        for kind in every.of(provider)
        for method, path in map(_split, _calls(kind))
    )


@cache
def of_modules() -> frozenset[CallSite]:
    """Every text in a provider's modules that is a path of its API, alone or behind a method, or an operation's
    name."""
    return frozenset(
        CallSite(target, "", method, path)
        for target, provider in PROVIDERS.items()
        for module in _modules(provider)
        for method, said in _said(module)
        if (path := shape(target, method, said))
    )


def shape(target: str, method: str, path: str) -> str:
    """The path of the API's own operation, `{}` for each id; empty where there is none. Method empty: any."""
    steps = tuple(path.removeprefix("/").split("/"))
    found = (TWINS[target].routes.find(one, steps) for one in ((method,) if method else METHODS))  # type: ignore[attr-defined]
    paths = [re.sub(r"\{[^}]*\}", HOLE, one.route.path) for one in found if isinstance(one, Found)]
    return min(paths, key=lambda p: p.count(HOLE), default="")


def _calls(kind: Kind) -> Iterator[str]:
    rest = kind.rest
    yield from ([rest.list.call] if rest.list is not None else [])
    yield from ([rest.read] if rest.read else [])
    sets = [call for one in rest.sets.values() for call in (one.add, one.change, one.remove)]
    yield from (
        call.call for call in (rest.create, rest.update, rest.delete, *sets) if isinstance(call, WriteCall)
    )


def _split(call: str) -> tuple[str, str]:
    method, _, path = call.rpartition(" ")
    return method, path


def _modules(provider: str) -> Iterator[ModuleType]:
    package = import_module(f"reconciler.providers.{provider.replace('-', '_')}")
    for module in iter_modules(package.__path__):
        if not any(part in module.name for part in ASIDE):
            yield import_module(f"{package.__name__}.{module.name}")


def _said(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Method (may be empty) and path of every text in the module that looks like one."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        text = _folded(node, module)
        if found := _CALL.fullmatch(ENDPOINTS.get(text, text)):
            yield found[1] or "", found[2]


def _folded(node: ast.AST, module: ModuleType) -> str:
    """A text as it is when the module is loaded, `{}` for what is not known then."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_folded(part, module) for part in parts)
        case ast.FormattedValue(value=ast.Name(id=name)) | ast.Name(id=name):
            value = getattr(module, name, HOLE)
            return value if isinstance(value, str) else HOLE
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _folded(left, module) + _folded(right, module)
        case _:
            return HOLE
