"""What was run and said, as Markdown: a table; and one run in full."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.outcome import End
from reconciler.model.past import NEVER_CAME, Deed, PastRun, RunInFull
from reconciler.report.access_changes import sentences
from reconciler.report.budget import May, Must, fitted
from reconciler.report.call_words import deed
from reconciler.report.ends import UNSETTLED, WORDS, Ended, questions, things
from reconciler.report.escape import md, prose
from reconciler.report.history_text import GAINED, RECORDED, UNSURE, facts, kept_words, late_words, lifted_words
from reconciler.report.past_words import STATUS, deed_words, minute, short_commit, short_id, tally, who
from reconciler.report.plan_markdown import LIMIT
from reconciler.report.reasons import reason
from reconciler.report.run_past import access_of, held_firmly
from reconciler.report.values import cut


def history_markdown(entries: Sequence[PastRun | Deed], more: int, limit: int = LIMIT) -> str:
    """A list, newest first, within a number of bytes."""
    lines = tuple((_line(entry), 1) for entry in entries)
    foot = f"... and {more} more before these" if more else ""
    many = "entry" if len(entries) == 1 else "entries"
    return fitted([Must((f"### History: {len(entries)} {many}",))], [May("", lines, "")], foot, limit)


def _line(entry: PastRun | Deed) -> str:
    if isinstance(entry, Deed):
        why = f": {md(entry.reason)}" if entry.reason else ""
        return f"- {minute(entry.time)} {prose(deed_words(entry))} by {md(who(entry.author))}{why}"
    told = f"- {md(entry.id)} {minute(entry.began)} **{prose(STATUS.get(entry.status, entry.status))}**"
    rest = (", ".join(entry.targets), who(entry.author), short_commit(entry.commit), short_id(entry.plan_id))
    return f"{told}: {prose(tally(entry))}; {', '.join(md(word) for word in rest)}"


def run_markdown(found: RunInFull, limit: int = LIMIT) -> str:
    """Who, when, from what; what was lifted, asked and not done is all named, what is done may be cut."""
    head = [f"### {md(found.run.id)}: {prose(tally(found.run))}", ""]
    head += [f"- {name}: {md(value)}" for name, value in facts(found)]
    head += [f"- lifted: {md(lifted_words(found, one))}" for one in found.lifted]
    head += [f"- before it: {prose(late_words(late))}" for late in found.before]
    head += [f"- afterwards: {prose(late_words(found.late))}"] if found.late else []
    asked = questions(found.report, found.plan)
    head += [f"- asked: {md(str(one.call.address))}: {prose(one.outcome.question)}" for one in asked]
    head += [f"- since then: {prose(deed_words(said))}, {md(who(said.author))}" for said in found.answers]
    must = [Must(("\n".join(head),)), *_access(found), *_recorded(found)]
    for end in UNSETTLED:
        must += _ended(found, end)
    done = things(found.report, found.plan, End.DONE)
    may = [May(f"#### {WORDS[End.DONE]} ({len(done)})\n", tuple((_call(one), 1) for one in done), "")]
    return fitted(must, may if done else [], "", limit)


def _ended(found: RunInFull, end: End) -> list[Must]:
    calls = things(found.report, found.plan, end)
    firm = held_firmly(found) if end is End.HELD else []
    never = [one for one in calls if one.outcome.message == NEVER_CAME] if end is End.NOT_SENT else []
    rows = [_call(one) for one in calls if one not in never]
    rows += [f"- {md(str(s.action.address))}: {prose(', '.join(h.rule for h in s.holds))}" for s in firm]
    names = [str(one.call.address) for one in calls] + [str(s.action.address) for s in firm]
    if never:
        own = ", ".join(str(one.call.address) for one in never)
        rows.append(f"- {NEVER_CAME}, {len(never)} {'call' if len(never) == 1 else 'calls'}: {md(own)}")
    if not rows:
        return []
    title = f"#### {WORDS[end]} ({len(names)})\n\n"
    return [Must((title + "\n".join(rows), title + md(", ".join(names)), title))]


def _access(found: RunInFull) -> list[Must]:
    """Who gained and lost access; never cut, but told as a number where it does not fit."""
    parts = []
    for title, sure in ((GAINED, True), (UNSURE, False)):
        changes = [one.change for one in access_of(found) if one.sure is sure]
        if changes:
            told = "\n".join(
                f"- **{'+' if s.first.gains else '-'}** {s.words(md, past=True)}" for s in sentences(changes)
            )
            parts.append(Must(tuple(f"#### {title}\n\n{form}" for form in (told, f"**{len(changes)}** changes"))))
    return parts


def _recorded(found: RunInFull) -> list[Must]:
    if not found.kept:
        return []
    title = f"#### {RECORDED} ({len(found.kept)})\n\n"
    return [Must((title + "\n".join(f"- {prose(kept_words(one))}" for one in found.kept), title))]


def _call(one: Ended) -> str:
    why = f": {prose(cut(message))}" if (message := reason(one)) else ""
    return f"- {md(str(one.call.address))} {prose(deed(one.call) or '')} {md(one.call.line)}{why}"
