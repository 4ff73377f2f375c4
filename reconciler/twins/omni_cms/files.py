"""The file of a component: uploaded, downloaded, looked for, removed (CM-R16, CM-R33)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.multipart import Part, parts
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer
from reconciler.twins.omni_cms.call import Call, CmsRoute, done
from reconciler.twins.omni_cms.errors import error_answer, file_missing, no_file
from reconciler.twins.omni_cms.things import Component, File
from reconciler.twins.omni_cms.tree import asked_component

ONE = "/component/file/{id}"
PART = "fileUpload"
ANY = "application/octet-stream"
# By the ending of a file's name. A list of our own: that of the machine differs from one to the next.
MEDIA: Mapping[str, str] = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "text/xml",
    ".zip": "application/zip",
}
_HEADER = re.compile(r"[!-~]+( [!-~]+)*")


def upload(call: Call) -> Answer:
    component = asked_component(call)
    part = next((part for part in parts(call.request) or () if part.name == PART), None)
    if part is None:
        raise file_missing()
    call.moment()
    keep_file(call.twin, component, part)
    return Answer(200, done())


def download(call: Call) -> Answer:
    component = asked_component(call)
    file = _file(call, component)
    headers = {
        "content-type": _header(component.metadata.get("mimeType")),
        "content-disposition": f'attachment; filename="{_quoted(component.name)}"',
    }
    return Answer(200, None, headers, content_of(file))


def check(call: Call) -> Answer:
    component = asked_component(call)
    if str(component.id) in call.table(File):
        return Answer(200, done(component.id))
    absent = error_answer(no_file(component.id))
    return replace(absent, status=200) if call.hard("CM-P10") else absent


def delete(call: Call) -> Answer:
    """What the server wrote into the metadata stays (CM-P19)."""
    component = asked_component(call)
    _file(call, component)
    call.moment()
    del call.table(File)[str(component.id)]
    return Answer(200, done())


def keep_file(twin: Twin, component: Component, part: Part) -> None:
    """Make this the component's file, and its type known in the metadata."""
    media = MEDIA.get(PurePosixPath(part.filename or "").suffix.lower()) or part.media or ANY
    content = base64.b64encode(part.content).decode("ascii")
    digest = hashlib.sha256(part.content).hexdigest()
    key = str(component.id)
    twin.state.of(File)[key] = File(component.id, part.filename or "", content, digest)
    metadata = {**component.metadata, "mimeType": media}
    twin.state.of(Component)[key] = replace(component, metadata=metadata)


def content_of(file: File) -> bytes:
    """The bytes as they were uploaded."""
    return base64.b64decode(file.content)


def _file(call: Call, component: Component) -> File:
    file = call.table(File).get(str(component.id))
    if file is None:
        raise no_file(component.id)
    return file


def _header(media: object) -> str:
    """A media type as a header can carry it; anything may stand in the metadata."""
    return media if isinstance(media, str) and _HEADER.fullmatch(media) else ANY


def _quoted(name: str) -> str:
    """A name between quotes, in UTF-8, as a header can carry it."""
    escaped = re.sub(r"[\x00-\x1f\x7f]", "_", name).replace("\\", "\\\\").replace('"', '\\"')
    return escaped.encode("utf-8", "replace").decode("latin-1")


KIND: Kind[CmsRoute] = Kind(
    routes=(
        CmsRoute(method="POST", path=ONE, answer=upload),
        CmsRoute(method="GET", path=ONE, public=True, answer=download),
        CmsRoute(method="DELETE", path=ONE, answer=delete),
        CmsRoute(method="GET", path="/component/file/{space_id}/{key}", public=True, answer=download),
        CmsRoute(method="GET", path="/component/file/check/{id}", answer=check),
    ),
    questions=(Knob("CM-P10", "the check where there is no file", "404", "200 with the same body"),),
)
