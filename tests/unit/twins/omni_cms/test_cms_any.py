"""Whatever is asked of the Omni-CMS twin, in whatever order: it answers, and its world stays sound."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.twins import PROFILES, OmniCmsTwin
from reconciler.twins.core.values import Answer, Request, encode
from reconciler.twins.omni_cms.things import Component, File, Space, User

IDS = st.integers(1, 8)
KEYS = st.sampled_from(["root", "home", "teaser", "new", "a-1", "No", ""])
VALUES = (
    st.none() | st.booleans() | st.integers(-1, 9) | st.sampled_from(["x", "1", "2021-03-30", "\ud800", "a\nb"])
)
FIELDS = {
    "name": VALUES,
    "content": VALUES,
    "metadata": st.dictionaries(st.sampled_from(["mimeType", "a"]), VALUES, max_size=2) | VALUES,
    "tags": st.lists(st.sampled_from(["x", "y"]), max_size=2) | VALUES,
    "published": VALUES,
    "sequence": VALUES,
    "date": VALUES,
    "sequences": st.lists(st.fixed_dictionaries({"id": IDS, "sequence": st.integers(0, 3)}), max_size=3),
    "limit": VALUES,
    "offset": VALUES,
    "order": st.sampled_from(["id", "date", "sequence"]),
    "email": st.sampled_from(["admin@example.com", "jane@example.com", "x@example.com"]),
    "password": st.sampled_from(["abcdef12", "short"]),
    "active": st.booleans(),
}
WANTED = {
    "id": IDS,
    "key": KEYS,
    "spaceId": st.integers(1, 3),
    "parentId": IDS,
    "componentType": st.sampled_from(["page", "css"]),
}
PATHS = st.one_of(
    IDS.map("/component/{}".format),
    st.tuples(IDS, KEYS).map(lambda two: "/component/{}/{}".format(*two)),
    IDS.map("/component/file/{}".format),
    IDS.map("/component/file/check/{}".format),
    IDS.map("/component/text/{}".format),
    IDS.map("/space/{}".format),
    IDS.map("/user/{}".format),
    st.sampled_from(["/component", "/space", "/user", "/component/search", "/component/sequence", "/space/all"]),
)
QUERIES = st.sampled_from(
    ["", "children=content&levels=7", "parents=all&limit=1", "children=summary&levels=%", "order=date"]
)
UPLOAD = b'--B\r\nContent-Disposition: form-data; name="fileUpload"; filename="a.png"\r\n\r\n\xff\r\n--B--'


@st.composite
def requests(draw: st.DrawFn) -> Request:
    path = draw(PATHS)
    method = draw(st.sampled_from(["GET", "POST", "PUT", "PUT", "DELETE"]))
    body = draw(st.fixed_dictionaries(WANTED, optional=FIELDS))
    if path.rpartition("/")[2].isdigit() and draw(st.booleans()):
        body["id"] = int(path.rpartition("/")[2])
    for name in draw(st.sets(st.sampled_from(sorted(WANTED)), max_size=3)):
        body.pop(name, None)
    key = draw(st.sampled_from(["cms_key_test"] * 5 + ["wrong"]))
    headers = {"x-omni-api-key": key, "content-type": "multipart/form-data; boundary=B"}
    content = UPLOAD if "/file/" in path else json.dumps(body).encode()
    return Request(method, "/api/v1" + path, draw(QUERIES), headers, content)


@pytest.mark.parametrize("profile", PROFILES)
@given(asked=st.lists(requests(), min_size=1, max_size=12))
def test_any_requests(profile: str, asked: Sequence[Request]) -> None:
    twin = OmniCmsTwin(profile)
    twin.seed_world()
    for request in asked:
        before = twin.dump()
        answer = twin.perform(request)
        _check_answer(answer)
        partial = twin.knobs.hard("CM-P8") and request.path.endswith("/sequence")
        if not twin.is_write(request) or not (answer.ok or partial):
            assert twin.dump() == before
    _check_world(twin)


def _check_answer(answer: Answer) -> None:
    encode(answer.body)
    for value in answer.headers.values():
        assert re.fullmatch(rb"[^\x00-\x1f\x7f]+", value.encode("latin-1"))
    assert answer.status in {200, 201, 400, 401, 404}
    if answer.status >= 400:
        assert isinstance(answer.body, dict)
        assert set(answer.body) == {"code", "message", "success"}


def _check_world(twin: OmniCmsTwin) -> None:
    spaces, components = twin.state.of(Space), twin.state.of(Component)
    keys = [(one.space_id, one.key) for one in components.values()]
    assert len(set(keys)) == len(keys)
    assert {space_id for space_id, key in keys if key == "root"} == {int(space) for space in spaces}
    for one in components.values():
        assert str(one.space_id) in spaces
        assert one.is_root == (one.key == "root")
        assert one.is_root or components[str(one.parent_id)].space_id == one.space_id
    assert set(twin.state.of(File)) <= set(components)
    assert any(user.active for user in twin.state.of(User).values())
