"""The calls of Omni Analytics for the fault matrix about who gets what: deliveries, groups, permissions; and the
readings of one thing that its list did not show."""

from __future__ import annotations

from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.twins import Fault
from tests.contract.accounts_omni import person, recipient
from tests.contract.dashboards import paper
from tests.contract.grants import opened, to
from tests.contract.groups import group
from tests.contract.models import file, model
from tests.contract.warehouses import connection, refresh
from tests.faults.analytics import BOARD, BOB, JANE, OLD, ONE, TWO, roles
from tests.faults.analytics_cells import BULK
from tests.faults.cells import ALPHA, EMBEDDED, Site, hidden
from tests.faults.estate import label
from tests.world import OMNI, doc

Documents = tuple[Document, ...]
FIRST: Any = {"allow": ["first-removals"]}
LAKE, LAKES = connection("Lake"), model("Lakes", as_="lakes", of="lake")
MODELLED = (LAKE, model("s", "SCHEMA", as_="s", of="lake"), LAKES)


def site(name: str, method: str, path: str, before: Documents, after: Documents, **more: Any) -> Site:
    return Site(name, OMNI, method, path, before, after, **more)


def delivery(name: str, *recipients: Json, **words: Json) -> Document:
    metadata: Any = {k: words.pop(k) for k in ("on_remove", "allow") if k in words}
    spec: dict[str, Json] = {
        "document": "d0c00002",
        "cron": "0 9 ? * MON *",
        "timezone": "UTC",
        "format": "pdf",
        "name": name.title(),
        "destination": "email",
        "subject": "Sales",
        "recipients": [*(recipients or (JANE,))],
    }
    return doc("Schedule", name, {**spec, **words}, **metadata)


WEEKLY, DAILY = delivery("weekly"), delivery("daily", cron="0 9 * * ? *")
SCHEDULES, SCHEDULE = "^/v1/schedules$", "^/v1/schedules/[^/]+$"
DELIVERIES = (
    site("list schedules", "GET", SCHEDULES, (WEEKLY,), (WEEKLY, DAILY)),
    site("create a schedule", "POST", SCHEDULES, (), (WEEKLY,), creates=True),
    site("change a schedule", "PUT", SCHEDULE, (WEEKLY,), (delivery("weekly", cron="0 8 ? * TUE *"),)),
    site("delete a schedule", "DELETE", SCHEDULE, (WEEKLY, delivery("old", **OLD)), (WEEKLY,), removes=True),
    site(
        "read recipients of a schedule",
        "GET",
        "/recipients$",
        (WEEKLY,),
        (delivery("weekly", JANE, BOB),),
        pages=False,
        answers=(404,),
    ),
    site("add recipients to a schedule", "PUT", "/add-recipients$", (WEEKLY,), (delivery("weekly", JANE, BOB),)),
    site(
        "take recipients from a schedule",
        "PUT",
        "/remove-recipients$",
        (delivery("weekly", JANE, BOB),),
        (WEEKLY,),
    ),
    site("pause a schedule", "PUT", "/pause$", (WEEKLY,), (delivery("weekly", paused=True),)),
    site(
        "resume a schedule",
        "PUT",
        "/resume$",
        (delivery("weekly", paused=True),),
        (delivery("weekly", paused=False),),
    ),
    site(
        "give a schedule away",
        "PUT",
        "/transfer-ownership$",
        (WEEKLY,),
        (delivery("weekly", owner=JANE, allow=["effects"]),),
    ),
)
FINANCE, MORE = group("Finance", JANE, as_="fin"), group("Finance", JANE, BOB, as_="fin")
GROUPS, GROUP = "^/scim/v2/groups$", "^/scim/v2/groups/"
GROUPED = (
    site("list groups", "GET", GROUPS, (FINANCE,), (FINANCE, group("Audit", BOB, as_="audit"))),
    site("read a group afresh", "GET", GROUP, (FINANCE,), (MORE,), pages=False, answers=(404,)),
    site("create a group", "POST", GROUPS, (), (FINANCE,), creates=True),
    site("change a group", "PUT", GROUP, (FINANCE,), (MORE,)),
    site("rename a group", "PUT", GROUP, (FINANCE,), (group("Money", JANE, as_="fin", previous_key="Finance"),)),
    site("delete a group", "DELETE", GROUP, (group("Old", JANE, as_="old", **OLD),), (), removes=True),
    site(
        "read roles of a group",
        "GET",
        "^/v1/user-groups/[^/]+/model-roles$",
        (*MODELLED, FINANCE),
        (*MODELLED, FINANCE, roles("fin", {"group": "fin"}, ("lake", "lakes", "VIEWER"))),
        pages=False,
        answers=(404,),
    ),
)
HELD = "^/v1/folders/[^/]+/permissions$"


def vault(*permissions: dict[str, Json]) -> Document:
    return opened("vault", *permissions, path="Vault", **FIRST)


OPENED = (
    site("read grants on a folder", "GET", HELD, (vault(to("EDITOR", JANE)),), (vault(to("VIEWER", JANE)),)),
    site("grant on a folder", "POST", HELD, (vault(to("EDITOR", JANE)),), (vault(to("EDITOR", JANE, BOB)),)),
    site("change a grant on a folder", "PATCH", HELD, (vault(to("EDITOR", JANE)),), (vault(to("VIEWER", JANE)),)),
    site(
        "revoke on a folder",
        "DELETE",
        HELD,
        (vault(to("EDITOR", JANE, BOB)),),
        (vault(to("EDITOR", JANE)),),
        removes=True,
    ),
    site(
        "grant on a folder together with it",
        "POST",
        HELD,
        (),
        (vault(to("EDITOR", JANE, groups=["fin"])), FINANCE),
    ),
)
LABELLED, BARE = paper(BOARD, "board", labels=["Draft"]), paper(BOARD, "board", labels=[])
ONE_LABEL = "^/v1/documents/[^/]+/labels/"
NO_BATCH = (Fault("status", method="PATCH", path="/labels$", status=404, times=None),)
REFUSED = (Fault("status", method="PATCH", path="/labels$", status=400, times=None),)
SINGLY = (
    site(
        "read a label singly",
        "GET",
        "^/v1/labels/",
        (ALPHA,),
        (label("alpha", "Alpha", verified=True),),
        pages=False,
        answers=(404,),
        given=hidden("^/v1/labels$"),
    ),
    site(
        "read a document singly",
        "GET",
        "^/v1/documents/[^/]+$",
        (paper(BOARD, "board", name="Board"),),
        (paper(BOARD, "board", name="Boards"),),
        pages=False,
        answers=(404,),
        given=hidden("^/v1/documents$"),
    ),
    site(
        "read a user singly",
        "GET",
        "^/scim/v2/users/",
        (person(JANE, "Jane"),),
        (person(JANE, "J"),),
        pages=False,
        answers=(404,),
        given=hidden("^/scim/v2/users$"),
    ),
    site(
        "read a schema refresh singly",
        "GET",
        "^/v1/connections/[^/]+/schedules/",
        (LAKE, refresh("lake", "0 9 * * ? *")),
        (LAKE, refresh("lake", "0 8 * * ? *")),
        pages=False,
        answers=(404,),
        given=hidden("^/v1/connections/[^/]+/schedules$"),
    ),
    site(
        "look for an embed user",
        "GET",
        "^/scim/v2/embed/users$",
        (),
        (group("Finance", EMBEDDED, as_="fin"),),
        answers=(404,),
    ),
    site("put one label on a document", "PUT", ONE_LABEL, (), (LABELLED,), given=NO_BATCH),
    site("take one label from a document", "DELETE", ONE_LABEL, (LABELLED,), (BARE,), given=REFUSED),
)
VIEW = file("a.view", "sql_table_name: a\n", of="lake", to="lakes", validate=True)
CHECKED = (site("validate a model", "GET", "/validate$", MODELLED, (*MODELLED, VIEW), pages=False),)
ONE_BY_ONE = (
    site(
        "make recipients one by one",
        "POST",
        BULK,
        (),
        (recipient(ONE), recipient(TWO)),
        creates=True,
        given=(Fault("status", method="POST", path=BULK, status=400),),
    ),
)
SITES = (*ONE_BY_ONE, *DELIVERIES, *GROUPED, *OPENED, *SINGLY, *CHECKED)
