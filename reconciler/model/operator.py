"""The operator's side: which host and credential a target may use. Never read from the repository."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.model.record import Record, aside, field


@aside("secret")
class Access(Record, frozen=True):
    """Where one target lives and how to get in. `secret()` is called when a request is built, and at no other
    time; it raises GuardRefused when the source is empty. `source` names it for messages, e.g. `env OMNI_KEY`.
    `per_minute`: the requests in any 60 s that this key was granted, None for as many as everybody has."""

    url: str
    secret: Callable[[], str]
    source: str = ""
    ca_file: str | None = None
    per_minute: int | None = None


class Operator(Record, frozen=True):
    """All targets the operator opened up. `allowed_env`: environment names that manifests may refer to. `folders`:
    absolute paths outside the project that once-shown values may go to. `commands`: name -> the words of a command
    that manifests may refer to. `secret_env`: environment names that hold secrets; no other program is handed
    them."""

    access: Mapping[str, Access] = field(default_factory=dict)
    allowed_env: frozenset[str] = frozenset()
    origin: str = ""
    folders: tuple[str, ...] = ()
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    secret_env: frozenset[str] = frozenset()
