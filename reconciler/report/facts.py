"""What a plan amounts to: counts, order of telling, what is alike, how long it will take. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler.model.change import REMOVALS, FieldChange, Reason, Verb
from reconciler.model.json import Json, Missing, canonical
from reconciler.model.plan import Action, Plan
from reconciler.report.values import value_text

SHOWN_IN_FULL = 3
"""So many of a row of identical changes are shown; the others are folded into one line."""

OF_THE_KIND = "too-many-deletes"
"""The rule that holds all deletes of a kind for one and the same reason."""

_ORDER = (
    Verb.CREATE,
    Verb.RENAME,
    Verb.MOVE,
    Verb.UPDATE,
    Verb.REPLACE,
    Verb.DELETE,
    Verb.ARCHIVE,
    Verb.DEACTIVATE,
    Verb.ADOPT,
    Verb.RELEASE,
    Verb.OBSERVE,
)
SYMBOLS: Mapping[Verb, str] = {
    Verb.CREATE: "+",
    Verb.RENAME: ">",
    Verb.MOVE: ">",
    Verb.UPDATE: "~",
    Verb.REPLACE: "-+",
    Verb.DELETE: "-",
    Verb.ARCHIVE: "-",
    Verb.DEACTIVATE: "-",
    Verb.ADOPT: "=",
    Verb.RELEASE: "x",
    Verb.OBSERVE: "?",
    Verb.NONE: ".",
}


def verb_word(verb: Verb) -> str:
    """What happens, for people: where nothing does, that the thing is left as it is."""
    return "unchanged" if verb is Verb.NONE else str(verb)


@dataclass(frozen=True, slots=True)
class Section:
    """Actions that are told together. `grave`: told first, never folded or cut, each with its whole address; the
    title of any other section says target and kind. `losses`: deletes told in full elsewhere that take access
    away."""

    title: str
    actions: tuple[Action, ...]
    grave: bool = False
    losses: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One action, the rules that hold calls of it though not the action itself (it depends on something held), and
    the actions that are like it and were folded into it. `loss`: only told for the access it takes away, in the
    words given. `as_above`: the hold it has was told in full with another of its kind.
    """

    action: Action
    waits_for: tuple[str, ...] = ()
    more: tuple[Action, ...] = ()
    loss: str = ""
    as_above: bool = False


def is_held(action: Action, calls: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether nothing of the action goes on: a hold on all of it, or every call of it held."""
    if any(not hold.only for hold in action.holds):
        return True
    own = [calls[call] for call in action.calls if call in calls]
    return bool(own) and all(own)


def held_calls(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Each call that is not contingent, and the rules that hold it."""
    return {c.id: c.held for c in plan.calls if not c.contingent}


def waits_for(action: Action, calls: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The rules that hold calls of an action without a hold of its own."""
    if action.holds:
        return ()
    return tuple(sorted({rule for call in action.calls for rule in calls.get(call, ())}))


def tells(action: Action) -> bool:
    """Whether there is anything to say about an action."""
    quiet = action.verb in (Verb.NONE, Verb.OBSERVE)
    return not quiet or bool(action.fields or action.holds or action.notes)


def pending(plan: Plan) -> bool:
    """Whether applying would change anything, if only what the ledger remembers."""
    calls = held_calls(plan)
    quiet = (Verb.NONE, Verb.OBSERVE)
    return bool(plan.writes) or any(a.verb not in quiet and not is_held(a, calls) for a in plan.actions)


def headline(plan: Plan) -> str:
    """`3 to create, 1 to rename, 1 held`; empty where there is nothing to tell."""
    calls = held_calls(plan)
    held = [a for a in plan.actions if is_held(a, calls)]
    going = Counter(a.verb for a in plan.actions if tells(a) and not is_held(a, calls))
    partly = sum(bool(a.holds) for a in plan.actions) - sum(bool(a.holds) for a in held)
    words = [f"{going[verb]} to {verb}" for verb in _ORDER if going[verb]]
    words += [f"{len(held)} held"] if held else []
    words += [f"{partly} partly held"] if partly else []
    return ", ".join(words)


def sections(plan: Plan) -> list[Section]:
    """All actions that tell something, gravest first: deletes, access changes, effects, holds, then by kind."""
    calls = held_calls(plan)
    left = [a for a in plan.actions if tells(a)]
    found: list[Section] = []

    def take(title: str, those: Iterable[Action], losses: tuple[Action, ...] = ()) -> None:
        chosen = {id(a) for a in those}
        if chosen or losses:
            found.append(Section(title, tuple(a for a in left if id(a) in chosen), grave=True, losses=losses))
            left[:] = [a for a in left if id(a) not in chosen]

    deletes = tuple(a for a in left if a.verb in (*REMOVALS, Verb.REPLACE))
    take("Deletes", deletes)
    take("Access changes", (a for a in left if grants(a)), tuple(a for a in deletes if grants(a)))
    take("Effects", (a for a in left if a.effects))
    take("Held", (a for a in left if a.holds or waits_for(a, calls)))
    kinds = sorted({(a.address.target, a.address.kind) for a in left})
    for target, kind in kinds:
        own = tuple(a for a in left if (a.address.target, a.address.kind) == (target, kind))
        found.append(Section(f"{target} / {kind}", own))
    return found


def grants(action: Action) -> bool:
    """Whether the action changes who has access to what."""
    changes = action.verb not in (Verb.NONE, Verb.OBSERVE)
    return changes and (action.access or any(f.access for f in action.fields))


def rows(plan: Plan, section: Section) -> list[Row]:
    """The actions of a section, identical ones folded unless the section is grave."""
    if section.grave:
        calls = held_calls(plan)
        losses = [Row(a, loss=_loss(a, calls)) for a in section.losses]
        return losses + _told_once([Row(a, waits_for(a, calls)) for a in section.actions])
    alike: dict[str, list[Action]] = {}
    for action in section.actions:
        alike.setdefault(_likeness(action), []).append(action)
    found: list[Row] = []
    for same in alike.values():
        keep = SHOWN_IN_FULL if len(same) > SHOWN_IN_FULL + 1 else len(same)
        found += [Row(a) for a in same[: keep - 1]]
        found.append(Row(same[keep - 1], more=tuple(same[keep:])))
    return found


def _told_once(found: list[Row]) -> list[Row]:
    """The rows; where a hold speaks of its kind as a whole, all but the first of the kind only refer to it."""
    told: set[tuple[str, str]] = set()
    marked = []
    for row in found:
        rules = [hold.rule for hold in row.action.holds]
        at = (row.action.address.target, row.action.address.kind)
        marked.append(replace(row, as_above=rules == [OF_THE_KIND] and at in told))
        if OF_THE_KIND in rules:
            told.add(at)
    return marked


def _loss(action: Action, calls: Mapping[str, tuple[str, ...]]) -> str:
    fields = dict.fromkeys(f.path[0] for f in action.fields if f.access)
    through = f" through {', '.join(fields)}" if fields else ""
    return f"everybody in it loses access{through}" + (" (held)" if is_held(action, calls) else "")


def _likeness(action: Action) -> str:
    """One text for all actions that differ only in what they are called."""
    own = {action.address.name, action.label}
    fields: list[Json] = [
        [
            f.path[0],
            *("#" if step in own else step for step in f.path[1:]),
            _side(f.before, own),
            _side(f.after, own),
        ]
        for f in action.fields
    ]
    shape: Json = [str(action.verb), fields, [str(f.reason) for f in action.fields], [*action.notes]]
    return canonical(shape)


def _side(value: Json | Missing, own: set[str]) -> Json:
    if isinstance(value, Missing):
        return "absent"
    spoken = "/".join(map(str, value)) if isinstance(value, list) else value
    return "#" if isinstance(spoken, str) and spoken in own else value_text(value)


def counts(plan: Plan) -> str:
    """`calls: 12 (+ at most 3)  bound: 12  reads: 4  preconditions: 2`, and how long that takes. `held` counts
    things, whether they have calls or not."""
    calls_held = held_calls(plan)
    calls = f"calls: {len(plan.writes)}" + (f" (+ at most {len(plan.contingent)})" if plan.contingent else "")
    words = [calls, f"bound: {plan.bound}", f"reads: {len(plan.reads)}"]
    if preconditions := sum(p.requests for p in plan.needed):
        words.append(f"preconditions: {preconditions}")
    if held := sum(bool(a.holds or waits_for(a, calls_held)) for a in plan.actions):
        words.append(f"held: {held}")
    if plan.writes:
        words.append(duration_text(least_seconds(plan)))
    return "  ".join(words)


def least_seconds(plan: Plan) -> int:
    """How long the requests of the slowest target take at least. With n requests and r allowed in any 60 seconds
    that is `60 * (ceil(n / r) - 1)`; targets go side by side. Counted: calls, preconditions, verifying reads."""
    return max((_seconds(requests_to(plan, t.name), t.per_minute) for t in plan.targets), default=0)


def requests_to(plan: Plan, target: str) -> int:
    """Requests that applying sends to one target if nothing unforeseen happens; one verifying read per kind."""
    calls = [c for c in plan.writes if c.target == target]
    preconditions = sum(p.requests for p in plan.needed if p.demand.target == target)
    return sum(c.requests for c in calls) + preconditions + len({c.kind for c in calls if c.verify})


def _seconds(requests: int, per_minute: int | None) -> int:
    return 60 * (-(-requests // per_minute) - 1) if per_minute and requests else 0


def duration_text(seconds: float) -> str:
    """A least duration in words a person would use."""
    if seconds < 1:
        return "takes seconds"
    if seconds < 90:
        return f"at least {seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"at least {minutes} min" if minutes < 90 else f"at least {seconds / 3600:.1f} h"


def drifted(action: Action) -> tuple[FieldChange, ...]:
    """The field changes of an action that somebody may have made past us; what the manifests ask for is not."""
    if action.verb in (*REMOVALS, Verb.RELEASE):
        return ()
    return tuple(f for f in action.fields if f.reason is not Reason.INTENT)
