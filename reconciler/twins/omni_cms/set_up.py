"""What a test does to the world of Omni-CMS without asking the API: set-up, and deeds of other people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.twins.core.multipart import Part
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Json
from reconciler.twins.omni_cms.files import content_of, keep_file
from reconciler.twins.omni_cms.login import begin_session, secret_digest
from reconciler.twins.omni_cms.spaces import make_space
from reconciler.twins.omni_cms.things import ROOT, Component, File, User
from reconciler.twins.omni_cms.view import view

PASSWORD = "password12"  # noqa: S105 - opens nothing but this twin


class SetUp(Twin):
    """The twin of Omni-CMS, as far as it is moved by hand."""

    def add_user(
        self, email: str, *, password: str = PASSWORD, active: bool = True, key: str | None = None
    ) -> int:
        """Add an account, with this API key if one is given; its id."""
        with self.lock:
            digest = secret_digest(key) if key is not None else None
            user = User(self.counters.next("user"), email, secret_digest(password), active, digest)
            self.state.of(User)[str(user.id)] = user
            return user.id

    def add_session(self, user_id: int) -> str:
        """Log a user in; the value of the cookie `omni_session`."""
        with self.lock:
            return begin_session(self, user_id)

    def add_space(self, name: str) -> int:
        """Add a space with its root; its id."""
        with self.lock:
            return make_space(self, name, self.clock.now())

    def add_component(
        self, space_id: int, key: str, *, parent_id: int | None = None, component_type: str = "page", **fields: Any
    ) -> int:
        """Add a component, below the root if no parent is given; its id. `fields` are those of `Component`.

        Nothing is checked: this is how components come about that the API would refuse.
        """
        with self.lock:
            if isinstance(tags := fields.get("tags"), Sequence):
                fields["tags"] = tuple(tags)
            component = Component(
                id=self.counters.next("component"),
                space_id=space_id,
                parent_id=self.component_id(space_id) if parent_id is None else parent_id,
                key=key,
                component_type=component_type,
                **{"date": self.clock.now(), "published": True, **fields},
            )
            self.state.of(Component)[str(component.id)] = component
            return component.id

    def add_file(self, component_id: int, filename: str, content: bytes, media: str | None = None) -> None:
        """Somebody uploads a file to a component. Raises KeyError for an unknown one."""
        with self.lock:
            component = self.state.of(Component)[str(component_id)]
            keep_file(self, component, Part("", content, filename, media))

    def file_of(self, component_id: int) -> bytes | None:
        """The bytes of a component's file, or None if it has none."""
        with self.lock:
            file = self.state.of(File).get(str(component_id))
            return None if file is None else content_of(file)

    def component_id(self, space_id: int, key: str = ROOT) -> int:
        """The id of a component, of the root if no key is given. Raises KeyError."""
        with self.lock:
            for component in self.state.of(Component).values():
                if (component.space_id, component.key) == (space_id, key):
                    return component.id
            raise KeyError(key)

    def view(self) -> dict[str, Json]:
        """What there is, without ids, times and secrets: two worlds that look the same are equal in it."""
        with self.lock:
            return view(self)
