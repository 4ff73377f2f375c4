"""Records: what every noun and every working state is made of. The only file that knows the library behind them.

A class is made without writing and compiling code for it, as `dataclasses` does, and an object in an eighth of the
time. A command starts with two hundred classes, and a plan makes several objects of each thing (ADR 21).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct as Record
from msgspec import field
from msgspec.structs import asdict, force_setattr

if TYPE_CHECKING:  # it is the same, and is checked field by field
    from dataclasses import replace
else:
    from msgspec.structs import replace

__all__ = ["Record", "asdict", "aside", "field", "force_setattr", "replace"]

T = TypeVar("T", bound=Record)


def aside(*names: str) -> Callable[[type[T]], type[T]]:
    """These fields go along and are no part of what the record is: not compared, not hashed, not shown.
    What the class says itself of these stays as it says."""

    def mark(of: type[T]) -> type[T]:
        kept = [name for name in of.__struct_fields__ if name not in names]
        told: Callable[[Any], Hashable] = attrgetter(*kept)

        def equal(self: T, other: object) -> bool:
            return type(other) is type(self) and told(other) == told(self)

        def unequal(self: T, other: object) -> bool:
            return not equal(self, other)

        def hashed(self: T) -> int:
            return hash(told(self))

        def shown(self: T) -> str:
            return f"{of.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in kept)})"

        own: dict[str, object] = {"__eq__": equal, "__ne__": unequal, "__repr__": shown}
        for name, method in (own | ({"__hash__": hashed} if of.__struct_config__.frozen else {})).items():
            if name not in vars(of):
                setattr(of, name, method)
        return of

    return mark


def worked_out() -> Any:
    """A field that nobody gives: `__post_init__` sets it."""
    return field(default=None)
