"""Grants in folders: whom to ask, what the answers tell, and which calls follow, all pure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler.model.call import Request
from reconciler.model.change import Change, Delta, Entry, Value, Verb
from reconciler.model.document import Address, Document
from reconciler.model.entries import entry_digest
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics import folder
from reconciler.providers.omni_analytics.folder_whom import whom
from tests.unit.providers.samples import FOLDER, T, document

ONE = FOLDER.fields["permissions"]
AT = Address(T, "Folder", "finance")
U = {name: f"00000001-0000-4000-8000-00000000000{n}" for n, name in enumerate("abcd")}


# Whom to ask


@pytest.mark.parametrize(
    ("users", "groups", "asked"),
    [
        ([], {}, ()),
        (["b", "a"], {}, ("a", "b")),
        (["a"], {"g": ["a", "b"]}, ("a",)),
        ([], {"g": ["a", "b"]}, ("a",)),
        ([], {"g": ["a", "b"], "h": ["b", "c"]}, ("b",)),
        ([], {"g": ["a"], "h": ["b"], "i": ["b", "c"]}, ("a", "b")),
        (["c"], {"g": ["a"], "i": ["b", "c"]}, ("a", "c")),
        ([], {"g": []}, ()),
    ],
)
def test_oa_r54_users_themselves_then_who_belongs_to_most_groups(
    users: list[str], groups: dict[str, list[str]], asked: tuple[str, ...]
) -> None:
    assert whom(users, groups)[0] == asked


def test_oa_a35_some_more_members_are_kept_in_mind() -> None:
    assert whom(["c"], {"g": ["a", "b", "c", "d", "e"]})[1] == {"g": ("c", "a", "b", "d")}


def opened(*entries: JsonObject, **spec: Json) -> Document:
    return document(FOLDER, "finance", path="Finance", permissions=list[Json](entries), **spec)


def others(*, whole: bool = True, **groups: list[str]) -> dict[str, Collection]:
    """People a to d by their addresses, and these groups by their names."""
    there = tuple(Resource(f"id-{g}", g, {"members": list[Json](m)}) for g, m in groups.items())
    people = tuple(Resource(i, f"{name}@example.com", {}) for name, i in U.items())
    return {
        "User": Collection("User", people, names={str(p.key): p.id for p in people}),
        "UserGroup": Collection("UserGroup", there, Proof(whole, "said"), names={g: f"id-{g}" for g in groups}),
    }


def detail(*entries: JsonObject, bond: Bond | None = None, whole: bool = True, **groups: list[str]) -> JsonObject:
    [found] = folder.details(FOLDER, [opened(*entries)], [bond] if bond else [], others(whole=whole, **groups))
    return found


def test_a_detail_says_which_folder_and_whom_it_concerns() -> None:
    found = detail({"role": "EDITOR", "users": ["a@example.com"], "groups": ["g", "new"]}, g=[U["b"]])

    assert found == {
        "address": "here/Folder/finance",
        "id": None,
        "key": ["Finance"],
        "scope": "organization",
        "owner": None,
        "ask": [U["a"], U["b"]],
        "users": [U["a"]],
        "groups": {"id-g": [U["b"]]},
        "granted": {},
        "seen": False,
    }


def test_documents_that_declare_no_permissions_or_ignore_them_have_none() -> None:
    ignoring = opened({"role": "EDITOR", "users": ["a@example.com"]})
    ignoring = replace(ignoring, lifecycle=replace(ignoring.lifecycle, ignore=frozenset({"spec.permissions"})))

    assert folder.details(FOLDER, [document(FOLDER, "x", path="X"), ignoring], [], others()) == ()


def recorded(*ours: str, **roles: str) -> Bond:
    """A bond of the folder f1: principal (`g_…` a group) -> the role it was given."""
    digests = {}
    for name, role in roles.items():
        key, principal = ("groups", f"id-{name[2:]}") if name.startswith("g_") else ("users", U[name])
        digests[f"permissions/{principal}"] = entry_digest(ONE, {key: principal, "role": role})
    return Bond(AT, "f1", digests=digests, entries={"permissions": ours})


def test_recorded_principals_are_asked_about_too() -> None:
    found = detail(bond=recorded(U["a"], "id-g", a="EDITOR", b="VIEWER", g_g="NO_ACCESS"), g=[U["c"]])

    assert (found["id"], found["ask"]) == ("f1", [U["a"], U["b"], U["c"]])
    assert found["granted"] == {U["a"]: "EDITOR", "id-g": "NO_ACCESS"}


def test_a_recorded_group_that_is_gone_is_nobody() -> None:
    found = detail(bond=recorded("id-x", g_x="EDITOR"))

    assert (found["users"], found["groups"], found["granted"]) == ([], {}, {})
    assert detail(bond=recorded("id-x", g_x="EDITOR"), whole=False)["groups"] == {"id-x": []}


def test_of_what_was_only_begun_the_form_of_the_id_tells_the_kind() -> None:
    found = detail(bond=Bond(AT, "f1", entries={"permissions": (U["d"], "id-g")}), g=[])

    assert (found["users"], list(found["groups"])) == ([U["d"]], ["id-g"])  # type: ignore[arg-type]


# What is read


def demand(*details: JsonObject, **words: object) -> Demand:
    return Demand(T, "Folder", details=details, **words)  # type: ignore[arg-type]


def listing(*records: JsonObject) -> tuple[Request, Json]:
    [first] = folder.reads(FOLDER, Demand(T, "Folder"), ())
    page: JsonObject = {"hasNextPage": False, "totalRecords": len(records)}
    return first, {"records": list[Json](records), "pageInfo": page}


FINANCE: JsonObject = {
    "id": "f1", "name": "Finance", "path": "/finance", "scope": "organization", "owner": {"id": "o"},
    "_count": {"documents": 0},
}  # fmt: skip


def permit(kind: str, principal: str, role: str = "EDITOR", **direct: Json) -> JsonObject:
    return {"type": kind, "id": principal, "name": "N", "direct": {"role": role, "accessBoost": False, **direct}}


def read(
    details: Sequence[JsonObject], answers: dict[str, Json], *, singly: bool = False
) -> tuple[list[str], Resource, Collection]:
    """Whom was asked in f1, in order; the folder; the collection. `answers`: person -> permits, or a refusal."""
    words = {"fresh": ("f1",), "singly": True} if singly else {}
    wanted, asked = demand(*details, **words), list[str]()
    replies: Replies = () if singly else (listing(FINANCE),)
    for _ in range(10):
        batch = folder.reads(FOLDER, wanted, replies)
        if not batch:
            break
        for request in batch:
            person = dict(request.query)["userId"]
            asked.append(person)
            told = answers.get(person, [])
            replies += ((request, {"$refused": told} if isinstance(told, int) else {"permits": told}),)
    found = folder.parse(FOLDER, wanted, replies)
    return asked, found.resources[0], found


def test_nobody_is_asked_before_the_listing_is_in() -> None:
    one = detail({"role": "EDITOR", "users": ["a@example.com"]})

    assert [r.path for r in folder.reads(FOLDER, demand(one), ())] == ["/v1/folders"]
    assert folder.reads(FOLDER, demand({**one, "key": ["Legal"]}), (listing(FINANCE),)) == []


def test_a_folder_is_known_by_its_id_before_its_key() -> None:
    other = {**FINANCE, "id": "f2", "path": "/finance-1"}
    one = detail({"role": "EDITOR", "users": ["a@example.com"]})

    assert folder.reads(FOLDER, demand(one), (listing(FINANCE, other),)) == []  # two of one name
    [request] = folder.reads(FOLDER, demand({**one, "id": "f2"}), (listing(FINANCE, other),))
    assert request.path == "/v1/folders/f2/permissions"


def test_oa_r55_only_direct_grants_of_our_principals_count() -> None:
    one = detail({"role": "EDITOR", "users": ["a@example.com", "b@example.com"], "groups": ["g"]}, g=[U["a"]])
    stranger, ours = permit("user", "x"), permit("userGroup", "id-g", "INTERACTOR", accessBoost=True)
    inherited: JsonObject = {"type": "user", "id": U["a"], "name": "N", "folder": {"role": "EDITOR"}}
    organisation: JsonObject = {"type": "organization", "id": U["a"], "direct": {"role": "VIEWER"}}

    asked, found, _ = read([one], {U["a"]: [stranger, ours, inherited, organisation]})

    assert asked == [U["a"], U["b"]]
    assert found.fields["permissions"] == [{"groups": "id-g", "role": "EXPLORER", "accessBoost": True}]
    assert found.unknown == {"permissions": ()}


def test_oa_r55_ownership_is_no_grant() -> None:
    one = detail({"role": "EDITOR", "users": ["a@example.com"]})

    _, found, _ = read([one], {U["a"]: [permit("user", U["a"], "MANAGER", isOwner=True)]})

    assert (found.fields["permissions"], found.unknown["permissions"]) == ([], (U["a"],))


def test_oa_r56_nobody_could_be_asked() -> None:
    one = detail({"role": "EDITOR", "groups": ["g"]}, g=[])

    asked, found, _ = read([one], {})

    assert (asked, found.unknown["permissions"]) == ([], ("id-g",))


def test_oa_a35_another_member_is_asked_after_a_refusal() -> None:
    one = detail({"role": "EDITOR", "groups": ["g"]}, g=[U["a"], U["b"], U["c"]])

    asked, found, _ = read([one], {U["a"]: 400, U["b"]: 400, U["c"]: [permit("userGroup", "id-g")]})

    assert asked == [U["a"], U["b"], U["c"]]
    assert found.unknown["permissions"] == ()


def test_oa_a34_where_nobody_may_be_asked_about_there_are_no_permissions() -> None:
    one = detail({"role": "EDITOR", "users": ["a@example.com"], "groups": ["g"]}, g=[U["b"], U["c"]])

    asked, found, _ = read([one], {U["a"]: 403, U["b"]: 403})

    assert len(asked) == 2
    assert "permissions" not in found.fields


@pytest.mark.parametrize(
    ("role", "ours", "seen", "unknown"),
    [
        ("EDITOR", True, False, True),  # ours, and no answer shows any group
        ("EDITOR", True, True, False),
        ("EDITOR", False, False, False),
        ("NO_ACCESS", True, True, True),
        ("NO_ACCESS", False, True, True),
    ],
)
def test_oa_r56_silence_about_what_we_granted(role: str, ours: bool, seen: bool, unknown: bool) -> None:
    bond = recorded(*(["id-g"] if ours else []), g_g=role)
    one = detail(bond=bond, g=[U["a"]], h=[U["a"]])

    _, found, _ = read([one], {U["a"]: [permit("userGroup", "id-h")] if seen else []})

    assert found.unknown["permissions"] == (("id-g",) if unknown else ())
    assert found.fields["groupGrantsSeen"] is seen


def test_a_reading_completes_its_details() -> None:
    one = detail({"role": "EDITOR", "users": ["a@example.com"]})

    _, _, found = read([one], {U["a"]: [permit("userGroup", "id-x")]})

    assert found.details == ({**one, "id": "f1", "seen": True},)


def test_a_folder_can_be_read_without_any_listing() -> None:
    one = {**detail({"role": "EDITOR", "users": ["a@example.com"]}), "id": "f1"}

    _, found, all_ = read([one], {U["a"]: [permit("user", U["a"])]}, singly=True)

    assert (found.id, found.key, len(found.fields["permissions"])) == ("f1", ["Finance"], 1)  # type: ignore[arg-type]
    assert all_.proof.complete
    assert folder.parse(FOLDER, demand(one, fresh=("f1",), singly=True), ()).resources[0].unknown
    with pytest.raises(IndexError):
        read([one], {U["a"]: 404}, singly=True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"permits": {}},
        {"permits": [{"type": "user", "id": U["a"], "direct": {"accessBoost": True}}]},
    ],
)
def test_an_answer_of_another_shape(body: JsonObject) -> None:
    one = detail({"role": "EDITOR", "users": ["a@example.com"]})
    [request] = folder.reads(FOLDER, demand(one), (listing(FINANCE),))

    with pytest.raises(ValueError, match=r"permits|role"):
        folder.parse(FOLDER, demand(one), (listing(FINANCE), (request, body)))


def test_oa_c14_least_reading_of_folders_whose_permissions_alone_change() -> None:
    new = detail()
    one, two = (new | {"id": i} for i in ("f1", "f2"))
    whole = demand(one, two, new, ids=("f1",))

    assert folder.narrow(FOLDER, whole, ["f1"], 4) == replace(
        whole, details=(one, new), fresh=("f1",), singly=True
    )
    assert folder.narrow(FOLDER, whole, ["f1"], 0) == replace(whole, details=(one, new))


def test_oa_r63_whose_answers_show_what_was_changed() -> None:
    one = detail(
        {"role": "EDITOR", "users": ["a@example.com", "b@example.com"], "groups": ["g", "h", "i"]},
        g=[U["b"]],
        h=[U["c"]],
        i=[U["d"]],
    )
    calls = [
        grant_call(("id-g", "VIEWER"), ("id-new", "VIEWER"), ("id-i", "VIEWER")),
        grant_call((U["a"], "EDITOR")),
    ]

    found = folder.showing(FOLDER, demand({**one, "id": "f1"}, moving=("id-i",)), calls)

    [left] = found.details
    assert (found.singly, found.fresh, left["ask"]) == (True, ("f1",), [U["a"], U["b"]])
    assert left["groups"] == {"id-g": [U["b"]], "id-i": [], "id-new": []}
    assert left["granted"] == {"id-g": "VIEWER", "id-i": "VIEWER", "id-new": "VIEWER", U["a"]: "EDITOR"}


def grant_call(*present: tuple[str, str]) -> Call:
    [found] = folder.calls(FOLDER, [work(add=[_entry(i, role="VIEWER") for i, _ in present])])
    wires = tuple((i, {"role": role}) for i, role in present)
    return replace(found, live_id="f1", effect=replace(found.effect, present=wires))


# What is sent


def _entry(principal: Value, role: str = "EDITOR", boost: bool | None = None) -> Entry:
    key = "users" if principal in U.values() else "groups"
    wire: dict[str, Value] = {key: principal, "role": role} | ({} if boost is None else {"accessBoost": boost})
    return Entry(str(principal), principal, wire)


def work(
    *,
    add: Sequence[Entry] = (),
    change: Sequence[Entry] = (),
    remove: Sequence[Entry] = (),
    live: dict[str, tuple[str, bool]] | None = None,
    unknown: Sequence[str] = (),
    seen: bool = True,
    bond: Bond | None = None,
    made: bool = False,
) -> Change:
    """Work in a live folder; `made`: in one that is made by the same plan."""
    shown = [_entry(p, role, boost).wire for p, (role, boost) in (live or {}).items()]
    fields: JsonObject = {"permissions": [dict(one) for one in shown], "groupGrantsSeen": seen}
    there = Resource("f1", ["Finance"], fields, unknown={"permissions": tuple(unknown)})
    return Change(
        Verb.CREATE if made else Verb.UPDATE,
        AT,
        live=None if made else there,
        key=["Finance"],
        label="Finance",
        deltas={"permissions": Delta(tuple(add), tuple(change), tuple(remove))},
        bond=bond,
    )


def sent(change: Change) -> list[str]:
    found = []
    for call in folder.calls(FOLDER, [change]):
        body = call.body if isinstance(call.body, dict) else {}
        who = "".join(str(i)[-1] for name in ("userIds", "userGroupIds") for i in body.get(name, ()))  # type: ignore[union-attr]
        found.append(f"{'?' if call.contingent else ''}{call.method} {body.get('role', '')} {who}")
    return found


def checked(change: Change) -> list[str]:
    """The calls, once it is sure that the bound counts those that go for certain."""
    calls = folder.calls(FOLDER, [change])
    assert folder.bound(FOLDER, [change]) == sum(not c.contingent for c in calls)
    return sent(change)


def test_oa_r57_one_post_per_role_and_boost_whoever_it_is_for() -> None:
    found = work(
        add=[_entry("id-g"), _entry(U["b"]), _entry(U["a"]), _entry(U["c"], boost=True), _entry(U["d"], "VIEWER")]
    )

    assert checked(found) == ["POST EDITOR 01g", "POST EDITOR 2", "POST VIEWER 3"]
    bodies = [c.body for c in folder.calls(FOLDER, [found])]
    assert bodies == [
        {"role": "EDITOR", "accessBoost": False, "userIds": [U["a"], U["b"]], "userGroupIds": ["id-g"]},
        {"role": "EDITOR", "accessBoost": True, "userIds": [U["c"]]},
        {"role": "VIEWER", "accessBoost": False, "userIds": [U["d"]]},
    ]


def test_oa_r58_who_is_shown_gets_a_patch_with_the_live_boost() -> None:
    found = work(
        change=[_entry(U["a"]), _entry(U["b"]), _entry("id-g", boost=False)],
        live={U["a"]: ("VIEWER", True), U["b"]: ("VIEWER", False), "id-g": ("EDITOR", True)},
    )

    checked(found)
    assert [c.body for c in folder.calls(FOLDER, [found])] == [
        {"role": "EDITOR", "accessBoost": False, "userIds": [U["b"]], "userGroupIds": ["id-g"]},
        {"role": "EDITOR", "accessBoost": True, "userIds": [U["a"]]},
    ]


def test_oa_r59_the_shown_together_the_unknown_alone() -> None:
    gone = [Entry(i, i, {"users": i} if i in U.values() else {}) for i in (U["a"], U["b"], "id-g", "id-h")]
    found = work(remove=gone, live={U["a"]: ("VIEWER", False), U["b"]: ("EDITOR", True)}, unknown=["id-g", "id-h"])

    assert checked(found) == ["DELETE  01", "DELETE  g", "DELETE  h"]
    assert all(c.phase is Phase.REMOVE and c.verify for c in folder.calls(FOLDER, [found]))


def test_oa_r59_the_ledger_knows_what_an_unknown_one_is() -> None:
    bond = Bond(AT, "f1", digests={"permissions/odd": entry_digest(ONE, {"users": "odd", "role": "EDITOR"})})
    found = work(remove=[Entry("odd", "odd", {})], unknown=["odd"], bond=bond)

    assert [c.body for c in folder.calls(FOLDER, [found])] == [{"userIds": ["odd"]}]


def test_oa_r61_one_doubtful() -> None:
    assert checked(work(add=[_entry("id-g")], unknown=["id-g"])) == ["POST EDITOR g", "?PATCH EDITOR g"]
    assert checked(work(change=[_entry(U["a"])], unknown=[U["a"]])) == ["POST EDITOR 0", "?PATCH EDITOR 0"]


def test_oa_r61_several_at_most_one_for_the_sure_and_two_for_each_doubtful() -> None:
    found = work(add=[_entry(U["a"]), _entry(U["b"]), _entry("id-g"), _entry("id-h")], unknown=["id-g", "id-h"])

    assert checked(found) == [
        "POST EDITOR 01gh",
        "?POST EDITOR 01",
        "?POST EDITOR g",
        "?PATCH EDITOR g",
        "?POST EDITOR h",
        "?PATCH EDITOR h",
    ]
    post, sure, g, change_g, h, change_h = folder.calls(FOLDER, [found])
    assert [c.trigger.refused for c in (sure, g, change_g, h, change_h) if c.trigger] == [
        post.id,
        post.id,
        g.id,
        post.id,
        h.id,
    ]


def test_oa_r60_groups_are_doubtful_while_none_is_shown_users_are_not() -> None:
    assert checked(work(add=[_entry("id-g")], seen=False)) == ["POST EDITOR g", "?PATCH EDITOR g"]
    assert checked(work(add=[_entry(U["a"])], seen=False)) == ["POST EDITOR 0"]


def test_oa_r60_nothing_is_doubtful_that_is_made_by_the_same_plan() -> None:
    new: Value = {"$id": "here/UserGroup/new"}

    assert len(folder.calls(FOLDER, [work(add=[_entry(new)], seen=False)])) == 1
    made = work(add=[_entry("id-g")], made=True)
    assert [c.method for c in folder.calls(FOLDER, [replace(made, wire={"path": ["Finance"]})])] == [
        "POST",
        "POST",
    ]


def test_oa_r85_each_call_after_the_end_of_the_one_before() -> None:
    found = work(
        add=[_entry(U["a"], "VIEWER"), _entry("id-g")],
        change=[_entry(U["b"])],
        remove=[Entry("c", U["c"], {"users": U["c"]})],
        live={U["b"]: ("VIEWER", False), U["c"]: ("VIEWER", False)},
        unknown=["id-g"],
    )

    calls = folder.calls(FOLDER, [found])

    assert checked(found) == ["POST EDITOR g", "?PATCH EDITOR g", "POST VIEWER 0", "PATCH EDITOR 1", "DELETE  2"]
    assert [sorted(c.follows) for c in calls] == [[], *([c.id] for c in calls[:-1])]
    assert calls[-1].waits == {calls[0].id, calls[2].id, calls[3].id}


# What is reviewed


def test_oa_r62_the_owner_is_neither_granted_nor_revoked() -> None:
    owned = work(
        add=[_entry(U["a"])], remove=[Entry("b", U["b"], {"users": U["b"]})], live={U["b"]: ("VIEWER", False)}
    )
    for owner, left in ((U["a"], ["DELETE  1"]), (U["b"], ["POST EDITOR 0"])):
        assert owned.live is not None
        there = replace(owned.live, fields={**owned.live.fields, "owner": owner})
        change = replace(owned, live=there, digests={f"permissions/{U['a']}": "d"})

        [found] = folder.review(FOLDER, [change], Collection("Folder"))

        assert sent(found) == left
        assert [h.rule for h in found.holds] == (["owner-grant"] if owner == U["a"] else [])
        assert bool(found.digests) is (owner != U["a"])


def test_oa_r64_what_nobody_can_tell_may_be_sent_again() -> None:
    [call, *_] = folder.calls(FOLDER, [work(add=[_entry("id-g")], unknown=["id-g"])])

    def live(unknown: Sequence[str], *shown: JsonObject) -> Collection:
        fields: JsonObject = {"permissions": list[Json](shown)}
        return Collection("Folder", (Resource("f1", "F", fields, unknown={"permissions": tuple(unknown)}),))

    as_sent: JsonObject = {"groups": "id-g", "role": "EDITOR", "accessBoost": False}
    assert folder.settled(FOLDER, call, live([], as_sent)) is True
    assert folder.settled(FOLDER, call, live([], {**as_sent, "role": "VIEWER"})) is False
    assert folder.settled(FOLDER, call, live(["id-g"])) is False
    assert folder.settled(FOLDER, call, Collection("Folder")) is False


def test_oa_r64_where_no_reading_may_ask_nobody_can_tell() -> None:
    [call, *_] = folder.calls(FOLDER, [work(add=[_entry("id-g")])])

    assert folder.settled(FOLDER, call, Collection("Folder", (Resource("f1", "F", {}),))) is None
