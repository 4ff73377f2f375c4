"""Pod: what the list means, who moves where, which slugs go round (ST-R64 to ST-R70)."""

from __future__ import annotations

import pytest

from reconciler.model.call import Request
from reconciler.model.change import Change, Delta, Entry, Hold, Verb
from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.rest.reads import get
from reconciler.providers.studio_tracker import pod
from reconciler.providers.studio_tracker.pod_review import review
from reconciler.providers.studio_tracker.pod_slugs import set_aside
from tests.world import catalog, doc

POD = catalog().kind("studio-tracker", "Pod")
T = "studio"
LIST, WORKLOAD = get(T, "GET /api/pods"), replace(get(T, "GET /api/workload", {"numWeeks": "1"}), may_fail=True)
HOMES: tuple[dict[str, Json], ...] = ({"homes": True},)


def document(name: str, *members: Json) -> Document:
    return doc("Pod", name, {"slug": name, "name": name.title(), "members": [*members]})


def problems(*documents: Document) -> list[tuple[str, str]]:
    return [(str(p.rule), p.message) for p in pod.check(POD, documents)]


def test_one_home_whatever_the_spelling_or_the_id() -> None:
    a = document("a", "ann@example.com", {"user": "bob@example.com", "userId": "u2"})
    fine = document("b", "cyd@example.com")

    assert problems(a, fine) == []
    said = "studio/Pod/b: Ann@EXAMPLE.com is in studio/Pod/a too"
    assert problems(a, document("b", {"user": "Ann@EXAMPLE.com"})) == [("ST-R66", said)]
    assert len(problems(a, document("b", {"user": "robert@example.com", "userId": "u2"}))) == 1
    assert len(problems(a, document("b", "ann@example.com"), document("c", "ann@example.com"))) == 2


def following(*replies: tuple[Request, Json], details: tuple[dict[str, Json], ...] = HOMES) -> list[Request]:
    return pod.reads(POD, Demand(T, "Pod", details=details), replies)


def shown(*members: Json) -> Json:
    return [{"id": "p1", "slug": "a", "name": "A", "members": [*members]}]


def test_the_workload_is_asked_only_where_homes_matter_and_do_not_show() -> None:
    bare: Json = [{"id": "p1", "slug": "a", "name": "A"}]

    assert following() == [LIST]
    assert following((LIST, shown({"id": "u1"}))) == []
    assert following((LIST, bare)) == [WORKLOAD]
    assert following((LIST, shown({"email": "ann@example.com"}))) == [WORKLOAD]  # somebody without an id
    assert following((LIST, bare), details=()) == []
    assert following((LIST, bare), (WORKLOAD, None)) == []


def test_homes_matter_where_members_are_declared_or_a_pod_goes() -> None:
    nameless = doc("Pod", "a", {"slug": "a", "name": "A"})
    bond = Bond(Address(T, "Pod", "a"), "p1")

    assert pod.details(POD, [nameless], [bond], {}) == ()
    assert pod.details(POD, [nameless, document("b")], [], {}) == HOMES
    assert pod.details(POD, [], [bond], {}) == HOMES


def parsed(*replies: tuple[Request, Json]) -> Resource:
    (one,) = pod.parse(POD, Demand(T, "Pod", details=HOMES), replies).resources
    return one


@pytest.mark.parametrize("member", [{"id": "u1", "email": "a@b.c"}, {"userId": "u1", "user": {"email": "a@b.c"}}])
def test_members_by_their_ids_and_addresses(member: Json) -> None:
    one = parsed((LIST, shown(member)))

    assert one.fields["members"] == [{"user": "u1"}]
    assert one.names == {"u1": "a@b.c"}


@pytest.mark.parametrize(
    ("workload", "members"),
    [
        ([{"id": "u1", "homePodId": "p1"}, {"id": "u2", "homePodId": None}], [{"user": "u1"}]),
        ({"users": [{"id": "u1", "homePodId": "p2"}]}, []),
        ([{"id": "u1", "homePodId": "p1"}, {"id": "u2"}], None),
        ([], None),
        (None, None),
        ("odd", None),
    ],
)
def test_homes_from_the_workload_where_it_tells_everybodys(workload: Json, members: Json) -> None:
    bare: Json = [{"id": "p1", "slug": "a", "name": "A"}]

    assert parsed((LIST, bare), (WORKLOAD, workload)).fields.get("members") == members


@pytest.mark.parametrize("answer", [{"pods": []}, None, [7], [{"slug": "a"}], [{"id": "p1", "slug": None}]])
def test_what_is_no_list_of_pods_is_refused(answer: Json) -> None:
    with pytest.raises(ValueError, match=r"no list|no usable id"):
        pod.parse(POD, Demand(T, "Pod"), ((LIST, answer),))


# Who moves where.


def live(name: str, *members: str, hidden: bool = False) -> Resource:
    fields: dict[str, Json] = {"slug": name} | ({} if hidden else {"members": [{"user": m} for m in members]})
    return Resource(f"id-{name}", name, fields, name.title(), names={m: f"{m}@example.com" for m in members})


def entry(person: str) -> Entry:
    return Entry(f"{person}@example.com", person, {"user": person})


def change(name: str, there: Resource | None, verb: Verb = Verb.UPDATE, **words: object) -> Change:
    """`words`: add, kept, remove as people; whatever else a change has."""
    people = {n: tuple(map(entry, words.pop(n, ()))) for n in ("add", "kept", "remove")}  # type: ignore[call-overload]
    declared = document(name, *(f"{e.id}@example.com" for n in ("add", "kept") for e in people[n]))
    key = words.pop("key", name)
    return Change(
        verb,
        Address(T, "Pod", name),
        document=None if verb is Verb.DELETE else declared,
        live=there,
        key=key,  # type: ignore[arg-type]
        deltas={} if verb is Verb.DELETE else {"members": Delta(**people)},
        **words,  # type: ignore[arg-type]
    )


def reviewed(*changes: Change, others: tuple[Resource, ...] = ()) -> dict[str, Change]:
    there = (*(c.live for c in changes if c.live is not None), *others)
    found = review(POD, changes, Collection("Pod", there, Proof(True, "x")))
    return {c.address.name: c for c in found}


def removed(one: Change) -> list[str]:
    return [str(e.id) for e in one.deltas["members"].remove]


def test_only_who_is_to_be_nowhere_is_taken_out() -> None:
    found = reviewed(
        change("a", live("a", "ann", "bob"), remove=("ann", "bob")), change("b", live("b"), add=("bob",))
    )

    assert removed(found["a"]) == ["ann"]
    assert found["b"].effects == ("moves bob@example.com here from A",)


def test_a_held_pod_is_a_home_all_the_same() -> None:
    held = change("b", live("b"), add=("bob",), holds=(Hold("ambiguous", "", "", final=True),))

    assert removed(reviewed(change("a", live("a", "bob"), remove=("bob",)), held)["a"]) == []


def test_who_is_named_but_not_resolved_is_a_home_all_the_same() -> None:
    unresolved = replace(change("b", live("b")), document=document("b", "BOB@example.com"))

    assert removed(reviewed(change("a", live("a", "bob"), remove=("bob",)), unresolved)["a"]) == []


def test_hidden_whom_the_ledger_knows_in_two_pods_is_put_there_once_more() -> None:
    bond = Bond(Address(T, "Pod", "a"), "id-a", digests={"members/bob": "d"})
    old = change("a", live("a", hidden=True), remove=("bob",), bond=bond)

    found = reviewed(old, change("b", live("b", hidden=True), kept=("bob", "ann")))

    assert (removed(found["a"]), found["a"].notes) == (
        [],
        ("bob@example.com leaves it for b: the call there moves, and none is sent here",),
    )
    assert [e.id for e in found["b"].deltas["members"].add] == ["bob"]
    assert [f.path for f in found["b"].fields] == [("members", "bob@example.com")]
    seen = reviewed(old, change("b", live("b", "bob"), kept=("bob",)))
    assert (seen["b"].deltas["members"].add, seen["a"].notes) == ((), ())
    going = replace(old, verb=Verb.DELETE, deltas={}, document=None)
    assert reviewed(going, change("b", live("b", hidden=True), kept=("bob",)))["b"].deltas["members"].add == ()


def test_a_pod_goes_once_all_in_it_have_a_way_out() -> None:
    going = change("a", live("a", "ann", "bob"), Verb.DELETE)
    both, one = change("b", live("b"), add=("ann", "bob")), change("b", live("b"), add=("ann",))
    stuck = replace(both, holds=(Hold("ambiguous", "", "", final=True),))

    assert reviewed(going, both)["a"].needs == {both.address}
    assert [h.rule for h in reviewed(going, one)["a"].holds] == ["in-use"]
    assert [h.rule for h in reviewed(going, stuck)["a"].holds] == ["in-use"]
    hidden = replace(going, live=live("a", hidden=True))
    assert [h.rule for h in reviewed(hidden, both)["a"].holds] == ["contents-unknown"]


# Slugs that go round.


def renamed(old: str, new: str) -> Change:
    return change(f"doc-{old}", live(old), key=new, changed=frozenset({"slug"}), wire={"slug": new})


def made(slug: str, *people: str) -> Change:
    return change(f"new-{slug}", None, Verb.CREATE, add=people, key=slug)


def gone(slug: str, *people: str) -> Change:
    return change(f"gone-{slug}", live(slug, *people), Verb.DELETE)


def asides(*changes: Change) -> dict[str, str]:
    return {new.name: old.name for new, old in set_aside(POD, changes).items()}


def test_a_slug_goes_round_through_the_people_alone() -> None:
    chain = (gone("c", "bob"), renamed("b", "c"), renamed("a", "b"))

    assert asides(*chain, made("a", "bob")) == {"new-a": "doc-a"}
    assert asides(*chain, made("a"), made("x", "bob")) == {}
    assert asides(*chain, made("z", "bob")) == {}
    assert asides(renamed("a", "b"), renamed("b", "a"), made("x")) == {}


def test_two_rings_in_one_are_cut_once() -> None:
    one = (gone("b", "ann"), renamed("a", "b"), made("a", "bob"))
    other = (gone("d", "bob"), renamed("c", "d"), made("c", "ann"))

    assert len(asides(*one, *other)) == 1
    assert len(pod.calls(POD, [*one, *other])) == pod.bound(POD, [*one, *other]) == 9


def test_settling_without_a_word_says_it_again() -> None:
    (call,) = pod.calls(POD, [change("a", live("a", hidden=True), add=("bob",))])

    def told(*pods: Resource, complete: bool = True) -> bool | None:
        return pod.settled(POD, call, Collection("Pod", pods, Proof(complete, "x")))

    assert told(live("a", "bob")) is True
    assert told(live("a")) is False
    assert told(live("a", hidden=True)) is False
    assert told(live("a", hidden=True), complete=False) is None


def test_replies_of_others_do_not_count() -> None:
    other: Replies = ((WORKLOAD, [{"id": "p9", "slug": "x"}]), (LIST, []))

    assert pod.parse(POD, Demand(T, "Pod"), other).resources == ()
