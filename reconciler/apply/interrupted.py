"""What only the end of a run tells the ledger, told after all of a run that never came to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.apply.beneath import moved_along, moves
from reconciler.apply.bind import bind_interrupted
from reconciler.apply.book import Book
from reconciler.apply.doubt import PAUSE, by_kind, found_id
from reconciler.apply.halfway import grown_by
from reconciler.apply.judge import creates
from reconciler.apply.look import Kinds, Look, with_values
from reconciler.model.clock import Clock
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Journal, Outcome
from reconciler.model.plan import Call, Plan
from reconciler.model.record import replace
from reconciler.model.recorded import Bond


async def named(
    plan: Plan, kinds: Kinds, look: Look, clock: Clock, outcomes: Mapping[str, Outcome]
) -> list[Outcome]:
    """The outcomes of creates that are done, with the ids that their answers lacked and a reading tells: what was
    made by us is ours, whenever the run was cut short. Raises RemoteFault."""
    results = {i: o.result for i, o in outcomes.items() if o.end is End.DONE}
    nameless = [with_values(c, results) for c in plan.calls if _nameless(kinds, c, outcomes.get(c.id))]
    told = [await _told(group, kinds, look, clock) for group in by_kind(nameless)]
    return [replace(outcomes[i], result={**outcomes[i].result, **more}) for t in told for i, more in t.items()]


def _nameless(kinds: Kinds, call: Call, outcome: Outcome | None) -> bool:
    if outcome is None or outcome.end is not End.DONE or Fact.ID in outcome.result:
        return False
    return creates(call) and kinds.of(call).findable


async def _told(calls: list[Call], kinds: Kinds, look: Look, clock: Clock) -> dict[str, Mapping[str, Json]]:
    """Call -> what the id of its thing tells, of calls of one kind. A list may lag behind a write (OA-A19,
    ST-A18), so it is read twice."""
    found: dict[str, Mapping[str, Json]] = {}
    for attempt in range(2):
        left = [c for c in calls if c.id not in found]
        if not left:
            break
        if attempt:
            await clock.sleep(PAUSE)
        live = await look(kinds.settling(left), "settle")
        things = {c.id: kinds.made(c, live) for c in left}
        found |= {c.id: told for c in left if (told := found_id(c, things[c.id]))}
    return found


def remember(
    journal: Journal,
    run: str,
    plan: Plan,
    kinds: Kinds,
    outcomes: Mapping[str, Outcome],
    remembered: Callable[[], Mapping[Address, Bond]],
) -> None:
    """Record each address all of whose calls had worked; of any other what an addition has added that did so in
    part, and the values that were sent and that no reading shows: they are not sent again (CM-R46).
    `remembered()`: what the ledger knows by now."""
    book, known = Book(plan), remembered()
    for call in plan.calls:
        book.end(outcomes.get(call.id) or Outcome(call.id, _not_begun(call, outcomes)))
    for action in plan.actions:
        bond = known.get(action.address)
        if bind_interrupted(journal, run, book, action, known) or bond is None:
            continue
        if (grown := grown_by(bond, kinds, book, action)) != bond:
            journal.bind(run, grown)
    for bond in moved_along(kinds, known, remembered()) if moves(plan, kinds) else ():
        journal.bind(run, bond)


def _not_begun(call: Call, outcomes: Mapping[str, Outcome]) -> End:
    """The end of a call that nobody had intended yet."""
    if call.trigger is not None:
        refused = outcomes.get(call.trigger.refused)
        return End.UNNEEDED if refused is not None and refused.end is End.DONE else End.NOT_SENT
    return End.HELD if call.held else End.NOT_SENT
