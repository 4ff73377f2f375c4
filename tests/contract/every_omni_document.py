"""Documents of Omni Analytics in the table of every kind: their fields. What can happen to one is in
`every_omni_dashboards`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.every_omni_model import lake, model_id
from tests.contract.every_omni_words import ADMIN, BOB, CHEN, JANE, TEAM, did, holder, to, with_people
from tests.contract.every_row import By, Row, Sheet, Step, drifted, left_out, never
from tests.contract.groups import people
from tests.world import World

AT: Final = "/v1/documents/sales"
FIRST: Final[dict[str, Json]] = {"allow": ["first-removals"]}


def papers(w: World) -> None:
    """A document that the key's own user owns, with a label; another with Bob's grant; folders, labels, models."""
    with_people(w)
    lake(w)
    for name in ("Finance", "Other"):
        did("POST", "/v1/folders", {"name": name})(w)
    for name in ("Draft", "Hot", "Cold"):
        did("POST", "/v1/labels", {"name": name})(w)
    w.omni.add_document("Sales", identifier="sales", model_id=model_id(w))
    w.omni.add_document("Stock", identifier="stock", labels=["Draft"], viewers=[people(w)[BOB]])


def granted(role: str, who: str, boost: bool = False) -> Callable[[World], object]:
    """Somebody grants in the product, or changes a grant."""

    def give(w: World) -> None:
        body: Any = {"role": role, "accessBoost": boost, **holder(w, who)}
        assert (
            w.omni.edit("POST", f"{AT}/permissions", body).ok or w.omni.edit("PATCH", f"{AT}/permissions", body).ok
        )

    return give


def revoked(who: str) -> Callable[[World], object]:
    return lambda w: did("DELETE", f"{AT}/permissions", holder(w, who))(w)


def labelled(name: str, method: str = "PUT") -> Callable[[World], object]:
    return did(method, f"{AT}/labels/{name}")


def _moved(folder: str | None, **more: Json) -> Callable[[World], object]:
    return did("PUT", f"{AT}/move", {"folderPath": folder, **more})


def _given_away(w: World) -> None:
    granted("VIEWER", ADMIN)(w)
    did("PUT", f"{AT}/transfer-ownership", {"userId": people(w)[ADMIN]})(w)


def edit(w: World, body: JsonObject) -> None:
    did("PATCH", AT, body)(w)


def _switch(name: str, one: Json, two: Json) -> Row:
    other: dict[str, Json] = {"canDrill": False} if name != "canDrill" else {"canUpload": True}
    steps = (Step(one), never(one, note="not verifiable"), Step(two), Step(ABSENT))
    return Row(f"settings/{name}", "OA-R115", steps, more={"settings": other})


def by_one(n: int) -> By:
    """The labels go one by one where the server does not take them all (OA-P43)."""
    return By(0, n)


ROWS: tuple[Row, ...] = (
    Row("name", "OA-R114", (Step("One"), Step("Two"), drifted("Two", "Theirs"), left_out())),
    Row(
        "folder",
        "OA-R109",
        (Step("Finance"), Step("Other"), drifted("Other", _moved("/finance")), Step(None), left_out()),
    ),
    Row(
        "scope",
        "OA-R109",
        (
            never("organization"),
            Step("restricted"),
            drifted("restricted", _moved(None, scope="organization")),
            left_out(),
        ),
    ),
    Row("owner", "OA-R112", (never(ADMIN), Step(JANE, 2), Step(BOB, 2), drifted(BOB, _given_away), left_out())),
    Row(
        "permissions",
        "OA-C21",
        (
            Step([to("VIEWER", JANE), to("VIEWER", CHEN, groups=[TEAM])]),
            Step([to("EDITOR", JANE), to("VIEWER", CHEN, BOB, groups=[TEAM])], 2),
            drifted([to("EDITOR", JANE), to("VIEWER", CHEN, BOB, groups=[TEAM])], revoked(JANE)),
            drifted([to("EDITOR", JANE), to("VIEWER", CHEN, BOB, groups=[TEAM])], granted("MANAGER", TEAM)),
            Step([to("MANAGER", JANE), to("VIEWER", BOB), to("EXPLORER", CHEN, groups=[TEAM])], 2),
            Step([to("MANAGER", JANE)]),
            Step([]),
            left_out(),
        ),
        life={"allow": ["last-manager"]},
    ),
    Row(
        "permissions/role", "OA-C21", (Step("VIEWER"), Step("EDITOR"), drifted("EDITOR", granted("VIEWER", JANE)))
    ),
    Row(
        "permissions/users",
        "OA-C21",
        (Step([JANE]), Step([JANE, CHEN]), drifted([JANE, CHEN], revoked(JANE)), Step(ABSENT, 1)),
    ),
    Row(
        "permissions/groups",
        "OA-C21",
        (Step([TEAM]), drifted([TEAM], revoked(TEAM)), Step(["Others"], 2), Step(ABSENT, 1)),
        beside=(Sheet({"name": "Others", "members": [CHEN]}, kind="UserGroup", name="others"),),
    ),
    Row(
        "permissions/accessBoost",
        "OA-R53",
        (Step(True), Step(False), drifted(False, granted("VIEWER", JANE, True)), left_out()),
    ),
    Row("permissions/because", "OA-R53", (never("FIN-1"), never("FIN-2"), left_out())),
    Row(
        "permissionsMode",
        "OA-R105",
        (
            Step("additive", 0, behind=granted("VIEWER", CHEN)),
            Step("exact"),
            Step("additive", 0, behind=granted("VIEWER", CHEN)),
            Step(ABSENT, 1, behind=lambda _: None),
        ),
        more={"permissions": [to("VIEWER", JANE)]},
    ),
    Row(
        "settings",
        "OA-R115",
        (
            Step({"canDownload": False}),
            never({"canDownload": False}, note="not verifiable"),
            Step({"canDownload": True, "organizationRole": "EXPLORER"}),
            left_out(),
        ),
    ),
    _switch("organizationRole", "EDITOR", "NO_ACCESS"),
    *(_switch(n, False, True) for n in ("canDownload", "canDrill", "canSchedule", "canUpload", "canViewWorkbook")),
    Row(
        "labels",
        "OA-R117",
        (
            Step(["Hot"], besides=by_one(1)),
            Step(["Hot", "Cold"], besides=by_one(1)),
            drifted(["Hot", "Cold"], labelled("Hot", "DELETE"), besides=by_one(1)),
            drifted(["Hot", "Cold"], labelled("Draft"), besides=by_one(1)),
            Step(["Draft"], besides=by_one(3)),
            Step([], besides=by_one(1)),
            left_out(),
        ),
    ),
    Row(
        "labelsMode",
        "OA-R117",
        (
            Step("additive", 0, behind=labelled("Cold")),
            Step("exact", besides=by_one(1)),
            Step("additive", 0, behind=labelled("Cold")),
            Step(ABSENT, 1, behind=lambda _: None, besides=by_one(1)),
        ),
        more={"labels": ["Hot"]},
        sends="labels",
    ),
    Row(
        "connection",
        "OA-R116",
        (never("Lake"), never("Dev", "unresolved"), left_out(hold="unresolved")),
        more={"model": "Orders"},
        begins="Lake",
    ),
    Row(
        "model",
        "OA-R116",
        (
            never("Orders"),
            Step("Core"),
            drifted(
                "Core",
                lambda w: did("PUT", "/unstable/documents/sales/update-model", {"newModelId": model_id(w)})(w),
            ),
            left_out(more={"connection": ABSENT}),
        ),
        more={"connection": "Lake"},
        begins="Orders",
    ),
)
