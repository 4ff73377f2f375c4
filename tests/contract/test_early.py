"""Lists that are asked for while the manifests are still being read: no request more or less, the same plan."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from reconciler import workflow
from reconciler.load.desired import Seen
from reconciler.model.document import Desired, Document
from reconciler.model.faults import ManifestInvalid, Unauthorised
from reconciler.model.place import Place, Problem
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.workflow import Setup
from reconciler.workflow.early import Early
from tests.contract.every_git import brought_about, clear, started
from tests.contract.every_kind import TABLES
from tests.contract.every_row import Sheet, Table
from tests.world import OMNI, World, doc, world

PEOPLE = 450
"""Five pages of the list, with the two people whom every instance has."""


def ahead(w: World, documents: Sequence[Document], step: int = 1, *, sound: bool = True) -> Plan:
    """A plan whose documents become known a few at a time."""
    w.documents = [*documents]
    setup = w.setup()

    async def planned() -> Plan:
        early = Early(lambda _: replace(setup, desired=replace(setup.desired, documents=())))
        found = await early.loaded(steps(setup.desired, step, sound=sound))
        return await workflow.make_plan(replace(setup, desired=found), early=early)

    return asyncio.run(planned())


def steps(desired: Desired, step: int, *, sound: bool = True) -> Generator[Seen, None, Desired]:
    for first in range(0, len(desired.documents), step):
        yield Seen(desired.documents[first : first + step], sound=sound)
    return desired


def asked(w: World) -> list[str]:
    return [entry.call for twin in w.twins.values() for entry in twin.log]


def both_ways(w: World, documents: Sequence[Document], step: int = 1) -> list[str]:
    """What was asked, which has to be the same either way."""
    clear(w)
    plain, usual = w.plan(*documents), asked(w)
    clear(w)
    found = ahead(w, documents, step)
    assert sorted(asked(w)) == sorted(usual)
    assert (found.id, found.reads, found.reading) == (plain.id, plain.reads, plain.reading)
    return asked(w)


@pytest.mark.parametrize("profile", ["plain", "adversarial"])
@pytest.mark.parametrize("table", [pytest.param(t, id=f"{t.provider}/{t.kind}") for t in TABLES])
def test_every_kind_is_read_with_the_same_requests(table: Table, profile: str, tmp_path: Path) -> None:
    with started(table, profile, tmp_path) as git:
        documents = git.says(Sheet(dict(table.spec)))
        both_ways(git.w, documents)
        brought_about(git, Sheet(dict(table.spec)))
        both_ways(git.w, documents)


def person(number: int) -> Document:
    email = f"person{number:03}@example.com"
    return doc("User", f"person-{number:03}", {"email": email, "name": f"Person {number}"})


def peopled(w: World, count: int = PEOPLE) -> list[Document]:
    for number in range(count):
        w.omni.add_user(f"person{number:03}@example.com", f"Person {number}")
    return [person(number) for number in range(count)]


@pytest.mark.parametrize("declared", [0, 1, 2, 3, 4, 5, 6, 105, 450])
@pytest.mark.parametrize("step", [1, 50])
def test_so_many_people_are_asked_for_one_by_one_or_page_by_page(declared: int, step: int) -> None:
    with world(twins=[OMNI], ledger=False) as w:
        people = peopled(w)

        both_ways(w, people[:1] + people[-declared:] if declared else people[:1], step)


def test_all_pages_are_asked_for_before_the_last_document_is_known() -> None:
    with world(twins=[OMNI], ledger=False) as w:
        setup = replace(w.setup(), desired=replace(w.setup().desired, documents=()))
        people, early = peopled(w), Early(lambda _: setup)

        def until_all_is_there() -> Generator[Seen, None, Desired]:
            yield Seen(tuple(people), sound=True)
            for _ in range(1_000_000):
                if len(early.ahead) == 5 and all(task.done() for task in early.ahead.values()):
                    return setup.desired
                yield Seen((), sound=True)
            raise AssertionError("they do not come while documents are still being read")

        async def loaded() -> int:
            clear(w)
            await early.loaded(until_all_is_there())
            await early.aclose()
            return len(asked(w))

        assert asyncio.run(loaded()) == 5


def test_manifests_that_are_wrong_are_told_of_and_what_is_under_way_ends() -> None:
    with world(twins=[OMNI], ledger=False) as w:
        setup = replace(w.setup(), desired=replace(w.setup().desired, documents=()))
        early = Early(lambda _: setup)

        def broken() -> Generator[Seen, None, Desired]:
            yield Seen((person(1), person(2)), sound=True)
            yield Seen((), sound=False)
            assert not early.ahead
            yield Seen(tuple(person(n) for n in range(3, 50)), sound=False)
            raise ManifestInvalid([Problem(Place("manifests/people.yaml"), "it is wrong")])

        with pytest.raises(ManifestInvalid, match="it is wrong"):
            asyncio.run(early.loaded(broken()))
        assert len(asked(w)) <= 1
        assert not early.ahead


def test_a_key_that_is_refused_is_tried_once_and_told_of() -> None:
    with world(twins=[OMNI], ledger=False) as w:
        people = peopled(w, 20)
        w.keys[OMNI] = "wrong"
        clear(w)

        with pytest.raises(Unauthorised):
            ahead(w, people)
        assert len(asked(w)) == 1


def test_a_target_that_may_not_be_asked_is_not_asked_ahead() -> None:
    def never(_: frozenset[str]) -> Setup:
        raise ManifestInvalid([Problem(Place("operator.yaml"), "it is wrong")])

    with world(twins=[OMNI], ledger=False) as w:
        w.documents = peopled(w, 3)
        setup, early = w.setup(), Early(never)
        clear(w)

        async def loaded() -> int:
            await early.loaded(steps(setup.desired, 1))
            return len(asked(w))

        assert asyncio.run(loaded()) == 0
