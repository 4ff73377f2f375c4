"""Entries of sets: one that names many stands for many, and the ledger keeps no id in its digest."""

from __future__ import annotations

from reconciler.model.entries import entry_digest, pinned, spread
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.model.plan import Effect
from reconciler.model.shows import entries_by_id, shows
from tests.world import catalog

FOLDER = catalog().kind("omni-analytics", "Folder")
GRANTS = FOLDER.fields["permissions"]
MEMBERS = catalog().kind("studio-tracker", "ClientTeam").fields["members"]


def test_an_entry_per_item_of_each_list_with_its_place() -> None:
    both: Json = {"role": "EDITOR", "users": ["a", "b"], "groups": ["g"]}

    assert list(spread(GRANTS, [{"role": "VIEWER", "groups": ["h"]}, both])) == [
        ((0, "groups", 0), {"groups": "h", "role": "VIEWER"}),
        ((1, "users", 0), {"users": "a", "role": "EDITOR"}),
        ((1, "users", 1), {"users": "b", "role": "EDITOR"}),
        ((1, "groups", 0), {"groups": "g", "role": "EDITOR"}),
    ]


def test_ordinary_entries_stand_for_themselves_and_a_plain_value_for_its_entry() -> None:
    assert list(spread(MEMBERS, [{"user": "a", "isPrimary": True}, "b", {}])) == [
        ((0, "user"), {"user": "a", "isPrimary": True}),
        ((1,), {"user": "b"}),
        ((2,), {}),
    ]
    assert list(spread(MEMBERS, None)) == []


def test_the_digest_tells_people_from_groups_but_not_whom() -> None:
    digests = [entry_digest(GRANTS, {key: who, "role": "EDITOR"}) for key in ("users", "groups") for who in "ab"]

    assert digests[0] == digests[1] != digests[2] == digests[3]
    assert entry_digest(GRANTS, {"users": {"$id": "x"}, "role": "EDITOR"}) == digests[0]
    assert entry_digest(GRANTS, {"users": "a", "role": "VIEWER"}) != digests[0]


def test_live_entries_are_known_by_whichever_name_they_have() -> None:
    assert list(entries_by_id(GRANTS, [{"users": "a", "role": "X"}, {"groups": "g"}])) == ["a", "g"]


def test_of_entries_that_nobody_can_tell_nothing_is_said() -> None:
    def told(effect: Effect) -> bool | None:
        fields: dict[str, Json] = {"permissions": [{"users": "a", "role": "EDITOR"}]}
        return shows(FOLDER, effect, Resource("f", ["F"], fields, unknown={"permissions": ("u",)}))

    def present(*who: str, role: str = "EDITOR") -> Effect:
        return Effect(set_field="permissions", present=tuple((i, {"users": i, "role": role}) for i in who))

    def absent(*who: str) -> Effect:
        return Effect(set_field="permissions", absent=who)

    assert [told(present(*who)) for who in ("a", "u", "au", "b", "bu")] == [True, None, None, False, False]
    assert told(present("a", "u", role="VIEWER")) is False
    assert [told(absent(*who)) for who in ("b", "u", "bu", "a", "au")] == [True, None, None, False, False]


POD = catalog().kind("studio-tracker", "Pod")


def test_what_is_named_with_its_id_beside_it() -> None:
    spec: dict[str, Json] = {
        "lead": "jane@example.com",
        "leadUserId": "u1",
        "members": ["bob@example.com", {"user": "chen@example.com", "userId": "u3"}, {"userId": "u4"}, 7],
    }

    assert list(pinned(POD, spec)) == [("User", "jane@example.com", "u1"), ("User", "chen@example.com", "u3")]
    assert list(pinned(POD, {"leadUserId": "u1", "lead": None})) == []
    assert list(pinned(FOLDER, {"permissions": [{"role": "EDITOR", "users": ["a"]}]})) == []


def test_a_number_has_one_digest_however_it_is_written() -> None:
    digests = {entry_digest(GRANTS, {"users": "a", "hours": hours}) for hours in (4, 4.0)}

    assert len(digests) == 1
    assert entry_digest(GRANTS, {"users": "a", "hours": 4.5}) not in digests
    assert entry_digest(GRANTS, {"users": "a", "hours": True}) != entry_digest(GRANTS, {"users": "a", "hours": 1})
