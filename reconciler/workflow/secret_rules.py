"""The secrets that a plan is about to send, looked at before its first write: whether each can be had, and whether
it is what its field asks for.

A secret is resolved as its request is sent. This is the one exception: `apply` resolves it beforehand too, tries
it on the pattern of its kind's schema (`x-secret-rule`) if there is one, and forgets it. What is said of it is the
place of the reference and why it cannot be had, or the rule; never which part of the rule it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from reconciler.model.catalog import Catalog
from reconciler.model.change import Value
from reconciler.model.document import Address, Desired, Document
from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json
from reconciler.model.kind import Field
from reconciler.model.outcome import End, Outcome
from reconciler.model.place import Place, Problem, SpecPath
from reconciler.model.plan import Plan

Resolve: TypeAlias = "Callable[[Mapping[str, Json]], str]"
"""A reference -> the secret. Raises GuardRefused where there is none to be had."""


def unfit_secrets(
    plan: Plan, desired: Desired, catalog: Catalog, resolve: Resolve, earlier: Mapping[str, Outcome] | None = None
) -> list[Problem]:
    """Every secret that would be sent and cannot be had, or is not what its field asks for, with its place in the
    files. `earlier`: calls that an interrupted run of this plan has done."""
    providers = {t.name: t.provider for t in plan.targets}
    documents = {d.address: d for d in desired.documents}
    done = {i for i, o in (earlier or {}).items() if o.end is End.DONE}
    found: dict[tuple[Address, SpecPath], Problem] = {}
    for call in plan.calls:
        if not call.held and call.id not in done:
            kind, document = catalog.kind(providers[call.target], call.kind), documents.get(call.address)
            for path, field, reference in _sent(kind.fields, call.body, ("spec",)):
                at = call.address, path if field else _written(document, reference) or path
                if at not in found and (wrong := unfit(field, reference, resolve)):
                    found[at] = _problem(at, document, wrong)
    return sorted(found.values())


def unfit(field: Field | None, reference: Mapping[str, Json], resolve: Resolve) -> tuple[str, str] | None:
    """What is wrong with a secret, and what to do; None where it can be sent."""
    rule = field.secret_rule if field else None
    try:
        fits = re.search(rule.pattern if rule else "", resolve(reference)) is not None
    except GuardRefused as error:
        return f"the secret cannot be had: {error}", error.hint
    if fits or rule is None:
        return None
    return f"the secret it refers to is not what it must be: {rule.says}", "change the secret where it is kept"


def _sent(
    fields: Mapping[str, Field], body: Value, path: SpecPath
) -> Iterator[tuple[SpecPath, Field | None, Mapping[str, Json]]]:
    """The secrets of a body, with their paths in the document and their fields, as far as the schema tells them.
    Of the entries of a set, in whatever order they are sent, the set is the place."""
    if isinstance(body, list):
        for one in body:
            yield from _sent(fields, one, path)
    if not isinstance(body, dict):
        return
    named = {field.wire_name: field for field in fields.values()}
    for name, value in body.items():
        field = named.get(name)
        further = (*path, field.name) if field else path
        reference = value.get("$secret") if isinstance(value, dict) else None
        if isinstance(reference, dict):
            yield further, field, reference
        else:
            yield from _sent(field.entries if field else fields, value, further)


def _written(document: Document | None, reference: Mapping[str, Json]) -> SpecPath:
    """Where a document names this very secret; nowhere: ()."""

    def look(node: Json, path: SpecPath) -> SpecPath:
        if node == reference:
            return path
        steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        return next((p for step, value in steps if (p := look(value, (*path, step)))), ())

    return look(dict(document.spec), ("spec",)) if document else ()


def _problem(at: tuple[Address, SpecPath], document: Document | None, wrong: tuple[str, str]) -> Problem:
    address, path = at
    place = document.at(*path) if document else Place("?")
    hint = "; ".join(part for part in ("nothing was sent", wrong[1]) if part)
    return Problem(place, f"{address}: {'.'.join(map(str, path))}: {wrong[0]}", hint, rule="secret")
