"""Git configurations: one per shared model, with a key and a webhook of the server's making (OA-P38)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.slug import slugify
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import admins_alone
from reconciler.twins.omni_analytics.model_things import Model, ModelGit
from reconciler.twins.omni_analytics.models import live_model, touched

PROVIDERS = ("github", "gitlab", "azure_devops", "bitbucket")
HOSTS: Mapping[str, str] = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "dev.azure.com": "azure_devops",
    "ssh.dev.azure.com": "azure_devops",
    "bitbucket.org": "bitbucket",
}
PULL_REQUESTS = ("always", "users-only", "never")
FLAGS = ("branchPerPullRequest", "gitFollower")
TEXTS = ("modelPath", "webUrl")
FIELDS = ("sshUrl", "baseBranch", *FLAGS, "gitServiceProvider", *TEXTS, "requirePullRequest")
SECRET = "webhookSecret"  # noqa: S105 - the name of a field
PATH = "/v1/models/{modelId}/git"
NOT_FOUND = "Not Found: Git configuration not found for this model"
_SSH_URL = re.compile(r"ssh://\S+|[\w.-]+@[\w.-]+:\S+")
_PLACE = re.compile(r"(?:ssh://)?(?:[^@/]+@)?(?P<host>[^:/]+)(?::\d+)?[:/](?P<path>.+?)(?:\.git)?/?")


def read(call: Call) -> Answer:
    include = call.query.get("include")
    if include not in (None, SECRET):
        raise call.bad(f"include: Invalid value. Expected: {SECRET}, received '{include}'")
    model, git = _asked(call)
    return Answer(200, _shown(call, model, git, secret=include is not None))


def create(call: Call) -> Answer:
    """The answer shows the webhook's secret; later it must be asked for."""
    if call.body.get("sshUrl") in (None, ""):
        raise call.bad("sshUrl is required")
    given = _asked_values(call)
    model = _asked_model(call)
    if model.id in call.table(ModelGit):
        raise Refused(409, "Conflict: Git configuration already exists for this model")
    fresh = ModelGit(
        model_id=model.id,
        ssh_url=str(given["sshUrl"]),
        base_branch="main",
        branch_per_pull_request=False,
        git_follower=False,
        provider="",
        model_path=None,
        require_pull_request="never",
        web_url=None,
    )
    git = _changed(fresh, {"gitServiceProvider": "auto", **given})
    call.moment()
    call.table(ModelGit)[model.id] = git
    return Answer(201 if call.newer else 200, _shown(call, model, git, secret=True))


def update(call: Call) -> Answer:
    """What is left out stays; null brings the server's own path or address back."""
    given = _asked_values(call)
    model, git = _asked(call)
    changed = _changed(git, given)
    call.moment()
    call.table(ModelGit)[model.id] = changed
    return Answer(200, _shown(call, model, changed, secret=False))


def delete(call: Call) -> Answer:
    model, _ = _asked(call)
    call.moment()
    del call.table(ModelGit)[model.id]
    said: dict[str, Json] = {"message": "Git configuration deleted"} if call.newer else {}
    return Answer(200, {"success": True, **said})


def sync(call: Call) -> Answer:
    """Does something only where set-up put the repository ahead, and then once."""
    model, git = _asked(call)
    moment = call.moment()
    if not git.ahead:
        still: Json = {"didSync": False, "gitSha": None, "inSync": True, "message": "Model is already in sync"}
        return Answer(200, still)
    call.table(ModelGit)[model.id] = replace(git, ahead=False)
    touched(call, model, moment)
    sha = hashlib.sha1(f"{model.id} {moment}".encode(), usedforsecurity=False).hexdigest()
    return Answer(200, {"didSync": True, "gitSha": sha, "inSync": True, "message": "Model synced successfully"})


def needs_pull_request(call: Call, git: ModelGit) -> bool:
    """May this caller change the model by pull requests alone? `users-only` means people, no organisation keys."""
    users_only = git.require_pull_request == "users-only"
    return git.require_pull_request == "always" or (users_only and call.caller.personal)


def _asked_model(call: Call) -> Model:
    model = live_model(call, call.ids["modelId"])
    if model is None or model.kind != "SHARED":
        raise Refused(404, "Not Found: Model does not exist")
    admins_alone(call, "Forbidden: Requires MANAGE_MODEL permission")
    return model


def _asked(call: Call) -> tuple[Model, ModelGit]:
    model = _asked_model(call)
    git = call.table(ModelGit).get(model.id)
    if git is None:
        raise Refused(404, NOT_FOUND)
    return model, git


def _asked_values(call: Call) -> dict[str, Json]:
    given = {name: call.body[name] for name in FIELDS if name in call.body}
    for name, value in given.items():
        if not _fits(name, value):
            raise call.bad("Invalid sshUrl format" if name == "sshUrl" else f"Invalid {name} value")
    return given


def _fits(name: str, value: Json) -> bool:
    if name in FLAGS:
        return isinstance(value, bool)
    if name == "sshUrl":
        return isinstance(value, str) and _SSH_URL.fullmatch(value) is not None
    if name == "requirePullRequest":
        return value in PULL_REQUESTS
    if name == "gitServiceProvider":
        return value in ("auto", *PROVIDERS)
    if name in TEXTS:
        return value is None or isinstance(value, str)
    return isinstance(value, str) and value != ""


def _changed(git: ModelGit, given: Mapping[str, Json]) -> ModelGit:
    ssh_url = str(given.get("sshUrl", git.ssh_url))
    provider = str(given.get("gitServiceProvider", git.provider))
    place = _PLACE.fullmatch(ssh_url)
    if provider == "auto":
        provider = HOSTS.get(place["host"] if place is not None else "", PROVIDERS[0])
    return replace(
        git,
        ssh_url=ssh_url,
        base_branch=str(given.get("baseBranch", git.base_branch)),
        branch_per_pull_request=given.get("branchPerPullRequest", git.branch_per_pull_request) is True,
        git_follower=given.get("gitFollower", git.git_follower) is True,
        provider=provider,
        model_path=_text(given.get("modelPath", git.model_path)),
        require_pull_request=str(given.get("requirePullRequest", git.require_pull_request)),
        web_url=_text(given.get("webUrl", git.web_url)),
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _shown(call: Call, model: Model, git: ModelGit, *, secret: bool) -> Json:
    place = _PLACE.fullmatch(git.ssh_url)
    bare = call.hard("OA-P38")
    inferred = None if bare or place is None else f"https://{place['host']}/{place['path']}"
    usual = None if bare else f"omni/{slugify(model.name or '') or 'model'}"
    shown: dict[str, Json] = {
        "baseBranch": git.base_branch,
        "branchPerPullRequest": git.branch_per_pull_request,
        "gitFollower": git.git_follower,
        "gitServiceProvider": git.provider,
        "modelPath": git.model_path or usual,
        "publicKey": f"ssh-ed25519 AAAA{model.id}",
        "requirePullRequest": git.require_pull_request,
        "sshUrl": git.ssh_url,
        "webUrl": git.web_url or inferred,
    }
    if secret:
        shown[SECRET] = f"whsec_{model.id}"
    shown["webhookUrl"] = f"https://app.omni.co/api/webhooks/model/{model.id}"
    if call.newer:
        shown |= {"authMethod": "ssh", "cloneUrl": git.ssh_url, "publicKey": None}
    return shown


_route = partial(OmniRoute, uuids=("modelId",), prefix="Bad Request: ")
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", path=PATH, answer=read, query=("include",)),
        _route(method="POST", path=PATH, answer=create, fields=FIELDS),
        _route(method="PATCH", path=PATH, answer=update, fields=FIELDS),
        _route(method="DELETE", path=PATH, answer=delete),
        _route(method="POST", path=f"{PATH}/sync", answer=sync, fields=("commitMessage",), body_optional=True),
    ),
    questions=(Knob("OA-P38", "webUrl and modelPath of git, where not given", "inferred", "null"),),
)
