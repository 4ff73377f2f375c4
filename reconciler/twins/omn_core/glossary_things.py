"""Glossaries and what stands in them (OC-P21, OC-P36)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Json
from reconciler.twins.omn_core.call import OmnRoute

DEFAULT_GLOSSARY = "0"
TYPES = ("term", "sentence")


@dataclass(frozen=True, slots=True)
class Glossary(Record):
    """A glossary. `vals` are custom values by name, as written; `tid` and `multiple` are shown nowhere."""

    collection: ClassVar[str] = "glossaries"
    id: str
    tid: str
    name: str
    created: str
    modified: str
    creator: str
    modifier: str
    multiple: bool = False
    vals: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """A text of a glossary, in one locale. Translations are entries too; `forbidden` is shown of these alone."""

    collection: ClassVar[str] = "entries"
    id: str
    tid: str
    glossary_id: str
    loc: str
    type: str
    value: str
    editor: str
    edited: str
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class EntryLink(Record):
    """One entry is the translation of another. Its key in the table is `source>target`."""

    collection: ClassVar[str] = "entry_links"
    source_id: str
    target_id: str
    similarity: str = "100"

    @property
    def key(self) -> str:
        return f"{self.source_id}>{self.target_id}"


KIND: Kind[OmnRoute] = Kind(records=(Glossary, Entry, EntryLink))
