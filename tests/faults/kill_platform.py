"""OMG Platform before and after a change of more than forty writes: briefs that no reading finds, with requests
for changes of them, tasks that nothing reads at all, and people with their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.twins import OmgTwin
from tests.faults.mixed import BRIEF, SPRING
from tests.faults.people import OLD, file
from tests.world import doc

STAFF = tuple(f"person.{n}@example.com" for n in range(1, 11))
"""People whom only the product can make."""
AGENDA = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
"""Briefs that are made, each with a task."""
WHEN: Mapping[str, Json] = {"startDate": "2026-05-01T09:00:00Z", "endDate": "2026-05-01T10:00:00Z"}


def seed(twin: OmgTwin) -> None:
    """What only the product can make, besides the seeded world."""
    for n, email in enumerate(STAFF, start=1):
        twin.add_user(email, f"First {n}", f"Last {n}", agency_id="1", job_role="2")


def known() -> list[Document]:
    """What is found by its id alone; after it the past of this system is known."""
    return [brief("spring", pinned_id="1", **SPRING)]


def before() -> list[Document]:
    """What is live, and ours, when the change begins."""
    return [
        *known(),
        *(brief(name) for name in ("review", "poster", "window")),
        *(brief(name, **OLD) for name in ("gone", "dropped")),
        task("opening", brief="review"),
    ]


def after() -> list[Document]:
    """Creates, changes, requests for changes and deletes, with references among them."""
    return [
        brief("spring", pinned_id="1", once={"changeRequest": "r1"}, **{**SPRING, "title": "Spring, again"}),
        brief("review", summary="All of it, and more"),
        brief("poster", deadline="2026-10-01", once={"changeRequest": "r1"}),
        brief("window", once={"changeRequest": "r1"}),
        *(brief(name) for name in AGENDA[:4]),
        *(brief(name, once={"changeRequest": "r1"}) for name in AGENDA[4:]),
        task("opening", brief="review", once={"supersede": "t1"}),
        *(task(f"start-{name}", brief=name) for name in AGENDA),
        task("beside", parent="4411"),
        *_people(),
    ]


def _people() -> list[Document]:
    renamed = [person(email, firstName="Sam", avatar=file("pictures/jane.jpg")) for email in STAFF[:6]]
    others = [person(email, lastName="Lee", jobRoleName="Producer") for email in STAFF[6:]]
    return [*renamed, *others, person("chen@example.com", avatar=file("pictures/chen.jpg"))]


def brief(name: str, **words: Any) -> Document:
    metadata = {k: words.pop(k) for k in ("pinned_id", "once", "on_remove", "allow") if k in words}
    return doc("Brief", name, {**BRIEF, "title": name.title(), **words}, **metadata)


def task(name: str, **words: Any) -> Document:
    metadata = {k: words.pop(k) for k in ("once",) if k in words}
    return doc("Task", name, {"name": name.title(), **WHEN, **words}, **metadata)


def person(email: str, **spec: Json) -> Document:
    return doc("platform/User", email.partition("@")[0].replace(".", "-"), {"email": email, **spec})
