"""What plans ask for and send, counted; and people and documents for that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.outcome import Report
from reconciler.model.plan import Plan
from tests.contract.organisation import ready
from tests.world import OMNI, World, doc, world

BORDERS = (1, 99, 100, 101)
"""Around the page that is asked for; the one that the server grants may be half of it (OA-P4)."""
KINDS = (
    ("permissions", "/permissions"),
    ("access", "/access-list"),
    ("recipients", "/recipients"),
    ("filters", "/filters"),
    ("git", "/git"),
    ("files", "/yaml"),
    ("roles", "/model-roles"),
    ("refreshes", "/v1/connections/"),
    ("environments", "/v1/connection-environments"),
    ("connections", "/v1/connections"),
    ("models", "/v1/models"),
    ("schedules", "/v1/schedules"),
    ("documents", "/v1/documents"),
    ("folders", "/v1/folders"),
    ("labels", "/v1/labels"),
    ("groups", "/scim/v2/groups"),
    ("embedded", "/scim/v2/embed/users"),
    ("users", "/scim/v2/users"),
    ("email-only", "/v1/users/email-only"),
)


@contextmanager
def ready_world(profile: str, root: Path) -> Iterator[World]:
    """Omni Analytics with nothing in it but what every test wants."""
    with world(profile, twins=[OMNI], seed=False) as found:
        yield ready(found, root)


def hard(w: World) -> bool:
    return w.omni.knobs.profile == "adversarial"


def pages(w: World, records: int) -> int:
    """Of a list whose largest page is not documented."""
    return max(1, ceil(records / (50 if hard(w) else 100)))


def read(w: World, *documents: Document) -> dict[str, int]:
    """What a plan asks for, by what is listed or looked at; it writes nothing."""
    w.omni.log.clear()
    plan = w.plan(*documents)
    calls = [e.call.split(" ")[1] for e in w.omni.log]
    assert not w.omni.log.writes()
    assert len(plan.reads) == len(calls)
    return dict(Counter(next(name for name, at in KINDS if at in call) for call in calls))


def crowd(w: World, many: int) -> list[str]:
    """People with an account; the key's own and another one are there before."""
    found = [f"p{n:03}@example.com" for n in range(many)]
    for address in found:
        w.omni.add_user(address)
    return found


def done(w: World, *documents: Document) -> tuple[Plan, Report, list[str]]:
    """Carried out, as planned, and nothing is left; the writes."""
    plan = w.plan(*documents)
    assert len(plan.writes) == plan.bound
    report = w.checked_apply(plan)
    sent = [e.call for e in w.omni.log if e.write]
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded", "failed"}
    assert w.plan().writes == ()
    return plan, report, sent


def given(who: str, role: str = "QUERIER") -> Document:
    one: Json = {"connection": "Lake", "model": "Orders", "role": role}
    return doc("ModelRoles", who.partition("@")[0], {"subject": {"user": who}, "roles": [one]})
