"""What a test does to the world of Omni Analytics without asking the API: what no served operation can make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json
from reconciler.twins.omni_analytics.ids import DOCUMENT, SCHEDULE, USER, next_uuid
from reconciler.twins.omni_analytics.things import Document, Folder, Schedule, User, fold


class SetUp(Twin):
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
            user = User(user_id, user_name, name, now, now, active, kind, attributes or {})
            self.state.of(User)[user_id] = user
            return user_id

    def add_document(
        self,
        name: str,
        *,
        folder_id: str | None = None,
        labels: Sequence[str] = (),
        owner_id: str | None = None,
        has_dashboard: bool = True,
        workbook_only: bool = False,
        filter_keys: Sequence[str] = (),
        tiles: Sequence[str] | None = None,
        organization_role: str = "VIEWER",
        viewers: Sequence[str] = (),
    ) -> str:
        """Add a document that lies in a folder (or at the root) and carries labels; its identifier.

        For schedules see `Document`; with an `organization_role` of `NO_ACCESS` it lets in its owner and `viewers`
        alone, beside whoever its folder lets in.
        """
        with self.lock:
            identifier = f"d0c{self.counters.next('d0c'):05d}"
            self.state.of(Document)[identifier] = Document(
                identifier=identifier,
                uuid=next_uuid(self.counters, DOCUMENT),
                name=name,
                owner_id=owner_id or next(iter(self.state.of(User))),
                folder_id=folder_id,
                labels=tuple(fold(label) for label in labels),
                has_dashboard=has_dashboard,
                workbook_only=workbook_only,
                filter_keys=tuple(filter_keys),
                tiles=tuple(tiles) if tiles is not None else None,
                organization_role=organization_role,
                viewers=tuple(viewers),
            )
            return identifier

    def label_folder(self, folder_id: str, *labels: str) -> None:
        """Make a folder carry these labels and no others."""
        with self.lock:
            table = self.state.of(Folder)
            table[folder_id] = replace(table[folder_id], labels=tuple(fold(label) for label in labels))

    def add_slack_schedule(self, identifier: str, name: str, *, channel: str = "C0123456") -> str:
        """Add a delivery of a document to a Slack channel, as only the UI can make one; its id."""
        with self.lock:
            schedule_id = next_uuid(self.counters, SCHEDULE)
            self.state.of(Schedule)[schedule_id] = Schedule(
                id=schedule_id,
                identifier=identifier,
                name=name,
                schedule="0 9 ? * MON *",
                timezone="UTC",
                format="pdf",
                destination_type="slack",
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
