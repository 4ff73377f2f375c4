"""Values that a request names and that exist only while it is sent: secrets, and the bytes of files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from reconciler.model.faults import GuardRefused
from reconciler.model.json import Json
from reconciler.model.record import Record


def no_secret(reference: Mapping[str, Json]) -> str:  # noqa: ARG001 - the shape of a source
    """Whoever opens a wire says where secrets come from."""
    raise GuardRefused("no secret can be had here")


def no_file(path: str) -> bytes:  # noqa: ARG001 - the shape of a source
    """Whoever opens a wire says where files lie."""
    raise ValueError("cannot be read here")


class Late(Record, frozen=True):
    """Where they come from. `secret(reference)`: the value that `{fromEnv: …}` and its like name; raises
    GuardRefused, with no part of the value. `file(path)`: the bytes of a file of the project; raises ValueError, a
    sentence that follows its path."""

    secret: Callable[[Mapping[str, Json]], str] = no_secret
    file: Callable[[str], bytes] = no_file

    def fetch(self, planned: Mapping[str, Json]) -> bytes:
        """The bytes of `{path, sha256, bytes}`. Raises ValueError where they are not what was planned."""
        path = str(planned.get("path"))
        try:
            data = self.file(path)
        except ValueError as error:
            raise ValueError(f"{path} {error}") from None
        if hashlib.sha256(data).hexdigest() != planned.get("sha256"):
            raise ValueError(f"{path} has changed since the plan")
        return data


NOWHERE = Late()


def revealed(body: Json, late: Late, secrets: list[str]) -> Json:
    """The body with every `{"$secret": reference}` replaced by its value, each added to `secrets`. Raises
    GuardRefused."""
    if isinstance(body, dict):
        reference = body.get("$secret")
        if len(body) == 1 and isinstance(reference, dict):
            secrets.append(late.secret(reference))
            return secrets[-1]
        return {name: revealed(value, late, secrets) for name, value in body.items()}
    return [revealed(value, late, secrets) for value in body] if isinstance(body, list) else body
