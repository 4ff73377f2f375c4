"""YAML files and branches of models of the Omni Analytics twin, over a socket."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests.unit.twins.omni_analytics.warehouse import BASE, NOTHING, OK, ORDERS, PAT, SCHEMA, refused, warehouse
from tests.unit.twins.served import Omni

YAML = f"/unstable/models/{ORDERS}/yaml"
BRANCH = "00000006-0000-4000-8000-000000000003"
MERGE = f"/unstable/models/{ORDERS}/branch/feature%2Fx/merge"
FILE = {"fileName": "orders.view", "yaml": "a: 1", "mode": "extension"}
URL = {"sshUrl": "git@github.com:org/repo.git"}


def files(omni: Omni, query: str = "mode=extension") -> Any:
    status, answer = omni.ask("GET", f"{YAML}?{query}")
    assert status == 200, answer
    return answer["files"]


def branched(omni: Omni) -> Omni:
    assert warehouse(omni).twin.add_model(BASE, "BRANCH", "feature/x", base_id=ORDERS) == BRANCH
    return omni


def test_a_file_from_its_first_writing_to_its_end(each_omni: Omni) -> None:
    warehouse(each_omni)
    written = (200, {"fileName": "orders.view", "success": True})
    assert each_omni.ask("POST", YAML, FILE) == written
    assert each_omni.ask("POST", YAML, {**FILE, "fileName": "model", "yaml": "b: 2"})[0] == 200
    status, answer = each_omni.ask("GET", f"{YAML}?mode=extension&includeChecksums=true")

    assert answer["files"] == {"model.yaml": "b: 2", "orders.view": "a: 1"}
    checksum = hashlib.sha256(b"a: 1").hexdigest()
    assert (status, answer["checksums"]["orders.view"]) == (200, checksum)
    assert "checksums" not in each_omni.ask("GET", YAML)[1]
    assert each_omni.ask("POST", YAML, {**FILE, "yaml": "a: 2", "previousChecksum": checksum}) == written
    stale = (400, "File has been modified since it was fetched")
    assert refused(each_omni, "POST", YAML, {**FILE, "yaml": "a: 3", "previousChecksum": checksum}) == stale
    assert each_omni.ask("POST", YAML, {**FILE, "yaml": ""}) == written
    assert files(each_omni) == {"model.yaml": "b: 2"}


def test_an_empty_file_may_be_kept_and_ignored(omni: Omni) -> None:
    warehouse(omni).ask("POST", YAML, {**FILE, "yaml": "", "mode": "combined"})
    assert (files(omni), files(omni, "mode=combined")) == ({"orders.view": ""}, {})


def test_files_by_name(omni: Omni) -> None:
    for name in ("model", "a.view", "b.view", "c.topic"):
        warehouse(omni).twin.add_file(ORDERS, name, "x: 1")
    assert list(files(omni, "fileName=model")) == ["model.yaml"]
    assert list(files(omni, "fileName=.*view")) == ["a.view", "b.view"]
    assert list(files(omni, "fileName=%5B")) == []


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"fileName": None}, 400, "fileName: fileName is required"),
        ({"yaml": None}, 400, "yaml: yaml is required"),
        ({"mode": None}, 400, "mode: mode is required"),
        ({"mode": "merged"}, 400, "mode: Invalid value. Expected combined, extension, staged"),
        ({"branchId": "x"}, 400, "branchId: Invalid uuid"),
        ({"branchId": NOTHING}, 404, "Branch does not exist"),
    ],
)
def test_writes_that_are_refused(omni: Omni, change: dict[str, Any], status: int, text: str) -> None:
    assert refused(warehouse(omni), "POST", YAML, {**FILE, **change}) == (status, text)


def test_what_may_not_be_written(omni: Omni) -> None:
    branched(omni)
    assert refused(omni, "POST", f"/unstable/models/{SCHEMA}/yaml", FILE) == (403, "Permission denied")
    assert refused(omni, "POST", YAML, FILE, **PAT) == (403, "Permission denied")
    assert refused(omni, "POST", YAML, {**FILE, "fileName": "orders.yaml"})[0] == 400
    missing = f"/unstable/models/{NOTHING}/yaml"
    assert refused(omni, "POST", missing, FILE) == (404, f"Model with id {NOTHING} does not exist")
    assert refused(omni, "GET", "/unstable/models/x/yaml") == (400, "modelId: Invalid uuid")
    schema = f"/unstable/models/{SCHEMA}/yaml?branchId={BRANCH}"
    assert refused(omni, "GET", schema) == (400, "Schema models do not have branches")
    workbook = omni.twin.add_model(BASE, "WORKBOOK", "w", base_id=ORDERS)
    text = "Branches are not valid for workbook models with mode=extension, staged"
    query = f"branchId={BRANCH}&mode=staged"
    assert refused(omni, "GET", f"/unstable/models/{workbook}/yaml?{query}") == (400, text)


def test_git_wants_a_message_and_pull_requests_a_branch(omni: Omni) -> None:
    branched(omni).ask("POST", f"/v1/models/{ORDERS}/git", URL)
    assert refused(omni, "POST", YAML, FILE) == (400, "commitMessage: commitMessage is required")
    message = {**FILE, "commitMessage": "m"}
    assert omni.ask("POST", YAML, message)[0] == 200

    omni.ask("PATCH", f"/v1/models/{ORDERS}/git", {"requirePullRequest": "always"})
    assert refused(omni, "POST", YAML, message) == (400, "branchId: branchId is required")
    assert omni.ask("POST", YAML, {**message, "branchId": BRANCH})[0] == 200
    omni.ask("PATCH", f"/v1/models/{ORDERS}/git", {"gitFollower": True})
    assert refused(omni, "POST", YAML, {**message, "branchId": BRANCH}) == (403, "Permission denied")


def test_without_the_beta(omni: Omni) -> None:
    warehouse(omni).twin.turn_off_yaml()
    assert refused(omni, "GET", YAML) == refused(omni, "POST", YAML, FILE) == (403, "Feature not enabled")


def test_a_branch_lies_over_its_model_until_it_is_merged(each_omni: Omni) -> None:
    branched(each_omni).twin.add_file(ORDERS, "a.view", "a: 1")
    each_omni.twin.add_file(ORDERS, "b.view", "b: 1")
    each_omni.ask("POST", YAML, {**FILE, "fileName": "a.view", "yaml": "a: 2", "branchId": BRANCH})
    each_omni.ask("POST", YAML, {**FILE, "fileName": "b.view", "yaml": "", "mode": "combined", "branchId": BRANCH})

    assert files(each_omni, f"branchId={BRANCH}") == {"a.view": "a: 2"}
    assert files(each_omni) == {"a.view": "a: 1", "b.view": "b: 1"}
    merged = {"success": True, "published_drafts_count": 0, "failed_drafts_count": 0, "git_synced": False}
    assert each_omni.ask("POST", MERGE, {"delete_branch": True}) == (200, merged)
    assert files(each_omni) == {"a.view": "a: 2"}
    assert refused(each_omni, "POST", MERGE)[0] == 404


def test_what_git_has_to_say_about_a_merge(omni: Omni) -> None:
    git = f"/v1/models/{ORDERS}/git"
    branched(omni).ask("POST", git, {**URL, "requirePullRequest": "users-only"})
    assert omni.ask("POST", MERGE)[1]["git_synced"] is True
    omni.ask("PATCH", git, {"requirePullRequest": "always"})
    said = "Use force_override_git_settings: true to bypass."
    wanted = f"Cannot merge branch directly. This model requires pull requests for changes. {said}"
    assert omni.ask("POST", MERGE) == (400, {"error": wanted})
    omni.ask("PATCH", git, {"gitFollower": True})
    wanted = f"Cannot merge branch directly. This model follows git as source of truth. {said}"
    assert omni.ask("POST", MERGE) == (400, {"error": wanted})
    forced = omni.ask("POST", MERGE, {"force_override_git_settings": True})
    assert (forced[0], forced[1]["git_synced"]) == (200, False)


def test_a_branch_is_deleted_by_its_name(omni: Omni) -> None:
    one = f"/v1/models/{ORDERS}/branch"
    branched(omni)
    assert omni.ask("DELETE", f"{one}/feature%2Fx") == OK
    gone = (404, "Shared model or branch model does not exist")
    assert refused(omni, "DELETE", f"{one}/feature%2Fx") == refused(omni, "POST", MERGE) == gone
    assert refused(omni, "DELETE", f"/v1/models/{SCHEMA}/branch/x") == gone
    assert refused(omni, "DELETE", "/v1/models/x/branch/y") == (400, "Bad Request: Invalid modelId format")
