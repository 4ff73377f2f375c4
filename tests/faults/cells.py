"""The fault matrix: every call the program makes, and everything that can go wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import JsonObject
from reconciler.model.record import replace
from reconciler.twins import Fault
from reconciler.wire.limits import Limits
from tests.contract.homes import pod
from tests.faults.estate import BOB, JANE, MARIA, label, member, team
from tests.faults.people import account, booking, file, person, plan, project, site
from tests.world import CMS, OMNI, PLATFORM, TRACKER, doc

GONE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
JOB = "2337959"
"""A project of the seeded world."""
KIB = 1024
EMBEDDED = "shop@example.com"
"""Somebody whom another application has brought along."""

USUAL = Limits(connect=5, read=10, answer=20, body=256 * KIB, tries=3, throttled_tries=3, backoff=0.01)


@dataclass(frozen=True, slots=True)
class Site:
    """One call of the program, in the smallest world that needs it: what is ours already, and what is wanted.
    `advisory`: where it fails, the plan goes on without what it tells (ST-R78). `anew`: a thing that is to be
    there in the end is taken away first (ST-R81). `answers`: refusals that tell something of live, as 404 that
    there is none. `pages`: whether its answer comes in some. `reading`: whether it changes nothing though it is
    no GET. `untold`: whether it is refused once it has happened and nothing shows that it has, so that it is tried
    and refused, in words, by every run (OC-R146). `given`: faults that bring the call about: what it repairs or
    looks up. `first`: what comes before what is ours can be made, which is looked at once more then. `asks`:
    whether a person may have to tell that it happened (OP-R14, ST-R61). `file`: whether its answer is a file,
    which may be of any type and hold anything: whatever comes whole is believed (CM-R33).
    """

    name: str
    target: str
    method: str
    path: str
    before: tuple[Document, ...]
    after: tuple[Document, ...]
    creates: bool = False
    removes: bool = False
    advisory: bool = False
    anew: bool = False
    answers: tuple[int, ...] = ()
    pages: bool = True
    reading: bool = False
    untold: bool = False
    given: tuple[Fault, ...] = ()
    first: tuple[Document, ...] = ()
    asks: bool = False
    file: bool = False

    @property
    def reads(self) -> bool:
        return self.reading or self.method == "GET"


def hidden(path: str, omit: int = 99) -> tuple[Fault, ...]:
    """A list that once lacks what it should show, so that this is asked for singly (OA-R14)."""
    return (Fault("short_page", method="GET", path=path, omit=omit),)


def nested(*components: str) -> str:
    """A site in the CMS, written as the tree it is."""
    head = "apiVersion: omni-cms/v1\nkind: Space\nmetadata: {name: site}\nspec:\n  name: Site\n"
    return f"{head}  componentsMode: exact\n  components: [{', '.join(components)}]\n"


def booked(*bookings: JsonObject, **metadata: Any) -> Document:
    return plan("sprint", *bookings, users=[JANE, BOB], days=("2026-04-20", "2026-05-03"), **metadata)


SPARK = team("spark", "Spark")
RED, BLUE = pod("red", JANE, BOB), pod("blue", MARIA)
REVIEW = booking(JANE, "2026-04-22", JOB, 4, note="Review")
LONGER = booking(JANE, "2026-04-22", JOB, 6)
SHELVED = project("4000009", team="spark", on_remove="archive", allow=["archive"])
LEE = account("ann", "ann.lee", password="keys/second", version=2, previous_key="ann@example.com")
JPEG = "pictures/jane.jpg"
ANN = account("ann", password="keys/first")
APP = account("app", password="keys/first", key="present")
ENDED = account("ended", password="keys/first", **GONE)
OFF = account("off", password="keys/first", on_remove="deactivate", allow=["deactivate"])
LEAF = site(nested("{key: leaf, type: page}"))
FILMS = site(nested("{key: films, type: page, children: [{key: launch, type: page}]}"))
CREW = team("crew", "Crew", [member(JANE, primary=True), member(BOB)])
SHARED = doc("Folder", "shared", {"path": "Shared"})
OLD = doc("Folder", "old", {"path": "Shared/Old"}, **GONE)
BOARD = doc("Folder", "board", {"path": "Board", "scope": "restricted", "owner": JANE})
ALPHA, BETA = label("alpha", "Alpha"), label("beta", "Beta")
LABELS, LABEL = "^/v1/labels$", "^/v1/labels/"
FOLDERS, FOLDER = r"^/v1/folders(\?|$)", "^/v1/folders/"
TEAMS, TEAM, MEMBERS = "^/api/client-teams$", r"^/api/client-teams/[^/]+$", "/members"
PODS, POD, HOMES = "^/api/pods$", "^/api/pods/[^/]+$", "^/api/pods/[^/]+/members"
BOOKINGS, BOOKING = "^/api/resources/bookings$", "^/api/resources/bookings/"
USERS, USER, KEY, PICTURE = "^/user$", r"^/user/\d+$", "^/user/key/", "/avatar$"

SITES = (
    Site("list labels", OMNI, "GET", LABELS, (ALPHA,), (ALPHA, BETA)),
    Site("create a label", OMNI, "POST", LABELS, (ALPHA,), (ALPHA, BETA), creates=True),
    Site("update a label", OMNI, "PUT", LABEL, (ALPHA,), (label("alpha", "Alpha", verified=True),)),
    Site("rename a label", OMNI, "PUT", LABEL, (ALPHA,), (label("alpha", "Omega", was="Alpha"),)),
    Site("delete a label", OMNI, "DELETE", LABEL, (ALPHA, BETA), (ALPHA,), removes=True),
    Site("list folders", OMNI, "GET", FOLDERS, (SHARED,), (SHARED, OLD)),
    Site("create a folder", OMNI, "POST", FOLDERS, (SHARED,), (SHARED, OLD), creates=True),
    Site("create a private folder", OMNI, "POST", FOLDERS, (), (BOARD,), creates=True),
    Site("delete a folder", OMNI, "DELETE", FOLDER, (SHARED, OLD), (SHARED,), removes=True),
    Site("look up a person", OMNI, "GET", "^/scim/", (), (BOARD,)),
    Site("list teams", TRACKER, "GET", TEAMS, (CREW,), (CREW, team("spark", "Spark"))),
    Site("create a team", TRACKER, "POST", TEAMS, (), (team("spark", "Spark", [member(MARIA)]),), creates=True),
    Site("update a team", TRACKER, "PATCH", TEAM, (team("crew", "Crew"),), (team("crew", "The Crew"),)),
    Site(
        "rename a team",
        TRACKER,
        "PATCH",
        TEAM,
        (team("crew", "Crew"),),
        (team("staff", "Crew", as_="crew", previous_key="crew", allow=["rename"]),),
    ),
    Site("delete a team", TRACKER, "DELETE", TEAM, (team("gone", "Gone", **GONE),), (), removes=True),
    Site("list projects", TRACKER, "GET", "^/api/projects$", (team("gone", "Gone", **GONE),), ()),
    Site(
        "list invitations",
        TRACKER,
        "GET",
        "^/api/org/invitations",
        (),
        (team("spark", "Spark", [member("chen@example.com")]),),
    ),
    Site(
        "list the workload",
        TRACKER,
        "GET",
        "^/api/workload",
        (),
        (team("spark", "Spark", [member("chen@example.com")]),),
    ),
    Site(
        "add a member",
        TRACKER,
        "POST",
        MEMBERS,
        (CREW,),
        (team("crew", "Crew", [member(JANE, primary=True), member(BOB), member(MARIA)]),),
        creates=True,
    ),
    Site(
        "flag a member",
        TRACKER,
        "POST",
        MEMBERS,
        (CREW,),
        (team("crew", "Crew", [member(JANE, primary=False), member(BOB)]),),
    ),
    Site(
        "remove a member",
        TRACKER,
        "DELETE",
        MEMBERS,
        (CREW,),
        (team("crew", "Crew", [member(JANE, primary=True)]),),
        removes=True,
    ),
    Site("list pods", TRACKER, "GET", PODS, (RED,), (RED, BLUE)),
    Site("create a pod", TRACKER, "POST", PODS, (), (pod("red", lead=MARIA),), creates=True),
    Site("change a pod", TRACKER, "PATCH", POD, (RED,), (pod("red", JANE, BOB, lead=BOB, name="The reds"),)),
    Site("delete a pod", TRACKER, "DELETE", POD, (pod("old", **GONE),), (), removes=True),
    Site(
        "move somebody to another pod",
        TRACKER,
        "POST",
        HOMES,
        (RED, BLUE),
        (pod("red", JANE), pod("blue", MARIA, BOB)),
        creates=True,
    ),
    Site("remove somebody from a pod", TRACKER, "DELETE", HOMES, (RED,), (pod("red", JANE),)),
    Site("read a week", TRACKER, "GET", BOOKINGS, (booked(),), (booked(REVIEW),)),
    Site("list job numbers", TRACKER, "GET", "/job-numbers$", (booked(),), (booked(REVIEW),), advisory=True),
    Site("book", TRACKER, "POST", BOOKINGS, (booked(),), (booked(REVIEW),), creates=True),
    Site("unbook", TRACKER, "DELETE", BOOKING, (booked(REVIEW),), (booked(),), removes=True),
    Site("unbook, to book anew", TRACKER, "DELETE", BOOKING, (booked(REVIEW),), (booked(LONGER),), anew=True),
    Site("book anew", TRACKER, "POST", BOOKINGS, (booked(REVIEW),), (booked(LONGER),), creates=True, anew=True),
    Site("archive a project", TRACKER, "PATCH", "^/api/projects/", (SPARK, SHELVED), (SPARK,)),
    Site("list people", PLATFORM, "GET", "^/users$", (), (person("jane", JANE), person("bob", BOB))),
    Site("look a person up", PLATFORM, "GET", USERS, (), (person("jane", JANE),)),
    Site("change a person", PLATFORM, "PUT", USER, (), (person("jane", JANE, firstName="Janet"),)),
    Site("upload a picture", PLATFORM, "POST", PICTURE, (), (person("jane", JANE, avatar=file(JPEG)),)),
    Site("list accounts", CMS, "GET", "^/user/all$", (ANN,), (ANN, account("bob", active=True))),
    Site("create an account", CMS, "POST", USERS, (), (ANN,), creates=True),
    Site("change an account", CMS, "PUT", USER, (ANN,), (LEE,)),
    Site("deactivate an account", CMS, "PUT", USER, (OFF,), ()),
    Site(
        "delete an account", CMS, "DELETE", USER, (account("x", password="keys/first", **GONE),), (), removes=True
    ),
    Site("make a key", CMS, "PUT", KEY, (), (APP,)),
    Site("make another key", CMS, "PUT", KEY, (APP,), (replace(APP, once={"rotateKey": "1"}),)),
    Site("remove a key", CMS, "DELETE", KEY, (APP,), (account("app", password="keys/first", key="absent"),)),
    Site("create what is nested", CMS, "POST", "^/component$", site(nested()), FILMS, creates=True),
    Site("delete what is nested", CMS, "DELETE", "^/component/", LEAF, site(nested()), removes=True),
)
"""The smallest worlds of the platform and the CMS are their seeded ones."""
