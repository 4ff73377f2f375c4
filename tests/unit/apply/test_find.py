"""A reading between the writes tells ids, and what is not as it should be."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.apply.book import Book
from reconciler.apply.find import look_around
from reconciler.apply.look import Kinds
from reconciler.model.document import Address
from reconciler.model.faults import ProviderFailed, ProviderUnreachable, RemoteFault, Unauthorised
from reconciler.model.live import Collection
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.model.values import found_at, resolved
from tests.unit.apply.samples import Eyes, call, clock, keep, label, labels, plan
from tests.world import OMNI, catalog

LOOK = call(5, role=Role.FIND, method="GET", path="/v1/labels")


def needs(number: int, key: str) -> Call:
    return call(number, args={"id": {"$find": {"read": "5", "key": key, "scope": []}}}, after=[5])


def looked(*calls: Call, seen: Collection | Exception, **ends: End) -> tuple[Book, list[Outcome], Eyes]:
    whole, eyes = plan(LOOK, *calls), Eyes([seen])
    found = Book(whole)
    for name, end in ends.items():
        found.end(Outcome(name[1:], end))
    slept: list[float] = []
    told = asyncio.run(look_around(LOOK, found, Kinds(catalog(), whole), eyes, clock(slept)))
    keep(told, found.outcomes, found.unlike, found.to_verify, eyes.groups, slept)
    return found, told, eyes


def test_exactly_one_live_thing_answers() -> None:
    book, told, eyes = looked(needs(6, "one"), needs(7, "two"), needs(8, "none"),
                              seen=labels(label("One"), label("two"), label("TWO")))  # fmt: skip

    assert eyes.groups == ["calls", "verify"], "what is asked for and missing is looked for once more"
    assert told == [Outcome("5", End.DONE, "", 200, {found_at("one", []): "One"})]
    assert resolved(book.calls["6"].args["id"], {"5": told[0].result}) == "One"
    book.end(told[0])
    assert [book.verdict(book.calls[i]) for i in "678"] == [
        None, Outcome("7", End.BLOCKED, "'two' is not live"), Outcome("8", End.BLOCKED, "'none' is not live")
    ]  # fmt: skip


def test_a_create_without_an_id_gets_it() -> None:
    made = call(1, Address(OMNI, "Label", "one"), phase=Phase.CREATE, effect=Effect(key="one"), new_id="/id")
    book, told, _ = looked(made, seen=labels(label("One")), c1=End.DONE)

    assert [o.call for o in told] == ["1", "5"]
    assert book.results["1"] == {Fact.ID: "One", Fact.KEY: "one", Fact.LABEL: "", "/id": "One"}


@pytest.mark.parametrize(
    ("seen", "sent"),
    [
        (labels(label("One", verified=False)), True),
        (labels(label("One", verified=True)), False),
        (labels(label("One")), False),
        (labels(), True),
    ],
)
def test_a_call_goes_only_where_the_reading_shows_something_else(seen: Collection, sent: bool) -> None:
    mend = call(6, role=Role.CONTINGENT, trigger=Trigger("5", None, On.UNLIKE), live_id="One",
                effect=Effect(fields={"verified": True}))  # fmt: skip
    book, _, _ = looked(mend, seen=seen)

    assert ("6" in book.unlike) is sent


@pytest.mark.parametrize(("kind", "end"), [(ProviderFailed, End.FAILED), (ProviderUnreachable, End.NOT_SENT)])
def test_a_reading_that_fails(kind: type[RemoteFault], end: End) -> None:
    _, told, _ = looked(seen=kind("trouble", target=OMNI, request="GET /v1/labels"))

    assert [(o.call, o.end, o.message) for o in told] == [("5", end, "trouble")]


def test_401_stops_everything() -> None:
    with pytest.raises(Unauthorised):
        looked(seen=Unauthorised("no", target=OMNI, request="GET /v1/labels", status=401))
