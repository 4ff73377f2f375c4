"""What was run and said, as text: a line each; and one run in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.outcome import End
from reconciler.model.past import HELD, NEVER_CAME, UNFINISHED, Deed, Kept, Late, Lifted, PastRun, RunInFull
from reconciler.report.access_changes import tell_sentences
from reconciler.report.action_text import listed, title
from reconciler.report.call_words import deed
from reconciler.report.ends import UNSETTLED, WORDS, Ended, Stuck, questions, things
from reconciler.report.escape import safe
from reconciler.report.past_words import (
    ENDED,
    STATUS,
    deed_words,
    minute,
    short_commit,
    short_id,
    tally,
    took,
    who,
)
from reconciler.report.reasons import reason
from reconciler.report.run_past import access_of, held_firmly
from reconciler.report.style import Look, Piece, Sheet, Style

GAINED = "Who gained and lost access"
UNSURE = "Access that may have changed: not everything it hangs on was done"
RECORDED = "Recorded without a call"
NAMED = 5
"""So many of the calls that a run never came to are named."""
WIDE = 13
"""Columns that the names of what is known of a run take."""
_LOOKS = {
    "done": Look.ADD,
    "partial": Look.CHANGE,
    HELD: Look.HOLD,
    UNFINISHED: Look.REMOVE,
    "in doubt": Look.REMOVE,
}


def history_text(entries: Sequence[PastRun | Deed], more: int, style: Style) -> str:
    """One line each, newest first; times in UTC."""
    sheet = Sheet(style)
    if not entries:
        sheet.line("Nothing was run.")
    wide = max((len(e.id) for e in entries if isinstance(e, PastRun)), default=0)
    for entry in entries:
        if isinstance(entry, PastRun):
            _tell_run(sheet, entry, wide)
        else:
            _tell_deed(sheet, entry, wide)
    if more:
        sheet.line(Piece(f"... and {more} more before these", Look.QUIET), indent=2)
    if any(isinstance(e, PastRun) and e.status == UNFINISHED for e in entries):
        sheet.gap()
        sheet.line(f"unfinished: {ENDED[UNFINISHED]}")
    return sheet.text()


def _tell_run(sheet: Sheet, run: PastRun, wide: int) -> None:
    status = Piece(safe(STATUS.get(run.status, run.status)).ljust(12), _LOOKS.get(run.status, Look.PLAIN))
    rest = [tally(run), ", ".join(run.targets), who(run.author), short_commit(run.commit), short_id(run.plan_id)]
    sheet.line(
        f"{safe(run.id).ljust(wide)}  {minute(run.began)}  ", status, f"  {safe('  '.join(rest))}", hang=wide + 2
    )


def _tell_deed(sheet: Sheet, one: Deed, wide: int) -> None:
    why = f": {one.reason}" if one.reason else ""
    told = safe(f"{deed_words(one)}  {who(one.author)}{why}")
    sheet.line(f"{'-'.ljust(wide)}  {minute(one.time)}  {told}", hang=wide + 2)


def run_text(found: RunInFull, style: Style) -> str:
    """Who, when, from what, and each call with what became of it."""
    sheet, run = Sheet(style), found.run
    sheet.line(Piece(f"{safe(run.id)}: {tally(run)}", Look.HEAD))
    sheet.gap()
    for name, value in facts(found):
        if name == "plan":  # its id is longer than what is left of a row
            sheet.line("plan:")
            sheet.line(safe(value), indent=2)
        else:
            sheet.line(f"{(name + ':').ljust(WIDE)}{safe(value)}", hang=WIDE)
    for name, value in _remarks(found):
        sheet.line(f"{(name + ':').ljust(WIDE)}{safe(value)}", hang=WIDE)
    for words, sure in ((GAINED, True), (UNSURE, False)):
        tell_sentences(sheet, words, (one.change for one in access_of(found) if one.sure is sure), past=True)
    if found.kept:
        sheet.title(f"{RECORDED} ({len(found.kept)})")
    for kept in found.kept:
        sheet.line(safe(kept_words(kept)), indent=2)
    for end in (*UNSETTLED, End.DONE):
        firm = held_firmly(found) if end is End.HELD else []
        _tell_calls(sheet, end, things(found.report, found.plan, end), firm)
    return sheet.text()


def _remarks(found: RunInFull) -> Iterator[tuple[str, str]]:
    """What was lifted, looked up and asked, and what a person has answered since. Raw."""
    yield from (("lifted", lifted_words(found, one)) for one in found.lifted)
    yield from (("before it", late_words(one)) for one in found.before)
    if found.late is not None:
        yield "afterwards", late_words(found.late)
    for one in questions(found.report, found.plan):
        yield "asked", f"{one.call.address}: {one.outcome.question}"
    for said in found.answers:
        yield "since then", f"{deed_words(said)} ({minute(said.time)}, {who(said.author)})"


def kept_words(kept: Kept) -> str:
    """What was recorded of an address. Raw."""
    if kept.id:
        verb = "remembered" if kept.verb in ("none", "observe") else kept.verb
        return f"{verb} {kept.address}, id {kept.id}"
    return f"{kept.verb} {kept.address}" + (f": {kept.why}" if kept.why else "")


def facts(found: RunInFull) -> list[tuple[str, str]]:
    """Name and value of what is known of a run as a whole. Raw."""
    run = found.run
    rows = [
        ("ended", f"{ENDED.get(run.status, run.status)}"),
        ("began", f"{minute(run.began)} UTC"),
        ("took", took(found.seconds)),
        ("by", f"{run.author}, process {run.author.pid}"),
    ]
    rows += [("claims", f"{run.author.claimed} (from its environment, unchecked)")] if run.author.claimed else []
    rows += [("job", run.author.job)] if run.author.job else []
    rows += [
        ("version", run.tool or "unknown"),
        ("commit", run.commit or "none: git did not know the files"),
        ("plan", run.plan_id),
        ("targets", ", ".join(run.targets)),
        ("head before", run.head_before),
        ("head after", run.head_after or "none: it has no end"),
    ]
    return rows


def lifted_words(found: RunInFull, lifted: Lifted) -> str:
    """A hold that was lifted, why, and by whom. Raw."""
    return f"{lifted.rule_at}: {lifted.reason} (by {who(found.run.author)})"


def late_words(late: Late) -> str:
    """What a look at a run that was cut short has found. Raw."""
    found = [
        f"{count} {words}"
        for count, words in (
            (late.happened, "had happened"),
            (late.not_happened, "had not"),
            (late.unknown, "nobody can tell"),
        )
        if count
    ]
    by = f" by {who(late.author)}" if late.author else ""
    return f"{late.run} was looked up at {minute(late.time)}{by}: {', '.join(found) or 'nothing was in doubt'}"


def _tell_calls(sheet: Sheet, end: End, found: Sequence[Ended], firm: Sequence[Stuck] = ()) -> None:
    if found or firm:
        sheet.title(f"{WORDS[end]} ({len(found) + len(firm)})")
    never = [one for one in found if one.outcome.message == NEVER_CAME]
    if never:
        many = "1 call" if len(never) == 1 else f"{len(never)} calls"
        names = [*dict.fromkeys(str(one.call.address) for one in never)]
        sheet.line(f"{NEVER_CAME}: {many} ({listed(names, NAMED)})", indent=2)
    for held in firm:
        sheet.line("  -  ", safe(title(held.action, whole=True)), hang=5)
        sheet.line(safe(", ".join(hold.rule for hold in held.holds)), indent=5)
    for one in found if not never else [one for one in found if one not in never]:
        number = f"{safe(one.call.id):>3}  "
        within = f" (in call {one.carrier.id})" if one.carrier else ""
        sheet.line(number, safe((deed(one.call) or one.call.line) + within), hang=len(number))
        name = title(one.action, whole=True) if one.action else str(one.call.address)
        sheet.line(safe(name), indent=len(number))
        if one.carrier is None and deed(one.call):
            sheet.line(Piece(safe(one.call.line), Look.QUIET), indent=len(number))
        if message := reason(one) or ", ".join(one.call.held):
            sheet.line(safe(message), indent=len(number))
