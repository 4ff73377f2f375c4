"""Labels of the Omni Analytics twin, over a socket."""

from __future__ import annotations

import pytest

from reconciler.twins import OmniTwin
from reconciler.twins.omni_analytics.things import Folder
from tests.unit.twins.served import Omni, served

PAT = {"Authorization": "Bearer omni_pat_test"}


def test_a_label_is_created_with_defaults(omni: Omni) -> None:
    assert omni.ask("POST", "/v1/labels", {"name": "Draft"}) == (
        201,
        {"name": "Draft", "verified": False, "homepage": False, "usage_count": 0},
    )


def test_a_label_is_found_whatever_its_case_and_keeps_its_spelling(omni: Omni) -> None:
    omni.ask("POST", "/v1/labels", {"name": "In Review"})

    assert omni.ask("GET", "/v1/labels/in%20REVIEW")[1]["name"] == "In Review"


@pytest.mark.parametrize("name", ["Q1/Q2", "50%", "naïve", "a?b", "a#b", "..x", "日本", "a+b"])
def test_a_percent_encoded_name_is_one_segment(omni: Omni, name: str) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in name.encode())
    omni.ask("POST", "/v1/labels", {"name": name})

    assert omni.ask("GET", f"/v1/labels/{encoded}")[1]["name"] == name


def test_labels_are_listed_in_order_of_creation(omni: Omni) -> None:
    for name in ("Zebra", "apple", "Mango"):
        omni.ask("POST", "/v1/labels", {"name": name})

    assert [label["name"] for label in omni.ask("GET", "/v1/labels")[1]["labels"]] == ["Zebra", "apple", "Mango"]


def test_the_adversarial_list_goes_by_name_descending(hard_omni: Omni) -> None:
    for name in ("apple", "Zebra", "mango"):
        hard_omni.ask("POST", "/v1/labels", {"name": name})
    hard_omni.ask("GET", "/v1/labels")

    assert [label["name"] for label in hard_omni.ask("GET", "/v1/labels")[1]["labels"]] == [
        "mango",
        "apple",
        "Zebra",
    ]


def test_an_update_changes_what_is_sent_and_nothing_else(omni: Omni) -> None:
    omni.ask("POST", "/v1/labels", {"name": "Draft", "homepage": True})

    status, label = omni.ask("PUT", "/v1/labels/draft", {"verified": True})

    assert (status, label) == (200, {"name": "Draft", "verified": True, "homepage": True, "usage_count": 0})


def test_an_empty_update_changes_nothing(omni: Omni) -> None:
    omni.ask("POST", "/v1/labels", {"name": "Draft"})
    before = omni.twin.digest()

    assert omni.ask("PUT", "/v1/labels/Draft", {})[0] == 200
    assert omni.twin.digest() == before


def test_a_rename_keeps_assignments_and_the_place_in_the_list(omni: Omni) -> None:
    for name in ("Draft", "Final"):
        omni.ask("POST", "/v1/labels", {"name": name})
    omni.twin.add_document("Sales", labels=["draft"])
    folder_id = omni.ask("POST", "/v1/folders", {"name": "Finance"})[1]["id"]
    omni.twin.label_folder(folder_id, "DRAFT")

    assert omni.ask("PUT", "/v1/labels/draft", {"name": "Ready"})[1]["usage_count"] == 2
    assert [label["name"] for label in omni.ask("GET", "/v1/labels")[1]["labels"]] == ["Ready", "Final"]
    assert omni.twin.state.of(Folder)[folder_id].labels == ("ready",)
    assert omni.ask("GET", "/v1/labels/draft")[0] == 404


def test_a_rename_in_case_only(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        world.ask("POST", "/v1/labels", {"name": "Draft"})

    assert omni.ask("PUT", "/v1/labels/Draft", {"name": "DRAFT"})[1]["name"] == "DRAFT"
    assert hard_omni.ask("PUT", "/v1/labels/Draft", {"name": "DRAFT"})[0] == 409
    assert hard_omni.ask("PUT", "/v1/labels/Draft", {"name": "Draft"})[0] == 200


def test_a_label_may_be_deleted_and_made_again(omni: Omni) -> None:
    omni.ask("POST", "/v1/labels", {"name": "Draft"})

    assert omni.ask("DELETE", "/v1/labels/DRAFT") == (204, None)
    assert omni.ask("DELETE", "/v1/labels/DRAFT")[0] == 404
    assert omni.ask("POST", "/v1/labels", {"name": "draft"})[0] == 201


def test_a_label_on_a_document_cannot_be_deleted(each_omni: Omni) -> None:
    each_omni.ask("POST", "/v1/labels", {"name": "Draft"})
    each_omni.twin.add_document("Sales", labels=["Draft"])

    assert each_omni.ask("DELETE", "/v1/labels/Draft")[0] == 409


def test_a_label_on_folders_only(omni: Omni, hard_omni: Omni) -> None:
    for world in (omni, hard_omni):
        world.ask("POST", "/v1/labels", {"name": "Draft"})
        folder_id = world.ask("POST", "/v1/folders", {"name": "Finance"})[1]["id"]
        world.twin.label_folder(folder_id, "Draft")

    assert omni.ask("DELETE", "/v1/labels/Draft")[0] == 204
    assert [folder.labels for folder in omni.twin.state.of(Folder).values()] == [()]
    assert hard_omni.ask("DELETE", "/v1/labels/Draft")[0] == 409


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "name: Required"),
        ({"name": "x"}, "name: Label name must be between 2 and 25 characters"),
        ({"name": "x" * 26}, "name: Label name must be between 2 and 25 characters"),
        ({"name": 7}, "name: Invalid value"),
        ({"name": None}, "name: Invalid value"),
        ({"name": "Draft", "verified": 1}, "verified: Invalid value"),
        ({"name": "Draft", "homepage": "yes"}, "homepage: Invalid value"),
        ([], "Invalid JSON"),
    ],
)
def test_a_wrong_body_is_refused(omni: Omni, body: object, text: str) -> None:
    before = omni.twin.dump()

    assert omni.ask("POST", "/v1/labels", body) == (400, {"detail": text, "status": 400, "title": "Bad Request"})
    assert omni.twin.dump() == before


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"name": NaN}', b"[" * 100_000, b"1" * 5000])
def test_what_is_no_json_is_refused(omni: Omni, content: bytes) -> None:
    reply = omni.client.post(omni.url + "/v1/labels", content=content)

    assert (reply.status_code, reply.json()["detail"]) == (400, "Invalid JSON")


def test_lengths_count_code_points(omni: Omni) -> None:
    assert omni.ask("POST", "/v1/labels", {"name": "😀" * 25})[0] == 201


def test_taken_names_and_unknown_ones(omni: Omni) -> None:
    for name in ("Draft", "Final"):
        omni.ask("POST", "/v1/labels", {"name": name})
    conflict = {"detail": 'A label named "DRAFT" already exists', "status": 409, "title": "Conflict"}
    missing = {"detail": 'Label "No/pe" not found', "status": 404, "title": "Not Found"}

    assert omni.ask("POST", "/v1/labels", {"name": "DRAFT"}) == (409, conflict)
    assert omni.ask("PUT", "/v1/labels/final", {"name": "DRAFT"}) == (409, conflict)
    for method in ("GET", "DELETE"):
        assert omni.ask(method, "/v1/labels/No%2Fpe") == (404, missing)
    assert omni.ask("PUT", "/v1/labels/No%2Fpe", {}) == (404, missing)


def test_only_administrators_manage_verified_and_homepage_labels(omni: Omni) -> None:
    omni.ask("POST", "/v1/labels", {"name": "Golden", "verified": True})
    text = "You do not have permission to manage Verified or Homepage labels"

    def refused(method: str, path: str, body: object = None) -> bool:
        status, answer = omni.ask(method, path, body, **PAT)
        return (status, answer["detail"], answer["title"]) == (403, text, "Forbidden")

    assert refused("POST", "/v1/labels", {"name": "Silver", "homepage": True})
    assert refused("PUT", "/v1/labels/Golden", {"name": "Bronze"})
    assert refused("DELETE", "/v1/labels/Golden")


def test_a_personal_token_updates_its_own_labels_and_deletes_any_basic_one(omni: Omni) -> None:
    omni.ask("POST", "/v1/labels", {"name": "Theirs"})
    omni.ask("POST", "/v1/labels", {"name": "Mine"}, **PAT)

    assert omni.ask("PUT", "/v1/labels/Mine", {"name": "Still mine"}, **PAT)[0] == 200
    assert omni.ask("PUT", "/v1/labels/Mine", {}, **PAT)[0] == 404
    assert omni.ask("PUT", "/v1/labels/Theirs", {"name": "Now mine"}, **PAT)[0] == 403
    assert omni.ask("DELETE", "/v1/labels/Theirs", **PAT)[0] == 204


def test_acting_for_a_user(omni: Omni) -> None:
    other = "00000001-0000-4000-8000-000000000001"
    text = "User-scoped API keys can only be used to act on behalf of the authenticated user."

    assert omni.ask("POST", f"/v1/labels?userId={other}", {"name": "Draft"})[0] == 201
    status, answer = omni.ask("POST", f"/v1/labels?userId={other}", {"name": "Final"}, **PAT)
    assert (status, answer["detail"]) == (403, text)


def test_a_list_lags_behind_one_create(hard_omni: Omni) -> None:
    def names() -> list[str]:
        return [label["name"] for label in hard_omni.ask("GET", "/v1/labels")[1]["labels"]]

    hard_omni.ask("POST", "/v1/labels", {"name": "aa"})
    hard_omni.ask("POST", "/v1/labels", {"name": "bb"})

    assert names() == ["aa"]
    assert names() == ["bb", "aa"]
    hard_omni.ask("POST", "/v1/labels", {"name": "cc"})
    assert hard_omni.ask("GET", "/v1/labels/cc")[0] == 200
    assert names() == ["cc", "bb", "aa"]
    hard_omni.ask("DELETE", "/v1/labels/cc")
    assert names() == ["bb", "aa"]


def test_an_edit_behind_the_back_shows_at_once(hard_omni: Omni) -> None:
    hard_omni.twin.edit("POST", "/v1/labels", {"name": "aa"})

    assert len(hard_omni.ask("GET", "/v1/labels")[1]["labels"]) == 1


def test_unknown_keys() -> None:
    with served(OmniTwin(knobs={"OA-P7": "adversarial"})) as omni:
        text = "formErrors: Unrecognized key(s) in object: 'color'"
        assert omni.ask("POST", "/v1/labels", {"name": "Draft", "color": "red"})[1]["detail"] == text
        assert omni.ask("GET", "/v1/labels?color=red")[1]["detail"] == text
        assert omni.ask("POST", "/v1/labels?userId=x", {"name": "Draft"})[0] == 201


def test_keys_the_reference_does_not_know() -> None:
    with served(OmniTwin(knobs={"OA-P18": "adversarial"})) as omni:
        label = omni.ask("POST", "/v1/labels", {"name": "Draft"})[1]
        folder = omni.ask("POST", "/v1/folders", {"name": "Finance"})[1]

    assert {"color", "description"} <= label.keys()
    assert folder["ownerId"] == folder["owner"]["id"]
