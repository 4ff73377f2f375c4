"""In which order a plan is told, what is told together, and what is folded into one line. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from reconciler.model.change import ENTRY, REMOVALS, FieldChange, Hold, Verb
from reconciler.model.json import Missing
from reconciler.model.plan import Action, Plan
from reconciler.model.record import Record, replace
from reconciler.report.facts import grants, held_calls, is_held, tells, things, unverified, waits_for
from reconciler.report.late_words import sink_words
from reconciler.report.likeness import likeness

SHOWN_IN_FULL = 3
"""So many of a row of identical changes are shown; the others are folded into one line."""

OF_THE_KIND = "too-many-deletes"
"""The rule that holds all deletes of a kind for one and the same reason."""

REMOVED = "remove"
"""The `Hold.only` that keeps back what would be taken out of sets."""

_LOSSES: Mapping[Verb, str] = {
    Verb.DELETE: "everybody in it loses access{through}",
    Verb.REPLACE: "everybody in it loses access{through} until it is made anew",
    Verb.DEACTIVATE: "it gives no access{through} any more",
}
"""What is archived is only put away: what that does to access is the API's own business, and not claimed."""


class Section(Record, frozen=True):
    """Actions that are told together. `grave`: told first, never folded or cut, each with its whole address; the
    title of any other section says target and kind. `losses`: deletes told in full elsewhere that take access
    away."""

    title: str
    actions: tuple[Action, ...]
    grave: bool = False
    losses: tuple[Action, ...] = ()


class Row(Record, frozen=True):
    """One action, what keeps its calls back though not the action itself (it depends on something held), and the
    actions that are like it and were folded into it. `loss`: only told for the access it takes away, in the words
    given. `as_above`: the rules of the holds it has, which were all told in full with others of its kind.
    `remarks`: what its calls do besides, raw. `withheld`: the fields that a hold keeps back, of sets just the
    removals where it is those (`REMOVED`).
    """

    action: Action
    waits_for: tuple[str, ...] = ()
    more: tuple[Action, ...] = ()
    loss: str = ""
    as_above: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()

    def holds_back(self, change: FieldChange) -> bool:
        """Whether this change of a field waits though the thing does not."""
        removed = len(change.path) > 1 and isinstance(change.after, Missing)
        return change.path[0] in self.withheld or (removed and REMOVED in self.withheld)


class Besides(Record, frozen=True):
    """What an API does besides, in its one sentence, and for whom: `target/Kind` -> names, those held marked."""

    effect: str
    whom: Mapping[str, tuple[str, ...]]


def besides(plan: Plan) -> list[Besides]:
    """Every effect once, in the order of the plan, with all it is about."""
    calls = held_calls(plan)
    found: dict[str, dict[str, list[str]]] = {}
    for action in (a for a in plan.actions if a.effects):
        at = f"{action.address.target}/{action.address.kind}"
        name = action.address.name + (" (held)" if is_held(action, calls) else "")
        for effect in dict.fromkeys(action.effects):
            found.setdefault(effect, {}).setdefault(at, []).append(name)
    return [Besides(effect, {at: tuple(names) for at, names in whom.items()}) for effect, whom in found.items()]


def sections(plan: Plan, *, unread: bool = True) -> list[Section]:
    """All actions that tell something, gravest first: what is taken away, access changes, holds, then by kind.
    `unread`: with what is as declared but for values that cannot be read back."""
    calls = held_calls(plan)
    left = [a for a in plan.actions if tells(a) and (unread or not unverified(a))]
    found: list[Section] = []

    def take(title: str, those: Iterable[Action], losses: tuple[Action, ...] = ()) -> None:
        chosen = {id(a) for a in those}
        if chosen or losses:
            found.append(Section(title, tuple(a for a in left if id(a) in chosen), grave=True, losses=losses))
            left[:] = [a for a in left if id(a) not in chosen]

    gone = tuple(a for a in left if a.verb in (*REMOVALS, Verb.REPLACE))
    take(_title(gone), gone)
    losing = tuple(a for a in gone if grants(a) and a.verb in _LOSSES)
    take("Access changes", (a for a in left if grants(a)), losing)
    take("Held", (a for a in left if a.holds or waits_for(a, calls)))
    kinds = sorted({(a.address.target, a.address.kind) for a in left})
    for target, kind in kinds:
        own = (a for a in left if (a.address.target, a.address.kind) == (target, kind))
        found.append(Section(f"{target} / {kind}", _in_trees(tuple(own))))
    return found


def _in_trees(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """What lies in another follows it right away, whatever its neighbours are called: by the chains that people
    know things by, where these lie in one another, else by the names."""
    labels = {a.label for a in actions}
    chains = any("/" in label and label.rpartition("/")[0] in labels for label in labels)

    def place(action: Action) -> tuple[list[str], list[str]]:
        name = action.address.name.split("/")
        return (action.label.split("/") if chains else name), name

    return tuple(sorted(actions, key=place))


def _title(gone: Iterable[Action]) -> str:
    """`Deletes`, or `Deletes, archives` where not everything is deleted."""
    words = {Verb.ARCHIVE: "archives", Verb.DEACTIVATE: "deactivations", Verb.REPLACE: "replacements"}
    verbs = {a.verb for a in gone}
    found = ["deletes", *(word for verb, word in words.items() if verb in verbs)]
    return ", ".join(found if Verb.DELETE in verbs or not verbs else found[1:]).capitalize()


def rows(plan: Plan, section: Section) -> list[Row]:
    """The actions of a section in their order; unless it is grave, most of identical ones folded into one of the
    first."""
    calls = held_calls(plan)
    said = _said(plan)
    if section.grave:
        losses = [Row(a, loss=_loss(a, calls)) for a in section.losses]
        at = {c.id: str(c.address) for c in plan.calls}
        kept = _kept_back(plan)
        told = [
            Row(a, things(waits_for(a, calls), at, a), remarks=_remarks(a, said), withheld=kept(a))
            for a in section.actions
        ]
        return losses + _told_once(told)
    alike: dict[str, list[Action]] = {}
    for action in section.actions:
        alike.setdefault(likeness(action, _remarks(action, said)), []).append(action)
    more: dict[int, tuple[Action, ...]] = {}
    for same in alike.values():
        keep = SHOWN_IN_FULL if len(same) > SHOWN_IN_FULL + 1 else len(same)
        more |= {id(a): () for a in same[:keep]} | {id(same[keep - 1]): tuple(same[keep:])}
    return [Row(a, more=more[id(a)], remarks=_remarks(a, said)) for a in section.actions if id(a) in more]


def _kept_back(plan: Plan) -> Callable[[Action], frozenset[str]]:
    """By action: what its holds keep back while the rest of it goes on."""
    calls = {c.id: c for c in plan.calls}

    def kept(action: Action) -> frozenset[str]:
        only = {hold.only for hold in action.holds} - {"", ENTRY}
        going = [c for i in action.calls if (c := calls.get(i)) and not c.held]
        sent = {name for c in going for name in (*c.effect.fields, c.effect.set_field, c.set_field) if name}
        fields = {f.path[0] for f in action.fields} if only - {REMOVED} else set[str]()
        return frozenset((fields - sent) | (only & {REMOVED}))

    return kept


def _said(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Call -> what it does besides: where a once-shown value goes, which one-shot tokens act."""
    found: dict[str, tuple[str, ...]] = {}
    for call in plan.calls:
        words = [sink_words(call.sink)] if call.sink else []
        words += [
            f"once: {{{token}: {json.dumps(value, ensure_ascii=False)}}} acts"
            for token, value in call.once.items()
        ]
        if words:
            found[call.id] = tuple(words)
    return found


def _remarks(action: Action, said: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    def words() -> Iterator[str]:
        if action.verb is Verb.REPLACE:
            yield "the live one is deleted, then another is made in its place"
        for call in action.calls:
            yield from said.get(call, ())

    return tuple(dict.fromkeys(words()))


def _told_once(found: list[Row]) -> list[Row]:
    """The rows; where all the holds of one were told of others of its kind in the same words, or speak of the kind
    as a whole, it only refers to them."""
    above = Above()
    return [replace(row, as_above=above(row.action, row.action.holds)) for row in found]


class Above:
    """Called for one row after another, the rules of its holds where all were told above, else none."""

    def __init__(self) -> None:
        self._told: set[tuple[str, ...]] = set()

    def __call__(self, action: Action, holds: Sequence[Hold]) -> tuple[str, ...]:
        said = [_in_general(hold, action) for hold in holds]
        found = tuple(hold.rule for hold in holds) if self._told.issuperset(said) else ()
        self._told.update(said)
        return found


def _in_general(hold: Hold, action: Action) -> tuple[str, ...]:
    """What a hold says to people, whatever the thing is called."""
    at = action.address
    words = (hold.only, hold.reason, hold.way_out) if hold.rule != OF_THE_KIND else ()
    own = sorted({str(at), at.name, action.label} - {""}, key=len, reverse=True)
    names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in own))
    return (at.target, at.kind, hold.rule, *(names.sub("#", word) for word in words))


def _loss(action: Action, calls: Mapping[str, tuple[str, ...]]) -> str:
    fields = dict.fromkeys(f.path[0] for f in action.fields if f.access)
    through = f" through {', '.join(fields)}" if fields else ""
    return _LOSSES[action.verb].format(through=through) + (" (held)" if is_held(action, calls) else "")
