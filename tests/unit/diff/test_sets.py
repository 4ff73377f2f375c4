"""Members: exact or additive, ours or others', readable or not."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Change, Reason
from reconciler.model.document import Document
from reconciler.model.json import ABSENT, Json, digest
from reconciler.model.recorded import Bond
from tests.unit.diff.samples import BOB, JANE, bond, compared, rules, team
from tests.world import doc

ALLOWED = {"allow": ["first-removals"]}
EXACT = {"members": digest("managed")}


def crew(*members: str | tuple[str, bool], mode: Any = None, **words: Any) -> Document:
    entries: list[Json] = [
        {"user": m} if isinstance(m, str) else {"user": m[0], "isPrimary": m[1]} for m in members
    ]
    spec: dict[str, Json] = {"slug": "brand", "name": "Brand", "members": entries}
    return doc("ClientTeam", "a", spec | ({"membersMode": mode} if mode else {}), **words)


def of(document: Document, members: Json, *, last: Bond | None = None) -> Change:
    return compared([document], [team("t", "brand", members=members)], [last] if last else [])["a"]


def remembered(digests: dict[str, str], *ours: str) -> Bond:
    return bond("ClientTeam", "a", "t", "brand", digests=digests, entries={"members": ours})


def moves(change: Change) -> tuple[list[str], list[str], list[str]]:
    """Who is added, changed and removed."""
    delta = change.deltas["members"]
    return [e.shown for e in delta.add], [e.shown for e in delta.change], [e.shown for e in delta.remove]


def test_exact_adds_who_is_missing_and_removes_who_is_not_listed() -> None:
    found = of(crew(JANE, **ALLOWED), {"bob": False})

    assert moves(found) == ([JANE], [], [BOB])
    assert [(f.path, f.before is ABSENT, f.after is ABSENT, f.access) for f in found.fields] == [
        (("members", JANE), True, False, True),
        (("members", BOB), False, True, True),
    ]


def test_a_removal_carries_the_id_that_the_call_needs() -> None:
    (entry,) = of(crew(JANE, **ALLOWED), {"jane": False, "bob": False}).deltas["members"].remove

    assert (entry.id, entry.wire) == ("id of bob", {"user": "id of bob"})


def test_an_empty_list_means_none_and_no_list_means_unmanaged() -> None:
    assert moves(of(crew(**ALLOWED), {"bob": False})) == ([], [], [BOB])
    unmanaged = doc("ClientTeam", "a", {"slug": "brand", "name": "Brand"})
    assert of(unmanaged, {"bob": False}).deltas == {}


def test_addresses_compare_without_case() -> None:
    assert moves(of(crew("JANE@Example.com"), {"jane": False})) == ([], [], [])


def test_the_same_person_twice_is_refused() -> None:
    assert rules(of(crew(JANE, "Jane@example.com"), {})) == {"unresolved"}


# Flags.


def test_a_flag_that_is_not_declared_is_not_ours() -> None:
    assert moves(of(crew(JANE), {"jane": True})) == ([], [], [])


@pytest.mark.parametrize("flag", [True, False])
def test_a_declared_flag_that_differs_is_a_change_of_the_entry(flag: bool) -> None:
    found = of(crew((JANE, flag)), {"jane": not flag})

    assert moves(found) == ([], [JANE], [])
    assert [(f.path, f.before, f.after) for f in found.fields] == [
        (("members", JANE, "isPrimary"), not flag, flag)
    ]


# Additive.


def test_additive_leaves_what_others_added() -> None:
    assert moves(of(crew(JANE, mode="additive"), {"bob": False})) == ([JANE], [], [])


def test_additive_takes_back_what_we_added() -> None:
    last = remembered({"members": digest("additive"), "members/id of bob": "x"}, "id of bob")

    found = of(crew(JANE, mode="additive"), {"bob": False}, last=last)

    assert moves(found) == ([JANE], [], [BOB])
    assert found.fields[-1].reason is Reason.INTENT
    assert rules(found) == set()


def test_an_entry_that_was_there_before_us_is_left_in_place_and_said_so() -> None:
    last = remembered({"members": digest("additive"), "members/id of bob": "x"})

    found = of(crew(mode="additive"), {"bob": False}, last=last)

    assert moves(found) == ([], [], [])
    assert found.notes == (f"left in place: {BOB} in members (not added by us)",)


def test_what_is_ours_is_what_we_added_and_still_declare() -> None:
    last = remembered(EXACT, "id of bob", "id of ann")

    assert of(crew(JANE, BOB), {"bob": False, "ann": False}, last=last).entries_ours == {
        "members": ("id of bob", "id of jane")
    }


# First removals.


def test_removals_from_a_set_never_managed_before_wait_alone() -> None:
    """The adds go on; and nothing is remembered that would let the removals pass the next time."""
    found = of(crew(JANE), {"bob": False})

    (hold,) = found.holds
    assert (hold.rule, hold.only, hold.final) == ("first-removals", "remove", False)
    assert "1 would be removed" in hold.reason
    assert moves(found) == ([JANE], [], [BOB])
    assert "members" not in found.digests
    assert "members/id of jane" in found.digests


def test_once_managed_exactly_removals_are_ours_to_make() -> None:
    found = of(crew(JANE), {"jane": False, "bob": False}, last=remembered(EXACT))

    assert rules(found) == set()
    assert found.digests["members"] == EXACT["members"]


def test_additive_management_is_no_leave_to_remove() -> None:
    last = remembered({"members": digest("additive")})

    assert rules(of(crew(JANE), {"jane": False, "bob": False}, last=last)) == {"first-removals"}


def test_taking_out_only_what_we_added_needs_no_leave() -> None:
    last = remembered({"members": digest("additive"), "members/id of bob": "x"}, "id of bob")

    assert rules(of(crew(JANE), {"jane": False, "bob": False}, last=last)) == set()


# Members that the API does not show.


def test_hidden_members_are_not_verifiable_and_not_sent_twice() -> None:
    last = remembered({**EXACT, "members/id of jane": digest({"user": None})}, "id of jane")

    found = of(crew(JANE, BOB), None, last=last)

    assert moves(found) == ([BOB], [], [])
    assert found.notes == ("not verifiable: members (the API does not show them)",)


def test_a_hidden_flag_is_sent_again_only_if_it_is_another() -> None:
    def sent(flag: bool) -> Bond:
        entry = digest({"isPrimary": flag, "user": None})
        return remembered({**EXACT, "members/id of jane": entry}, "id of jane")

    assert moves(of(crew((JANE, True)), None, last=sent(True))) == ([], [], [])
    assert moves(of(crew((JANE, True)), None, last=sent(False))) == ([], [JANE], [])


def test_who_is_hidden_is_removed_only_if_the_ledger_knows_of_them() -> None:
    last = remembered({**EXACT, "members/id of bob": "x"}, "id of bob")

    assert moves(of(crew(), None, last=last)) == ([], [], [BOB])
    assert moves(of(crew(), None)) == ([], [], [])


# People who cannot be found.


def test_an_unknown_person_is_left_out_and_then_nobody_is_removed() -> None:
    """They may be one of those who are there (ST-R28)."""
    found = of(crew(JANE, "nobody@example.com"), {"bob": False}, last=remembered(EXACT))

    (hold,) = found.holds
    assert (hold.rule, hold.only, hold.final) == ("unresolved", "remove", True)
    assert moves(found)[0] == [JANE]


# A new team.


def test_a_new_team_takes_all_its_members() -> None:
    found = compared([crew(JANE, (BOB, True))])["a"]

    assert moves(found) == ([JANE, BOB], [], [])
    assert {f.reason for f in found.fields} == {Reason.INTENT}
    assert found.entries_ours == {"members": ("id of bob", "id of jane")}


def test_ignored_members_are_set_at_creation_and_then_left_alone() -> None:
    wanted = crew(JANE, ignore=["spec.members"])

    assert moves(compared([wanted])["a"])[0] == [JANE]
    assert of(wanted, {"bob": False}).deltas == {}


def test_what_the_ledger_knows_of_ignored_members_stays_known() -> None:
    digests = {**EXACT, "members/id of bob": "x", "members.user": "y"}
    last = remembered({**digests, "name": "z"}, "id of bob")

    found = of(crew(JANE, ignore=["spec.members"]), {"bob": False}, last=last)

    assert {n: d for n, d in found.digests.items() if n.startswith("members")} == digests
    assert (found.entries_ours, found.deltas) == ({"members": ("id of bob",)}, {})


def test_why_somebody_is_in_a_team_is_never_compared() -> None:
    spec: dict[str, Json] = {"slug": "brand", "name": "Brand", "members": [{"user": JANE, "because": "STUDIO-41"}]}

    found = compared([doc("ClientTeam", "a", spec)])["a"]

    assert found.deltas["members"].add[0].wire == {"user": "id of jane"}
