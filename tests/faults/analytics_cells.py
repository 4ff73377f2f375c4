"""The calls of Omni Analytics for the fault matrix, but for those about labels and folders."""

from __future__ import annotations

from typing import Any

from reconciler.model.document import Document
from tests.contract.accounts_omni import CONSENTS, person, recipient
from tests.contract.dashboards import paper
from tests.contract.grants import to
from tests.contract.groups import group
from tests.contract.models import file, git, model
from tests.contract.warehouses import connection, refresh
from tests.faults.analytics import (
    BOARD,
    BOB,
    JANE,
    LEAVER,
    MARIA,
    NEW,
    OLD,
    ONE,
    SINKS,
    TWO,
    WHERE,
    linked,
    roles,
    shown,
)
from tests.faults.cells import Site
from tests.world import OMNI

Documents = tuple[Document, ...]
LAKE, DEV, TEST = connection("Lake"), connection("Lake Dev"), connection("Lake Test")
SCHEMA, LAKES = model("s", "SCHEMA", as_="s", of="lake"), model("Lakes", as_="lakes", of="lake")
MODELLED = (LAKE, SCHEMA, LAKES)
HOOK: Any = {"toFile": f"{SINKS}/lakes.hook"}
GIT, HOOKED = git("lakes", of="lake"), git("lakes", of="lake", webhookSecret=HOOK)
LINKED = linked("lake", ("lake-dev", ["d"]))
SHORT, LONGER = "sql_table_name: a\n", "sql_table_name: more\n"
TRUNK = git("lakes", of="lake", baseBranch="trunk")
VIEW = file("a.view", SHORT, of="lake", to="lakes")
OTHER_VIEW = file("a.view", LONGER, of="lake", to="lakes")
SEES = to("VIEWER", JANE)
VIEWER = ("lake", "lakes", "VIEWER")
NIGHTLY = refresh("lake", "0 9 * * ? *")
SAYS: Any = {"period": {"label": "When"}}


def board(**words: Any) -> Documents:
    return (paper(BOARD, "board", **words),)


def made(name: str, path: str, before: Documents, after: Documents, **more: Any) -> Site:
    return Site(name, OMNI, "POST", path, before, after, creates=True, **more)


def call(name: str, method: str, path: str, before: Documents, after: Documents, **more: Any) -> Site:
    return Site(name, OMNI, method, path, before, after, **more)


def one(name: str, path: str, before: Documents, after: Documents, *answers: int) -> Site:
    """The reading of one thing, of which an answer has no pages."""
    return Site(name, OMNI, "GET", path, before, after, answers=answers, pages=False)


USERS, USER, BULK = "^/scim/v2/users$", "^/scim/v2/users/", "^/v1/users/email-only"
CONNECTIONS, CONNECTION = "^/v1/connections$", "^/v1/connections/[^/]+$"
LINKS, LINK = "^/v1/connection-environments$", "^/v1/connection-environments/"
REFRESHES, REFRESH = "^/v1/connections/[^/]+/schedules$", "^/v1/connections/[^/]+/schedules/"
MODELS, FILES, FILTERS = "^/v1/models$", "/yaml$", "^/v1/dashboards/"
DOCUMENTS, GRANTS = "^/v1/documents$", "^/v1/documents/[^/]+/permissions$"

PEOPLE = (
    call("list users", "GET", USERS, (), (person(NEW, "New"), person(JANE, "Jane Lee"))),
    made("create a user", USERS, (), (person(NEW, "New", attributes={"region": ["EU"]}),)),
    call("change a user", "PUT", USER, (person(JANE, "Jane"),), (person(JANE, "J", attributes={"level": 1}),)),
    call("delete a user", "DELETE", USER, (person(LEAVER, "L", **CONSENTS),), (), removes=True),
    call("list recipients", "GET", BULK, (recipient(ONE),), (recipient(ONE), recipient(TWO))),
    made("make recipients", BULK, (), (recipient(ONE, {"region": ["EU"]}), recipient(TWO))),
    call("change a recipient", "POST", BULK, (recipient(ONE),), (recipient(ONE, {"region": ["EU"]}),)),
)
WAREHOUSES = (
    call("list connections", "GET", CONNECTIONS, (LAKE,), (LAKE, DEV)),
    made("create a connection", CONNECTIONS, (), (connection("Lake", environmentUserAttribute=WHERE),)),
    call("change a connection", "PATCH", CONNECTION, (LAKE,), (connection("Lake", baseRole="VIEWER"),)),
    call("look for links", "GET", LINKS, (LAKE, DEV), (LAKE, DEV, LINKED), advisory=True),
    made("link environments", LINKS, (LAKE, DEV), (LAKE, DEV, LINKED)),
    call(
        "swap values of environments",
        "PUT",
        LINK,
        (LAKE, DEV, TEST, linked("lake", ("lake-dev", ["d"]), ("lake-test", ["t"]))),
        (LAKE, DEV, TEST, linked("lake", ("lake-dev", ["t"]), ("lake-test", ["d"]))),
    ),
    call("list schema refreshes", "GET", REFRESHES, (LAKE,), (LAKE, NIGHTLY), answers=(404,)),
    made("create a schema refresh", REFRESHES, (LAKE,), (LAKE, NIGHTLY)),
    made("create a schema refresh beside its connection", REFRESHES, (), (LAKE, NIGHTLY)),
    call("change a schema refresh", "PUT", REFRESH, (LAKE, NIGHTLY), (LAKE, refresh("lake", "0 8 * * ? *"))),
    call(
        "delete a schema refresh",
        "DELETE",
        REFRESH,
        (LAKE, refresh("lake", "0 9 * * ? *", "old", **OLD)),
        (LAKE,),
        removes=True,
    ),
)
MODELLING = (
    call("list models", "GET", MODELS, (LAKE, SCHEMA), MODELLED),
    made("create a schema model", MODELS, (LAKE,), (LAKE, SCHEMA)),
    made("create a model", MODELS, (LAKE, SCHEMA), MODELLED),
    call(
        "refresh a model",
        "POST",
        "/refresh$",
        (LAKE,),
        (LAKE, model("s", "SCHEMA", as_="s", of="lake", refreshOnCreate=True)),
    ),
    one("read a git configuration", "/git$", (*MODELLED, GIT), (*MODELLED, TRUNK), 404),
    made("create a git configuration", "/git$", MODELLED, (*MODELLED, GIT)),
    made("create a git configuration with its model", "/git$", (), (*MODELLED, HOOKED)),
    call(
        "change a git configuration",
        "PATCH",
        "/git$",
        (*MODELLED, GIT),
        (*MODELLED, TRUNK),
    ),
    call(
        "delete a git configuration",
        "DELETE",
        "/git$",
        (*MODELLED, git("lakes", of="lake", **OLD)),
        MODELLED,
        removes=True,
    ),
    one("read roles", "/model-roles$", MODELLED, (*MODELLED, roles("bob", {"user": BOB}, VIEWER)), 404),
    call(
        "give a role",
        "POST",
        "^/v1/users/[^/]+/model-roles$",
        MODELLED,
        (*MODELLED, roles("bob", {"user": BOB}, VIEWER)),
    ),
    call(
        "give a role to a new group",
        "POST",
        "^/v1/user-groups/[^/]+/model-roles$",
        MODELLED,
        (*MODELLED, group("Finance", JANE, as_="fin"), roles("fin", {"group": "fin"}, VIEWER)),
    ),
    one("read files", FILES, MODELLED, (*MODELLED, VIEW)),
    made("create a file", FILES, MODELLED, (*MODELLED, VIEW)),
    made("create a file with its model", FILES, (), (*MODELLED, VIEW)),
    call("change a file", "POST", FILES, (*MODELLED, VIEW), (*MODELLED, OTHER_VIEW)),
    call(
        "delete a file",
        "POST",
        FILES,
        (*MODELLED, file("a.view", SHORT, of="lake", to="lakes", **OLD)),
        MODELLED,
        removes=True,
    ),
)
DASHBOARDS = (
    call("list documents", "GET", DOCUMENTS, (), board(name="Boards")),
    call("read who may do what", "GET", "/access-list$", (), board(permissions=[to("VIEWER", MARIA)])),
    call("rename a document", "PATCH", "^/v1/documents/[^/]+$", (), board(name="Boards")),
    call("move a document", "PUT", "/move$", (), board(folder="Finance")),
    call("give a document away", "PUT", "/transfer-ownership$", board(permissions=[SEES]), board(owner=JANE)),
    call("set what people may do", "PUT", GRANTS, (), board(settings={"canDownload": False})),
    call("label a document", "PATCH", "/labels$", (), board(labels=["Draft"])),
    call("grant", "POST", GRANTS, (), board(permissions=[to("VIEWER", MARIA)])),
    call(
        "change a grant",
        "PATCH",
        GRANTS,
        board(permissions=[to("VIEWER", MARIA)]),
        board(permissions=[to("EDITOR", MARIA)]),
    ),
    call(
        "revoke",
        "DELETE",
        GRANTS,
        board(permissions=[to("VIEWER", MARIA, JANE)]),
        board(permissions=[to("VIEWER", JANE)]),
        removes=True,
    ),
    call(
        "change a document's model",
        "PUT",
        "/update-model$",
        MODELLED,
        (*MODELLED, *board(connection="lake", model="lakes")),
    ),
    one("read filters", FILTERS, (), (shown("board", BOARD, SAYS),)),
    call("change filters", "PATCH", FILTERS, (), (shown("board", BOARD, SAYS),)),
)
SITES = (*PEOPLE, *WAREHOUSES, *MODELLING, *DASHBOARDS)
