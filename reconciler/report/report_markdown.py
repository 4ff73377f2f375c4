"""The end of an apply as a comment: within a number of bytes, questions and what is not done first."""

from __future__ import annotations

from reconciler.model.change import Hold
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Action, Plan
from reconciler.model.record import Record
from reconciler.report.action_markdown import held, named
from reconciler.report.budget import May, Must, fitted
from reconciler.report.call_words import deed
from reconciler.report.ends import (
    OUTPUTS,
    QUESTIONS,
    UNSETTLED,
    WORDS,
    Ended,
    Stuck,
    advice,
    clauses,
    each_once,
    how_many,
    named_by_kind,
    outputs,
    own_holds,
    questions,
    spent,
    stuck,
    tally,
    things,
    together,
)
from reconciler.report.escape import md, prose
from reconciler.report.facts import verb_word
from reconciler.report.plan_markdown import LIMIT
from reconciler.report.reasons import next_step, reason
from reconciler.report.sections import Above
from reconciler.report.values import cut


def report_markdown(report: Report, plan: Plan, limit: int = LIMIT, command: str = "reconciler apply") -> str:
    """The report as Markdown; what is not done is all named, what is done is folded away and may be cut."""
    head = f"### Apply: {tally(report, plan)}\n\n{prose(spent(report))}"
    if report.interrupted:
        head += "\n\n**interrupted**: the calls in flight were finished, no others were begun"
    asked = questions(report, plan)
    answered = {id(one.outcome) for one in asked if one.outcome.end is not End.DONE}
    must = [Must((head,)), *([_not_done(QUESTIONS, [_question(e) for e in asked], len(asked))] if asked else [])]
    for end in UNSETTLED:
        found = [e for e in things(report, plan, end) if id(e.outcome) not in answered]
        without_calls = stuck(plan) if end is End.HELD else []
        above = Above()
        groups = together(each_once(found) if end is End.HELD else found)
        entries = [*(_entry(g, above) for g in groups), *(_stuck(one, above) for one in without_calls)]
        must += [_not_done(WORDS[end], entries, how_many(end, found, without_calls))] if entries else []
    told = [f"- {md(at)}\n" + "\n".join(_value(n, v) for n, v in o.items()) for at, o in outputs(report, plan)]
    may = [
        *([May(f"#### {OUTPUTS}\n", tuple((line, 1) for line in told), "")] if told else []),
        _folded("Noticed on the way", [(f"- {prose(cut(note))}", 1) for note in report.notes]),
        _folded("Done", [(_line(g), len(g)) for g in together(things(report, plan, End.DONE))]),
    ]
    return fitted(must, may, _foot(report, plan, command), limit)


def _value(name: str, value: str) -> str:
    return f"  - {md(name)}: {md(value)}"


def _folded(title: str, lines: list[tuple[str, int]]) -> May:
    head = f"<details><summary>{title} ({sum(count for _, count in lines)})</summary>\n"
    return May(head, tuple(lines), "\n</details>")


class Entry(Record, frozen=True):
    """What is not done: its line, the lines below it, and its address alone."""

    line: str
    below: tuple[str, ...]
    address: str


def _entry(group: list[Ended], above: Above | None = None) -> Entry:
    below = [words for one in group if one.action for words in _holds(one.action, own_holds(one), above)]
    one = group[0]
    what = deed(one.call) if len(group) == 1 and one.carrier is None and one.action is not None else ""
    below = [prose(what), *below] if what else below
    below += [prose(cut(reason(group[0])))] if reason(group[0]) else []
    below += [f"next: {prose(step)}"] if (step := next_step(group[0])) else []
    return Entry(_line(group), tuple(below), ", ".join(str(one.call.address) for one in group))


def _question(one: Ended) -> Entry:
    """What happened there, what is asked, and the command or token that answers."""
    entry = _entry([one])
    asked = tuple(f"**{prose(clause)}**" for clause in clauses(one.outcome.question))
    return Entry(entry.line, (*entry.below, *asked), entry.address)


def _holds(action: Action, holds: tuple[Hold, ...], above: Above | None) -> list[str]:
    """In full, or that they are as those of an entry above."""
    if rules := above(action, holds) if above else ():
        return [f"**held: {', '.join(map(md, rules))}**, as above"]
    return [held(action.address, hold) for hold in holds]


def _stuck(one: Stuck, above: Above) -> Entry:
    line = f"- **{verb_word(one.action.verb)}** {named(one.action, whole=True)}"
    address = one.action.address
    return Entry(line, tuple(_holds(one.action, one.holds, above)), str(address))


def _not_done(title: str, found: list[Entry], count: int) -> Must:
    """`count`: how many things it is."""
    in_full = "\n".join("\n".join([e.line, *(f"  - {words}" for words in e.below)]) for e in found)
    brief = "\n".join(e.line for e in found)
    names = md(", ".join(e.address for e in found))
    counted = f"**{count}** of them: too many to name in one comment; read the report itself."
    return Must(tuple(f"#### {title} ({count})\n\n{form}" for form in (in_full, brief, names, counted)))


def _line(group: list[Ended]) -> str:
    """A thing and its request; of those that shared one and its end, all their names."""
    one = group[0]
    what = named(one.action, whole=True) if one.action else md(deed(one.call) or str(one.call.address))
    if one.carrier is None:
        return f"- {what} {md(one.call.line)}"
    if len(group) == 1:
        return f"- {what} {md(deed(one.call) or one.call.line)} in call {md(one.carrier.id)}"
    names = ", ".join(f"{md(kind)} {md(', '.join(those))}" for kind, those in named_by_kind(group).items())
    return f"- {names}: {len(group)} in {md(one.carrier.line)}"


def _foot(report: Report, plan: Plan, command: str) -> str:
    lines = [f"plan {md(report.plan_id)}", md(report.run)]
    if report.head:
        lines.append(f"ledger head {md(report.head)}")
    lines += [f"next: {md(step)} ({why})" for step, why in advice(report, plan, command)]
    return "\n\n".join(lines)
