"""What a reading costs, as events for whoever watches: said before it begins, and again when that changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from reconciler.model.json import Json
from reconciler.workflow.asking import Asked
from reconciler.workflow.setup import Setup

if TYPE_CHECKING:
    from reconciler.read import Reading

Progress = Callable[[Mapping[str, Json]], None]


def silent(event: Mapping[str, Json]) -> None:
    """Progress that nobody watches."""


def costs(setup: Setup, asked: Asked, progress: Progress) -> Callable[[Reading], None]:
    """Hears how far a reading is, and tells each change of what it will take: `{event: reading, target, requests,
    least, made, seconds, perMinute}`, `seconds` being the least time from now on."""
    said: dict[str, tuple[int, bool]] = {}

    def told(reading: Reading) -> None:
        if said.get(reading.target) == (reading.requests, reading.least):
            return
        said[reading.target] = reading.requests, reading.least
        progress(event(setup, asked, reading))

    return told


def event(setup: Setup, asked: Asked, reading: Reading) -> dict[str, Json]:
    """The event that says what the reading of a target takes."""
    target = setup.desired.targets[reading.target]
    left = max(0, reading.requests - reading.made - asked.ahead(reading.target))
    return {
        "event": "reading",
        "target": reading.target,
        "requests": reading.requests,
        "least": reading.least,
        "made": reading.made,
        "seconds": asked.wires.expected_seconds(reading.target, left),
        "perMinute": target.per_minute or setup.catalog.providers[target.provider].per_minute,
    }
