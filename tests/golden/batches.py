"""A plan of the odder kinds, and how its apply ended: requests that carry others, checks, readings and fall-backs,
once-shown values, tokens, and questions to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.document import Address
from reconciler.model.json import ABSENT
from reconciler.model.outcome import End, Fact, Outcome, Report
from reconciler.model.place import Place
from reconciler.model.plan import Action, Call, On, Phase, Plan, PlanTarget, Role, Sink, Trigger
from tests.golden.sample import HEAD, HOSTILE, PLAN_ID

PERSIST = "/common/keywords/persist"
IMPORT = "/api/projects/bulk-import"
COUNTRIES = ("at", "be", "ch", "de", "es", "fr", "it", "nl")
MAIL = "the tracker makes a placeholder user, and a link that sets a password"
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


def created(address: Address, label: str, number: str, *fields: FieldChange, **more: Any) -> Action:
    place = Place(f"manifests/{address.kind.casefold()}.yaml", int(number), 1)
    return Action(Verb.CREATE, address, label, place, fields, calls=(number,), **more)


def actions() -> list[Action]:
    doubt = Hold("in-doubt", "nobody knows whether it was made", "`reconciler resume`", final=True)
    forbidden = Hold("forbidden", "the key may not read them (403)", "take them out", only="permissions")
    contended = Hold(
        "contended", "`name` was sent in the last 2 applies and differs again", "ignore it", only="name"
    )
    replaced = Hold("replace", "it would be deleted and created anew", "add `replace` to lifecycle.allow")
    name = FieldChange(("name",), "Weekly", "Weekly sales", Reason.DRIFT)
    path = (("markets", "Markets"), *((c, f"Markets/{c.upper()}") for c in COUNTRIES))
    keywords = [
        created(
            keyword(short),
            label,
            str(number),
            FieldChange(("path",), ABSENT, label, Reason.INTENT),
            FieldChange(("labels", "en_GB"), ABSENT, {"text": label.rsplit("/", 1)[-1]}, Reason.INTENT),
            holds=(doubt,) if short == "nl" else (),
        )
        for number, (short, label) in enumerate(path, 1)
    ]
    role = FieldChange(("role",), ABSENT, "PRODUCER", Reason.INTENT, access=True)
    return [
        *keywords,
        created(at("studio", "Project", "2400001"), "Alpha", "21"),
        created(at("studio", "Project", "2400002"), "Beta", "22"),
        created(at("studio", "Invitation", "jane"), "jane@example.com", "25", role, effects=(MAIL,)),
        created(at("cms", "Component", "logo"), "Logo", "26"),
        Action(
            Verb.UPDATE, at("platform", "Brief", "q3"), "Q3", calls=("30",), effects=("the client gets a mail",)
        ),
        Action(
            Verb.UPDATE,
            at("analytics", "Schedule", "weekly"),
            "Weekly",
            None,
            (name,),
            (contended,),
            calls=("31",),
        ),
        Action(
            Verb.REPLACE,
            at("analytics", "Schedule", "daily"),
            "Daily",
            fields=(FieldChange(("document",), "d-1", "d-2", Reason.INTENT),),
            holds=(replaced,),
            access=True,
        ),
        Action(Verb.NONE, at("analytics", "Folder", "board"), "Board", holds=(forbidden,)),
        Action(Verb.DELETE, at("studio", "Project", "old"), "Old", calls=("33",)),
        Action(Verb.ARCHIVE, at("studio", "Project", "done"), "Done", calls=("34",), access=True),
        Action(Verb.DEACTIVATE, at("analytics", "User", "gone"), "Gone", calls=("35",), access=True),
    ]


def batch_plan() -> Plan:
    batch = call(
        "10",
        keyword("(batch)"),
        f"POST {PERSIST}",
        {"kwds": {"entries": [{"$riders": "10"}]}},
        media="xml",
        summary="persist Keywords",
        phase=Phase.UPDATE,
    )
    names = {"analytics", "studio", "core", "cms", "platform"}
    return Plan(
        id=PLAN_ID,
        tool="0.1.0",
        manifests="sha256:aa",
        targets=tuple(PlanTarget(name, name, f"https://{name}.example.com") for name in sorted(names)),
        actions=tuple(actions()),
        calls=(*riders(), batch, *repairs(), *workbook(), *others()),
        reads=("core: POST /common/keywords/retrieve",),
        bound=11,
        ledger_head=HEAD,
    )


def batch_report() -> Report:
    """One country is repaired, one refused for good; the preview differs; two questions."""
    well = {c.id: Outcome(c.id, End.DONE, "", 200) for c in batch_plan().calls}
    said = "The keyword has been created successfully"
    well |= {str(n): Outcome(str(n), End.DONE, said, 200) for n in range(1, 9)}
    ask = (
        "`reconciler resume --adopt platform/Brief/q3=ID`; if not: `reconciler resume --forget platform/Brief/q3`"
    )
    token = "the value that `link` of studio/Invitation/jane is for was never seen: set `once: {reissue: …}`"
    fate = "it goes only with call 21, which is failed"
    well |= {
        "2": Outcome("2", End.DONE, "refused (no such path), then done by calls 12", 200),
        "3": Outcome("3", End.FAILED, f"value taken {HOSTILE}", 200, code="DUPLICATE"),
        "9": Outcome("9", End.HELD),
        "13": Outcome("13", End.FAILED, "no such parent", 200),
        "20": Outcome("20", End.FAILED, "not all of it", 200),
        "21": Outcome("21", End.BLOCKED, fate),
        "22": Outcome("22", End.BLOCKED, fate),
        "23": Outcome("23", End.FAILED, "the answer differs: /validRows is 1, not 2", 200),
        "24": Outcome("24", End.BLOCKED, "call 23 is failed"),
        "25": Outcome("25", End.DONE, "no answer came", 0, {Fact.LOST: "link"}, settled=True, question=token),
        "27": Outcome("27", End.UNNEEDED),
        "29": Outcome("29", End.UNNEEDED),
        "30": Outcome(
            "30", End.IN_DOUBT, "no answer came", 0, {Fact.DOUBT: "x"}, question=f"was it made? If it was: {ask}"
        ),
        "32": Outcome("32", End.UNNEEDED),
    }
    return Report(
        plan_id=PLAN_ID,
        run="run-7",
        outcomes=tuple(well[c.id] for c in batch_plan().calls),
        requests={"preconditions": ("core: POST /common/keywords/retrieve",), "calls": ("a",) * 12},
        head=HEAD,
        seconds=2.5,
    )
