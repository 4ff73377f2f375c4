"""One action as a Markdown list item. Foreign text stands in code spans, sentences are escaped by the word."""

from __future__ import annotations

from reconciler.model.change import FieldChange, Hold, Verb
from reconciler.model.document import Address
from reconciler.model.plan import Action
from reconciler.report.action_text import NAMED, lifting
from reconciler.report.escape import md, prose
from reconciler.report.facts import held_words, liftable, noted, unverified, verb_word
from reconciler.report.sections import OF_THE_KIND, Row
from reconciler.report.values import difference


def item(row: Row, *, whole: bool, brief: bool = False) -> str:
    """One action with all there is to say about it; `brief`: one line, fields and entries by name alone."""
    action = row.action
    head = f"- **{verb_word(action.verb)}** {named(action, whole=whole)}"
    if row.loss:
        return f"{head} - {prose(row.loss)}"
    if row.as_above and not brief:
        head += f" - **held: {', '.join(map(md, row.as_above))}**, as above"
    if row.as_above == (OF_THE_KIND,) and not brief:
        return head
    if brief:
        rules = [*(h.rule for h in action.holds), *row.waits_for]
        words = [*_in_brief(action), *([f"**held**: {', '.join(md(rule) for rule in rules)}"] if rules else [])]
        return " - ".join([head, *words])
    head += f" - {md(f'{action.place.file}:{action.place.line}')}" if action.place else ""
    if unverified(action) and not row.more:
        return f"{head} - {prose('; '.join(noted(action)))}"
    lines = [head, *(f"  - **effect**: {prose(effect)}" for effect in dict.fromkeys(action.effects))]
    lines += [
        f"  - {_field(f, signs=action.verb is not Verb.CREATE, held=row.holds_back(f))}" for f in action.fields
    ]
    lines += [f"  - {held(action.address, hold)}" for hold in action.holds if not row.as_above]
    if row.waits_for:
        lines.append(f"  - **held with what it depends on**: {', '.join(md(rule) for rule in row.waits_for)}")
    lines += [f"  - {remark}" for remark in _remarks(row)]
    if row.more:
        lines.append(f"- ... and {len(row.more)} more like this: {names([a.address.name for a in row.more])}")
    return "\n".join(lines)


def named(action: Action, *, whole: bool) -> str:
    """The name, or the address, in code; the label people know it by in parentheses."""
    name = md(str(action.address) if whole else action.address.name)
    return name + (f" ({md(action.label)})" if action.label and action.label != action.address.name else "")


def names(texts: list[str]) -> str:
    """Names in a row; from `NAMED` on only how many more there are."""
    more = f" and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return ", ".join(md(t) for t in texts[:NAMED]) + more


def held(address: Address, hold: Hold) -> str:
    """The rule, its reason, and every way out, on one line."""
    line = f"**{prose(held_words(hold))}: {md(hold.rule)}** {prose(hold.reason)} - way out: {prose(hold.way_out)}"
    if not liftable(hold) or "--override" in hold.way_out:
        return line
    return f"{line} - or lift the hold: {md(f'--override {lifting(hold, address)}')}"


def _field(field: FieldChange, *, signs: bool, held: bool) -> str:
    d = difference(field)
    words = [f"{md(d.field)}:"]
    words += [f"**{d.sign}**"] if d.sign and (d.what or signs) else []
    words += [md(d.what)] if d.what else []
    words += [" -&gt; ".join(md(side) for side in (d.before, d.after) if side is not None)]
    words += [f"({field.reason})"] if signs else []
    words += ["**held**"] if held else []
    return " ".join(word for word in words if word)


def _in_brief(action: Action) -> list[str]:
    """`members: + a, b`: the names of what comes, goes and changes, without values and reasons."""
    found: dict[str, list[str]] = {}
    for d in map(difference, action.fields):
        found.setdefault(f"{md(d.field)}: **{d.sign or '~'}**" if d.what else md(d.field), []).append(d.what)
    return [f"{head} {md(', '.join(whats))}" if any(whats) else head for head, whats in found.items()]


def _remarks(row: Row) -> list[str]:
    action = row.action
    found = [f"was {md(str(action.previous))}"] if action.previous else []
    found += [prose(remark) for remark in row.remarks]
    return found + [f"note: {prose(note)}" for note in noted(action)]
