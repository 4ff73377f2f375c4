"""Schedules of Omni Analytics in the table of every kind: what can happen to one."""

from __future__ import annotations

from reconciler.model.json import ABSENT
from tests.contract.deliveries import FILES, HOOK, WHEN
from tests.contract.every_omni_schedule import (
    CONSENT,
    EXT,
    NEWS,
    PLACE,
    PUT,
    ROWS,
    board,
    dashboards,
    edit,
    goes,
    verb,
)
from tests.contract.every_omni_words import CHEN, DELETE, JANE, did, kept, moves, secret
from tests.contract.every_row import GONE, By, Deed, Sheet, Table, say
from tests.contract.grants import state
from tests.world import World

MAKE, CHANGE, DROP = f"POST {PUT}", f"PUT {PUT}/*", f"DELETE {PUT}/*"
PAUSE, RESUME, GIVE = f"{CHANGE}/pause", f"{CHANGE}/resume", f"{CHANGE}/transfer-ownership"
ADD, REMOVE, LOOK = f"{CHANGE}/add-recipients", f"{CHANGE}/remove-recipients", f"GET {PUT}/*/recipients"
MONDAYS = {"cron": "0 7 ? * MON *", "timezone": "UTC", "format": "csv", "destination": "webhook"}
THEIRS = {"name": "Theirs", **goes({**MONDAYS, "url": "https://theirs.example.com"})}
SLACK = {**dict.fromkeys((*WHEN, "recipients", "subject"), ABSENT), "destination": "slack"}
WHOLE = {
    "options": {"hideTitle": True, "paperFormat": "a4"},
    "filters": {"region": {"kind": "EQ", "left_side": "US", "type": "string"}},
    "alert": {"when": "RESULTS_PRESENT", "query": "1"},
    "tile": "1",
    "body": "Hello",
    "fanOut": True,
    "recipientUsers": [JANE],
}


def _disabled(w: World) -> None:
    for one in state(w, "schedules"):
        w.omni.system_disable(one, "gone")


def _drift(w: World) -> None:
    edit(w, {"timezone": "UTC"})
    verb("pause")(w)


SCHEDULE = Table(
    "omni-analytics",
    "Schedule",
    "weekly",
    {
        "document": board("Sales"),
        "name": "Weekly",
        **WHEN,
        "destination": "email",
        "recipients": [EXT],
        "subject": "Sales",
    },
    kept("schedules"),
    ROWS,
    (
        Deed("create", "OA-R75", calls=(MAKE,), verb="create", there="Weekly"),
        Deed("create whole", "OA-C16", say(**WHOLE), calls=(MAKE,), verb="create", note="sends mail at its times"),
        Deed("create a webhook", "OA-R75", say(**goes(HOOK)), calls=(MAKE,), verb="create", note="posts data to"),
        Deed(
            "create files",
            "OA-R75",
            say(**goes({**FILES, "password": secret(1)})),
            calls=(MAKE,),
            verb="create",
            note="puts files on",
        ),
        Deed(
            "create paused and given away",
            "OA-C16",
            Sheet({"paused": True, "owner": JANE}, CONSENT),
            calls=(MAKE, PAUSE, GIVE),
            verb="create",
            note="a delivery between its create and its pause is possible",
        ),
        Deed(
            "create for Slack",
            "OA-R86",
            say(**SLACK),
            verb="create",
            holds={"destination"},
            gone="Weekly",
        ),
        Deed("adopt", "OA-R66", say(**THEIRS), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-C16",
            say(**{**THEIRS, "format": "png"}, paused=True),
            calls=(CHANGE, PAUSE),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OA-R81",
            Sheet({"name": "Daily", "subject": "Today"}, metadata={"previously": {"key": "Weekly"}}),
            Sheet(),
            calls=(CHANGE,),
            verb="rename",
            there="Daily",
            gone="Weekly",
        ),
        Deed(
            "rename unsaid",
            "OA-R81",
            say(name="Daily"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="Weekly",
        ),
        moves("OA-R66", "weekly"),
        Deed(
            "change all at once",
            "OA-C16",
            Sheet({"subject": "Other", "paused": True, "owner": JANE}, CONSENT),
            Sheet(),
            calls=(CHANGE, PAUSE, GIVE),
            verb="update",
        ),
        Deed(
            "change and remove a recipient",
            "OA-R77",
            say(subject="Other"),
            say(recipients=[EXT, NEWS]),
            calls=By((CHANGE, LOOK), (CHANGE, LOOK, REMOVE)),
            verb="update",
        ),
        Deed(
            "change and add a recipient",
            "OA-R77",
            say(subject="Other", recipients=[EXT, NEWS]),
            Sheet(),
            calls=(CHANGE,),
            verb="update",
        ),
        Deed(
            "recipients alone",
            "OA-R78",
            say(recipients=[NEWS], recipientUsers=[CHEN]),
            say(recipientUsers=[JANE]),
            calls=(ADD, REMOVE),
            verb="update",
        ),
        Deed("give away", "OA-R80", Sheet({"owner": JANE}, CONSENT), Sheet(), calls=(GIVE,), verb="update"),
        Deed("give away without consent", "OA-R80", say(owner=JANE), Sheet(), verb="update", holds={"effects"}),
        Deed(
            "disabled by the system",
            "OA-R79",
            say(paused=True),
            Sheet(),
            _disabled,
            verb="update",
            holds={"system-disabled"},
        ),
        Deed("replace", "OA-R81", say(document=board("Stock")), Sheet(), verb="replace", holds={"replace"}),
        Deed(
            "replace with consent",
            "OA-C16",
            Sheet(goes({**HOOK, "url": PLACE}), {"allow": ["replace"]}),
            Sheet(),
            calls=(DROP, MAKE),
            verb="replace",
            there="Weekly",
        ),
        Deed(
            "drift",
            "OA-R76",
            say(paused=False),
            say(paused=False),
            _drift,
            calls=(CHANGE, RESUME),
            verb="update",
        ),
        Deed("release", "OA-R81", GONE, Sheet(), verb="release", there="Weekly"),
        Deed("delete", "OA-R81", GONE, Sheet(life=DELETE), calls=(DROP,), verb="delete", gone="Weekly"),
        Deed(
            "delete what others made",
            "OA-R81",
            GONE,
            Sheet(THEIRS, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Theirs",
        ),
        Deed(
            "delete what is gone",
            "OA-R81",
            GONE,
            Sheet(life=DELETE),
            lambda w: did(
                "DELETE", f"{PUT}/{next(i for i, s in state(w, 'schedules').items() if s['name'] == 'Weekly')}"
            )(w),
            verb="release",
        ),
    ),
    edit=edit,
    set_up=dashboards,
    along=None,
)
