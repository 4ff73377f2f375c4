"""Branches of shared models: merged and deleted by name. They are made and listed as models."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import admins_alone, given_flag, given_text
from reconciler.twins.omni_analytics.model_files import files_of
from reconciler.twins.omni_analytics.model_git import needs_pull_request
from reconciler.twins.omni_analytics.model_things import Model, ModelFile, ModelGit, file_key
from reconciler.twins.omni_analytics.models import SHARED, live_branch, live_model, touched

ONE = "/models/{modelId}/branch/{branchName}"
FIELDS = ("delete_branch", "publish_drafts", "commit_message", "force_override_git_settings")
NOT_FOUND = "Shared model or branch model does not exist"
DIRECT = "Cannot merge branch directly. This model {}. Use force_override_git_settings: true to bypass."


def delete(call: Call) -> Answer:
    _, branch = _asked(call)
    _end(call, branch, call.moment())
    return Answer(200, {"success": True})


def merge(call: Call) -> Answer:
    """The branch's files take the place of the model's. Git is synced unless it had to be overridden."""
    given_text(call, "commit_message")
    given_flag(call, "publish_drafts")
    deletes, forced = given_flag(call, "delete_branch"), given_flag(call, "force_override_git_settings")
    model, branch = _asked(call)
    git = call.table(ModelGit).get(model.id)
    synced = git is not None and not needs_pull_request(call, git) and not git.git_follower
    if git is not None and not synced and not forced:
        reason = "follows git as source of truth" if git.git_follower else "requires pull requests for changes"
        raise Refused(400, DIRECT.format(reason))
    moment = call.moment()
    _take_over(call, model, branch)
    touched(call, model, moment)
    if deletes:
        _end(call, branch, moment)
    counts = {"published_drafts_count": 0, "failed_drafts_count": 0}
    return Answer(200, {"success": True, **counts, "git_synced": synced})


def _asked(call: Call) -> tuple[Model, Model]:
    """The model and its branch. Raises Refused."""
    model = live_model(call, call.ids["modelId"])
    if model is None or model.kind not in SHARED:
        raise Refused(404, NOT_FOUND)
    branch = live_branch(call, model.id, call.ids["branchName"])
    if branch is None:
        raise Refused(404, NOT_FOUND)
    admins_alone(call, "Forbidden")
    return model, branch


def _take_over(call: Call, model: Model, branch: Model) -> None:
    table = call.table(ModelFile)
    for name, text in files_of(call, branch).items():
        if text:
            table[file_key(model.id, name)] = ModelFile(model.id, name, text)
        else:
            table.pop(file_key(model.id, name), None)
        del table[file_key(branch.id, name)]


def _end(call: Call, branch: Model, moment: str) -> None:
    call.table(Model)[branch.id] = replace(branch, deleted_at=moment)


_route = partial(OmniRoute, uuids=("modelId",), bad_id="Bad Request: Invalid modelId format")
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="DELETE", path=f"/v1{ONE}", answer=delete),
        _route(
            method="POST",
            path=f"/unstable{ONE}/merge",
            answer=merge,
            fields=FIELDS,
            body_optional=True,
            style=Style.BARE,
        ),
    ),
)
