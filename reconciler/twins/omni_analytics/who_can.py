"""Who can do what in the twin, worked out grant by grant from its state alone (docs/access.md)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.twins.omni_analytics.folders import chain
from reconciler.twins.omni_analytics.model_things import Connection, Model, ModelRole
from reconciler.twins.omni_analytics.things import Document, Folder, Group, Permit, Schedule, User
from reconciler.twins.omni_analytics.twin import OmniTwin

Row = tuple[str, str, str, str]
# The kind and the name of an object.
Thing = tuple[str, str]
EVERYBODY = "everybody"
MANAGED = ("SHARED", "SHARED_EXTENSION")
SAME = {"RESTRICTED_QUERIER": "QUERY_TOPICS", "INTERACTOR": "EXPLORER"}


def who_can(twin: OmniTwin) -> set[Row]:
    """(a person's address, `everybody` or a place; role; kind; name of the object), through groups, folders and
    connections as well. A grant of `NO_ACCESS` gives nothing; nor does one of an owner beside his ownership.
    """
    with twin.lock:
        ways = (_members, _owners, _everybody, _granted, _model_roles, _deliveries)
        return {row for way in ways for row in way(twin) if row[1] != "NO_ACCESS"}


def _members(twin: OmniTwin) -> Iterator[Row]:
    for group in twin.state.of(Group).values():
        for address in _people(twin, group.id, is_group=True):
            yield address, "MEMBER", "UserGroup", group.name


def _owners(twin: OmniTwin) -> Iterator[Row]:
    """What is owned is owned by itself: nothing in it is."""
    for folder in twin.state.of(Folder).values():
        yield from _to(_people(twin, folder.owner_id), "OWNER", [_folder(twin, folder)])
    for document in _documents(twin):
        yield from _to(_people(twin, document.owner_id), "OWNER", [_document(document)])
    for schedule in twin.state.of(Schedule).values():
        yield from _to(_people(twin, schedule.owner_id), "OWNER", [_schedule(schedule)])


def _everybody(twin: OmniTwin) -> Iterator[Row]:
    for folder in twin.state.of(Folder).values():
        if folder.scope == "organization":
            yield from _to([EVERYBODY], "SEES", [_folder(twin, folder)])
    for document in _documents(twin):
        if document.scope == "organization":
            yield from _to([EVERYBODY], "SEES", [_document(document)])
        yield from _to([EVERYBODY], document.organization_role, [_document(document)])
    for connection in twin.state.of(Connection).values():
        if connection.base_role is not None and connection.deleted_at is None:
            yield from _to([EVERYBODY], connection.base_role, _connection_and_models(twin, connection))


def _granted(twin: OmniTwin) -> Iterator[Row]:
    """What is granted on a folder reaches the folders and documents in it, however deep."""
    folders = twin.state.of(Folder)
    for permit in twin.state.of(Permit).values():
        people = _people(twin, permit.principal, is_group=permit.is_group)
        folder = folders.get(permit.container)
        if folder is not None and (permit.is_group or permit.principal != folder.owner_id):
            yield from _to(people, permit.role, _folder_and_inside(twin, folder))
        for document in _documents(twin):
            own = not permit.is_group and permit.principal == document.owner_id
            if permit.container == document.identifier and not own:
                yield from _to(people, permit.role, [_document(document)])


def _model_roles(twin: OmniTwin) -> Iterator[Row]:
    connections, models = twin.state.of(Connection), twin.state.of(Model)
    for given in twin.state.of(ModelRole).values():
        people = _people(twin, given.subject, is_group=given.is_group)
        connection = connections.get(given.connection_id)
        if connection is None or connection.deleted_at is not None:
            continue
        if given.model_id is None:
            yield from _to(people, given.role, _connection_and_models(twin, connection))
        elif given.model_id in models:
            yield from _to(people, given.role, _named(connection, [models[given.model_id]]))


def _deliveries(twin: OmniTwin) -> Iterator[Row]:
    """Whoever receives a delivery: people, a webhook, a server."""
    for schedule in twin.state.of(Schedule).values():
        who = [address for user_id in schedule.recipients for address in _people(twin, user_id)]
        place = {"webhook": "url", "sftp": "address"}.get(schedule.destination_type)
        if place is not None and place in schedule.settings:
            who.append(str(schedule.settings[place]))
        yield from _to(who, "RECEIVES", [_schedule(schedule)])


def _to(who: list[str], role: str, things: list[Thing]) -> Iterator[Row]:
    for one in who:
        for kind, name in things:
            yield one, SAME.get(role, role), kind, name


def _people(twin: OmniTwin, principal: str, *, is_group: bool = False) -> list[str]:
    """The addresses of a user, or of the members of a group; none for one who is gone."""
    users, group = twin.state.of(User), twin.state.of(Group).get(principal)
    ids = (group.members if group is not None else ()) if is_group else (principal,)
    return [users[user_id].user_name.casefold() for user_id in ids if user_id in users]


def _documents(twin: OmniTwin) -> list[Document]:
    return [document for document in twin.state.of(Document).values() if not document.deleted]


def _document(document: Document) -> Thing:
    return "Document", document.identifier


def _schedule(schedule: Schedule) -> Thing:
    return "Schedule", f"{schedule.identifier}/{schedule.name}"


def _folder(twin: OmniTwin, folder: Folder) -> Thing:
    return "Folder", "/".join(one.name for one in chain(twin.state.of(Folder), folder))


def _folder_and_inside(twin: OmniTwin, folder: Folder) -> list[Thing]:
    folders = twin.state.of(Folder)
    inside = [one for one in folders.values() if folder in chain(folders, one)]
    ids = {one.id for one in inside}
    documents = [_document(one) for one in _documents(twin) if one.folder_id in ids]
    return [*(_folder(twin, one) for one in inside), *documents]


def _connection_and_models(twin: OmniTwin, connection: Connection) -> list[Thing]:
    models = [one for one in twin.state.of(Model).values() if one.connection_id == connection.id]
    return [("Connection", connection.name), *_named(connection, models)]


def _named(connection: Connection, models: list[Model]) -> list[Thing]:
    """The models that have a name to be called by, and that may have roles."""
    there = [one for one in models if one.kind in MANAGED and one.name and one.deleted_at is None]
    return [("Model", f"{connection.name}/{one.name}") for one in there]
