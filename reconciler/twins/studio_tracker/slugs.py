"""Slugs of teams and pods: which are taken, and which one a name makes (ST-R11, ST-P3, ST-P4, ST-P30)."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.twins.core.slug import slugify
from reconciler.twins.core.values import JsonObject, Refused
from reconciler.twins.studio_tracker.call import Call
from reconciler.twins.studio_tracker.checks import invalid, text


def new_slug(call: Call, body: JsonObject, name: str, taken: Collection[str]) -> str:
    """The slug that was sent with a new thing, else one made of its name. Raises Refused."""
    slug = text(body, "slug") if "slug" in body else _made(call, name, taken)
    check_free(call, slug, taken)
    return slug


def check_free(call: Call, slug: str, taken: Collection[str]) -> None:
    """Raises Refused for a slug that is taken, where the server minds."""
    if slug in taken and not call.hard("ST-P3"):
        raise Refused(400, "slug: already exists")


def _made(call: Call, name: str, taken: Collection[str]) -> str:
    wanted = slugify(name)
    if not wanted:
        raise invalid("slug")
    if not call.hard("ST-P4"):
        return wanted
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
