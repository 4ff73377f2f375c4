"""Calls of the odder kinds: requests that carry others, checks, readings, and each kind of fall-back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.document import Address
from reconciler.model.plan import Call, On, Phase, Role, Sink, Trigger

PERSIST = "/common/keywords/persist"
IMPORT = "/api/projects/bulk-import"
COUNTRIES = ("at", "be", "ch", "de", "es", "fr", "it", "nl")
SINK = Sink("/acceptUrl", "link", {"toFile": "secrets/jane.link"})


def at(target: str, kind: str, name: str) -> Address:
    return Address(target, kind, name)


def keyword(name: str) -> Address:
    return at("core", "Keyword", name)


def call(number: str, address: Address, line: str, body: object = None, **more: Any) -> Call:
    method, path = line.split(" ", 1)
    more = {"phase": Phase.CREATE, **more}
    return Call(number, address.target, address.kind, address, method, path, body=body, **more)  # type: ignore[arg-type]


def riders() -> list[Call]:
    """One branch and the countries beneath it, of which one is held."""
    found = [_rider("1", "markets", {"parentPath": "/", "name": {"itm": ["Markets"]}})]
    for number, name in enumerate(COUNTRIES, 2):
        body = {"parentPath": "/Markets", "name": {"itm": [name.upper()]}}
        held = ("in-doubt",) if name == "nl" else ()
        found.append(_rider(str(number), name, body, after=frozenset({"1"}), held=held))
    return found


def _rider(number: str, name: str, body: Mapping[str, object], **more: Any) -> Call:
    words = f"create Keyword {name.upper()}"
    return call(
        number,
        keyword(name),
        f"POST {PERSIST}",
        body,
        summary=words,
        carrier="10",
        verify=True,
        media="xml",
        **more,
    )


def repairs() -> list[Call]:
    """A reading, and once more what was refused."""
    above = {"$find": {"read": "11", "key": ["Markets"], "scope": []}}
    again = [
        call(
            str(number),
            keyword(name),
            f"POST {PERSIST}",
            {"parentId": above, "name": {"itm": [name.upper()]}},
            summary=f"if refused: create Keyword {name.upper()}",
            role=Role.CONTINGENT,
            trigger=Trigger(str(number - 10), "11", On.UNDONE),
            carrier="20",
            verify=True,
            media="xml",
            after=frozenset({"1", "11"}),
        )
        for number, name in enumerate(COUNTRIES[:2], 12)
    ]
    listing = call(
        "11",
        keyword("(batch 2)"),
        "POST /common/keywords/retrieve",
        {"path": "/"},
        role=Role.FIND,
        trigger=Trigger("10", on=On.UNDONE),
        summary="if any is refused: list the Keywords",
        requests=2,
    )
    batch = call(
        "20",
        keyword("(batch 2)"),
        f"POST {PERSIST}",
        {"kwds": {"entries": [{"$riders": "20"}]}},
        role=Role.CONTINGENT,
        trigger=Trigger("10", "11", On.UNDONE),
        after=frozenset({"11"}),
        media="xml",
        summary="if any is refused: persist Keywords",
    )
    return [listing, *again, batch]


def workbook() -> list[Call]:
    """A preview and its commit."""
    book = at("studio", "Project", "(batch)")
    count = {"$count": "24"}
    rows = [
        call(
            str(number),
            at("studio", "Project", name),
            f"POST {IMPORT}",
            {"Number": name, "Team": "Brand"},
            summary=f"create Project {name}",
            carrier="24",
            verify=True,
            media="workbook",
        )
        for number, name in ((21, "2400001"), (22, "2400002"))
    ]
    common: dict[str, Any] = {"media": "workbook", "phase": Phase.UPDATE}
    body = {"rows": [{"$riders": "24"}]}
    preview = call(
        "23",
        book,
        f"POST {IMPORT}",
        body,
        query={"commit": "false"},
        role=Role.GATE,
        summary="preview a workbook of 2 projects",
        expect={"/validRows": count, "/errors": []},
        **common,
    )
    commit = call(
        "24",
        book,
        f"POST {IMPORT}",
        body,
        query={"commit": "true"},
        whole=True,
        after=frozenset({"23"}),
        summary="commit a workbook of 2 projects",
        **common,
    )
    return [*rows, preview, commit]


def others() -> list[Call]:
    """One of each: a value that is shown once, a token, a secret, a file, and each kind of fall-back."""
    file = {"$file": {"path": "assets/logo.png", "sha256": "5feceb66ffc86f38d952786c6d696c79", "bytes": 1840}}
    secret = {"$secret": {"fromEnv": "SFTP_PASSWORD", "version": 3}}
    jane, page = at("studio", "Invitation", "jane"), at("cms", "Component", "logo")
    brief, weekly = at("platform", "Brief", "q3"), at("analytics", "Schedule", "weekly")
    text = "if the id has to be text: update Component logo"
    look = "if the answer names no id: look up Component logo"
    return [
        call("25", jane, "POST /api/org/invitations", {"email": "jane@example.com"}, sink=SINK, repeat=False),
        call(
            "26",
            page,
            "POST /component",
            {"key": "logo"},
            summary="create Component logo",
        ),
        call(
            "27",
            page,
            "GET /component/1/logo",
            role=Role.CONTINGENT,
            trigger=Trigger("26", on=On.UNKNOWN),
            summary=look,
        ),
        call("28", page, "POST /file/7", file, media="multipart", after=frozenset({"26"}), phase=Phase.UPDATE),
        call(
            "29",
            page,
            "PUT /component/7",
            {"id": "7"},
            role=Role.CONTINGENT,
            trigger=Trigger("28", on=On.CODE, code="INVALID_TYPE"),
            summary=text,
        ),
        call(
            "30",
            brief,
            "PATCH /briefs/812/status",
            {"status": "change_request"},
            once={"changeRequest": "2026-06"},
        ),
        call(
            "31", weekly, "PUT /v1/schedules/s-1", {"password": secret, "name": "Weekly"}, clobbers=("recipients",)
        ),
        call(
            "32",
            weekly,
            "PUT /v1/schedules/s-1",
            role=Role.CONTINGENT,
            trigger=Trigger("11", on=On.UNLIKE),
            looks=True,
            summary="if it is not so: once more",
        ),
        call("33", at("studio", "Project", "old"), "DELETE /api/projects/p-9", phase=Phase.DELETE),
        call("34", at("studio", "Project", "done"), "PATCH /api/projects/p-8", {"status": "ARCHIVED"}),
        call("35", at("analytics", "User", "gone"), "PATCH /scim/v2/users/u-9", {"active": False}),
    ]
