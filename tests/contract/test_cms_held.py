"""What is not deleted, with its reason, while all that does not depend on it goes on (CM-R19, R32, R51, R52)."""

from __future__ import annotations

from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from tests.contract import spaces, users
from tests.contract.components import DELETABLE, at, carried_out, component, holds, tree
from tests.contract.spaces import space
from tests.contract.users import BOB, GOING, JANE, NEW, OWN, user
from tests.world import World


def applied(w: World, plan: Plan) -> tuple[Report, list[str]]:
    """The report, and what was written; nothing of it was refused."""
    w.cms.log.clear()
    report = w.apply(plan)
    writes = [e for e in w.cms.log if e.write]
    assert all(e.status in (200, 201) for e in writes)
    assert {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}
    return report, [e.call for e in writes]


def reasons(plan: Plan) -> dict[str, str]:
    return {a.address.name: " ".join(f"{h.reason}: {h.way_out}" for h in a.holds) for a in plan.actions if a.holds}


def test_a_component_with_children_of_others_stays_and_what_it_lies_in(c: World) -> None:
    doomed = [component("a", **DELETABLE), component("b", "a", **DELETABLE), component("c", "b", **DELETABLE)]
    carried_out(
        c, component("anchor"), *doomed, component("alone", **DELETABLE), component("pair", "b", **DELETABLE)
    )
    c.cms.add_component(1, "theirs", parent_id=int(c.recorded.bonds[at("b")].id))

    plan = c.plan(component("anchor", name="x"), component("new", "anchor"))
    applied(c, plan)

    assert holds(plan) == {"a": ["in-use"], "b": ["in-use"]}
    assert "still in use (Components in it: 1)" in reasons(plan)["b"]
    assert tree(c) == {"anchor": "root", "new": "anchor", "a": "root", "b": "a", "theirs": "b"}
    assert {a.name for a in c.recorded.bonds} == {"anchor", "new", "a", "b"}


def test_what_a_declared_child_names_is_held_once_for_that(c: World) -> None:
    carried_out(c, component("anchor"), component("a", **DELETABLE), component("b", "a", **DELETABLE))

    plan = c.plan(component("anchor"), component("b", "a", **DELETABLE))

    assert holds(plan) == {"a": ["in-use"]}
    assert reasons(plan)["a"].startswith("cms/Component/b names it; it is still in use (Components in it: 1): ")


def test_a_space_with_components_of_others_stays(c: World) -> None:
    pages = [
        component("p", space="Full", as_="full-p", **GOING),
        component("p", space="Empty", as_="empty-p", **GOING),
    ]
    spaces.carried_out(c, space("Full", "full", **GOING), space("Empty", "empty", **GOING), *pages)
    c.cms.add_component(spaces.named(c)["Full"], "theirs")

    plan = c.plan(space("Site", "site"), component("home"))
    applied(c, plan)

    assert holds(plan) == {"full": ["in-use"]}
    assert spaces.named(c).keys() == {"Site", "Full"}
    assert {key: above for key, above in tree(c).items() if key != "root"} == {"home": "root", "theirs": "root"}


def test_the_reconcilers_own_account_stays(u: World) -> None:
    users.carried_out(
        u, user(OWN, "own", on_remove="deactivate", allow=["deactivate"]), user(NEW, version=1, **GOING)
    )
    own = users.accounts(u)[NEW]["id"]

    plan = u.plan(user(JANE, active=False), user(BOB, active=True))
    _, sent = applied(u, plan)

    assert "own-account" in holds(plan)["own"]
    assert "the account whose key the reconciler uses" in reasons(plan)["own"]
    assert sent == ["PUT /user/3", "PUT /user/2", f"DELETE /user/{own}"]
    assert users.accounts(u)[OWN]["active"]


def test_the_last_active_account_stays(u: World) -> None:
    """It is the own one, which has to be active: everybody else may go, and does."""
    users.carried_out(u, user(NEW, version=1, **GOING))

    plan = u.plan(user(OWN, "own", active=False), user(JANE, active=False), user(BOB, key="present"))
    _, sent = applied(u, plan)

    assert holds(plan) == {"own": ["own-account"]}
    assert len(sent) == 3
    assert [e for e, one in users.accounts(u).items() if one["active"]] == [OWN]
