"""Labels whose documents left git (OA-R25, OA-R26)."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.twins.omni_analytics.things import Document as Content
from tests.contract.deeds import applied, carried_out, made, only_hold, planned
from tests.contract.gone import GONE, KEEP, label
from tests.world import OMNI, World, doc


def test_a_label_we_made_is_deleted_when_it_left_git(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ("DELETE /v1/labels/Alpha",)
    assert deed.action("alpha").verb is Verb.DELETE
    assert Address(OMNI, "Label", "alpha") not in w.recorded.bonds


def test_a_label_in_use_is_not_deleted_and_never_stripped(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    w.omni.add_document("Uses it", labels=("Alpha",))

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    hold = only_hold(deed.plan, "alpha")
    assert (hold.rule, hold.final) == ("in-use", True)
    assert "uses: 1" in hold.reason
    assert Address(OMNI, "Label", "alpha") in w.recorded.bonds


def test_a_label_that_only_folders_carry_is_in_use_too(w: World) -> None:
    """The usage counts folders, whose labels this API cannot take off (OA-R25, OA-P9)."""
    carried_out(w, label("alpha"), KEEP)
    w.omni.label_folder("00000002-0000-4000-8000-000000000001", "Alpha")

    assert only_hold(carried_out(w, KEEP).plan, "alpha").rule == "in-use"


def test_a_label_no_longer_used_is_deleted_at_last(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    w.omni.add_document("Uses it", labels=("Alpha",))
    carried_out(w, KEEP)
    with w.omni.lock:
        for identifier, content in list(w.omni.state.of(Content).items()):
            w.omni.state.of(Content)[identifier] = replace(content, deleted=True)

    assert carried_out(w, KEEP).sent == ("DELETE /v1/labels/Alpha",)


def test_a_label_used_between_plan_and_apply_is_refused_as_stale(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    plan = planned(w, KEEP)
    w.omni.add_document("Uses it", labels=("Alpha",))

    deed = applied(w, plan)

    assert deed.sent == ()
    assert [(str(o.end), o.message) for o in deed.report.outcomes] == [
        ("stale", "'Alpha' has changed since the plan (what it contains)")
    ]


def test_an_adopted_label_is_released_not_deleted(w: World) -> None:
    carried_out(w, doc("Label", "review", {"name": "In Review"}), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert deed.action("review").verb is Verb.RELEASE
    assert Address(OMNI, "Label", "review") not in w.recorded.bonds


def test_an_adopted_label_asked_to_be_deleted_is_not_ours(w: World) -> None:
    carried_out(w, doc("Label", "pick", {"name": "Homepage pick"}, **GONE), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert (only_hold(plan, "pick").rule, only_hold(plan, "pick").final) == ("not-ours", False)


def test_a_released_label_stays(w: World) -> None:
    carried_out(w, label("alpha", on_remove="release"), KEEP)

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert (deed.action("alpha").verb, deed.plan.reads) == (Verb.RELEASE, ("analytics: GET /v1/labels",))
    assert carried_out(w, KEEP).plan.actions[0].address.name == "keep"


def test_a_label_that_is_gone_already_leaves_the_ledger_without_a_call(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    made(w.omni, "DELETE", "/v1/labels/Alpha")

    deed = carried_out(w, KEEP)

    assert deed.sent == ()
    assert Address(OMNI, "Label", "alpha") not in w.recorded.bonds


def test_a_label_deleted_by_another_between_check_and_call_is_done(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    plan = planned(w, KEEP)
    w.omni.on_request(
        1, "before-effect", lambda _: made(w.omni, "DELETE", "/v1/labels/Alpha") and None, method="DELETE"
    )

    report = w.apply(plan)

    assert [(str(o.end), o.status) for o in report.outcomes] == [("done", 404)]
    assert Address(OMNI, "Label", "alpha") not in w.recorded.bonds


def test_deletes_come_after_every_other_write_of_their_kind(w: World) -> None:
    carried_out(w, label("alpha"), label("beta"), KEEP)

    deed = carried_out(w, label("beta"), label("aaa"), doc("Label", "keep", {"name": "Draft", "homepage": True}))

    assert [line.split(" ")[0] for line in deed.sent][-1] == "DELETE"
    assert len(deed.sent) == 3


def test_a_delete_waits_in_vain_for_a_create_that_failed(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    plan = planned(w, label("beta"), KEEP)
    w.omni.knobs.set("OA-P8", "plain")
    w.omni.on_request(
        1, "before-effect", lambda _: made(w.omni, "POST", "/v1/labels", {"name": "Beta"}) and None, method="POST"
    )

    report = w.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["failed", "blocked"]
    assert w.omni.edit("GET", "/v1/labels/Alpha").ok
