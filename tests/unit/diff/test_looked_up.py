"""Who is meant by what stands in the place of a key, and is known by an id from then on."""

from __future__ import annotations

from reconciler.model.change import Change, Verb
from reconciler.model.json import digest
from reconciler.model.live import Resource
from tests.unit.diff.anywhere import known, told
from tests.world import doc

PERSON = "platform/User"


def meant(found: dict[str, Change]) -> dict[str, tuple[Verb, str | None]]:
    """What is done, to which live thing."""
    return {name: (c.verb, c.live.id if c.live else None) for name, c in found.items()}


def person(own: str, **fields: str) -> Resource:
    return Resource(own, f"{own}@example.com", {"email": f"{own}@example.com", **fields}, f"{own} of all")


def test_who_was_found_by_a_number_is_known_by_the_id_from_then_on() -> None:
    """Also where that number does not show, or is somebody else's by now."""
    jane = doc(PERSON, "jane", {"staffId": "S1"})
    was = known(f"{PERSON}/jane", "u1", digests={"staffId": digest("S1")})

    for live in ([person("u1")], [person("u1", staffId="S7"), person("u2", staffId="S1")]):
        assert meant(told([jane], {PERSON: live}, [was])) == {"jane": (Verb.NONE, "u1")}


def test_a_new_number_of_the_same_person_is_no_new_person() -> None:
    was = known(f"{PERSON}/jane", "u1", digests={"staffId": digest("S1")})

    found = told([doc(PERSON, "jane", {"staffId": "S2"})], {PERSON: [person("u1", staffId="S2")]}, [was])

    assert (meant(found), found["jane"].bond) == ({"jane": (Verb.NONE, "u1")}, was)


def test_a_number_of_two_people_is_nobodys() -> None:
    found = told(
        [doc(PERSON, "jane", {"staffId": "S1"})], {PERSON: [person(n, staffId="S1") for n in ("u1", "u2")]}
    )

    assert [h.reason for h in found["jane"].holds][:1] == ["more than one User 'S1' is live: u1, u2"]


def test_another_number_is_another_person() -> None:
    live = [person("u1", staffId="S1"), person("u2", staffId="S2")]
    was = known(f"{PERSON}/jane", "u1", digests={"staffId": digest("S1")})

    found = told([doc(PERSON, "jane", {"staffId": "S2"})], {PERSON: live}, [was])

    assert meant(found) == {"jane": (Verb.ADOPT, "u2")}
    assert found["jane"].bond is None


def test_who_is_only_observed_is_called_as_live_calls_him() -> None:
    found = told(
        [doc(PERSON, "jane", {"staffId": "S1"}, manage="observe")], {PERSON: [person("u1", staffId="S1")]}
    )

    assert (found["jane"].label, found["jane"].key) == ("u1 of all", "u1@example.com")
