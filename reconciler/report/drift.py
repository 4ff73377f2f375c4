"""Drift: only what differs from what was last applied, why, and how to repair or accept it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.model.change import FieldChange, Reason, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject, Missing
from reconciler.model.plan import Action, Call, Plan, Role
from reconciler.model.record import Record
from reconciler.model.values import sources
from reconciler.report.action_markdown import held, named
from reconciler.report.action_text import tell_hold, title
from reconciler.report.budget import Must, fitted
from reconciler.report.drift_words import declared_words, drift_words
from reconciler.report.escape import json_text, md, prose, safe
from reconciler.report.facts import drifted
from reconciler.report.plan_markdown import LIMIT
from reconciler.report.style import Look, Piece, Sheet, Style
from reconciler.report.values import cut

APPLY = "reconciler apply"
GONE = "it is live no more"
PLACES = 5
"""So many places of fields are said; of more, that of their document."""
WORDS = {
    Reason.DRIFT: "live was changed",
    Reason.BOTH: "both the manifest and live were changed",
    Reason.UNKNOWN: "nobody can say which side changed: the ledger does not tell",
}


class Drift(Record, frozen=True):
    """One thing that differs: the fields concerned, and whether it is missing altogether. `along`: what its calls
    need, and is yet to be made: without these they would be held."""

    action: Action
    fields: tuple[FieldChange, ...]
    missing: bool
    along: tuple[Address, ...] = ()


def drifts(plan: Plan) -> list[Drift]:
    """All that differs for another reason than a change of the manifests, in the order of addresses. A thing
    that the ledger remembers but that is live no more is drift as a whole."""
    found = []
    calls = {call.id: call for call in plan.calls}
    for action in plan.actions:
        missing = action.verb is Verb.CREATE and any(f.reason is not Reason.INTENT for f in action.fields)
        if fields := drifted(action):
            found.append(Drift(action, action.fields if missing else fields, missing, _needed(action, calls)))
    return sorted(found, key=lambda d: d.action.address)


def _needed(action: Action, calls: Mapping[str, Call]) -> tuple[Address, ...]:
    """The other things whose ids the calls of an action wait for, and what these need in turn."""
    found, left = set[Address](), [*action.calls]
    seen = set(left)
    while left:
        call = calls[left.pop()]
        needs = sources([dict(call.args), dict(call.query), call.body])
        needs |= call.after if call.role is Role.FIND else set()  # it finds what these make
        more = needs & calls.keys() - seen
        found |= {calls[one].address for one in more if calls[one].role is not Role.FIND}
        seen |= more
        left += more
    return tuple(sorted(found - {action.address}))


def drift_text(plan: Plan, style: Style, command: str = APPLY) -> str:
    """The drift as text: what, why, and both ways out. `command`: what repairs it, if `--only` is added."""
    sheet = Sheet(style)
    found = drifts(plan)
    sheet.line(Piece(_headline(plan, found), Look.HEAD))
    for one in found:
        _tell(sheet, one, command)
    return sheet.text()


def _headline(plan: Plan, found: list[Drift]) -> str:
    if not found:
        return f"No drift: {len(plan.actions)} looked at, all as last applied."
    things = "1 thing differs" if len(found) == 1 else f"{len(found)} things differ"
    return f"Drift: {things}, of {len(plan.actions)} looked at (live -> declared)"


def _tell(sheet: Sheet, one: Drift, command: str) -> None:
    action = one.action
    place = f"   {action.place.file}:{action.place.line}" if action.place else ""
    sheet.gap()
    sheet.line(Piece(safe(title(action, whole=True)), Look.HEAD), Piece(safe(place), Look.QUIET))
    if one.missing:
        sheet.line(Piece(GONE, Look.REMOVE), indent=4)
    for words in differences(one):
        sheet.line(safe(words), indent=4)
    for words in reasons(one):
        sheet.line(Piece(words, Look.QUIET), indent=4)
    for hold in action.holds:
        tell_hold(sheet, action.address, hold, indent=4)
    for words in ways_out(one, command):
        sheet.line(safe(words), indent=4)


def differences(one: Drift) -> list[str]:
    """One line per field, raw: what is live, then what is declared; of a thing that is gone what is declared."""
    return [declared_words(f) if one.missing else drift_words(f, held=kept_back(one, f)) for f in one.fields]


def kept_back(one: Drift, field: FieldChange) -> bool:
    """Whether a hold speaks of this very field: it tells what became of it, and nothing is sent."""
    return field.path[0] in {hold.only for hold in one.action.holds}


def reasons(one: Drift) -> list[str]:
    """`drift: live was changed`, one per reason that occurs; not of what a hold tells of."""
    present = {f.reason for f in one.fields if not kept_back(one, f)}
    return [f"{reason}: {words}" for reason, words in WORDS.items() if reason in present]


def plain(code: str) -> str:
    """Code in a sentence of text."""
    return code


def ways_out(one: Drift, command: str, quote: Callable[[str], str] = plain) -> list[str]:
    """How to put it back, unless that is held, and how to keep it, raw. `quote`: what becomes of code in a
    sentence."""
    action = one.action
    where = quote(f"{action.place.file}:{action.place.line}") if action.place else "its manifest"
    names = sorted({f.path[0] for f in one.fields})
    if action.verb is Verb.OBSERVE:
        repair = "repair it by hand: lifecycle.manage says it is not changed from here"
    else:
        chosen = " ".join(f"--only {address}" for address in (action.address, *one.along))
        repair = "put it back: " + quote(f"{command} {chosen}")
    stopped = any(not hold.only for hold in action.holds) or all(kept_back(one, f) for f in one.fields)
    back = [] if stopped else [repair]
    if one.missing:
        return [*back, f"accept: remove the document at {where}"]
    keep = ", ".join(f"spec.{name}" for name in names)
    ignore = quote(f"lifecycle.ignore: [{keep}]")
    at = dict.fromkeys(f"{f.place.file}:{f.place.line}" for f in one.fields if f.place is not None)
    lines = ", ".join(map(quote, at)) if 0 < len(at) <= PLACES else where
    return [*back, f"accept: write the live value at {lines}, or let others change it: {ignore}"]


def drift_json(plan: Plan, command: str = APPLY) -> str:
    """`{drift: [{address, label, place, missing, fields, holds, waysOut}], looked, reads}`."""
    found: list[Json] = [_json(one, command) for one in drifts(plan)]
    return json_text({"drift": found, "looked": len(plan.actions), "reads": len(plan.reads)}) + "\n"


def _json(one: Drift, command: str) -> JsonObject:
    action = one.action
    return {
        "address": str(action.address),
        "label": action.label,
        "place": f"{action.place.file}:{action.place.line}" if action.place else None,
        "missing": one.missing,
        "fields": [
            {
                "path": list(f.path),
                "live": None if isinstance(f.before, Missing) else f.before,
                "declared": None if isinstance(f.after, Missing) else f.after,
                "reason": str(f.reason),
                "access": f.access,
            }
            for f in one.fields
        ],
        "holds": [{"rule": h.rule, "only": h.only, "reason": h.reason, "wayOut": h.way_out} for h in action.holds],
        "waysOut": [*ways_out(one, command)],
    }


def drift_markdown(plan: Plan, limit: int = LIMIT, command: str = APPLY) -> str:
    """The drift as Markdown."""
    found = drifts(plan)
    head = f"### {_headline(plan, found)}"
    if not found:
        return head + "\n"
    in_full = "\n".join(_item(one, command) for one in found)
    brief = "\n".join(_item(one, command, brief=True) for one in found)
    names = md(", ".join(str(d.action.address) for d in found))
    foot = f"put it back: {md(command)}, or write the live values into the manifests"
    return fitted(
        [Must((head,)), Must((in_full, brief, names, "too many to name in one comment"))], [], foot, limit
    )


def _item(one: Drift, command: str, *, brief: bool = False) -> str:
    """One thing that differs as a list item; `brief`: on one line, by the names of its fields."""
    action = one.action
    head = f"- {named(action, whole=True)}" + (f": **{GONE}**" if one.missing else "")
    if brief:
        fields = dict.fromkeys(f.path[0] for f in one.fields)
        return head if one.missing else f"{head}: {md(', '.join(fields))}"
    head += f" - {md(f'{action.place.file}:{action.place.line}')}" if action.place else ""
    below = [md(cut(words)) for words in differences(one)]
    below += [prose(words) for words in reasons(one)]
    below += [held(action.address, hold) for hold in action.holds]
    below += [prose(words) for words in ways_out(one, command, lambda code: f"`{code}`")]
    return "\n".join([head, *(f"  - {words}" for words in below)])
