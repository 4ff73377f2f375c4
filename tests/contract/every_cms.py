"""Omni-CMS in the table of every kind."""

from __future__ import annotations

from typing import Any

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.components import by_key, records
from tests.contract.deeds import made
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.spaces import named
from tests.contract.users import BOB, FILE, JANE, NEW, OWN, PASSWORD, accounts, secret
from tests.world import CMS, World

DELETE: dict[str, Json] = {"onRemove": "delete", "allow": ["delete"]}
DEACTIVATE: dict[str, Json] = {"onRemove": "deactivate", "allow": ["deactivate"]}

# Space.


PAGE = {"key": "home", "type": "page"}
ABOUT = {"key": "about", "type": "page"}


def _with_site(w: World) -> None:
    w.cms.add_space("Site")
    w.cms.add_space("Shop")


def _lists(path: str) -> tuple[Row, ...]:
    """A list of nested components, and its mode."""
    return (
        Row(path, "CM-C4", (Step([PAGE]), Step([PAGE, ABOUT]), never([]), left_out())),
        Row(
            f"{path}Mode",
            "CM-R22",
            (
                never("exact"),
                Step("exact", more={path: [PAGE]}),
                never("release"),
                never("release", more={path: []}),
                left_out(),
            ),
            more={path: [PAGE, ABOUT]},
        ),
    )


SPACE = Table(
    "omni-cms",
    "Space",
    "site",
    {"name": "Web"},
    lambda w: {*named(w), *(str(r["key"]) for r in records(w).values())},
    edit=lambda w, body: made(w.cms, "PUT", f"/space/{named(w)['Web']}", {"id": named(w)["Web"], **body}),
    set_up=_with_site,
    rows=(*_lists("components"), Row("order", "CM-R28", (never("listed"), left_out()))),
    deeds=(
        Deed("create", "CM-R18", calls=("POST /space",), verb="create", there="Web"),
        Deed(
            "create with components",
            "CM-C3",
            say(components=[PAGE]),
            calls=("POST /space", "POST /component"),
            verb="create",
            there="home",
        ),
        Deed("adopt", "CM-R17", say(name="Site"), verb="adopt"),
        Deed(
            "adopt changed",
            "CM-R22",
            say(name="Site", components=[PAGE]),
            calls=("POST /component",),
            verb="adopt",
            there="home",
        ),
        Deed(
            "rename",
            "CM-R18",
            Sheet({"name": "New"}, metadata={"previously": {"key": "Web"}}),
            Sheet(),
            calls=("PUT /space/*",),
            verb="rename",
            there="New",
            gone="Web",
        ),
        Deed(
            "rename unsaid",
            "CM-R18",
            say(name="New"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="Web",
        ),
        Deed(
            "move", "CM-R17", Sheet(name="other", metadata={"previously": {"name": "site"}}), Sheet(), verb="move"
        ),
        Deed(
            "drift",
            "CM-R18",
            Sheet(),
            Sheet(),
            lambda w: made(w.cms, "PUT", f"/space/{named(w)['Web']}", {"id": named(w)["Web"], "name": "T"}),
            calls=("PUT /space/*",),
            verb="rename",
            there="Web",
            gone="T",
        ),
        Deed("release", "CM-R19", GONE, Sheet(), verb="release", there="Web"),
        Deed("delete", "CM-R19", GONE, Sheet(life=DELETE), calls=("DELETE /space/*",), verb="delete", gone="Web"),
        Deed(
            "delete with all that is in it",
            "CM-R19",
            GONE,
            Sheet({"components": [PAGE], "componentsMode": "exact"}, DELETE),
            calls=("DELETE /component/*", "DELETE /space/*"),
            verb="delete",
            gone="Web",
        ),
        Deed(
            "delete with something in it",
            "CM-R19",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.cms.add_component(named(w)["Web"], "theirs"),
            verb="delete",
            holds={"in-use"},
            there="Web",
        ),
        Deed(
            "delete what others made",
            "CM-R19",
            GONE,
            Sheet({"name": "Shop"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Shop",
        ),
    ),
)


# Component.


def _pages(w: World) -> None:
    """Two spaces; in the first two components to lie in; files."""
    _with_site(w)
    w.cms.add_component(1, "top")
    w.cms.add_component(1, "other")
    for name in ("a.html", "b.html", "a.png", "b.png"):
        (w.root / name).write_text(name)


def _own(w: World) -> int:
    return int(by_key(w, "page")["id"])


def _page(w: World, body: JsonObject) -> None:
    made(w.cms, "PUT", f"/component/{_own(w)}", {"id": _own(w), **body})


def _put(path: str, one: Json, two: Json, *last: Step, **more: Any) -> Row:
    """A field of a component: changed twice, put right."""
    return Row(path, "CM-C4", (Step(one), Step(two), drifted(two, one), *last), **more)


BOTH: dict[str, Any] = {"space": "Site", "key": "page", "type": "page"}
MAKE, CHANGE, TAKE = "POST /component", "PUT /component/*", "DELETE /component/*"
WHOLE: dict[str, Any] = {
    "parent": "top", "name": "Page", "contentFrom": "a.html", "metadata": {"a": 1}, "metadataMode": "exact",
    "tags": ["b", "a"], "published": True, "visible": False, "sequence": 3, "date": "2026-03-01T00:00:00+02:00",
    "file": "a.png", "order": "listed",
}  # fmt: skip
COMPONENT = Table(
    "omni-cms",
    "Component",
    "page",
    BOTH,
    lambda w: {str(r["key"]) for r in records(w).values()},
    edit=_page,
    set_up=_pages,
    rows=(
        Row("space", "CM-R30", (never("Shop", "immutable"), never("Nowhere", "unresolved"), never("Site"))),
        Row(
            "parent",
            "CM-R22",
            (
                Step("top"),
                Step("other"),
                drifted("other", lambda w: _page(w, {"parentId": int(by_key(w, "top")["id"])})),
                Step(ABSENT, 1),  # left out, it is the root
            ),
        ),
        _put("type", "block", "css"),
        _put("name", "One", "Two", Step(""), left_out()),
        _put("content", "one", "two", Step(""), left_out()),
        Row(
            "contentFrom",
            "CM-R22",
            (Step("a.html"), Step("b.html"), drifted("b.html", "theirs"), left_out()),
            sends="content",
        ),
        _put("metadata", {"a": 1}, {"a": 2}, never({}), left_out()),
        Row(
            "metadataMode",
            "CM-R24",
            (
                never("merge"),
                Step("exact", behind=lambda w: _page(w, {"metadata": {"a": 1, "b": 2}}), refused=By(False, True)),
            ),
            more={"metadata": {"a": 1}},
            sends="metadata",
        ),
        _put("tags", ["a"], ["a", "b"], Step([]), left_out()),
        _put("published", True, False, left_out()),
        _put("visible", False, True, left_out()),
        Row(
            "sequence",
            "CM-R27",
            (Step(5), Step(6), drifted(6, lambda w: _page(w, {"sequence": 9})), left_out()),
            sends="sequences",
        ),
        _put("date", "2026-03-01T00:00:00.000Z", "2026-03-01T00:00:00.001Z", left_out()),
        *_lists("children"),
        Row("order", "CM-R28", (never("listed"), left_out())),
        Row("verifyFiles", "CM-R33", (never(True), never(False), left_out()), more={"file": "a.png"}),
        Row(
            "file",
            "CM-R33",
            (
                Step("a.png"),
                Step("b.png"),
                drifted("b.png", lambda w: made(w.cms, "DELETE", f"/component/file/{_own(w)}")),
                Step("absent"),
                drifted("absent", lambda w: w.cms.add_file(_own(w), "theirs.png", b"x")),
                left_out(),
            ),
        ),
    ),
    deeds=(
        Deed(
            "create",
            "CM-R25",
            say(parent="top", name="Page", file="a.png"),
            calls=(MAKE, "POST /component/file/*"),
            verb="create",
            there="page",
        ),
        Deed(
            "create whole",
            "CM-C4",
            say(**WHOLE),
            calls=(MAKE, "POST /component/file/*"),
            verb="create",
            there="page",
        ),
        Deed("adopt", "CM-R20", say(key="top"), verb="adopt"),
        Deed("adopt changed", "CM-R20", say(key="top", name="Top"), calls=(CHANGE,), verb="adopt"),
        Deed(
            "rename",
            "CM-R29",
            Sheet({"key": "new"}, metadata={"previously": {"key": "page"}}),
            Sheet(),
            calls=(CHANGE,),
            verb="rename",
            there="new",
            gone="page",
        ),
        Deed(
            "rename unsaid",
            "CM-R29",
            say(key="new"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="page",
        ),
        Deed(
            "move", "CM-R20", Sheet(name="other", metadata={"previously": {"name": "page"}}), Sheet(), verb="move"
        ),
        Deed(
            "move to another place",
            "CM-R30",
            say(parent="other"),
            say(parent="top"),
            calls=(CHANGE,),
            verb="update",
        ),
        Deed(
            "drift",
            "CM-R26",
            say(name="A", parent="top"),
            say(name="A", parent="top"),
            lambda w: _page(w, {"name": "T", "parentId": int(by_key(w, "other")["id"])}),
            calls=(CHANGE,),
            verb="update",
        ),
        Deed("release", "CM-R32", GONE, Sheet(), verb="release", there="page"),
        Deed(
            "delete",
            "CM-R31",
            GONE,
            Sheet(life=DELETE),
            calls=(TAKE,),
            verb="delete",
            gone="page",
            also=((), (Sheet({"name": "Site"}, kind="Space", name="site"),)),
        ),
        Deed(
            "delete in a space that nobody declares",
            "CM-R32",
            GONE,
            Sheet(life=DELETE),
            verb="delete",
            holds={"undeclared-space"},
            there="page",
        ),
        Deed(
            "delete what others made",
            "CM-R32",
            GONE,
            Sheet({"key": "top"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="top",
            also=((), (Sheet({"name": "Site"}, kind="Space", name="site"),)),
        ),
    ),
)


# User.


PUT, MAKE_KEY, TAKE_KEY = "PUT /user/*", "PUT /user/key/*", "DELETE /user/key/*"
KEY = {"apiKey": "present", "keyTo": {"toFile": "secrets/one.key"}}


def _people(w: World) -> None:
    """The reconciler's own account, Jane's, and Bob's, which is not active; a password."""
    w.settings[CMS] = {"account": OWN}
    w.cms.add_user(JANE)
    w.cms.add_user(BOB, active=False)
    (w.root / "kept").mkdir()
    (w.root / FILE).write_text(PASSWORD)


def _as_reconciler(w: World, method: str, path: str, body: JsonObject | None = None) -> None:
    made(w.cms, method, path, body)


def _jane(w: World, body: JsonObject) -> None:
    own = accounts(w)[JANE]["id"]
    _as_reconciler(w, "PUT", f"/user/{own}", {"id": own, **body})


def _new(w: World, body: JsonObject) -> None:
    own = accounts(w)[NEW]["id"]
    _as_reconciler(w, "PUT", f"/user/{own}", {"id": own, **body})


FRESH = {"password": secret(1)}
USER = Table(
    "omni-cms",
    "User",
    "new.one",
    {"email": NEW},
    lambda w: {f"{e} {'on' if a['active'] else 'off'}" for e, a in accounts(w).items()},
    edit=_jane,
    set_up=_people,
    rows=(
        Row("password", "CM-R46", (Step(secret(1)), Step(secret(2)), left_out()), more={"email": JANE}),
        Row("active", "CM-C10", (Step(False), Step(True), drifted(True, False), left_out()), more={"email": JANE}),
        Row(
            "apiKey",
            "CM-C10",
            (
                Step("present"),
                Step("absent"),
                drifted("absent", lambda w: _as_reconciler(w, "PUT", "/user/key/2")),
                left_out(),
            ),
            more={"email": JANE, "keyTo": {"toFile": "secrets/one.key"}},
        ),
        Row(
            "keyTo",
            "CM-R49",
            (
                never({"toFile": "secrets/two.key"}),
                never({"toFile": "secrets/three.key"}),
                left_out(more={"apiKey": ABSENT}),
            ),
            more={"email": JANE, "apiKey": "present"},
            begins={"toFile": "secrets/one.key"},
        ),
    ),
    deeds=(
        Deed(
            "create",
            "CM-R43",
            say(**FRESH, active=False, **KEY),
            calls=("POST /user", MAKE_KEY),
            verb="create",
            there=f"{NEW} off",
        ),
        Deed("create without a password", "CM-R46", verb="create", holds={"no-password"}, gone=f"{NEW} on"),
        Deed("adopt", "CM-R41", say(email=JANE, active=True), verb="adopt", there=f"{JANE} on"),
        Deed(
            "adopt with a password",
            "CM-R47",
            say(email=JANE, **FRESH),
            verb="adopt",
            note="a new `version` is sent",
        ),
        Deed(
            "adopt changed", "CM-R41", say(email=BOB, active=True), calls=(PUT,), verb="adopt", there=f"{BOB} on"
        ),
        Deed(
            "rename",
            "CM-R45",
            Sheet({"email": "x@example.com"}, metadata={"previously": {"key": NEW}}),
            say(**FRESH),
            calls=(PUT,),
            verb="rename",
            there="x@example.com on",
            gone=f"{NEW} on",
        ),
        Deed(
            "rename unsaid",
            "CM-R45",
            say(email="x@example.com"),
            say(**FRESH),
            verb="rename",
            holds={"rename-unconfirmed"},
            there=f"{NEW} on",
        ),
        Deed(
            "move",
            "CM-R41",
            Sheet(name="other", metadata={"previously": {"name": "new.one"}}),
            say(**FRESH),
            verb="move",
        ),
        Deed(
            "drift",
            "CM-R42",
            say(active=True),
            say(active=True, **FRESH),
            lambda w: _new(w, {"active": False}),
            calls=(PUT,),
            verb="update",
            there=f"{NEW} on",
        ),
        Deed("release", "CM-R53", GONE, say(**FRESH), verb="release", there=f"{NEW} on"),
        Deed(
            "deactivate",
            "CM-R53",
            GONE,
            Sheet(FRESH, DEACTIVATE),
            calls=(PUT,),
            verb="deactivate",
            there=f"{NEW} off",
        ),
        Deed(
            "deactivate what others made",
            "CM-R53",
            GONE,
            Sheet({"email": JANE}, DEACTIVATE),
            verb="deactivate",
            holds={"not-ours"},
            there=f"{JANE} on",
        ),
        Deed(
            "delete",
            "CM-R53",
            GONE,
            Sheet(FRESH, DELETE),
            calls=("DELETE /user/*",),
            verb="delete",
            gone=f"{NEW} on",
        ),
        Deed(
            "delete what others made",
            "CM-R53",
            GONE,
            Sheet({"email": JANE}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there=f"{JANE} on",
        ),
        Deed(
            "delete the own account",
            "CM-R51",
            GONE,
            Sheet({"email": OWN}, DELETE),
            verb="delete",
            holds={"own-account", "not-ours"},
            there=f"{OWN} on",
        ),
        Deed(
            "own account",
            "CM-R51",
            say(email=OWN, active=False),
            verb="adopt",
            holds={"own-account"},
            there=f"{OWN} on",
        ),
        Deed(
            "once rotateKey",
            "CM-R50",
            Sheet({**KEY, "email": JANE}, metadata={"once": {"rotateKey": "1"}}),
            Sheet({**KEY, "email": JANE}),
            calls=(MAKE_KEY,),
            verb="update",
        ),
        Deed(
            "once rotateKey again",
            "CM-R50",
            Sheet({**KEY, "email": JANE}, metadata={"once": {"rotateKey": "1"}}),
            Sheet({**KEY, "email": JANE}, metadata={"once": {"rotateKey": "1"}}),
            verb="none",
        ),
    ),
)
TABLES = (SPACE, COMPONENT, USER)
