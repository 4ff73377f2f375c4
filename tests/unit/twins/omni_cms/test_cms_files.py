"""Files of the Omni-CMS twin, byte for byte."""

from __future__ import annotations

import hashlib

import pytest

from reconciler.twins import Fault
from tests.unit.twins.omni_cms.cms import DONE, Cms, change, component, file_of, said, space

EVERY_BYTE = bytes(range(256)) * 3
TRICKY = [b"", b"\r\n", b"--", b"\r\n--x\r\n", b"a\r", b"\n\n", EVERY_BYTE, b"\x00" * 70_000]


def no_file(one: int) -> dict[str, object]:
    return said("component.not.found.file", f"No file was found for component with ID {one}.")


@pytest.mark.parametrize("content", TRICKY)
def test_bytes_come_back(each: Cms, content: bytes) -> None:
    space(each)
    one = component(each, "one", name="Logo", published=True)

    assert file_of(each, one, "x.bin", content) == (200, DONE)
    for path in (f"/component/file/{one}", "/component/file/1/one"):
        reply = each.client.get(each.url + path)
        assert reply.content == content
        assert reply.headers["content-type"] == "application/octet-stream"
        assert reply.headers["content-disposition"] == 'attachment; filename="Logo"'
    assert each.twin.file_of(one) == content


def test_the_log_tells_what_was_sent(cms: Cms) -> None:
    space(cms)
    one = component(cms, "one")
    file_of(cms, one, "löve.png", EVERY_BYTE, "image/x-png")
    entry = cms.twin.log[-1]

    assert (entry.write, entry.changed, entry.call) == (True, True, f"POST /component/file/{one}")
    assert entry.body == [
        {
            "name": "fileUpload",
            "filename": "löve.png",
            "media": "image/x-png",
            "bytes": len(EVERY_BYTE),
            "sha256": hashlib.sha256(EVERY_BYTE).hexdigest(),
        }
    ]


@pytest.mark.parametrize(
    ("name", "media", "seen"),
    [
        ("logo.PNG", "text/x-wrong", "image/png"),
        ("notes.unknown", "text/x-notes", "text/x-notes"),
        ("a.b.svg", None, "image/svg+xml"),
        ("noending", "application/octet-stream", "application/octet-stream"),
    ],
)
def test_the_type_of_a_file(each: Cms, name: str, media: str | None, seen: str) -> None:
    space(each)
    one = component(each, "one", metadata={"a": 1})
    file_of(each, one, name, b"x", media)

    assert each.ask("GET", f"/component/{one}")[1]["metadata"] == {"a": 1, "mimeType": seen}
    assert each.client.get(f"{each.url}/component/file/{one}").headers["content-type"] == seen


def test_a_part_without_any_type(cms: Cms) -> None:
    space(cms)
    body = b'--B\r\nContent-Disposition: form-data; name="fileUpload"\r\n\r\nhello\r\n--B--\r\n'
    headers = {"Content-Type": 'multipart/form-data; boundary="B"'}
    reply = cms.client.post(f"{cms.url}/component/file/1", content=body, headers=headers)

    assert reply.status_code == 200
    assert cms.ask("GET", "/component/1")[1]["metadata"] == {"mimeType": "application/octet-stream"}
    assert cms.twin.file_of(1) == b"hello"


def test_metadata_decides_the_type_of_a_download(cms: Cms) -> None:
    space(cms)
    one = component(cms, "one")
    file_of(cms, one, "logo.png", b"x")

    def media(metadata: object) -> str:
        assert change(cms, one, metadata=metadata)[0] == 200
        return str(cms.client.get(f"{cms.url}/component/file/{one}").headers["content-type"])

    assert media({"mimeType": "text/x-own"}) == "text/x-own"
    assert media({}) == "application/octet-stream"
    assert media({"mimeType": 5}) == media({"mimeType": "a\nb"}) == media({"mimeType": ""}) == media({})
    assert media({"mimeType": "é"}) == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "shown"), [("é 日", "é 日"), ('a"b\\', 'a\\"b\\\\'), ("a\r\nb", "a__b"), ("", "")]
)
def test_names_of_downloads(cms: Cms, name: str, shown: str) -> None:
    space(cms)
    one = component(cms, "one", name=name)
    file_of(cms, one, "x", b"x")
    reply = cms.client.get(f"{cms.url}/component/file/{one}")
    raw = dict(reply.headers.raw)[b"content-disposition"]

    assert raw.decode() == f'attachment; filename="{shown}"'


def test_a_second_upload_replaces_the_first(each: Cms) -> None:
    space(each)
    one = component(each, "one")
    file_of(each, one, "a.png", b"1")
    file_of(each, one, "a.css", b"2")

    assert each.twin.file_of(one) == b"2"
    assert each.ask("GET", f"/component/{one}")[1]["metadata"]["mimeType"] == "text/css"


def test_is_there_a_file(cms: Cms, hard: Cms) -> None:
    for world, absent in ((cms, 404), (hard, 200)):
        space(world)
        one = component(world, "one", metadata={"mimeType": "image/png"})
        assert world.ask("GET", f"/component/file/check/{one}") == (absent, no_file(one))
        file_of(world, one, "a.png", b"1")
        assert world.ask("GET", f"/component/file/check/{one}") == (200, {"id": one, **DONE})
        assert world.ask("GET", "/component/file/check/99")[0] == 404


def test_a_deleted_file_leaves_its_type(each: Cms) -> None:
    space(each)
    one = component(each, "one")
    file_of(each, one, "a.png", b"1")

    assert each.ask("DELETE", f"/component/file/{one}") == (200, DONE)
    assert each.ask("DELETE", f"/component/file/{one}") == (404, no_file(one))
    assert each.ask("GET", f"/component/file/{one}") == (404, no_file(one))
    assert each.ask("GET", f"/component/{one}")[1]["metadata"] == {"mimeType": "image/png"}


def test_a_file_goes_with_its_component(each: Cms) -> None:
    space(each)
    one = component(each, "one")
    file_of(each, one, "a.png", b"1")
    each.ask("DELETE", f"/component/{one}")
    other = component(each, "one")

    assert each.ask("GET", f"/component/file/{other}") == (404, no_file(other))
    assert each.twin.file_of(one) is None


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"", "multipart/form-data; boundary=B"),
        (b"x", "multipart/form-data; boundary=B"),
        (b"x", "multipart/form-data"),
        (b"x", "image/png"),
        (b"{}", "application/json"),
        (
            b'--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--B--',
            "multipart/form-data; boundary=B",
        ),
        (b'--B\r\nContent-Disposition: form-data; name="fileUpload"\r\n\r\nx', "multipart/form-data; boundary=B"),
        (b"--B\r\nContent-Disposition: form-data\r\n--B--", "multipart/form-data; boundary=B"),
    ],
)
def test_no_file_in_the_upload(each: Cms, content: bytes, media: str) -> None:
    space(each)
    before = each.twin.dump()
    reply = each.client.post(f"{each.url}/component/file/1", content=content, headers={"Content-Type": media})

    assert (reply.status_code, reply.json()) == (400, said("file.missing", "No file was uploaded."))
    assert each.twin.dump() == before


def test_an_upload_to_nobody(each: Cms) -> None:
    assert file_of(each, 9, "a.png", b"1")[1]["code"] == "omni.component.not.found.id"


def test_a_download_cut_half_way(cms: Cms) -> None:
    space(cms)
    cms.twin.add_file(1, "a.png", EVERY_BYTE)
    cms.twin.faults.add(Fault("truncated"))
    reply = cms.client.get(f"{cms.url}/component/file/1")

    assert reply.content == EVERY_BYTE[: len(EVERY_BYTE) // 2]
    assert reply.headers["content-type"] == "image/png"
