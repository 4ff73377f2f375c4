"""Git configurations of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omni_analytics.warehouse import NOTHING, OK, ORDERS, PAT, SCHEMA, refused, warehouse
from tests.unit.twins.served import Omni

GIT = f"/v1/models/{ORDERS}/git"
URL = {"sshUrl": "git@github.com:org/repo.git"}
NOT_FOUND = (404, "Not Found: Git configuration not found for this model")
NO_MODEL = (404, "Not Found: Model does not exist")


def test_from_its_create_to_its_end(each_omni: Omni) -> None:
    warehouse(each_omni)
    status, made = each_omni.ask("POST", GIT, {**URL, "modelPath": "omni/o", "webUrl": "https://x.example.com"})
    assert (status, made["webhookSecret"], made["requirePullRequest"]) == (200, f"whsec_{ORDERS}", "never")
    shown = {key: value for key, value in made.items() if key != "webhookSecret"}
    assert each_omni.ask("GET", GIT) == (200, shown)
    assert each_omni.ask("GET", f"{GIT}?include=webhookSecret") == (200, made)

    change = {"baseBranch": "develop", "gitFollower": True, "branchPerPullRequest": True}
    assert each_omni.ask("PATCH", GIT, {**change, "requirePullRequest": "always"}) == (
        200,
        {**shown, **change, "requirePullRequest": "always"},
    )
    assert each_omni.ask("DELETE", GIT) == OK
    assert refused(each_omni, "GET", GIT) == NOT_FOUND


def test_what_is_not_given(omni: Omni, hard_omni: Omni) -> None:
    made = [warehouse(world).ask("POST", GIT, URL)[1] for world in (omni, hard_omni)]
    assert [(one["webUrl"], one["modelPath"]) for one in made] == [
        ("https://github.com/org/repo", "omni/orders"),
        (None, None),
    ]


def test_null_brings_back_what_the_server_infers(omni: Omni) -> None:
    warehouse(omni).ask("POST", GIT, {**URL, "webUrl": "https://x.example.com", "modelPath": "p"})
    changed = omni.ask("PATCH", GIT, {"webUrl": None, "modelPath": None})[1]
    assert (changed["webUrl"], changed["modelPath"]) == ("https://github.com/org/repo", "omni/orders")


@pytest.mark.parametrize(
    ("url", "provider", "web"),
    [
        ("git@gitlab.com:a/b/c.git", "gitlab", "https://gitlab.com/a/b/c"),
        ("ssh://git@bitbucket.org/a/b", "bitbucket", "https://bitbucket.org/a/b"),
        ("git@ssh.dev.azure.com:v3/o/p/r", "azure_devops", "https://ssh.dev.azure.com/v3/o/p/r"),
        ("ssh://git@git.example.com:2222/a/b.git", "github", "https://git.example.com/a/b"),
    ],
)
def test_the_provider_goes_by_the_host(omni: Omni, url: str, provider: str, web: str) -> None:
    made = warehouse(omni).ask("POST", GIT, {"sshUrl": url})[1]
    assert (made["gitServiceProvider"], made["webUrl"]) == (provider, web)
    assert omni.ask("PATCH", GIT, {"gitServiceProvider": "gitlab"})[1]["gitServiceProvider"] == "gitlab"
    assert omni.ask("PATCH", GIT, {"gitServiceProvider": "auto"})[1]["gitServiceProvider"] == provider


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "sshUrl is required"),
        ({"sshUrl": "https://github.com/org/repo"}, "Invalid sshUrl format"),
        ({**URL, "requirePullRequest": "sometimes"}, "Invalid requirePullRequest value"),
        ({**URL, "gitServiceProvider": "svn"}, "Invalid gitServiceProvider value"),
        ({**URL, "gitFollower": "yes"}, "Invalid gitFollower value"),
    ],
)
def test_values_that_are_refused(omni: Omni, body: dict[str, Any], text: str) -> None:
    warehouse(omni)
    assert refused(omni, "POST", GIT, body) == (400, f"Bad Request: {text}")
    if body:
        omni.ask("POST", GIT, URL)
        assert refused(omni, "PATCH", GIT, body) == (400, f"Bad Request: {text}")


def test_what_is_not_there(omni: Omni) -> None:
    warehouse(omni)
    calls: tuple[tuple[str, str, object], ...] = (
        ("GET", "", None),
        ("PATCH", "", {}),
        ("DELETE", "", None),
        ("POST", "/sync", None),
    )
    for method, rest, body in calls:
        assert refused(omni, method, GIT + rest, body) == NOT_FOUND
        assert refused(omni, method, f"/v1/models/{NOTHING}/git{rest}", body) == NO_MODEL
        assert refused(omni, method, f"/v1/models/x/git{rest}", body)[1] == "Bad Request: modelId: Invalid uuid"
    assert refused(omni, "POST", f"/v1/models/{SCHEMA}/git", URL) == NO_MODEL
    omni.ask("POST", GIT, URL)
    exists = (409, "Conflict: Git configuration already exists for this model")
    assert refused(omni, "POST", GIT, URL) == exists
    text = "Forbidden: Requires MANAGE_MODEL permission"
    assert refused(omni, "GET", GIT, **PAT) == refused(omni, "DELETE", GIT, **PAT) == (403, text)
    assert refused(omni, "GET", f"{GIT}?include=x")[0] == 400
    assert refused(omni, "POST", GIT)[1] == "Bad Request: Invalid JSON"


def test_a_sync_does_something_once(omni: Omni) -> None:
    warehouse(omni).ask("POST", GIT, URL)
    still = {"didSync": False, "gitSha": None, "inSync": True, "message": "Model is already in sync"}
    assert omni.ask("POST", f"{GIT}/sync") == (200, still)
    omni.twin.push(ORDERS)
    synced = omni.ask("POST", f"{GIT}/sync", {"commitMessage": "m"})[1]

    assert (synced["didSync"], synced["inSync"], len(synced["gitSha"])) == (True, True, 40)
    assert omni.ask("POST", f"{GIT}/sync") == (200, still)


def test_newer_answers(omni: Omni) -> None:
    warehouse(omni).twin.knobs.set("newer-answers", "adversarial")
    status, made = omni.ask("POST", GIT, URL)

    assert (status, made["cloneUrl"], made["sshUrl"], made["publicKey"]) == (201, *[URL["sshUrl"]] * 2, None)
    assert omni.ask("DELETE", GIT)[1].keys() == {"success", "message"}
