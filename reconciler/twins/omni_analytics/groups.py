"""User groups: a name and its members, written and shown together (OA-R42 to OA-R50)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import given_text
from reconciler.twins.omni_analytics.ids import next_group_id
from reconciler.twins.omni_analytics.leaving import group_leaves
from reconciler.twins.omni_analytics.scim import PAGING, asked_page, list_answer, shown_address
from reconciler.twins.omni_analytics.things import Group, User

CORE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"
FIELDS = ("displayName", "members")
MEMBER_KINDS = ("standard", "embed")
ALL = "/scim/v2/groups"
ONE = "/scim/v2/groups/{userGroupId}"

_route = partial(OmniRoute, style=Style.SCIM, org_key_only=True)


def create(call: Call) -> Answer:
    name = _asked_name(call)
    members = _known(call, _asked_members(call, with_display=False) if "members" in call.body else ())
    _check_free(call, name)
    moment = call.moment()
    group = Group(next_group_id(call.twin.counters), name, members, moment, moment)
    call.table(Group)[group.id] = group
    call.made(Group, group.id)
    return Answer(201, _shown(call, group))


def list_page(call: Call) -> Answer:
    start, count = asked_page(call)
    return list_answer(call.listed(Group), start, count, partial(_shown, call))


def read(call: Call) -> Answer:
    return Answer(200, _shown(call, _asked(call)))


def update(call: Call) -> Answer:
    """Name and members are both overwritten, whatever they were."""
    name = _asked_name(call)
    if "members" not in call.body:
        raise call.bad("members: Required")
    sent = _asked_members(call, with_display=call.hard("OA-P26"))
    group = _asked(call)
    members = _known(call, sent)
    if name != group.name:
        _check_free(call, name)
    changed = replace(group, name=name, members=members, last_modified=call.moment())
    call.table(Group)[group.id] = changed
    return Answer(200, _shown(call, changed))


def delete(call: Call) -> Answer:
    group = _asked(call)
    call.moment()
    group_leaves(call, group.id)
    return Answer(204)


def _asked(call: Call) -> Group:
    group = call.table(Group).get(call.ids["userGroupId"])
    if group is None:
        raise Refused(404, f"Resource {call.ids['userGroupId']} not found")
    return group


def _asked_name(call: Call) -> str:
    name = given_text(call, "displayName")
    if not name:
        raise call.bad("displayName: Required")
    return name


def _asked_members(call: Call, *, with_display: bool) -> Sequence[str]:
    """The ids sent, of people who may or may not exist."""
    given = call.body["members"]
    if not isinstance(given, list):
        raise call.bad("members: Invalid value")
    found = []
    for place, member in enumerate(given):
        value = member.get("value") if isinstance(member, Mapping) else None
        if not isinstance(member, Mapping) or not isinstance(value, str):
            raise call.bad(f"members.{place}: Invalid value")
        if with_display and not isinstance(member.get("display"), str):
            raise call.bad(f"members.{place}.display: Required")
        found.append(value.lower())
    return found


def _known(call: Call, sent: Sequence[str]) -> tuple[str, ...]:
    users = call.table(User)
    for place, user_id in enumerate(sent):
        user = users.get(user_id)
        if user is None or user.kind not in MEMBER_KINDS:
            raise call.bad(f"members.{place}: Invalid value")
    return tuple(dict.fromkeys(sent))


def _check_free(call: Call, name: str) -> None:
    if call.hard("OA-P27"):
        return
    if any(group.name == name for group in call.table(Group).values()):
        raise Refused(409, "Group already exists")


def _shown(call: Call, group: Group) -> Json:
    users = call.table(User)
    members = sorted(group.members) if call.hard("OA-P30") else group.members
    shown: dict[str, Json] = {
        "displayName": group.name,
        "id": group.id,
        "members": [{"display": shown_address(call, users[member]), "value": member} for member in members],
        "meta": {"created": group.created, "lastModified": group.last_modified, "resourceType": "Group"},
        "schemas": [CORE_SCHEMA],
    }
    if call.newer:
        del shown["meta"]
    return shown


KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="POST", path=ALL, answer=create, fields=FIELDS),
        _route(method="GET", path=ALL, answer=list_page, query=PAGING),
        _route(method="GET", path=ONE, answer=read),
        _route(method="PUT", path=ONE, answer=update, fields=FIELDS),
        _route(method="DELETE", path=ONE, answer=delete),
    ),
    questions=(
        Knob("OA-P26", "display of a member in a group PUT", "may be missing", "400"),
        Knob("OA-P27", "a group name that is taken", "409", "a second group"),
        Knob("OA-P30", "the order of a group's members", "as sent", "by id"),
    ),
)
