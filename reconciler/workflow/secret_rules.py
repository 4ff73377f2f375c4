"""What the secrets that a plan is about to send must be like, looked at before its first write.

A secret is resolved as its request is sent. This is the one exception: where a kind's schema says what a secret
must be like (`x-secret-rule`), `apply` resolves it beforehand too, tries it on the pattern and forgets it. What is
said of it is the place of the reference and the rule, never which part of the rule it breaks."""

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


def broken_rules(
    plan: Plan, desired: Desired, catalog: Catalog, resolve: Resolve, earlier: Mapping[str, Outcome] | None = None
) -> list[Problem]:
    """Every secret that would be sent and is not what its field asks for, with its place in the files. `earlier`:
    calls that an interrupted run of this plan has done. A secret that cannot be had here is passed over: the call
    that needs it says so when its turn comes."""
    providers = {t.name: t.provider for t in plan.targets}
    documents = {d.address: d for d in desired.documents}
    done = {i for i, o in (earlier or {}).items() if o.end is End.DONE}
    found: dict[tuple[Address, SpecPath], Problem] = {}
    for call in plan.calls:
        if not call.held and call.id not in done:
            kind = catalog.kind(providers[call.target], call.kind)
            for path, field, reference in _ruled(kind.fields, call.body, ("spec",)):
                at = call.address, path
                if at not in found and _breaks(field, reference, resolve):
                    found[at] = _problem(call.address, documents.get(call.address), path, field)
    return sorted(found.values())


def _ruled(
    fields: Mapping[str, Field], body: Value, path: SpecPath
) -> Iterator[tuple[SpecPath, Field, Mapping[str, Json]]]:
    """The secrets of a body whose fields have a rule, with their paths in the document."""
    for field in fields.values() if isinstance(body, dict) else ():
        value = body.get(field.wire_name) if isinstance(body, dict) else None
        reference = value.get("$secret") if isinstance(value, dict) else None
        if field.secret_rule is not None and isinstance(reference, dict):
            yield (*path, field.name), field, reference
        elif field.entries:  # of the entries of a set, in whatever order they are sent, the set is the place
            for one in value if isinstance(value, list) else [value]:
                yield from _ruled(field.entries, one, (*path, field.name))


def _breaks(field: Field, reference: Mapping[str, Json], resolve: Resolve) -> bool:
    if field.secret_rule is None:
        return False
    try:
        return re.search(field.secret_rule.pattern, resolve(reference)) is None
    except GuardRefused:
        return False


def _problem(address: Address, document: Document | None, path: SpecPath, field: Field) -> Problem:
    place = document.at(*path) if document else Place("?")
    says = field.secret_rule.says if field.secret_rule else ""
    text = f"{address}: {'.'.join(map(str, path))}: the secret it refers to is not what it must be: {says}"
    return Problem(place, text, "nothing was sent; change the secret where it is kept", rule="secret-rule")
