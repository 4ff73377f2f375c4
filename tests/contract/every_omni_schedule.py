"""Schedules of Omni Analytics in the table of every kind: their fields. `every_omni_deliveries` has the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from reconciler.model.json import ABSENT, Json, JsonObject
from reconciler.twins.omni_analytics.things import Schedule
from tests.contract.deliveries import FILES, HOOK
from tests.contract.every_omni_words import ADMIN, BOB, CHEN, JANE, did, secret, with_people, with_secret
from tests.contract.every_row import Row, Step, drifted, left_out, never
from tests.contract.grants import state
from tests.contract.groups import people
from tests.world import OMNI, World

EXT, NEWS = "ext@example.com", "news@example.com"
PUT: Final = "/v1/schedules"
CONSENT: Final[dict[str, Json]] = {"allow": ["effects"]}


def dashboards(w: World) -> None:
    """Two dashboards that everybody may see, and a delivery of one that somebody made."""
    with_people(w)
    with_secret(w)
    seen = [people(w)[who] for who in (ADMIN, JANE, BOB, CHEN)]
    for name in ("Sales", "Stock"):
        w.omni.add_document(name, tiles=["1", "2"], filter_keys=["region"], viewers=seen)
    body = {"schedule": "0 7 ? * MON *", "timezone": "UTC", "format": "csv", "destinationType": "webhook"}
    hook = {**body, "identifier": board("Sales")(w), "name": "Theirs", "url": "https://theirs.example.com"}
    did("POST", PUT, dict[str, Json](hook))(w)


def board(name: str) -> Callable[[World], str]:
    """The identifier of a dashboard."""

    def found(w: World) -> str:
        there = state(w, "documents") if OMNI in w.twins else {}
        return next((i for i, d in there.items() if d["name"] == name), "12db1a0a")

    return found


def own(w: World, name: str = "Weekly") -> str:
    return next(i for i, s in state(w, "schedules").items() if s["name"] == name)


def verb(word: str, body: Callable[[World], Json] | None = None) -> Callable[[World], object]:
    """Somebody pauses it, gives it away, adds recipients …"""
    return lambda w: did("PUT", f"{PUT}/{own(w)}/{word}", body(w) if body else None)(w)


def edit(w: World, body: JsonObject) -> None:
    """Somebody changes this of it, and leaves all else as it is."""
    live = state(w, "schedules")[own(w)]
    known = {"name": "Weekly", "destinationType": live["destination_type"]}
    times = {n: live[n] for n in ("schedule", "timezone", "format")}
    did("PUT", f"{PUT}/{own(w)}", {**known, **times, **live["settings"], **body})(w)


def _without_tile(w: World) -> None:
    """Somebody takes the tile away, which no call can."""
    table = w.omni.state.of(Schedule)
    live = table[own(w)]
    left = {n: v for n, v in live.settings.items() if n != "queryIdentifierMapKey"}
    table[live.id] = replace(live, settings=left)


def goes(base: dict[str, Any]) -> dict[str, Any]:
    """The fields of another destination in the place of those of an e-mail."""
    return {**dict.fromkeys(("recipients", "subject"), ABSENT), **base}


def _shown(field: str, one: Json, two: Json, behind: Any, *more: Step, **words: Any) -> Row:
    """A field that is read, and needed."""
    return Row(field, "OA-R76", (Step(one), Step(two), drifted(two, behind), *more), **words)


def _hidden(field: str, one: Json, two: Json, *more: Step, **words: Any) -> Row:
    """A field that no read returns: compared with what was sent."""
    steps = (Step(one), never(one, note="not verifiable"), Step(two), *more)
    return Row(field, "OA-R71", steps, **words)


def _option(name: str, one: Json, two: Json, format_: str, **beside: Json) -> Row:
    beside = beside or {"killJobsOnFailure": True}
    more: dict[str, Any] = {"format": format_, "options": beside, "tile": "1"}
    return _hidden(f"options/{name}", one, two, Step(ABSENT), more=more)


PLACE: Final = "https://hooks.example.com/"
ROWS: tuple[Row, ...] = (
    Row("document", "OA-R81", (never(board("Sales")), never(board("Stock"), "replace"), never(board("Sales")))),
    _shown("cron", "0 8 ? * MON *", "0 6 ? * TUE *", "0 5 ? * TUE *", never("00 06 ? * tue *"), needed=True),
    _shown("timezone", "Europe/Berlin", "Europe/London", "UTC", needed=True),
    _shown("format", "png", "csv", "pdf", needed=True),
    Row(
        "paused",
        "OA-C16",
        (
            Step(True),
            Step(False),
            drifted(False, verb("pause")),
            Step(True),
            drifted(True, verb("resume")),
            left_out(),
        ),
    ),
    Row(
        "owner",
        "OA-C16",
        (
            never(ADMIN),
            Step(JANE),
            Step(BOB),
            drifted(BOB, verb("transfer-ownership", lambda w: {"userId": people(w)[JANE]})),
            left_out(),
        ),
        life=CONSENT,
    ),
    _hidden("tile", "1", "2", drifted("2", _without_tile), left_out()),
    Row(
        "alert",
        "OA-R71",
        (
            Step({"when": "RESULTS_PRESENT", "query": "1"}),
            Step({"when": "RESULTS_MISSING", "query": "2"}),
            drifted(
                {"when": "RESULTS_MISSING", "query": "2"},
                lambda w: edit(w, {"conditionType": "RESULTS_CHANGED", "conditionQueryMapKey": "2"}),
            ),
            left_out(),
        ),
    ),
    _shown(
        "alert/when",
        "RESULTS_CHANGED",
        "RESULTS_MISSING",
        lambda w: edit(w, {"conditionType": "RESULTS_UNCHANGED"}),
        more={"alert": {"when": "RESULTS_PRESENT", "query": "1"}},
    ),
    _hidden(
        "alert/query",
        "2",
        "1",
        drifted("1", lambda w: edit(w, {"conditionType": "RESULTS_UNCHANGED", "conditionQueryMapKey": "2"})),
        more={"alert": {"when": "RESULTS_PRESENT", "query": "1"}},
    ),
    _hidden(
        "filters",
        {"region": {"kind": "EQ", "left_side": "US", "type": "string"}},
        {"region": {"kind": "EQ", "left_side": "EU", "type": "string"}},
        left_out(),
    ),
    _hidden("options", {"hideTitle": True}, {"hideTitle": False, "paperFormat": "a4"}, left_out()),
    _option("hideTitle", True, False, "pdf"),
    _option("hideHiddenFields", True, False, "csv"),
    _option("enableFormatting", True, False, "json"),
    _option("overrideRowLimit", True, False, "xlsx"),
    _option("maxRowLimit", 10, 20, "csv", overrideRowLimit=True),
    _option("showContentLink", False, True, "png"),
    _option("showFilters", False, True, "json"),
    _option("expandTablesToShowAllRows", True, False, "png"),
    _option("singleColumnLayout", True, False, "pdf"),
    _option("paperFormat", "a3", "fit_page", "pdf"),
    _option("paperOrientation", "portrait", "landscape", "pdf"),
    _option("killJobsOnFailure", True, False, "pdf", showContentLink=True),
    Row(
        "destination",
        "OA-R81",
        (
            never("email"),
            never("webhook", "replace", more=goes({"url": PLACE})),
            never("email", more={"recipients": [EXT], "subject": "Sales", "url": ABSENT}),
        ),
    ),
    Row(
        "recipients",
        "OA-R78",
        (
            Step([EXT, JANE]),
            Step([NEWS, JANE], 2),
            drifted([NEWS, JANE], verb("remove-recipients", lambda _: {"emails": [NEWS]})),
            drifted([NEWS, JANE], verb("add-recipients", lambda _: {"emails": [BOB]})),
            Step([JANE]),
            Step(ABSENT, 0, more={"recipientUsers": [JANE]}),
        ),
        begins=[EXT],
    ),
    Row(
        "recipientsMode",
        "OA-R77",
        (
            Step("additive", 0, behind=verb("add-recipients", lambda _: {"emails": [BOB]})),
            Step("exact"),
            Step("additive", 0, behind=verb("add-recipients", lambda _: {"emails": [BOB]})),
            Step(ABSENT, 1, behind=lambda _: None),
        ),
        sends="recipients",
    ),
    Row(
        "recipientUsers",
        "OA-R78",
        (
            Step([JANE]),
            Step([JANE, BOB]),
            drifted([JANE, BOB], verb("remove-recipients", lambda w: {"userIds": [people(w)[JANE]]})),
            Step([CHEN], 2),
            Step(ABSENT, 0, more={"recipients": [EXT, CHEN]}),
        ),
    ),
    Row(
        "recipientUsersMode",
        "OA-R77",
        (
            Step("additive", 0, behind=verb("add-recipients", lambda w: {"userIds": [people(w)[BOB]]})),
            Step("exact"),
            Step("additive", 0, behind=verb("add-recipients", lambda w: {"userIds": [people(w)[BOB]]})),
            Step(ABSENT, 1, behind=lambda _: None),
        ),
        sends="recipientUsers",
        more={"recipients": ABSENT, "recipientUsers": [JANE]},
    ),
    _hidden("subject", "One", "Two", needed=True),
    _hidden("body", "One", "Two", left_out()),
    _hidden("fanOut", True, False, left_out()),
    _shown("url", f"{PLACE}a", f"{PLACE}b", f"{PLACE}c", needed=True, more=goes(HOOK)),
    _shown("address", "a.example.com", "b.example.com", "c.example.com", needed=True, more=goes(FILES)),
    _shown("port", 2222, 2223, 22, needed=True, more=goes(FILES)),
    _shown("username", "a", "b", "c", needed=True, more=goes(FILES)),
    _hidden("path", "/a", "/b", needed=True, more=goes(FILES)),
    Row(
        "password",
        "OA-R71",
        (Step(secret(1)), never(secret(1)), Step(secret(2)), left_out()),
        more=goes(FILES),
    ),
)
