"""What the pod list of Studio Tracker tells (ST-A38, ST-A39, ST-A41)."""

from __future__ import annotations

from collections import Counter

from reconciler.model.doctor import Finding, Heard, Known, confirmed, refuted, untold
from reconciler.model.json import JsonObject
from reconciler.providers.probing import has, rows, settled, shape, some, text
from reconciler.providers.studio_tracker.probe_reads import PODS, USER_ID, list_read, members_of

ADDRESS = ("/email", "/user/email")


def pod_shape(known: Known, heard: Heard) -> Finding:
    return shape(heard, list_read(known, PODS), [""], ["/id", "/name", "/slug"], "pod")


def _pods(known: Known, heard: Heard) -> list[JsonObject]:
    return rows(heard, list_read(known, PODS), "") or []


def _own_id(member: JsonObject) -> str:
    return next((found for at in (*USER_ID, "/id") if (found := text(member, at))), "")


def people_shape(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, list_read(known, PODS))) is not None:
        return finding
    pods = _pods(known, heard)
    without = sum(not isinstance(pod.get("members"), list) for pod in pods)
    if without:
        return refuted(f"{without} of {some(len(pods), 'pod')} without a list of members")
    members = members_of(pods)
    if not members:
        return untold(f"{some(len(pods), 'pod')}, nobody in any")
    good = sum(bool(_own_id(m)) and has(m, ADDRESS) for m in members)
    seen = f"{good} of {some(len(members), 'member')} with the user's id and e-mail address"
    return confirmed(seen) if good == len(members) else refuted(seen)


def one_home(known: Known, heard: Heard) -> Finding:
    """Whether anybody is shown in two pods; that nobody is proves nothing."""
    if (finding := settled(heard, list_read(known, PODS))) is not None:
        return finding
    homes = Counter(one for m in members_of(_pods(known, heard)) if (one := _own_id(m)))
    twice = sum(n > 1 for n in homes.values())
    if twice:
        return refuted(f"{some(len(homes), 'person')} in pods, {twice} of them in two")
    return untold(f"{some(len(homes), 'person')} in pods, nobody in two: what an addition does, no read tells")
