"""The parts of a form (`multipart/form-data`), byte for byte as they were sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from reconciler.twins.core.values import Request

FORM = "multipart/form-data"
_BREAK = b"\r\n"


class _Broken(ValueError):
    """The body does not keep to its boundary."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `filename` and `media` are as the client named them, None where it did not."""

    name: str
    content: bytes
    filename: str | None = None
    media: str | None = None


def parts(request: Request) -> tuple[Part, ...] | None:
    """The parts in the order sent; None for a body that is no form, or a broken one."""
    content_type = request.headers.get("content-type", "")
    boundary = _boundary(content_type)
    if not boundary:
        return None
    try:
        return tuple(_part(chunk) for chunk in _chunks(request.body, boundary.encode("latin-1", "replace")))
    except _Broken:
        return None


def _boundary(content_type: str) -> str:
    if not content_type.lower().startswith(FORM):
        return ""
    head = Message()
    head["Content-Type"] = content_type
    return head.get_boundary() or ""


def _chunks(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """What stands between the boundaries. Raises _Broken where the last one is missing."""
    _, *rest = (_BREAK + body).split(_BREAK + b"--" + boundary)
    for chunk in rest:
        if chunk.startswith(b"--"):
            return
        yield chunk
    raise _Broken


def _part(chunk: bytes) -> Part:
    head, found, content = chunk.lstrip(b" \t").partition(_BREAK + _BREAK)
    if not found:
        raise _Broken
    fields = HeaderParser().parsestr(head.decode("utf-8", "replace").lstrip("\r\n"))
    name = fields.get_param("name", "", header="content-disposition")
    media = fields.get_content_type() if fields["content-type"] else None
    return Part(name if isinstance(name, str) else "", content, fields.get_filename(), media)
