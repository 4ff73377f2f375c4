"""Words that the tables of Omni Analytics have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from reconciler.model.json import Json
from tests.contract.accounts_omni import ACCOUNT
from tests.contract.deeds import made
from tests.contract.every_row import Deed, Sheet
from tests.contract.grants import group_ids, state
from tests.contract.groups import people
from tests.world import OMNI, World

ADMIN: Final = ACCOUNT
JANE, BOB, CHEN = "jane@example.com", "bob@example.com", "chen@example.com"
DELETE: Final[Mapping[str, Json]] = {"onRemove": "delete", "allow": ["delete"]}
TEAM: Final = "Team"
"""A group, of Bob alone."""
SECRET: Final = "kept/secret"
"""Where a secret is, in the project's folder."""


def with_people(w: World) -> None:
    """Three people, a group, and whose key it is."""
    w.settings[OMNI] = {"account": ADMIN}
    for address in (JANE, BOB, CHEN):
        w.omni.add_user(address)
    did("POST", "/scim/v2/groups", {"displayName": TEAM, "members": [{"value": person(BOB)(w)}]})(w)


def with_secret(w: World) -> None:
    (w.root / "kept").mkdir()
    file = Path(w.root / SECRET)
    file.write_text("canary-4711")
    file.chmod(0o600)


def secret(version: int) -> dict[str, Json]:
    return {"fromFile": SECRET, "version": version}


def did(method: str, path: str, body: Json = None) -> Callable[[World], object]:
    """What somebody does in the product."""
    return lambda w: made(w.omni, method, path, body)


def person(address: str) -> Callable[[World], str]:
    """The id of somebody."""
    return lambda w: people(w)[address]


def holder(w: World, name: str) -> dict[str, Any]:
    """Whom a body of permissions names: a person by address, or a group."""
    ids = people(w)
    return {"userIds": [ids[name]]} if name in ids else {"userGroupIds": [group_ids(w)[name]]}


def kept(table: str, name: str = "name") -> Callable[[World], set[str]]:
    """What is live in one table of the twin, by name."""
    return lambda w: {str(one[name]) for one in state(w, table).values() if not one.get("deleted_at")}


def moves(rule: str, own: str, **spec: Any) -> Deed:
    """The manifest gets another name: nothing is sent."""
    return Deed(
        "move", rule, Sheet(spec, name="other", metadata={"previously": {"name": own}}), Sheet(spec), verb="move"
    )


def folder_id(w: World, name: str = "Finance") -> str:
    (found,) = (i for i, f in state(w, "folders").items() if f["name"] == name)
    return found


def given(role: str, who: str, boost: bool = False) -> Callable[[World], object]:
    """Somebody grants in the product, or changes a grant."""

    def give(w: World) -> None:
        body: Any = {"role": role, "accessBoost": boost, **holder(w, who)}
        path = f"/v1/folders/{folder_id(w)}/permissions"
        assert w.omni.edit("POST", path, body).ok or w.omni.edit("PATCH", path, body).ok

    return give


def taken(who: str) -> Callable[[World], object]:
    """Somebody revokes in the product."""
    return lambda w: did("DELETE", f"/v1/folders/{folder_id(w)}/permissions", holder(w, who))(w)


def to(role: str, *users: str, **more: Any) -> dict[str, Any]:
    return {"role": role, "users": [*users], **more}
