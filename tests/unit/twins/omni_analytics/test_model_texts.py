"""What the twin says of connections, models, roles and people without an account stands in the reference."""

from __future__ import annotations

import pytest

from tests.unit.twins.served import contract

BYPASS = "Use force_override_git_settings: true to bypass."
ZONES = (
    "Please see the connection page or user profile page for the list of valid timezones. "
    'Use e.g. "America/New_York" instead of "EST"'
)
WRAP = (
    "If passing a single value for a user attribute with multiple values enabled, "
    "please wrap the value in an array [x]."
)
TEXTS = (
    "formErrors: Unrecognized key(s) in object: '<k>'",
    r"sortField: Invalid enum value. Expected 'database' \| 'dialect' \| 'name', received '<v>'",
    "Invalid dialect(s): <v>",
    "At least one field must be provided",
    "Connection with id <id> does not exist",
    "Connection updated",
    "Invalid cron expression",
    "Invalid timezone",
    "Connection not found",
    "Schedule not found",
    "Schedule belongs to a different connection",
    "Connection Admin permissions for the connection are required",
    "baseConnectionId: Base connection ID must be a valid UUID",
    "environmentConnectionIds: All environment connection IDs must be valid UUIDs",
    "The following environment connection IDs are not valid for this connection: <comma-separated ids>",
    'User attribute value "<value>" is already in use',
    "Connection environment with id <id> does not exist",
    "Bad Request: Schema model already exists for the connection",
    "Bad Request: Schema model does not exist when creating a non-schema model",
    "Bad Request: Invalid parameter value",
    "Shared model cannot be created when branch schema refresh is enabled",
    "Bad Request: modelId: Invalid uuid",
    "Bad Request: sshUrl is required",
    "Bad Request: Invalid sshUrl format",
    "Bad Request: Invalid requirePullRequest value",
    "Not Found: Model does not exist",
    "Not Found: Git configuration not found for this model",
    "Conflict: Git configuration already exists for this model",
    "Forbidden: Requires MANAGE_MODEL permission",
    "Model is already in sync",
    "Model with id <id> does not exist",
    "resetAt cannot be future dated",
    "<parameter>: <parameter> is required",
    "File has been modified since it was fetched",
    "Permission denied",
    "Feature not enabled",
    "Branch does not exist",
    "Schema models do not have branches",
    "Branches are not valid for workbook models with mode=extension, staged",
    "Branch model with id <id> does not exist",
    "Bad Request: modelId: Invalid UUID",
    "Find field must be scoped by view name.",
    "Shared model with id <id> does not exist",
    "User-scoped API keys cannot act on behalf of other users",
    "Bad Request: Invalid modelId format",
    "Shared model or branch model does not exist",
    f"Cannot merge branch directly. This model requires pull requests for changes. {BYPASS}",
    f"Cannot merge branch directly. This model follows git as source of truth. {BYPASS}",
    "Bad Request: jobId: Invalid uuid",
    "Job type not supported for status checks",
    "Job not found",
    "Cannot trigger schedule while another execution is in progress",
    "email: email is required",
    "email: Invalid email address",
    "users: users is required",
    "users: Maximum of 20 users can be processed in a single request",
    'The provided user attributes: "<a>" do not match the names of existing user attributes.',
    "User Attribute <a> is type number, but passed-in value <v> is not a number.",
    f"The timezone <tz> is not supported. {ZONES}",
    f"User Attribute <a> has multiple values enabled, but the passed-in value is not an array. {WRAP}",
    "Invalid model ID",
    "Invalid connection ID",
    "User not found in organization",
    "User group not found in organization",
    "Model does not exist",
    "Connection does not exist",
    "Invalid role",
    "Model does not belong to connection",
    "Only shared and shared_extension models can be assigned model roles",
    "modelId: Required",
    "Method not allowed",
    "Invalid method",
)


@pytest.mark.contract
@pytest.mark.parametrize("text", TEXTS)
def test_the_texts_stand_in_the_reference(text: str) -> None:
    assert text in contract("omni-analytics.md") + contract("omni-analytics.openapi.yaml")
