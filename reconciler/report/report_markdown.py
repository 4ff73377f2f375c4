"""The end of an apply as a comment: within a number of bytes, what is not done first."""

from __future__ import annotations

from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan
from reconciler.report.action_markdown import named
from reconciler.report.budget import May, Must, fitted
from reconciler.report.ends import UNSETTLED, WORDS, Ended, advice, ended, tally
from reconciler.report.escape import md, prose
from reconciler.report.plan_markdown import LIMIT
from reconciler.report.report_text import reason
from reconciler.report.values import cut


def report_markdown(report: Report, plan: Plan, limit: int = LIMIT, command: str = "reconciler apply") -> str:
    """The report as Markdown; what is not done is all named, what is done is folded away and may be cut."""
    head = f"### Apply: {tally(report)}"
    if report.interrupted:
        head += "\n\n**interrupted**: the calls in flight were finished, no others were begun"
    must = [Must((head,))]
    must += [_not_done(end, found) for end in UNSETTLED if (found := ended(report, plan, end))]
    may = [
        _folded("Noticed on the way", [f"- {prose(cut(note))}" for note in report.notes]),
        _folded("Done", [_line(e) for e in ended(report, plan, End.DONE)]),
    ]
    return fitted(must, may, _foot(report, command), limit)


def _folded(title: str, lines: list[str]) -> May:
    head = f"<details><summary>{title} ({len(lines)})</summary>\n"
    return May(head, tuple((line, 1) for line in lines), "\n</details>")


def _not_done(end: End, found: list[Ended]) -> Must:
    title = f"#### {WORDS[end]} ({len(found)})"
    in_full = "\n".join(f"{_line(e)}\n  - {prose(cut(reason(e)))}" if reason(e) else _line(e) for e in found)
    brief = "\n".join(_line(e) for e in found)
    names = md(", ".join(str(e.call.address) for e in found))
    counted = f"**{len(found)}** calls: too many to name in one comment; read the report itself."
    return Must(tuple(f"{title}\n\n{form}" for form in (in_full, brief, names, counted)))


def _line(one: Ended) -> str:
    what = named(one.action, whole=True) if one.action else md(str(one.call.address))
    return f"- {what} {md(one.call.line)}"


def _foot(report: Report, command: str) -> str:
    lines = [f"plan {md(report.plan_id)}", f"run {md(report.run)}"]
    if report.head:
        lines.append(f"ledger head {md(report.head)}")
    lines += [f"next: {md(step)} ({why})" for step, why in advice(report, command)]
    return "\n\n".join(lines)
