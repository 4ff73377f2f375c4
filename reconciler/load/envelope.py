"""Whose document is it: the kind, the target and so the address, of whatever stands in `apiVersion`, `kind` and
`metadata`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.load.explain import Where
from reconciler.load.nearest import did_you_mean, listed, nearest
from reconciler.model.document import Address, Target
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.lazily import names
from reconciler.model.place import Problem, SpecPath
from reconciler.model.record import Record

VERSION: Final = "v1"
LONGEST_NAME: Final = 1_000
"""A longer name is no address: the schema refuses it, and no message repeats it."""


class Identity(Record, frozen=True):
    """As much as could be found out, with the problems of finding out. `refused`: it is of a kind that cannot be
    managed, and there is no more to be said."""

    kind: Kind | None = None
    address: Address | None = None
    problems: tuple[Problem, ...] = ()
    refused: bool = False


def identify(
    value: JsonObject,
    where: Where,
    kinds: Mapping[tuple[str, str], Kind],
    targets: Mapping[str, Target],
    refused: Mapping[tuple[str, str], Kind],
) -> Identity:
    """The kind and address of a document. What the envelope's schema reports by itself is not reported here."""
    problems: list[Problem] = []
    provider = _provider(value, where, kinds, problems)
    if (never := refused.get((provider or "", str(value.get("kind"))))) is not None:
        return _refused(value, where, never, targets)
    kind = _kind(value, where, kinds, provider, problems) if provider else None
    metadata = value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    target = _target(metadata, where, provider, targets, problems) if provider else None
    name = metadata.get("name")
    if kind is None or target is None or not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        return Identity(kind, None, tuple(problems))
    return Identity(kind, Address(target, kind.name, name), tuple(problems))


def _refused(value: JsonObject, where: Where, kind: Kind, targets: Mapping[str, Target]) -> Identity:
    """One problem says it all. The address keeps names that lead elsewhere from being taken for unread."""
    text = f"{kind.provider}/{kind.name} cannot be managed: {kind.refused}"
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    target = metadata.get("target") if isinstance(metadata, dict) else None
    serving = sorted(t.name for t in targets.values() if t.provider == kind.provider)
    at = target if isinstance(target, str) else next(iter(serving), "")
    address = Address(at, kind.name, name) if at and isinstance(name, str) and name else None
    one = Problem(where.positions.nearest(("kind",)), text, rule="refused")
    return Identity(None, address, (one,), refused=True)


def _provider(
    value: JsonObject, where: Where, kinds: Mapping[tuple[str, str], Kind], problems: list[Problem]
) -> str | None:
    written = value.get("apiVersion")
    if not isinstance(written, str) or written.count("/") != 1:
        return None
    provider, version = written.split("/")
    known = sorted({p for p, _ in names(kinds)})
    if written == "reconciler/v1" and value.get("kind") == "Project":
        text, hint = "a project file does not stand among the manifests", "it is reconciler.yaml, above them"
    elif provider not in known:
        near, choices = nearest(provider, known), [f"{p}/{VERSION}" for p in known]
        text = f"unknown provider '{provider[:60]}'"
        hint = f"did you mean '{near}/{VERSION}'?" if near else f"known: {listed(choices)}"
    elif version != VERSION:
        text, hint = f"'{version[:60]}' is no version of {provider}", f"write {provider}/{VERSION}"
    else:
        return provider
    problems.append(where.problem(("apiVersion",), text, hint, rule="provider"))
    return None


def _kind(
    value: JsonObject,
    where: Where,
    kinds: Mapping[tuple[str, str], Kind],
    provider: str,
    problems: list[Problem],
) -> Kind | None:
    name = value.get("kind")
    if not isinstance(name, str) or not name:
        return None
    kind = kinds.get((provider, name))
    if kind is None:
        problems.append(
            where.problem(
                ("kind",), f"{provider} has no kind '{name[:60]}'", _kind_hint(name, provider, kinds), rule="kind"
            )
        )
    elif kind.source:
        article = "an" if name[0] in "AEIO" else "a"
        text = f"{article} {name} cannot be declared: it is only read, so that others can refer to it"
        problems.append(where.problem(("kind",), text, kind.refused or "remove the document", rule="source"))
    return kind


def _kind_hint(name: str, provider: str, kinds: Mapping[tuple[str, str], Kind]) -> str:
    others = sorted(p for (p, n), kind in kinds.items() if n == name and not kind.source)
    if others:
        return f"{name} is a kind of {others[0]}/{VERSION}"
    known = sorted(n for (p, n), kind in kinds.items() if p == provider and not kind.source)
    return did_you_mean(name, known, f"known: {listed(known)}")


def _target(
    metadata: Mapping[str, Json],
    where: Where,
    provider: str,
    targets: Mapping[str, Target],
    problems: list[Problem],
) -> str | None:
    serving = sorted(t.name for t in targets.values() if t.provider == provider)
    named = metadata.get("target")
    if named is None and len(serving) == 1:
        return serving[0]
    path: SpecPath = ("metadata", "target")
    if named is None and serving:
        text, hint = f"which target? several serve {provider}", f"add `target:` with one of {listed(serving)}"
    elif not serving:
        text, hint = f"no target of the project serves {provider}", "add one to reconciler.yaml"
        path = ("apiVersion",) if named is None else path
    elif not isinstance(named, str) or named in serving:
        return named if isinstance(named, str) else None
    elif named in targets:
        text = f"the target '{named}' is of {targets[named].provider}, this document of {provider}"
        hint = f"known: {listed(serving)}"
    else:
        text, hint = f"unknown target '{named[:60]}'", did_you_mean(named, serving, f"known: {listed(serving)}")
    problems.append(where.problem(path, text, hint, rule="target"))
    return None
