"""Peos when something goes wrong: refusals one by one, answers that name nobody, answers that are lost (OC-R131 to
OC-R135)."""

from __future__ import annotations

import pytest

from reconciler.model.document import Document
from reconciler.twins import Fault
from tests.contract.keywords import action, applied, carried_out, planned, requests, rules
from tests.contract.peos import (
    GOING,
    LINK,
    PERFORM,
    PERSIST,
    QUERY,
    TEMPLATE,
    at,
    caught_up,
    peo,
    peos,
    shop,
    without_channel,
)
from tests.world import World


def outcomes(k: World, *documents: Document) -> dict[str, tuple[str, str]]:
    """Name -> how its call ended, and the message; the requests that carry them left out."""
    plan = planned(k, *documents)
    report = k.apply(plan)
    names = {c.id: c.address.name for c in plan.calls if c.carrier}
    return {names[o.call]: (str(o.end), o.message) for o in report.outcomes if o.call in names}


@pytest.mark.parametrize(
    ("wrong", "text"),
    [({"product": "nowhere"}, "Product not found"), ({"templateId": "99"}, "PEO template has not been found")],
)
def test_oc_r131_one_refused_in_the_middle_leaves_the_others_done(
    k: World, wrong: dict[str, str], text: str
) -> None:
    shop(k)

    found = outcomes(k, peo("A"), peo("B", **wrong), peo("C"))

    assert {n: end for n, (end, _) in found.items()} == {"a": "done", "b": "failed", "c": "done"}
    assert text in found["b"][1]
    assert [*peos(k)] == ["prod-1/Print/A", "prod-1/Print/C"]
    bonds = {a.name: k.core.peo(b.id).name for a, b in k.recorded.bonds.items()}
    assert bonds == {"a": "A", "c": "C"}, "each has the id of its own peo"
    caught_up(k)
    carried_out(k, peo("A"), peo("C"), calls=0)


def test_oc_r131_all_refused_are_all_failed(k: World) -> None:
    shop(k)

    found = outcomes(k, peo("A", product="nowhere"), peo("B", product="nowhere"))

    assert found == {"a": ("failed", "Product not found"), "b": ("failed", "Product not found")}
    assert len(requests(k, PERSIST)) == 1


def test_oc_r131_a_project_that_is_gone_meanwhile_is_an_error_of_that_peo(k: World) -> None:
    shop(k)
    plan = planned(k, peo("A", projects=["AWS"]), peo("B"))
    without_channel(k, "AWS")

    report = k.apply(plan)

    assert "failed" in {str(o.end) for o in report.outcomes}
    assert any("Project not found" in o.message for o in report.outcomes)


@pytest.mark.parametrize(("status", "issue"), [("WARNING", ""), ("SUCCESS", "something was dropped")])
def test_oc_r6_what_is_made_with_a_warning_is_looked_at_and_never_made_again(
    k: World, status: str, issue: str
) -> None:
    shop(k)
    k.core.mar("A", status, "not quite", issue)

    found = outcomes(k, peo("A"), peo("B"))

    assert {end for end, _ in found.values()} == {"done"}
    assert [*peos(k)] == ["prod-1/Print/A", "prod-1/Print/B"]
    carried_out(k, peo("A"), peo("B"), calls=0)


def test_oc_r6_a_rename_with_a_warning_is_not_done(k: World) -> None:
    shop(k)
    carried_out(k, peo("A"))
    k.core.mar("A2", "WARNING", "not quite")

    found = outcomes(k, peo("A2", called="a", previous_key="A", allow=["rename"]))

    assert found["a"] == ("failed", "not quite")


def test_oc_r135_errors_of_links_are_told_to_whom_they_belong(k: World) -> None:
    shop(k)
    carried_out(k, peo("A"), peo("B"), peo("C"))
    documents = (peo("A", projects=["AWS"]), peo("B", projects=["Web"]), peo("C", projects=["Web"]))
    plan = planned(k, *documents)
    without_channel(k, "AWS")

    ends = {o.call: (str(o.end), o.message) for o in k.apply(plan).outcomes}

    names = {c.address.name: ends[c.id] for c in plan.calls if c.carrier}
    assert names["a"] == ("failed", "Project not found")
    assert (names["b"][0], names["c"][0]) == ("done", "done")


def test_oc_r135_a_denied_peo_keeps_its_links(k: World) -> None:
    shop(k)
    carried_out(k, peo("A", **GOING), peo("B", projects=["AWS"]))
    [denied] = [b.id for a, b in k.recorded.bonds.items() if a == at("b")]
    plan = planned(k, peo("B", projects=["Web"]))
    k.core.deny_peo(k.core.peo(denied).tid)

    report = k.apply(plan)

    assert not {str(o.end) for o in report.outcomes} & {"in doubt"}
    assert any(o.message == "PEO is not available by access rights" for o in report.outcomes) or any(
        str(o.end) == "stale" for o in report.outcomes
    )


def test_oc_r8_a_refusal_of_the_whole_is_that_of_everybody(k: World) -> None:
    shop(k)
    plan = planned(k, peo("A"), peo("B"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=400))

    assert applied(k, plan).ends == ["failed"] * 3
    assert peos(k) == {}


def test_oc_r132_a_lost_create_is_looked_for_and_never_sent_again(k: World) -> None:
    shop(k)
    plan = planned(k, peo("A"), peo("B"))
    k.core.faults.add(Fault("drop", method="POST", path=PERSIST, effect=True))
    k.core.log.clear()

    report = k.apply(plan)

    assert len(requests(k, PERSIST)) == 1
    assert len(requests(k, QUERY)) == 1 + (2 if lags(k) else 1), "once before, and then at most twice"
    ends = [str(o.end) for o in report.outcomes]
    assert ends == (["in doubt", "in doubt", "failed"] if lags(k) else ["done"] * 3)
    if lags(k):
        assert all("--adopt core/Peo/" in o.question for o in report.outcomes if o.question)
        assert sum(bool(o.question) for o in report.outcomes) == 2


def lags(k: World) -> bool:
    return k.core.knobs.profile == "adversarial"


def test_oc_r132_what_is_in_doubt_is_held_until_it_shows_or_a_person_answers(k: World) -> None:
    shop(k)
    plan = planned(k, peo("A"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=502))
    k.core.log.clear()

    report = k.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["in doubt", "failed"]
    assert (len(requests(k, PERSIST)), peos(k)) == (1, {})
    assert rules(k.plan(peo("A")), "a") == ["in-doubt"]
    k.core.add_peo("prod-1", TEMPLATE, "A")
    caught_up(k)
    left = k.plan(peo("A"))
    assert (rules(left, "a"), str(action(left, "a").verb)) == ([], "adopt")
    k.apply(left)
    assert k.plan().writes == ()
    assert at("a") not in k.recorded.doubts


def test_oc_r10_a_429_did_not_happen(k: World) -> None:
    shop(k)
    plan = planned(k, peo("A"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=429, retry_after="2"))

    assert set(applied(k, plan).ends) == {"done"}
    assert len(peos(k)) == 1


@pytest.mark.parametrize("path", [LINK, PERFORM])
def test_oc_r32_lost_links_and_deletes_are_absolute(k: World, path: str) -> None:
    shop(k)
    carried_out(k, peo("A", **GOING), peo("B"))
    caught_up(k)
    documents = [peo("A", **GOING), peo("B", projects=["AWS"])] if path == LINK else [peo("B")]
    plan = planned(k, *documents)
    k.core.faults.add(Fault("status", method="POST", path=path, status=502))

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert peos(k) == (
        {"prod-1/Print/A": [], "prod-1/Print/B": ["AWS"]} if path == LINK else {"prod-1/Print/B": []}
    )


def test_oc_r11_what_moved_since_the_plan_is_refused(k: World) -> None:
    shop(k)
    carried_out(k, peo("A", projects=["AWS"]))
    plan = planned(k, peo("A", projects=["Web"]))
    tid = k.core.peo(k.recorded.bonds[at("a")].id).tid
    k.core.change_peo(tid, name="Somebody's")

    report = k.apply(plan)

    assert "stale" in {str(o.end) for o in report.outcomes}
    assert list(k.core.peo(tid).projects) == ["AWS"]


def test_oc_r127_one_that_somebody_made_meanwhile_is_not_made_twice(k: World) -> None:
    shop(k)
    plan = planned(k, peo("A"))
    k.core.add_peo("prod-1", TEMPLATE, "A")

    report = k.apply(plan)

    assert "stale" in {str(o.end) for o in report.outcomes}
    assert len(peos(k)) == 1


def test_oc_r132_a_run_that_broke_off_is_looked_up_and_asked_about(k: World) -> None:
    shop(k)
    plan = planned(k, peo("A"), peo("B"), peo("C"))
    k.core.break_after(1)
    k.core.log.clear()

    report = k.apply(plan)

    assert len(requests(k, PERSIST)) == 1
    assert len(peos(k)) == 1
    names = {c.id: c.address.name for c in plan.calls if c.carrier}
    ends = {names[o.call]: str(o.end) for o in report.outcomes if o.call in names}
    assert ends == {"a": "in doubt" if lags(k) else "done", "b": "in doubt", "c": "in doubt"}
