"""Bodies that are no JSON: the parts of a form, and what the request log shows of bytes."""

from __future__ import annotations

import hashlib

import pytest

from reconciler.twins.core.log import shown_body
from reconciler.twins.core.multipart import Part, parts
from reconciler.twins.core.values import Request

FORM = "multipart/form-data; boundary=B"


def sent(body: bytes, content_type: str = FORM) -> Request:
    return Request("POST", "/", "", {"content-type": content_type} if content_type else {}, body)


def test_parts_in_their_order() -> None:
    body = (
        b"what comes before is nobody's\r\n"
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n'
        b"--B  \r\nContent-Type: IMAGE/png; x=y\r\n"
        b'content-disposition: form-data; name=b; filename="l\xc3\xb6.png"\r\n\r\n'
        b"\r\n--C\r\n\x00\xff\r\n"
        b"--B--\r\nnor what comes after"
    )

    assert parts(sent(body)) == (Part("a", b"one"), Part("b", b"\r\n--C\r\n\x00\xff", "lö.png", "image/png"))


@pytest.mark.parametrize("content_type", [FORM, 'Multipart/Form-Data; charset=x; boundary="B"'])
def test_a_form_without_parts(content_type: str) -> None:
    assert parts(sent(b"--B--", content_type)) == ()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"--B\r\n\r\n", FORM),
        (b"--B\r\nContent-Disposition: x\r\n--B--", FORM),
        (b"--B--", "multipart/form-data"),
        (b"--B--", "multipart/form-data; boundary="),
        (b"--B--", "multipart/mixed; boundary=B"),
        (b"--B--", ""),
    ],
)
def test_what_is_no_form(body: bytes, content_type: str) -> None:
    assert parts(sent(body, content_type)) is None


def test_a_part_without_a_name() -> None:
    assert parts(sent(b"--B\r\n\r\nx\r\n--B--")) == (Part("", b"x"),)


@pytest.mark.parametrize(
    ("body", "content_type", "shown"),
    [
        (b"", "image/png", None),
        (b'{"a":1}', "image/png", {"a": 1}),
        (b"{", "application/json; charset=utf-8", None),
        (b"{", "", None),
        (b"password=x", "application/x-www-form-urlencoded", None),
    ],
)
def test_what_the_log_shows(body: bytes, content_type: str, shown: object) -> None:
    assert shown_body(sent(body, content_type)) == shown


def test_the_log_shows_bytes_by_their_digest() -> None:
    content = b"\x00\xff"
    record = {"media": "image/png", "bytes": 2, "sha256": hashlib.sha256(content).hexdigest()}
    form = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x00\xff\r\n--B--'

    assert shown_body(sent(content, "Image/PNG; q=1")) == record
    assert shown_body(sent(form)) == [{"name": "a", "filename": None, **record, "media": None}]
