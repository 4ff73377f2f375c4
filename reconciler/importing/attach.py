"""Long texts beside the manifests: which values become files, and what those are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reconciler.importing.drafts import Draft
from reconciler.importing.names import slug
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind
from reconciler.model.record import Record, replace

MOST_LINES: Final = 30
MOST_CHARACTERS: Final = 2_000
ENDINGS: Final[Mapping[str, str]] = {
    "text/html": "html",
    "text/css": "css",
    "text/javascript": "js",
    "application/javascript": "js",
    "application/json": "json",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/markdown": "md",
}
_DEVICES: Final = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})


class Attachment(Record, frozen=True):
    """A file to be written: the document's field that names it, its name below the folder of files, and its
    bytes."""

    field: str
    path: str
    data: bytes


def attached(
    draft: Draft, fits: Callable[[Json], bool], downloads: Mapping[str, bytes]
) -> tuple[Draft, tuple[Attachment, ...]]:
    """The draft without the values that are better files, and those files. `fits`: whether a value can stand in a
    manifest; `downloads`: what was downloaded, by its sha256."""
    kind, spec, files = draft.found.kind, dict(draft.drafted.spec), list[Attachment]()
    for one in kind.fields.values():
        made = _bytes(one, spec, downloads) if one.file == "bytes" else _text(one, spec, fits)
        if made is not None:
            ending = _ending(draft, made) if one.file == "bytes" else _of_text(made)
            path = f"{_path(draft, kind)}.{ending}"
            files.append(Attachment(one.name, path, made))
    drafted = replace(draft.drafted, spec={n: spec[n] for n in kind.fields if n in spec})
    return replace(draft, drafted=drafted), tuple(files)


def _text(one: Field, spec: JsonObject, fits: Callable[[Json], bool]) -> bytes | None:
    """The text of a field that may come from a file, where it is long or no manifest can hold it."""
    value = spec.get(one.file) if one.file else None
    if not isinstance(value, str):
        return None
    if fits(value) and value.count("\n") < MOST_LINES and len(value) <= MOST_CHARACTERS:
        return None
    try:
        data = value.encode()
    except UnicodeEncodeError:
        return None
    del spec[one.file]
    spec[one.name] = ""
    return data


def _bytes(one: Field, spec: JsonObject, downloads: Mapping[str, bytes]) -> bytes | None:
    """What was downloaded; a file that was not is left out."""
    value = spec.get(one.name)
    held = value.get("$file") if isinstance(value, dict) else None
    if not isinstance(held, dict):
        return None
    found = downloads.get(str(held.get("sha256")))
    spec.pop(one.name)
    if found is not None:
        spec[one.name] = ""
    return found


def _path(draft: Draft, kind: Kind) -> str:
    """The steps of a name as folders: no step can lead elsewhere, or means a device to some systems."""
    steps = [slug(step) for step in draft.address.name.split("/")]
    if kind.scope and len(steps) == 1:
        steps = [*(slug(str(draft.drafted.spec.get(name))) for name in kind.scope), *steps]
    return "/".join(f"{s}-file" if s.partition(".")[0] in _DEVICES else s for s in steps if s)


def _ending(draft: Draft, data: bytes) -> str:
    said = draft.found.resource.fields.get("mimeType")
    known = ENDINGS.get(str(said).partition(";")[0].strip().lower())
    return known or (_of_text(data) if b"\0" not in data[:1000] else "bin")


def _of_text(data: bytes) -> str:
    return "html" if data.lstrip()[:1] == b"<" else "txt"
