"""What the lists of Studio Tracker tell of people: members, invitations, the workload."""

from __future__ import annotations

from collections import defaultdict

from reconciler.model.doctor import Finding, Heard, Known, confirmed, refuted, untold
from reconciler.model.record import replace
from reconciler.providers.probing import filled, has, rows, settled, shape, some, text
from reconciler.providers.studio_tracker.probe_reads import (
    INVITATIONS,
    TEAMS,
    USER_ID,
    WORKLOAD,
    list_read,
    members_of,
    people_shown,
    teams_shown,
)


def member_shape(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, list_read(known, TEAMS))) is not None:
        return finding
    teams = teams_shown(known, heard)
    without = sum(not isinstance(team.get("members"), list) for team in teams)
    if without:
        return refuted(f"{without} of {some(len(teams), 'team')} without a list of members")
    members = members_of(teams)
    if not members:
        return untold(f"{some(len(teams), 'team')}, no member in any")
    good = sum(has(m, USER_ID) and has(m, "/user/email") and "isPrimary" in m for m in members)
    seen = f"{good} of {some(len(members), 'member')} with the user's id, e-mail address and flag"
    return confirmed(seen) if good == len(members) else refuted(seen)


def flags(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, list_read(known, TEAMS))) is not None:
        return finding
    members = members_of(teams_shown(known, heard))
    if not members:
        return untold("the list shows no members")
    good = sum(isinstance(m.get("isPrimary"), bool) for m in members)
    seen = f"{good} of {some(len(members), 'member')} with a flag that is true or false"
    return confirmed(seen) if good == len(members) else refuted(seen)


def invited_ids(known: Known, heard: Heard) -> Finding:
    request = list_read(known, INVITATIONS)
    if (finding := settled(heard, request)) is not None:
        return finding
    found = rows(heard, request, "") or []
    good = filled(found, ["/userId"])
    seen = f"{good} of {some(len(found), 'invitation')} with `userId`"
    return confirmed(seen) if good else untold(f"{seen}: whether they carry a user's id at all, no read tells")


def workload(known: Known, heard: Heard) -> Finding:
    return shape(heard, list_read(known, WORKLOAD), ["", "/users"], ["/id", "/email"], "person")


def one_account(known: Known, heard: Heard) -> Finding:
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for address, user_id in people_shown(known, heard):
        if address and user_id:
            ids[address].add(user_id)
    if not ids:
        return untold("no list names a person with address and id")
    twice = sum(len(found) > 1 for found in ids.values())
    seen = f"{len(ids)} people by their addresses, {twice or 'none'} with two ids"
    return refuted(seen) if twice else confirmed(seen)


def everybody(known: Known, heard: Heard) -> Finding:
    request = list_read(known, WORKLOAD)
    if (finding := settled(heard, request)) is not None:
        return finding
    shown = {text(one, "/email").casefold() for one in rows(heard, request, "", "/users") or []}
    elsewhere = {text(m, "/user/email").casefold() for m in members_of(teams_shown(known, heard))}
    elsewhere |= {text(i, "/email").casefold() for i in rows(heard, list_read(known, INVITATIONS), "") or []}
    elsewhere.discard("")
    if not elsewhere:
        return untold("no other list names a person to look for")
    missing = len(elsewhere - shown)
    seen = f"{len(elsewhere)} people named elsewhere, {missing or 'none'} of them missing"
    return refuted(seen) if missing else confirmed(seen)


def pending(known: Known, heard: Heard) -> Finding:
    found = shape(heard, list_read(known, INVITATIONS), [""], ["/id", "/email"], "invitation")
    return replace(found, seen=f"{found.seen}; that only pending ones are listed, no read tells")
