"""Every endpoint this provider uses, once: the operation's name in the reference and its `METHOD path`.

A kind's schema writes the same `METHOD path` in its `x-rest`; modules beside it ask `to`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from reconciler.model.call import quoted

ENDPOINTS: Final[Mapping[str, str]] = {
    "createConnection": "POST /v1/connections",
    "listConnections": "GET /v1/connections",
    "updateConnection": "PATCH /v1/connections/{connectionId}",
    "listSchemaRefreshSchedules": "GET /v1/connections/{connectionId}/schedules",
    "createSchemaRefreshSchedule": "POST /v1/connections/{connectionId}/schedules",
    "getSchemaRefreshSchedule": "GET /v1/connections/{connectionId}/schedules/{scheduleId}",
    "updateSchemaRefreshSchedule": "PUT /v1/connections/{connectionId}/schedules/{scheduleId}",
    "deleteSchemaRefreshSchedule": "DELETE /v1/connections/{connectionId}/schedules/{scheduleId}",
    "createConnectionEnvironments": "POST /v1/connection-environments",
    "updateConnectionEnvironment": "PUT /v1/connection-environments/{connectionEnvironmentId}",
    "createLabel": "POST /v1/labels",
    "listLabels": "GET /v1/labels",
    "getLabel": "GET /v1/labels/{labelName}",
    "updateLabel": "PUT /v1/labels/{labelName}",
    "deleteLabel": "DELETE /v1/labels/{labelName}",
    "createFolder": "POST /v1/folders",
    "listFolders": "GET /v1/folders",
    "deleteFolder": "DELETE /v1/folders/{folderId}",
    "grantFolderPermissions": "POST /v1/folders/{folderId}/permissions",
    "updateFolderPermissions": "PATCH /v1/folders/{folderId}/permissions",
    "getFolderPermissions": "GET /v1/folders/{folderId}/permissions",
    "revokeFolderPermissions": "DELETE /v1/folders/{folderId}/permissions",
    "updateDocumentModel": "PUT /unstable/documents/{documentId}/update-model",
    "moveDocument": "PUT /v1/documents/{documentId}/move",
    "transferDocumentOwnership": "PUT /v1/documents/{documentId}/transfer-ownership",
    "grantDocumentPermissions": "POST /v1/documents/{documentId}/permissions",
    "updateDocumentPermissions": "PATCH /v1/documents/{documentId}/permissions",
    "updateDocumentSettings": "PUT /v1/documents/{documentId}/permissions",
    "revokeDocumentPermissions": "DELETE /v1/documents/{documentId}/permissions",
    "listDocumentAccessList": "GET /v1/documents/{documentId}/access-list",
    "bulkUpdateDocumentLabels": "PATCH /v1/documents/{documentId}/labels",
    "applyLabelToDocument": "PUT /v1/documents/{documentId}/labels/{labelName}",
    "removeLabelFromDocument": "DELETE /v1/documents/{documentId}/labels/{labelName}",
    "getDashboardFilters": "GET /v1/dashboards/{dashboardId}/filters",
    "updateDashboardFilters": "PATCH /v1/dashboards/{dashboardId}/filters",
    "listDocuments": "GET /v1/documents",
    "getDocument": "GET /v1/documents/{documentId}",
    "renameDocument": "PATCH /v1/documents/{documentId}",
    "createModel": "POST /v1/models",
    "listModels": "GET /v1/models",
    "refreshSchema": "POST /v1/models/{modelId}/refresh",
    "updateModelYaml": "POST /unstable/models/{modelId}/yaml",
    "getModelYaml": "GET /unstable/models/{modelId}/yaml",
    "validateModel": "GET /v1/models/{modelId}/validate",
    "getModelGitConfig": "GET /v1/models/{modelId}/git",
    "createModelGitConfig": "POST /v1/models/{modelId}/git",
    "updateModelGitConfig": "PATCH /v1/models/{modelId}/git",
    "deleteModelGitConfig": "DELETE /v1/models/{modelId}/git",
    "createSchedule": "POST /v1/schedules",
    "listSchedules": "GET /v1/schedules",
    "updateSchedule": "PUT /v1/schedules/{scheduleId}",
    "deleteSchedule": "DELETE /v1/schedules/{scheduleId}",
    "pauseSchedule": "PUT /v1/schedules/{scheduleId}/pause",
    "resumeSchedule": "PUT /v1/schedules/{scheduleId}/resume",
    "transferScheduleOwnership": "PUT /v1/schedules/{scheduleId}/transfer-ownership",
    "listScheduleRecipients": "GET /v1/schedules/{scheduleId}/recipients",
    "addScheduleRecipients": "PUT /v1/schedules/{scheduleId}/add-recipients",
    "removeScheduleRecipients": "PUT /v1/schedules/{scheduleId}/remove-recipients",
    "listEmailOnlyUsers": "GET /v1/users/email-only",
    "bulkManageEmailOnlyUsers": "POST /v1/users/email-only/bulk",
    "createUser": "POST /scim/v2/users",
    "listUsers": "GET /scim/v2/users",
    "getUser": "GET /scim/v2/users/{userId}",
    "updateUser": "PUT /scim/v2/users/{userId}",
    "deleteUser": "DELETE /scim/v2/users/{userId}",
    "listEmbeddedUsers": "GET /scim/v2/embed/users",
    "createUserGroup": "POST /scim/v2/groups",
    "listUserGroups": "GET /scim/v2/groups",
    "getUserGroup": "GET /scim/v2/groups/{userGroupId}",
    "updateUserGroup": "PUT /scim/v2/groups/{userGroupId}",
    "deleteUserGroup": "DELETE /scim/v2/groups/{userGroupId}",
    "assignUserModelRole": "POST /v1/users/{userId}/model-roles",
    "getUserModelRoles": "GET /v1/users/{userId}/model-roles",
    "assignUserGroupModelRole": "POST /v1/user-groups/{userGroupId}/model-roles",
    "getUserGroupModelRoles": "GET /v1/user-groups/{userGroupId}/model-roles",
}

NEWER: Final[Mapping[str, str]] = {"listConnectionEnvironments": "GET /v1/connection-environments"}
"""What a newer edition of the reference has besides, and is asked for all the same (OA-R141)."""


def to(operation: str, *ids: str) -> str:
    """`METHOD path` of an operation, its variable steps filled in their order, percent-encoded (OA-R10). Raises
    KeyError for an operation that is not used, ValueError where the number of ids is another."""
    call = ENDPOINTS[operation]
    steps = re.findall(r"\{\w+\}", call)
    if len(steps) != len(ids):
        raise ValueError(f"{operation} takes {len(steps)} ids, not {len(ids)}")
    for step, value in zip(steps, ids, strict=True):
        call = call.replace(step, quoted(value), 1)
    return call


def of_one(operation: str) -> str:
    """`METHOD path` of an operation on one thing, its only variable step written `{id}` as in `x-rest`. Raises
    KeyError, and ValueError where it has another number of steps."""
    call, steps = re.subn(r"\{\w+\}", "{id}", ENDPOINTS[operation])
    if steps != 1:
        raise ValueError(f"{operation} takes {steps} ids, not 1")
    return call
