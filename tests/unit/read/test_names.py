"""Which kinds are read for a set whose entries may be of several, and what a kind is told of them."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.model.call import Reply, Request
from reconciler.model.document import Address
from reconciler.model.faults import ProviderFailed, ProviderRefused, RemoteFault
from reconciler.model.json import Json, JsonObject, digest
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.read.gather import body
from tests.unit.read.test_demands import bond, wanted
from tests.world import OMNI, TRACKER, doc


def opened(**named: Json) -> JsonObject:
    return {"path": "F", "permissions": [{"role": "EDITOR", **named}]}


def kinds_read(spec: JsonObject, **digests: str) -> set[str]:
    last = replace(bond("Folder", "f"), digests=digests)
    return {name.split("/")[1] for name in wanted(doc("Folder", "f", spec), bonds=[last])} - {"Folder"}


def test_oa_c10_a_kind_is_read_where_it_is_named_or_was() -> None:
    assert kinds_read(opened(users=["a@example.com"])) == {"User"}
    assert kinds_read(opened(groups=["g"])) == {"UserGroup"}
    assert kinds_read({"path": "F", "permissions": []}) == set()
    assert kinds_read({"path": "F"}, **{"permissions.groups": digest("named")}) == {"UserGroup"}


def test_what_left_git_makes_no_other_kind_necessary() -> None:
    last = replace(bond("Folder", "f"), digests={"permissions.groups": digest("named")})

    assert list(wanted(bonds=[last])) == ["analytics/Folder"]


def test_a_kind_is_told_what_its_documents_call_the_things_of_others() -> None:
    documents = [
        doc("Folder", "f", opened(users=["JANE@example.com", "x@example.com"], groups=["team", "Others", "new"])),
        doc("UserGroup", "team", {"name": "The Team"}),
        doc("UserGroup", "new", {"name": "New"}),
    ]
    there = {
        "User": Collection("User", (Resource("u1", "jane@example.com", {}),)),
        "UserGroup": Collection("UserGroup", (Resource("g1", "The Team", {}), Resource("g2", "Others", {}))),
    }

    known = wanted(*documents)["analytics/Folder"].known(there)

    assert known["User"].names == {"JANE@example.com": "u1"}
    assert known["UserGroup"].names == {"team": "g1", "Others": "g2"}
    assert Address(OMNI, "UserGroup", "new").name not in known["UserGroup"].names


def test_a_kind_is_told_what_the_ledger_remembers_too_but_nothing_that_is_called_otherwise_by_now() -> None:
    last = Bond(Address(TRACKER, "BookingPlan", "p"), "P", names={f"User/{n}@example.com": n for n in "abc"})
    users = ["a@example.com", "B@example.com", "c@example.com", "d@example.com"]
    scope: JsonObject = {"from": "2026-04-20", "to": "2026-04-20", "users": list[Json](users)}
    plan = doc("BookingPlan", "p", {"name": "P", "scope": scope, "bookings": []})
    there = Collection("User", (Resource("b", "other@example.com", {}), Resource("c", "c@example.com", {})))

    found = wanted(plan, bonds=[last])

    assert found["studio/User"].names == {"d@example.com": "d@example.com"}, "of the others nobody is asked"
    assert found["studio/BookingPlan"].known({"User": there})["User"].names == {
        "a@example.com": "a",
        "c@example.com": "c",
    }


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (ProviderRefused, 400, {"$refused": 400}),
        (ProviderRefused, 403, {"$refused": 403}),
        (ProviderRefused, 409, None),
        (ProviderFailed, 400, None),
    ],
)
def test_a_refusal_may_be_an_answer(fault: type[RemoteFault], status: int, told: Json) -> None:
    request = Request(OMNI, "GET", "/x", safe=True, refusals=frozenset({400, 403}))

    async def send(request: Request) -> Reply:
        raise fault("no", target=OMNI, request=str(request), status=status)

    if told is None:
        with pytest.raises(fault):
            asyncio.run(body(send, request))
    else:
        assert asyncio.run(body(send, request)) == told
