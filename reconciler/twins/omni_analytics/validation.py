"""What is looked at and not changed: models, the content built on them, topics. Content is never at fault here."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import is_uuid
from reconciler.twins.omni_analytics.model_files import files_of
from reconciler.twins.omni_analytics.model_things import Model
from reconciler.twins.omni_analytics.models import SHARED, asked_model, live_model

COUNTS = (
    "replaced_queries_count",
    "replaced_documents_count",
    "replaced_workbook_models_count",
    "replaced_dashboard_filters_count",
    "skipped_pr_required_count",
)
REPLACED = ("VIEW", "FIELD", "TOPIC")
NEEDED = ("find", "replacement", "find_or_replace_type")
CONTENT = "/v1/models/{modelId}/content-validator"


def validate(call: Call) -> Answer:
    """The issues that set-up gave the model, or its branch."""
    branch_id = call.query.get("branchId")
    if branch_id is not None and not is_uuid(branch_id):
        raise call.bad("branchId: Invalid uuid")
    model = asked_model(call)
    if branch_id is not None and model.kind == "SCHEMA":
        raise Refused(400, "Schema models do not have branches")
    looked_at = _branch(call, model, branch_id) or model
    if not call.newer:
        return Answer(200, list(looked_at.issues))
    severities = {True: "warning", False: "error"}
    issues: list[Json] = [
        {"severity": severities[one.get("is_warning") is True], "message": one.get("message")}
        for one in looked_at.issues
    ]
    valid = all(one.get("is_warning") is True for one in looked_at.issues)
    return Answer(200, {"valid": valid, "issues": issues})


def validate_content(call: Call) -> Answer:
    _check_caller(call)
    branch_id = _branch_id(call, call.query)
    model = _asked_shared(call)
    branch = _branch(call, model, branch_id)
    shown: Json = {"id": branch.id, "name": branch.name} if branch is not None else None
    return Answer(200, {"model_id": model.id, "branch": shown, "content": []})


def find_and_replace(call: Call) -> Answer:
    """Nothing is ever found."""
    _check_caller(call)
    body = call.body
    for name in NEEDED:
        if not isinstance(body.get(name), str):
            raise call.bad(f"{name}: Required")
    if body["find_or_replace_type"] not in REPLACED:
        raise call.bad("find_or_replace_type: Invalid value")
    branch_id = _branch_id(call, body)
    model = _asked_shared(call)
    if body["find_or_replace_type"] == "FIELD" and "." not in str(body["find"]):
        raise Refused(400, "Find field must be scoped by view name.")
    _branch(call, model, branch_id)
    call.moment()
    return Answer(200, dict.fromkeys(COUNTS, 0))


def read_topic(call: Call) -> Answer:
    """A topic is there if the model has its file."""
    model, name = asked_model(call), call.ids["topicName"]
    if f"{name}.topic" not in files_of(call, model):
        raise Refused(404, f'No such topic "{name}" or access not permitted')
    return Answer(200, {"success": True, "topic": {"name": name, "base_view_name": name, "label": name}})


def _branch(call: Call, model: Model, branch_id: str | None) -> Model | None:
    if branch_id is None:
        return None
    branch = live_model(call, branch_id)
    if branch is None or branch.kind != "BRANCH" or branch.base_id != model.id:
        raise Refused(404, f"Branch model with id {branch_id} does not exist")
    return branch


def _check_caller(call: Call) -> None:
    """Only an organisation key may look on behalf of another; then the model's id. Raises Refused."""
    acting = call.query.get("userId", call.caller.user_id)
    if call.caller.personal and acting != call.caller.user_id:
        raise Refused(403, "User-scoped API keys cannot act on behalf of other users")
    if not is_uuid(call.ids["modelId"]):
        raise call.bad("modelId: Invalid UUID")


def _branch_id(call: Call, named: Mapping[str, Json]) -> str | None:
    branch_id = named.get("branch_id")
    if branch_id is not None and not is_uuid(branch_id):
        raise call.bad("branch_id: Invalid UUID")
    return str(branch_id) if branch_id is not None else None


def _asked_shared(call: Call) -> Model:
    model = live_model(call, call.ids["modelId"])
    if model is None or model.kind not in SHARED:
        raise Refused(404, f"Shared model with id {call.ids['modelId']} does not exist")
    return model


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="GET",
            path="/v1/models/{modelId}/validate",
            answer=validate,
            uuids=("modelId",),
            query=("branchId",),
            strict="Unrecognized key(s) in object: {}",
        ),
        OmniRoute(
            method="GET",
            path=CONTENT,
            answer=validate_content,
            prefix="Bad Request: ",
            query=("branch_id", "userId", "include_personal_folders"),
        ),
        OmniRoute(
            method="POST",
            path=CONTENT,
            answer=find_and_replace,
            prefix="Bad Request: ",
            query=("userId",),
            fields=(*NEEDED, "branch_id", "include_personal_folders", "only_in_workbook_id"),
        ),
        OmniRoute(
            method="GET",
            path="/v1/models/{modelId}/topic/{topicName}",
            answer=read_topic,
            uuids=("modelId",),
            bad_id="Model with id {} does not exist",
        ),
    ),
)
