"""Steps of a story about accounts: plan, apply, find nothing left to do; and count by CM-C9 to CM-C11."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.document import Address, Document
from reconciler.model.json import Json
from reconciler.model.plan import Phase, Plan
from reconciler.workflow.binding import released
from tests.contract.components import Deed, holds, lifting
from tests.world import CMS, World, check_log, doc

LIST = "GET /user/all"
OWN, JANE, BOB = "admin@example.com", "jane@example.com", "bob@example.com"
"""The accounts of the seeded world: the reconciler's own with a key, one that is active, one that is not."""
NEW = "new.one@example.com"
PASSWORD = "canary-Pass-4711"
FILE = "kept/password"
"""Where it is kept, in the project's folder."""
GOING: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}


def secret(version: int | str = 1) -> dict[str, Json]:
    return {"fromFile": FILE, "version": version}


def user(email: str, as_: str = "", /, version: int | str | None = None, **words: Any) -> Document:
    """An account's document; `version` declares its password, `key` whether it has a key, `token` asks for a new
    one."""
    spec: dict[str, Json] = {"email": email}
    name = as_ or email.partition("@")[0].casefold()
    spec |= {"password": secret(version)} if version is not None else {}
    spec |= {"active": words.pop("active")} if "active" in words else {}
    if "key" in words:
        spec["apiKey"] = words.pop("key")
        spec |= {"keyTo": {"toFile": f"secrets/{name}.key"}} if spec["apiKey"] == "present" else {}
    once = {"once": {"rotateKey": words.pop("token")}} if "token" in words else {}
    return doc("cms/User", name, spec, **once, **words)


def at(name: str) -> Address:
    return Address(CMS, "User", name)


def accounts(u: World) -> dict[str, dict[str, Any]]:
    """E-mail -> the account as the twin keeps it, `key` whether it has one."""
    state: Any = u.cms.dump()["state"]
    return {str(one["email"]): {"id": int(i), **one} for i, one in state["users"].items()}


def key_of(u: World, name: str) -> str:
    return (u.root / "secrets" / f"{name}.key").read_text("utf-8").strip()


def planned(u: World, *documents: Document) -> Plan:
    """A plan that has not written, took the reads of CM-C9, and as many writes as CM-C10 says."""
    u.documents = list(documents)
    u.cms.log.clear()
    plan = u.plan()
    assert [e.call for e in u.cms.log if e.write] == []
    assert len(plan.reads) == len(list(u.cms.log))
    assert len(plan.writes) == plan.bound
    return plan


def applied(u: World, plan: Plan, *rules: str) -> Deed:
    """Apply, with the log as the oracle; `rules` are lifted wherever they hold."""
    lifted = lifting(plan, *rules)
    u.cms.log.clear()
    report = u.apply(plan, *lifted)
    going = released(plan, lifted)
    check_log(u, going, report)
    written = [c for c in going.writes if c.phase is not Phase.DELETE and not c.path.startswith("/user/key")]
    asked = report.requests.get("preconditions", ())
    assert list(asked) == [f"{CMS}: {LIST}"] * bool(going.writes)
    if {str(o.end) for o in report.outcomes} <= {"done", "held", "unneeded"}:
        looks = [line for group in ("calls", "verify") for line in report.requests.get(group, ()) if LIST in line]
        makes = sum(c.phase is Phase.CREATE for c in written)
        assert bool(written) <= len(looks) <= makes + 1
    return Deed(plan, report, [e.call for e in u.cms.log if e.write])


def carried_out(u: World, *documents: Document, lift: tuple[str, ...] = ()) -> Deed:
    """Plan and apply, all of it done; a second plan has no call, and no hold that the first had not."""
    plan = planned(u, *documents)
    deed = applied(u, plan, *lift)
    assert {str(o.end) for o in deed.report.outcomes} <= {"done", "held", "unneeded"}, deed.report.outcomes
    left = planned(u, *documents)
    assert [call.line for call in left.writes] == []
    assert holds(left).keys() <= holds(plan).keys()
    return deed
