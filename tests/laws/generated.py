"""Manifests that say what is live, as somebody would write them down who changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.diff.shelf import key_text
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.laws.lives import state_of
from tests.laws.manifests import kind_named, passing
from tests.laws.oracle import chain_of
from tests.world import World, doc


def as_live(world: World) -> list[Document]:
    """One document per live thing. Of things that share a key, none: nobody can say which is meant."""
    found = passing([*_labels(world), *_folders(world), *_teams(world)])
    counts: dict[tuple[str, str], int] = {}
    for one in found:
        counts[_key(one)] = counts.get(_key(one), 0) + 1
    return [one for one in found if counts[_key(one)] == 1]


def _key(document: Document) -> tuple[str, str]:
    kind = kind_named(document.kind)
    return document.kind, key_text(kind, document.spec[kind.key])


def _labels(world: World) -> Iterator[Document]:
    for i, one in enumerate(state_of(world.omni)["labels"].values()):
        spec = {"name": one["name"], "verified": one["verified"], "homepage": one["homepage"]}
        yield doc("Label", f"label-{i}", spec)


def _folders(world: World) -> Iterator[Document]:
    folders, people = state_of(world.omni)["folders"], state_of(world.omni)["users"]
    for i, one in folders.items():
        chain = chain_of(folders, i)
        spec: dict[str, Json] = {
            "path": chain,
            "scope": one["scope"],
            "owner": people[one["owner_id"]]["user_name"],
        }
        yield doc("Folder", f"folder-{i[-2:]}", spec)


def _teams(world: World) -> Iterator[Document]:
    people = state_of(world.tracker)["users"]
    for i, one in state_of(world.tracker)["clientTeams"].items():
        members: list[Json] = [
            {"user": people[user]["email"], "isPrimary": flag} for user, flag in one["members"].items()
        ]
        spec: dict[str, Json] = {"slug": one["slug"], "name": one["name"], "members": members}
        yield doc("ClientTeam", i, spec)
