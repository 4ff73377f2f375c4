"""Documents of Omni Analytics in the table of every kind: what can happen to one."""

from __future__ import annotations

from typing import Any, Final

from tests.contract.every_omni_document import AT, ROWS, edit, granted, papers, revoked
from tests.contract.every_omni_words import ADMIN, BOB, CHEN, DELETE, JANE, TEAM, moves, to
from tests.contract.every_row import GONE, By, Deed, Sheet, Table, say
from tests.contract.grants import state
from tests.world import World

MOVE, GIVE, SETTINGS = f"PUT {AT}/move", f"PUT {AT}/transfer-ownership", f"PUT {AT}/permissions"
GRANT, CHANGE, REVOKE = (f"{m} {AT}/permissions" for m in ("POST", "PATCH", "DELETE"))
LABELS, NAME, MODEL = f"PATCH {AT}/labels", f"PATCH {AT}", "PUT /unstable/documents/sales/update-model"
ALL: Final = (GRANT, GRANT, MOVE, GIVE, SETTINGS, MODEL, NAME, LABELS)
"""The new owner's first grant goes with the others of its role."""
WHOLE: Final[dict[str, Any]] = {
    "name": "New",
    "folder": "Finance",
    "scope": "organization",
    "owner": JANE,
    "permissions": [to("EDITOR", BOB), to("VIEWER", CHEN, groups=[TEAM], because="FIN-1"), to("MANAGER", ADMIN)],
    "settings": {"organizationRole": "VIEWER", "canDownload": False},
    "labels": ["Hot", "Cold"],
    "connection": "Lake",
    "model": "Core",
}


def _live(w: World) -> set[str]:
    """Identifiers, of those with a draft `draft` besides."""
    return {f"{i} draft" if d["has_draft"] else i for i, d in state(w, "documents").items() if not d["deleted"]}


def _drift(w: World) -> None:
    edit(w, {"name": "Theirs"})
    revoked(BOB)(w)
    granted("EXPLORER", TEAM)(w)


DOCUMENT = Table(
    "omni-analytics",
    "Document",
    "sales",
    {"identifier": "sales"},
    _live,
    ROWS,
    (
        Deed("create", "OA-R100", say(identifier="nowhere"), verb="none", holds={"no-such-document"}),
        Deed("adopt", "OA-R100", say(folder=None, owner=ADMIN), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-C22",
            say(**WHOLE),
            calls=By(ALL, (*ALL, f"PUT {AT}/labels/Hot", f"PUT {AT}/labels/Cold")),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OA-R100",
            Sheet({"identifier": "stock"}, metadata={"previously": {"key": "sales"}}),
            Sheet(),
            mistake="another identifier is another document",
        ),
        Deed(
            "rename unsaid",
            "OA-R100",
            say(identifier="stock"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
        ),
        moves("OA-R100", "sales"),
        Deed(
            "drift",
            "OA-C21",
            say(name="New", permissions=[to("VIEWER", BOB), {"role": "EDITOR", "groups": [TEAM]}]),
            say(name="New", permissions=[to("VIEWER", BOB), {"role": "EDITOR", "groups": [TEAM]}]),
            _drift,
            calls=(GRANT, CHANGE, NAME),
            verb="update",
        ),
        Deed(
            "remove what others granted",
            "OA-R105",
            say(identifier="stock", permissions=[]),
            verb="adopt",
            holds={"first-removals"},
        ),
        Deed(
            "take off what others put there",
            "OA-R117",
            say(identifier="stock", labels=[]),
            verb="adopt",
            holds={"first-removals"},
        ),
        Deed(
            "last-manager",
            "OA-R111",
            Sheet({"permissions": []}, {"allow": ["last-manager"]}),
            say(permissions=[to("MANAGER", JANE)]),
            calls=(REVOKE,),
            verb="update",
        ),
        Deed(
            "the last manager without consent",
            "OA-R111",
            say(permissions=[]),
            say(permissions=[to("MANAGER", JANE)]),
            verb="update",
            holds={"last-manager"},
        ),
        Deed(
            "clear-existing-draft",
            "OA-R114",
            Sheet({"name": "New"}, {"allow": ["clear-existing-draft"]}),
            Sheet(),
            lambda w: w.omni.set_draft("sales"),
            calls=(NAME,),
            verb="update",
            there="sales",
        ),
        Deed(
            "a name under a draft",
            "OA-R114",
            say(name="New"),
            Sheet(),
            lambda w: w.omni.set_draft("sales"),
            calls=(NAME,),
            verb="update",
            ends={"failed"},
            still=(NAME,),
            there="sales draft",
        ),
        Deed("release", "OA-R100", GONE, say(folder=None), verb="release", there="sales"),
        Deed("delete", "OA-R100", Sheet(life=DELETE), mistake="onRemove"),
    ),
    edit=edit,
    set_up=papers,
    entries={"permissions": {"role": "VIEWER", "users": [JANE], "groups": [TEAM]}},
    along=None,
)
