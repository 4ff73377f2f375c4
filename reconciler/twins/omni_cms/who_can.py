"""Who can do what in the twin, worked out from its state alone (docs/access.md)."""

from __future__ import annotations

from reconciler.twins.omni_cms.things import User
from reconciler.twins.omni_cms.twin import OmniCmsTwin

Row = tuple[str, str, str, str]


def who_can(twin: OmniCmsTwin) -> set[Row]:
    """(account's address, role, `*`, `*`): an active account may do everything, and so may its key."""
    with twin.lock:
        active = [user for user in twin.state.of(User).values() if user.active]
        accounts = {(user.email.casefold(), "ACCOUNT", "*", "*") for user in active}
        return accounts | {(user.email.casefold(), "API_KEY", "*", "*") for user in active if user.api_key}
