"""OMG Platform in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.json import ABSENT, Json, JsonObject
from reconciler.twins.omg_platform.things import Agency, JobRole
from tests.contract.accounts import JPEG, house
from tests.contract.briefs import SPEC as BRIEF_SPEC
from tests.contract.deeds import made
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.tasks import SPEC as TASK_SPEC
from tests.world import World

DELETE: dict[str, Json] = {"onRemove": "delete", "allow": ["delete"]}

# Brief.


def _brief(w: World, body: JsonObject) -> None:
    made(w.platform, "PATCH", f"/briefs/{w.platform.briefs()[0].id}", body)


def _of_others(w: World) -> str:
    """The id of the one brief that is there, or of one that others make now."""
    there = w.platform.briefs()
    return str(there[0].id) if there else w.platform.add_brief("Theirs", **THEIRS)


THEIRS = {"brief_summary": "S", "brief_deadline": "2026-06-30", "business_area": "UK"}
AS_THEIRS = {"title": "Theirs", "summary": "S", "deadline": "2026-06-30", "businessArea": "UK"}
PINNED = {"id": _of_others}
ASKED = {"once": {"changeRequest": "r1"}}


def _texts(path: str, one: str, two: str, *last: Step) -> Row:
    return Row(path, "OP-C2", (Step(one), Step(two), drifted(two, one), *last))


BRIEF = Table(
    "omg-platform",
    "Brief",
    "q3",
    BRIEF_SPEC,
    lambda w: {b.fields["brief_title"] for b in w.platform.briefs()},
    edit=_brief,
    rows=(
        _texts("title", "One", "Two"),
        _texts("summary", "One", "Two"),
        _texts("deadline", "2026-07-01", "2026-08-01"),
        _texts("businessArea", "UK/A", "UK/B"),
        _texts("slipstream", "Digital", "Print", left_out()),
        Row("changeRequestFirst", "OP-R18", (never(True), never(False), left_out())),
        _texts("externalReference", "cac:one", "cac:two", left_out()),
    ),
    deeds=(
        Deed("create", "OP-R17", calls=("POST /briefs",), verb="create", there="Q3 Campaign Brief"),
        Deed(
            "create whole",
            "OP-C2",
            say(slipstream="Digital", externalReference="cac:q3", changeRequestFirst=True),
            calls=("POST /briefs",),
            verb="create",
        ),
        Deed(
            "create with a token",
            "OP-R17",
            Sheet(metadata=ASKED),
            calls=("POST /briefs", "PATCH /briefs/*"),
            verb="create",
        ),
        Deed("adopt", "OP-R14", Sheet(AS_THEIRS, metadata=PINNED), verb="adopt", there="Theirs"),
        Deed(
            "adopt changed",
            "OP-R14",
            Sheet(metadata=PINNED),
            calls=("PATCH /briefs/*",),
            verb="adopt",
            gone="Theirs",
        ),
        Deed(
            "rename",
            "OP-R10",
            say(title="Q4"),
            Sheet(),
            calls=("PATCH /briefs/*",),
            verb="update",
            there="Q4",
            gone="Q3 Campaign Brief",
        ),
        Deed(
            "rename unsaid",
            "OP-R10",
            Sheet({"title": "Q4"}, metadata={"previously": {"key": "Q3 Campaign Brief"}}),
            Sheet(),
            mistake="just change the title",
        ),
        Deed("move", "OP-R14", Sheet(name="other", metadata={"previously": {"name": "q3"}}), Sheet(), verb="move"),
        Deed(
            "drift",
            "OP-R16",
            Sheet(),
            Sheet(),
            lambda w: _brief(w, {"brief_title": "T", "slipstream": "Print"}),
            calls=("PATCH /briefs/*",),
            verb="update",
            gone="T",
        ),
        Deed("release", "OP-R23", GONE, Sheet(), verb="release", there="Q3 Campaign Brief"),
        Deed(
            "delete",
            "OP-R22",
            GONE,
            Sheet({}, DELETE, ASKED),
            calls=("DELETE /briefs/*",),
            verb="delete",
            gone="Q3 Campaign Brief",
        ),
        Deed(
            "delete of unknown status",
            "OP-R23",
            GONE,
            Sheet({}, DELETE),
            verb="delete",
            holds={"status"},
            there="Q3 Campaign Brief",
        ),
        Deed(
            "delete what others made",
            "OP-R23",
            GONE,
            Sheet(AS_THEIRS, DELETE, PINNED),
            verb="delete",
            holds={"not-ours"},
            there="Theirs",
        ),
        Deed(
            "once changeRequest",
            "OP-R19",
            Sheet(metadata=ASKED),
            Sheet(),
            calls=("PATCH /briefs/*",),
            verb="update",
        ),
        Deed("once changeRequest again", "OP-R19", Sheet(metadata=ASKED), Sheet(metadata=ASKED), verb="none"),
    ),
)


# Task.


FIXED = "immutable"
PARENTS = tuple(Sheet(BRIEF_SPEC, kind="Brief", name=n) for n in ("q3", "q4"))
LATER = "2026-05-01T11:00:00Z"
TASK = Table(
    "omg-platform",
    "Task",
    "kick",
    {**TASK_SPEC, "parent": "4411"},
    lambda w: {t.name for t in w.platform.tasks()},
    rows=(
        Row("name", "OP-R30", (never("One", FIXED), never("Two", FIXED), never("Kick-off"))),
        Row("startDate", "OP-R30", (never("2026-05-01T08:00:00Z", FIXED), never("2026-05-01T11:00:00+02:00"))),
        Row(
            "endDate",
            "OP-R30",
            (never(LATER, FIXED), never("2026-05-01T12:00:00Z", FIXED), never("2026-05-01T10:00:00Z")),
        ),
        Row(
            "parent",
            "OP-R30",
            (never("4412", FIXED), never("4413", FIXED), left_out(hold=FIXED, more={"brief": "q3"})),
            begins="4411",
            beside=PARENTS,
        ),
        Row(
            "brief",
            "OP-R30",
            (never("q4", FIXED), never("q3"), left_out(hold=FIXED, more={"parent": "4411"})),
            begins="q3",
            more={"parent": ABSENT},
            beside=PARENTS,
        ),
    ),
    deeds=(
        Deed("create", "OP-R28", calls=("POST /tasks",), verb="create", there="Kick-off"),
        Deed(
            "create under a brief",
            "OP-R28",
            say(parent=ABSENT, brief="q3"),
            calls=("POST /briefs", "POST /tasks"),
            verb="create",
            there="Kick-off",
            also=((), PARENTS[:1]),
        ),
        Deed("adopt", "OP-R29", Sheet(metadata={"id": "77"}), verb="adopt", note="not verifiable"),
        Deed(
            "adopt changed",
            "OP-R30",
            Sheet({"name": "Other"}, metadata={"id": "77"}),
            Sheet(metadata={"id": "77"}),
            verb="update",
            holds={FIXED},
        ),
        Deed(
            "rename",
            "OP-R30",
            Sheet({"name": "Other"}, metadata={"previously": {"key": "Kick-off"}}),
            Sheet(),
            mistake="a task cannot be changed",
        ),
        Deed(
            "rename unsaid", "OP-R30", say(name="Other"), Sheet(), verb="update", holds={FIXED}, there="Kick-off"
        ),
        Deed(
            "move", "OP-R27", Sheet(name="other", metadata={"previously": {"name": "kick"}}), Sheet(), verb="move"
        ),
        Deed("drift", "OP-R29", Sheet(), Sheet(), verb="none", note="not verifiable: nothing reads a task"),
        Deed("release", "OP-R32", GONE, Sheet(), verb="release", there="Kick-off"),
        Deed("delete", "OP-R32", Sheet(life=DELETE), mistake="onRemove"),
        Deed(
            "once supersede",
            "OP-R31",
            Sheet({"name": "Next"}, metadata={"once": {"supersede": "r1"}}),
            Sheet(),
            calls=("POST /tasks",),
            verb="update",
            there="Next",
        ),
        Deed(
            "once supersede again",
            "OP-R31",
            Sheet(metadata={"once": {"supersede": "r1"}}),
            Sheet(metadata={"once": {"supersede": "r1"}}),
            verb="none",
        ),
    ),
)


# User.


PUT = "PUT /user/*"
ME, JOHN = "jane@example.com", "jd@example.com"


def _people(w: World) -> None:
    """Jane and Eve in the UK, Bob in the US and a director; two pictures."""
    there = house(w, "jane", "bob", "eve")
    made(
        w.platform,
        "PUT",
        f"/user/{there.people['bob']}",
        {"owning_agency_id": int(there.us), "job_role": int(there.director)},
    )
    for name, more in (("a.jpg", b"1"), ("b.jpg", b"2")):
        (w.root / name).write_bytes(JPEG + more)


def _named(of: type[Agency] | type[JobRole], name: str) -> Callable[[World], str]:
    def found(w: World) -> str:
        (one,) = (a.id for a in w.platform.state.of(of).values() if a.name == name)
        return str(one)

    return found


def _user(w: World, body: JsonObject) -> None:
    (jane,) = (u.id for u in w.platform.users() if u.staffid == "S-jane")
    made(w.platform, "PUT", f"/user/{jane}", body)


UK, US = _named(Agency, "House UK"), _named(Agency, "House US")
PRODUCER, DIRECTOR = _named(JobRole, "House Producer"), _named(JobRole, "House Director")
OTHERS = (
    Sheet({"email": "bob@example.com", "owningAgencyId": US, "jobRole": DIRECTOR}, kind="User", name="bob"),
    Sheet({"email": "eve@example.com", "owningAgencyId": UK, "jobRole": PRODUCER}, kind="User", name="eve"),
)


def _moved(field: str, to: Callable[[World], str]) -> Callable[[World], object]:
    return lambda w: _user(w, {field: int(to(w))})


def _addresses(w: World) -> set[str]:
    return {u.email for u in w.platform.users()}


USER = Table(
    "omg-platform",
    "User",
    "jane",
    {"email": ME},
    _addresses,
    edit=_user,
    set_up=_people,
    rows=(
        Row("firstName", "OP-R38", (Step("J"), Step("Janet"), drifted("Janet", "Theirs"), left_out())),
        Row("lastName", "OP-R38", (Step("D"), Step("Smith"), drifted("Smith", "Theirs"), left_out())),
        Row(
            "staffId",
            "OP-R34",
            (never("S-bob"), never("S-jane"), left_out(more={"email": ME})),
            begins="S-jane",
            more={"email": ABSENT},
        ),
        Row(
            "owningAgency",
            "OP-R40",
            (
                Step("House US"),
                Step("House UK"),
                drifted("House UK", _moved("owning_agency_id", US)),
                never("House X", "unresolved"),
                left_out(),
            ),
            beside=OTHERS,
        ),
        Row(
            "owningAgencyId",
            "OP-R38",
            (
                Step(US),
                Step(UK),
                drifted(UK, _moved("owning_agency_id", US)),
                Step("999", refused=True),
                left_out(),
            ),
        ),
        Row(
            "jobRoleName",
            "OP-R40",
            (
                Step("House Director"),
                Step("House Producer"),
                drifted("House Producer", _moved("job_role", DIRECTOR)),
                never("X", "unresolved"),
                left_out(),
            ),
            beside=OTHERS,
        ),
        Row(
            "jobRole",
            "OP-R38",
            (
                Step(DIRECTOR),
                Step(PRODUCER),
                drifted(PRODUCER, _moved("job_role", DIRECTOR)),
                Step("999", refused=True),
                left_out(),
            ),
        ),
        Row("avatar", "OP-R42", (Step("a.jpg"), Step("b.jpg"), left_out())),
    ),
    deeds=(
        Deed(
            "create",
            "OP-R37",
            say(email="nobody@example.com"),
            verb="create",
            holds={"no-such-user"},
            gone="nobody@example.com",
        ),
        Deed("adopt", "OP-R35", say(firstName="Jane"), verb="adopt"),
        Deed(
            "adopt changed",
            "OP-R38",
            say(firstName="J", avatar="a.jpg"),
            calls=(PUT, "POST /user/*/avatar"),
            verb="adopt",
        ),
        Deed(
            "adopt changed whole",
            "OP-C2",
            say(firstName="J", lastName="D", owningAgencyId=US, jobRole=DIRECTOR, avatar="a.jpg"),
            calls=(PUT, "POST /user/*/avatar"),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OP-R39",
            Sheet({"email": JOHN, "firstName": "J"}, metadata={"previously": {"key": ME}}),
            Sheet(),
            calls=(PUT,),
            verb="rename",
            there=JOHN,
            gone=ME,
        ),
        Deed(
            "rename unsaid",
            "OP-R39",
            say(email=JOHN),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there=ME,
        ),
        Deed(
            "move", "OP-R34", Sheet(name="other", metadata={"previously": {"name": "jane"}}), Sheet(), verb="move"
        ),
        Deed(
            "drift",
            "OP-R39",
            say(firstName="J"),
            say(firstName="J"),
            lambda w: _user(w, {"first_name": "T", "email_address": JOHN}),
            calls=(PUT,),
            verb="rename",
            there=ME,
        ),
        Deed("release", "OP-R37", GONE, say(firstName="J"), verb="release", there=ME),
        Deed("delete", "OP-R37", Sheet(life=DELETE), mistake="onRemove"),
    ),
)
TABLES = (BRIEF, TASK, USER)
