"""Drafts as files: what each file is to hold, with what people wrote in it left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.importing import Draft, attached
from reconciler.model.document import Manage
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.record import Record, field, replace

if TYPE_CHECKING:
    from reconciler.load.write import Sheet

FILES: Final = "files"
MOST_DOCUMENTS: Final = 5_000
"""In one file; a kind of which there are more takes several."""
_HUMPS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Files(Record):
    """What is to be written. `whole`: path in the project -> all that the file will hold; `before`: what those
    that are there hold now; `added`: manifest file -> the drafts that are new in it, in order; `texts`: manifest
    file -> the same as text; `beside`: the paths of the files that documents attach."""

    whole: dict[str, bytes] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    added: dict[str, tuple[Draft, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)


class Desk(Record, frozen=True):
    """Where drafts become files. `folder`: in the project; `says_target`: whether documents have to say which
    target they mean."""

    root: Path
    folder: str
    target: str
    says_target: bool
    downloads: Mapping[str, bytes]

    def files(self, drafts: Sequence[Draft]) -> Files:
        """The files of these drafts, none of which is refused; sorted by address."""
        found = Files()
        groups: dict[str, list[Draft]] = {}
        for draft in sorted(drafts, key=lambda d: d.address):
            groups.setdefault(draft.found.kind.name, []).append(draft)
        for name, group in groups.items():
            for start in range(0, len(group), MOST_DOCUMENTS):
                number = start // MOST_DOCUMENTS + 1
                path = f"{self.folder}/{plural(name)}{'' if number == 1 else f'-{number}'}.yaml"
                self._add(found, path, group[start : start + MOST_DOCUMENTS])
        return found

    def _add(self, found: Files, path: str, group: Sequence[Draft]) -> None:
        from reconciler.load.write import manifest

        sheets = [self._sheet(self._with_files(draft, found)) for draft in group]
        found.texts[path] = manifest(sheets, [*self._header(group[0].found.kind)])
        found.added[path] = tuple(group)
        before = self._there(path)
        if before is not None:
            found.before[path] = before
        found.whole[path] = joined(before, found.texts[path])

    def _there(self, path: str) -> bytes | None:
        place = self.root / path
        return place.read_bytes() if place.is_file() else None

    def _header(self, kind: Kind) -> Iterator[str]:
        yield f"Imported from {self.target}: what was live there. It is yours now; a later import only adds."
        unseen = [f.name for f in kind.fields.values() if (f.unreadable or f.write_only) and not f.local]
        if unseen:
            yield f"No read returns {', '.join(unseen)}: add what matters by hand."

    def _with_files(self, draft: Draft, found: Files) -> Draft:
        """The draft with its long texts and its file beside the manifest."""
        from reconciler.load.write import unwritable

        own, attachments = attached(draft, lambda value: not unwritable(value), self.downloads)
        spec = dict(own.drafted.spec)
        for one in attachments:
            spec[one.field] = self._beside(f"{self.folder}/{FILES}/{one.path}", one.data, found)
        return replace(own, drafted=replace(own.drafted, spec=spec))

    def _beside(self, wanted: str, data: bytes, found: Files) -> str:
        """Where a file goes: a place that is free, or holds just that already."""
        stem, dot, ending = wanted.rpartition(".")
        for path in (wanted, *(f"{stem}-{n}{dot}{ending}" for n in range(2, 10_000))):
            there = found.whole.get(path, self._there(path))
            if there is None and path not in found.whole and not (self.root / path).exists():
                found.whole[path] = data
                found.beside.add(path)
            elif there != data:
                continue
            return path
        raise OSError(f"{wanted}: there is no free name for the file")

    def _sheet(self, draft: Draft) -> Sheet:
        from reconciler.load.spread import folded
        from reconciler.load.write import Sheet

        drafted, metadata = draft.drafted, dict[str, Json](name=draft.address.name)
        if self.says_target:
            metadata["target"] = self.target
        if draft.pin is not None:
            metadata["id"] = draft.pin
        if life := _lifecycle(draft):
            metadata["lifecycle"] = life
        head: JsonObject = {
            "apiVersion": f"{draft.found.kind.provider}/v1",
            "kind": draft.address.kind,
            "metadata": metadata,
        }
        return Sheet(head, folded(draft.found.kind, drafted.spec), drafted.notes)


def _lifecycle(draft: Draft) -> JsonObject:
    found: JsonObject = {}
    if draft.drafted.manage is not Manage.FULL:
        found["manage"] = str(draft.drafted.manage)
    ignore: list[Json] = [f"spec.{name}" for name in draft.drafted.ignore]
    return {**found, "ignore": ignore} if ignore else found


def plural(kind: str) -> str:
    """What the file of a kind is called: `client-teams`."""
    words = _HUMPS.sub("-", kind).lower()
    if words.endswith("y") and words[-2:-1] not in "aeiou":
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith(("s", "sh", "ch", "x", "z")) else f"{words}s"


def joined(before: bytes | None, text: str) -> bytes:
    """What stands in a file, letter by letter, and after it the new documents."""
    if not before:
        return text.encode()
    ends = before.rstrip(b" \t")
    gap = b"" if ends.endswith((b"\n", b"\r")) else b"\n"
    rule = b"" if ends.rstrip().endswith(b"\n---") or ends.strip() in (b"---", b"") else b"---\n"
    return before + gap + rule + text.encode()
