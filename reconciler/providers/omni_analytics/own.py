"""Whose key the reconciler uses, and who must never be deleted, as the project file says it (OA-R62, OA-R194)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.model.json import Json

ACCOUNT: Final = "account"
PROTECTED: Final = "protectedUsers"
OWN: Final = "it is the account whose key the reconciler uses"
SAY_IT: Final = f"name the account whose key this is in reconciler.yaml, beneath the target: `{ACCOUNT}: <e-mail>`"
BY_HAND: Final = f"do it by hand, or with the key of another account and its name as `{ACCOUNT}:`"
SETTINGS: Final[Mapping[str, str]] = {
    ACCOUNT: "The e-mail address of the user whom the key in use acts for. That user is never deleted, nor taken "
    "out of a group; without the setting no user is deleted.",
    PROTECTED: "The e-mail addresses of users who are never deleted, as a list; the admins belong there.",
}


def problems(settings: Mapping[str, Json]) -> Iterator[str]:
    """What is wrong with these settings, a sentence each."""
    account, people = settings.get(ACCOUNT, "@"), settings.get(PROTECTED, [])
    if not isinstance(account, str) or "@" not in account:
        yield f"`{ACCOUNT}` is the e-mail address of the user whom the key in use acts for"
    if not isinstance(people, list) or not all(isinstance(p, str) and "@" in p for p in people):
        yield f"`{PROTECTED}` is a list of e-mail addresses"


def account_of(settings: Mapping[str, Json]) -> str:
    """The address of the acting user, case-folded; empty where nobody says."""
    named = settings.get(ACCOUNT)
    return named.casefold() if isinstance(named, str) else ""


def protected(settings: Mapping[str, Json]) -> frozenset[str]:
    """The addresses that are named as protected, case-folded."""
    named = settings.get(PROTECTED)
    return frozenset(str(p).casefold() for p in named) if isinstance(named, list) else frozenset()
