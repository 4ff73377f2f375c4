"""What safe calls can tell of our assumptions about Studio Tracker: its lists, one project, health (ST-A1 …).

At most 8 calls: teams, pods, projects, invitations, workload, one project, health without the key and, where that
is refused, with it. No workbook is sent, not even for a preview.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from reconciler.model.doctor import Finding, HealthRead, Heard, Known, Probe, Probes, confirmed, refuted, untold
from reconciler.model.json import Json, pick
from reconciler.providers.probing import get, rows, settled, shape, some, text
from reconciler.providers.studio_tracker.probe_people import (
    everybody,
    flags,
    invited_ids,
    member_shape,
    one_account,
    pending,
    workload,
)
from reconciler.providers.studio_tracker.probe_pods import one_home, people_shape, pod_shape
from reconciler.providers.studio_tracker.probe_reads import (
    DATES,
    HEALTH,
    INVITATIONS,
    PODS,
    PROJECTS,
    TEAMS,
    WORKLOAD,
    asks,
    health_asks,
    health_read,
    list_read,
    one_asks,
    one_read,
    projects_shown,
    teams_shown,
)


def _team_shape(known: Known, heard: Heard) -> Finding:
    return shape(heard, list_read(known, TEAMS), [""], ["/id", "/name", "/slug"], "team")


def _unique(call: str, pointer: str, word: str) -> Callable[[Known, Heard], Finding]:
    """Whether a list shows one natural key twice; that it does not proves nothing."""

    def judge(known: Known, heard: Heard) -> Finding:
        request = list_read(known, call)
        if (finding := settled(heard, request)) is not None:
            return finding
        keys = [key for row in rows(heard, request, "") or [] if (key := text(row, pointer))]
        twice = sum(n > 1 for n in Counter(keys).values())
        if twice:
            return refuted(f"{some(len(keys), word)}, and {twice} that {'two' if twice else 'none'} have")
        return untold(f"{some(len(keys), word)}, none twice: whether a second one is refused, no read tells")

    return judge


def _whole(known: Known, heard: Heard) -> Finding:
    """The project list against the counts of the team list."""
    for call in (TEAMS, PROJECTS):
        if (finding := settled(heard, list_read(known, call))) is not None:
            return finding
    teams, projects = teams_shown(known, heard), projects_shown(known, heard)
    if any("clientTeam" not in p for p in projects):
        return refuted("a project does not say which team it is of")
    listed = Counter(text(p, "/clientTeam/id") for p in projects)
    told = {text(t, "/id"): n for t in teams if isinstance(n := pick(t, "/_count/projects"), int)}
    if not told:
        return untold(f"{some(len(projects), 'project')}; the team list does not say how many each has")
    wrong = sum(listed[team] != n for team, n in told.items())
    seen = f"{some(len(projects), 'project')}; {wrong or 'no'} team with another count of its own"
    return refuted(seen) if wrong else confirmed(seen)


def _health_free(known: Known, heard: Heard) -> Finding:
    bare, keyed = heard.of(health_read(known, keyless=True)), heard.of(health_read(known, keyless=False))
    if bare is not None and bare.good:
        return confirmed("it is answered without the key")
    if keyed is not None and keyed.good:
        return refuted("it is refused without the key, and answered with it")
    return untold(f"without the key it {bare}" if bare is not None else "it was not asked")


def _description(known: Known, heard: Heard) -> Finding:
    if (finding := settled(heard, list_read(known, PROJECTS))) is not None:
        return finding
    for request in one_read(known, heard):
        if (finding := settled(heard, request)) is not None:
            return finding
        answer = heard.of(request)
        if answer is not None and isinstance(answer.body, dict) and "description" in answer.body:
            return confirmed("the read of one project shows `description`")
        return refuted("the read of one project shows no `description`, not even an empty one")
    return untold("there is no project to read")


def _midnight(known: Known, heard: Heard) -> Finding:
    """Of the dates that are ours to know, else of all: other people may have set the others to any hour."""
    if (finding := settled(heard, list_read(known, PROJECTS))) is not None:
        return finding
    projects = projects_shown(known, heard)
    ours = [p for p in projects if text(p, "/id") in known.of("Project")]
    dates = [date for p in ours or projects for name in DATES if (date := text(p, f"/{name}"))]
    good = sum(_is_midnight(date) for date in dates)
    if not dates:
        return untold("no project shows a date")
    seen = f"{good} of {some(len(dates), 'date')} are midnight UTC"
    return confirmed(seen) if good == len(dates) else untold(f"{seen}: who set the others, no read tells")


def _is_midnight(date: Json) -> bool:
    return isinstance(date, str) and date[10:] in ("T00:00:00.000Z", "T00:00:00Z", "T00:00:00+00:00")


WORKBOOK = "it would take a preview of a made-up workbook; every apply previews its own (ST-R48)"

PROBES = Probes(
    health=(
        HealthRead(get("", HEALTH), "it is up", keyless=True),
        HealthRead(
            get("", HEALTH, {"strict": "1"}),
            "it is seeded",
            keyless=True,
            harmless=frozenset({503}),
            meaning="it is not seeded, so no workbook that creates projects would be sent (ST-R48)",
            way_out="have an organisation and a pipeline template made there",
        ),
        HealthRead(get("", TEAMS), "it takes the key and the organisation"),
    ),
    probes=(
        Probe(
            "ST-A1",
            "the team list is an array of objects with `id`, `name`, `slug`",
            "the reading has no proof (ST-R8): the kind stops, nothing is written",
            asks(TEAMS),
            _team_shape,
        ),
        Probe(
            "ST-A2",
            "members are embedded, each with the user's id and address and `isPrimary`",
            'membership is "not verifiable" (ST-R24); addresses are resolved by other lists (ST-R27)',
            asks(TEAMS),
            member_shape,
        ),
        Probe(
            "ST-A4",
            "a slug is unique in its organisation",
            "live teams of one slug are refused (ST-R10)",
            asks(TEAMS),
            _unique(TEAMS, "/slug", "slug"),
        ),
        Probe(
            "ST-A11",
            "the project list shows every project of the organisation, with its team",
            "a team is taken for empty; the server's own block answers, and is reported",
            asks(TEAMS, PROJECTS),
            _whole,
        ),
        Probe(
            "ST-A12",
            "`isPrimary` is a boolean, false when not given at the first add",
            "the next plan shows a difference",
            asks(TEAMS),
            flags,
        ),
        Probe(
            "ST-A13",
            "invitations, where they carry one, name the user's id `userId`",
            "not used; the workload is read instead",
            asks(INVITATIONS),
            invited_ids,
        ),
        Probe(
            "ST-A14",
            "the workload answers people with `id` and `email`, as an array or under `users`",
            "whom no other list names is unresolved (ST-R28)",
            asks(WORKLOAD),
            workload,
        ),
        Probe(
            "ST-A15",
            "the address of a person is one account: two ids never share it",
            "whoever has two ids is refused (ST-R28)",
            asks(TEAMS, INVITATIONS, WORKLOAD),
            one_account,
        ),
        Probe("ST-A16", "health needs no key", "it is asked again with the key", health_asks, _health_free),
        Probe(
            "ST-A19",
            "a job number is unique in its organisation",
            "live projects of one number are refused (ST-R32)",
            asks(PROJECTS),
            _unique(PROJECTS, "/omgJobNumber", "number"),
        ),
        Probe(
            "ST-A23",
            "the read of one project shows `description`",
            '`statusDetails` is "not verifiable", and sent only if the recorded digest differs',
            one_asks,
            _description,
        ),
        Probe(
            "ST-A24",
            "an instant sent as `YYYY-MM-DD` is kept as midnight UTC",
            "the next plan shows a date as different; after two applies it is held as contended (ST-R43)",
            asks(PROJECTS),
            _midnight,
        ),
        Probe(
            "ST-A32",
            "only pending invitations are listed, each with `id` and `email`",
            "the list has no proof, and no invitation is sent",
            asks(INVITATIONS),
            pending,
        ),
        Probe(
            "ST-A33",
            "the workload shows everyone who has an account, placeholders included",
            "ledger and pending list still prevent a second invitation by us",
            asks(TEAMS, INVITATIONS, WORKLOAD),
            everybody,
        ),
        Probe(
            "ST-A38",
            "the pod list is an array of objects with `id`, `name`, `slug`",
            "the reading has no proof (ST-R8): the kind stops, nothing is written",
            asks(PODS),
            pod_shape,
        ),
        Probe(
            "ST-A39",
            "the members of a pod are embedded, each with the user's id and address",
            'placement is looked for in the workload, else "not verifiable" (ST-R70)',
            asks(PODS),
            people_shape,
        ),
        Probe(
            "ST-A41",
            "a person has one home pod: adding takes them out of the old one",
            "the old pod shows them still, and no call is sent for that",
            asks(PODS),
            one_home,
        ),
    ),
    left={"ST-A25": WORKBOOK, "ST-A26": WORKBOOK, "ST-A28": WORKBOOK, "ST-A31": WORKBOOK},
)
