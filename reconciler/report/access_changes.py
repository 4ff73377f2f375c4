"""Who gains and loses what by a plan, in sentences; what several gain alike on several objects is one. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from reconciler.model.access import EVERYTHING, AccessChange, Sort, Step
from reconciler.model.plan import Plan
from reconciler.model.record import Record, replace
from reconciler.report.budget import Must
from reconciler.report.escape import md, safe
from reconciler.report.style import Look, Piece, Sheet

TITLE = "Who gains and loses access"
NAMED = 3
"""So many people, or objects, are named in one sentence; of more it tells how many."""
LINES = 20
"""So many sentences are written out as text; of what is left it is told how much."""
TOO_MANY = "**Too many to name in one comment (access): read the plan itself before you approve.**"


class Sentence(Record, frozen=True):
    """Changes that one sentence tells: all the same but for the object."""

    first: AccessChange
    objects: tuple[AccessChange, ...]

    def words(self, say: Callable[[str], str], *, past: bool = False) -> str:
        """The sentence without its sign. `say`: how a foreign name is written. `past`: it has come about."""
        one = self.first
        several = len(one.who) > 1 or one.sort is Sort.EVERYBODY
        verb = ("gain" if one.gains else "lose") + ("" if several and one.sort is not Sort.EVERYBODY else "s")
        if past:
            verb = "gained" if one.gains else "lost"
        role = " ".join([say(one.role), *(f"+{say(flag)}" for flag in one.flags)])
        said = f"{self._who(say)} {verb} {role} on {self._on(say)}{self._through(say)}"
        said += " (was unknown)" if one.unknown else ""
        return said + (" (held)" if one.held else "")

    def _who(self, say: Callable[[str], str]) -> str:
        one = self.first
        if one.sort is Sort.EVERYBODY:
            return "everybody"
        if len(one.who) <= NAMED:
            return _row([say(name) for name in one.who])
        what = {Sort.GROUP: "groups", Sort.PLACE: "places"}.get(one.sort, "people")
        group = one.path[0] if one.path and one.path[0].sort is Sort.GROUP else None
        return f"{len(one.who)} {what}" + (f" of {say(group.name)}" if group else "")

    def _on(self, say: Callable[[str], str]) -> str:
        named = [_object(change, say) for change in self.objects[:NAMED]]
        more, kind = len(self.objects) - NAMED, self.first.object.kind
        said = _row([*named, f"{more} more"]) if more > 0 else _row(named)
        return said if kind == EVERYTHING else f"{say(kind)} {said}"

    def _through(self, say: Callable[[str], str]) -> str:
        steps = list(self.first.path)
        if len(self.first.who) > NAMED and steps and steps[0].sort is Sort.GROUP:
            steps = steps[1:]
        return f" through {', '.join(say(step.name) for step in steps)}" if steps else ""


def _object(change: AccessChange, say: Callable[[str], str]) -> str:
    if change.object.kind == EVERYTHING:
        return f"everything in {say(change.target)}"
    return entitled(change.object, say) + (f" and {change.within} in it" if change.within else "")


def entitled(step: Step, say: Callable[[str], str]) -> str:
    """`d0c00019 ("Sales")`: the name, and what people know it by where that is no name."""
    return f'{say(step.name)} ("{say(step.title)}")' if step.title else say(step.name)


def _row(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def sentences(changes: Iterable[AccessChange]) -> list[Sentence]:
    """What is to be told, what is not held first, losses before gains."""
    alike: dict[AccessChange, list[AccessChange]] = {}
    for change in changes:
        own = change.target if change.object.kind == EVERYTHING else ""
        same = replace(change, object=replace(change.object, name=own), within=0)
        alike.setdefault(same, []).append(change)
    found = [Sentence(objects[0], tuple(objects)) for objects in alike.values()]
    return sorted(found, key=lambda s: (s.first.held, s.first.gains))


def tell_access(sheet: Sheet, plan: Plan) -> None:
    """The sentences as text, losses first."""
    tell_sentences(sheet, TITLE, plan.access)


def tell_sentences(sheet: Sheet, title: str, changes: Iterable[AccessChange], *, past: bool = False) -> None:
    """Some of them under a title, where there are any."""
    found = sentences(changes)
    if found:
        sheet.title(title)
    shown = found if len(found) <= LINES + 1 else found[:LINES]
    for one in shown:
        sign = Piece("+ " if one.first.gains else "- ", Look.ADD if one.first.gains else Look.REMOVE)
        sheet.line(sign, one.words(safe, past=past), indent=2, hang=4)
    if left := found[len(shown) :]:
        tally = Counter("gains" if one.first.gains else "losses" for one in left)
        words = ", ".join(f"{count} {what}" for what, count in tally.items())
        sheet.line(Piece(f"... and {words} more: --output json names each", Look.QUIET), indent=2)


def access_markdown(plan: Plan) -> list[Must]:
    """The sentences for a comment: never cut, but told as numbers where they do not fit."""
    found = sentences(plan.access)
    if not found:
        return []
    whole = "\n".join(f"- **{'+' if s.first.gains else '-'}** {s.words(md)}" for s in found)
    forms = (whole, _by_object(plan.access), _numbers(plan.access))
    return [Must(tuple(f"#### {TITLE}\n\n{form}" for form in forms))]


def _by_object(changes: Iterable[AccessChange]) -> str:
    """`Finance/Reports: 12 gain, 3 lose`."""
    found: dict[tuple[str, str, str], Counter[bool]] = {}
    for one in changes:
        found.setdefault((one.target, one.object.kind, one.object.name), Counter())[one.gains] += len(one.who)
    lines = []
    for (target, kind, name), tally in found.items():
        words = [f"{tally[gains]} {verb}" for gains, verb in ((True, "gain"), (False, "lose")) if tally[gains]]
        lines.append(f"- {md(f'{target}/{kind} {name}')}: {', '.join(words)}")
    return "\n".join(lines)


def in_numbers(plan: Plan) -> str:
    """How many gain or lose anything on how many objects, in a line; empty where nobody does."""
    found = plan.access
    who = {gains: {(c.sort, w) for c in found if c.gains == gains for w in c.who} for gains in (True, False)}
    said = [_amount(who[gains], verb) for gains, verb in ((True, "gain"), (False, "lose")) if who[gains]]
    things = len({(c.target, c.object) for c in found})
    inside = " and what is in them" if any(c.within for c in found) else ""
    held = sum(c.held for c in found)
    on = f"access on {things} object{'' if things == 1 else 's'}{inside}"
    waits = f" ({'all' if held == len(found) else 'part'} of it held)" if held else ""
    return f"{' and '.join(said)} {on}{waits}" if said else ""


def _amount(who: set[tuple[Sort, str]], verb: str) -> str:
    """`12 people and everybody gain`."""
    tally = Counter(sort for sort, _ in who)
    words = {Sort.PERSON: ("person", "people"), Sort.GROUP: ("group", "groups"), Sort.PLACE: ("place", "places")}
    said = [f"{tally[s]} {one if tally[s] == 1 else many}" for s, (one, many) in words.items() if tally[s]]
    said += ["everybody"] if tally[Sort.EVERYBODY] else []
    alone = len(who) == 1
    return f"{_row(said)} {verb}{'s' if alone else ''}"


def _numbers(changes: Iterable[AccessChange]) -> str:
    tally: Counter[str] = Counter()
    for one in changes:
        what = f"{one.target}/{one.object.kind}" if one.object.kind != EVERYTHING else one.target
        tally[f"{'gain' if one.gains else 'lose'} {md(what)}"] += len(one.who)
    return "\n".join([TOO_MANY, "", *(f"- **{count}** {what}" for what, count in sorted(tally.items()))])
