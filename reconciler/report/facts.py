"""What is true of each action of a plan: whether it is held, tells anything, grants access. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reconciler.model.change import ENTRY, REMOVALS, FieldChange, Hold, Reason, Verb
from reconciler.model.plan import Action, Plan

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
_QUIET = (Verb.NONE, Verb.OBSERVE)
_RECORDED = (Verb.ADOPT, Verb.MOVE, Verb.RELEASE)
"""What an apply does without a call as well: the ledger remembers it."""
DEPENDS = "depends on "
NOT_VERIFIABLE = "not verifiable: "
"""How the note on a field begins that the API does not show."""


def verb_word(verb: Verb) -> str:
    """What happens, for people: where nothing does, that the thing is left as it is."""
    return "unchanged" if verb is Verb.NONE else str(verb)


def is_held(action: Action, calls: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether nothing of the action goes on: a hold on all of it, every call of it held, or nothing to it but what
    is held."""
    if any(not hold.only for hold in action.holds):
        return True
    own = [calls[call] for call in action.calls if call in calls]
    return all(own) if own else bool(action.holds) and action.verb not in _RECORDED


def held_calls(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Each call that is not contingent, and the rules that hold it."""
    return {c.id: c.held for c in plan.calls if not c.contingent}


def waits_for(action: Action, calls: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The rules that hold calls of an action without a hold of its own."""
    if action.holds:
        return ()
    return tuple(sorted({rule for call in action.calls for rule in calls.get(call, ())}))


def things(rules: tuple[str, ...], addresses: Mapping[str, str], action: Action) -> tuple[str, ...]:
    """Rules that hold a call, with the address of another thing's call (`addresses`) for `depends on 4`."""
    named = (addresses.get(rule.removeprefix(DEPENDS), rule) for rule in rules)
    return tuple(dict.fromkeys(name for name in named if name != str(action.address)))


def liftable(hold: Hold) -> bool:
    """Whether an override lifts it. A field that is held was left out of all calls: there is none to release."""
    return not hold.final and hold.only in ("", "remove")


def held_words(hold: Hold) -> str:
    """What a hold keeps back, raw: `held`, `removals held`, `partly held`, `permissions held`."""
    return {"": "held", "remove": "removals held", ENTRY: "partly held"}.get(hold.only, f"{hold.only} held")


def tells(action: Action) -> bool:
    """Whether there is anything to say about an action."""
    return action.verb not in _QUIET or bool(action.fields or action.holds or action.notes)


def unverified(action: Action) -> int:
    """How many fields of a thing nobody can read back, where there is no more to say of it; else 0."""
    if action.verb is not Verb.NONE or action.fields or action.holds:
        return 0
    return len(action.notes) if all(note.startswith(NOT_VERIFIABLE) for note in action.notes) else 0


def noted(action: Action) -> list[str]:
    """The notes of an action, raw; all values that cannot be read back for one reason in one note."""
    unread: dict[str, list[str]] = {}
    for note in action.notes:
        if note.startswith(NOT_VERIFIABLE):
            what, opened, why = note.removeprefix(NOT_VERIFIABLE).partition(" (")
            unread.setdefault(opened + why, []).append(what)
    folded = [f"{NOT_VERIFIABLE}{', '.join(whats)}{why}" for why, whats in unread.items()]
    return [*folded, *(note for note in action.notes if not note.startswith(NOT_VERIFIABLE))]


def pending(plan: Plan) -> bool:
    """Whether applying would change anything, if only what the ledger remembers."""
    calls = held_calls(plan)
    return bool(plan.writes) or any(a.verb not in _QUIET and not is_held(a, calls) for a in plan.actions)


def headline(plan: Plan) -> str:
    """`3 to create, 1 to rename, 5 observed, 1 held`; empty where there is nothing to tell."""
    calls = held_calls(plan)
    actions = [a for a in plan.actions if a.calls or tells(a) or a.verb is not Verb.NONE]
    held = [a for a in actions if is_held(a, calls)]
    going = Counter(a.verb for a in actions if tells(a) and not is_held(a, calls))
    partly = sum(bool(a.holds) for a in actions) - sum(bool(a.holds) for a in held)
    words = [f"{going[verb]} to {verb}" for verb in _ORDER if going[verb]]
    stopped = [f"{len(held)} held"] if held else []
    stopped += [f"{partly} partly held"] if partly else []
    observed = sum(a.verb is Verb.OBSERVE and not is_held(a, calls) for a in actions)
    if observed and (words or stopped or going[Verb.OBSERVE]):
        words.append(f"{observed} observed")
    words += stopped
    return ", ".join(words)


def grants(action: Action) -> bool:
    """Whether the action changes who has access to what."""
    return action.verb not in _QUIET and (action.access or any(f.access for f in action.fields))


def drifted(action: Action) -> tuple[FieldChange, ...]:
    """The field changes of an action that somebody may have made past us; what the manifests ask for is not."""
    if action.verb in (*REMOVALS, Verb.RELEASE):
        return ()
    return tuple(f for f in action.fields if f.reason is not Reason.INTENT)
