"""Bodies as they go over the wire: JSON in which ids are integers, uploads as multipart; files as they come."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from mimetypes import MimeTypes

from reconciler.model.call import Content, Request
from reconciler.model.catalog import Fetch
from reconciler.model.json import ABSENT, Json, Missing

UPLOAD, DOWNLOAD, TEXT_ID = "upload", "download", "text-id"
"""The media of a request with a file, of one that is answered with one, and of a body whose own id is text."""
PART = "fileUpload"
IDS = ("id", "parentId", "spaceId")
TYPES = MimeTypes(filenames=())
"""The table that comes with Python, not this machine's."""


def encode(request: Request, fetch: Fetch) -> Content:
    """The body as bytes: the same value, the same bytes. Raises ValueError for a file that has changed."""
    if request.media == UPLOAD and isinstance(request.body, dict):
        return _multipart(request.body, fetch)
    return Content("application/json", json.dumps(_with_ids(request), allow_nan=False).encode())


def _with_ids(request: Request) -> Json:
    """Ids are integers, in bodies as in paths (CM-R3), but where one has to be text (CM-R26)."""
    if not isinstance(request.body, dict):
        return request.body
    whole = {
        k: int(v) if k in IDS and isinstance(v, str) and v.isdecimal() else v for k, v in request.body.items()
    }
    return {**whole, "id": str(whole["id"])} if request.media == TEXT_ID else whole


def _multipart(body: Mapping[str, Json], fetch: Fetch) -> Content:
    """One part `fileUpload` with the file's own name; the boundary follows from what it holds."""
    held = body.get(PART)
    planned = held.get("$file") if isinstance(held, dict) else None
    if not isinstance(planned, dict):
        raise ValueError("an upload needs a file")  # noqa: TRY004
    data = fetch(planned)
    name = str(planned.get("path")).rpartition("/")[2]
    boundary = "reconciler-" + hashlib.sha256(data + name.encode()).hexdigest()
    kind = TYPES.guess_type(name)[0] or "application/octet-stream"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{PART}"; filename="{_quoted(name)}"\r\n'
    head += f"Content-Type: {kind}\r\n\r\n"
    return Content(f"multipart/form-data; boundary={boundary}", head.encode() + data + _end(boundary))


def _end(boundary: str) -> bytes:
    return f"\r\n--{boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    """A file name between quotes, as browsers write it."""
    return re.sub(r'["\r\n]', lambda sign: f"%{ord(sign[0]):02X}", name)


def decode(request: Request, content_type: str, data: bytes) -> Json | Missing:  # noqa: ARG001 - the codec's shape
    """A downloaded file as its size and sha256, which is all that is compared (CM-R33); all else is plain JSON."""
    if request.media != DOWNLOAD:
        return ABSENT
    return {"$file": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}
