"""Steps of a story about spaces: plan, apply, find nothing left to do; and count by CM-C1, CM-C3, CM-C6, CM-C7."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.model.document import Address, Document
from reconciler.model.plan import Phase, Plan
from reconciler.workflow.binding import released
from tests.contract.components import Deed, holds, lifting
from tests.world import CMS, World, check_log, doc

MOVED = {"previous_key", "previous_name", "pinned_id", "on_remove", "protect", "ignore", "allow", "manage"}


def space(name: str, as_: str = "site", /, **metadata: object) -> Document:
    """A space's document."""
    assert metadata.keys() <= MOVED
    return doc("Space", as_, {"name": name}, **metadata)


def at(name: str = "site") -> Address:
    return Address(CMS, "Space", name)


def named(c: World) -> dict[str, int]:
    """Name -> id of every live space."""
    state: Any = c.cms.dump()["state"]
    return {str(one["name"]): int(i) for i, one in state["spaces"].items()}


def planned(c: World, *documents: Document) -> Plan:
    """A plan that has not written, and says all that it asked."""
    c.documents = list(documents)
    c.cms.log.clear()
    plan = c.plan()
    assert [e.call for e in c.cms.log if e.write] == []
    assert len(plan.reads) == len(list(c.cms.log))
    assert len(plan.writes) == plan.bound
    return plan


def applied(c: World, plan: Plan, *rules: str) -> Deed:
    """Apply, with the log as the oracle; `rules` are lifted wherever they hold."""
    lifted = lifting(plan, *rules)
    c.cms.log.clear()
    report = c.apply(plan, *lifted)
    going = released(plan, lifted)
    check_log(c, going, report)
    own = [call for call in going.writes if call.kind == "Space"]
    deleted = sum(call.phase is Phase.DELETE for call in own)
    asked = [line for line in report.requests.get("preconditions", ()) if "/component" in line]
    assert all(call.kind == "Space" for call in going.writes) <= (len(asked) == 2 * deleted)
    sent = [e.call for e in c.cms.log if e.write]
    return Deed(plan, report, sent)


def carried_out(c: World, *documents: Document, lift: Iterable[str] = ()) -> Deed:
    """Plan and apply, all of it done; a second plan has no call, and no hold that the first had not."""
    plan = planned(c, *documents)
    deed = applied(c, plan, *lift)
    assert {str(o.end) for o in deed.report.outcomes} <= {"done", "held", "unneeded"}, deed.report.outcomes
    left = planned(c, *documents)
    assert [call.line for call in left.writes] == []
    assert holds(left).keys() <= holds(plan).keys()
    return deed
