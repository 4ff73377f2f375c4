"""Pictures of users of the OMG Platform twin."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import pytest

from tests.unit.twins.omg_platform.omg import Omg, problem

JPEG = b"\xff\xd8\xff\xe0 a picture\r\n--not a boundary\r\n\x00"


def upload(world: Omg, content: bytes = JPEG, *, part: str = "avatar", user: str = "1") -> tuple[int, Any]:
    files = {part: ("jane.jpg", content, "image/jpeg")}
    reply = world.client.post(f"{world.url}/user/{user}/avatar", files=files)
    return reply.status_code, reply.json()


@pytest.fixture
def world(each_omg: Omg) -> Omg:
    each_omg.twin.add_user("jane@example.com", "Jane", "Smith")
    return each_omg


@pytest.mark.parametrize("part", ["avatar", "file", "picture"])
def test_the_first_file_counts_whatever_its_name(world: Omg, part: str) -> None:
    status = 200 if world.twin.knobs.profile == "plain" else 201
    data = {"avatar_url": "https://cdn.example/avatars/1-1.jpg"}

    assert upload(world, part=part) == (status, {"data": data, "message": "Avatar uploaded"})
    assert upload(world)[1]["data"] == {"avatar_url": "https://cdn.example/avatars/1-2.jpg"}


def test_the_picture_is_known_by_its_digest_only(world: Omg) -> None:
    upload(world)

    digest = hashlib.sha256(JPEG).hexdigest()
    assert world.twin.users()[0].avatar_sha256 == digest
    body: Any = world.twin.log[0].body
    assert body[0]["sha256"] == digest
    assert "avatar_url" not in world.ask("GET", "/user/1")[1]["data"]


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\x89PNG\r\n", b"GIF89a"])
def test_what_is_no_jpeg(world: Omg, content: bytes) -> None:
    assert upload(world, content) == problem(400, "Avatar must be a JPEG image")
    assert world.twin.users()[0].avatar_url is None


def test_what_is_no_form(world: Omg) -> None:
    refused = problem(400, "Avatar must be a JPEG image")

    assert world.ask("POST", "/user/1/avatar", {"avatar": "x"}) == refused
    bare = httpx.post(f"{world.url}/user/1/avatar", headers=world.twin.default_headers, content=JPEG)
    assert (bare.status_code, bare.json()) == refused


def test_an_unknown_user(world: Omg) -> None:
    assert upload(world, user="2") == problem(404, "User 2 not found")
