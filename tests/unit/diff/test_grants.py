"""A set whose entries are people or groups, and of which a reading tells only a part."""

from __future__ import annotations

from pathlib import Path

from reconciler.diff import compare
from reconciler.model.change import Change, Reason
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Live, Resource
from reconciler.model.recorded import Bond, Recorded
from tests.kept import changes_text, keep_in_test
from tests.unit.diff.samples import WHOLE, bond, desired_of, folder
from tests.world import OMNI, catalog, doc

JANE, BOB = "jane@example.com", "bob@example.com"


def of(
    *entries: JsonObject,
    live: tuple[JsonObject, ...] | None = (),
    unknown: tuple[str, ...] = (),
    last: Bond | None = None,
    more: tuple[JsonObject, ...] = (),
) -> Change:
    """The change of one folder; `live` None: it is not there."""
    spec: JsonObject = {"path": "Finance", "permissionsMode": "additive", "permissions": list[Json](entries)}
    _, there = folder("f1", "Finance", permissions=list[Json](live or ()))
    there = Resource(
        there.id, there.key, there.fields, unknown={"permissions": unknown}, names={"id-old": "Old Hand"}
    )
    people = (Resource("id-jane", JANE, {"email": JANE}), Resource("id-bob", BOB, {"email": BOB}))
    groups = (Resource("id-team", "Team", {"name": "Team", "members": []}),)
    found = {
        "Folder": (there,) if live is not None else (),
        "User": people,
        "UserGroup": groups,
    }
    collections = {(OMNI, k): Collection(k, r, WHOLE) for k, r in found.items()}
    recorded = Recorded({last.address: last} if last else {}, exists=True)
    documents = [doc("Folder", "f", spec), *(doc("UserGroup", str(m["name"]).lower(), m) for m in more)]
    changes = compare(desired_of(*documents), Live(collections), recorded, catalog())
    keep_in_test(Path(__file__).with_name("changes.txt"), changes_text(changes.changes))
    return next(c for c in changes.changes if c.address.kind == "Folder")


def moves(change: Change) -> tuple[list[str], list[str], list[str], list[str]]:
    delta = change.deltas["permissions"]
    parts = (delta.add, delta.change, delta.remove, delta.kept)
    add, changed, remove, kept = ([e.shown for e in part] for part in parts)
    return add, changed, remove, kept


def test_people_and_groups_in_one_entry_are_compared_one_by_one() -> None:
    found = of(
        {"role": "EDITOR", "users": [JANE, BOB], "groups": ["Team"], "because": "FIN-12"},
        live=(
            {"users": "id-jane", "role": "EDITOR", "accessBoost": True},
            {"groups": "id-team", "role": "VIEWER"},
        ),
    )

    assert moves(found) == ([BOB], ["Team"], [], [JANE])
    assert found.deltas["permissions"].change[0].wire == {"groups": "id-team", "role": "EDITOR"}
    assert {f.path for f in found.fields} == {("permissions", BOB), ("permissions", "Team", "role")}
    assert found.digests["permissions.users"] == found.digests["permissions.groups"]


def test_the_same_group_by_two_names_is_refused() -> None:
    team: JsonObject = {"name": "Team"}
    found = of({"role": "EDITOR", "groups": ["Team"]}, {"role": "VIEWER", "groups": ["team"]}, more=(team,))

    assert [h.rule for h in found.holds] == ["unresolved"]
    assert "one and the same" in found.holds[0].reason


def test_an_unknown_entry_is_sent_unless_it_was_sent_so_already() -> None:
    wanted: JsonObject = {"role": "EDITOR", "groups": ["Team"]}
    first = of(wanted, unknown=("id-team",))
    assert moves(first) == (["Team"], [], [], [])
    last = bond("Folder", "f", "f1", ["Finance"], digests=dict(first.digests), entries=dict(first.entries_ours))

    again = of(wanted, unknown=("id-team",), last=last)
    assert moves(again) == ([], [], [], ["Team"])
    assert again.notes == ("not verifiable: permissions of Team (last sent as declared)",)
    other = of({**wanted, "role": "VIEWER"}, unknown=("id-team",), last=last)
    assert moves(other) == ([], ["Team"], [], [])
    assert {f.reason for f in other.fields} == {Reason.INTENT}


def test_an_unknown_entry_that_is_ours_is_removed_and_nobody_elses() -> None:
    last = bond("Folder", "f", "f1", ["Finance"], entries={"permissions": ("id-team",)})

    assert moves(of(unknown=("id-team", "id-x"), last=last)) == ([], [], ["Team"], [])


def test_what_leaves_is_called_as_the_reading_calls_it() -> None:
    last = bond("Folder", "f", "f1", ["Finance"], entries={"permissions": ("id-old",)})

    assert moves(of(live=({"users": "id-old", "role": "EDITOR"},), last=last))[2] == ["Old Hand"]


def test_a_grant_to_a_group_that_is_still_to_come() -> None:
    fresh: JsonObject = {"name": "Fresh"}
    found = of({"role": "EDITOR", "groups": ["fresh"]}, live=None, more=(fresh,))

    promised = '{"$id":"analytics/UserGroup/fresh"}'
    assert found.entries_ours == {"permissions": (promised,)}
    assert f"permissions/{promised}" in found.digests
