"""A whole twin as JSON, and back: state, clock, counters, and which readings hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reconciler.twins.core.knobs import Knobs
from reconciler.twins.core.state import State, StateInvalid
from reconciler.twins.core.values import Json, JsonObject

if TYPE_CHECKING:
    from reconciler.twins.core.twin import Twin


def dump(twin: Twin) -> dict[str, Json]:
    """All that decides how the twin answers."""
    return {
        "provider": twin.provider,
        "profile": twin.knobs.profile,
        "knobs": twin.knobs.single(),
        "clock": twin.clock.now(),
        "counters": twin.counters.dump(),
        "state": twin.state.dump(),
    }


def load(twin: Twin, saved: JsonObject) -> None:
    """Take over what `dump` gave; parts left out stay. Raises StateInvalid, having changed nothing."""
    if saved.get("provider", twin.provider) != twin.provider:
        raise StateInvalid(f"this is the twin of {twin.provider}, not of {saved['provider']!r}")
    knobs = _knobs(twin, saved)
    counters = _numbers(saved.get("counters", twin.counters.dump()))
    state = State(twin.records)
    state.load(_object(saved.get("state", twin.state.dump()), "state"))
    try:
        twin.clock.set(str(saved.get("clock", twin.clock.now())))
    except ValueError as error:
        raise StateInvalid(f"clock: {error}") from None
    twin.state = state
    twin.counters.load(counters)
    twin.knobs = knobs


def _knobs(twin: Twin, saved: JsonObject) -> Knobs:
    single = _object(saved.get("knobs", twin.knobs.single()), "knobs")
    try:
        knobs = Knobs(twin.questions, str(saved.get("profile", twin.knobs.profile)))
        for name, reading in single.items():
            knobs.set(name, str(reading))
    except (KeyError, ValueError) as error:
        raise StateInvalid(str(error.args[0])) from None
    return knobs


def _numbers(value: Json) -> dict[str, int]:
    numbers = _object(value, "counters")
    if not all(type(number) is int for number in numbers.values()):
        raise StateInvalid("counters are numbers")
    return {name: number for name, number in numbers.items() if isinstance(number, int)}


def _object(value: Json, name: str) -> JsonObject:
    if not isinstance(value, Mapping):
        raise StateInvalid(f"{name} is no object")
    return value
