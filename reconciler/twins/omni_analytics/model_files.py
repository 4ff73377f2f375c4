"""The YAML files of models and of their branches, with checksums to tell who was there before."""

from __future__ import annotations

import hashlib
import re
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import admins_alone, asked_flag, is_uuid
from reconciler.twins.omni_analytics.model_git import needs_pull_request
from reconciler.twins.omni_analytics.model_things import Model, ModelFile, ModelGit, file_key
from reconciler.twins.omni_analytics.models import asked_model, live_model, touched
from reconciler.twins.omni_analytics.things import Org

MODES = ("combined", "extension", "staged")
FIELDS = ("branchId", "fileName", "yaml", "mode", "commitMessage", "previousChecksum")
PATH = "/unstable/models/{modelId}/yaml"
READ_AS = {"model": "model.yaml", "relationships": "relationships.yaml"}
STALE = "File has been modified since it was fetched"
_NAME = re.compile(r"model|relationships|.+\.(topic|view)")


def read(call: Call) -> Answer:
    """`combined` is what holds: the model's files under those of its branch, without empty ones."""
    mode = _asked_mode(call, call.query.get("mode", "combined"))
    with_checksums = asked_flag(call, "includeChecksums")
    branch_id = call.query.get("branchId")
    if branch_id is not None and not is_uuid(branch_id):
        raise call.bad("branchId: Invalid uuid")
    model = asked_model(call)
    _check_allowed(call)
    if branch_id is not None and model.kind == "SCHEMA":
        raise Refused(400, "Schema models do not have branches")
    if branch_id is not None and model.kind == "WORKBOOK" and mode != "combined":
        raise Refused(400, "Branches are not valid for workbook models with mode=extension, staged")
    branch = _branch(call, model, branch_id)
    files = files_of(call, branch or model)
    if mode == "combined":
        below = files_of(call, model) if branch is not None else {}
        files = {name: text for name, text in {**below, **files}.items() if text}
    return Answer(200, _shown(files, call.query.get("fileName"), with_checksums=with_checksums))


def write(call: Call) -> Answer:
    """Stores one file; an empty one in mode `extension` is taken out."""
    name, text, mode = _asked_file(call)
    branch_id = call.body.get("branchId")
    if branch_id is not None and not is_uuid(branch_id):
        raise call.bad("branchId: Invalid uuid")
    model = asked_model(call)
    branch = _branch(call, model, branch_id if isinstance(branch_id, str) else None)
    _check_allowed(call)
    _check_git(call, model, branch)
    target = branch or model
    key = file_key(target.id, name)
    stored = call.table(ModelFile).get(key)
    expected = call.body.get("previousChecksum")
    if expected is not None and (stored is None or expected != checksum(stored.yaml)):
        raise Refused(400, STALE)
    moment = call.moment()
    if text == "" and mode == "extension":
        call.table(ModelFile).pop(key, None)
    else:
        call.table(ModelFile)[key] = ModelFile(target.id, name, text)
    touched(call, target, moment)
    if call.newer:
        return Answer(200, _shown({name: text} if text else {}, None, with_checksums=True))
    return Answer(200, {"fileName": name, "success": True})


def checksum(text: str) -> str:
    """By which a file is told from what it was before."""
    return hashlib.sha256(text.encode()).hexdigest()


def files_of(call: Call, model: Model) -> dict[str, str]:
    """The own files of a model or branch, by name."""
    return {one.name: one.yaml for one in call.table(ModelFile).values() if one.model_id == model.id}


def _asked_mode(call: Call, mode: Json) -> str:
    if isinstance(mode, str) and mode in MODES:
        return mode
    raise call.bad(f"mode: Invalid value. Expected {', '.join(MODES)}")


def _asked_file(call: Call) -> tuple[str, str, str]:
    for needed in ("fileName", "yaml", "mode"):
        if call.body.get(needed) is None:
            raise call.bad(f"{needed}: {needed} is required")
    name, text = call.body["fileName"], call.body["yaml"]
    mode = _asked_mode(call, call.body["mode"])
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise call.bad("fileName: Invalid value. Expected model, relationships, <name>.topic or <name>.view")
    if not isinstance(text, str):
        raise call.bad("yaml: Invalid value. Expected a string")
    return name, text, mode


def _check_allowed(call: Call) -> None:
    if not all(org.has_yaml for org in call.table(Org).values()):
        raise Refused(403, "Feature not enabled")
    admins_alone(call, "Permission denied")


def _check_git(call: Call, model: Model, branch: Model | None) -> None:
    """Schema models and followers cannot be written; git wants a message, pull requests a branch."""
    base = model
    if model.kind == "BRANCH":
        base = live_model(call, model.base_id or "") or model
    git = call.table(ModelGit).get(base.id)
    if base.kind == "SCHEMA" or (git is not None and git.git_follower):
        raise Refused(403, "Permission denied")
    if git is None:
        return
    if needs_pull_request(call, git) and branch is None and model.kind != "BRANCH":
        raise call.bad("branchId: branchId is required")
    if not call.body.get("commitMessage"):
        raise call.bad("commitMessage: commitMessage is required")


def _branch(call: Call, model: Model, branch_id: str | None) -> Model | None:
    if branch_id is None:
        return None
    branch = live_model(call, branch_id)
    if branch is None or branch.kind != "BRANCH" or branch.base_id != model.id:
        raise Refused(404, "Branch does not exist")
    return branch


def _shown(files: dict[str, str], wanted: str | None, *, with_checksums: bool) -> Json:
    named = {READ_AS.get(name, name): text for name, text in sorted(files.items())}
    if wanted is not None:
        named = {name: text for name, text in named.items() if _is_meant(name, wanted)}
    shown: dict[str, Json] = {"files": named, "version": 1, "viewNames": {}}
    if with_checksums:
        shown["checksums"] = {name: checksum(text) for name, text in named.items()}
    return shown


def _is_meant(name: str, wanted: str) -> bool:
    """The name as it is read or written, or a pattern that fits the whole of it."""
    if wanted in (name, name.removesuffix(".yaml")):
        return True
    try:
        return re.fullmatch(wanted, name) is not None
    except re.error:
        return False


_route = partial(OmniRoute, path=PATH, uuids=("modelId",))
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", answer=read, query=("branchId", "fileName", "mode", "includeChecksums")),
        _route(method="POST", answer=write, fields=FIELDS),
    ),
)
