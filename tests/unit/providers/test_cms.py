"""Omni-CMS: the provider's words, its codec, listed orders; what no server is needed for."""

from __future__ import annotations

import hashlib
from itertools import pairwise, product

import pytest

from reconciler.model.call import Request
from reconciler.model.document import Target
from reconciler.model.json import ABSENT, Json
from reconciler.providers.omni_cms import PROVIDER
from reconciler.providers.omni_cms.codec import DOWNLOAD, TEXT_ID, UPLOAD, decode, encode
from reconciler.providers.omni_cms.listed import sequences


@pytest.mark.parametrize("tail", ["", "/", "/api", "/api/v1", "/api/v1/"])
def test_cm_r1_the_base_is_brought_to_one_form(tail: str) -> None:
    assert PROVIDER.base("https://cms.example.com" + tail) == "https://cms.example.com/api/v1"


@pytest.mark.parametrize("url", ["", "cms.example.com", "https://", "https://cms.example.com?x=1"])
def test_cm_r1_what_is_no_base_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="write it as"):
        PROVIDER.base(url)


def test_cm_r2_the_key_goes_with_every_call() -> None:
    assert PROVIDER.headers(Target("cms", "omni-cms"), "k1") == {"X-OMNI-API-KEY": "k1"}


def test_cm_r4_success_false_is_a_refusal_but_for_a_missing_file() -> None:
    said: Json = {"success": False, "code": "omni.component.not.found.file", "message": "No file."}
    assert not PROVIDER.refuses(said)
    assert PROVIDER.refuses({"success": False, "code": "omni.field.required", "message": "No."})
    assert not PROVIDER.refuses({"success": True, "message": "Yes."})
    assert (PROVIDER.code(said), PROVIDER.message(said)) == ("omni.component.not.found.file", "No file.")


def no_file(planned: object) -> bytes:
    raise AssertionError(planned)


def test_cm_r3_ids_are_integers_in_bodies() -> None:
    body: Json = {"id": "2", "parentId": "7", "spaceId": 1, "name": "12"}

    found = encode(Request("cms", "PUT", "/component/2", body=body), no_file)

    assert (found.type, found.data) == (
        "application/json",
        b'{"id": 2, "parentId": 7, "spaceId": 1, "name": "12"}',
    )


def test_cm_r26_but_for_an_id_that_has_to_be_text() -> None:
    found = encode(Request("cms", "PUT", "/component/2", body={"id": 2, "parentId": 7}, media=TEXT_ID), no_file)

    assert found.data == b'{"id": "2", "parentId": 7}'


def test_cm_r33_an_upload_is_one_part_with_the_files_name() -> None:
    content = b"\x00\r\n--x"
    planned: Json = {"path": 'assets/a "b".png', "sha256": hashlib.sha256(content).hexdigest(), "bytes": 6}
    request = Request("cms", "POST", "/component/file/2", body={"fileUpload": {"$file": planned}}, media=UPLOAD)

    one, two = (encode(request, lambda _: content) for _ in range(2))

    assert one == two
    boundary = one.type.partition("boundary=")[2].encode()
    head, _, rest = one.data.partition(b"\r\n\r\n")
    assert head == (
        b"--" + boundary + b'\r\nContent-Disposition: form-data; name="fileUpload"; filename="a %22b%22.png"\r\n'
        b"Content-Type: image/png"
    )
    assert rest == content + b"\r\n--" + boundary + b"--\r\n"


def test_cm_r33_a_download_is_its_digest_and_all_else_is_json() -> None:
    download = Request("cms", "GET", "/component/file/2", media=DOWNLOAD)

    assert decode(download, "image/png", b"x") == {
        "$file": {"sha256": hashlib.sha256(b"x").hexdigest(), "bytes": 1}
    }
    assert decode(Request("cms", "GET", "/space/all"), "application/json", b"{}") is ABSENT


def test_cm_r28_of_all_small_orders_the_fewest_numbers_are_new() -> None:
    for live in product([None, 1, 2, 3, 1000], repeat=4):
        found = sequences(live)
        assert all(a < b for a, b in pairwise(found))
        changed = sum(a is not None and a != b for a, b in zip(live, found, strict=True))
        assert changed == fewest(list(live)), live


def fewest(live: list[int | None]) -> int:
    """By trying: which of them can stay, with whole numbers for the others in between."""
    known = [i for i, n in enumerate(live) if n is not None]
    best = 0
    for bits in range(1 << len(known)):
        stay = [i for k, i in enumerate(known) if bits >> k & 1]
        if all((live[b] or 0) - (live[a] or 0) >= b - a for a, b in pairwise(stay)):
            best = max(best, len(stay))
    return len(known) - best
