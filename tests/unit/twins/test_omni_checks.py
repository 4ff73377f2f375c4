"""What every operation of the Omni Analytics twin checks first, and how it says no."""

from __future__ import annotations

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.served import Omni, contract, served

NOT_FOUND = {"detail": "Not Found", "status": 404}
UNAUTHORIZED = {"detail": "Unauthorized: Missing or invalid API key", "status": 401}


@pytest.mark.parametrize("header", ["Bearer wrong", "omni_osk_test", "Basic omni_osk_test", ""])
def test_a_wrong_key(omni: Omni, header: str) -> None:
    assert omni.ask("GET", "/v1/labels", Authorization=header) == (401, UNAUTHORIZED)


def test_the_route_is_looked_at_before_the_key(omni: Omni) -> None:
    assert omni.ask("GET", "/v1/nothing", Authorization="") == (404, NOT_FOUND)
    assert omni.ask("PATCH", "/v1/labels", Authorization="")[0] == 405
    assert omni.ask("DELETE", "/v1/folders/no-uuid", Authorization="")[0] == 401


@pytest.mark.parametrize("path", ["/v1/labels/", "/v1", "/", "", "/v1/labels/a/b", "//v1/labels"])
def test_unknown_paths(omni: Omni, path: str) -> None:
    assert omni.ask("GET", path) == (404, NOT_FOUND)


def test_outside_the_base_path(omni: Omni) -> None:
    assert omni.client.get(omni.origin + "/v1/labels").status_code == 404


def test_a_wrong_method_names_the_right_ones(omni: Omni) -> None:
    reply = omni.client.patch(omni.url + "/v1/labels")

    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, POST")
    assert reply.json() == {"detail": "Method Not Allowed", "status": 405}


@pytest.mark.parametrize(
    ("method", "path", "text"),
    [
        ("POST", "/v1/documents/d0c00001/move", "Invalid method"),
        ("POST", "/v1/documents/d0c00001/labels/Draft", "Invalid method"),
        ("PUT", "/v1/users/x/model-roles", "Method not allowed"),
    ],
)
def test_some_paths_word_a_wrong_method_as_a_bad_request(omni: Omni, method: str, path: str, text: str) -> None:
    assert omni.ask(method, path) == (400, {"detail": text, "status": 400})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/labels/none", 404),
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/folders/x", 400),
        ("GET", "/scim/v2/users/none", 404),
        ("PATCH", "/v1/labels", 405),
    ],
)
def test_adversarial_errors_follow_the_schema(hard_omni: Omni, method: str, path: str, status: int) -> None:
    got, answer = hard_omni.ask(method, path)

    assert (got, answer["error"]) == (status, str(status))
    assert set(answer) == {"error", "message"}
    assert answer["message"]


def test_the_rate_is_counted_per_key() -> None:
    now = 0.0
    with served(OmniTwin(rate_limit=3)) as omni:
        omni.twin.rate.now = lambda: now
        statuses = [omni.ask("GET", "/v1/labels")[0] for _ in range(5)]
        other = omni.ask("GET", "/v1/labels", Authorization="Bearer omni_pat_test")[0]
        now = 59.5
        reply = omni.client.get(omni.url + "/v1/labels")
        now = 60.0
        again = omni.ask("GET", "/v1/labels")[0]

    assert (statuses, other, again) == ([200, 200, 200, 429, 429], 200, 200)
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "1")
    assert reply.json() == {"detail": "Too Many Requests", "status": 429}


def test_the_rate_comes_before_the_route() -> None:
    with served(OmniTwin(rate_limit=1)) as omni:
        assert [omni.ask("GET", "/v1/nothing")[0] for _ in range(2)] == [404, 429]


def test_the_adversarial_rate_gives_no_hint_and_counts_refusals() -> None:
    now = 0.0
    with served(OmniTwin("adversarial", rate_limit=1)) as omni:
        omni.twin.rate.now = lambda: now
        omni.ask("GET", "/v1/labels")
        now = 59.0
        reply = omni.client.get(omni.url + "/v1/labels")
        now = 61.0
        later = omni.ask("GET", "/v1/labels")[0]

    assert (reply.status_code, "retry-after" in reply.headers) == (429, False)
    assert later == 429


@pytest.mark.contract
def test_every_operation_of_the_reference_is_served() -> None:
    import yaml

    spec = yaml.safe_load(contract("omni-analytics.openapi.yaml"))
    methods = ("get", "post", "put", "patch", "delete")
    operations = [
        (method.upper(), path) for path, item in spec["paths"].items() for method in item if method in methods
    ]

    with served(OmniTwin()) as omni:
        statuses = {operation: omni.ask(*operation)[0] for operation in operations}
    assert len(operations) == 105
    assert {operation for operation, status in statuses.items() if status in (405, 501)} == set()


TEXTS = (
    "Unauthorized: Missing or invalid API key",
    "Too Many Requests",
    "Forbidden: Organization API key required",
    "User-scoped API keys can only be used to act on behalf of the authenticated user.",
    "Label name must be between 2 and 25 characters",
    'A label named "<name>" already exists',
    'Label "<name>" not found',
    "You do not have permission to manage Verified or Homepage labels",
    'Label "<name>" is currently applied to documents and cannot be deleted',
    "Bad Request: Invalid JSON",
    "Bad Request: name: Required",
    "Bad Request: Maximum folder nesting depth reached",
    "Bad Request: Child folder scope must match parent folder scope",
    "Parent folder with id <id> does not exist",
    "User with id <id> does not exist",
    "Bad Request: pageSize: Page size must be at least 1",
    "Bad Request: ownerId: ownerId is required when scope is 'restricted'",
    r"Bad Request: sortField: Invalid enum value. Expected 'name' \| 'path', received '<v>'",
    "Bad Request: include: Invalid value. Expected: _count, labels, received '<v>'",
    "Bad Request: Invalid path pattern. Only a single wildcard (*) is allowed at the end of the pattern",
    "Folder with path <path> does not exist",
    "User membership not found",
    "Folders with documents cannot be deleted",
    "Only empty folders can be deleted",
    "Folder with id <id> does not exist",
    "cursor: Invalid cursor",
    "Resource <id> not found",
    "Invalid filter",
    "formErrors: Unrecognized key(s) in object: '<k>'",
    "urn:ietf:params:scim:api:messages:2.0:Error",
    "User already exists",
    "userName cannot be changed",
    "Group already exists",
    "members.<i>: Invalid value",
    "members.0.display: Required",
    "userId: userId must be provided",
    "userId: Invalid userId",
    "userIds.userGroupIds: userIds or userGroupIds must be provided",
    "userIds.<i>: Invalid uuid",
    "userGroupIds.<i>: Invalid uuid",
    "User does not have permission to manage folder permissions",
    'Folder with identifier "<id>" not found',
    "Principal already has a permission",
    "Permission not found",
    "Invalid enum value",
    "Page size cannot exceed 100",
    "ownerId: Invalid uuid",
    "Invalid page number. The last valid page is <n>.",
    "<field>: <field> is required",
    "Analyses do not support dashboards.",
    "Document does not have a dashboard",
    "schedule: Schedule is an invalid cron expression",
    "timezone: Time zone must be IANA valid.",
    "hideTitle can only be used with PDF or PNG formats",
    "Print options are not supported for this format",
    "Single column layout and table expansion options are not supported for FIT_PAGE format.",
    "Invalid filter keys found in schedule configuration: <keys>. Available dashboard filter keys are: <keys>.",
    "queryIdentifierMapKey: Required",
    "Must provide both a trigger query and an alert condition type",
    "Test delivery not supported for condition type RESULTS_CHANGED",
    'Document with identifier "<id>" not found',
    "Bad Request: name: name is required, schedule: schedule is required, timezone: timezone is required, ",
    r"destinationType: Invalid discriminator value. Expected email \| webhook \| sftp",
    "identifier: cannot be changed",
    "scheduleId: Invalid uuid",
    "Scheduled task with id <id> does not exist",
    "Successfully created schedule",
    "Schedule is system disabled",
    "Schedule is already paused",
    "Schedule is already resumed",
    "userId is a required field",
    "User already owns the schedule",
    "New owner does not have permission to view the dashboard",
    "New owner is not a member of the organization",
    "At least one recipient must be provided",
    "Please provide either valid email addresses, valid user IDs, or both",
    "<parameter>: Array must contain at least 1 element(s)",
    "emails: Invalid email address",
    "userIds: Invalid uuid",
    "Invalid recipient(s): The following members do not exist or do not have access to this organization: <ids>",
    "Cannot add recipients to destination type <type>",
    "Cannot change recipients on a scheduled task destination of type <type>",
)


@pytest.mark.contract
@pytest.mark.parametrize("text", TEXTS)
def test_the_texts_stand_in_the_reference(text: str) -> None:
    assert text in contract("omni-analytics.md")
