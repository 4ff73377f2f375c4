"""One kind of thing in an API: what is remembered of it, how it is reached, what is open about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.routes import Route
from reconciler.twins.core.state import Record

R = TypeVar("R", bound=Route)


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """What a kind's module registers with its twin: one value, one line in the twin's list of kinds."""

    records: tuple[type[Record], ...] = ()
    routes: tuple[R, ...] = ()
    questions: tuple[Knob, ...] = ()
