"""People of one studio before and after a change: who sits where and is booked for what, who they are in the
platform, which accounts of the CMS they have, and a site that is written as the tree it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from tests.contract.homes import pod
from tests.contract.nests import written
from tests.world import doc

JANE, BOB, MARIA, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "maria", "chen"))
NEW = "new.one@example.com"
FILES: Mapping[str, bytes] = {
    "pictures/jane.jpg": b"\xff\xd8\xff\xe0 Jane",
    "pictures/chen.jpg": b"\xff\xd8\xff\xe0 Chen",
    "keys/first": b"correct-Horse-11",
    "keys/second": b"battery-Staple-22",
}
"""What lies in the project's folder."""
SINKS = "secrets"
ACCOUNT = "admin@example.com"
"""The account of the CMS whose key the reconciler uses."""
OLD: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
ONE, TWO, THREE, PAST = "4000001", "4000002", "4000003", "4000009"
"""Jobs; the last is archived."""
SEEDED = "2337959"


def before() -> list[Document]:
    """What is live, and ours, when the change begins; besides what the twins' seeded worlds hold."""
    return [
        doc("ClientTeam", "crew", {"slug": "crew", "name": "Crew", "members": [JANE]}),
        pod("red", JANE, BOB, lead=JANE),
        pod("blue", MARIA),
        pod("old", CHEN, **OLD),
        project(ONE),
        project(TWO),
        project(PAST, on_remove="archive", allow=["archive"]),
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
        person("jane", JANE, firstName="Jane"),
        person("bob", BOB),
        person("maria", "Maria.Lopez@example.com"),
        account("ann", password="keys/first"),
        account("shop", password="keys/first", key="present"),
        account("ended", password="keys/first", key="present"),
        account("leaver", password="keys/first", on_remove="deactivate", allow=["deactivate"]),
        account("gone", password="keys/first", **OLD),
        *site(SITE),
    ]


def after() -> list[Document]:
    """Creates, changes, moves, removals and deletes of every kind, with references among them."""
    return [*_studio(), *_platform(), *_cms()]


def _studio() -> list[Document]:
    """Chen and Bob move, Jane sits nowhere; she works longer, Chen on something else, Bob not at all. The plan
    `stock` is about what others booked."""
    return [
        doc("ClientTeam", "crew", {"slug": "crew", "name": "Crew", "members": [JANE]}),
        doc(
            "Invitation",
            "new-one",
            {"email": NEW, "role": "PRODUCER", "link": {"toFile": f"{SINKS}/new-one.link"}},
            allow=["effects"],
        ),
        pod("red", lead=MARIA),
        pod("blue", MARIA, BOB),
        pod("green", CHEN, NEW, lead=CHEN),
        project(ONE),
        project(TWO, priority="HIGH"),
        project(THREE),
        plan(
            "sprint",
            booking(JANE, "2026-05-04", ONE, 6),
            booking(MARIA, "2026-05-06", TWO, 8),
            booking(CHEN, "2026-05-11", TWO, 2, note="New"),
            booking(MARIA, "2026-05-05", ONE, 2),
            booking(JANE, "2026-05-12", THREE, 7.5),
            booking(NEW, "2026-05-13", TWO, 4),
            users=[JANE, BOB, MARIA, CHEN, NEW],
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


def _platform() -> list[Document]:
    return [
        person("jane", JANE, firstName="Janet", jobRoleName="Producer", avatar=file("pictures/jane.jpg")),
        person("bob", BOB, jobRoleName="Producer"),
        person("maria", "maria.santos@example.com", previous_key="Maria.Lopez@example.com", lastName="Santos"),
        person("chen", CHEN, pinned_id="4", avatar=file("pictures/chen.jpg")),
    ]


def _cms() -> list[Document]:
    """Ann has another address and password, the shop another key, Bob is back, and who left does not get in."""
    return [
        account("ann", "ann.lee", password="keys/second", version=2, previous_key="ann@example.com"),
        account("shop", password="keys/first", key="present", once={"rotateKey": "1"}),
        account("ended", password="keys/first", key="absent"),
        account("app", password="keys/first", key="present"),
        account("second", password="keys/second", active=False),
        account("bob", active=True),
        *site(SITE_AFTER),
        *site(CAMPAIGN),
    ]


def project(number: str, **words: Any) -> Document:
    metadata = {k: words.pop(k) for k in ("on_remove", "allow") if k in words}
    spec = {"omgJobNumber": number, "name": f"Job {number}", "projectCode": f"P-{number}", "team": "crew", **words}
    return doc("Project", f"p-{number}", spec, **metadata)


def booking(who: str, day: str, job: str, hours: float, **more: Json) -> JsonObject:
    return {"user": who, "date": day, "jobNumber": job, "hours": hours, **more}


def plan(
    name: str,
    *bookings: JsonObject,
    users: list[Json],
    days: tuple[str, str] = ("2026-05-04", "2026-06-14"),
    mode: str = "additive",
    **metadata: Any,
) -> Document:
    scope: Json = {"from": days[0], "to": days[1], "users": users}
    spec: JsonObject = {"name": name.title(), "scope": scope, "bookings": [*bookings], "bookingsMode": mode}
    return doc("BookingPlan", name, spec, **{"allow": ["past"], **metadata})


def person(name: str, email: str, **words: Any) -> Document:
    metadata = {k: words.pop(k) for k in ("previous_key", "pinned_id") if k in words}
    return doc("platform/User", name, {"email": email, **words}, **metadata)


def file(path: str) -> Json:
    data = FILES[path]
    return {"$file": {"path": path, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}


def account(
    name: str, at: str = "", *, password: str = "", version: int = 1, key: str = "", **words: Any
) -> Document:
    """`password`: where it is kept; `key`: whether there is one, which then goes to a file of this name."""
    spec: JsonObject = {"email": f"{at or name}@example.com"}
    spec |= {"password": {"fromFile": password, "version": version}} if password else {}
    spec |= {"apiKey": key} if key else {}
    spec |= {"keyTo": {"toFile": f"{SINKS}/{name}.key"}} if key == "present" else {}
    spec |= {"active": words.pop("active")} if "active" in words else {}
    return doc("cms/User", name, spec, **words)


# Sites, as people write them. What leaves an exact list goes, as we made it; `about` is renamed with all in it.

SITE = """
apiVersion: omni-cms/v1
kind: Space
metadata: {name: site}
spec:
  name: Site
  order: listed
  componentsMode: exact
  components:
    - {key: home, type: page, name: Home, children: [{key: team, type: page}, {key: jobs, type: page}]}
    - {key: about, type: page, children: [{key: imprint, type: page, children: [{key: legal, type: page}]}]}
    - {key: archive, type: page, children: [{key: attic, type: page}]}
"""
SITE_AFTER = """
apiVersion: omni-cms/v1
kind: Space
metadata: {name: site}
spec:
  name: Site
  order: listed
  componentsMode: exact
  components:
    - metadata: {lifecycle: {allow: [new-key]}}
      spec: {key: news, type: page, children: [{key: today, type: page, tags: [front]}]}
    - {key: home, type: page, name: Home, children: [{key: jobs, type: page, name: Work here}]}
    - metadata: {previously: {key: about}}
      spec:
        key: us
        type: page
        children:
          - {key: imprint, type: page, children: [{key: legal, type: page}]}
          - {key: team, type: page}
"""
CAMPAIGN = """
apiVersion: omni-cms/v1
kind: Space
metadata: {name: campaign}
spec:
  name: Campaign
  components:
    - {key: start, type: page, children: [{key: film, type: page}, {key: poster, type: page}]}
"""


@cache
def site(text: str) -> tuple[Document, ...]:
    """Its documents, as the loader gives them."""
    return tuple(written(text))
