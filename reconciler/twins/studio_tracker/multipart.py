"""The parts of a form, by the standard library's reader of such messages."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import Message

from reconciler.twins.core.values import Request

FORM = "multipart/form-data"


def form_part(request: Request, name: str) -> bytes | None:
    """The bytes of the first part of this name, or None if the body is no form or has no such part."""
    content_type = request.headers.get("content-type", "")
    if not content_type.lower().startswith(FORM):
        return None
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    form = message_from_bytes(head + request.body, policy=policy.compat32)
    for part in form.get_payload() if form.is_multipart() else ():
        if isinstance(part, Message) and part.get_param("name", header="content-disposition") == name:
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else None
    return None


def form(name: str, filename: str, content: bytes, boundary: str = "twin-form-boundary") -> tuple[str, bytes]:
    """A form of one file: its content type and its body."""
    disposition = f'form-data; name="{name}"; filename="{filename}"'
    head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    return f"{FORM}; boundary={boundary}", head + content + f"\r\n--{boundary}--\r\n".encode()
