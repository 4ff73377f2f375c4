"""Which kinds of a target come first where nothing else decides: those that others name, or follow (ST-R51)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Phase

Place: TypeAlias = "tuple[int, int, int, str, str]"
"""Where a call stands among those that could begin: the lower, the earlier."""


def placing(kinds: Mapping[tuple[str, str], Kind]) -> Callable[[Call], Place]:
    """`kinds`: (target, name of the kind) -> the kind. What is made and changed comes first, kind after kind along
    the references; then what leaves sets; deletes go back along them."""
    ranks = _ranks(kinds)

    def place(call: Call) -> Place:
        rank = ranks.get((call.target, call.kind), 0)
        if call.phase is Phase.DELETE:
            return 2, -rank, int(call.phase), str(call.address), call.id
        return int(call.phase is Phase.REMOVE), rank, int(call.phase), str(call.address), call.id

    return place


def _ranks(kinds: Mapping[tuple[str, str], Kind]) -> dict[tuple[str, str], int]:
    """How many references lead on from each kind, one after the other; a circle shares the most there is."""
    named = {at: {(at[0], ref) for ref in _refs(kind)} - {at} for at, kind in kinds.items()}
    ranks = dict.fromkeys(kinds, 0)
    for _ in kinds:
        deeper = {at: max((ranks[r] + 1 for r in refs if r in ranks), default=0) for at, refs in named.items()}
        if deeper == ranks:
            break
        ranks = deeper
    return ranks


def _refs(kind: Kind) -> set[str]:
    fields = [*kind.fields.values(), *(sub for one in kind.fields.values() for sub in one.entries.values())]
    return {to for one in fields for to in (one.ref, one.mentions) if to} | {*kind.follows}
