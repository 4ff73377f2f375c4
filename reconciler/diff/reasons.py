"""Why a field differs, from three sides: what is desired, what is live, what was applied last."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.change import Reason
from reconciler.model.json import Json, digest


def why(digests: Mapping[str, str], field: str, desired: Json, live: Json) -> Reason:
    """`desired` and `live` in normal form. Without a record of this field nobody can say."""
    recorded = digests.get(field)
    if recorded is None:
        return Reason.UNKNOWN
    if digest(desired) == recorded:
        return Reason.DRIFT
    return Reason.INTENT if digest(live) == recorded else Reason.BOTH


def why_entry(digests: Mapping[str, str], field: str, entry: str, *, removed: bool) -> Reason:
    """For an entry that is missing (or, `removed`, too many): the ledger knew it, or somebody else moved it."""
    if field not in digests:
        return Reason.UNKNOWN
    known = f"{field}/{entry}" in digests
    return Reason.INTENT if known == removed else Reason.DRIFT
