"""The fault matrix: every call the program makes, and everything that can go wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.model.document import Document
from reconciler.model.json import JsonObject
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

USUAL = Limits(connect=5, read=10, answer=20, body=256 * KIB, tries=3, throttled_tries=3, backoff=0.01)
IMPATIENT = Limits(connect=5, read=0.4, answer=1, body=256 * KIB, tries=2, throttled_tries=3, backoff=0.01)


@dataclass(frozen=True, slots=True)
class Site:
    """One call of the program, in the smallest world that needs it: what is ours already, and what is wanted.
    `advisory`: where it fails, the plan goes on without what it tells (ST-R78). `anew`: a thing that is to be
    there in the end is taken away first (ST-R81). `answers`: refusals that tell something of live, as 404 that
    there is none. `pages`: whether its answer comes in some. `reading`: whether it changes nothing though it is
    no GET. `untold`: whether it is refused once it has happened and nothing shows that it has, so that it is tried
    and refused, in words, by every run (OC-R146).
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

    @property
    def reads(self) -> bool:
        return self.reading or self.method == "GET"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One fault. `lasting`: at every such call of the first run. `lies`: it shows another world than there is, and
    nothing in the answer gives that away. `refused`: an answer came, and it was no; nothing happened."""

    name: str
    act: str
    lasting: bool = False
    lies: bool = False
    refused: bool = False
    effect: bool | None = None
    status: int = 500
    more: Mapping[str, object] = field(default_factory=dict)
    limits: Limits = USUAL

    def fault(self, site: Site) -> Fault:
        return Fault(
            self.act,
            method=site.method,
            path=site.path,
            times=None if self.lasting else 1,
            effect=self.effect,
            status=self.status,
            **self.more,  # type: ignore[arg-type]
        )


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


def _both(name: str, act: str, **more: object) -> tuple[Trouble, Trouble]:
    once = Trouble(name, act, **more)  # type: ignore[arg-type]
    return once, Trouble(f"{name}, again and again", act, lasting=True, **more)  # type: ignore[arg-type]


TROUBLES = (
    *_both("500 before anything happened", "status", status=500),
    *_both("500 after it happened", "status", status=500, effect=True),
    *_both("502", "status", status=502),
    *_both("503", "status", status=503),
    *_both("504 after it happened", "status", status=504, effect=True),
    *_both("request lost", "drop", effect=False),
    *_both("answer lost", "drop", effect=True),
    *_both("answer cut", "cut"),
    *_both("answer too late", "slow", more={"seconds": 0.8}, limits=IMPATIENT),
    *_both("a sign-in page", "html"),
    *_both("a sign-in page after it happened", "html", effect=True),
    *_both("truncated JSON", "truncated"),
    *_both("text/plain", "wrong_type"),
    *_both("a redirect", "redirect"),
    *_both("a page that repeats", "repeat_page"),
    Trouble("a page cut short", "short_page", lies=True),
    Trouble("pages cut short, always", "short_page", lasting=True, lies=True),
    *_both("a huge answer", "huge", more={"size": 512 * KIB}),
    *_both("a deep answer", "deep"),
    *_both("429 with Retry-After", "throttle", more={"retry_after": "7"}, refused=True),
    *_both("429 without", "throttle", refused=True),
    *_both("429 for ever", "throttle", more={"retry_after": "1000000000"}, refused=True),
    *_both("429 with nonsense", "throttle", more={"retry_after": "soon"}, refused=True),
    *_both("400", "status", status=400, refused=True),
    *_both("401", "status", status=401, refused=True),
    *_both("403", "status", status=403, refused=True),
    *_both("404", "status", status=404, refused=True),
    *_both("409", "status", status=409, refused=True),
    *_both("422", "status", status=422, refused=True),
)
