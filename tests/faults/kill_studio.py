"""Studio Tracker before and after a change of more than forty writes: teams and who is in them, pods, invitations,
projects one by one and in a workbook, and who is booked for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.homes import pod
from tests.faults.people import BOB, CHEN, JANE, MARIA, NEW, OLD, SEEDED, SINKS, booking, plan
from tests.world import doc

OTHER, THIRD = "other.one@example.com", "third.one@example.com"
ONE, TWO, THREE, FOUR, FIVE = (f"400000{n}" for n in range(1, 6))
PAST = "4000009"
"""A job that is archived."""
CREW: Mapping[str, Any] = {"team": "crew"}


def before() -> list[Document]:
    """What is live, and ours, when the change begins; besides what was seeded."""
    return [
        team("acme", "Acme", member(JANE, primary=True), member(BOB, primary=False)),
        team("crew", "Crew", member(MARIA, primary=True)),
        team("gone", "Gone", **OLD),
        team("letgo", "Let go", on_remove="release"),
        pod("red", JANE, BOB, lead=JANE),
        pod("blue", MARIA),
        pod("old", CHEN, **OLD),
        pod("idle", **OLD),
        project(ONE, **CREW),
        project(TWO, **CREW),
        project(THREE, **CREW),
        project(PAST, on_remove="archive", allow=["archive"], **CREW),
        plan(
            "sprint",
            booking(JANE, "2026-05-04", ONE, 4, note="Review"),
            booking(BOB, "2026-05-05", ONE, 3),
            booking(MARIA, "2026-05-06", TWO, 8),
            booking(CHEN, "2026-05-11", TWO, 2, note="Old"),
            users=[JANE, BOB, MARIA, CHEN],
        ),
        plan(
            "done",
            booking(BOB, "2026-06-01", ONE, 1),
            booking(BOB, "2026-06-08", ONE, 2),
            users=[BOB],
            on_remove="delete",
            allow=["delete", "past"],
        ),
    ]


def after() -> list[Document]:
    """Creates, changes, renames, moves, removals and deletes of every kind, with references among them."""
    return [*_people(), *_teams(), *_projects(), *_bookings()]


def _people() -> list[Document]:
    """Three are invited; Chen and Bob sit elsewhere, Jane nowhere, and `old` is deleted once it is empty."""
    return [
        invitation("new-one", NEW),
        invitation("other-one", OTHER),
        invitation("third-one", THIRD),
        pod("red", lead=MARIA),
        pod("blue", MARIA, BOB),
        pod("green", CHEN, NEW, lead=CHEN),
    ]


def _teams() -> list[Document]:
    """One is renamed, a flag moves from one member to another, and others are made or go."""
    return [
        team(
            "acme-global",
            "Acme Global",
            member(JANE, primary=False),
            member(MARIA, primary=True),
            member(CHEN),
            as_="acme",
            previous_key="acme",
            allow=["rename"],
        ),
        team("crew", "Crew", member(MARIA, primary=False)),
        team("spark", "Spark", member(JANE, primary=True), member(BOB), member(NEW)),
        team("brand", "Brand", member(JANE), allow=["first-removals"]),
    ]


def _projects() -> list[Document]:
    """Three in one workbook, and one whose new fields no workbook holds; `PAST` has left."""
    return [
        project(ONE, team="spark", priority="HIGH"),
        project(TWO, priority="HIGH", **CREW),
        project(THREE, priority="HIGH", **CREW),
        project(FOUR, team="spark"),
        project(FIVE, outputs=2, **CREW),
    ]


def _bookings() -> list[Document]:
    """Jane works longer, Chen on something else, Bob not at all; the plan `stock` is about what others booked."""
    return [
        plan(
            "sprint",
            booking(JANE, "2026-05-04", ONE, 6),
            booking(MARIA, "2026-05-06", TWO, 8),
            booking(CHEN, "2026-05-11", TWO, 2, note="New"),
            booking(MARIA, "2026-05-05", ONE, 2),
            booking(JANE, "2026-05-12", FOUR, 7.5),
            booking(NEW, "2026-05-13", TWO, 4),
            booking(THIRD, "2026-05-14", TWO, 4),
            users=[JANE, BOB, MARIA, CHEN, NEW, THIRD],
        ),
        plan(
            "stock",
            booking(BOB, "2026-04-20", SEEDED, 8),
            booking(BOB, "2026-04-23", SEEDED, 1),
            users=[BOB],
            mode="exact",
            days=("2026-04-20", "2026-04-26"),
            allow=["first-removals", "past"],
        ),
    ]


def member(user: str, *, primary: bool | None = None) -> Json:
    return {"user": user} if primary is None else {"user": user, "isPrimary": primary}


def team(slug: str, name: str, *members: Json, as_: str = "", **metadata: Any) -> Document:
    """Without members it says nothing of them."""
    spec: dict[str, Json] = {"slug": slug, "name": name}
    return doc("ClientTeam", as_ or slug, spec | ({"members": [*members]} if members else {}), **metadata)


def invitation(name: str, email: str) -> Document:
    link: Json = {"toFile": f"{SINKS}/{name}.link"}
    return doc("Invitation", name, {"email": email, "role": "PRODUCER", "link": link}, allow=["effects"])


def project(number: str, **words: Any) -> Document:
    metadata = {k: words.pop(k) for k in ("on_remove", "allow") if k in words}
    spec = {"omgJobNumber": number, "name": f"Job {number}", "projectCode": f"P-{number}", **words}
    return doc("Project", f"p-{number}", spec, **metadata)
