"""When connections of Omni Analytics are read again, in the table of every kind."""

from __future__ import annotations

from reconciler.model.json import JsonObject
from tests.contract.every_omni_words import did, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.grants import state
from tests.contract.warehouses import live
from tests.world import World

CREATE, CHANGE, DROP = (
    "POST /v1/connections/*/schedules",
    "PUT /v1/connections/*/schedules/*",
    "DELETE /v1/connections/*/schedules/*",
)
NINE, TEN = "0 9 * * ? *", "0 10 * * ? *"


def _refreshed(w: World) -> None:
    for name in ("Wh", "Other"):
        w.omni.add_connection(name)
    w.omni.add_refresh(live(w)["Other"]["id"], "0 12 * * ? *")


def _refresh(w: World, body: JsonObject) -> None:
    own = live(w)["Wh"]["id"]
    (found,) = (i for i, r in state(w, "refresh_schedules").items() if r["connection_id"] == own)
    did("PUT", f"/v1/connections/{own}/schedules/{found}", {"schedule": NINE, "timezone": "UTC", **body})(w)


def _disabled(w: World) -> None:
    for found in state(w, "refresh_schedules"):
        w.omni.disable_refresh(found)


def _times(w: World) -> set[str]:
    names = {c["id"]: n for n, c in live(w).items()}
    return {f"{names[r['connection_id']]} {r['schedule']}" for r in state(w, "refresh_schedules").values()}


REFRESH = Table(
    "omni-analytics",
    "SchemaRefresh",
    "nightly",
    {"connection": "Wh", "cron": NINE, "timezone": "UTC"},
    _times,
    edit=_refresh,
    set_up=_refreshed,
    along=None,
    rows=(
        Row("connection", "OA-R150", (never("Wh"), never("Other", "replace"), never("Wh"))),
        Row("timezone", "OA-C28", (never("UTC"), Step("Europe/London"), drifted("Europe/London", "UTC"))),
        Row("recreateIfDisabled", "OA-R152", (never(True), never(False), left_out())),
    ),
    deeds=(
        Deed("create", "OA-C28", say(cron="00 09 * * ? *"), calls=(CREATE,), verb="create", there=f"Wh {NINE}"),
        Deed("adopt", "OA-R149", say(connection="Other", cron="0 12 * * ? *"), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-R149",
            say(connection="Other"),
            calls=(CREATE,),
            verb="create",
            there="Other 0 12 * * ? *",
        ),
        Deed(
            "rename",
            "OA-C28",
            Sheet({"cron": TEN}, metadata={"previously": {"key": NINE}}),
            Sheet(),
            calls=(CHANGE,),
            verb="update",
            there=f"Wh {TEN}",
            gone=f"Wh {NINE}",
        ),
        Deed("rename unsaid", "OA-C28", say(cron=TEN), Sheet(), calls=(CHANGE,), verb="update", there=f"Wh {TEN}"),
        moves("OA-R148", "nightly"),
        Deed(
            "drift",
            "OA-R148",
            Sheet(),
            Sheet(),
            lambda w: _refresh(w, {"schedule": TEN}),
            calls=(CHANGE,),
            verb="update",
            there=f"Wh {NINE}",
        ),
        Deed(
            "replace",
            "OA-R150",
            Sheet({"connection": "Other"}, {"allow": ["replace"]}),
            Sheet(),
            calls=(DROP, CREATE),
            verb="replace",
            there=f"Other {NINE}",
            gone=f"Wh {NINE}",
        ),
        Deed("disabled", "OA-R152", say(cron=TEN), Sheet(), _disabled, verb="update", holds={"disabled"}),
        Deed(
            "disabled and made anew",
            "OA-R152",
            say(recreateIfDisabled=True),
            Sheet(),
            _disabled,
            calls=(DROP, CREATE),
            verb="replace",
        ),
        Deed("release", "OA-R153", GONE, Sheet(life={"onRemove": "release"}), verb="release", there=f"Wh {NINE}"),
        Deed("delete", "OA-R153", GONE, Sheet(), calls=(DROP,), verb="delete", gone=f"Wh {NINE}"),
        Deed(
            "release what others made",
            "OA-R153",
            GONE,
            say(connection="Other", cron="0 12 * * ? *"),
            verb="release",
            there="Other 0 12 * * ? *",
        ),
    ),
)
