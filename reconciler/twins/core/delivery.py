"""How an answer reaches the client: as it is, or spoiled by a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.twins.core.faults import Act
from reconciler.twins.core.line import RESET, Line
from reconciler.twins.core.spoiled import DELIVERIES, Spoiled
from reconciler.twins.core.values import Answer

if TYPE_CHECKING:
    from reconciler.twins.core.twin import Turn, Twin

__all__ = ["RESET", "deliver"]


async def deliver(twin: Twin, turn: Turn, answer: Answer, line: Line) -> None:
    """Send `answer`, or what the turn's fault makes of it."""
    if turn.armed is None:
        twin.log.answered(turn.entry, answer)
        await line.answer(twin.rendered(answer), twin.content_type)
        return
    act = Act(turn.armed.fault.act)
    turn.entry.fault = act.value
    await DELIVERIES[act](Spoiled(twin, turn, turn.armed, answer, line))
