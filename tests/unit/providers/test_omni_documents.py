"""Documents: what is asked, what the answers tell, and which calls follow, all pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from reconciler.model.call import Request
from reconciler.model.change import Change, Delta, Entry, Hold, Named, Value, Verb
from reconciler.model.document import Address, Document, Lifecycle
from reconciler.model.entries import entry_digest
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics import document as kind_verbs
from tests.unit.providers.samples import T, document
from tests.world import catalog

KIND = catalog().kind("omni-analytics", "Document")
GRANTS = KIND.fields["permissions"]
AT = Address(T, "Document", "sales")
JANE, ANN = "00000001-0000-4000-8000-00000000000a", "00000001-0000-4000-8000-00000000000b"
ORDINARY = "include=labels&sortField=name&sortDirection=asc&pageSize=100"


def paper(own: str = "d1", /, **spec: Json) -> Document:
    return document(KIND, "sales", identifier=own, **spec)


def others() -> dict[str, Collection]:
    return {
        "Folder": Collection("Folder", names={"Finance": "f1", "Legal": "f2"}),
        "User": Collection("User", names={"jane@example.com": JANE}),
    }


def demand(*documents: Document, bonds: Sequence[Bond] = (), **words: Any) -> Demand:
    return Demand(T, "Document", details=kind_verbs.details(KIND, documents, bonds, others()), **words)


def record(own: str, **more: Json) -> JsonObject:
    base: JsonObject = {"name": own.upper(), "scope": "organization", "owner": {"id": ANN, "name": "Ann"}}
    return {"identifier": own, **base, "folder": None, "labels": [], **more}


def page(*records: JsonObject, total: int | None = None, more: str | None = None) -> JsonObject:
    info: JsonObject = {"hasNextPage": more is not None, "nextCursor": more, "pageSize": 100}
    return {"records": [*records], "pageInfo": {**info, "totalRecords": len(records) if total is None else total}}


def access(*principals: JsonObject, total: int | None = None) -> JsonObject:
    info: JsonObject = {"hasNextPage": False, "totalRecords": len(principals) if total is None else total}
    return {"principals": [*principals], "pageInfo": info}


def principal(own: str, role: str = "VIEWER", **more: Json) -> JsonObject:
    word = "user" if own.count("-") == 4 else "userGroup"
    return {"id": own, "name": own[-1], "type": word, "role": role, "accessSource": "direct", **more}


def told(asked: Demand, *answers: tuple[str, Json]) -> tuple[list[str], Collection]:
    """What is asked in all, and what comes of it; `answers`: the end of a request's line -> its answer."""
    replies: Replies = ()
    lines: list[str] = []
    while batch := kind_verbs.reads(KIND, asked, replies):
        assert len(lines) < 30
        replies += tuple((r, _answer(r, answers)) for r in batch)
        lines += [str(r).split(" ", 1)[1].replace("/v1/documents", "").replace(ORDINARY, "") for r in batch]
    return lines, kind_verbs.parse(KIND, asked, replies)


def _answer(request: Request, answers: Sequence[tuple[str, Json]]) -> Json:
    found = [body for ending, body in answers if str(request).endswith(ending)]
    return found[0] if found else None


# What is asked


def test_oa_r101_each_field_asks_for_its_own_part() -> None:
    def parts(**spec: Json) -> list[Json]:
        return [d["part"] for d in kind_verbs.details(KIND, [paper(**spec)], [], others())]

    assert parts(labels=[]) == ["place"]
    assert parts(permissions=[], folder=None, model="m") == ["place", "access", "model"]
    assert parts(settings={"canDrill": True}) == ["alive"]


def test_oa_r101_what_is_ignored_is_not_asked_for() -> None:
    one = replace(
        paper(permissions=[], owner="jane@example.com"), lifecycle=Lifecycle(ignore=frozenset({"owner"}))
    )

    assert [d["part"] for d in kind_verbs.details(KIND, [one], [], others())] == ["access"]


def test_oa_r102_one_folder_is_listed_first_and_then_all() -> None:
    asked = demand(paper(folder="Finance"))
    lines, found = told(asked, ("folderId=f1", page()), (ORDINARY, page(record("d1"))))

    assert lines == ["?&folderId=f1", "?"]
    assert [r.id for r in found.resources] == ["d1"]


def test_oa_r102_several_folders_where_that_takes_fewer_requests() -> None:
    papers = [
        paper("d1", folder="Finance"),
        replace(paper("d2", folder="Legal"), address=Address(T, "Document", "b")),
    ]
    first = page(record("x"), total=500, more="c2")

    lines, _ = told(
        demand(*papers),
        (ORDINARY, first),
        ("folderId=f1", page(record("d1"))),
        ("folderId=f2", page(record("d2"))),
    )

    assert lines == ["?", "?&folderId=f1", "?&folderId=f2"]


def test_oa_r102_else_the_rest_of_the_list_as_far_as_is_needed() -> None:
    papers = [
        paper("d1", folder="Finance"),
        replace(paper("d2", folder=None), address=Address(T, "Document", "b")),
    ]
    first, second = page(record("d1"), total=500, more="c2"), page(record("d2"), total=500, more="c3")

    assert told(demand(*papers), (ORDINARY, first), ("cursor=c2", second))[0] == ["?", "?&cursor=c2"]


def test_oa_r103_what_no_list_shows_is_asked_for_by_itself() -> None:
    asked = demand(paper(folder=None), ids=("d1",))

    answers: list[tuple[Json, bool]] = [
        (None, False),
        ({"name": "D1", "modelId": "m"}, True),
        ({"$refused": 400}, True),
    ]
    for answer, there in answers:
        lines, found = told(asked, (ORDINARY, page()), ("/d1", answer))
        assert lines == ["?", "/d1"]
        assert bool(found.resources) is there
        assert found.proof.complete
        assert found.seen["unlisted"] == (["d1"] if there else [])


def test_oa_r103_who_owns_what_no_list_shows_is_asked_again_before_it_is_written() -> None:
    again = kind_verbs.narrow(KIND, demand(paper(owner="jane@example.com")), ["d1"], 1)
    let_in = ("pageSize=100", access(principal(ANN, isOwner=True)))

    lines, found = told(again, (ORDINARY, page()), ("/d1", {"$refused": 400}), let_in)
    assert len(lines) == 3
    assert found.resources[0].fields["owner"] == ANN
    assert len(told(again, (ORDINARY, page(record("d1"))), let_in)[0]) == 1, "a list tells"


def test_oa_r104_a_list_that_is_short_proves_nothing() -> None:
    assert not told(demand(paper(folder=None)), (ORDINARY, page(total=1)))[1].proof.complete


def test_oa_r104_what_is_in_the_trash_is_not_there_and_not_asked_for() -> None:
    for word in ({"deleted": True}, {"deletedAt": "2026-01-01T00:00:00.000Z"}):
        lines, found = told(demand(paper(folder=None)), (ORDINARY, page(record("d1", **word))))
        assert (lines, found.resources) == (["?"], ())


def test_oa_r107_labels_are_texts_or_objects() -> None:
    found = told(demand(paper(labels=[])), (ORDINARY, page(record("d1", labels=["A", {"name": "B"}, "A"]))))[1]

    assert found.resources[0].fields["labels"] == ["A", "B"]
    with pytest.raises(ValueError, match="label"):
        told(demand(paper(labels=[])), (ORDINARY, page(record("d1", labels=[3]))))


@pytest.mark.parametrize("wrong", [{"name": "x"}, {"identifier": 3}, {"identifier": ""}])
def test_a_record_without_an_identifier_is_refused(wrong: JsonObject) -> None:
    with pytest.raises(ValueError, match="identifier"):
        told(demand(paper(labels=[])), (ORDINARY, page(wrong)))


def test_oa_r105_the_owner_is_no_grant_and_folders_do_not_count() -> None:
    body = access(
        principal(ANN, "MANAGER", isOwner=True, email="ann@example.com"),
        principal(JANE, "INTERACTOR", accessBoost=True),
        principal("grp", "VIEWER"),
        principal("out", "EDITOR", accessSource="folder"),
    )

    [found] = told(demand(paper(permissions=[])), ("pageSize=100", body))[1].resources

    assert found.fields["owner"] == ANN
    assert found.fields["permissions"] == [
        {"users": JANE, "role": "EXPLORER", "accessBoost": True},
        {"groups": "grp", "role": "VIEWER", "accessBoost": False},
    ]


def test_oa_r108_a_list_that_does_not_come_whole_or_is_forbidden() -> None:
    short = told(demand(paper(permissions=[])), ("pageSize=100", access(principal(JANE), total=2)))[1]
    closed = told(demand(paper(permissions=[])), ("pageSize=100", {"$refused": 403}))[1]

    assert (short.seen["unproven"], short.proof.complete) == (["d1"], False)
    assert (closed.seen["forbidden"], closed.proof.complete) == (["d1"], True)
    assert all("permissions" not in r.fields for r in (*short.resources, *closed.resources))


def test_oa_r106_whom_the_ledger_knows_to_have_no_access_may_not_show() -> None:
    digest = entry_digest(GRANTS, {"users": JANE, "role": "NO_ACCESS"})
    bond = Bond(AT, "d1", digests={f"permissions/{JANE}": digest})

    [found] = told(demand(paper(permissions=[]), bonds=[bond]), ("pageSize=100", access()))[1].resources
    assert found.unknown == {"permissions": (JANE,)}
    [found] = told(
        demand(paper(permissions=[]), bonds=[bond]), ("pageSize=100", access(principal(JANE, "NO_ACCESS")))
    )[1].resources
    assert found.unknown == {"permissions": ()}


def test_oa_r110_who_has_access_is_asked_where_the_owner_is_another_one() -> None:
    asked = demand(paper(owner="jane@example.com"))

    lines, found = told(asked, (ORDINARY, page(record("d1"))), ("pageSize=100", access(principal(JANE))))
    assert len(lines) == 2
    assert "permissions" in found.resources[0].fields
    same = record("d1", owner={"id": JANE, "name": "Jane"})
    assert len(told(asked, (ORDINARY, page(same)))[0]) == 1


def test_oa_c23_only_what_is_written_is_read_again() -> None:
    asked = demand(paper(folder="Finance", permissions=[], settings={"canDrill": True}), ids=("d1",))
    told_, found = told(
        asked,
        ("folderId=f1", page()),
        (ORDINARY, page(record("d1", folder={"id": "f2"}))),
        ("pageSize=100", access()),
    )
    again = kind_verbs.narrow(KIND, replace(asked, details=found.details or ()), ["d1"], 3)

    assert [d.get("folder") for d in again.details] == ["f2", None]
    moved = Call(
        "1", T, "Document", AT, "PUT", "/", Phase.UPDATE, effect=Effect(fields={"folder": "f9"}), live_id="d1"
    )
    after = kind_verbs.showing(KIND, again, [moved])
    assert [(d["part"], d["folder"]) for d in after.details] == [("place", "f9")]
    nothing = kind_verbs.narrow(KIND, replace(asked, details=()), ["d1"], 1)
    assert kind_verbs.reads(KIND, nothing, ()) == []
    assert [r.id for r in kind_verbs.parse(KIND, nothing, ()).resources] == ["d1"]
    assert told_


# What follows


def grant(own: Value, role: str = "EDITOR", shown: str = "", **more: Json) -> Entry:
    key = "users" if isinstance(own, str) and own.count("-") == 4 else "groups"
    return Entry(shown or str(own), own, {key: own, "role": role, **more})


def work(
    *,
    live: dict[str, str] | None = None,
    hidden: Sequence[str] = (),
    delta: Delta | None = None,
    labels: Delta | None = None,
    wire: dict[str, Value] | None = None,
    holds: tuple[Hold, ...] = (),
    allow: Sequence[str] = (),
) -> Change:
    entries: list[Json] = [
        {("users" if i.count("-") == 4 else "groups"): i, "role": r, "accessBoost": False}
        for i, r in (live or {}).items()
    ]
    there: dict[str, Json] = {"folder": None, "scope": "organization", "owner": ANN, "labels": []}
    there |= {"identifier": "d1", "permissions": entries}
    resource = Resource("d1", "d1", there, "D1", unknown={"permissions": tuple(hidden)})
    deltas = {n: d for n, d in (("permissions", delta), ("labels", labels)) if d is not None}
    return Change(
        Verb.UPDATE,
        AT,
        document=replace(paper(), lifecycle=Lifecycle(allow=frozenset(allow))),
        live=resource,
        key="d1",
        label="D1",
        wire=wire or {},
        changed=frozenset(wire or {}),
        deltas=deltas,
        holds=holds,
    )


def lines(change: Change) -> list[str]:
    """The calls, once it is sure that the bound counts those that go for certain."""
    calls = kind_verbs.calls(KIND, [change])
    assert kind_verbs.bound(KIND, [change]) == sum(not c.contingent for c in calls)
    befores = [frozenset[str](), *(frozenset({c.id}) for c in calls[:-1])]
    assert [c.follows for c in calls] == befores, "calls on one document follow one another"
    return [f"{'?' if c.contingent else ''}{c.method} {c.path.rpartition('/')[2]}" for c in calls]


def test_oa_c21_grants_changes_and_revokes() -> None:
    delta = Delta(
        add=(grant(JANE), grant("a"), grant("b", accessBoost=True)),
        change=(grant("c", "VIEWER"),),
        remove=(grant("x"), grant("y")),
    )

    assert lines(work(delta=delta, live={"c": "EDITOR", "x": "VIEWER", "y": "VIEWER"})) == [
        "POST permissions",
        "POST permissions",
        "PATCH permissions",
        "DELETE permissions",
    ]


def test_oa_r106_what_may_be_hidden_has_a_second_way() -> None:
    assert lines(work(delta=Delta(add=(grant(JANE, "NO_ACCESS"),)))) == ["POST permissions", "?PATCH permissions"]
    assert lines(work(delta=Delta(change=(grant(JANE),)), hidden=[JANE])) == [
        "POST permissions",
        "?PATCH permissions",
    ]
    assert lines(work(delta=Delta(remove=(grant(JANE), grant("x"))), hidden=[JANE], live={"x": "VIEWER"})) == [
        "DELETE permissions",
        "DELETE permissions",
    ]


def test_oa_r110_the_grant_that_the_new_owner_needs() -> None:
    owner: dict[str, Value] = {"owner": JANE}

    assert lines(work(wire=owner)) == ["POST permissions", "PUT transfer-ownership"]
    assert lines(work(wire=owner, live={JANE: "VIEWER"})) == ["PUT transfer-ownership"]
    assert lines(work(wire=owner, live={JANE: "NO_ACCESS"})) == ["PATCH permissions", "PUT transfer-ownership"]
    assert lines(work(wire=owner, delta=Delta(add=(grant("a"),)))) == [
        "POST permissions",
        "PUT transfer-ownership",
    ]
    nobody = Delta(add=(grant("a", "NO_ACCESS"),))
    assert lines(work(wire=owner, delta=nobody)) == [
        "POST permissions",
        "?PATCH permissions",
        "POST permissions",
        "PUT transfer-ownership",
    ]


def test_oa_r110_the_transfer_comes_after_the_grant_and_nothing_is_to_show_that_afterwards() -> None:
    first, transfer = kind_verbs.calls(KIND, [work(wire={"owner": JANE})])

    assert transfer.after == {first.id}
    assert (first.verify, first.set_field) == (False, None)
    [both, _] = kind_verbs.calls(KIND, [work(wire={"owner": JANE}, delta=Delta(add=(grant("a"),)))])
    assert [i for i, _ in both.effect.present] == ["a"]
    assert isinstance(both.body, dict)
    assert both.body["userIds"] == [JANE]


def test_oa_r111_the_list_must_show_the_previous_owner_as_manager() -> None:
    delta = Delta(change=(grant(ANN, "VIEWER"),))
    calls = kind_verbs.calls(KIND, [work(wire={"owner": JANE}, live={JANE: "EDITOR"}, delta=delta)])

    assert [c.method for c in calls] == ["PUT", "GET", "PATCH"]
    assert calls[1].expect == {"/principals": {"$has": {"id": ANN, "role": "MANAGER"}}}
    assert [*calls[1].after, *calls[2].after] == [calls[0].id, calls[1].id]


def test_oa_r111_he_alone_being_revoked_the_look_waits_with_that() -> None:
    calls = kind_verbs.calls(
        KIND, [work(wire={"owner": JANE}, live={JANE: "EDITOR"}, delta=Delta(remove=(grant(ANN),)))]
    )

    assert [(c.method, c.phase) for c in calls[1:]] == [("GET", Phase.REMOVE), ("DELETE", Phase.REMOVE)]


def test_oa_r109_the_folder_by_the_path_that_the_server_gave() -> None:
    named = Named(["Finance"], "Finance", Resource("f1", ["Finance"], {"slug": "/fin-1"}))
    change = replace(work(wire={"folder": "f1"}), refers={"folder": named})

    [move] = kind_verbs.calls(KIND, [change])
    assert move.body == {"folderPath": "/fin-1"}
    coming = work(wire={"folder": {"$id": f"{T}/Folder/new"}})
    [move] = kind_verbs.calls(KIND, [coming])
    assert move.body == {"folderPath": {"$from": {"call": f"{T}/Folder/new#create", "path": "/path"}}}
    assert move.args["folderId"] == {"$id": f"{T}/Folder/new"}


def test_oa_r117_labels() -> None:
    both = Delta(add=(Entry("A", "A"),), remove=(Entry("B", "B"),), kept=(Entry("C", "C"),))

    assert lines(work(labels=both)) == ["PATCH labels", "?PUT {labelName}", "?DELETE {labelName}"]
    [patch, *_] = kind_verbs.calls(KIND, [work(labels=both)])
    assert patch.expect == {"/labels": {"$set": ["C", "A"]}}
    kept_back = work(labels=both, holds=(Hold("first-removals", "r", "w", only="remove"),))
    calls = [c for c in kind_verbs.calls(KIND, [kept_back]) if not c.contingent]
    assert [(c.body, c.phase) for c in calls] == [({"add": ["A"]}, Phase.ADD), ({"remove": ["B"]}, Phase.REMOVE)]


def test_oa_r118_nothing_is_left_in_doubt() -> None:
    live = Collection("Document", (work().live,), Proof(complete=True, by="x"))  # type: ignore[arg-type]
    for wire in ({"settings": {"canDrill": True}}, {"name": "N"}, {"owner": JANE}):
        for call in kind_verbs.calls(KIND, [work(wire=wire)]):  # type: ignore[arg-type]
            assert kind_verbs.settled(KIND, call, live) is False


# What only the kind knows


def reviewed(change: Change, **seen: Json) -> Change:
    [found] = kind_verbs.review(KIND, [change], Collection("Document", seen=seen))
    return found


def rules(change: Change) -> list[str]:
    return [h.rule for h in change.holds]


def test_oa_r100_nothing_is_made() -> None:
    missing = replace(work(wire={"name": "N"}), verb=Verb.CREATE, live=None)

    found = reviewed(missing)

    assert (found.verb, rules(found), found.wire) == (Verb.NONE, ["no-such-document"], {})
    taken = replace(missing, holds=(Hold("taken", "r", "w", final=True),))
    assert rules(reviewed(taken)) == ["taken"]


def test_oa_r113_the_last_manager() -> None:
    demoted = work(live={JANE: "MANAGER"}, delta=Delta(change=(grant(JANE, "VIEWER"),)))

    assert rules(reviewed(demoted)) == ["last-manager"]
    assert "permissions" not in reviewed(demoted).deltas
    assert (
        rules(reviewed(work(live={JANE: "MANAGER"}, delta=demoted.deltas["permissions"], allow=["last-manager"])))
        == []
    )
    other = work(live={JANE: "MANAGER", "a": "MANAGER"}, delta=demoted.deltas["permissions"])
    assert rules(reviewed(other)) == []
    boosted = work(live={JANE: "MANAGER"}, delta=Delta(change=(grant(JANE, "MANAGER", accessBoost=True),)))
    assert rules(reviewed(boosted)) == []


def test_oa_r112_the_account_of_the_key() -> None:
    change = work(live={JANE: "EDITOR", "a": "VIEWER"}, delta=Delta(remove=(grant(JANE), grant("a"))))
    change = replace(change, settings={"account": "Jane@example.com"})

    found = reviewed(change, addresses={JANE: "jane@EXAMPLE.com"})

    assert rules(found) == ["own-account"]
    assert [e.id for e in found.deltas["permissions"].remove] == ["a"]


def test_oa_r111_what_the_transfer_does_to_grants() -> None:
    def owned(delta: Delta, mode: str = "exact") -> Delta:
        change = work(wire={"owner": JANE}, delta=delta)
        return reviewed(replace(change, document=paper(permissionsMode=mode))).deltas["permissions"]

    assert [e.id for e in owned(Delta()).remove] == [ANN]
    assert owned(Delta(), "additive") == Delta()
    assert owned(Delta(add=(grant(ANN, "EDITOR"),))).change == (grant(ANN, "EDITOR"),)
    assert owned(Delta(add=(grant(ANN, "MANAGER"),))).kept == (grant(ANN, "MANAGER"),)
    assert owned(Delta(add=(grant(ANN, "MANAGER", accessBoost=True),))).change != ()
    assert owned(Delta(remove=(grant(JANE),), kept=(grant(ANN),))).remove == ()


def test_oa_r111_the_previous_owner_is_not_revoked_while_a_grant_names_nobody() -> None:
    """He may be the one who is meant (ST-R28); what is left out of another set says nothing of him."""
    waits = Hold("unresolved", "permissions: b left out; no User 'b'", "w", final=True, only="entry")
    other = Hold("unresolved", "labels: B left out; no Label 'B'", "w", final=True, only="entry")
    held = replace(work(wire={"owner": JANE}, delta=Delta(), holds=(waits, other)), document=paper())

    assert [h.only for h in reviewed(held).holds] == ["remove", "entry"]
    stays = replace(held, document=paper(permissionsMode="additive"))
    assert [h.only for h in reviewed(stays).holds] == ["entry", "entry"]


def test_oa_r64_where_no_reading_may_ask_for_the_grants_nobody_can_tell() -> None:
    [post, *_] = kind_verbs.calls(KIND, [work(delta=Delta(add=(grant("a"),)))])
    there = work().live
    assert there is not None
    blind = replace(there, fields={n: v for n, v in there.fields.items() if n != "permissions"})

    assert kind_verbs.settled(KIND, post, Collection("Document", (there,))) is False
    assert kind_verbs.settled(KIND, post, Collection("Document", (blind,))) is None
