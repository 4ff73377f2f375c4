"""Peos made, linked, renamed, replaced and deleted, many in one request (OC-R125 to OC-R136)."""

from __future__ import annotations

from tests.contract.keywords import action, applied, carried_out, planned, requests, rules
from tests.contract.peos import GOING, PERFORM, QUERY, RETRIEVE, TEMPLATE, at, caught_up, peo, peos, shop
from tests.world import World


def hard(k: World) -> bool:
    return k.core.knobs.profile == "adversarial"


def test_oc_r130_many_are_made_in_one_request_with_their_projects(k: World) -> None:
    shop(k)

    deed = carried_out(k, peo("Summer", projects=["AWS", "Web"]), peo("Winter", product="prod-2"), calls=1)

    summer = "<name>Summer</name><nodes><node>AWS</node><node>Web</node></nodes>"
    winter = '<peo productTid="prod-2" templateId="7"><name>Winter</name></peo>'
    assert deed.sent == [f'<peos><peo productTid="prod-1" templateId="7">{summer}</peo>{winter}</peos>']
    assert peos(k) == {"prod-1/Print/Summer": ["AWS", "Web"], "prod-2/Print/Winter": []}
    bond = k.recorded.bonds[at("summer")]
    assert bond.made
    assert bond.id.isdecimal(), "the id that the answer told"


def test_oc_c50_two_requests_read_them_and_a_query_that_lags_hides_nothing(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer"), peo("Winter"))

    for _ in range(3):
        planned(k, peo("Summer"), peo("Winter"))
        assert requests(k, QUERY) == [{"names": ["Summer", "Winter"]}]
        [asked] = requests(k, RETRIEVE)
        assert isinstance(asked, dict)
        assert asked["withMetadata"] is True
        [many] = [v for v in asked.values() if isinstance(v, list)]
        assert len(many) == 2


def test_oc_c53_what_was_written_is_read_by_its_ids(k: World) -> None:
    shop(k)
    deed = carried_out(k, peo("Summer"))

    assert (deed.asked("preconditions"), deed.asked("verify")) == (1, 1)
    deed = carried_out(k, peo("Summer", projects=["Web"]))
    assert (deed.asked("preconditions"), deed.asked("verify")) == (1, 1)
    assert requests(k, RETRIEVE)[-1] is not None


def test_oc_r127_a_live_one_is_adopted_and_its_template_id_is_no_difference(k: World) -> None:
    shop(k)
    k.core.add_peo("prod-1", TEMPLATE, "Summer", ["AWS"])

    deed = carried_out(k, peo("Summer", product="PROD-1", projects=["AWS"], templateId="999"), calls=0)

    assert action(deed.plan, "summer").verb == "adopt"
    assert not k.recorded.bonds[at("summer")].made
    note = "not verifiable: templateId (it counts when one is made)"
    assert note in action(planned(k, peo("Summer", templateId="998")), "summer").notes


def test_oc_r128_two_of_one_key_are_refused_with_their_ids_until_one_is_pinned(k: World) -> None:
    shop(k)
    tids = [k.core.add_peo("prod-1", TEMPLATE, "Summer") for _ in range(2)]
    ids = [str(k.core.peo(tid).id) for tid in tids]

    plan = planned(k, peo("Summer", projects=["Web"]))

    assert rules(plan, "summer") == ["ambiguous"]
    assert all(i in action(plan, "summer").holds[0].reason for i in ids)
    carried_out(k, peo("Summer", pinned_id=ids[1], projects=["Web"]), calls=1)
    assert [list(k.core.peo(t).projects) for t in tids] == [[], ["Web"]]


def test_oc_r135_links_are_made_and_taken_away_in_one_request_each(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer", projects=["AWS", "Old"]), peo("Winter", projects=["AWS"]))

    deed = carried_out(
        k, peo("Summer", projects=["Web"]), peo("Winter", projects=["Web"], projectsMode="additive"), calls=2
    )

    assert [s.count("<itms>") + s.count("<action ") for s in deed.sent] == [2, 3]
    assert peos(k) == {"prod-1/Print/Summer": ["Web"], "prod-1/Print/Winter": ["Web"]}


def test_oc_r135_links_of_others_stay_where_the_mode_is_additive(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer", projects=["AWS"], projectsMode="additive"))
    [own] = [b.id for b in k.recorded.bonds.values()]
    k.core.change_peo(k.core.peo(own).tid, projects=["AWS", "Old"])

    carried_out(k, peo("Summer", projects=["AWS"], projectsMode="additive"), calls=0)
    deed = carried_out(k, peo("Summer", projects=["AWS"]), calls=0)

    assert rules(deed.plan, "summer") == ["first-removals"]
    assert peos(k)["prod-1/Print/Summer"] == ["AWS", "Old"]


def test_oc_r133_a_rename_needs_consent_and_is_proven_by_reading(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer"))
    renamed = peo("High summer", called="summer", previous_key="Summer")
    assert rules(planned(k, renamed), "summer") == ["rename"]

    plan = planned(k, peo("High summer", called="summer", previous_key="Summer", allow=["rename"]))
    deed = applied(k, plan)

    assert len(deed.sent) == 1
    assert (deed.ends, [*peos(k)]) == (
        (["failed", "done"], ["prod-1/Print/Summer"]) if hard(k) else (["done"] * 2, ["prod-1/Print/High summer"])
    )


def test_oc_r134_a_rename_that_did_nothing_is_told_and_not_sent_again(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer"))
    wanted = peo("High summer", called="summer", previous_key="Summer", allow=["rename"])
    applied(k, planned(k, wanted))

    left = planned(k, wanted)

    assert left.writes == ()
    if hard(k):
        [hold] = action(left, "summer").holds
        assert (hold.rule, hold.only) == ("changed-by-server", "name")
        assert "kept the old name" in hold.reason
        assert "onRemove: delete" in hold.way_out


def test_oc_r136_another_product_is_another_peo_with_consent(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer", projects=["AWS"]))
    before = k.recorded.bonds[at("summer")].id
    assert rules(planned(k, peo("Summer", product="prod-2")), "summer") == ["replace"]

    deed = carried_out(k, peo("Summer", product="prod-2", projects=["AWS"], allow=["replace"]), calls=2)

    assert ["delete" in s for s in deed.sent] == [True, False]
    assert peos(k) == {"prod-2/Print/Summer": ["AWS"]}
    assert k.recorded.bonds[at("summer")].id != before


def test_oc_r136_another_template_id_is_another_peo_too(k: World) -> None:
    shop(k)
    k.core.add_template("8", "Web")
    carried_out(k, peo("Summer"))

    carried_out(k, peo("Summer", template="Web", templateId="8", allow=["replace"]), calls=2)

    assert peos(k) == {"prod-1/Web/Summer": []}


def test_oc_r130_a_template_id_of_another_name_is_told_and_not_made_again(k: World) -> None:
    shop(k)
    k.core.add_template("8", "Web")

    deed = applied(k, planned(k, peo("Summer", templateId="8")))

    assert "template" in deed.report.outcomes[0].message
    left = planned(k, peo("Summer", templateId="8"))
    assert left.writes == ()
    assert rules(left, "summer") == ["changed-by-server"]
    [hold] = action(left, "summer").holds
    assert "`templateId`" in hold.reason
    assert hold.way_out == "correct `templateId` and allow `replace`, or declare `template: Web`"
    assert peos(k) == {"prod-1/Web/Summer": []}
    carried_out(k, peo("Summer", templateId="7", allow=["replace"]), calls=2)
    assert peos(k) == {"prod-1/Print/Summer": []}


def test_oc_r130_without_a_template_id_none_is_made(k: World) -> None:
    shop(k)

    assert rules(planned(k, peo("Summer", templateId=None)), "summer") == ["template-id"]


def test_oc_r125_release_is_the_default_and_what_was_adopted_is_never_deleted(k: World) -> None:
    shop(k)
    k.core.add_peo("prod-1", TEMPLATE, "Winter")
    carried_out(k, peo("Summer"), peo("Winter", **GOING))

    plan = planned(k)

    assert (str(action(plan, "summer").verb), rules(plan, "winter")) == ("release", ["not-ours"])
    assert plan.writes == ()


def test_oc_r126_what_left_git_and_is_declared_under_another_name_moves_though_a_query_lags(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer", called="a"))
    own = k.recorded.bonds[at("a")].id

    carried_out(k, peo("Summer", called="b"), calls=0)

    assert peos(k) == {"prod-1/Print/Summer": []}
    assert (at("a") in k.recorded.bonds, k.recorded.bonds[at("b")].id) == (False, own)


def test_oc_r126_a_name_that_one_which_left_git_keeps_is_taken_though_a_query_lags(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer"), peo("High", product="prod-2"))

    for _ in range(3):
        plan = planned(k, peo("Summer", called="high", previous_key="High", allow=["rename", "replace"]))
        assert "name-taken" in rules(plan, "high")


def test_oc_r136_what_we_made_is_deleted_by_its_tid_in_one_request(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer", **GOING), peo("Winter", **GOING), peo("Keep"))

    deed = carried_out(k, peo("Keep"), calls=1)

    assert deed.sent[0].count('dataType="peo"') == 2
    assert peos(k) == {"prod-1/Print/Keep": []}
    assert at("summer") not in k.recorded.bonds


def test_oc_r136_what_is_gone_already_was_deleted(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer", **GOING), peo("Keep"))
    plan = planned(k, peo("Keep"))
    tid = k.core.peo(k.recorded.bonds[at("summer")].id).tid
    k.core.on_request(1, "before-effect", lambda _: k.core.remove_peo(tid), path=PERFORM)

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}


def test_drift_is_put_right(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer", projects=["AWS"]), peo("Winter"))
    summer = k.core.peo(k.recorded.bonds[at("summer")].id)
    k.core.change_peo(summer.tid, projects=["Old"])

    deed = carried_out(k, peo("Summer", projects=["AWS"]), peo("Winter"), calls=2)

    assert {str(f.reason) for f in action(deed.plan, "summer").fields} == {"drift"}
    assert peos(k)["prod-1/Print/Summer"] == ["AWS"]


def test_one_that_is_gone_is_made_again(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer"), peo("Winter"))
    k.core.remove_peo(k.core.peo(k.recorded.bonds[at("summer")].id).tid)
    caught_up(k)

    carried_out(k, peo("Summer"), peo("Winter"), calls=1)

    assert len(peos(k)) == 2


def test_oc_r135_an_unknown_project_is_left_out_and_told_with_the_nearest(k: World) -> None:
    shop(k)

    deed = carried_out(k, peo("Summer", projects=["AWZ", "Web"]), calls=1)

    assert rules(deed.plan, "summer") == ["unresolved"]
    assert peos(k) == {"prod-1/Print/Summer": ["Web"]}


def test_oc_r10_batches_are_as_large_as_the_target_says(k: World) -> None:
    shop(k)
    k.settings["core"] = {"batchSize": 2}

    deed = carried_out(k, *(peo(f"P{n}", projects=["AWS"]) for n in range(5)), calls=3)
    assert sorted(s.count("<peo ") for s in deed.sent) == [1, 2, 2]

    deed = carried_out(k, *(peo(f"P{n}", projects=["Web"]) for n in range(5)), calls=6)
    assert sorted(s.count("<itms>") + s.count("<action ") for s in deed.sent) == [1, 1, 2, 2, 2, 2]
