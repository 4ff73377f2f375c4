"""Callbacks into a test at a chosen request: to kill the client there, or to change the world under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from reconciler.twins.core.log import LogEntry
from reconciler.twins.core.rules import Counted, Rule

Phase: TypeAlias = Literal["before-effect", "after-effect", "after-answer"]
PHASES: tuple[Phase, ...] = get_args(Phase)
Callback: TypeAlias = Callable[[LogEntry], object]


@dataclass(slots=True)
class _Hook:
    counted: Counted
    phase: Phase
    callback: Callback


class Hooks:
    """The hooks of one twin. A request's hooks are chosen as it arrives and called in the order they were set."""

    def __init__(self) -> None:
        self._hooks: list[_Hook] = []

    def add(self, rule: Rule, phase: Phase, callback: Callback) -> None:
        """Call back at `phase` of the requests that `rule` holds for. Raises ValueError for an unknown phase."""
        if phase not in PHASES:
            raise ValueError(f"no phase {phase!r}; there are {', '.join(PHASES)}")
        self._hooks.append(_Hook(Counted(rule), phase, callback))

    def clear(self) -> None:
        self._hooks.clear()

    def take(self, method: str, path: str, *, write: bool) -> tuple[tuple[Phase, Callback], ...]:
        """Count one request at every hook; those that are to be called for it."""
        taken = [hook for hook in self._hooks if hook.counted.count(method, path, write=write)]
        for hook in taken:
            hook.counted.used += 1
        return tuple((hook.phase, hook.callback) for hook in taken)
