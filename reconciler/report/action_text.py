"""One action as lines of text: what happens to what, where it is declared, which fields, what holds it."""

from __future__ import annotations

from shlex import quote

from reconciler.model.change import REMOVALS, FieldChange, Hold, Verb
from reconciler.model.document import Address
from reconciler.model.plan import Action
from reconciler.report.escape import safe
from reconciler.report.facts import SYMBOLS, held_words, liftable, noted, verb_word
from reconciler.report.sections import OF_THE_KIND, Row
from reconciler.report.style import Look, Part, Piece, Sheet
from reconciler.report.values import difference

NAMED = 10
"""So many names are written out where only names are listed."""

_LOOKS = {
    Verb.CREATE: Look.ADD,
    **dict.fromkeys(REMOVALS, Look.REMOVE),
    Verb.REPLACE: Look.REMOVE,
    Verb.NONE: Look.QUIET,
    Verb.OBSERVE: Look.QUIET,
}


def tell(sheet: Sheet, row: Row, *, whole: bool, indent: int = 2) -> None:
    """Write one row. `whole`: with target and kind, for a section whose title does not say them."""
    action = row.action
    look = _LOOKS.get(action.verb, Look.CHANGE)
    sheet.line(
        Piece(f"{SYMBOLS[action.verb]} {verb_word(action.verb)}", look),
        "  ",
        *_named(action, whole=whole),
        *_brief(row),
        indent=indent,
    )
    if row.loss or row.as_above == (OF_THE_KIND,):
        return
    for effect in dict.fromkeys(action.effects):
        sheet.line(Piece(f"effect: {safe(effect)}", Look.HOLD), indent=indent + 4)
    for field in action.fields:
        held = row.holds_back(field)
        sheet.line(*_field(field, signs=action.verb is not Verb.CREATE, held=held), indent=indent + 4)
    for hold in action.holds if not row.as_above else ():
        tell_hold(sheet, action.address, hold, indent=indent + 4)
    if row.waits_for:
        rules = safe(", ".join(row.waits_for))
        sheet.line(Piece(f"held with what it depends on: {rules}", Look.HOLD), indent=indent + 4)
    _tell_remarks(sheet, row, indent + 4)
    if row.more:
        names = listed([a.address.name for a in row.more])
        sheet.line(Piece(f"... and {len(row.more)} more like this: ", Look.QUIET), names, indent=indent + 2)


def title(action: Action, *, whole: bool) -> str:
    """`finance ("Finance Team")`, raw; with target and kind if `whole`."""
    name = str(action.address) if whole else action.address.name
    return name + (f' ("{action.label}")' if action.label and action.label != action.address.name else "")


def _named(action: Action, *, whole: bool) -> list[Part]:
    parts: list[Part] = [Piece(safe(title(action, whole=whole)), Look.HEAD)]
    if action.place:
        parts.append(Piece(f"   {safe(action.place.file)}:{action.place.line}", Look.QUIET))
    return parts


def _brief(row: Row) -> list[Part]:
    """What a row says on its own line if it says no more below."""
    if row.loss:
        return [Piece(f": {safe(row.loss)}", Look.REMOVE)]
    if row.as_above:
        return [Piece(f"   held: {safe(', '.join(row.as_above))}, as above", Look.HOLD)]
    return []


def _field(field: FieldChange, *, signs: bool, held: bool = False) -> list[Part]:
    d = difference(field)
    parts: list[Part] = [f"{safe(d.field)}: "]
    if d.sign and (d.what or signs):
        parts.append(Piece(f"{d.sign} ", Look.ADD if d.sign == "+" else Look.REMOVE))
    if d.what:
        parts.append(safe(d.what) + (" " if d.before is not None or d.after is not None else ""))
    sides = [safe(text) for text in (d.before, d.after) if text is not None]
    parts.append(" -> ".join(sides))
    if signs:
        parts.append(Piece(f"   ({field.reason})", Look.QUIET))
    if held:
        parts.append(Piece("   held", Look.HOLD))
    return parts


def tell_hold(sheet: Sheet, address: Address, hold: Hold, *, indent: int) -> None:
    """The rule, its reason, and every way out."""
    sheet.line(
        Piece(f"{safe(held_words(hold))}: {safe(hold.rule)}", Look.HOLD), f" - {safe(hold.reason)}", indent=indent
    )
    sheet.line(f"way out: {safe(hold.way_out)}", indent=indent + 2)
    if liftable(hold) and "--override" not in hold.way_out:
        sheet.line(f"or lift the hold: --override {safe(lifting(hold, address))}", indent=indent + 2)


def lifting(hold: Hold, address: Address) -> str:
    """`RULE@ADDRESS`, raw, as a shell takes it for one word."""
    return quote(f"{hold.rule}@{address}")


def _tell_remarks(sheet: Sheet, row: Row, indent: int) -> None:
    if row.action.previous:
        sheet.line(f"was {safe(str(row.action.previous))}", indent=indent)
    for remark in row.remarks:
        sheet.line(safe(remark), indent=indent)
    for note in noted(row.action):
        sheet.line(f"note: {safe(note)}", indent=indent)


def listed(names: list[str], most: int = NAMED) -> str:
    """Names in a row, safe; from `most` on only how many more there are."""
    shown = ", ".join(safe(n) for n in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
