"""Omni-CMS before and after a change of more than forty writes: accounts and their keys, sites written as the
trees they are, and components of a website with texts, files, places and words to find them by."""

from __future__ import annotations

from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.faults.people import CAMPAIGN, OLD, SITE, SITE_AFTER, account, file, site
from tests.world import doc

TEXTS = ("terms", "privacy", "contact", "press", "careers")
"""Pages whose text changes."""
PICTURES = ("badge", "banner", "stamp")
"""Images that are made, each with its file."""


def before() -> list[Document]:
    """What is live, and ours, when the change begins; besides what was seeded."""
    return [
        account("ann", password="keys/first"),
        account("shop", password="keys/first", key="present"),
        account("ended", password="keys/first", key="present"),
        account("leaver", password="keys/first", on_remove="deactivate", allow=["deactivate"]),
        account("gone", password="keys/first", **OLD),
        account("renewed", password="keys/first"),
        *site(SITE),
        component("hub", type="page", name="Hub"),
        component("one", "hub", sequence=1),
        component("two", "hub", sequence=2),
        component("far", type="page"),
        component("moving", "hub", sequence=3),
        component("portrait", "far", type="image", file=file("pictures/jane.jpg")),
        component("old", "hub", sequence=4, **OLD),
        component("older", "far", **OLD),
        component("oldest", "older", **OLD),
        component("was", "far"),
        *(component(key, "far", content=f"<p>{key}</p>") for key in TEXTS),
    ]


def after() -> list[Document]:
    """Creates, changes, renames, moves, removals and deletes of every kind, with references among them."""
    return [*_accounts(), *site(SITE_AFTER), *site(CAMPAIGN), *_website()]


def _accounts() -> list[Document]:
    """Two have another password, one of them another address; keys are made, made anew, and taken away."""
    return [
        account("ann", "ann.lee", password="keys/second", version=2, previous_key="ann@example.com"),
        account("shop", password="keys/first", key="present", once={"rotateKey": "1"}),
        account("ended", password="keys/first", key="absent"),
        account("app", password="keys/first", key="present"),
        account("second", password="keys/second", active=False),
        account("renewed", password="keys/second", version=2),
        account("bob", active=True),
    ]


def _website() -> list[Document]:
    return [
        component("hub", type="page", name="The hub", tags=["front"]),
        component("one", "hub", sequence=2),
        component("two", "hub", sequence=1),
        component("far", type="page", visible=False),
        component("moving", "far"),
        component("portrait", "far", type="image", file=file("pictures/chen.jpg")),
        component("is", "far", as_="was", previous_key="was", metadata={"alt": "Ours"}),
        *(component(key, "far", content=f"<h1>{key}</h1>", published=True) for key in TEXTS),
        component("landing", "hub", type="page", content="<h1>Here</h1>"),
        *(component(key, "landing", type="image", file=file("pictures/jane.jpg")) for key in PICTURES),
        component("deep", "landing", type="page", metadata={"depth": "2"}),
    ]


def component(key: str, parent: str = "", as_: str = "", **words: Any) -> Document:
    metadata = {k: words.pop(k) for k in ("on_remove", "allow", "previous_key") if k in words}
    above: dict[str, Json] = {"parent": parent} if parent else {}
    spec = {"space": "Website", "key": key, "type": "block", **above, **words}
    return doc("Component", as_ or key, spec, **metadata)
