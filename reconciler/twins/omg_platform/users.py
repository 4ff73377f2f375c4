"""Users: listed, looked up and updated, never made or deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omg_platform.call import Call, OmgRoute, success
from reconciler.twins.omg_platform.checks import Check, anything, check_fields, number, number_or_digits, text
from reconciler.twins.omg_platform.showing import shown, shown_id, written
from reconciler.twins.omg_platform.things import Agency, JobRole, User

LIST = "/users"
LOOKUP = "/user"
ONE = "/user/{id}"
MISSING = "User {id} not found"
# The fields of a PUT: texts, ids, and the names that stand for those ids.
TEXTS = ("first_name", "last_name", "email_address")
IDS = ("owning_agency_id", "job_role")
LABELS = ("owning_agency_name", "job_role_name")


def list_active(call: Call) -> Answer:
    wanted = (call.request.parameter("search") or "").casefold()
    users = [user for user in _own(call) if user.active and any(wanted in word for word in _words(call, user))]
    return success("Users retrieved", [_listed(call, user) for user in users])


def look_up(call: Call) -> Answer:
    email, staffid = (call.request.parameter(name) or "" for name in ("email", "staffid"))
    if bool(email) == bool(staffid):
        raise Refused(400, "Exactly one of email or staffid is required")
    for user in _own(call):
        if (user.staffid == staffid if staffid else _is_address(call, user, email)) and _may_be_found(call, user):
            return success("User retrieved", _shown(call, user))
    raise call.missing()


def read(call: Call) -> Answer:
    return success("User retrieved", _shown(call, call.asked(User)))


def update(call: Call) -> Answer:
    user, body = call.asked(User), call.body()
    if not body:
        raise Refused(400, "No fields to update")
    check_fields(body, _known(call))
    agency = _referred(call, body, "owning_agency_id", Agency)
    role = _referred(call, body, "job_role", JobRole)
    _check_free(call, user, body)
    call.moment()
    changed = replace(
        user,
        first_name=_given(body, "first_name", user.first_name),
        last_name=_given(body, "last_name", user.last_name),
        email=_given(body, "email_address", user.email),
        owning_agency_id=user.owning_agency_id if agency is None else agency,
        job_role=user.job_role if role is None else role,
    )
    call.table(User)[call.place(user.id)] = changed
    return success("User updated", written(call, _shown(call, changed)))


def _known(call: Call) -> Mapping[str, Check]:
    """The fields of a PUT."""
    of_ids = number_or_digits if call.hard("OP-P1") else number
    labels = {} if call.hard("OP-P16") else dict.fromkeys(LABELS, anything)
    return {**dict.fromkeys(TEXTS, text), **dict.fromkeys(IDS, of_ids), **labels}


def _given(body: JsonObject, name: str, kept: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else kept


def _referred(call: Call, body: JsonObject, name: str, kind: type[Agency | JobRole]) -> int | None:
    """The id of what a field refers to, if it was sent. Raises Refused."""
    if name not in body:
        return None
    found = call.table(kind).get(call.place(str(body[name])))
    if found is None:
        raise Refused(400 if call.hard("OP-P18") else 422, f"{name} {body[name]} does not exist")
    return found.id


def _check_free(call: Call, user: User, body: JsonObject) -> None:
    wanted = body.get("email_address")
    if not isinstance(wanted, str):
        return
    if any(other.id != user.id and other.email.casefold() == wanted.casefold() for other in _own(call)):
        raise Refused(422, "email_address already in use")


def _own(call: Call) -> list[User]:
    """The users of this tenant, by id."""
    users = [user for user in call.table(User).values() if user.tenant == call.tenant]
    return sorted(users, key=lambda user: user.id)


def _words(call: Call, user: User) -> list[str]:
    """What a search looks through."""
    found = [f"{user.first_name} {user.last_name}", user.email, _agency_name(call, user), _role_name(call, user)]
    return [word.casefold() for word in found if word is not None]


def _is_address(call: Call, user: User, email: str) -> bool:
    return user.email == email if call.hard("OP-P19") else user.email.casefold() == email.casefold()


def _may_be_found(call: Call, user: User) -> bool:
    return user.active or not call.hard("OP-P15")


def _agency_name(call: Call, user: User) -> str | None:
    agency = call.table(Agency).get(call.place(str(user.owning_agency_id)))
    return agency.name if agency is not None else None


def _role_name(call: Call, user: User) -> str | None:
    role = call.table(JobRole).get(call.place(str(user.job_role)))
    return role.name if role is not None else None


def _listed(call: Call, user: User) -> Json:
    whole = _shown(call, user)
    return {name: value for name, value in whole.items() if name not in IDS} if call.hard("OP-P14") else whole


def _shown(call: Call, user: User) -> dict[str, Json]:
    fields: dict[str, Json] = {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email_address": user.email,
        "owning_agency_id": shown_id(call, user.owning_agency_id),
        "owning_agency_name": _agency_name(call, user),
        "job_role": shown_id(call, user.job_role),
        "job_role_name": _role_name(call, user),
    }
    return shown(call, LOOKUP, user.id, user.created_at, fields)


KIND: Kind[OmgRoute] = Kind(
    routes=(
        OmgRoute(method="GET", path=LIST, answer=list_active),
        OmgRoute(method="GET", path=LOOKUP, answer=look_up, missing="User not found"),
        OmgRoute(method="GET", path=ONE, answer=read, missing=MISSING),
        OmgRoute(method="PUT", path=ONE, answer=update, missing=MISSING),
    ),
    questions=(
        Knob("OP-P14", "users in the list", "with the ids of agency and job role", "without"),
        Knob("OP-P15", "looking up an inactive user", "found", "404"),
        Knob("OP-P16", "names of agency and job role in a PUT", "ignored", "400"),
        Knob("OP-P18", "a PUT of an agency or job role that there is not", "422", "400"),
        Knob("OP-P19", "looking up an e-mail address", "whatever its case", "exactly"),
    ),
)
