"""The end of an apply as a comment: within a number of bytes, what is not done first."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan
from reconciler.report.action_markdown import held, named
from reconciler.report.budget import May, Must, fitted
from reconciler.report.ends import UNSETTLED, WORDS, Ended, advice, ended, own_holds, run_name, stuck, tally
from reconciler.report.escape import md, prose
from reconciler.report.facts import verb_word
from reconciler.report.plan_markdown import LIMIT
from reconciler.report.report_text import reason
from reconciler.report.values import cut


def report_markdown(report: Report, plan: Plan, limit: int = LIMIT, command: str = "reconciler apply") -> str:
    """The report as Markdown; what is not done is all named, what is done is folded away and may be cut."""
    head = f"### Apply: {tally(report, plan)}"
    if report.interrupted:
        head += "\n\n**interrupted**: the calls in flight were finished, no others were begun"
    must = [Must((head,))]
    for end in UNSETTLED:
        entries = [_entry(e) for e in ended(report, plan, end)] + (_stuck(plan) if end is End.HELD else [])
        must += [_not_done(end, entries)] if entries else []
    may = [
        _folded("Noticed on the way", [f"- {prose(cut(note))}" for note in report.notes]),
        _folded("Done", [_line(e) for e in ended(report, plan, End.DONE)]),
    ]
    return fitted(must, may, _foot(report, plan, command), limit)


def _folded(title: str, lines: list[str]) -> May:
    head = f"<details><summary>{title} ({len(lines)})</summary>\n"
    return May(head, tuple((line, 1) for line in lines), "\n</details>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is not done: its line, the lines below it, and its address alone."""

    line: str
    below: tuple[str, ...]
    address: str


def _entry(one: Ended) -> Entry:
    below = [held(one.call.address, hold) for hold in own_holds(one)]
    below += [prose(cut(reason(one)))] if reason(one) else []
    return Entry(_line(one), tuple(below), str(one.call.address))


def _stuck(plan: Plan) -> list[Entry]:
    return [
        Entry(
            f"- **{verb_word(s.action.verb)}** {named(s.action, whole=True)}",
            tuple(held(s.action.address, hold) for hold in s.holds),
            str(s.action.address),
        )
        for s in stuck(plan)
    ]


def _not_done(end: End, found: list[Entry]) -> Must:
    title = f"#### {WORDS[end]} ({len(found)})"
    in_full = "\n".join("\n".join([e.line, *(f"  - {words}" for words in e.below)]) for e in found)
    brief = "\n".join(e.line for e in found)
    names = md(", ".join(e.address for e in found))
    counted = f"**{len(found)}** of them: too many to name in one comment; read the report itself."
    return Must(tuple(f"{title}\n\n{form}" for form in (in_full, brief, names, counted)))


def _line(one: Ended) -> str:
    what = named(one.action, whole=True) if one.action else md(str(one.call.address))
    return f"- {what} {md(one.call.line)}"


def _foot(report: Report, plan: Plan, command: str) -> str:
    lines = [f"plan {md(report.plan_id)}", f"run {md(run_name(report))}"]
    if report.head:
        lines.append(f"ledger head {md(report.head)}")
    lines += [f"next: {md(step)} ({why})" for step, why in advice(report, plan, command)]
    return "\n\n".join(lines)
