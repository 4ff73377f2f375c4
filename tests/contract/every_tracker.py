"""Teams, pods and invitations of Studio Tracker in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.json import ABSENT, Json, JsonObject
from reconciler.twins.studio_tracker.things import Invitation
from tests.contract.deeds import made
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.homes import pod_id, pods, settle_in
from tests.contract.jobs import make, teams
from tests.contract.studio import BOB, CHEN, JANE, MARIA, join, leave, team_id, user_id
from tests.world import World

DELETE: dict[str, Json] = {"onRemove": "delete", "allow": ["delete"]}
RENAME: dict[str, Json] = {"allow": ["rename"]}
FIRST: dict[str, Json] = {"allow": ["first-removals"]}
REFUSED = By(False, True)
"""Null is refused in one profile (ST-P11, ST-P33)."""


def person(email: str) -> Callable[[World], str]:
    """The id of somebody."""
    return lambda w: user_id(w, email)


def members(*emails: str) -> list[dict[str, Json]]:
    return [{"user": e} for e in emails]


# ClientTeam.


TEAM, TEAM_MEMBERS = "/api/client-teams", "/api/client-teams/*/members"


def _team(slug: str, **body: Json) -> Callable[[World], object]:
    return lambda w: made(w.tracker, "PATCH", f"{TEAM}/{team_id(w, slug)}", body)


def _joined(email: str, slug: str = "social", **flag: bool) -> Callable[[World], object]:
    return lambda w: join(w, slug, email, **flag)


def _left(email: str) -> Callable[[World], object]:
    return lambda w: leave(w, "social", email)


CREW = members(JANE, BOB)
CLIENT_TEAM = Table(
    "studio-tracker",
    "ClientTeam",
    "social",
    {"slug": "social", "name": "Social"},
    lambda w: set(teams(w)),
    edit=lambda w, body: _team("social", **body)(w),
    entries={"members": {"user": JANE}},
    rows=(
        Row("name", "ST-C2", (Step("Social Media"), Step("Social!"), drifted("Social!", "Theirs"))),
        Row(
            "members",
            "ST-C2",
            (
                Step(members(JANE)),
                Step(CREW),
                drifted(CREW, _left(BOB)),
                drifted(CREW, _joined(CHEN)),
                Step(members(BOB, MARIA), 2),
                Step([], 2),
                left_out(),
            ),
        ),
        Row("members/user", "ST-C2", (Step(JANE), Step(BOB, 2))),
        Row(
            "members/userId",
            "ST-R27",
            (never(person(JANE)), never(person(BOB), "unresolved"), left_out()),
        ),
        Row("members/because", "ST-R18", (never("STUDIO-41"), never("STUDIO-42"), left_out())),
        Row(
            "members/isPrimary",
            "ST-R21",
            (
                Step(True, besides=By(0, 2)),
                Step(False, besides=By(0, 2)),
                drifted(False, lambda w: (_left(JANE)(w), _joined(JANE, isPrimary=True)(w)), besides=By(0, 2)),
                left_out(),
            ),
        ),
        Row(
            "membersMode",
            "ST-R18",
            (
                Step("additive", 0, behind=_joined(BOB)),
                Step("exact"),
                Step("additive", 0, behind=_joined(BOB)),
                Step(ABSENT, 1, behind=lambda _: None),  # exact is the default
            ),
            more={"members": members(JANE)},
        ),
    ),
    deeds=(
        Deed("create", "ST-R12", calls=(f"POST {TEAM}",), verb="create", there="social"),
        Deed(
            "create with members",
            "ST-R12",
            say(members=CREW),
            calls=(f"POST {TEAM}", *[f"POST {TEAM_MEMBERS}"] * 2),
            verb="create",
        ),
        Deed(
            "create whole",
            "ST-C2",
            say(
                members=[{"user": JANE, "isPrimary": True, "because": "x"}, {"user": BOB}], membersMode="additive"
            ),
            calls=(f"POST {TEAM}", *[f"POST {TEAM_MEMBERS}"] * 2),
            verb="create",
        ),
        Deed("adopt", "ST-R15", say(slug="brand", name="Brand"), verb="adopt"),
        Deed(
            "adopt changed", "ST-R15", say(slug="brand", name="Brand!"), calls=(f"PATCH {TEAM}/*",), verb="adopt"
        ),
        Deed(
            "rename",
            "ST-R14",
            Sheet({"slug": "fresh", "name": "Fresh"}, RENAME, {"previously": {"key": "social"}}),
            Sheet(),
            calls=(f"PATCH {TEAM}/*",),
            verb="rename",
            there="fresh",
            gone="social",
        ),
        Deed(
            "rename unsaid",
            "ST-R14",
            say(slug="fresh", name="Fresh"),
            Sheet(),
            verb="rename",
            holds={"rename", "rename-unconfirmed"},
            there="social",
        ),
        Deed(
            "move",
            "ST-R10",
            Sheet(name="other", metadata={"previously": {"name": "social"}}),
            Sheet(),
            verb="move",
        ),
        Deed(
            "members add",
            "ST-R19",
            say(members=[*CREW, {"user": CHEN, "isPrimary": True}]),
            say(members=CREW),
            calls=(f"POST {TEAM_MEMBERS}",),
            verb="update",
        ),
        Deed(
            "members change",
            "ST-R21",
            say(members=[{"user": JANE, "isPrimary": True}]),
            say(members=[{"user": JANE, "isPrimary": False}]),
            calls=By(
                (f"POST {TEAM_MEMBERS}",),
                (f"POST {TEAM_MEMBERS}", f"DELETE {TEAM_MEMBERS}?userId=*", f"POST {TEAM_MEMBERS}"),
            ),
            ends=By({"done"}, {"failed", "done"}),
            verb="update",
        ),
        Deed(
            "members remove",
            "ST-R23",
            say(members=members(JANE)),
            say(members=CREW),
            calls=(f"DELETE {TEAM_MEMBERS}?userId=*",),
            verb="update",
        ),
        Deed(
            "members remove those of others",
            "ST-R18",
            say(slug="brand", name="Brand", members=members(JANE)),
            verb="adopt",
            holds={"first-removals"},
        ),
        Deed(
            "drift",
            "ST-R13",
            Sheet({"members": CREW}),
            Sheet({"members": CREW}),
            lambda w: (_team("social", name="Theirs")(w), _left(JANE)(w)),
            calls=(f"PATCH {TEAM}/*", f"POST {TEAM_MEMBERS}"),
            verb="update",
        ),
        Deed("release", "ST-R17", GONE, Sheet(), verb="release", there="social"),
        Deed(
            "delete",
            "ST-R16",
            GONE,
            Sheet({"members": CREW}, DELETE),
            calls=(f"DELETE {TEAM}/*",),
            verb="delete",
            gone="social",
        ),
        Deed(
            "delete what others made",
            "ST-R17",
            GONE,
            Sheet({"slug": "retail-media", "name": "Retail Media"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="retail-media",
        ),
        Deed(
            "delete with projects",
            "ST-R16",
            GONE,
            Sheet(life=DELETE),
            lambda w: make(w, "9", clientTeamId=team_id(w, "social")),
            verb="delete",
            holds={"in-use"},
            there="social",
        ),
    ),
)


# Pod.


POD, POD_MEMBERS = "/api/pods", "/api/pods/*/members"


def _pod(w: World, body: JsonObject) -> None:
    made(w.tracker, "PATCH", f"{POD}/{pod_id(w, 'pod-c')}", body)


def _led_by_maria(w: World) -> None:
    _pod(w, {"leadUserId": user_id(w, MARIA)})


def _home(email: str, slug: str | None = "pod-c") -> Callable[[World], object]:
    return lambda w: settle_in(w, email, slug)


def _renamed_and_left(w: World) -> None:
    _pod(w, {"name": "Theirs"})
    settle_in(w, JANE, None)


OTHER_POD = Sheet({"slug": "pod-a", "name": "Pod A", "members": [BOB]}, kind="Pod", name="pod-a")
POD_TABLE = Table(
    "studio-tracker",
    "Pod",
    "pod-c",
    {"slug": "pod-c", "name": "Pod C"},
    lambda w: set(pods(w)),
    edit=_pod,
    entries={"members": {"user": JANE}},
    rows=(
        Row("name", "ST-C13", (Step("Pod D"), Step("Pod E"), drifted("Pod E", "Theirs"))),
        Row(
            "lead",
            "ST-R65",
            (
                Step(JANE),
                Step(BOB),
                drifted(BOB, _led_by_maria),
                Step(None, refused=REFUSED),
                left_out(),
            ),
        ),
        Row(
            "leadUserId",
            "ST-R27",
            (never(person(JANE)), never(person(BOB), "unresolved"), left_out()),
            more={"lead": JANE},
        ),
        Row(
            "members",
            "ST-C13",
            (
                Step([JANE]),
                Step([JANE, {"user": BOB}]),
                drifted([JANE, BOB], _home(BOB, None)),
                drifted([JANE, BOB], _home(CHEN)),
                Step([BOB, MARIA], 2),
                Step([], 2),
                left_out(),
            ),
        ),
        Row("members/user", "ST-C13", (Step(JANE), Step(BOB, 2))),
        Row(
            "members/userId",
            "ST-R27",
            (never(person(JANE)), never(person(BOB), "unresolved"), left_out()),
        ),
        Row(
            "membersMode",
            "ST-R66",
            (
                Step("additive", 0, behind=_home(BOB)),
                Step("exact"),
                Step("additive", 0, behind=_home(BOB)),
                Step(ABSENT, 1),
            ),
            more={"members": [JANE]},
        ),
    ),
    deeds=(
        Deed("create", "ST-R65", say(lead=JANE), calls=(f"POST {POD}",), verb="create", there="pod-c"),
        Deed(
            "create whole",
            "ST-C13",
            say(lead=JANE, members=[JANE, BOB], membersMode="exact"),
            calls=(f"POST {POD}", *[f"POST {POD_MEMBERS}"] * 2),
            verb="create",
        ),
        Deed("adopt", "ST-R64", say(slug="pod-b", name="Pod B"), verb="adopt"),
        Deed("adopt changed", "ST-R64", say(slug="pod-b", name="Beta"), calls=(f"PATCH {POD}/*",), verb="adopt"),
        Deed(
            "rename",
            "ST-R64",
            Sheet({"slug": "fresh"}, RENAME, {"previously": {"key": "pod-c"}}),
            Sheet(),
            calls=(f"PATCH {POD}/*",),
            verb="rename",
            there="fresh",
            gone="pod-c",
        ),
        Deed(
            "rename unsaid",
            "ST-R64",
            say(slug="fresh"),
            Sheet(),
            verb="rename",
            holds={"rename", "rename-unconfirmed"},
            there="pod-c",
        ),
        Deed(
            "move", "ST-R64", Sheet(name="other", metadata={"previously": {"name": "pod-c"}}), Sheet(), verb="move"
        ),
        Deed(
            "members add",
            "ST-R66",
            say(members=[JANE, BOB]),
            say(members=[JANE]),
            calls=(f"POST {POD_MEMBERS}",),
            verb="update",
        ),
        Deed(
            "members add from another pod",
            "ST-R67",
            say(members=[JANE, BOB]),
            say(members=[JANE]),
            calls=(f"POST {POD_MEMBERS}",),
            verb="update",
            also=((OTHER_POD,), (Sheet({**OTHER_POD.spec, "members": []}, kind="Pod", name="pod-a"),)),
        ),
        Deed(
            "members remove",
            "ST-R68",
            say(members=[JANE]),
            say(members=[JANE, BOB]),
            calls=(f"DELETE {POD_MEMBERS}?userId=*",),
            verb="update",
        ),
        Deed(
            "members remove those of others",
            "ST-R66",
            say(slug="pod-a", name="Pod A", members=[JANE]),
            verb="adopt",
            holds={"first-removals"},
        ),
        Deed(
            "drift",
            "ST-R66",
            say(members=[JANE]),
            say(members=[JANE]),
            _renamed_and_left,
            calls=(f"PATCH {POD}/*", f"POST {POD_MEMBERS}"),
            verb="update",
        ),
        Deed("release", "ST-R69", GONE, say(members=[JANE]), verb="release", there="pod-c"),
        Deed(
            "delete", "ST-R69", GONE, Sheet(life=DELETE), calls=(f"DELETE {POD}/*",), verb="delete", gone="pod-c"
        ),
        Deed(
            "delete a home",
            "ST-R69",
            GONE,
            Sheet({"members": [JANE]}, DELETE),
            verb="delete",
            holds={"in-use"},
            there="pod-c",
        ),
        Deed(
            "delete what others made",
            "ST-R69",
            GONE,
            Sheet({"slug": "pod-b", "name": "Pod B"}, DELETE),
            _home(MARIA, None),
            verb="delete",
            holds={"not-ours"},
            there="pod-b",
        ),
    ),
)


# Invitation.


INVITE = "/api/org/invitations"
NEW, PENDING = "new.one@example.com", "new.producer@example.com"


def _pending(w: World) -> set[str]:
    return {i.email.casefold() for i in w.tracker.state.of(Invitation).values()}


def _invited_anew(w: World, **words: Json) -> None:
    made(w.tracker, "POST", INVITE, {"email": NEW, "role": "PRODUCER", **words})


def _accepted(w: World) -> None:
    (own,) = (i.id for i in w.tracker.state.of(Invitation).values() if i.email == NEW)
    w.tracker.accept_invitation(own)


INVITATION = Table(
    "studio-tracker",
    "Invitation",
    "new.one",
    {"email": NEW, "role": "PRODUCER", "link": {"toFile": "secrets/one.link"}},
    _pending,
    rows=(
        Row(
            "role",
            "ST-R59",
            (
                never("ADMIN", "fixed"),
                never("CREATIVE", "fixed"),
                never("PRODUCER"),
                never("PRODUCER", "fixed", behind=lambda w: _invited_anew(w, role="ADMIN")),
            ),
        ),
        Row(
            "isExternal",
            "ST-R59",
            (
                never(False),
                never(True, "fixed"),
                never(False),
                never(False, "fixed", behind=lambda w: _invited_anew(w, isExternal=True)),
                left_out(),
            ),
        ),
        Row(
            "link",
            "ST-R57",
            (never({"toFile": "secrets/a.link"}), never({"toFile": "secrets/b.link"}), left_out()),
            more={"email": PENDING},
        ),
    ),
    deeds=(
        Deed("create", "ST-R56", calls=(f"POST {INVITE}",), verb="create", there=NEW),
        Deed("create whole", "ST-C12", say(isExternal=True), calls=(f"POST {INVITE}",), verb="create", there=NEW),
        Deed("create without a link", "ST-R57", say(link=ABSENT), verb="create", holds={"no-sink"}, gone=NEW),
        Deed("adopt", "ST-R54", say(email=PENDING), verb="adopt"),
        Deed("adopt somebody known", "ST-R54", say(email=JANE), verb="adopt", gone=JANE),
        Deed("adopt changed", "ST-R59", say(email=PENDING, role="ADMIN"), verb="adopt", holds={"fixed"}),
        Deed(
            "rename",
            "ST-R53",
            Sheet({"email": "two@example.com"}, metadata={"previously": {"key": NEW}}),
            Sheet(),
            mistake="an invitation is for one address",
        ),
        Deed(
            "rename unsaid",
            "ST-R53",
            say(email="two@example.com"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there=NEW,
        ),
        Deed(
            "move",
            "ST-R53",
            Sheet(name="other", metadata={"previously": {"name": "new.one"}}),
            Sheet(),
            verb="move",
        ),
        Deed(
            "drift",
            "ST-R59",
            Sheet(),
            Sheet(),
            lambda w: _invited_anew(w, role="ADMIN"),
            verb="update",
            holds={"fixed"},
            there=NEW,
        ),
        Deed("accepted", "ST-R54", Sheet(), Sheet(), _accepted, verb="none", gone=NEW),
        Deed("release", "ST-R60", GONE, Sheet(), verb="release", there=NEW),
        Deed("delete", "ST-R60", GONE, Sheet(life=DELETE), calls=(f"DELETE {INVITE}/*",), verb="delete", gone=NEW),
        Deed("delete after it was accepted", "ST-R60", GONE, Sheet(life=DELETE), _accepted, verb="release"),
        Deed(
            "delete what others sent",
            "ST-R60",
            GONE,
            Sheet({"email": PENDING}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there=PENDING,
        ),
        Deed(
            "once reissue",
            "ST-R59",
            Sheet(
                {"role": "ADMIN", "link": {"toFile": "secrets/two.link"}},
                {"allow": ["effects"]},
                {"once": {"reissue": "1"}},
            ),
            Sheet(),
            calls=(f"POST {INVITE}",),
            verb="update",
            there=NEW,
        ),
        Deed(
            "once reissue without consent",
            "ST-R59",
            Sheet(metadata={"once": {"reissue": "1"}}),
            Sheet(),
            verb="update",
            holds={"effects"},
        ),
    ),
)


TABLES = (CLIENT_TEAM, POD_TABLE, INVITATION)
