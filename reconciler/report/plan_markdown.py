"""A plan as a comment on a pull request: within a number of bytes, what is grave first and never cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reconciler.model.plan import Plan
from reconciler.report.access_changes import access_markdown
from reconciler.report.action_markdown import item, names
from reconciler.report.budget import May, Must, fitted
from reconciler.report.by_kind import amounts_markdown, is_large
from reconciler.report.calls_markdown import calls_folded
from reconciler.report.counts import counts
from reconciler.report.escape import html, md, prose
from reconciler.report.facts import headline, pending, verb_word
from reconciler.report.plan_text import NO_LEDGER, nothing, passed_over, unreadable
from reconciler.report.sections import Row, Section, besides, rows, sections
from reconciler.report.values import cut

LIMIT = 65_536
"""What code hosts take as one comment, in bytes."""

WARNINGS = 10
"""So many warnings are written out."""


def plan_markdown(plan: Plan, limit: int = LIMIT, command: str = "", *, summary: bool = False) -> str:
    """The plan as Markdown. A large one, and a `summary`, begin with a table by kind. Deletes, access changes,
    effects and holds stand first and are all named; where they do not fit in full each takes one line, then only
    names; where not even those fit, it says so with numbers. The rest is folded away and may be cut, with a word
    on how much; a summary leaves it out. The same plan gives the same text."""
    found = headline(plan)
    amount = f"### Plan: {found}\n\n{counts(plan)}" if found else f"{nothing(plan)} {unreadable(plan)}".strip()
    must = [Must((amount,))]
    if found and (summary or is_large(plan)):
        table = amounts_markdown(plan)
        must.append(Must((table, table, table, "")))
    told = sections(plan, unread=bool(found))
    must += access_markdown(plan)
    must += _effects(plan)
    must += [_grave(plan, section) for section in told if section.grave]
    if summary:
        return fitted(must, (), _joined(passed_over(told).format("`--summary`"), _foot(plan, command)), limit)
    may = [*(_folded(plan, section) for section in told if not section.grave), *calls_folded(plan)]
    return fitted(must, may, _foot(plan, command), limit)


def _effects(plan: Plan) -> list[Must]:
    """What the APIs do besides: each effect once, with all it is about, else with how many."""
    found = besides(plan)
    named = [f"- {prose(b.effect)}: {_whom(b.whom, counted=False)}" for b in found]
    counted = [f"- {prose(cut(b.effect))}: {_whom(b.whom, counted=True)}" for b in found]
    number = "**Too many to name in one comment (effects): read the plan itself before you approve.**"
    forms = ("\n".join(named), "\n".join(counted), number)
    return [Must(tuple(f"#### Effects\n\n{form}" for form in forms))] if found else []


def _whom(whom: Mapping[str, tuple[str, ...]], *, counted: bool) -> str:
    if counted:
        return ", ".join(f"**{len(found)}** {md(at)}" for at, found in whom.items())
    return "; ".join(f"{md(at)} {md(', '.join(found))}" for at, found in whom.items())


def _grave(plan: Plan, section: Section) -> Must:
    found = rows(plan, section)
    title = f"#### {section.title}: {len(found)}"
    in_full = "\n".join(item(row, whole=True) for row in found)
    brief = "\n".join(item(row, whole=True, brief=True) for row in found)
    forms = (in_full, brief, _names_only(found), _numbers_only(section, found))
    return Must(tuple(f"{title}\n\n{form}" for form in forms))


def _by_kind(found: list[Row]) -> list[tuple[str, list[Row]]]:
    kinds: dict[str, list[Row]] = {}
    for row in found:
        a = row.action
        kinds.setdefault(f"{a.verb} {a.address.target}/{a.address.kind}", []).append(row)
    return list(kinds.items())


def _names_only(found: list[Row]) -> str:
    lines = [f"- {md(kind)}: {md(', '.join(r.action.address.name for r in own))}" for kind, own in _by_kind(found)]
    return "\n".join(["_Names only: the details do not fit here; read the plan itself._", "", *lines])


def _numbers_only(section: Section, found: list[Row]) -> str:
    tally = Counter({kind: len(own) for kind, own in _by_kind(found)})
    lines = [f"- **{count}** {md(kind)}" for kind, count in tally.items()]
    warning = (
        f"**Too many to name in one comment ({section.title.lower()}): read the plan itself before you approve.**"
    )
    return "\n".join([warning, "", *lines])


def _folded(plan: Plan, section: Section) -> May:
    verbs = Counter(verb_word(a.verb) for a in section.actions)
    tally = ", ".join(f"{count} {verb}" for verb, count in verbs.items())
    at = section.actions[0].address
    head = f"<details><summary>{html(section.title)}: {tally}</summary>\n"
    items = tuple((item(row, whole=False), 1 + len(row.more)) for row in rows(plan, section))
    return May(head, items, "\n</details>", what=md(f"{at.target}/{at.kind}"))


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _foot(plan: Plan, command: str) -> str:
    lines = [prose(cut(w)) for w in plan.warnings[:WARNINGS]]
    if len(plan.warnings) > WARNINGS:
        lines.append(f"... and {len(plan.warnings) - WARNINGS} more warnings")
    if plan.left_out:
        lines.append(f"left out by the selection: {len(plan.left_out)} ({names([str(a) for a in plan.left_out])})")
    if headline(plan):
        lines.append(f"plan {md(plan.id)}" + (f", commit {md(plan.commit)}" if plan.commit else ""))
    if not plan.ledger_head:
        lines.append(prose(NO_LEDGER.replace("reconciler init --ledger-only", "`reconciler init --ledger-only`")))
    elif command and pending(plan):
        lines.append(f"next: {md(command)}")
    return "\n\n".join(lines)
