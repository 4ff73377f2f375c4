"""What a test does by hand to connections, models, roles, attributes and the people who have no account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omni_analytics.attributes import TIMEZONE
from reconciler.twins.omni_analytics.ids import (
    CONNECTION,
    ENVIRONMENT,
    JOB,
    MODEL,
    REFRESH_SCHEDULE,
    USER,
    next_uuid,
)
from reconciler.twins.omni_analytics.model_things import (
    Attribute,
    Connection,
    CustomRole,
    Environment,
    Job,
    Model,
    ModelFile,
    ModelGit,
    ModelRole,
    RefreshSchedule,
    file_key,
    role_key,
)
from reconciler.twins.omni_analytics.things import Org, Schedule, User


class ModelSetUp(Twin):
    """The twin of Omni Analytics, as far as its connections, models and attributes are moved by hand."""

    def add_connection(
        self,
        name: str,
        dialect: str = "postgres",
        *,
        base_role: str | None = None,
        attribute: str | None = None,
        default_values: Sequence[str] = (),
        branch_refresh: bool = False,
        **settings: Json,
    ) -> str:
        """Add a connection; its id. `settings` are fields of the create, such as `database` or `defaultSchema`."""
        with self.lock:
            connection_id = next_uuid(self.counters, CONNECTION)
            chosen: JsonObject = {"attributeName": attribute, "defaultValues": list(default_values)}
            self.state.of(Connection)[connection_id] = Connection(
                id=connection_id,
                name=name,
                dialect=dialect,
                base_role=base_role,
                settings=settings,
                secrets={"passwordUnencrypted": "s3cret"},
                attribute=chosen if attribute is not None else None,
                branch_refresh=branch_refresh,
            )
            return connection_id

    def add_environment(self, base_id: str, connection_id: str, *values: str) -> str:
        """Make a connection an environment of another one; the environment's id."""
        with self.lock:
            environment_id = next_uuid(self.counters, ENVIRONMENT)
            made = Environment(environment_id, base_id, connection_id, values)
            self.state.of(Environment)[environment_id] = made
            return environment_id

    def add_refresh(self, connection_id: str, schedule: str, timezone: str = "UTC") -> str:
        """Add a schema refresh schedule, as somebody does in the UI; its id."""
        with self.lock:
            refresh_id, now = next_uuid(self.counters, REFRESH_SCHEDULE), self.clock.now()
            made = RefreshSchedule(refresh_id, connection_id, schedule, timezone, now, now)
            self.state.of(RefreshSchedule)[refresh_id] = made
            return refresh_id

    def disable_refresh(self, refresh_id: str, *, disabled: bool = True) -> None:
        """Disable a schema refresh schedule, or enable it again, which no call can."""
        with self.lock:
            table = self.state.of(RefreshSchedule)
            table[refresh_id] = replace(table[refresh_id], disabled_at=self.clock.now() if disabled else None)

    def add_model(
        self,
        connection_id: str | None,
        kind: str = "SHARED",
        name: str | None = None,
        *,
        base_id: str | None = None,
        issues: Sequence[JsonObject] = (),
    ) -> str:
        """Add a model of any kind, workbook models included; its id. `issues` are what a validation finds."""
        with self.lock:
            model_id, now = next_uuid(self.counters, MODEL), self.clock.now()
            made = Model(model_id, kind, connection_id, name, base_id, now, now, issues=tuple(issues))
            self.state.of(Model)[model_id] = made
            return model_id

    def add_file(self, model_id: str, name: str, yaml: str) -> None:
        """Put a YAML file into a model, in the place of one of this name."""
        with self.lock:
            self.state.of(ModelFile)[file_key(model_id, name)] = ModelFile(model_id, name, yaml)

    def delete_connection(self, connection_id: str) -> None:
        """Delete a connection as the UI does: it stays, with the time of its end."""
        with self.lock:
            table = self.state.of(Connection)
            table[connection_id] = replace(table[connection_id], deleted_at=self.clock.now())

    def delete_model(self, model_id: str) -> None:
        """Delete a model as the UI does: it stays, with the time of its end."""
        with self.lock:
            table = self.state.of(Model)
            table[model_id] = replace(table[model_id], deleted_at=self.clock.now())

    def rename_connection(self, connection_id: str, name: str) -> None:
        """Rename a connection, which no call can."""
        with self.lock:
            table = self.state.of(Connection)
            table[connection_id] = replace(table[connection_id], name=name)

    def rename_model(self, model_id: str, name: str | None) -> None:
        """Rename a model, which no call can."""
        with self.lock:
            table = self.state.of(Model)
            table[model_id] = replace(table[model_id], name=name)

    def push(self, model_id: str) -> None:
        """Let somebody push to the repository of a model: the next sync has something to do."""
        with self.lock:
            table = self.state.of(ModelGit)
            table[model_id] = replace(table[model_id], ahead=True)

    def add_job(self, kind: str = "refresh_schema", *, polls_left: int = 2, fails: bool = False) -> str:
        """Start a job; its id. One that `fails` ends as FAILED."""
        with self.lock:
            job_id = next_uuid(self.counters, JOB)
            self.state.of(Job)[job_id] = Job(job_id, kind, polls_left, fails)
            return job_id

    def define_role(self, name: str, base_role: str) -> None:
        """Define a role of the organisation's own."""
        with self.lock:
            self.state.of(CustomRole)[name] = CustomRole(name, base_role)

    def add_role(
        self, subject: str, role: str, connection_id: str, model_id: str | None = None, *, is_group: bool = False
    ) -> None:
        """Give a user, or a group, a role, on a model or on a whole connection."""
        with self.lock:
            key = role_key(subject, connection_id, model_id, is_group=is_group)
            self.state.of(ModelRole)[key] = ModelRole(subject, is_group, connection_id, model_id, role)

    def remove_role(
        self, subject: str, connection_id: str, model_id: str | None = None, *, is_group: bool = False
    ) -> None:
        """Take a role away, which no call can."""
        with self.lock:
            del self.state.of(ModelRole)[role_key(subject, connection_id, model_id, is_group=is_group)]

    def define_attribute(self, name: str, type: str = "string", *, multiple: bool = False) -> None:  # noqa: A002
        """Define a user attribute, or define it anew; `type` is `string` or `number`."""
        with self.lock:
            self.state.of(Attribute)[name] = Attribute(name, type, multiple)

    def define_attributes_of(self, values: Mapping[str, Json]) -> None:
        """Define the attributes that have these values, each as its value wants it, unless they are defined."""
        with self.lock:
            table = self.state.of(Attribute)
            for name, value in values.items():
                if name != TIMEZONE and name not in table:
                    table[name] = Attribute(name, _type(value), isinstance(value, list))

    def set_attributes(self, user_id: str, values: Mapping[str, Json]) -> None:
        """Give a person, of any kind, these attributes and no others."""
        with self.lock:
            self.define_attributes_of(values)
            table = self.state.of(User)
            table[user_id] = replace(table[user_id], attributes=dict(values))

    def add_embed_user(
        self, external_id: str, display_name: str | None = None, *, entity: str = "omni", email: str | None = None
    ) -> str:
        """Add a person who comes through another application; the membership id."""
        with self.lock:
            user_id, now = next_uuid(self.counters, USER), self.clock.now()
            self.state.of(User)[user_id] = User(
                id=user_id,
                user_name=f"embed-user-{external_id}@acme.embed.example.com",
                display_name=display_name or external_id,
                created=now,
                last_modified=now,
                kind="embed",
                embed_email=email,
                embed_entity=entity,
                embed_external_id=external_id,
            )
            return user_id

    def add_email_only(self, email: str, attributes: Mapping[str, Json] | None = None) -> str:
        """Add a recipient without an account; the membership id."""
        with self.lock:
            user_id, now = next_uuid(self.counters, USER), self.clock.now()
            self.state.of(User)[user_id] = User(user_id, email, email, now, now, kind="email_only")
            self.set_attributes(user_id, attributes or {})
            return user_id

    def turn_off_yaml(self) -> None:
        """Take the beta of model files away from the organisation."""
        with self.lock:
            table = self.state.of(Org)
            for org_id, org in table.items():
                table[org_id] = replace(org, has_yaml=False)

    def finish_run(self, schedule_id: str) -> None:
        """Let the running delivery of a schedule come to its end."""
        with self.lock:
            table = self.state.of(Schedule)
            now = self.clock.now()
            ended = replace(table[schedule_id], running=False, last_completed_at=now, last_status="success")
            table[schedule_id] = ended


def _type(value: Json) -> str:
    values = value if isinstance(value, list) and value else [value]
    are_numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)
    return "number" if are_numbers else "string"
