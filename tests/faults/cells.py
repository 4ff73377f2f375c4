"""The fault matrix: every call the program makes, and everything that can go wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.model.document import Document
from reconciler.twins import Fault
from reconciler.wire.limits import Limits
from tests.faults.estate import BOB, JANE, MARIA, label, member, team
from tests.world import OMNI, TRACKER, doc

GONE = {"on_remove": "delete", "allow": ["delete"]}
KIB = 1024

USUAL = Limits(connect=5, read=10, answer=20, body=256 * KIB, tries=3, throttled_tries=3, backoff=0.01)
IMPATIENT = Limits(connect=5, read=0.4, answer=1, body=256 * KIB, tries=2, throttled_tries=3, backoff=0.01)


@dataclass(frozen=True, slots=True)
class Site:
    """One call of the program, in the smallest world that needs it: what is ours already, and what is wanted.

    `once`: the call happens in planning too, so that one fault of it is retried or survived by reading again.
    """

    name: str
    target: str
    method: str
    path: str
    before: tuple[Document, ...]
    after: tuple[Document, ...]
    creates: bool = False
    removes: bool = False

    @property
    def reads(self) -> bool:
        return self.method == "GET"


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


CREW = team("crew", "Crew", [member(JANE, primary=True), member(BOB)])
SHARED = doc("Folder", "shared", {"path": "Shared"})
OLD = doc("Folder", "old", {"path": "Shared/Old"}, **GONE)
BOARD = doc("Folder", "board", {"path": "Board", "scope": "restricted", "owner": JANE})
ALPHA, BETA = label("alpha", "Alpha"), label("beta", "Beta")
LABELS, LABEL = "^/v1/labels$", "^/v1/labels/"
FOLDERS, FOLDER = r"^/v1/folders(\?|$)", "^/v1/folders/"
TEAMS, TEAM, MEMBERS = "^/api/client-teams$", r"^/api/client-teams/[^/]+$", "/members"

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
)


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
