"""What a test does to the world of Omni Analytics without asking the API: what no served operation can make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omni_analytics.ids import DOCUMENT, SCHEDULE, USER, next_identifier, next_uuid
from reconciler.twins.omni_analytics.model_set_up import ModelSetUp
from reconciler.twins.omni_analytics.model_things import Model
from reconciler.twins.omni_analytics.things import (
    NEW_SETTINGS,
    Document,
    Folder,
    Group,
    Permit,
    Schedule,
    User,
    fold,
    permit_key,
)


class SetUp(ModelSetUp):
    """The twin of Omni Analytics, as far as it is moved by hand."""

    def add_user(
        self,
        user_name: str,
        display_name: str | None = None,
        *,
        kind: str = "standard",
        active: bool = True,
        attributes: Mapping[str, Json] | None = None,
    ) -> str:
        """Add a person; the membership id."""
        with self.lock:
            user_id = next_uuid(self.counters, USER)
            now = self.clock.now()
            name = display_name if display_name is not None else user_name
            self.define_attributes_of(attributes or {})
            user = User(user_id, user_name, name, now, now, active, kind, attributes or {})
            self.state.of(User)[user_id] = user
            return user_id

    def add_document(
        self,
        name: str,
        *,
        identifier: str | None = None,
        folder_id: str | None = None,
        scope: str | None = None,
        labels: Sequence[str] = (),
        owner_id: str | None = None,
        model_id: str | None = None,
        connection_id: str | None = None,
        has_dashboard: bool = True,
        workbook_only: bool = False,
        published: bool = True,
        filters: Mapping[str, JsonObject] | None = None,
        filter_keys: Sequence[str] = (),
        controls: Sequence[JsonObject] = (),
        filter_order: Sequence[str] | None = None,
        tiles: Sequence[str] | None = None,
        organization_role: str = "VIEWER",
        settings: Mapping[str, bool] | None = None,
        viewers: Sequence[str] = (),
    ) -> str:
        """Add a document that lies in a folder (or at the root) and carries labels; its identifier.

        Without a `scope` it has its folder's. `filter_keys` stand for plain filters of these ids; `settings` are
        the switches that are not as in a new document; `viewers` (ids of users and groups) are granted `VIEWER`.
        With an `organization_role` of `NO_ACCESS` it lets in its owner and these alone, beside whoever its folder
        lets in. A model brings its connection with it.
        """
        with self.lock:
            place = identifier or next_identifier(self.counters)
            owner = owner_id or next(iter(self.state.of(User)))
            known = {key: plain_filter(key) for key in filter_keys} | dict(filters or {})
            order = [*known, *(str(control["id"]) for control in controls)]
            folder = self.state.of(Folder).get(folder_id or "")
            model = self.state.of(Model).get(model_id or "")
            self.state.of(Document)[place] = Document(
                identifier=place,
                uuid=next_uuid(self.counters, DOCUMENT),
                name=name,
                owner_id=owner,
                creator_id=owner,
                updated_at=self.clock.now(),
                folder_id=folder_id,
                scope=scope or (folder.scope if folder is not None else "organization"),
                labels=tuple(fold(label) for label in labels),
                has_dashboard=has_dashboard,
                workbook_only=workbook_only,
                published=published,
                model_id=model_id,
                connection_id=connection_id or (model.connection_id if model is not None else None),
                settings={**NEW_SETTINGS, **(settings or {}), "organizationRole": organization_role},
                filters=known,
                controls=tuple(controls),
                filter_order=tuple(order if filter_order is None else filter_order),
                tiles=tuple(tiles) if tiles is not None else None,
            )
            for viewer in viewers:
                is_group = viewer in self.state.of(Group)
                permit = Permit(place, viewer, is_group, "VIEWER", access_boost=False)
                self.state.of(Permit)[permit_key(place, viewer, is_group=is_group)] = permit
            return place

    def set_draft(self, identifier: str, *, has_draft: bool = True) -> None:
        """Make somebody have an unpublished draft of a document, or have it no longer."""
        self._change_document(identifier, has_draft=has_draft)

    def trash(self, identifier: str) -> None:
        """Move a document to the trash, as its owner does in the UI."""
        self._change_document(identifier, deleted=True)

    def _change_document(self, identifier: str, **changes: bool) -> None:
        with self.lock:
            table = self.state.of(Document)
            table[identifier] = replace(table[identifier], **changes)  # type: ignore[arg-type]

    def label_folder(self, folder_id: str, *labels: str) -> None:
        """Make a folder carry these labels and no others."""
        with self.lock:
            table = self.state.of(Folder)
            table[folder_id] = replace(table[folder_id], labels=tuple(fold(label) for label in labels))

    def add_slack_schedule(
        self, identifier: str, name: str, *, channel: str = "C0123456", destination: str = "slack"
    ) -> str:
        """Add a delivery of a document to a Slack channel, or to another destination as only the UI can make one;
        its id."""
        with self.lock:
            schedule_id = next_uuid(self.counters, SCHEDULE)
            self.state.of(Schedule)[schedule_id] = Schedule(
                id=schedule_id,
                identifier=identifier,
                name=name,
                schedule="0 9 ? * MON *",
                timezone="UTC",
                format="pdf",
                destination_type=destination,
                owner_id=self.state.of(Document)[identifier].owner_id,
                settings={
                    "slackRecipientType": "channel",
                    "recipients": [{"recipientType": "channel", "slackId": channel}],
                },
            )
            return schedule_id

    def system_disable(self, schedule_id: str, reason: str) -> None:
        """Disable a schedule as the server does by itself."""
        with self.lock:
            table = self.state.of(Schedule)
            stopped = replace(
                table[schedule_id], system_disabled_at=self.clock.now(), system_disabled_reason=reason
            )
            table[schedule_id] = stopped


def plain_filter(label: str) -> JsonObject:
    """A filter of texts that lets everything through."""
    return {
        "type": "string",
        "kind": "EQUALS",
        "values": [],
        "label": label,
        "required": False,
        "hidden": False,
    }
