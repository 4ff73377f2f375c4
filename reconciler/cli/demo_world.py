"""The world of the demo: five systems on this machine, what was there before, and what people do in them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reconciler.cli.twin_access import NO_LIMIT

if TYPE_CHECKING:
    from reconciler.twins import Twin

TARGETS = {
    "analytics": "omni-analytics",
    "studio": "studio-tracker",
    "core": "omn-core",
    "cms": "omni-cms",
    "platform": "omg-platform",
}
"""The demo's targets, and the providers they are of."""

REFUSED = "Autumn"
"""The keyword that OMN Core refuses once, in the middle of a batch."""


@contextmanager
def twins(*, large: bool = True) -> Iterator[Mapping[str, Twin]]:
    """All five systems on free ports of this machine, with people and things in them (`large`: those of the whole
    sample organisation), open to the demo."""
    from reconciler.twins import TWINS, running_all

    made = {name: TWINS[provider]() for name, provider in TARGETS.items()}
    for twin in made.values():
        if large:
            twin.seed_organisation()
        else:
            twin.seed_world()
    with running_all(list(made.values())) as urls:
        before = dict(os.environ)
        os.environ.pop("RECONCILER_CONFIG", None)
        os.environ["RECONCILER_CACHE"] = "off"  # of files that end with the command nothing is kept
        for (name, twin), url in zip(made.items(), urls, strict=True):
            os.environ[f"RECONCILER_{name.upper()}_URL"] = url
            os.environ[f"RECONCILER_{name.upper()}_KEY"] = twin.default_key
            os.environ[f"RECONCILER_{name.upper()}_PER_MINUTE"] = str(NO_LIMIT)
        try:
            yield made
        finally:
            os.environ.clear()
            os.environ.update(before)


def already_there(running: Mapping[str, Twin]) -> None:
    """What else people have made by hand before anybody wrote a manifest: a group under its old name, and one that
    lacks somebody. And a keyword that will be refused once."""
    from reconciler.twins import OmnCoreTwin

    omni, core = running["analytics"], running["core"]
    people = _people(omni)
    for name, members in (("Campaigns", ["bob@example.com"]), ("Finance Team", ["jane@example.com"])):
        listed = [{"value": people[address], "display": address} for address in members]
        answer = omni.edit("POST", "/scim/v2/groups", {"displayName": name, "members": [*listed]})
        if not answer.ok:
            raise RuntimeError(f"the demo's world was refused: {answer}")
    if isinstance(core, OmnCoreTwin):
        core.mar(REFUSED, description="The keyword is being edited by another user")


def _people(omni: Twin) -> dict[str, str]:
    """Address -> id of everybody in Omni Analytics."""
    body = omni.edit("GET", "/scim/v2/users").body
    found = body["Resources"] if isinstance(body, dict) else None
    listed = found if isinstance(found, list) else []
    return {str(u["userName"]): str(u["id"]) for u in listed if isinstance(u, dict)}


def somebody(running: Mapping[str, Twin]) -> Iterator[str]:
    """One thing that a person might do in each product; what was done, as it happens."""
    from reconciler.twins import OmgTwin, OmnCoreTwin, OmniCmsTwin

    running["analytics"].edit("PUT", "/v1/labels/Production", {"verified": False})
    yield "analytics: takes the verified mark off the label Production"
    tracker = running["studio"]
    teams = tracker.edit("GET", "/api/client-teams").body
    team = (
        next(t for t in teams if isinstance(t, dict) and t["slug"] == "social") if isinstance(teams, list) else {}
    )
    member = next(m for m in team["members"] if m["user"]["email"] == "chen@example.com")
    tracker.edit("DELETE", f"/api/client-teams/{team['id']}/members?userId={member['userId']}")
    yield "studio: takes chen@example.com out of the team Social"
    if isinstance(core := running["core"], OmnCoreTwin):
        core.change_keyword("/Places/Coast", labels={"en_GB": "Seaside", "de_DE": "Küste"})
        yield "core: calls the keyword Coast 'Seaside' in English"
    if isinstance(cms := running["cms"], OmniCmsTwin):
        page = cms.component_id(1, "contact")
        cms.edit("PUT", f"/component/{page}", {"id": page, "published": False})
        yield "cms: takes the page 'contact' off the site"
    if isinstance(platform := running["platform"], OmgTwin):
        brief = next(b.id for b in platform.briefs() if b.fields["brief_title"] == "Shelf displays")
        platform.edit("PATCH", f"/briefs/{brief}", {"brief_deadline": "2026-12-24"})
        yield "platform: moves the deadline of the brief 'Shelf displays'"
