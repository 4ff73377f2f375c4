"""What can be said of a connection's document offline: what its dialect needs, and what it lacks (OA-R135)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.document import Document, Manage
from reconciler.model.kind import Kind
from reconciler.model.place import Problem

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "snowflake": ("warehouse",),
    "databricks": ("warehouse",),
    "bigquery": ("region",),
    "athena": ("region",),
    "mssql": ("defaultSchema",),
}
"""By dialect: what must be declared to make one, besides the password."""
POSSIBLE: Final[Mapping[str, tuple[str, ...]]] = {
    "warehouse": ("snowflake", "databricks"),
    "region": ("bigquery", "athena"),
    "maxBillingBytes": ("bigquery",),
    "privateKey": ("snowflake",),
    "includeOtherCatalogs": ("bigquery", "snowflake", "motherduck", "databricks", "trino", "athena"),
    "trustServerCertificate": ("mssql", "exasol", "clickhouse"),
}
"""The dialects that know a field; of the fields named here only."""
NOT_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "host": ("motherduck", "bigquery"),
    "username": ("motherduck", "bigquery"),
}
"""The dialects that have no such thing, or find it themselves."""


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """What a create would be refused for. A document that pins an id, or only observes, never creates."""
    return [p for d in documents for p in (*_unfit(d), *(_lacking(d) if _may_create(d) else ()))]


def _may_create(document: Document) -> bool:
    return document.pinned_id is None and document.lifecycle.manage is not Manage.OBSERVE


def _lacking(document: Document) -> Iterator[Problem]:
    dialect = str(document.spec.get("dialect"))
    for name in (n for n in NEEDED.get(dialect, ()) if n not in document.spec):
        hint = f"add `{name}`; for one that is there already, metadata.id will do"
        yield _problem(document, "dialect", f"`dialect: {dialect}` needs `{name}`", hint)
    if "password" not in document.spec and not (dialect == "snowflake" and "privateKey" in document.spec):
        other = ", or a `privateKey`" if dialect == "snowflake" else ""
        hint = "add `password: {fromEnv: NAME, version: 1}`; for one that is there already, metadata.id will do"
        yield _problem(document, "dialect", f"a connection needs a `password`{other} to be made", hint)


def _unfit(document: Document) -> Iterator[Problem]:
    dialect = str(document.spec.get("dialect"))
    for name, dialects in POSSIBLE.items():
        if name in document.spec and dialect not in dialects:
            text = f"`{name}` is for {', '.join(dialects)}, not for {dialect}"
            yield _problem(document, name, text, "take it out")
    for name, dialects in NOT_OF.items():
        if name in document.spec and dialect in dialects:
            yield _problem(document, name, f"`dialect: {dialect}` takes no `{name}`", "take it out")


def _problem(document: Document, name: str, text: str, hint: str) -> Problem:
    return Problem(document.at("spec", name), f"{document.address}: {text}", hint, rule="OA-R135")
