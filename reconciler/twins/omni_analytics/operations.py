"""Every operation of the API: one that is not served answers 501 instead of pretending to be unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.twins.omni_analytics.call import OmniRoute, Style

_TABLE = """
/scim/v2/embed/users GET
/scim/v2/embed/users/{userId} DELETE GET
/scim/v2/groups GET POST
/scim/v2/groups/{userGroupId} DELETE GET PUT
/scim/v2/users GET POST
/scim/v2/users/{userId} DELETE GET PUT
/unstable/documents/import POST
/unstable/documents/{dashboardId}/export GET
/unstable/documents/{documentId}/update-model PUT
/unstable/models/{modelId}/branch/{branchName}/merge POST
/unstable/models/{modelId}/yaml GET POST
/v1/ai/generate-query POST
/v1/connection-environments POST
/v1/connection-environments/{connectionEnvironmentId} PUT
/v1/connections GET POST
/v1/connections/{connectionId} PATCH
/v1/connections/{connectionId}/schedules GET POST
/v1/connections/{connectionId}/schedules/{scheduleId} DELETE GET PUT
/v1/content GET
/v1/dashboards/{dashboardId}/download POST
/v1/dashboards/{dashboardId}/download/{jobId} GET
/v1/dashboards/{dashboardId}/download/{jobId}/status GET
/v1/dashboards/{dashboardId}/filters GET PATCH
/v1/documents GET POST
/v1/documents/{documentId} DELETE GET PATCH PUT
/v1/documents/{documentId}/access-list GET
/v1/documents/{documentId}/draft DELETE
/v1/documents/{documentId}/duplicate POST
/v1/documents/{documentId}/favorite DELETE PUT
/v1/documents/{documentId}/labels PATCH
/v1/documents/{documentId}/labels/{labelName} DELETE PUT
/v1/documents/{documentId}/move PUT
/v1/documents/{documentId}/permissions DELETE GET PATCH POST PUT
/v1/documents/{documentId}/queries GET
/v1/documents/{documentId}/transfer-ownership PUT
/v1/folders GET POST
/v1/folders/{folderId} DELETE
/v1/folders/{folderId}/permissions DELETE GET PATCH POST
/v1/jobs/{jobId}/status GET
/v1/labels GET POST
/v1/labels/{labelName} DELETE GET PUT
/v1/models GET POST
/v1/models/{modelId}/branch/{branchName} DELETE
/v1/models/{modelId}/cache_reset/{cachePolicyName} POST
/v1/models/{modelId}/content-validator GET POST
/v1/models/{modelId}/git DELETE GET PATCH POST
/v1/models/{modelId}/git/sync POST
/v1/models/{modelId}/refresh POST
/v1/models/{modelId}/topic/{topicName} GET
/v1/models/{modelId}/validate GET
/v1/query/run POST
/v1/query/wait GET
/v1/schedules GET POST
/v1/schedules/{scheduleId} DELETE PUT
/v1/schedules/{scheduleId}/add-recipients PUT
/v1/schedules/{scheduleId}/pause PUT
/v1/schedules/{scheduleId}/recipients GET
/v1/schedules/{scheduleId}/remove-recipients PUT
/v1/schedules/{scheduleId}/resume PUT
/v1/schedules/{scheduleId}/transfer-ownership PUT
/v1/schedules/{scheduleId}/trigger POST
/v1/user-groups/{userGroupId}/model-roles GET POST
/v1/users/email-only GET POST
/v1/users/email-only/bulk POST
/v1/users/{userId}/model-roles GET POST
"""

# Paths that answer a wrong method with 400 and a text of their own instead of 405.
WRONG_METHOD_TEXTS: Mapping[str, str] = {
    "/v1/ai/generate-query": "Invalid method",
    "/v1/connection-environments": "Invalid method",
    "/v1/connection-environments/{connectionEnvironmentId}": "Invalid method",
    "/v1/documents/{documentId}/labels/{labelName}": "Invalid method",
    "/v1/documents/{documentId}/move": "Invalid method",
    "/v1/user-groups/{userGroupId}/model-roles": "Method not allowed",
    "/v1/users/{userId}/model-roles": "Method not allowed",
}


def known_operations() -> Iterator[OmniRoute]:
    """A route without an answer for each operation of the API."""
    for line in _TABLE.split("\n"):
        path, *methods = line.split() or [""]
        style = Style.SCIM if path.startswith("/scim/") else Style.PLAIN
        yield from (OmniRoute(method=method, path=path, style=style) for method in methods)
