"""What documents refer to: by a field, in its parts, in entries that are to be in it; and what nobody names."""

from __future__ import annotations

from reconciler.model.change import Change, Delta, Entry, Verb
from reconciler.model.document import Address, Desired
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.record import replace
from reconciler.plan.referred import made_by, named, named_elsewhere
from tests.unit.diff.hard import declared, there
from tests.unit.plan.samples import TARGETS

AT = "far"
SEAT = {
    "who": Field("who", wire="/who", ref="Person"),
    "desk": Field("desk", wire="/desk", ref="Desk"),
    "size": Field("size", wire="/size"),
}
CREW = Kind(
    "odd",
    "Crew",
    "name",
    {
        "name": Field("name", wire="/name"),
        "lead": Field("lead", wire="/lead", ref="Person"),
        "place": Field("place", wire="/place", entries={"desk": Field("desk", wire="/desk", ref="Desk")}),
        "pals": Field("pals", wire="/pals", is_set=True, ref="Person"),
        "seats": Field("seats", wire="/seats", is_set=True, entries=SEAT, entry_key="who"),
    },
    {},
)


def kinds(change: Change) -> Kind:
    assert change.address.kind == "Crew"
    return CREW


def crew(name: str, verb: Verb = Verb.NONE, live: dict[str, Json] | None = None, **words: object) -> Change:
    document = declared("Crew", name, {"name": name})
    thing = replace(there("Crew", name, name)[1], fields={"name": name, **(live or {})})
    return Change(verb, document.address, document, thing, name, **words)  # type: ignore[arg-type]


def entry(who: str, desk: str = "") -> Entry:
    return Entry(who, who, {"who": who, **({"desk": desk} if desk else {})})


def test_every_way_to_name_a_thing() -> None:
    """What is wanted counts, and of what nobody declares what is live; the first document is told."""
    seats = Delta(
        add=(entry("p1", "d1"),),
        change=(entry("p2", "d2"),),
        kept=(entry("p3", "d3"),),
        remove=(entry("p4", "d4"),),
    )
    first = crew("a", deltas={"seats": seats}, wire={"place": {"desk": "d5", "size": 1}})
    second = crew("b", live={"lead": "p6"}, deltas={"pals": Delta(kept=(Entry("p1", "p1"), Entry("p7", "p7")))})
    third = crew("c", live={"lead": "p8"}, wire={"lead": "p9"})
    promised = crew("d", wire={"lead": {"$id": "far/Person/new"}})
    undeclared = Change(Verb.DELETE, Address(AT, "Crew", "e"), live=there("Crew", "e", "e", lead="p0")[1])

    found = named([first, second, third, promised, undeclared], kinds)

    a, b, c = (Address(AT, "Crew", n) for n in "abc")
    assert found == {
        (AT, "Person", "p1"): a, (AT, "Person", "p2"): a, (AT, "Person", "p3"): a, (AT, "Desk", "d1"): a,
        (AT, "Desk", "d2"): a, (AT, "Desk", "d3"): a, (AT, "Desk", "d5"): a, (AT, "Person", "p6"): b,
        (AT, "Person", "p7"): b, (AT, "Person", "p9"): c,
    }  # fmt: skip


PERSON = Kind("odd", "Person", "mail", {"mail": Field("mail", wire="/mail", normalise=("casefold",))}, {})
INVITE = Kind(
    "odd", "Invite", "mail", {"mail": Field("mail", wire="/mail", normalise=("casefold",))}, {}, makes="Person"
)
ALL = {k.name: k for k in (CREW, PERSON, INVITE)}


def leaves(kind: str, key: str, name: str = "x", target: str = AT) -> Change:
    return Change(Verb.DELETE, Address(target, kind, name), key=key, live=there("Crew", "9", key)[1])


def test_what_was_not_selected_names_by_key_or_by_name() -> None:
    spec: dict[str, Json] = {
        "name": "A", "lead": "ANN@example.com", "pals": ["bob"], "seats": [{"who": "Cy@example.com", "size": 1}],
    }  # fmt: skip
    aside = declared("Crew", "a", spec)
    people = [leaves("Person", f"{n}@example.com", n) for n in ("ann", "bob", "cy", "dan")]

    def of(*changes: Change) -> dict[str, str]:
        desired = Desired((), TARGETS, "", declared=(aside,))
        found = named_elsewhere(changes, desired, lambda c: ALL[c.address.kind])
        return {at.name: str(by) for at, by in found.items()}

    by = "far/Crew/a"
    assert of(*people) == {"ann": by, "bob": by, "cy": by}
    assert of(leaves("Person", "ann@example.com", target="near")) == {}
    assert of(*people, Change(Verb.NONE, aside.address, aside)) == {}
    assert of(Change(Verb.RELEASE, Address(AT, "Person", "x"), key="ann@example.com")) == {}
    gone = Change(Verb.DELETE, Address(AT, "Person", "x"), key="ANN@example.com")
    assert of(gone) == {"x": by}


def test_what_came_about_is_named_by_its_key() -> None:
    crew_ = declared("Crew", "a", {"name": "A", "seats": ["Ann@example.com", {"who": "bob@example.com"}]})
    asked = [leaves("Invite", f"{n}@example.com", n) for n in ("ANN", "bob", "cy")]

    def of(*changes: Change, aside: bool = False) -> dict[str, str]:
        desired = Desired((), TARGETS, "", declared=(crew_,) if aside else ())
        found = made_by(changes, desired, lambda c: ALL[c.address.kind])
        return {at.name: str(by) for at, by in found.items()}

    assert of(*asked, Change(Verb.NONE, crew_.address, crew_)) == {"ANN": "far/Crew/a", "bob": "far/Crew/a"}
    assert of(*asked, aside=True) == {"ANN": "far/Crew/a", "bob": "far/Crew/a"}
    assert of(*asked) == {}
    assert of(leaves("Invite", "bob@example.com", target="near"), aside=True) == {}
    assert of(leaves("Person", "bob@example.com"), aside=True) == {}
