"""A plan of the odder kinds, and how its apply ended: requests that carry others, checks, readings and fall-backs,
once-shown values, tokens, and questions to a person."""

from __future__ import annotations

from typing import Any

from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.document import Address
from reconciler.model.json import ABSENT
from reconciler.model.outcome import End, Fact, Outcome, Report
from reconciler.model.place import Place
from reconciler.model.plan import Action, Phase, Plan, PlanTarget
from tests.golden.batch_calls import COUNTRIES, PERSIST, at, call, keyword, others, repairs, riders, workbook
from tests.golden.sample import HEAD, HOSTILE, PLAN_ID

MAIL = "the tracker makes a placeholder user, and a link that sets a password"


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
            FieldChange(("labels", "en_GB"), ABSENT, label.rsplit("/", 1)[-1], Reason.INTENT),
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
        stamp=PLAN_ID,
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
