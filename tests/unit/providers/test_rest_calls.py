"""Changes into calls: bodies, answers, ids, sets and their edges."""

from __future__ import annotations

from reconciler.model.change import Delta, Verb
from reconciler.model.plan import Phase, Role, Trigger
from reconciler.providers.rest.calls import calls
from tests.unit.providers.samples import (
    CREW,
    CURSOR,
    LABEL,
    TEAM,
    asked,
    change,
    member,
    named,
    short,
    shorts,
)


def test_a_create_sends_all_that_is_declared_and_expects_it_back() -> None:
    (call,) = calls(CURSOR, [change(CURSOR, "a", size=3)])

    assert (call.method, call.path, call.phase, call.new_id) == ("POST", "/things", Phase.CREATE, "/thing/id")
    assert call.body == {"name": "a", "size": 3}
    assert call.expect == {"/thing/name": "a", "/thing/size": 3}
    assert (call.effect.key, call.live_id, call.becomes) == ("a", None, None)


def test_an_update_sends_what_the_schema_says_and_expects_only_an_answer_that_speaks() -> None:
    before = change(CURSOR, "a", was="a", changed={"size"}, size=3)

    (call,) = calls(CURSOR, [before])

    assert call.body == {"name": "a", "size": 3}, "`declared`: all of it, though one field differs"
    assert call.expect == {}, "the endpoint answers with no object"
    assert call.effect.fields == {"size": 3}
    assert (asked(call), call.live_id) == ("/things/id-a", "id-a")


def test_an_update_of_changed_fields_sends_no_other() -> None:
    (call,) = calls(
        LABEL, [change(LABEL, "a", was="In Review", changed={"verified"}, verified=True, homepage=False)]
    )

    assert call.body == {"verified": True}
    assert call.expect == {"/verified": True}
    assert (asked(call), call.becomes, call.effect.key) == ("/v1/labels/In%20Review", None, None)


def test_a_rename_changes_the_id_where_the_id_is_the_name() -> None:
    (label,) = calls(LABEL, [change(LABEL, "a", was="Old", to="New")])
    (team,) = calls(TEAM, [change(TEAM, "a", was="old", to="new")])

    assert (label.becomes, label.args["id"], label.body) == ("New", "Old", {"name": "New"})
    assert (team.becomes, team.args["id"], team.body) == (None, "id-old", {"slug": "new"})
    assert (label.effect.key, team.effect.key) == ("New", "new")


def test_a_delete_has_no_body_and_no_expectation() -> None:
    (call,) = calls(TEAM, [change(TEAM, "a", was="old", delete=True)])

    assert (asked(call), call.method, call.body, call.expect) == ("/api/client-teams/id-old", "DELETE", None, {})
    assert call.effect.gone


def test_what_is_right_already_needs_no_call() -> None:
    assert calls(TEAM, [change(TEAM, "a", was="old")]) == []


def test_what_is_gone_already_needs_no_call() -> None:
    gone = change(TEAM, "a", was="old", delete=True)

    assert calls(TEAM, [type(gone)(Verb.DELETE, gone.address, live=gone.live, also_gone=True)]) == []


# Sets


def crew(**deltas: tuple[object, ...]) -> Delta:
    return Delta(**deltas)  # type: ignore[arg-type]


def test_an_entry_is_added_changed_and_removed_in_one_call_each() -> None:
    delta = crew(
        add=(member("new"),), change=(member("ann", isPrimary=True),), remove=(member("bob", isPrimary=True),)
    )

    found = named(calls(TEAM, [change(TEAM, "crew", was="crew", deltas={"members": delta})]))

    add, flag, gone = (found[f"crew#members:{x}"] for x in ("add:new", "change:ann", "remove:bob"))
    assert (add.method, asked(add), add.body) == (
        "POST", "/api/client-teams/id-crew/members", {"userId": "new"},
    )  # fmt: skip
    assert flag.body == {"userId": "ann", "isPrimary": True}
    assert (gone.method, gone.query, gone.body) == ("DELETE", {"userId": "bob"}, None)
    assert (add.expect, gone.expect) == ({"/userId": "new"}, {})
    assert (add.verify, flag.verify) == (False, True)
    assert (add.effect.present, add.effect.absent) == ((("new", {"user": "new"}),), ())
    assert (gone.effect.present, gone.effect.absent) == ((), ("bob",))


def test_the_thing_comes_before_its_sets_and_removals_come_last() -> None:
    delta = crew(add=(member("new"),), change=(member("ann"),), remove=(member("bob"),))

    found = named(
        calls(TEAM, [change(TEAM, "crew", was="crew", changed={"name"}, name="C", deltas={"members": delta})])
    )

    assert shorts(found["crew#members:add:new"].waits) == {"crew#update"}
    assert shorts(found["crew#members:change:ann"].waits) == {"crew#update"}
    assert shorts(found["crew#members:remove:bob"].waits) == {
        "crew#update", "crew#members:add:new", "crew#members:change:ann",
    }  # fmt: skip


def test_a_refused_change_falls_back_to_remove_and_add_in_a_chain() -> None:
    delta = crew(change=(member("ann", isPrimary=False),))

    first, remove, add = calls(TEAM, [change(TEAM, "crew", was="crew", deltas={"members": delta})])

    assert [c.role for c in (first, remove, add)] == [Role.WRITE, Role.CONTINGENT, Role.CONTINGENT]
    assert (remove.trigger, add.trigger) == (Trigger(first.id), Trigger(first.id, remove.id))
    assert (set(remove.after), set(add.after)) == (set(), {remove.id})
    assert (remove.method, remove.query, add.body) == (
        "DELETE", {"userId": "ann"}, {"userId": "ann", "isPrimary": False},
    )  # fmt: skip
    assert {c.phase for c in (first, remove, add)} == {Phase.CHANGE}
    assert len({c.id for c in (first, remove, add)}) == 3


def test_the_plan_says_that_a_fall_back_leaves_somebody_outside_for_a_moment() -> None:
    """ST-R21: it is announced, with its effect."""
    delta = crew(change=(member("ann", isPrimary=False),))

    _, remove, add = calls(TEAM, [change(TEAM, "crew", was="crew", deltas={"members": delta})])

    assert remove.summary.startswith("if refused: remove ann@example.com from members of ")
    assert remove.summary.endswith(", and so outside until the next call")
    assert add.summary.startswith("if refused: add ann@example.com to members of ")
    assert "outside" not in add.summary


def test_nobody_waits_for_a_fall_back_by_name() -> None:
    delta = crew(change=(member("ann"),), remove=(member("bob"),))

    found = calls(TEAM, [change(TEAM, "crew", was="crew", deltas={"members": delta})])

    contingent = {c.id for c in found if c.contingent}
    assert contingent
    assert not any(contingent & c.waits for c in found)


def test_nobody_is_without_a_team_in_between() -> None:
    """What one set gains, another loses afterwards; who stays nowhere waits for nobody else's set."""
    gains = change(TEAM, "b", was="b", deltas={"members": crew(add=(member("ann"),))})
    loses = change(TEAM, "a", was="a", deltas={"members": crew(remove=(member("ann"), member("bob")))})

    found = named(calls(TEAM, [loses, gains]))

    assert shorts(found["a#members:remove:ann"].waits) == {"b#members:add:ann"}
    assert found["a#members:remove:bob"].waits == frozenset()


def test_the_set_of_a_thing_to_come_uses_the_id_to_come() -> None:
    made = change(TEAM, "crew", name="Crew", deltas={"members": crew(add=(member("ann"),))})

    create, add = calls(TEAM, [made])

    assert add.args["id"] == {"$id": str(create.address)}
    assert add.live_id is None
    assert add.waits == {create.id}


def test_the_set_of_a_renamed_thing_uses_its_new_name() -> None:
    delta = {"members": crew(add=(member("ann"),))}

    found = named(calls(CREW, [change(CREW, "a", was="Old", to="New", deltas=delta)]))

    assert asked(found["a#members:add:ann"]) == "/v1/labels/New/members"
    assert found["a#members:add:ann"].live_id == "New"


def test_the_set_of_a_thing_renamed_through_a_temporary_name_uses_the_last_one() -> None:
    delta = {"members": crew(add=(member("ann"),))}
    ring = [change(CREW, "a", was="A", to="B", deltas=delta), change(CREW, "b", was="B", to="A")]

    found = named(calls(CREW, ring))

    assert asked(found["a#members:add:ann"]) == "/v1/labels/B/members"
    assert shorts(found["a#members:add:ann"].waits) == {"a#aside", "a#update"}


def test_ids_of_calls_are_unique() -> None:
    delta = crew(add=(member("x"),), change=(member("y"),), remove=(member("z"),))

    found = calls(
        TEAM, [change(TEAM, n, was=n, changed={"name"}, name="N", deltas={"members": delta}) for n in "ab"]
    )

    assert len({c.id for c in found}) == len(found) == 12
    assert {short(c.id).split("#")[0] for c in found} == {"a", "b"}
