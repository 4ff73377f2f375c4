"""One organisation over all five systems, before and after a change that every kind has a part in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.world import doc

JANE, BOB, MARIA, CHEN = (f"{name}@example.com" for name in ("jane", "bob", "maria", "chen"))
NEW, OTHER = "new.one@example.com", "other.one@example.com"
FILES: Mapping[str, bytes] = {
    "assets/logo.png": b"\x89PNG\r\n\x1a\nours",
    "keys/sftp": b"correct horse battery staple",
}
"""What lies in the project's folder."""
SINKS = "secrets"
DASHBOARD = "d0c00002"
"""A document of the seeded world that everybody may see."""
BRIEF: Mapping[str, Json] = {"summary": "All of it", "deadline": "2026-09-01", "businessArea": "UK/Retail"}
SPRING: Mapping[str, Json] = {
    "title": "Spring launch",
    "summary": "Films and posters for the launch",
    "deadline": "2026-06-30",
    "businessArea": "UK/Marketing/Digital",
}
"""A brief that was there before; so was the other one, whose title is known nowhere here."""
OLD: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}


def before() -> list[Document]:
    """What is live, and ours, when the change begins; besides what the twins' seeded worlds hold."""
    return [
        doc("Label", "alpha", {"name": "Alpha"}),
        doc("Label", "gone", {"name": "Gone"}, **OLD),
        doc("UserGroup", "finance", {"name": "Finance", "members": [JANE, BOB]}),
        _folder("vault", "Vault", _grant("EDITOR", users=[JANE, BOB])),
        _schedule("weekly", "Weekly", "0 9 ? * MON *", [JANE]),
        _team("crew", "Crew", JANE),
        _pod("red", JANE, BOB),
        _pod("blue", MARIA),
        _pod("old", CHEN, **OLD),
        _project("3000001", name="One", projectCode="P-1", team="crew"),
        _project("3000002", name="Two", projectCode="P-2", team="crew"),
        _project("3000003", name="Three", projectCode="P-3", team="crew"),
        _keyword("old", "Old", en_GB="Old"),
        _keyword("old-x", "Old/X", en_GB="X"),
        _keyword("stray", "Stray", en_GB="Stray"),
        _component("hub", type="page", name="Hub"),
        _component("one", "hub", sequence=1),
        _component("two", "hub", sequence=2),
        _component("old", "hub", **OLD),
        doc("Brief", "spring", SPRING, pinned_id="1"),
    ]


def after() -> list[Document]:
    """Creates, updates, renames, moves, removals and deletes: in every system, with references among them."""
    return [*_analytics(), *_studio(), *_core(), *_cms(), *_platform()]


def _analytics() -> list[Document]:
    there: dict[str, Json] = {
        "destination": "sftp",
        "address": "sftp.example.com",
        "port": 22,
        "username": "us",
        "path": "/in",
    }
    password: Json = {"fromFile": "keys/sftp", "version": 1}
    return [
        doc("Label", "alpha", {"name": "Omega", "verified": True}, previous_key="Alpha"),
        doc("Label", "fresh", {"name": "Fresh", "homepage": True}),
        doc("UserGroup", "finance", {"name": "Finance Team", "members": [BOB, CHEN]}, previous_key="Finance"),
        doc("UserGroup", "auditors", {"name": "Auditors", "members": [JANE]}),
        _folder("vault", "Vault", _grant("VIEWER", users=[BOB]), _grant("EDITOR", groups=["auditors"])),
        _folder("vault-26", "Vault/2026", _grant("MANAGER", users=[JANE], groups=["finance"])),
        _schedule("weekly", "Weekly", "0 8 ? * MON *", [JANE, BOB]),
        doc("Schedule", "files", {**_WHEN, "name": "Files", **there, "password": password}),
    ]


def _studio() -> list[Document]:
    return [
        _team("crew", "The Crew", BOB, allow=["first-removals"]),
        _team("spark", "Spark", JANE, NEW),
        _pod("red"),
        _pod("blue", MARIA, BOB, lead=BOB),
        _pod("green", CHEN, NEW),
        _project("3000001", name="One", projectCode="P-1", team="spark", priority="HIGH"),
        _project("3000002", name="Two", projectCode="P-2", team="crew", priority="HIGH"),
        _project("3000003", name="Three", projectCode="P-3", team="crew", priority="HIGH"),
        _project("3000004", name="Four", projectCode="P-4", team="spark"),
        _project("3000005", name="Five", projectCode="P-5", team="crew", outputs=2),
        _invitation("new-one", NEW),
        _invitation("other-one", OTHER),
    ]


def _core() -> list[Document]:
    return [
        _keyword("old", "New", was="Old", en_GB="New", de_DE="Neu"),
        _keyword("old-x", "New/X", en_GB="X"),
        _keyword("stray", "New/Stray", was="Stray", en_GB="Stray"),
        _keyword("fresh", "Fresh", en_GB="Fresh"),
        _keyword("fresh-leaf", "Fresh/Leaf", en_GB="Leaf"),
        _keyword("new-leaf", "New/Leaf", fr_FR="Feuille"),
    ]


def _cms() -> list[Document]:
    logo = FILES["assets/logo.png"]
    file: Json = {
        "$file": {"path": "assets/logo.png", "sha256": hashlib.sha256(logo).hexdigest(), "bytes": len(logo)}
    }
    return [
        _component("hub", type="page", name="The hub", tags=["front"]),
        _component("one", "hub", sequence=2),
        _component("two", "hub", sequence=1),
        _component("landing", "hub", type="page", content="<h1>Here</h1>"),
        _component("badge", "landing", type="image", file=file, metadata={"alt": "Ours"}),
    ]


def _platform() -> list[Document]:
    return [
        doc("Brief", "spring", {**SPRING, "title": "Spring, again"}, pinned_id="1", once={"changeRequest": "r1"}),
        doc("Brief", "windows", {**BRIEF, "title": "Windows"}),
        doc("Brief", "posters", {**BRIEF, "title": "Posters"}, once={"changeRequest": "r1"}),
    ]


_WHEN: Mapping[str, Json] = {"document": DASHBOARD, "cron": "0 7 ? * FRI *", "timezone": "UTC", "format": "pdf"}


def _schedule(name: str, shown: str, cron: str, recipients: list[Json]) -> Document:
    more: dict[str, Json] = {
        "name": shown,
        "cron": cron,
        "destination": "email",
        "subject": "Sales",
        "recipients": recipients,
    }
    return doc("Schedule", name, {**_WHEN, **more})


def _grant(role: str, **to: Json) -> dict[str, Json]:
    return {"role": role, **to}


def _folder(name: str, path: str, *permissions: Json) -> Document:
    spec: dict[str, Json] = {"path": path, "permissionsMode": "additive", "permissions": list(permissions)}
    return doc("Folder", name, spec, allow=["first-removals"])


def _team(slug: str, name: str, *members: str, **metadata: Any) -> Document:
    people: list[Json] = [{"user": m} for m in members]
    return doc("ClientTeam", slug, {"slug": slug, "name": name, "members": people}, **metadata)


def _pod(slug: str, *members: Json, lead: str = "", **metadata: Any) -> Document:
    """`old` is deleted once Chen, who is in it, has moved."""
    spec: dict[str, Json] = {"slug": slug, "name": slug.title(), "members": list(members)}
    return doc("Pod", slug, spec | ({"lead": lead} if lead else {}), **metadata)


def _project(number: str, **spec: Json) -> Document:
    return doc("Project", f"p-{number}", {"omgJobNumber": number, **spec})


def _invitation(name: str, email: str) -> Document:
    link: Json = {"toFile": f"{SINKS}/{name}.link"}
    return doc("Invitation", name, {"email": email, "role": "PRODUCER", "link": link}, allow=["effects"])


def _keyword(name: str, path: str, was: str | None = None, **labels: str) -> Document:
    spec: dict[str, Json] = {"path": path, "labels": [{"locale": k, "text": v} for k, v in labels.items()]}
    return doc("Keyword", name, spec, **({} if was is None else {"previous_key": was}))


def _component(key: str, parent: str = "", **words: Any) -> Document:
    metadata = {k: words.pop(k) for k in ("on_remove", "allow") if k in words}
    spec = {"space": "Website", "key": key, "type": "block", **({"parent": parent} if parent else {}), **words}
    return doc("Component", key, spec, **metadata)
