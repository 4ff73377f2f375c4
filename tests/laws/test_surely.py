"""What is asked for ahead is asked for in any case, whatever else is declared, and however answers come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.answers import Answers
from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Demand, Replies
from tests.world import OMNI, catalog, doc

PEOPLE = catalog().kind("omni-analytics", "User")
STEP = 3
"""People in a page."""


def email(number: int) -> str:
    return f"p{number}@example.com"


def answer(request: Request, there: list[int]) -> Json:
    """A page of the list, or whom a filter finds."""
    query = dict(request.query)
    if "filter" in query:
        shown = [n for n in there if f'"{email(n)}"' in query["filter"]]
        return {"Resources": [record(n) for n in shown], "totalResults": len(shown), "itemsPerPage": len(shown)}
    if request.path.rpartition("/")[2] != "users":
        return record(int(request.path.rpartition("u")[2]))
    start = int(query["startIndex"]) - 1
    shown = there[start : start + STEP]
    return {"Resources": [record(n) for n in shown], "totalResults": len(there), "itemsPerPage": STEP}


def record(number: int) -> JsonObject:
    return {"id": f"u{number}", "userName": email(number), "displayName": f"P {number}"}


def everything_asked(kind: Kind, documents: list[Document], there: list[int]) -> set[Request]:
    """All requests of the whole reading."""
    verbs = catalog().verbs[kind.provider, kind.name]
    demand = Demand(OMNI, kind.name, details=verbs.details(kind, documents, (), {}))
    replies = Answers()
    while batch := verbs.reads(kind, demand, replies):
        replies = replies.and_then([(request, answer(request, there)) for request in batch])
    return {request for request, _ in replies}


@given(
    there=st.lists(st.integers(0, 30), unique=True, max_size=30),
    declared=st.lists(st.integers(0, 35), unique=True, max_size=30),
    looks=st.sets(st.integers(1, 30)),
    waits=st.booleans(),
)
def test_people_are_asked_for_ahead_only_by_requests_of_the_reading(
    there: list[int], declared: list[int], looks: set[int], waits: bool
) -> None:
    surely = catalog().verbs[PEOPLE.provider, PEOPLE.name].surely
    assert surely is not None
    documents = [doc("User", f"p{n}", {"email": email(n), "name": f"P {n}"}) for n in declared]
    whole = everything_asked(PEOPLE, documents, there)
    asked: set[Request] = set()
    replies: Replies = ()
    for count in sorted(looks):
        fresh = [r for r in surely(PEOPLE, OMNI, documents[:count], replies) if r not in asked]
        asked |= {*fresh}
        came = fresh[:1] if waits else fresh
        replies = (*replies, *((request, answer(request, there)) for request in came))
    assert asked <= whole


def test_many_people_are_asked_for_page_by_page_before_all_are_known() -> None:
    surely = catalog().verbs[PEOPLE.provider, PEOPLE.name].surely
    assert surely is not None
    there = list(range(30))
    documents = [doc("User", f"p{n}", {"email": email(n)}) for n in there]
    [first] = surely(PEOPLE, OMNI, documents[:2], ())
    replies: Replies = ((first, answer(first, there)),)

    assert surely(PEOPLE, OMNI, documents[:11], replies) == []
    assert len(surely(PEOPLE, OMNI, documents[:12], replies)) == 9
