"""The record as evidence: taken away as it lies there, and computed again; also where it is broken or altered, and
where no other command would read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.model.faults import ChainBroken, UsageWrong
from reconciler.model.json import JsonObject
from reconciler.model.past import Chain
from reconciler.model.record import Record
from reconciler.workflow.setup import Options, catalog, ledger_place, nothing_remembered, project_of

if TYPE_CHECKING:
    from reconciler.ledger.store import Store

LARGEST = 1 << 30
"""Bytes of an export that is read back."""


class Taken(Record, frozen=True):
    """Events, oldest first, as they lie there. `wrong`: why they are not all there is, or may not be what was
    written; empty where they are the whole record."""

    events: tuple[JsonObject, ...]
    wrong: str = ""


def exported(options: Options) -> Taken:
    """The whole chain, or its good beginning. Raises LedgerUnusable where it cannot be read, or not even its first
    event is good."""
    from reconciler.ledger.event import Link
    from reconciler.ledger.export import as_json
    from reconciler.ledger.history import walk

    found: list[JsonObject] = []
    with _evidence(options) as store:
        try:
            found += (as_json(event) for event in walk(store, Link()))
        except ChainBroken as error:
            if not found:
                raise
            return Taken(tuple(found), str(error))
        return Taken(tuple(found), store.altered)


def verified(options: Options, head: str = "", file: Path | None = None) -> Chain:
    """The whole chain, of the ledger or of an export, computed again. `head`: a hash that was printed earlier, or
    at least its first twelve characters. Raises UsageWrong, ManifestInvalid for a file that is no export, and
    LedgerUnusable where the ledger cannot be read at all."""
    from reconciler.ledger.export import EXPORT_HINT, SHORTEST, Exported, checked

    if head and (len(head) < SHORTEST or len(head) > 64 or set(head) - set("0123456789abcdef")):
        raise UsageWrong(
            f"--head {head[:80]}: that is no head",
            hint=f"its first {SHORTEST} to 64 characters, as an apply printed it",
        )
    if file is not None:
        return checked(Exported(str(file), _text_of(file)), head, hint=EXPORT_HINT)
    with _evidence(options) as store:
        return checked(store, head, store.altered)


@contextmanager
def _evidence(options: Options) -> Iterator[Store]:
    """The project's ledger as it lies there. Raises UsageWrong where there is none."""
    from reconciler.ledger import find_evidence

    found = find_evidence(ledger_place(project_of(options, catalog())))
    if found is None:
        raise nothing_remembered()
    try:
        yield found
    finally:
        found.close()


def _text_of(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageWrong(
            f"{file} cannot be read: {error.strerror}", hint="name a file that an export wrote"
        ) from None
    if len(data) > LARGEST:
        raise UsageWrong(f"{file} is larger than {LARGEST >> 20} MiB", hint="check it where it was written")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise UsageWrong(f"{file} is not what an export writes: it is not ASCII") from None
