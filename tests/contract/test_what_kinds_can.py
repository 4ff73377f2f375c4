"""What `kinds` and `explain` say of every kind is what plan and apply do with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from reconciler.model.json import ABSENT
from reconciler.model.kind import Kind
from reconciler.providers.rest import VERBS
from reconciler.report.explain_change import on_change
from reconciler.report.kinds import observed
from tests.contract.every_kind import TABLES
from tests.contract.every_row import By, Deed, Row, Table
from tests.world import catalog

IDLE = ("nothing is sent", "refused", "not possible")
ANOTHER = ("another value replaces", "renames it", "names another")
ENDS = ("archive", "deactivate", "delete")
KINDS = [k for k in catalog().kinds.values() if not k.source]
ROWS = [pytest.param(t, r, id=f"{t.provider}/{t.kind}/{r.path.replace('/', '.')}") for t in TABLES for r in t.rows]
EACH = [pytest.param(t, id=f"{t.provider}/{t.kind}") for t in TABLES]


def kind_of(table: Table) -> Kind:
    return catalog().kind(table.provider, table.kind)


def either(value: Any) -> Any:
    """What is said for both profiles, or for the plain one."""
    return value.plain or value.adversarial if isinstance(value, By) else value


@pytest.mark.parametrize("kind", [pytest.param(k, id=f"{k.provider}/{k.name}") for k in KINDS])
def test_a_kind_with_calls_of_its_own_says_what_it_can(kind: Kind) -> None:
    verbs = catalog().verbs[kind.provider, kind.name]
    writes = kind.rest.create or kind.rest.update or kind.rest.delete or kind.rest.sets
    assert observed(kind) is not bool(writes or verbs.calls is not VERBS.calls)
    if not writes:
        assert "x-can" in kind.schema


def writing(table: Table) -> Iterator[Deed]:
    return (deed for deed in table.deeds if either(deed.calls) and not either(deed.holds))


@pytest.mark.parametrize("table", EACH)
def test_what_a_kind_can_is_what_is_done_with_it(table: Table) -> None:
    kind = kind_of(table)
    done = {either(deed.verb) for deed in writing(table)}
    sets = {name for name in kind.abilities if name in kind.fields}
    steps = any(either(step.calls) for row in table.rows for step in row.steps)
    assert not observed(kind) or not (done or steps)
    assert ("create" in done) <= bool({"create", *sets} & {*kind.abilities})
    assert ("create" in kind.abilities) <= ("create" in done)
    assert {word for word in ENDS if word in kind.abilities} == done & {*ENDS}
    assert ("update" in kind.abilities) <= (steps or "update" in done)


@pytest.mark.parametrize(("table", "row"), ROWS)
def test_explain_says_that_a_field_is_sent_where_it_is(table: Table, row: Row) -> None:
    kind, path = kind_of(table), tuple(row.path.split("/"))
    if not fields_along(kind.fields, path) or row.path.endswith("Mode") or row.sends:
        return
    sent = any(either(s.calls) for s in row.steps if s.behind is ABSENT and not either(s.refused))
    held = any(either(s.hold) for s in row.steps if s.says is not ABSENT)
    assert not (sent and on_change(kind, path).startswith(IDLE)), on_change(kind, path)
    assert sent or not held or on_change(kind, path).startswith((*IDLE, *ANOTHER)), on_change(kind, path)


def fields_along(fields: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    for step in path:
        if step not in fields:
            return False
        fields = fields[step].entries
    return True
