"""One trial: a random live state, random documents, a plan that is applied, and a second one with nothing left.

A trial is a short life: each step is a pair of what is live by then and what is declared next, so that every
adoption, change, rename, removal and contest begins at whatever the steps before and other people have left.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, Final

from reconciler.ledger import ephemeral, whoami
from reconciler.model.change import UNKNOWN_PAST, Verb
from reconciler.model.document import Address, Document
from reconciler.model.faults import ManifestInvalid, ReconcilerError
from reconciler.model.json import ABSENT
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Action, Plan
from reconciler.workflow import Override
from tests.contract.every_git import written
from tests.contract.every_row import Sheet
from tests.laws.normalising import NORMALISATIONS, normalising
from tests.laws.oracle import SAME_RULE
from tests.laws.pair_grounds import PROFILES, Ground, Grounds, Seen
from tests.laws.pair_values import Choices, choices, drawn_sheet
from tests.world import catalog, lasting

STEPS: Final = 4
"""Pairs in one trial at most."""
DRAWS: Final = 12
"""So often a document is drawn anew that the loader refuses."""
ABSENT_HERE: Final = (AssertionError, LookupError, StopIteration, ValueError, TypeError)
"""What a word of the table raises that asks the world for something that is not there."""
UNSEEN_PIN: Final = "not verifiable: that "
"""How a plan says that nothing it read tells whether an id is that of the person beside it."""
REST: Final = frozenset({Verb.NONE, Verb.OBSERVE})


@dataclass(frozen=True, slots=True)
class Trial:
    """What singles one out: run with the same words, it does the same."""

    seed: int
    provider: str
    kind: str
    number: int

    @property
    def again(self) -> str:
        return f"--seed {self.seed} --only {self.provider}/{self.kind} --first {self.number} --count 1"

    @property
    def rng(self) -> random.Random:
        return random.Random(f"{self.seed}/{self.provider}/{self.kind}/{self.number}")


@dataclass(frozen=True, slots=True)
class Pair:
    """What became of one pair. `end`: `written`, `nothing to write`, `held`, `refused` (by the far end), `stopped`
    (no plan: a guard of the whole run), `undrawn` (the loader took no draw). `wrong`: what must not be; `said`:
    the far end's words."""

    trial: Trial
    end: str
    normalised: tuple[str, ...] = ()
    wrong: str = ""
    said: tuple[str, ...] = ()


class Wrong(AssertionError):
    """What no pair may show."""


def tried(trial: Trial, stand: Grounds, tell: Callable[[str], None] = lambda _: None) -> Iterator[Pair]:
    """The pairs of one trial; the first that is wrong ends it."""
    rng = trial.rng
    among = choices((trial.provider, trial.kind))
    ground = stand.of(among.table, rng.choice(PROFILES))
    forms = tuple(sorted(rng.sample(NORMALISATIONS, rng.choice((0, 0, 1, 2, len(NORMALISATIONS))))))
    w = ground.begin(normalising(catalog(), among.table.at, forms))
    tell(f"{trial.again}: {ground.profile}, {', '.join(forms) or 'as it is stored'}")
    for _ in range(rng.randint(1, STEPS)):
        try:
            end, said = _step(rng, w, ground, among, tell)
        except (Wrong, AssertionError) as wrong:
            yield Pair(trial, "wrong", forms, str(wrong) or repr(wrong))
            return
        yield Pair(trial, end, forms, said=said)


def _step(
    rng: random.Random, w: Seen, ground: Ground, among: Choices, tell: Callable[[str], None]
) -> tuple[str, tuple[str, ...]]:
    meddled(rng, w, among, tell)
    if rng.random() < 0.15:
        forgotten(w)
        tell("  the ledger is lost")
    drawn = _documents(rng, w, among)
    if drawn is None:
        return "undrawn", ()
    w.documents = drawn
    for one in drawn:
        tell(f"  says {one.address} {dict(one.spec)} {one.lifecycle} {one.previous_key}")
    try:
        first = w.plan()
    except ReconcilerError as fault:
        tell(f"  no plan: {fault}")
        return "stopped", (type(fault).__name__,)
    report = carried_out(w, first)
    _shown(first, report, tell)
    if report.count(End.STALE):  # what somebody did a moment ago, a list may not have shown yet: planned again
        first = w.plan()
        report = carried_out(w, first)
        _shown(first, report, tell)
    second = w.plan()
    alone(first, report)
    troubled = _troubled(first, report)
    nothing_left(first, second, troubled)
    return _end(first, report, troubled)


def forgotten(w: Seen) -> None:
    w.ledger = lasting(ephemeral(whoami(), w.clock))


def meddled(rng: random.Random, w: Seen, among: Choices, tell: Callable[[str], None]) -> None:
    """What somebody else does meanwhile, where it can be done in the world as it is."""
    deeds: list[tuple[str, Callable[[], object]]] = []
    own = bool(w.documents) and any(a.kind == among.table.kind for a in w.recorded.bonds)
    for row, steps in among.rows if own else ():
        for step in steps:
            if callable(step.behind):
                deeds.append((f"{row.path} behind", _call(step.behind, w)))
            elif step.behind is not ABSENT and among.table.edit is not None:
                field = catalog().kinds[among.table.at].fields[row.top]
                deeds.append(
                    (
                        f"{row.path} is {step.behind!r}",
                        _edit(among.table.edit, w, {row.sends or field.wire_name: step.behind}),
                    )
                )
    deeds += [(f"as in {d.name}", _call(d.meanwhile, w)) for d in among.table.deeds if d.meanwhile]
    for what, deed in rng.sample(deeds, min(len(deeds), rng.choice((0, 0, 0, 1, 1, 2, 3)))):
        as_it_was = {name: twin.dump() for name, twin in w.twins.items()}
        try:
            deed()
        except ABSENT_HERE:
            for name, state in as_it_was.items():  # nobody does half of it
                w.twins[name].load(state)
            tell(f"  somebody could not: {what}")  # what it needs is not there, or is there by now
        else:
            tell(f"  somebody: {what}")


def _call(deed: Callable[[Any], object], w: Seen) -> Callable[[], object]:
    return lambda: deed(w)


def _edit(edit: Callable[[Any, Any], object], w: Seen, body: Mapping[str, Any]) -> Callable[[], object]:
    return lambda: edit(w, dict(body))


def _documents(rng: random.Random, w: Seen, among: Choices) -> list[Document] | None:
    """Documents that the loader takes; now and then nothing of the kind is declared any more."""
    for _ in range(DRAWS):
        sheets: list[Sheet] = []
        many = rng.choice((0, 1, 1, 1, 1, 1, 1, 2) if w.documents else (1, 1, 1, 2))
        for n in range(many):
            sheet, beside = drawn_sheet(rng, among)
            sheets.append(sheet if n == 0 else replace(sheet, name="second"))
            sheets += [s for s in beside if s not in sheets]
        try:
            return written(w, among.table, *among.table.beside, *sheets)
        except (ManifestInvalid, *ABSENT_HERE):
            continue
    return None


def carried_out(w: Seen, plan: Plan) -> Report:
    """The plan carried out. That nobody can know whether a thing is new is overridden."""
    new = [Override(h.rule, a.address, "new") for a in plan.actions for h in a.holds if h.rule == UNKNOWN_PAST]
    return w.apply(plan, *new)


def _shown(plan: Plan, report: Report, tell: Callable[[str], None]) -> None:
    ends = {o.call: o for o in report.outcomes}
    for action in plan.actions:
        tell(f"  {action.verb} {action.address} holds={[h.rule for h in action.holds]} notes={list(action.notes)}")
    for call in plan.calls:
        tell(f"    {call.line} {call.body} -> {ends[call.id].end} {ends[call.id].message}")


def alone(plan: Plan, report: Report) -> None:
    """Nobody else was there while the plan was carried out, and no answer was lost: so nothing has moved under it,
    and nothing is in doubt."""
    odd = [o for o in report.outcomes if o.end in (End.STALE, End.IN_DOUBT, End.NOT_SENT)]
    if odd:
        calls = {c.id: c for c in plan.calls}
        raise Wrong("; ".join(f"{calls[o.call].line}: {o.end}: {o.message}" for o in odd))


def _troubled(plan: Plan, report: Report) -> dict[Address, str]:
    """What the far end did not do, by address, with its words."""
    calls = {c.id: c for c in plan.calls}
    fine = (End.DONE, End.UNNEEDED, End.HELD)
    return {calls[o.call].address: f"{o.end}: {o.message}" for o in report.outcomes if o.end not in fine}


def nothing_left(first: Plan, second: Plan, troubled: Mapping[Address, str]) -> None:
    """No call but of what the far end refused, nothing that waits to be recorded, and no hold that is new."""
    riders = {c.id: {r.address for r in second.riders(c.id)} or {c.address} for c in second.writes}
    left = [c.line for c in second.writes if not c.held and not riders[c.id] <= troubled.keys()]
    if left:
        raise Wrong(f"a second plan still has calls: {left}")
    before = {a.address: a for a in first.actions}
    for action in second.actions:
        if action.address not in troubled:
            _rests(
                before.get(action.address), action, waiting={r for c in second.calls_for(action) for r in c.held}
            )


def _rests(before: Action | None, action: Action, waiting: Set[str]) -> None:
    held = {SAME_RULE.get(h.rule, h.rule) for h in action.holds}
    known = {SAME_RULE.get(h.rule, h.rule) for h in before.holds} if before else set()
    if before is not None and any(note.startswith(UNSEEN_PIN) for note in before.notes):
        known |= {"unresolved", "first-removals"}  # the first plan said that it could not tell; by now a list can
    if held - known:
        raise Wrong(f"{action.address}: the first plan did not say {sorted(held - known)}: {action.holds}")
    if action.verb not in REST and not held and not waiting:
        raise Wrong(f"{action.address}: still to {action.verb}, after {before.verb if before else 'nothing'}")
    if action.verb is Verb.NONE and not held and action.fields:
        raise Wrong(f"{action.address}: differs still, and nothing is done about it: {action.fields}")


def _end(plan: Plan, report: Report, troubled: Mapping[Address, str]) -> tuple[str, tuple[str, ...]]:
    if troubled:
        return "refused", tuple(troubled.values())
    if report.count(End.DONE):
        return "written", ()
    return ("held" if any(a.holds for a in plan.actions) else "nothing to write"), ()
