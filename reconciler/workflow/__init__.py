"""The commands as sentences: the only place that knows several rooms, and puts them together.

Holds: what each command does, step by step; `setup` gathers what it works with, `steps` does it, `commands` are
the whole. Never: anything that belongs in one room. Heavy rooms are imported by the step that needs them; what
stands here is imported when somebody asks for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reconciler.workflow.binding import Override
    from reconciler.workflow.commands import (
        CallInDoubt,
        Interrupted,
        Ready,
        apply,
        plan,
        ready,
        saved_plan,
    )
    from reconciler.workflow.costs import Progress, silent
    from reconciler.workflow.offline import validate
    from reconciler.workflow.resume import Question, adopt, cut_short, forget, questions
    from reconciler.workflow.setup import Options, Setup, catalog, make_ledger, prepared
    from reconciler.workflow.steps import apply_plan, make_plan, settle

__all__ = [
    "CallInDoubt",
    "Interrupted",
    "Options",
    "Override",
    "Progress",
    "Question",
    "Ready",
    "Setup",
    "adopt",
    "apply",
    "apply_plan",
    "catalog",
    "cut_short",
    "forget",
    "make_ledger",
    "make_plan",
    "plan",
    "prepared",
    "questions",
    "ready",
    "saved_plan",
    "settle",
    "silent",
    "validate",
]

_WHERE: Final = {
    "binding": ("Override",),
    "commands": ("CallInDoubt", "Interrupted", "Ready", "apply", "plan", "ready", "saved_plan"),
    "costs": ("Progress", "silent"),
    "offline": ("validate",),
    "resume": ("Question", "adopt", "cut_short", "forget", "questions"),
    "setup": ("Options", "Setup", "catalog", "make_ledger", "prepared"),
    "steps": ("apply_plan", "make_plan", "settle"),
}
_MODULES: Final = {name: module for module, names in _WHERE.items() for name in names}


def __getattr__(name: str) -> object:
    """What is listed above, from the module that holds it. Raises AttributeError for anything else."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found  # asked once
    return found
