"""Bodies as they go over the wire: JSON with the id of a task's parent as a number, a picture as multipart."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

from reconciler.model.call import Content, Request
from reconciler.model.catalog import Fetch
from reconciler.model.json import Json

AVATAR: Final = "avatar"
"""The media of an upload: a body `{<name of the part>: {"$file": …}}`."""
PARENT: Final = "parent_planning_id"
NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")


def as_number(remote_id: Json) -> Json:
    """An id that we keep as text, as a number where it is a whole one (OP-R9, OP-A15, OP-A20)."""
    return int(remote_id) if isinstance(remote_id, str) and NUMBER.fullmatch(remote_id) else remote_id


def encode(request: Request, fetch: Fetch) -> Content:
    """The body as bytes: the same value, the same bytes. Raises ValueError for a file that has changed."""
    body = request.body
    if request.media == AVATAR and isinstance(body, dict):
        return _multipart(body, fetch)
    if isinstance(body, dict) and PARENT in body:
        body = {**body, PARENT: as_number(body[PARENT])}
    return Content("application/json", json.dumps(body, allow_nan=False).encode())


def _multipart(body: Mapping[str, Json], fetch: Fetch) -> Content:
    """One JPEG part; the boundary follows from what it holds (OP-R42)."""
    [(part, held)] = body.items() if len(body) == 1 else [("", None)]
    planned = held.get("$file") if isinstance(held, dict) else None
    if not isinstance(planned, dict):
        raise ValueError("an upload needs a file")  # noqa: TRY004 - of the body, not of its type
    data = fetch(planned)
    name = re.sub(r'["\r\n]', lambda sign: f"%{ord(sign[0]):02X}", str(planned.get("path")).rpartition("/")[2])
    boundary = "reconciler-" + hashlib.sha256(data + name.encode()).hexdigest()
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
    whole = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return Content(f"multipart/form-data; boundary={boundary}", whole)
