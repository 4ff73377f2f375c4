"""What goes with a user or a group that is deleted."""

from __future__ import annotations

from dataclasses import replace

from reconciler.twins.omni_analytics.call import Call
from reconciler.twins.omni_analytics.model_things import ModelRole
from reconciler.twins.omni_analytics.things import Group, Permit, Schedule, User


def user_leaves(call: Call, user_id: str, moment: str) -> None:
    """He leaves his groups and lists of recipients; his grants and roles go; his schedules are disabled by the
    system.
    """
    del call.table(User)[user_id]
    for group in call.table(Group).values():
        call.table(Group)[group.id] = replace(group, members=_without(group.members, user_id))
    _drop_rights(call, user_id, is_group=False)
    for schedule in call.table(Schedule).values():
        left = replace(schedule, recipients=_without(schedule.recipients, user_id))
        if schedule.owner_id == user_id:
            left = replace(left, system_disabled_at=moment, system_disabled_reason="noAccess")
        call.table(Schedule)[schedule.id] = left


def group_leaves(call: Call, group_id: str) -> None:
    """Its grants and roles go."""
    del call.table(Group)[group_id]
    _drop_rights(call, group_id, is_group=True)


def _drop_rights(call: Call, subject: str, *, is_group: bool) -> None:
    whose = (subject, is_group)
    permits, roles = call.table(Permit), call.table(ModelRole)
    for key in [key for key, one in permits.items() if (one.principal, one.is_group) == whose]:
        del permits[key]
    for key in [key for key, one in roles.items() if (one.subject, one.is_group) == whose]:
        del roles[key]


def _without(ids: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(one for one in ids if one != gone)
