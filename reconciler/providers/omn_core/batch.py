"""How many objects go into one request (OC-R10): a setting of the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Final, TypeVar

from reconciler.model.change import Change
from reconciler.model.json import Json

SETTING: Final = "batchSize"
USUAL: Final = 200
"""Objects in one call, at most, unless the target says less: no limit is documented (OC-A17)."""

T = TypeVar("T")


def batch_size(changes: Sequence[Change]) -> int:
    """The size for the changes of one target."""
    return size(changes[0].settings) if changes else USUAL


def size(settings: Mapping[str, Json]) -> int:
    """As the target's settings say it."""
    said = settings.get(SETTING, USUAL)
    return said if isinstance(said, int) and not isinstance(said, bool) else USUAL


def batches(things: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """The things in their order, `most` at a time."""
    return (things[start : start + most] for start in range(0, len(things), most))


def requests(things: int, most: int) -> int:
    """How many requests carry that many."""
    return ceil(things / most)


def problems(settings: Mapping[str, Json]) -> list[str]:
    """What is wrong with the setting, in a sentence."""
    said = settings.get(SETTING, USUAL)
    fit = isinstance(said, int) and not isinstance(said, bool) and 1 <= said <= USUAL
    return [] if fit else [f"`{SETTING}` is a whole number from 1 to {USUAL}: objects in one request"]
